package api

import (
	"context"
	"net/http"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
)

// bulk registers what is done with many contacts at once.
func (a *API) bulk() {
	add(a, op{id: "start-bulk", method: http.MethodPost, path: "/bulk", tag: tagBulk, may: auth.ContactsWrite, status: http.StatusAccepted, once: true,
		summary: "Change many contacts", text: "In the background. Which contacts: those of `ids`, or those of `search` and `filter` without `except`."}, a.startBulk)
	add(a, op{id: "list-bulk", method: http.MethodGet, path: "/bulk", tag: tagBulk, may: auth.ContactsRead, summary: "List the newest changes of many contacts"}, a.listBulk)
	add(a, op{id: "get-bulk", method: http.MethodGet, path: "/bulk/{id}", tag: tagBulk, may: auth.ContactsRead, object: "bulk", summary: "Get a change of many contacts"}, a.getBulk)
	add(a, op{id: "cancel-bulk", method: http.MethodPost, path: "/bulk/{id}/cancel", tag: tagBulk, may: auth.ContactsWrite, object: "bulk", once: true,
		summary: "Cancel a change of many contacts", text: "What is done stays done."}, a.cancelBulk)
	add(a, op{id: "undo-bulk", method: http.MethodPost, path: "/bulk/{id}/undo", tag: tagBulk, may: auth.ContactsWrite, object: "bulk", status: http.StatusAccepted, once: true,
		summary: "Undo a change of many contacts", text: "What was edited since stays."}, a.undoBulk)
}

const tagBulk = "Many contacts"

// Selection says which contacts are meant.
type Selection struct {
	IDs    []int64 `json:"ids,omitempty" maxItems:"10000" doc:"These alone."`
	Search string  `json:"search,omitempty" maxLength:"500" doc:"As list-contacts takes it."`
	Filter string  `json:"filter,omitempty" maxLength:"8000"`
	Bin    bool    `json:"bin,omitempty"`
	Except []int64 `json:"except,omitempty" maxItems:"10000"`
}

func (s *Selection) selection() contact.Selection {
	return contact.Selection{IDs: ids(s.IDs), Search: s.Search, Filter: s.Filter, Bin: s.Bin, Except: ids(s.Except)}
}

func ids(list []int64) []contact.ID {
	if list == nil {
		return nil
	}
	out := make([]contact.ID, len(list))
	for i, id := range list {
		out[i] = contact.ID(id)
	}
	return out
}

// BulkInput is a change of many contacts.
type BulkInput struct {
	Selection
	Action string `json:"action" enum:"tag,untag,group,ungroup,owner,delete,restore"`
	Tag    string `json:"tag,omitempty" maxLength:"200" doc:"Name of the tag; made where there is none."`
	Target int64  `json:"target,omitempty" minimum:"0" doc:"Number of the group or of the owner, 0 for no owner."`
}

// Bulk is a change of many contacts as it stands.
type Bulk struct {
	ID         int64      `json:"id"`
	Action     string     `json:"action"`
	Name       string     `json:"name,omitempty" doc:"Of the tag, group or owner."`
	State      string     `json:"state" enum:"waiting,running,done,cancelled,failed,undoing,undone"`
	Actor      string     `json:"actor"`
	Total      int64      `json:"total"`
	Done       int64      `json:"done"`
	Changed    int64      `json:"changed" doc:"Contacts that were not so before."`
	Kept       int64      `json:"kept,omitempty" doc:"Contacts that an undo left alone because they were edited since."`
	Error      string     `json:"error,omitempty" doc:"Code."`
	CreatedAt  time.Time  `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`
}

func bulkOf(b *contact.Bulk) *Bulk {
	return &Bulk{ID: int64(b.ID), Action: string(b.Action), Name: b.Name, State: string(b.State), Actor: b.Actor, Total: b.Total, Done: b.Done, Changed: b.Changed,
		Kept: b.Kept, Error: b.Error, CreatedAt: b.CreatedAt.UTC(), FinishedAt: moment(b.FinishedAt)}
}

// BulkPath names a change of many contacts.
type BulkPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type oneBulk struct {
	Location string `header:"Location"`
	Body     *Bulk
}

func answerBulk(b *contact.Bulk, err error) (*oneBulk, error) {
	if err != nil {
		return nil, err
	}
	return &oneBulk{Location: place("bulk", int64(b.ID)), Body: bulkOf(b)}, nil
}

func (a *API) startBulk(ctx context.Context, in *struct{ Body BulkInput }) (*oneBulk, error) {
	return answerBulk(a.app.Contacts.StartBulk(ctx, workspace(ctx), contact.BulkSpec{Selection: in.Body.selection(), Action: contact.BulkAction(in.Body.Action), Tag: in.Body.Tag, Target: in.Body.Target}))
}

// recent is how many of the newest a list without pages gives.
const recent = 100

func (a *API) listBulk(ctx context.Context, _ *struct{}) (*all[*Bulk], error) {
	found, err := a.app.Contacts.Bulks(ctx, workspace(ctx), recent)
	if err != nil {
		return nil, err
	}
	items := make([]*Bulk, len(found))
	for i := range found {
		items[i] = bulkOf(&found[i])
	}
	return allOf(items), nil
}

func (a *API) getBulk(ctx context.Context, in *BulkPath) (*oneBulk, error) {
	return answerBulk(a.app.Contacts.GetBulk(ctx, workspace(ctx), contact.BulkID(in.ID)))
}

func (a *API) cancelBulk(ctx context.Context, in *BulkPath) (*oneBulk, error) {
	return answerBulk(a.app.Contacts.CancelBulk(ctx, workspace(ctx), contact.BulkID(in.ID)))
}

func (a *API) undoBulk(ctx context.Context, in *BulkPath) (*oneBulk, error) {
	return answerBulk(a.app.Contacts.UndoBulk(ctx, workspace(ctx), contact.BulkID(in.ID)))
}
