// Package importer brings a file into the base, row by row, with an answer for every row.
//
// # The line of a row
//
// source -> dialect -> table reader -> mapping and cleaning ([layout.clean]) -> match -> decide -> plan.
// [Service.Review] takes every row of the file down that line, writes the decisions into a plan (a blob) and
// changes no contact. [Service.Apply] takes the plan chunk by chunk: one transaction holds the contacts, the
// journal, the outcomes of the rows, the counters and the cursor, so that a crash at any moment loses nothing
// and repeats nothing. Where the base has changed since the review, a chunk is decided again by the same code,
// and rows that come out otherwise are counted as drifted. [Service.Undo] takes an applied import back.
//
// # In the background
//
// [Service.StartReview], [Service.Start] and [Service.StartUndo] leave the work to jobs, which [Service.Workers] does. Imports
// and undoings of a workspace stand in one line; a lock keeps the command line and a job apart, and what a run left half
// done is gone on with before anything new begins. State, cursor and progress are in the import's row, so that any
// node can show them and any can go on.
//
// # Outcomes
//
// Every row ends as exactly one of imported, updated, skipped or error; after a cancel the rest is unprocessed.
package importer

import (
	"time"

	"cadastro/internal/errs"
	"cadastro/internal/journal"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
)

// ID numbers imports within a workspace.
type ID int64

// State is where an import stands.
type State string

// The states, in the order of a life.
const (
	Uploaded   State = "uploaded"   // the file is stored, nothing is decided
	Validating State = "validating" // a review is under way
	InReview   State = "review"     // the plan waits for a start; it expires
	Queued     State = "queued"
	Importing  State = "importing"
	Done       State = "done"
	Cancelled  State = "cancelled"
	Failed     State = "failed"
	Expired    State = "expired"
	Undoing    State = "undoing"
	Undone     State = "undone"
)

// Repeated says what becomes of rows that share an identifier.
type Repeated string

// The ways.
const (
	RepeatedError Repeated = "error" // all of them are errors
	RepeatedFirst Repeated = "first" // the first one wins, the others are skipped
	RepeatedLast  Repeated = "last"  // the last one wins
	RepeatedJoin  Repeated = "join"  // they are one contact, which the first one stands for
)

// Settings are what a person chose for an import. They are kept, so that it can be done again.
type Settings struct {
	Dialect     table.Dialect      `json:"dialect"`
	Fixed       []string           `json:"fixed,omitempty"` // parts of the dialect that a person fixed, see [Reread]; the others were found
	Mapping     mapping.Mapping    `json:"mapping"`
	Purpose     mapping.Purpose    `json:"purpose"`
	Identifier  mapping.Identifier `json:"identifier"`
	Country     string             `json:"country"`
	PhonePreset string             `json:"phone_preset,omitempty"`
	Tags        []string           `json:"tags,omitempty"`       // for every contact added or updated
	ImportTag   string             `json:"import_tag,omitempty"` // likewise, but a contact that is otherwise unchanged stays so
	Group       string             `json:"group,omitempty"`
	Repeated    Repeated           `json:"repeated,omitempty"`
	LegalBasis  string             `json:"legal_basis,omitempty"`
	Language    string             `json:"language"`
}

// Counts are rows by outcome.
type Counts struct {
	Imported    int64 `json:"imported"`
	Updated     int64 `json:"updated"`
	Skipped     int64 `json:"skipped"`
	Errors      int64 `json:"errors"`
	Unprocessed int64 `json:"unprocessed,omitempty"`
}

// Sum is the number of rows that have an outcome.
func (c Counts) Sum() int64 { return c.Imported + c.Updated + c.Skipped + c.Errors }

func (c *Counts) add(o Outcome, n int64) {
	switch o {
	case RowImported:
		c.Imported += n
	case RowUpdated:
		c.Updated += n
	case RowSkipped:
		c.Skipped += n
	case RowError:
		c.Errors += n
	}
}

// Summary is what a review found.
type Summary struct {
	Counts   Counts           `json:"counts"`
	Rows     int64            `json:"rows"`
	Warnings int64            `json:"warnings"` // rows with a warning that are no errors
	Cleared  int64            `json:"cleared"`  // values that would be erased
	Reasons  map[string]int64 `json:"reasons"`  // "error.<code>", "skip.<code>", "warning.<code>" -> rows
	Columns  map[string]int   `json:"columns"`  // key of Reasons -> the one column of the file in which its rows have it, -1 for several
	Changes  map[string]int64 `json:"changes"`  // field key -> contacts whose value changes
	// ClearedFields says of Cleared how many are of each field.
	ClearedFields map[string]int64 `json:"cleared_fields,omitempty"`
	Notes         []errs.Issue     `json:"notes"` // what was recognised in the file as a whole
	NewTags       []string         `json:"new_tags,omitempty"`
	Drifted       int64            `json:"drifted,omitempty"`
}

