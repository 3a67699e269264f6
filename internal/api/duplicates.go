package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/dedupe"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
)

const tagDuplicates = "Duplicates"

// duplicates registers what finds and merges contacts that are one person.
func (a *API) duplicates() {
	add(a, op{id: "get-duplicate-search", method: http.MethodGet, path: "/duplicates/search", tag: tagDuplicates, may: auth.ContactsMerge, summary: "Tell of the last search for duplicates"}, a.getScan)
	add(a, op{id: "start-duplicate-search", method: http.MethodPost, path: "/duplicates/search", tag: tagDuplicates, may: auth.ContactsMerge, status: http.StatusAccepted, once: true,
		summary: "Search the workspace for duplicates", text: "In the background; a search that waits or runs is enough."}, a.startScan)
	add(a, op{id: "list-duplicates", method: http.MethodGet, path: "/duplicates", tag: tagDuplicates, may: auth.ContactsMerge, summary: "List contacts that are taken for one person",
		text: "What the last search found and nobody has settled: certain ones first, then by score. Contacts that the caller may not see are left out."}, a.listDuplicates)
	add(a, op{id: "preview-merge", method: http.MethodPost, path: "/duplicates/preview", tag: tagDuplicates, may: auth.ContactsMerge, summary: "Ask what a merge of contacts would come to"}, a.previewMerge)
	add(a, op{id: "merge-contacts", method: http.MethodPost, path: "/duplicates/merge", tag: tagDuplicates, may: auth.ContactsMerge, once: true,
		summary: "Merge contacts", text: "One stays, with the others' addresses, tags and groups; the others go to the bin. It can be taken apart again."}, a.mergeContacts)
	add(a, op{id: "keep-apart", method: http.MethodPost, path: "/duplicates/apart", tag: tagDuplicates, may: auth.ContactsMerge, once: true,
		summary: "Remember that contacts are different people", text: "They are not offered again."}, a.keepApart)
	add(a, op{id: "merge-certain", method: http.MethodPost, path: "/duplicates/merge-certain", tag: tagDuplicates, may: auth.ContactsMerge, status: http.StatusAccepted, once: true,
		summary: "Merge all certain duplicates", text: "In the background."}, a.mergeCertain)
	add(a, op{id: "get-merge-batch", method: http.MethodGet, path: "/merge-batches/{batch}", tag: tagDuplicates, may: auth.ContactsMerge, summary: "Get merges that were made in one go"}, a.getMergeBatch)
	add(a, op{id: "undo-merge-batch", method: http.MethodPost, path: "/merge-batches/{batch}/undo", tag: tagDuplicates, may: auth.ContactsMerge, status: http.StatusAccepted, once: true,
		summary: "Take merges that were made in one go apart"}, a.undoMergeBatch)
	add(a, op{id: "list-contact-merges", method: http.MethodGet, path: "/contacts/{id}/merges", tag: tagDuplicates, may: auth.ContactsMerge, object: "contact", summary: "List the merges that a contact was in"}, a.listMerges)
	add(a, op{id: "undo-merge", method: http.MethodPost, path: "/merges/{merge}/undo", tag: tagDuplicates, may: auth.ContactsMerge, once: true,
		summary: "Take a merge apart", text: "What somebody edited since stays."}, a.undoMerge)
}

// DuplicateSearch is the last search of a workspace, or the one under way.
type DuplicateSearch struct {
	Running    bool       `json:"running"`
	StartedAt  *time.Time `json:"started_at,omitempty"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`
	Done       int64      `json:"done" doc:"Of total, while it is under way."`
	Total      int64      `json:"total"`
	Contacts   int64      `json:"contacts" doc:"Contacts that were compared."`
	Groups     int64      `json:"groups" doc:"What is left to be looked at."`
	Certain    int64      `json:"certain" doc:"Of them those that may be merged unseen."`
}

func (a *API) getScan(ctx context.Context, _ *struct{}) (*struct{ Body DuplicateSearch }, error) {
	s, err := a.app.Dedupe.Status(ctx, workspace(ctx))
	if err != nil {
		return nil, err
	}
	out := &struct{ Body DuplicateSearch }{}
	if s != nil {
		out.Body = DuplicateSearch{s.Running(), moment(s.StartedAt), moment(s.FinishedAt), s.Done, s.Total, s.People, s.Groups, s.Certain}
	}
	return out, nil
}

func (a *API) startScan(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, a.app.Dedupe.StartScan(ctx, workspace(ctx))
}

