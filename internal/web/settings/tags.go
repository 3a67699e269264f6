package settings

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/server/route"
	"cadastro/internal/web/page"
)

func (p *pages) tagRoutes(t *table) {
	manage := route.Needs(auth.TagsManage)
	t.get("/settings/tags", manage, "", p.tags)
	t.post("/settings/tags", manage, "", p.tagAdd)
	t.get("/settings/tags/{id}", manage, "tag", p.tag)
	t.post("/settings/tags/{id}", manage, "tag", p.tagSet)
	t.post("/settings/tags/{id}/merge", manage, "tag", p.tagMerge)
	t.post("/settings/tags/{id}/delete", manage, "tag", p.tagDelete)
}

// tagColours is how many colours tags have; their numbers are those of the style sheet.
const tagColours = 6

type tagsData struct {
	frame
	List    []contact.Labelled
	Name    string
	Colours []page.Option
}

// Tally writes a number of contacts.
func (f frame) Tally(t contact.Tally) string {
	n := f.Base.Text.Number(t.N)
	if t.More {
		return f.T("web.settings.more_than", "number", n)
	}
	return n
}

// Door gives the address of the contacts that carry a tag or are in a group.
func (f frame) Door(field, name string) string {
	return "/contacts?filter=" + url.QueryEscape(field+`:"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name)+`"`)
}

func (p *pages) tagsData(r *http.Request) (d tagsData, err error) {
	d.frame = p.frame(r, "tags")
	d.Colours = colours(&d.Base, r.PostFormValue("color"))
	d.List, err = p.App.Contacts.Tags(r.Context(), workspaceOf(r))
	return d, err
}

func colours(b *page.Base, chosen string) []page.Option {
	list := []page.Option{{Value: "", Text: b.T("web.settings.tag.no_colour"), On: chosen == ""}}
	for n := 1; n <= tagColours; n++ {
		v := strconv.Itoa(n)
		list = append(list, page.Option{Value: v, Text: b.T("web.settings.tag.colour", "number", v), On: v == chosen})
	}
	return list
}

func (p *pages) tags(w http.ResponseWriter, r *http.Request) error {
	d, err := p.tagsData(r)
	if err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "tags.html", d)
}

func (p *pages) tagAdd(w http.ResponseWriter, r *http.Request) error {
	name := r.PostFormValue("name")
	_, err := p.App.Contacts.AddTag(r.Context(), workspaceOf(r), name, r.PostFormValue("color"))
	if err == nil {
		return p.done(w, r, "/settings/tags", p.frame(r, "tags").T("web.settings.tag.made", "name", name))
	}
	d, other := p.tagsData(r)
	if other != nil {
		return other
	}
	d.Name = name
	if err := d.Faults.Add(d.Text, "name", err); err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusUnprocessableEntity, "tags.html", d)
}

type tagData struct {
	frame
	One     contact.Labelled
	Name    string
	Colours []page.Option
	Others  []page.Option
}

func (p *pages) tagData(r *http.Request) (d tagData, err error) {
	n, err := id(r, "id")
	if err != nil {
		return d, err
	}
	list, err := p.App.Contacts.Tags(r.Context(), workspaceOf(r))
	if err != nil {
		return d, err
	}
	i := slices.IndexFunc(list, func(t contact.Labelled) bool { return t.ID == n })
	if i < 0 {
		return d, errs.New(errs.NotFound, "web.not_found")
	}
	d.frame, d.One, d.Name = p.frame(r, "tags"), list[i], list[i].Name
	color := d.One.Color
	if sent(r, "name") {
		d.Name, color = r.PostFormValue("name"), r.PostFormValue("color")
	}
	d.Colours = colours(&d.Base, color)
	for _, t := range list {
		if t.ID != n {
			d.Others = append(d.Others, page.Option{Value: text(t.ID), Text: t.Name})
		}
	}
	return d, nil
}

func (p *pages) tag(w http.ResponseWriter, r *http.Request) error {
	d, err := p.tagData(r)
	if err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusOK, "tag.html", d)
}

// tagAct does something to the tag that the path names and leads back to the list, or shows the tag again with what was wrong.
func (p *pages) tagAct(w http.ResponseWriter, r *http.Request, field string, act func(d *tagData) (said string, err error)) error {
	d, err := p.tagData(r)
	if err != nil {
		return err
	}
	said, err := act(&d)
	if err == nil {
		return p.done(w, r, "/settings/tags", said)
	}
	if err := d.Faults.Add(d.Text, field, err); err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusUnprocessableEntity, "tag.html", d)
}

func (p *pages) tagSet(w http.ResponseWriter, r *http.Request) error {
	return p.tagAct(w, r, "name", func(d *tagData) (string, error) {
		return d.T("web.settings.tag.saved", "name", d.Name), p.App.Contacts.SetTag(r.Context(), workspaceOf(r), d.One.ID, d.Name, r.PostFormValue("color"))
	})
}

func (p *pages) tagMerge(w http.ResponseWriter, r *http.Request) error {
	return p.tagAct(w, r, "into", func(d *tagData) (string, error) {
		into, err := strconv.ParseInt(r.PostFormValue("into"), 10, 64)
		i := slices.IndexFunc(d.Others, func(o page.Option) bool { return o.Value == r.PostFormValue("into") })
		if err != nil || i < 0 {
			return "", errs.New(errs.NotFound, "web.not_found")
		}
		return d.T("web.settings.tag.merged", "name", d.One.Name, "into", d.Others[i].Text), p.App.Contacts.MergeTags(r.Context(), workspaceOf(r), d.One.ID, into)
	})
}

func (p *pages) tagDelete(w http.ResponseWriter, r *http.Request) error {
	return p.tagAct(w, r, "", func(d *tagData) (string, error) {
		return d.T("web.settings.tag.deleted", "name", d.One.Name), p.App.Contacts.DeleteTag(r.Context(), workspaceOf(r), d.One.ID)
	})
}
