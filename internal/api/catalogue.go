package api

import (
	"context"
	"net/http"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
)

const tagCatalogue = "Fields, tags, groups"

// catalogue registers custom fields, tags and groups.
func (a *API) catalogue() {
	add(a, op{id: "list-fields", method: http.MethodGet, path: "/fields", tag: tagCatalogue, may: auth.FieldsRead, summary: "List fields", text: "The contact's own fields and the workspace's custom ones."}, a.listFields)
	add(a, op{id: "create-field", method: http.MethodPost, path: "/fields", tag: tagCatalogue, may: auth.FieldsManage, status: http.StatusCreated, once: true, summary: "Define a custom field"}, a.createField)
	add(a, op{id: "update-field", method: http.MethodPut, path: "/fields/{id}", tag: tagCatalogue, may: auth.FieldsManage, object: "field",
		summary: "Change a custom field", text: "Its type stays. A retired field is offered no more; its values stay."}, a.updateField)
	add(a, op{id: "list-tags", method: http.MethodGet, path: "/tags", tag: tagCatalogue, may: auth.ContactsRead, summary: "List tags"}, a.listTags)
	add(a, op{id: "create-tag", method: http.MethodPost, path: "/tags", tag: tagCatalogue, may: auth.TagsManage, status: http.StatusCreated, once: true, summary: "Make a tag"}, a.createTag)
	add(a, op{id: "update-tag", method: http.MethodPut, path: "/tags/{id}", tag: tagCatalogue, may: auth.TagsManage, object: "tag", summary: "Change a tag's name and colour"}, a.updateTag)
	add(a, op{id: "merge-tag", method: http.MethodPost, path: "/tags/{id}/merge", tag: tagCatalogue, may: auth.TagsManage, object: "tag", once: true,
		summary: "Merge a tag into another", text: "Its contacts carry the other one from then on, and it is gone."}, a.mergeTag)
	add(a, op{id: "delete-tag", method: http.MethodDelete, path: "/tags/{id}", tag: tagCatalogue, may: auth.TagsManage, object: "tag", summary: "Delete a tag"}, a.deleteTag)
	add(a, op{id: "list-groups", method: http.MethodGet, path: "/groups", tag: tagCatalogue, may: auth.ContactsRead, summary: "List the groups that the caller may see"}, a.listGroups)
	add(a, op{id: "create-group", method: http.MethodPost, path: "/groups", tag: tagCatalogue, may: auth.GroupsManage, status: http.StatusCreated, once: true, summary: "Make a group"}, a.createGroup)
	add(a, op{id: "update-group", method: http.MethodPut, path: "/groups/{id}", tag: tagCatalogue, may: auth.GroupsManage, object: "group", summary: "Change a group's name"}, a.updateGroup)
	add(a, op{id: "delete-group", method: http.MethodDelete, path: "/groups/{id}", tag: tagCatalogue, may: auth.GroupsManage, object: "group", summary: "Delete a group", text: "Its contacts stay."}, a.deleteGroup)
}

// IDPath names a thing by its number.
type IDPath struct {
	ID int64 `path:"id" minimum:"1"`
}

// Field is a field of contacts.
type Field struct {
	Key     string   `json:"key" doc:"As contacts and mappings have it."`
	ID      int64    `json:"id,omitempty" doc:"Of a custom field."`
	Label   string   `json:"label" doc:"Of a contact's own field in the caller's language."`
	Type    string   `json:"type" enum:"text,number,date,boolean,choice,url,channel,set"`
	Choices []string `json:"choices,omitempty"`
	Headers []string `json:"headers,omitempty" doc:"Headers that files have for it, beside its label."`
	Retired bool     `json:"retired,omitempty"`
}

// FieldInput is what a custom field is to be.
type FieldInput struct {
	Label   string   `json:"label" minLength:"1" maxLength:"200"`
	Type    string   `json:"type,omitempty" enum:"text,number,date,boolean,choice,url" doc:"Of a new field; text where it is left out."`
	Choices []string `json:"choices,omitempty" maxItems:"500"`
	Headers []string `json:"headers,omitempty" maxItems:"100"`
	Retired bool     `json:"retired,omitempty"`
}

func (a *API) listFields(ctx context.Context, _ *struct{}) (*all[Field], error) {
	own, err := a.app.Contacts.Fields(ctx, workspace(ctx))
	if err != nil {
		return nil, err
	}
	text := callOf(ctx).text
	var items []Field
	named := func(key, kind string) {
		items = append(items, Field{Key: key, Label: text.T("field." + key), Type: kind})
	}
	for s := range contact.NumScalars {
		kind := "text"
		if s == contact.BirthDate {
			kind = "date"
		}
		named(s.Key(), kind)
	}
	for _, k := range contact.ChannelKinds() {
		named(string(k), "channel")
	}
	named(contact.FieldTags, "set")
	named(contact.FieldGroups, "set")
	for _, f := range own {
		items = append(items, Field{Key: contact.CustomKey(f.ID), ID: f.ID, Label: f.Label, Type: string(f.Type), Choices: f.Choices, Headers: f.Headers, Retired: f.Retired})
	}
	return allOf(items), nil
}