// DuplicateGroup is contacts that are taken for one person.
type DuplicateGroup struct {
	ID       int64           `json:"id" doc:"The smallest number of its contacts."`
	Certain  bool            `json:"certain" doc:"It may be merged without asking."`
	Score    float64         `json:"score" doc:"Evidence in bits, of its weakest pair."`
	Contacts []int64         `json:"contacts" nullable:"false"`
	Pairs    []DuplicatePair `json:"pairs" nullable:"false"`
}

// DuplicatePair is two contacts and why they are taken for one.
type DuplicatePair struct {
	A       int64    `json:"a"`
	B       int64    `json:"b"`
	Score   float64  `json:"score"`
	Certain bool     `json:"certain"`
	Reasons []string `json:"reasons" nullable:"false"`
}

type listDuplicatesInput struct {
	Which string `query:"which" enum:"certain,likely" doc:"These alone."`
	After string `query:"after" maxLength:"200" doc:"next of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Items a page."`
}

func (a *API) listDuplicates(ctx context.Context, in *listDuplicatesInput) (*list[DuplicateGroup], error) {
	query := dedupe.Query{CertainOnly: in.Which == "certain", LikelyOnly: in.Which == "likely", Limit: in.Limit}
	if in.After != "" {
		b, err := base64.RawURLEncoding.DecodeString(in.After)
		if err != nil || json.Unmarshal(b, &query.After) != nil {
			return nil, at("query.after", errs.New(errs.Invalid, "api.cursor"))
		}
	}
	found, behind, err := a.app.Dedupe.Groups(ctx, workspace(ctx), query)
	if err != nil {
		return nil, err
	}
	items := []DuplicateGroup{}
	for _, g := range found {
		one := DuplicateGroup{ID: int64(g.ID), Certain: g.Certain, Score: g.Score, Contacts: numbers(g.Members), Pairs: []DuplicatePair{}}
		for _, p := range g.Pairs {
			one.Pairs = append(one.Pairs, DuplicatePair{p.A, p.B, p.Score, p.Certainty == dedupe.Certain, p.Reasons.Names()})
		}
		items = append(items, one)
	}
	next := ""
	if behind != nil {
		b, err := json.Marshal(behind)
		if err != nil {
			return nil, err
		}
		next = base64.RawURLEncoding.EncodeToString(b)
	}
	return pageOf(ctx, items, next), nil
}

func numbers(list []contact.ID) []int64 {
	out := make([]int64, len(list))
	for i, id := range list {
		out[i] = int64(id)
	}
	return out
}

// MergeInput is what is to become one.
type MergeInput struct {
	Contacts []int64          `json:"contacts" minItems:"2" maxItems:"100" nullable:"false"`
	Survivor int64            `json:"survivor,omitempty" minimum:"0" doc:"The contact that stays; the oldest where it is left out."`
	Fields   map[string]int64 `json:"fields,omitempty" doc:"Field key to the contact whose value stays; the survivor's where a field is left out. phone, email and so on: whose first address comes first."`
	Versions map[string]int64 `json:"versions,omitempty" doc:"Contact to the version that the caller saw. Where one has moved on, nothing is done."`
}

func (in *MergeInput) choices() dedupe.Choices {
	ch := dedupe.Choices{Survivor: contact.ID(in.Survivor)}
	if in.Fields != nil {
		ch.Fields = map[string]contact.ID{}
	}
	for key, id := range in.Fields {
		ch.Fields[key] = contact.ID(id)
	}
	return ch
}

// MergePreview is what a merge would come to.
type MergePreview struct {
	Survivor int64            `json:"survivor"`
	Result   *Contact         `json:"result" doc:"The survivor as it would be."`
	From     map[string]int64 `json:"from" nullable:"false" doc:"Fields whose values differ, and whose the result has."`
	Versions map[string]int64 `json:"versions" nullable:"false" doc:"To be sent along with the merge."`
}

func (a *API) previewMerge(ctx context.Context, in *struct{ Body MergeInput }) (*struct{ Body MergePreview }, error) {
	p, err := a.app.Dedupe.Propose(ctx, workspace(ctx), ids(in.Body.Contacts), in.Body.choices())
	if err != nil {
		return nil, err
	}
	cat, err := a.app.Contacts.Catalogue(ctx, workspace(ctx))
	if err != nil {
		return nil, err
	}
	out := &struct{ Body MergePreview }{MergePreview{Survivor: int64(p.Survivor), Result: contactOf(p.Result, cat), From: map[string]int64{}, Versions: map[string]int64{}}}
	for key, id := range p.From {
		out.Body.From[key] = int64(id)
	}
	for _, c := range p.Contacts {
		out.Body.Versions[number(int64(c.ID))] = c.Version
	}
	return out, nil
}

