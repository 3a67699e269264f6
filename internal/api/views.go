package api

import (
	"context"
	"net/http"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
)

// views registers saved views: lists of contacts with a name.
func (a *API) views() {
	add(a, op{id: "list-views", method: http.MethodGet, path: "/views", tag: tagContacts, may: auth.ContactsRead, summary: "List saved views", text: "The shared ones and the caller's own."}, a.listViews)
	add(a, op{id: "create-view", method: http.MethodPost, path: "/views", tag: tagContacts, may: auth.ContactsRead, status: http.StatusCreated, once: true, summary: "Save a view"}, a.createView)
	add(a, op{id: "update-view", method: http.MethodPut, path: "/views/{id}", tag: tagContacts, may: auth.ContactsRead, object: "view", summary: "Change a saved view"}, a.updateView)
	add(a, op{id: "delete-view", method: http.MethodDelete, path: "/views/{id}", tag: tagContacts, may: auth.ContactsRead, object: "view", summary: "Delete a saved view"}, a.deleteView)
}

// ViewInput is what a view is to be.
type ViewInput struct {
	Name    string   `json:"name" minLength:"1" maxLength:"200"`
	Search  string   `json:"search,omitempty" maxLength:"500"`
	Filter  string   `json:"filter,omitempty" maxLength:"8000" doc:"In the filter language."`
	Columns []string `json:"columns,omitempty" maxItems:"200" doc:"Field keys in their order."`
	Sort    string   `json:"sort,omitempty" enum:"updated,-updated,name,-name,created,-created" doc:"As list-contacts takes it."`
	Shared  bool     `json:"shared,omitempty" doc:"All members see it."`
}

// View is a list of contacts with a name.
type View struct {
	ID int64 `json:"id"`
	ViewInput
	Mine bool `json:"mine,omitempty"`
}

func (in *ViewInput) view(id int64) contact.View {
	v := contact.View{ID: id, Name: in.Name, Filter: in.Filter, Search: in.Search, Columns: in.Columns, Shared: in.Shared}
	if in.Sort != "" {
		v.Sort, v.Asc = sortOf(in.Sort)
	}
	return v
}

// sortOf reads an order; with a minus it goes from the last one.
func sortOf(s string) (by contact.Sort, asc bool) {
	if s[0] == '-' {
		return contact.Sort(s[1:]), false
	}
	return contact.Sort(s), true
}

func (a *API) listViews(ctx context.Context, _ *struct{}) (*all[View], error) {
	found, err := a.app.Contacts.Views(ctx, workspace(ctx))
	var items []View
	for _, v := range found {
		one := View{v.ID, ViewInput{v.Name, v.Search, v.Filter, v.Columns, string(v.Sort), v.Shared}, v.Mine}
		if v.Sort != "" && !v.Asc {
			one.Sort = "-" + one.Sort
		}
		items = append(items, one)
	}
	return allOf(items), err
}

func (a *API) createView(ctx context.Context, in *struct{ Body ViewInput }) (*made, error) {
	return madeOf(a.app.Contacts.SaveView(ctx, workspace(ctx), in.Body.view(0)))
}

type updateViewInput struct {
	IDPath
	Body ViewInput
}

func (a *API) updateView(ctx context.Context, in *updateViewInput) (*struct{}, error) {
	_, err := a.app.Contacts.SaveView(ctx, workspace(ctx), in.Body.view(in.ID))
	return nil, err
}

func (a *API) deleteView(ctx context.Context, in *IDPath) (*struct{}, error) {
	return nil, a.app.Contacts.DeleteView(ctx, workspace(ctx), in.ID)
}