// TextKey names the state's word in the catalogue.
func (s State) TextKey() string { return "import.state." + string(s) }

// Running tells whether work is under way, or waits for its turn.
func (s State) Running() bool {
	return s == Validating || s == Queued || s == Importing || s == Undoing
}

// Step is how far the phase at hand is, as any node may show it. Of Done and Total, in bytes for a review and in rows
// otherwise, Total is 0 where it is not known. At is when that was written, at most every half second.
type Step struct {
	Phase Phase     `json:"phase"`
	Done  int64     `json:"done"`
	Total int64     `json:"total"`
	Rows  int64     `json:"rows"`
	At    time.Time `json:"at"`
}

// Import is one file on its way into the base. Times are zero where they have not come.
type Import struct {
	Workspace  int64
	ID         ID
	State      State
	FileName   string
	FileSize   int64
	FileHash   string // SHA-256, hexadecimal
	Settings   Settings
	Summary    Summary
	Actor      string
	MemberID   int64  // who brought the file and is told at the end; 0 for the command line
	MemberName string // of MemberID, "" for none
	FromID     ID     // the import whose settings this one took over, 0 for none
	Rows       int64
	Counts     Counts // of what is applied, with the rest of Rows as Unprocessed
	Progress   Step
	Drifted    int64
	Chunks     int64
	NextChunk  int64
	Set        journal.SetID
	UndoSet    journal.SetID
	UndoReport *UndoReport
	Err        *errs.Error
	CreatedAt  time.Time
	ReviewedAt time.Time
	StartedAt  time.Time
	FinishedAt time.Time
	UndoneAt   time.Time

	fileKey, planKey, resultKey string
	idBase, seen                int64
	undoChunk                   int64
	undoActor                   string
	undoMember                  int64
	cancel                      bool
	job                         int64
	round                       int64
}

// settle fills in what follows from the rest.
func (i *Import) settle() {
	i.Counts.Unprocessed = i.Rows - i.Counts.Sum()
	if i.State == Importing {
		i.Progress.Phase, i.Progress.Done, i.Progress.Total, i.Progress.Rows = PhaseApply, i.Counts.Sum(), i.Rows, i.Counts.Sum()
	}
}

// Cancelling tells whether an import that is under way was asked to stop.
func (i *Import) Cancelling() bool { return i.cancel && i.State == Importing }

// Started tells whether anything of the import has been written.
func (i *Import) Started() bool { return i.Set != 0 }

// Pace gives how fast an import is being applied, in rows a second, and how long the rest will take at that. ok is
// false where there is nothing to tell from yet.
func (i *Import) Pace() (rate float64, left time.Duration, ok bool) {
	took := i.Progress.At.Sub(i.StartedAt)
	done := i.Counts.Sum()
	if i.State != Importing || done == 0 || took <= 0 {
		return 0, 0, false
	}
	rate = float64(done) / took.Seconds()
	return rate, time.Duration(float64(i.Rows-done) / rate * float64(time.Second)), true
}

// HasResult tells whether the result file is there to be read.
func (i *Import) HasResult() bool { return i.resultKey != "" }

// Outcome is what became of one row.
type Outcome uint8

// The outcomes. The zero value is a row that no chunk has come to.
const (
	RowUnprocessed Outcome = iota
	RowImported
	RowUpdated
	RowSkipped
	RowError
)

// String gives the stable name, as in JSON and in catalogue keys.
func (o Outcome) String() string {
	return [...]string{"unprocessed", "imported", "updated", "skipped", "error"}[o]
}

// Reason says why a row was skipped, or which rule between rows made it an error. Faults in its cells are
// issues of the row instead.
type Reason uint8

// The reasons. New ones go at the end: plans and outcomes hold the numbers.
const (
	NoReason         Reason = iota
	Exists                  // purpose "add new only", and somebody has the identifier
	NotFound                // purpose "update only", and nobody has it
	Unchanged               // nothing to change
	RepeatedRow             // another row of the file has the identifier
	SharedIdentifier        // several contacts have the identifier
	KeyConflict             // two keys of the row belong to two contacts
	NoIdentifier            // the row has no identifier
	NoName                  // a contact would be added without a name
	DoNotContact            // the workspace's list forbids it
	Erased                  // the person asked to be erased
	BadCells                // a cell has a fault
	TooManyTags             // the file would make too many new tags
	LeftOut                 // a person left the row out
	Joined                  // the row's data went into the contact of another row of the file
	OutOfSight              // it meets a contact, or names a group, that whoever imports does not see
)

// String gives the stable name.
func (r Reason) String() string {
	return [...]string{"", "exists", "not_found", "unchanged", "repeated", "shared_identifier", "key_conflict",
		"no_identifier", "no_name", "do_not_contact", "erased", "cells", "too_many_tags",
		"left_out", "joined", "out_of_sight"}[r]
}
