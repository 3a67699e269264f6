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
)

// Settings are what a person chose for an import. They are kept, so that it can be done again.
type Settings struct {
	Dialect     table.Dialect      `json:"dialect"`
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
	Changes  map[string]int64 `json:"changes"`  // field key -> contacts whose value changes
	Notes    []errs.Issue     `json:"notes"`    // what was recognised in the file as a whole
	NewTags  []string         `json:"new_tags,omitempty"`
	Drifted  int64            `json:"drifted,omitempty"`
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
	Rows       int64
	Counts     Counts // of what is applied
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

	fileKey, planKey, resultKey string
	idBase, seen                int64
	undoChunk                   int64
	cancel                      bool
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
)

// String gives the stable name.
func (r Reason) String() string {
	return [...]string{"", "exists", "not_found", "unchanged", "repeated", "shared_identifier", "key_conflict",
		"no_identifier", "no_name", "do_not_contact", "erased", "cells", "too_many_tags"}[r]
}
