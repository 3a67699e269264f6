package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
)

const tagBlocked = "Do not contact"

// doNotContact registers the workspace's do-not-contact list.
func (a *API) doNotContact() {
	add(a, op{id: "list-do-not-contact", method: http.MethodGet, path: "/do-not-contact", tag: tagBlocked, may: auth.DoNotContactManage, summary: "List the do-not-contact list"}, a.listBlocked)
	add(a, op{id: "add-do-not-contact", method: http.MethodPost, path: "/do-not-contact", tag: tagBlocked, may: auth.DoNotContactManage, once: true, maxBody: 8 << 20,
		summary: "Put addresses on the do-not-contact list", text: "Phones in any spelling and e-mail addresses. What cannot be read is told by its place; the others go on the list."}, a.addBlocked)
	add(a, op{id: "remove-do-not-contact", method: http.MethodPost, path: "/do-not-contact/remove", tag: tagBlocked, may: auth.DoNotContactManage, once: true,
		summary: "Take addresses off the do-not-contact list"}, a.removeBlocked)
}

// Blocked is an entry of the do-not-contact list.
type Blocked struct {
	Kind    string    `json:"kind" enum:"phone,email,whatsapp,bsuid,telegram,tax_id,external_id"`
	Key     string    `json:"key" doc:"What the address is recognised by."`
	Reason  string    `json:"reason,omitempty"`
	AddedAt time.Time `json:"added_at"`
}

// BlockedKey names an entry.
type BlockedKey struct {
	Kind string `json:"kind" enum:"phone,email,whatsapp,bsuid,telegram,tax_id,external_id"`
	Key  string `json:"key" minLength:"1" maxLength:"500"`
}

type listBlockedInput struct {
	Search string `query:"search" maxLength:"200" doc:"Part of an address."`
	After  string `query:"after" maxLength:"1000" doc:"next of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"Items a page."`
}

func (a *API) listBlocked(ctx context.Context, in *listBlockedInput) (*list[Blocked], error) {
	var after contact.Key
	if in.After != "" {
		b, err := base64.RawURLEncoding.DecodeString(in.After)
		kind, text, ok := strings.Cut(string(b), ":")
		if !ok || err != nil {
			return nil, at("query.after", errs.New(errs.Invalid, "api.cursor"))
		}
		after = contact.Key{Kind: contact.Kind(kind), Text: text}
	}
	found, err := a.app.Contacts.DoNotContact(ctx, workspace(ctx), in.Search, after, in.Limit)
	if err != nil {
		return nil, err
	}
	items := []Blocked{}
	for _, b := range found {
		items = append(items, Blocked{string(b.Kind), b.Key, b.Reason, b.AddedAt.UTC()})
	}
	next := ""
	if len(items) == in.Limit {
		last := items[len(items)-1]
		next = base64.RawURLEncoding.EncodeToString([]byte(last.Kind + ":" + last.Key)) // as it is in any URL
	}
	return pageOf(ctx, items, next), nil
}

type addBlockedInput struct {
	Body struct {
		Addresses []string `json:"addresses" minItems:"1" maxItems:"100000" nullable:"false"`
		Reason    string   `json:"reason,omitempty" maxLength:"500"`
	}
}

// BlockAnswer tells what came of addresses for the list.
type BlockAnswer struct {
	Added  int     `json:"added"`
	Known  int     `json:"known" doc:"Those that were on the list already."`
	Errors []Fault `json:"errors" nullable:"false" doc:"Those that could not be read, by place."`
}

func (a *API) addBlocked(ctx context.Context, in *addBlockedInput) (*struct{ Body BlockAnswer }, error) {
	r, err := a.app.Contacts.AddDoNotContact(ctx, workspace(ctx), in.Body.Addresses, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body BlockAnswer }{BlockAnswer{Added: r.Added, Known: r.Known, Errors: []Fault{}}}
	var places []int
	for i := range r.Faults {
		places = append(places, i)
	}
	slices.Sort(places)
	for _, i := range places {
		for _, is := range r.Faults[i] {
			out.Body.Errors = append(out.Body.Errors, Fault{Location: fmt.Sprintf("body.addresses[%d]", i), Code: is.Code, Detail: callOf(ctx).text.Issue(is)})
		}
	}
	return out, nil
}

type removeBlockedInput struct {
	Body struct {
		Keys []BlockedKey `json:"keys" minItems:"1" maxItems:"10000" nullable:"false"`
	}
}

func (a *API) removeBlocked(ctx context.Context, in *removeBlockedInput) (*struct{ Body Count }, error) {
	keys := make([]contact.Key, len(in.Body.Keys))
	for i, k := range in.Body.Keys {
		keys[i] = contact.Key{Kind: contact.Kind(k.Kind), Text: k.Key}
	}
	n, err := a.app.Contacts.RemoveDoNotContact(ctx, workspace(ctx), keys)
	return &struct{ Body Count }{Count{Count: int64(n)}}, err
}
