package settings

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/server/route"
	"cadastro/internal/web/page"
)

func (p *pages) blockedRoutes(t *table) {
	manage := route.Needs(auth.DoNotContactManage)
	t.get("/settings/do-not-contact", manage, "", p.blocked)
	t.post("/settings/do-not-contact", manage, "", p.blockedAdd)
	t.post("/settings/do-not-contact/remove", manage, "", p.blockedRemove)
}

const (
	blockedShown  = 50
	blockedFaults = 20 // how many faulty lines are told one by one
)

type blockedData struct {
	frame
	List   []contact.BlockedAddress
	Search string
	More   string // address of the next page, "" for none
	Texts  string
	Reason string
	Result *contact.BlockResult
	Wrong  []wrongLine
	Beyond int // faulty lines that are not told
	Adding bool
}

// Shown gives an address as people write it.
func (d blockedData) Shown(b contact.BlockedAddress) string {
	if b.Kind == contact.Phone {
		return page.PhoneText(b.Key)
	}
	return b.Key
}

type wrongLine struct {
	Line int
	Text string
	Why  string
}

func (p *pages) blockedData(r *http.Request) (d blockedData, err error) {
	d.frame = p.frame(r, "blocked")
	q := r.URL.Query()
	d.Search, d.Adding = strings.TrimSpace(q.Get("q")), q.Get("add") != ""
	after := contact.Key{Kind: contact.Kind(q.Get("kind")), Text: q.Get("after")}
	d.List, err = p.App.Contacts.DoNotContact(r.Context(), workspaceOf(r), d.Search, after, blockedShown+1)
	if len(d.List) > blockedShown {
		d.List = d.List[:blockedShown]
		last := d.List[blockedShown-1]
		d.More = "/settings/do-not-contact?" + url.Values{"q": {d.Search}, "kind": {string(last.Kind)}, "after": {last.Key}}.Encode()
	}
	return d, err
}

func (p *pages) blocked(w http.ResponseWriter, r *http.Request) error {
	d, err := p.blockedData(r)
	if err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "blocked.html", d)
}

// blockedAdd answers with the list and what came of each line; lines that could not be read stay in the form to be mended.
func (p *pages) blockedAdd(w http.ResponseWriter, r *http.Request) error {
	texts := strings.Split(strings.ReplaceAll(r.PostFormValue("texts"), "\r\n", "\n"), "\n")
	res, err := p.App.Contacts.AddDoNotContact(r.Context(), workspaceOf(r), texts, r.PostFormValue("reason"))
	if errs.KindOf(err) == errs.TooLarge && err != nil {
		d, other := p.blockedData(r)
		if other != nil {
			return other
		}
		if err := d.Faults.Add(d.Text, "texts", err); err != nil {
			return err
		}
		return p.show.Show(w, r, http.StatusRequestEntityTooLarge, "blocked.html", d)
	}
	if err != nil {
		return err
	}
	d, err := p.blockedData(r)
	if err != nil {
		return err
	}
	d.Result, d.Reason = res, r.PostFormValue("reason")
	var left []string
	for i, issues := range res.Faults {
		why := ""
		if len(issues) > 0 {
			why = d.Base.Text.Issue(issues[0])
		}
		d.Wrong = append(d.Wrong, wrongLine{Line: i + 1, Text: errs.Clip(strings.TrimSpace(texts[i]), 80), Why: why})
	}
	slices.SortFunc(d.Wrong, func(a, b wrongLine) int { return cmp.Compare(a.Line, b.Line) })
	for _, l := range d.Wrong {
		left = append(left, texts[l.Line-1])
	}
	d.Texts = strings.Join(left, "\n")
	if len(d.Wrong) > blockedFaults {
		d.Wrong, d.Beyond = d.Wrong[:blockedFaults], len(d.Wrong)-blockedFaults
	}
	return p.show.Show(w, r, http.StatusOK, "blocked.html", d)
}

func (p *pages) blockedRemove(w http.ResponseWriter, r *http.Request) error {
	kind, key, _ := strings.Cut(r.PostFormValue("key"), " ")
	n, err := p.App.Contacts.RemoveDoNotContact(r.Context(), workspaceOf(r), []contact.Key{{Kind: contact.Kind(kind), Text: key}})
	if err != nil {
		return err
	}
	f := p.frame(r, "blocked")
	said := f.T("web.settings.blocked.removed")
	if n == 0 {
		said = f.T("web.settings.blocked.gone")
	}
	return p.done(w, r, "/settings/do-not-contact", said)
}
