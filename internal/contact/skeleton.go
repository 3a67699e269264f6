package contact

import (
	"context"
	"errors"
	"time"
)

var errNotYet = errors.New("contact: being built")

// BulkAction is a change of many contacts.
type BulkAction string

// The actions.
const (
	BulkTag     BulkAction = "tag"
	BulkUntag   BulkAction = "untag"
	BulkGroup   BulkAction = "group"
	BulkUngroup BulkAction = "ungroup"
	BulkOwner   BulkAction = "owner"
	BulkDelete  BulkAction = "delete"
	BulkRestore BulkAction = "restore"
)

// Selection says which contacts: those of IDs, or where it is nil those of a list without Except.
type Selection struct {
	IDs    []ID
	Search string
	Filter string
	Bin    bool
	Except []ID
}

// BulkSpec is a change of many contacts. Tag is the name of the tag of BulkTag and BulkUntag (made where BulkTag finds
// none), Target the id of the group or of the owner, 0 for no owner.
type BulkSpec struct {
	Selection
	Action BulkAction
	Tag    string
	Target int64
}

// BulkID numbers bulk acts within a workspace.
type BulkID int64

// BulkState is where a bulk act stands.
type BulkState string

// The states.
const (
	BulkWaiting   BulkState = "waiting"
	BulkRunning   BulkState = "running"
	BulkDone      BulkState = "done"
	BulkCancelled BulkState = "cancelled"
	BulkFailed    BulkState = "failed"
	BulkUndoing   BulkState = "undoing"
	BulkUndone    BulkState = "undone"
)

// Bulk is a bulk act as it stands. Total is known once it runs; Changed counts contacts that were not so before; Kept
// counts those that an undo left alone because they were edited since.
type Bulk struct {
	ID                         BulkID
	Action                     BulkAction
	Name                       string // of the tag, group or owner
	State                      BulkState
	Actor                      string
	Total, Done, Changed, Kept int64
	Error                      string // code
	CreatedAt, FinishedAt      time.Time
}

// StartBulk begins a bulk act in the background.
func (s *Service) StartBulk(ctx context.Context, workspace int64, spec BulkSpec) (*Bulk, error) {
	return nil, errNotYet
}

// GetBulk tells how a bulk act stands. Error: NotFound bulk.not_found {id}.
func (s *Service) GetBulk(ctx context.Context, workspace int64, id BulkID) (*Bulk, error) {
	return nil, errNotYet
}

// Bulks lists the newest bulk acts.
func (s *Service) Bulks(ctx context.Context, workspace int64, limit int) ([]Bulk, error) {
	return nil, errNotYet
}

// CancelBulk ends a bulk act; what is done stays done.
func (s *Service) CancelBulk(ctx context.Context, workspace int64, id BulkID) (*Bulk, error) {
	return nil, errNotYet
}

// UndoBulk takes a bulk act back in the background; what was edited since stays.
func (s *Service) UndoBulk(ctx context.Context, workspace int64, id BulkID) (*Bulk, error) {
	return nil, errNotYet
}

// Labelled is a tag or group as settings show it. Contacts counts those that the actor sees, up to [CountBound].
type Labelled struct {
	ID         int64
	Name       string
	Color      string // of a tag: "1" to "6", "" for none
	OfImport   bool   // a tag that marks an import
	Restricted bool   // a group
	Contacts   Tally
}

// Tags lists the tags by name.
func (s *Service) Tags(ctx context.Context, workspace int64) ([]Labelled, error) {
	return nil, errNotYet
}

// AddTag makes a tag. Errors: Invalid tag.name_bad; Conflict tag.exists {name}.
func (s *Service) AddTag(ctx context.Context, workspace int64, name, color string) (int64, error) {
	return 0, errNotYet
}

// SetTag gives a tag another name and colour.
func (s *Service) SetTag(ctx context.Context, workspace, id int64, name, color string) error {
	return errNotYet
}

// MergeTags has the contacts of one tag carry another instead, and removes the first.
func (s *Service) MergeTags(ctx context.Context, workspace, from, into int64) error { return errNotYet }

// DeleteTag takes a tag off its contacts and removes it.
func (s *Service) DeleteTag(ctx context.Context, workspace, id int64) error { return errNotYet }

// Groups lists the groups that the actor sees, by name.
func (s *Service) Groups(ctx context.Context, workspace int64) ([]Labelled, error) {
	return nil, errNotYet
}

// AddGroup makes a group, open to all. Errors: Invalid group.name_bad; Conflict group.exists {name}.
func (s *Service) AddGroup(ctx context.Context, workspace int64, name string) (int64, error) {
	return 0, errNotYet
}

// RenameGroup gives a group another name.
func (s *Service) RenameGroup(ctx context.Context, workspace, id int64, name string) error {
	return errNotYet
}

// DeleteGroup takes the contacts out of a group and removes it.
func (s *Service) DeleteGroup(ctx context.Context, workspace, id int64) error { return errNotYet }

// FieldDefinition is a custom field as settings show it.
type FieldDefinition struct {
	CustomField
	Retired bool
}

// Fields lists the custom fields, retired ones too.
func (s *Service) Fields(ctx context.Context, workspace int64) ([]FieldDefinition, error) {
	return nil, errNotYet
}

// AddField defines a custom field. Errors: Invalid field.label_bad, field.type_unknown {value}, field.choices_none,
// field.header_taken {value}; Conflict field.exists {label}.
func (s *Service) AddField(ctx context.Context, workspace int64, f CustomField) (int64, error) {
	return 0, errNotYet
}

// SetField changes the label, the choices and the headers of a custom field; its type stays.
func (s *Service) SetField(ctx context.Context, workspace int64, f CustomField) error {
	return errNotYet
}

// RetireField takes a custom field out of use or, with retired false, back into it. Its values stay.
func (s *Service) RetireField(ctx context.Context, workspace, id int64, retired bool) error {
	return errNotYet
}

// View is a saved view: a list with a name. Filter is the text with names; an own view is seen by its maker alone.
type View struct {
	ID      int64
	Name    string
	Filter  string
	Search  string
	Columns []string // field keys in their order; nil for the default
	Sort    Sort
	Asc     bool
	Shared  bool
	Mine    bool
}

// Views lists the shared views and the actor's own, by name.
func (s *Service) Views(ctx context.Context, workspace int64) ([]View, error) { return nil, errNotYet }

// SaveView makes a view (ID 0) or changes one.
func (s *Service) SaveView(ctx context.Context, workspace int64, v View) (int64, error) {
	return 0, errNotYet
}

// DeleteView removes a view.
func (s *Service) DeleteView(ctx context.Context, workspace, id int64) error { return errNotYet }
