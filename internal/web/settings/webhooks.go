package settings

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/notify/webhook"
	"cadastro/internal/server/route"
	"cadastro/internal/web/page"
)

// deliveriesShown is how many deliveries stand on a page.
const deliveriesShown = 25

func (p *pages) webhookRoutes(t *table) {
	read, manage := route.Needs(auth.SettingsRead), route.Needs(auth.SettingsManage)
	t.get("/settings/webhooks", read, "", p.webhooks)
	t.post("/settings/webhooks", manage, "", p.webhookAdd)
	t.get("/settings/webhooks/new", manage, "", p.webhookNew)
	t.get("/settings/webhooks/{id}", read, "webhook", p.webhook)
	t.post("/settings/webhooks/{id}", manage, "webhook", p.webhookChange)
	t.post("/settings/webhooks/{id}/rotate", manage, "webhook", p.webhookRotate)
	t.post("/settings/webhooks/{id}/test", manage, "webhook", p.webhookTest)
	t.post("/settings/webhooks/{id}/remove", manage, "webhook", p.webhookRemove)
	t.get("/settings/webhooks/{id}/deliveries/{delivery}", read, "webhook", p.delivery)
	t.post("/settings/webhooks/{id}/deliveries/{delivery}/resend", manage, "webhook", p.deliveryResend)
}

type webhooksData struct {
	frame
	List []*webhook.Endpoint
}

func (p *pages) webhooks(w http.ResponseWriter, r *http.Request) error {
	list, err := p.App.Notify.Webhooks.List(r.Context(), workspaceOf(r))
	if err != nil {
		return err
	}
	d := webhooksData{p.frame(r, "webhooks"), list}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "webhooks.html", d)
}

// EventNames gives the events that an endpoint is told of, in the reader's words.
func (d webhooksData) EventNames(e *webhook.Endpoint) string {
	if len(e.Events) == 0 {
		return d.T("web.settings.webhook.all_events")
	}
	var list []string
	for _, ev := range e.Events {
		list = append(list, d.T("web.settings.event."+ev))
	}
	return d.Text.List(list)
}

type webhookData struct {
	frame
	Endpoint *webhook.Endpoint // nil for a new one
	URL      string
	Events   []page.Option
	Enabled  bool
	Secret   string // shown this once
	Log      []deliveryRow
	Older    string // address of the page of older deliveries, "" for none
}

type deliveryRow struct {
	*webhook.Delivery
	Event string // in words
}

func (p *pages) webhookForm(r *http.Request, e *webhook.Endpoint) webhookData {
	d := webhookData{frame: p.frame(r, "webhooks"), Endpoint: e, Enabled: true}
	var chosen []string
	if e != nil {
		d.URL, d.Enabled, chosen = e.URL, e.Enabled, e.Events
	}
	if sent(r, "url") {
		d.URL, chosen, d.Enabled = r.PostFormValue("url"), r.PostForm["event"], r.PostFormValue("enabled") != ""
	}
	for _, ev := range webhook.Events() {
		d.Events = append(d.Events, page.Option{Value: ev, Text: d.T("web.settings.event." + ev), On: slices.Contains(chosen, ev)})
	}
	return d
}

func (p *pages) webhookNew(w http.ResponseWriter, r *http.Request) error {
	return p.show.Show(w, r, http.StatusOK, "webhook_new.html", p.webhookForm(r, nil))
}

// webhookAdd answers with the page of the new endpoint and its secret: it is in no address, and is not shown again.
func (p *pages) webhookAdd(w http.ResponseWriter, r *http.Request) error {
	url := r.PostFormValue("url")
	e, secret, err := p.App.Notify.Webhooks.Add(r.Context(), workspaceOf(r), url, r.PostForm["event"])
	if err != nil {
		return p.webhookFaulty(w, r, nil, "webhook_new.html", err)
	}
	return p.webhookShown(w, r, e, secret)
}

// webhookFaulty shows a form again with what was wrong.
func (p *pages) webhookFaulty(w http.ResponseWriter, r *http.Request, e *webhook.Endpoint, name string, wrong error) error {
	d := p.webhookForm(r, e)
	if err := d.Faults.Add(d.Text, "url", wrong); err != nil {
		return err
	}
	if e != nil {
		if err := p.fillLog(r, &d); err != nil {
			return err
		}
	}
	return p.show.Show(w, r, http.StatusUnprocessableEntity, name, d)
}

func (p *pages) webhookShown(w http.ResponseWriter, r *http.Request, e *webhook.Endpoint, secret string) error {
	d := p.webhookForm(r, e)
	d.Secret = secret
	if err := p.fillLog(r, &d); err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "webhook.html", d)
}

func (p *pages) fillLog(r *http.Request, d *webhookData) error {
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64) // 0 is the newest
	list, err := p.App.Notify.Webhooks.Deliveries(r.Context(), workspaceOf(r), d.Endpoint.ID, webhook.DeliveryID(before), deliveriesShown+1)
	if err != nil {
		return err
	}
	if len(list) > deliveriesShown {
		list = list[:deliveriesShown]
		d.Older = "/settings/webhooks/" + text(int64(d.Endpoint.ID)) + "?before=" + text(int64(list[len(list)-1].ID)) + "#log"
	}
	for _, one := range list {
		d.Log = append(d.Log, deliveryRow{one, d.T("web.settings.event." + one.Event)})
	}
	return nil
}

// endpoint gives the endpoint that the path names.
func (p *pages) endpoint(r *http.Request) (*webhook.Endpoint, error) {
	n, err := id(r, "id")
	if err != nil {
		return nil, err
	}
	list, err := p.App.Notify.Webhooks.List(r.Context(), workspaceOf(r))
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if e.ID == webhook.ID(n) {
			return e, nil
		}
	}
	return nil, errs.New(errs.NotFound, "webhook.not_found")
}