// Made is the number of a new thing.
type Made struct {
	ID int64 `json:"id"`
}

type made struct{ Body Made }

func madeOf(id int64, err error) (*made, error) {
	if err != nil {
		return nil, err
	}
	return &made{Made{id}}, nil
}

func (a *API) createField(ctx context.Context, in *struct{ Body FieldInput }) (*made, error) {
	f := contact.CustomField{Label: in.Body.Label, Type: contact.FieldType(in.Body.Type), Choices: in.Body.Choices, Headers: in.Body.Headers}
	if f.Type == "" {
		f.Type = contact.TypeText
	}
	return madeOf(a.app.Contacts.AddField(ctx, workspace(ctx), f))
}

type updateFieldInput struct {
	IDPath
	Body FieldInput
}

func (a *API) updateField(ctx context.Context, in *updateFieldInput) (*struct{}, error) {
	f := contact.CustomField{ID: in.ID, Label: in.Body.Label, Type: contact.FieldType(in.Body.Type), Choices: in.Body.Choices, Headers: in.Body.Headers}
	if err := a.app.Contacts.SetField(ctx, workspace(ctx), f); err != nil {
		return nil, err
	}
	return nil, a.app.Contacts.RetireField(ctx, workspace(ctx), in.ID, in.Body.Retired)
}

// Tag is a label of contacts.
type Tag struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Color    string `json:"color,omitempty" enum:"1,2,3,4,5,6"`
	OfImport bool   `json:"of_import,omitempty" doc:"It marks an import."`
	Contacts Count  `json:"contacts" doc:"Those that the caller may see."`
}

// TagInput is what a tag is to be.
type TagInput struct {
	Name  string `json:"name" minLength:"1" maxLength:"200"`
	Color string `json:"color,omitempty" enum:"1,2,3,4,5,6"`
}

func (a *API) listTags(ctx context.Context, _ *struct{}) (*all[Tag], error) {
	found, err := a.app.Contacts.Tags(ctx, workspace(ctx))
	var items []Tag
	for _, t := range found {
		items = append(items, Tag{t.ID, t.Name, t.Color, t.OfImport, Count{t.Contacts.N, t.Contacts.More}})
	}
	return allOf(items), err
}

func (a *API) createTag(ctx context.Context, in *struct{ Body TagInput }) (*made, error) {
	return madeOf(a.app.Contacts.AddTag(ctx, workspace(ctx), in.Body.Name, in.Body.Color))
}

type updateTagInput struct {
	IDPath
	Body TagInput
}

func (a *API) updateTag(ctx context.Context, in *updateTagInput) (*struct{}, error) {
	return nil, a.app.Contacts.SetTag(ctx, workspace(ctx), in.ID, in.Body.Name, in.Body.Color)
}

type mergeTagInput struct {
	IDPath
	Body struct {
		Into int64 `json:"into" minimum:"1" doc:"Number of the tag that stays."`
	}
}

func (a *API) mergeTag(ctx context.Context, in *mergeTagInput) (*struct{}, error) {
	return nil, a.app.Contacts.MergeTags(ctx, workspace(ctx), in.ID, in.Body.Into)
}

func (a *API) deleteTag(ctx context.Context, in *IDPath) (*struct{}, error) {
	return nil, a.app.Contacts.DeleteTag(ctx, workspace(ctx), in.ID)
}

// Group is a list of contacts.
type Group struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	Restricted bool   `json:"restricted,omitempty" doc:"Its contacts are seen by some members alone."`
	Contacts   Count  `json:"contacts" doc:"Those that the caller may see."`
}

// GroupInput is what a group is to be.
type GroupInput struct {
	Name string `json:"name" minLength:"1" maxLength:"200"`
}

func (a *API) listGroups(ctx context.Context, _ *struct{}) (*all[Group], error) {
	found, err := a.app.Contacts.Groups(ctx, workspace(ctx))
	var items []Group
	for _, g := range found {
		items = append(items, Group{g.ID, g.Name, g.Restricted, Count{g.Contacts.N, g.Contacts.More}})
	}
	return allOf(items), err
}

func (a *API) createGroup(ctx context.Context, in *struct{ Body GroupInput }) (*made, error) {
	return madeOf(a.app.Contacts.AddGroup(ctx, workspace(ctx), in.Body.Name))
}

type updateGroupInput struct {
	IDPath
	Body GroupInput
}

func (a *API) updateGroup(ctx context.Context, in *updateGroupInput) (*struct{}, error) {
	return nil, a.app.Contacts.RenameGroup(ctx, workspace(ctx), in.ID, in.Body.Name)
}

func (a *API) deleteGroup(ctx context.Context, in *IDPath) (*struct{}, error) {
	return nil, a.app.Contacts.DeleteGroup(ctx, workspace(ctx), in.ID)
}
