package settings

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/i18n"
	"cadastro/internal/server/route"
	"cadastro/internal/web/page"
	"cadastro/internal/workspace"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

func (p *pages) workspaceRoutes(t *table) {
	t.get("/settings/workspace", route.Needs(auth.SettingsRead), "", p.workspace)
	t.post("/settings/workspace", route.Needs(auth.SettingsManage), "", p.workspacePost)
}

type workspaceData struct {
	frame
	Set                           workspace.Settings
	Country, Language, DateOrder  []page.Option
	Zones                         []string
	Results, Exports, Undo, InBin string // days, as they stand in the form
}

func (p *pages) workspace(w http.ResponseWriter, r *http.Request) error {
	set, err := p.App.Workspaces.Get(r.Context(), workspaceOf(r))
	if err != nil {
		return err
	}
	d := p.workspaceData(r, set)
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "workspace.html", d)
}

func (p *pages) workspacePost(w http.ResponseWriter, r *http.Request) error {
	day := func(name string) int {
		n, _ := strconv.Atoi(strings.TrimSpace(r.PostFormValue(name))) // what is no number is refused as 0
		return n
	}
	to := workspace.Settings{Name: r.PostFormValue("name"), Country: r.PostFormValue("country"), Language: r.PostFormValue("language"),
		TimeZone: strings.TrimSpace(r.PostFormValue("time_zone")), DateOrder: r.PostFormValue("date_order"), AskBasis: r.PostFormValue("ask_basis") != "",
		GroupRequired: r.PostFormValue("group_required") != "",
		Keep:          workspace.Keep{Results: day("keep_results"), Exports: day("keep_exports"), Undo: day("keep_undo"), Bin: day("keep_bin")}}
	err := p.App.Workspaces.Set(r.Context(), workspaceOf(r), to)
	if err == nil {
		return p.done(w, r, "/settings/workspace", p.frame(r, "workspace").T("web.settings.saved"))
	}
	d := p.workspaceData(r, to)
	d.Results, d.Exports, d.Undo, d.InBin = r.PostFormValue("keep_results"), r.PostFormValue("keep_exports"), r.PostFormValue("keep_undo"), r.PostFormValue("keep_bin")
	if err := addFieldErrors(&d.Base, err); err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusUnprocessableEntity, "workspace.html", d)
}

// addFieldErrors puts what is wrong with settings beside their fields; an error of another kind comes back.
func addFieldErrors(b *page.Base, err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	for _, e := range joined.Unwrap() {
		f, ok := errors.AsType[*workspace.FieldError](e)
		if !ok {
			return err
		}
		if other := b.Faults.Add(b.Text, f.Field, f.Err); other != nil {
			return other
		}
	}
	return nil
}

func (p *pages) workspaceData(r *http.Request, set workspace.Settings) workspaceData {
	d := workspaceData{frame: p.frame(r, "workspace"), Set: set, Zones: page.Zones(),
		Results: strconv.Itoa(set.Keep.Results), Exports: strconv.Itoa(set.Keep.Exports), Undo: strconv.Itoa(set.Keep.Undo), InBin: strconv.Itoa(set.Keep.Bin)}
	d.Country = countries(d.Lang, set.Country)
	for _, l := range i18n.Langs() {
		d.Language = append(d.Language, page.Option{Value: string(l), Text: l.Name(), On: string(l) == set.Language})
	}
	for _, o := range []struct{ value, key string }{{"", "auto"}, {workspace.DayFirst, "dmy"}, {workspace.MonthFirst, "mdy"}, {workspace.YearFirst, "ymd"}} {
		d.DateOrder = append(d.DateOrder, page.Option{Value: o.value, Text: d.T("web.settings.workspace.dates_" + o.key), On: o.value == set.DateOrder})
	}
	return d
}

// offered are the countries that the form offers; the one that is set is there besides.
const offered = "AR BO BR CL CO CR CU DO EC SV GT HN MX NI PA PY PE PR UY VE US CA PT ES AO MZ CV GQ GB FR DE IT"

// countries are the choices of a country in the reader's words and order.
func countries(lang i18n.Lang, chosen string) []page.Option {
	tag := language.Make(string(lang))
	names := display.Regions(tag)
	codes := strings.Fields(offered)
	if !slices.Contains(codes, chosen) && len(chosen) == 2 {
		codes = append(codes, chosen)
	}
	var list []page.Option
	for _, c := range codes {
		region, err := language.ParseRegion(c)
		if err != nil {
			continue
		}
		list = append(list, page.Option{Value: c, Text: names.Name(region), On: c == chosen})
	}
	by := collate.New(tag)
	slices.SortFunc(list, func(a, b page.Option) int { return by.CompareString(a.Text, b.Text) })
	return list
}
