package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/journal"
)

const tagContacts = "Contacts"

// contacts registers what is done with single contacts.
func (a *API) contacts() {
	add(a, op{id: "list-contacts", method: http.MethodGet, path: "/contacts", tag: tagContacts, may: auth.ContactsRead, summary: "List contacts",
		text: "Those that the caller may see. `search` looks for parts of names, phones, e-mails, documents and codes; `filter` is the filter language: " +
			"`tag:vip and (city:\"São Paulo\" or not has:email) and updated>2026-01-01`."}, a.listContacts)
	add(a, op{id: "count-contacts", method: http.MethodGet, path: "/contacts/count", tag: tagContacts, may: auth.ContactsRead, summary: "Count contacts"}, a.countContacts)
	add(a, op{id: "create-contact", method: http.MethodPost, path: "/contacts", tag: tagContacts, may: auth.ContactsWrite, status: http.StatusCreated, once: true,
		summary: "Create a contact"}, a.createContact)
	add(a, op{id: "get-contact", method: http.MethodGet, path: "/contacts/{id}", tag: tagContacts, may: auth.ContactsRead, object: "contact", summary: "Get a contact"}, a.getContact)
	add(a, op{id: "update-contact", method: http.MethodPatch, path: "/contacts/{id}", tag: tagContacts, may: auth.ContactsWrite, object: "contact", summary: "Change a contact",
		text: "`If-Match` has the version that the caller saw. Where the contact has moved on since, nothing changes and the answer is 412."}, a.updateContact)
	add(a, op{id: "delete-contact", method: http.MethodDelete, path: "/contacts/{id}", tag: tagContacts, may: auth.ContactsDelete, object: "contact",
		summary: "Put a contact into the bin", text: "It can be restored for some days (a setting)."}, a.deleteContact)
	add(a, op{id: "restore-contact", method: http.MethodPost, path: "/contacts/{id}/restore", tag: tagContacts, may: auth.ContactsDelete, object: "contact",
		summary: "Take a contact out of the bin", once: true}, a.restoreContact)
	add(a, op{id: "list-contact-history", method: http.MethodGet, path: "/contacts/{id}/history", tag: tagContacts, may: auth.ContactsRead, object: "contact",
		summary: "List what happened to a contact, the newest first"}, a.contactHistory)
	a.bulk()
}

// ContactPath names a contact.
type ContactPath struct {
	ID int64 `path:"id" minimum:"1" doc:"Number of the contact."`
}

// Which says which contacts are meant.
type Which struct {
	Search string `query:"search" maxLength:"500" doc:"Parts of names, phones, e-mails, documents, codes; all words have to fit."`
	Filter string `query:"filter" maxLength:"8000" doc:"In the filter language."`
	Bin    bool   `query:"bin" doc:"Those in the bin instead."`
}

type listContactsInput struct {
	Which
	Sort  string `query:"sort" enum:"updated,-updated,name,-name,created,-created" default:"-updated" doc:"With a minus: from the last one."`
	After string `query:"after" maxLength:"2000" doc:"next of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"50" doc:"Items a page."`
}

