package contacts

import (
	"errors"
	"net/http"
	"strconv"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/dedupe"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
	"cadastro/internal/web/page"
)

// events is how many acts of the history are shown at once.
const events = 30

type personData struct {
	page.Base
	ID       contact.ID // 0 for one that is being added
	Version  int64
	Deleted  bool
	Name     string
	Company  string
	Picture  string
	Shade    int
	Main     []fieldRow
	Channels []channelRow
	Address  []fieldRow
	Custom   []fieldRow
	Tags     []mark
	TagNames []string // to choose from
	Groups   []mark
	Others   []contact.Labelled // groups that it is not in
	NewTags  string
	Blocked  bool
	Basis    []basisRow
	Events   []eventRow
	Older    string // address of older events
	Merges   []dedupe.Merged
	Conflict []conflictRow
	Read     bool // may be looked at and not changed
}

type conflictRow struct{ Label, Now string }

type mark struct {
	Name  string
	Value string
	Color int
	On    bool
}

type basisRow struct{ Channel, Basis, Source, Day string }

// person shows one contact.
func (p *pages) person(w http.ResponseWriter, r *http.Request) error {
	id, err := contactID(r)
	if err != nil {
		return err
	}
	c, err := p.App.Contacts.Get(r.Context(), workspace(r), id)
	if err != nil {
		return err
	}
	d := personData{Base: p.Base(r, "contacts", "web.nav.contacts")}
	if err := p.fill(r, &d, c, nil); err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "person.html", d)
}

// blank is the form of a new contact.
func (p *pages) blank(w http.ResponseWriter, r *http.Request) error {
	d := personData{Base: p.Base(r, "contacts", "web.contacts.add_one")}
	if err := p.fill(r, &d, new(contact.Contact), nil); err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusOK, "person.html", d)
}

// add makes a contact.
func (p *pages) add(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errs.Wrap(err, errs.Invalid, "web.form")
	}
	in := inputOf(r.PostForm)
	c, err := p.App.Contacts.Add(r.Context(), workspace(r), in)
	if err == nil {
		b := p.Base(r, "contacts", "web.contacts.add_one")
		page.Flash(w, b.T("web.contacts.added"))
		return page.Redirect(w, r, personURL(c.ID))
	}
	d := personData{Base: p.Base(r, "contacts", "web.contacts.add_one")}
	if err := d.faults(err); err != nil {
		return err
	}
	if err := p.fill(r, &d, new(contact.Contact), r.PostForm); err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusUnprocessableEntity, "person.html", d)
}

// save changes a contact. Where somebody else changed it meanwhile, both values are shown and what was typed stays.
func (p *pages) save(w http.ResponseWriter, r *http.Request) error {
	id, err := contactID(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return errs.Wrap(err, errs.Invalid, "web.form")
	}
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64) // 0 is no version, and a conflict
	_, err = p.App.Contacts.Save(r.Context(), workspace(r), id, version, inputOf(r.PostForm))
	d := personData{Base: p.Base(r, "contacts", "web.nav.contacts")}
	if err == nil {
		page.Flash(w, d.T("web.contacts.saved"))
		return page.Redirect(w, r, personURL(id))
	}
	status := http.StatusUnprocessableEntity
	changed, conflict := errors.AsType[*contact.Changed](err)
	if conflict {
		status = http.StatusConflict
	} else if err := d.faults(err); err != nil {
		return err
	}
	c, err := p.App.Contacts.Get(r.Context(), workspace(r), id)
	if err != nil {
		return err
	}
	if err := p.fill(r, &d, c, r.PostForm); err != nil {
		return err
	}
	if conflict {
		cat, err := p.App.Contacts.Catalogue(r.Context(), workspace(r))
		if err != nil {
			return err
		}
		for _, f := range changed.Fields {
			d.Conflict = append(d.Conflict, conflictRow{d.FieldName(cat, f), d.ValueText(cat, f, c.Text(f))})
		}
		if len(d.Conflict) == 0 {
			d.Conflict = []conflictRow{{d.T("web.contacts.conflict_unknown"), ""}}
		}
	} else {
		d.Version = version // what was seen is still what counts
	}
	return p.show.Show(w, r, status, "person.html", d)
}

