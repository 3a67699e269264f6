package contact

import (
	"context"
	"errors"
	"time"

	"cadastro/internal/errs"
	"cadastro/internal/journal"
)

var errNotYet = errors.New("contact: being built")

// Issue is what is wrong with, or worth telling of, one field.
type Issue = errs.Issue

// Faults are all that is wrong with an Input, each with its Field: the cause (errors.As) of the Invalid "contact.faulty"
// {count} of Add and Save. Field of an address is "phone.0": kind and place.
type Faults []Issue

// Error implements error without the values.
func (f Faults) Error() string { return "faulty fields" }

// Check tells what a text comes to as a value of a field or address, while it is being typed. key is a field key.
func (s *Service) Check(ctx context.Context, workspace int64, key, text string) (Checked, error) {
	return Checked{}, errNotYet
}

// Add makes a contact. Errors: Invalid contact.faulty, contact.empty.
func (s *Service) Add(ctx context.Context, workspace int64, in Input) (*Contact, error) {
	return nil, errNotYet
}

// Save changes a contact as one act. version is the one that the editor saw. Errors: Conflict contact.changed {id, version}
// with Changed as its cause; Invalid contact.faulty; NotFound contact.not_found.
func (s *Service) Save(ctx context.Context, workspace int64, id ID, version int64, in Input) (*Contact, error) {
	return nil, errNotYet
}

// Changed tells what others changed since the version that an editor saw: the cause (errors.As) of contact.changed.
type Changed struct {
	Now    *Contact
	Fields []string // keys that differ; nil where the history does not tell
}

// Error implements error.
func (c *Changed) Error() string { return "changed since" }

// Restore takes contacts out of the bin and tells how many came.
func (s *Service) Restore(ctx context.Context, workspace int64, ids []ID) (int, error) {
	return 0, errNotYet
}

// Event is one act that made or changed a contact.
type Event struct {
	Set      journal.SetID
	Kind     string // as journal.Kind…, or "add"
	Actor    string // "member 3", "token 5", "cli", "system"
	Member   string // the member's name where the actor is one, "" where it is gone
	ImportID int64
	At       time.Time
	Changes  []Change
}

// Change is one field of an event, old and new as they are shown.
type Change struct {
	Field, Old, New string
	Added, Removed  []string // of tags, groups and addresses
}

// History gives the acts of a contact, the newest first, those before the given set first (0 for all); more tells that
// there are older ones.
func (s *Service) History(ctx context.Context, workspace int64, id ID, before journal.SetID, limit int) (list []Event, more bool, err error) {
	return nil, false, errNotYet
}

// Source tells where a value came from.
type Source struct {
	Set      journal.SetID
	Kind     string
	Actor    string
	Member   string
	ImportID int64
	At       time.Time
	Before   string // the value before, as it is shown
}

// Sources tells for every field that has a value where it came from, by field key.
func (s *Service) Sources(ctx context.Context, workspace int64, id ID) (map[string]Source, error) {
	return nil, errNotYet
}

// BlockedAddress is an entry of the do-not-contact list.
type BlockedAddress struct {
	Kind    Kind
	Key     string
	Reason  string
	AddedAt time.Time
}

// BlockResult tells what came of texts for the do-not-contact list. Faults are by place in the texts.
type BlockResult struct {
	Added, Known int
	Faults       map[int][]Issue
}

// DoNotContact lists the workspace's do-not-contact list in the order of keys, those behind after first.
func (s *Service) DoNotContact(ctx context.Context, workspace int64, search string, after Key, limit int) ([]BlockedAddress, error) {
	return nil, errNotYet
}

// AddDoNotContact puts phones and e-mail addresses, one a text, on the list.
func (s *Service) AddDoNotContact(ctx context.Context, workspace int64, texts []string, reason string) (*BlockResult, error) {
	return nil, errNotYet
}

// RemoveDoNotContact takes keys off the list and tells how many were on it.
func (s *Service) RemoveDoNotContact(ctx context.Context, workspace int64, keys []Key) (int, error) {
	return 0, errNotYet
}

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