func (a *API) listContacts(ctx context.Context, in *listContactsInput) (*list[*Contact], error) {
	by, asc := sortOf(in.Sort)
	page, err := a.app.Contacts.List(ctx, workspace(ctx), contact.ListQuery{Search: in.Search, Filter: in.Filter, Bin: in.Bin, Sort: by, Asc: asc, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	cat, err := a.app.Contacts.Catalogue(ctx, workspace(ctx))
	if err != nil {
		return nil, err
	}
	items := make([]*Contact, len(page.Contacts))
	for i := range page.Contacts {
		items[i] = contactOf(&page.Contacts[i], cat)
	}
	return pageOf(ctx, items, page.Next), nil
}

// Count is a number of things.
type Count struct {
	Count int64 `json:"count"`
	More  bool  `json:"more,omitempty" doc:"There are more than that."`
}

func (a *API) countContacts(ctx context.Context, in *Which) (*struct{ Body Count }, error) {
	t, err := a.app.Contacts.CountOf(ctx, workspace(ctx), contact.ListQuery{Search: in.Search, Filter: in.Filter, Bin: in.Bin})
	return &struct{ Body Count }{Count{t.N, t.More}}, err
}

func (a *API) createContact(ctx context.Context, in *struct{ Body ContactInput }) (*oneContact, error) {
	c, err := a.app.Contacts.Add(ctx, workspace(ctx), in.Body.input())
	if err != nil {
		return nil, err
	}
	out, err := a.contactAnswer(ctx, c)
	if err == nil {
		out.Location = place("contacts", int64(c.ID))
	}
	return out, err
}

func (a *API) getContact(ctx context.Context, in *ContactPath) (*oneContact, error) {
	c, err := a.app.Contacts.Get(ctx, workspace(ctx), contact.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return a.contactAnswer(ctx, c)
}

type updateContactInput struct {
	ContactPath
	Match string `header:"If-Match" doc:"The version that the caller saw."`
	Body  ContactInput
}

func (a *API) updateContact(ctx context.Context, in *updateContactInput) (*oneContact, error) {
	version, err := versionOf(in.Match)
	if err != nil {
		return nil, err
	}
	c, err := a.app.Contacts.Save(ctx, workspace(ctx), contact.ID(in.ID), version, in.Body.input())
	if err != nil {
		return nil, err
	}
	return a.contactAnswer(ctx, c)
}

func (a *API) deleteContact(ctx context.Context, in *ContactPath) (*struct{}, error) {
	c, err := a.app.Contacts.Get(ctx, workspace(ctx), contact.ID(in.ID))
	if err != nil || c.Deleted {
		return nil, err
	}
	_, err = a.app.Contacts.Delete(ctx, workspace(ctx), actor(ctx), []contact.ID{c.ID})
	return nil, err
}

func (a *API) restoreContact(ctx context.Context, in *ContactPath) (*oneContact, error) {
	if _, err := a.app.Contacts.Restore(ctx, workspace(ctx), []contact.ID{contact.ID(in.ID)}); err != nil {
		return nil, err
	}
	return a.getContact(ctx, in)
}

// Event is one act that made or changed a contact.
type Event struct {
	Set     int64         `json:"set" doc:"Number of the act."`
	Kind    string        `json:"kind" doc:"add, import, edit, delete, restore, merge, undo and so on."`
	Actor   string        `json:"actor" doc:"member 3, token 5, cli, system."`
	Member  string        `json:"member,omitempty"`
	Import  int64         `json:"import_id,omitempty"`
	At      time.Time     `json:"at"`
	Changes []EventChange `json:"changes" nullable:"false"`
}

// EventChange is one field of an act, as it is shown.
type EventChange struct {
	Field   string   `json:"field"`
	Old     string   `json:"old,omitempty"`
	New     string   `json:"new,omitempty"`
	Added   []string `json:"added,omitempty" doc:"Of tags, groups and addresses."`
	Removed []string `json:"removed,omitempty"`
}

type historyInput struct {
	ContactPath
	Paging
}

func (a *API) contactHistory(ctx context.Context, in *historyInput) (*list[Event], error) {
	before, err := in.number()
	if err != nil {
		return nil, err
	}
	events, more, err := a.app.Contacts.History(ctx, workspace(ctx), contact.ID(in.ID), journal.SetID(before), in.Limit)
	if err != nil {
		return nil, err
	}
	items := []Event{}
	for _, e := range events {
		one := Event{Set: int64(e.Set), Kind: e.Kind, Actor: e.Actor, Member: e.Member, Import: e.ImportID, At: e.At.UTC(), Changes: []EventChange{}}
		for _, c := range e.Changes {
			one.Changes = append(one.Changes, EventChange{c.Field, c.Old, c.New, c.Added, c.Removed})
		}
		items = append(items, one)
	}
	next := ""
	if more && len(items) > 0 {
		next = strconv.FormatInt(items[len(items)-1].Set, 10)
	}
	return pageOf(ctx, items, next), nil
}

// all is the answer with a list that has one page.
type all[T any] struct{ Body Page[T] }

func allOf[T any](items []T) *all[T] {
	if items == nil {
		items = []T{}
	}
	return &all[T]{Page[T]{Items: items}}
}