func (p *pages) webhook(w http.ResponseWriter, r *http.Request) error {
	e, err := p.endpoint(r)
	if err != nil {
		return err
	}
	return p.webhookShown(w, r, e, "")
}

func (p *pages) webhookChange(w http.ResponseWriter, r *http.Request) error {
	e, err := p.endpoint(r)
	if err != nil {
		return err
	}
	url := r.PostFormValue("url")
	if err := p.App.Notify.Webhooks.Change(r.Context(), workspaceOf(r), e.ID, url, r.PostForm["event"], r.PostFormValue("enabled") != ""); err != nil {
		return p.webhookFaulty(w, r, e, "webhook.html", err)
	}
	return p.done(w, r, "/settings/webhooks/"+text(int64(e.ID)), p.frame(r, "webhooks").T("web.settings.webhook.saved"))
}

func (p *pages) webhookRotate(w http.ResponseWriter, r *http.Request) error {
	e, err := p.endpoint(r)
	if err != nil {
		return err
	}
	secret, err := p.App.Notify.Webhooks.Rotate(r.Context(), workspaceOf(r), e.ID)
	if err != nil {
		return err
	}
	if e, err = p.endpoint(r); err != nil {
		return err
	}
	return p.webhookShown(w, r, e, secret)
}

// webhookAct does something with the endpoint that the path names, and leads on with a word of what was done.
func (p *pages) webhookAct(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, workspace int64, e *webhook.Endpoint) error, to func(*webhook.Endpoint) string, said string) error {
	e, err := p.endpoint(r)
	if err == nil {
		err = act(r.Context(), workspaceOf(r), e)
	}
	if err != nil {
		return err
	}
	p.App.Jobs.Wake()
	return p.done(w, r, to(e), said)
}

func (p *pages) webhookTest(w http.ResponseWriter, r *http.Request) error {
	return p.webhookAct(w, r, func(ctx context.Context, workspace int64, e *webhook.Endpoint) error {
		_, err := p.App.Notify.Webhooks.Try(ctx, workspace, e.ID)
		return err
	}, pageOf, p.frame(r, "webhooks").T("web.settings.webhook.tested"))
}

func (p *pages) webhookRemove(w http.ResponseWriter, r *http.Request) error {
	return p.webhookAct(w, r, func(ctx context.Context, workspace int64, e *webhook.Endpoint) error {
		return p.App.Notify.Webhooks.Remove(ctx, workspace, e.ID)
	}, func(*webhook.Endpoint) string { return "/settings/webhooks" }, p.frame(r, "webhooks").T("web.settings.webhook.removed"))
}

func pageOf(e *webhook.Endpoint) string { return "/settings/webhooks/" + text(int64(e.ID)) }

type deliveryData struct {
	frame
	Endpoint *webhook.Endpoint
	One      deliveryRow
	Attempts []attemptRow
}

type attemptRow struct {
	webhook.Attempt
	Outcome string
	Good    bool
}

func (p *pages) delivery(w http.ResponseWriter, r *http.Request) error {
	e, one, err := p.deliveryOf(r)
	if err != nil {
		return err
	}
	d := deliveryData{frame: p.frame(r, "webhooks"), Endpoint: e}
	d.One = deliveryRow{one, d.T("web.settings.event." + one.Event)}
	list, err := p.App.Notify.Webhooks.Attempts(r.Context(), workspaceOf(r), one.ID)
	if err != nil {
		return err
	}
	for _, a := range list {
		row := attemptRow{Attempt: a, Good: a.Status >= 200 && a.Status < 300}
		switch {
		case a.Status != 0:
			row.Outcome = strconv.Itoa(a.Status)
		case a.Code != "":
			row.Outcome = d.T("web.settings.attempt." + attemptWord(a.Code))
		}
		d.Attempts = append(d.Attempts, row)
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "delivery.html", d)
}

// attemptWord sorts the codes of attempts that got no answer by what there is to do about them.
func attemptWord(code string) string {
	switch code {
	case "url.private", "url.port", "url.scheme", "url.host", "url.userinfo", "url.redirects":
		return "address"
	case "webhook.secret":
		return "secret"
	}
	return "unreachable"
}

// deliveryOf gives the delivery that the path names, of the endpoint that it names.
func (p *pages) deliveryOf(r *http.Request) (*webhook.Endpoint, *webhook.Delivery, error) {
	e, err := p.endpoint(r)
	if err != nil {
		return nil, nil, err
	}
	n, err := id(r, "delivery")
	if err != nil {
		return nil, nil, err
	}
	list, err := p.App.Notify.Webhooks.Deliveries(r.Context(), workspaceOf(r), e.ID, webhook.DeliveryID(n+1), 1)
	if err != nil {
		return nil, nil, err
	}
	if len(list) == 0 || list[0].ID != webhook.DeliveryID(n) {
		return nil, nil, errs.New(errs.NotFound, "webhook.delivery_not_found")
	}
	return e, list[0], nil
}

func (p *pages) deliveryResend(w http.ResponseWriter, r *http.Request) error {
	e, one, err := p.deliveryOf(r)
	if err != nil {
		return err
	}
	if err := p.App.Notify.Webhooks.Resend(r.Context(), workspaceOf(r), one.ID); err != nil {
		return err
	}
	p.App.Jobs.Wake()
	return p.done(w, r, pageOf(e)+"/deliveries/"+text(int64(one.ID)), p.frame(r, "webhooks").T("web.settings.webhook.resent"))
}
