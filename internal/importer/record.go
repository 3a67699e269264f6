package importer

import (
	"cadastro/internal/contact"
	"cadastro/internal/errs"
)

// Record is a row in normal form.
//
// Values has one text for each slot of the layout, "" for an empty cell. TagNames and GroupNames are as the
// file has them; the review turns them into Tags and Groups: ids of the base, or -1-i for the i-th name of the
// plan's new names. Identity is what the import's identifier recognises the row by, the zero Key where it has
// none; Keys are all that the row knows, Identity included.
type Record struct {
	Number     int64
	Line       int64
	Values     []string
	Channels   []contact.Channel
	TagNames   []string
	GroupNames []string
	Tags       []int64
	Groups     []int64
	Consent    Consent
	ContactID  contact.ID // for identifier "contact id", and for [ChooseContact]
	Choice     Choice     // what a person decided about the row
	Identity   contact.Key
	Keys       []contact.Key
	Issues     []errs.Issue
}

// Consent is what a consent column says.
type Consent uint8

// The answers.
const (
	ConsentUnknown Consent = iota
	ConsentGiven
	ConsentRefused
)

// clearMark in Values stands for a cell that holds the word which clears the field. No cell can hold it, since
// cleaning removes NUL bytes.
const clearMark = "\x00"

// hasIdentity tells whether the row says whom it speaks of.
func (r *Record) hasIdentity() bool { return r.ContactID != 0 || r.Identity.Text != "" }

// hasReject tells whether a fault keeps the row out.
func hasReject(issues []errs.Issue) bool { return errs.Worst(issues) == errs.Reject }
