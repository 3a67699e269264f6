// Package settings is the pages by which a workspace is set up: what its members agree on, who they are, and what programs may do.
//
// Each section is a page of its own. Who may not see a section does not see its tab, and the route says the same.
package settings

import (
	"embed"
	"net/http"
	"strconv"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/server/route"
	"cadastro/internal/web/page"
)

//go:embed templates/*.html
var templates embed.FS

type pages struct {
	*page.Kit
	show *page.Pages
	now  func() time.Time
}

// Routes gives the part of the route table that these pages are.
func Routes(k *page.Kit) ([]route.Route, error) {
	show, err := k.Pages(templates, "templates")
	if err != nil {
		return nil, err
	}
	p := &pages{Kit: k, show: show, now: time.Now}
	t := table{kit: k}
	t.get("/settings", route.Person(), "", p.first)
	for _, add := range []func(*table){p.fieldRoutes, p.tagRoutes, p.groupRoutes, p.memberRoutes, p.teamRoutes, p.tokenRoutes, p.webhookRoutes, p.mappingRoutes,
		p.blockedRoutes, p.workspaceRoutes} {
		add(&t)
	}
	return t.list, nil
}

// table gathers routes. object is what {id} names, "" for none.
type table struct {
	kit  *page.Kit
	list []route.Route
}

func (t *table) get(pattern string, access route.Access, object string, h page.Handler) {
	t.list = append(t.list, route.Route{Method: http.MethodGet, Pattern: pattern, Access: access, Object: object, Handler: t.kit.Handle(h)})
}

func (t *table) post(pattern string, access route.Access, object string, h page.Handler) {
	t.list = append(t.list, route.Route{Method: http.MethodPost, Pattern: pattern, Access: access, Object: object, Handler: t.kit.Handle(h)})
}

// tab is a section of the settings.
type tab struct {
	Path, Icon, Text string
	On               bool
}

// sections are all tabs in their order. key is that of the text, "web.settings.tab.<key>".
var sections = [...]struct {
	key, path, icon string
	needs           auth.Permission
}{
	{"fields", "/settings/fields", "sliders-horizontal", auth.FieldsRead},
	{"tags", "/settings/tags", "tag", auth.TagsManage},
	{"groups", "/settings/groups", "folder", auth.GroupsManage},
	{"members", "/settings/members", "users", auth.MembersRead},
	{"teams", "/settings/teams", "layers", auth.MembersRead},
	{"tokens", "/settings/tokens", "key-round", auth.TokensManage},
	{"webhooks", "/settings/webhooks", "webhook", auth.SettingsRead},
	{"mappings", "/settings/mappings", "columns-3", auth.ImportsRun},
	{"blocked", "/settings/do-not-contact", "bell-off", auth.DoNotContactManage},
	{"workspace", "/settings/workspace", "languages", auth.SettingsRead},
}

// frame is what all pages of the settings have.
type frame struct {
	page.Base
	Tabs []tab
	page *pages
}

func (p *pages) frame(r *http.Request, key string) frame {
	f := frame{Base: p.Base(r, "settings", "web.settings.tab."+key), page: p}
	who, _ := auth.From(r.Context())
	for _, s := range sections {
		if who.May(s.needs) {
			f.Tabs = append(f.Tabs, tab{s.path, s.icon, f.T("web.settings.tab." + s.key), s.key == key})
		}
	}
	return f
}

// Ago tells when something was, as long as it is less than a day ago, else on which day; "" for the zero time.
func (f frame) Ago(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	switch d := f.page.now().Sub(t); {
	case d < 2*time.Minute:
		return f.T("web.settings.ago.now")
	case d < time.Hour:
		return f.T("web.settings.ago.minutes", "count", int(d/time.Minute))
	case d < 24*time.Hour:
		return f.T("web.settings.ago.hours", "count", int(d/time.Hour))
	}
	return f.Day(t)
}

// first leads to the first section that the person may see.
func (p *pages) first(w http.ResponseWriter, r *http.Request) error {
	f := p.frame(r, sections[0].key)
	if len(f.Tabs) == 0 {
		return errs.New(errs.Forbidden, "auth.forbidden", "permission", auth.SettingsRead.String())
	}
	return page.Redirect(w, r, f.Tabs[0].Path)
}

// done leads back to a page, which says once what was done.
func (p *pages) done(w http.ResponseWriter, r *http.Request, to, text string) error {
	page.Flash(w, text)
	return page.Redirect(w, r, to)
}

// id reads a number in the path.
func id(r *http.Request, name string) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || n < 1 {
		return 0, errs.New(errs.NotFound, "web.not_found")
	}
	return n, nil
}

// ids reads the numbers that were ticked in a form.
func ids[T ~int64](r *http.Request, name string) []T {
	var list []T
	for _, v := range r.PostForm[name] {
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && n > 0 {
			list = append(list, T(n))
		}
	}
	return list
}

// sent tells whether a form was sent with a field of that name.
func sent(r *http.Request, name string) bool {
	_ = r.PostFormValue(name) // reads the form
	_, there := r.PostForm[name]
	return there
}

func workspaceOf(r *http.Request) int64 {
	who, _ := auth.From(r.Context())
	return who.Workspace
}