// faults puts what is wrong with an input beside its fields; any other error comes back.
func (d *personData) faults(err error) error {
	list := contact.FaultsOf(err)
	if list == nil {
		return d.Faults.Add(d.Base.Text, "", err)
	}
	for _, is := range list {
		d.Faults = append(d.Faults, page.Fault{Field: controlID(is.Field), Text: d.Base.Text.Issue(is)})
	}
	return nil
}

func (p *pages) remove(w http.ResponseWriter, r *http.Request) error {
	id, err := contactID(r)
	if err != nil {
		return err
	}
	who, _ := auth.From(r.Context())
	if _, err := p.App.Contacts.Get(r.Context(), workspace(r), id); err != nil { // one that is not seen is none
		return err
	}
	if _, err := p.App.Contacts.Delete(r.Context(), workspace(r), who.String(), []contact.ID{id}); err != nil {
		return err
	}
	b := p.Base(r, "contacts", "web.nav.contacts")
	page.Flash(w, b.T("web.contacts.done.delete", "count", 1))
	return page.Redirect(w, r, personURL(id))
}

func (p *pages) restore(w http.ResponseWriter, r *http.Request) error {
	id, err := contactID(r)
	if err != nil {
		return err
	}
	n, err := p.App.Contacts.Restore(r.Context(), workspace(r), []contact.ID{id})
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.NotFound, "contact.not_found", "id", int64(id))
	}
	b := p.Base(r, "contacts", "web.nav.contacts")
	page.Flash(w, b.T("web.contacts.done.restore", "count", n))
	return page.Redirect(w, r, personURL(id))
}

// check tells what a text comes to while it is typed.
func (p *pages) check(w http.ResponseWriter, r *http.Request) error {
	d := struct {
		page.Base
		contact.Checked
		Fault   string
		Display string
		Holders []contact.ID
	}{Base: p.Base(r, "contacts", "web.nav.contacts")}
	key, text := r.FormValue("key"), r.FormValue("text")
	if text != "" {
		c, err := p.App.Contacts.Check(r.Context(), workspace(r), key, text)
		if err != nil {
			return err
		}
		for _, is := range c.Issues {
			if is.Severity == errs.Reject {
				d.Fault = d.Base.Text.Issue(is)
				break
			}
		}
		self, _ := strconv.ParseInt(r.FormValue("self"), 10, 64) // 0 for a new one
		for _, h := range c.Holders {
			if int64(h) != self {
				d.Holders = append(d.Holders, h)
			}
		}
		if d.Fault == "" && (key == string(contact.Phone)) {
			d.Display = page.PhoneText(c.Value)
		}
	}
	return p.show.Fragment(w, r, http.StatusOK, "person.html", "check", d)
}

func contactID(r *http.Request) (contact.ID, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, errs.New(errs.NotFound, "contact.not_found", "id", int64(0))
	}
	return contact.ID(id), nil
}

func personURL(id contact.ID) string { return "/contacts/" + strconv.FormatInt(int64(id), 10) }

// history gives the acts of a contact for the page.
func (p *pages) history(r *http.Request, d *personData, cat *contact.Catalogue) error {
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64) // 0 is the newest
	list, more, err := p.App.Contacts.History(r.Context(), workspace(r), d.ID, journal.SetID(before), events)
	if err != nil {
		return err
	}
	for _, e := range list {
		d.Events = append(d.Events, d.event(cat, &e))
	}
	if more && len(list) > 0 {
		d.Older = personURL(d.ID) + "?before=" + strconv.FormatInt(int64(list[len(list)-1].Set), 10) + "#history"
	}
	if d.May(auth.ContactsMerge.String()) {
		merges, err := p.App.Dedupe.MergesOf(r.Context(), workspace(r), d.ID)
		if err != nil {
			return err
		}
		for _, m := range merges {
			if !m.Undone {
				d.Merges = append(d.Merges, m)
			}
		}
	}
	return nil
}
