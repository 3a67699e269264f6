package settings

import (
	"html/template"
	"strconv"

	"cadastro/internal/auth"
	"cadastro/internal/notify/webhook"
	"cadastro/internal/web/page"
)

// Initials gives what stands for a member's picture.
func (f frame) Initials(name string) string { return page.Initials(name) }

// Colour gives the number of the colour of a member's initials, always the same for one member.
func (f frame) Colour(id auth.MemberID) string { return strconv.FormatInt(int64(id)%6+1, 10) }

// Tick draws a yes or a no in a table.
func (f frame) Tick(yes bool) template.HTML {
	if yes {
		return f.Icon("check", "s") + template.HTML(`<span class="sr">`+template.HTMLEscapeString(f.T("web.settings.yes"))+`</span>`)
	}
	return template.HTML(`<span class="faint" aria-hidden="true">–</span><span class="sr">` + template.HTMLEscapeString(f.T("web.settings.no")) + `</span>`)
}

// state is a word with its colour and icon.
type state struct {
	Class, Text string
	Icon        template.HTML
}

// EndpointState tells how an endpoint stands.
func (f frame) EndpointState(e *webhook.Endpoint) state {
	switch {
	case !e.Enabled && e.DisabledWhy != "" && e.DisabledWhy != "person":
		return state{"err", f.T("web.settings.webhook.off_" + e.DisabledWhy), f.Icon("circle-x")}
	case !e.Enabled:
		return state{"", f.T("web.settings.off"), f.Icon("pause")}
	case e.Failing > 0:
		return state{"warn", f.T("web.settings.webhook.failing", "count", e.Failing), f.Icon("triangle-alert")}
	}
	return state{"new", f.T("web.settings.on"), f.Icon("circle-check")}
}

// DeliveryState tells how a delivery stands.
func (f frame) DeliveryState(d *webhook.Delivery) state {
	switch d.State {
	case "delivered":
		return state{"new", f.T("web.settings.webhook.state_delivered"), f.Icon("check")}
	case "failed":
		return state{"err", f.T("web.settings.webhook.state_failed"), f.Icon("x")}
	}
	return state{"warn", f.T("web.settings.webhook.state_waiting"), f.Icon("clock")}
}