// MergeMade tells of a merge.
type MergeMade struct {
	Merge int64 `json:"merge" doc:"Number of the merge, by which it is taken apart."`
}

func (a *API) mergeContacts(ctx context.Context, in *struct{ Body MergeInput }) (*struct{ Body MergeMade }, error) {
	versions := map[contact.ID]int64{}
	for text, v := range in.Body.Versions {
		id, err := readNumber(text)
		if err != nil {
			return nil, at("body.versions", err)
		}
		versions[contact.ID(id)] = v
	}
	set, err := a.app.Dedupe.Merge(ctx, workspace(ctx), ids(in.Body.Contacts), in.Body.choices(), versions)
	return &struct{ Body MergeMade }{MergeMade{int64(set)}}, err
}

type apartInput struct {
	Body struct {
		Contacts []int64 `json:"contacts" minItems:"2" maxItems:"100" nullable:"false"`
	}
}

func (a *API) keepApart(ctx context.Context, in *apartInput) (*struct{}, error) {
	return nil, a.app.Dedupe.Apart(ctx, workspace(ctx), ids(in.Body.Contacts))
}

// MergeBatch is merges that were made in one go.
type MergeBatch struct {
	ID         int64      `json:"id"`
	State      string     `json:"state"`
	Actor      string     `json:"actor"`
	Groups     int64      `json:"groups" doc:"Groups that were merged."`
	Merged     int64      `json:"merged" doc:"Contacts that went to the bin."`
	Kept       int64      `json:"kept,omitempty" doc:"Fields that an undo left, since somebody had edited them."`
	CreatedAt  time.Time  `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`
}

// BatchPath names merges that were made in one go.
type BatchPath struct {
	Batch int64 `path:"batch" minimum:"1"`
}

type oneBatch struct{ Body MergeBatch }

func answerBatch(b *dedupe.Batch, err error) (*oneBatch, error) {
	if err != nil {
		return nil, err
	}
	return &oneBatch{MergeBatch{int64(b.ID), b.State, b.Actor, b.Groups, b.Merged, b.Kept, b.MadeAt.UTC(), moment(b.FinishedAt)}}, nil
}

func (a *API) mergeCertain(ctx context.Context, _ *struct{}) (*oneBatch, error) {
	return answerBatch(a.app.Dedupe.MergeCertain(ctx, workspace(ctx)))
}

func (a *API) getMergeBatch(ctx context.Context, in *BatchPath) (*oneBatch, error) {
	return answerBatch(a.app.Dedupe.Batch(ctx, workspace(ctx), dedupe.BatchID(in.Batch)))
}

func (a *API) undoMergeBatch(ctx context.Context, in *BatchPath) (*oneBatch, error) {
	return answerBatch(a.app.Dedupe.UndoBatch(ctx, workspace(ctx), dedupe.BatchID(in.Batch)))
}

// Merge is a merge that a contact was in.
type Merge struct {
	Merge    int64   `json:"merge"`
	Survivor int64   `json:"survivor"`
	Gone     []int64 `json:"gone" nullable:"false"`
	Undone   bool    `json:"undone,omitempty"`
}

func (a *API) listMerges(ctx context.Context, in *ContactPath) (*all[Merge], error) {
	found, err := a.app.Dedupe.MergesOf(ctx, workspace(ctx), contact.ID(in.ID))
	var items []Merge
	for _, m := range found {
		items = append(items, Merge{int64(m.Set), int64(m.Survivor), numbers(m.Gone), m.Undone})
	}
	return allOf(items), err
}

// MergePath names a merge.
type MergePath struct {
	Merge int64 `path:"merge" minimum:"1"`
}

// TakenApart tells what taking a merge apart left.
type TakenApart struct {
	Kept []string `json:"kept" nullable:"false" doc:"Keys of fields that somebody edited since, which stay."`
}

func (a *API) undoMerge(ctx context.Context, in *MergePath) (*struct{ Body TakenApart }, error) {
	kept, err := a.app.Dedupe.Unmerge(ctx, workspace(ctx), journal.SetID(in.Merge))
	if kept == nil {
		kept = []string{}
	}
	return &struct{ Body TakenApart }{TakenApart{kept}}, err
}
