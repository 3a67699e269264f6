package importer

import (
	"context"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
)

// CellFix gives a cell of the file the value that it should have. The file stays as it is.
type CellFix struct {
	Row    int64 // number of the row, as in [RowResult]
	Column int   // of the file, from 0
	Value  string
}

// CellAt names a cell of the file.
type CellAt struct {
	Row    int64
	Column int
}

// Choice is what a person decided about a whole row.
type Choice uint8

// The choices.
const (
	ChooseNothing Choice = iota // takes an earlier choice back
	ChooseLeaveOut
	ChooseNew     // a new contact, whoever else has its keys
	ChooseContact // the contact named
)

// Fix is one correction that was made at review. Column is -1 where the whole row was decided, by Choice and, for
// [ChooseContact], Contact.
type Fix struct {
	Row     int64
	Column  int
	Was     string // the file's cell
	Value   string
	Dropped bool   // the cell is left out for its fault, and the contact keeps what it has; Value is ""
	Origin  string // key of the cure that made it, "" for one made by hand
	Choice  Choice
	Contact contact.ID
}

// Candidate is a contact that one of a row's keys belongs to. Name is "" where the reader may not see the contact.
type Candidate struct {
	Contact contact.ID
	Name    string
	Keys    []contact.Key // the row's keys that are the contact's
}

// MaxFixes is how many cells one call of [Service.FixCells] takes.
const MaxFixes = 1000

var errSoon = errs.New(errs.Internal, "internal")

// FixCells corrects cells of an import in review, decides their rows again, and with them the rows of the file that
// shared or now share an identifier or a contact with them. It gives the import with its new counts and all rows of
// which the outcome or the cells changed, in the order of the file.
func (s *Service) FixCells(ctx context.Context, workspace int64, id ID, fixes []CellFix) (*Import, []*RowResult, error) {
	return nil, nil, errSoon
}

// UnfixCells gives cells the value that they have in the file, and takes decisions about rows back where Column is -1.
func (s *Service) UnfixCells(ctx context.Context, workspace int64, id ID, cells []CellAt) (*Import, []*RowResult, error) {
	return nil, nil, errSoon
}

// Fixes gives the corrections of the rows numbered from first to last, in the order of rows and columns.
func (s *Service) Fixes(ctx context.Context, imp *Import, first, last int64) ([]Fix, error) {
	return nil, errSoon
}

// ResolveRow decides about a row as a whole: whom it speaks of where its keys point at several contacts, or that it is
// left out. of is for [ChooseContact] and must be one of the row's candidates.
func (s *Service) ResolveRow(ctx context.Context, workspace int64, id ID, row int64, choice Choice, of contact.ID) (*Import, []*RowResult, error) {
	return nil, nil, errSoon
}

// Candidates gives the contacts that the keys of a row belong to, the identifier's first.
func (s *Service) Candidates(ctx context.Context, imp *Import, row int64) ([]Candidate, error) {
	return nil, errSoon
}
