package importer

import (
	"context"
	"slices"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/mapping"
	"cadastro/internal/match"
)

// CellFix gives a cell of the file the value that it should have. The file stays as it is.
type CellFix struct {
	Row    int64 // number of the row, as in [RowResult]
	Column int   // of the file, from 0
	Value  string
}

// CellAt names a cell of the file, or with a Column of -1 the decision about a whole row.
type CellAt struct {
	Row    int64
	Column int
}

// Choice is what a person decided about a whole row.
type Choice uint8

// The choices.
const (
	ChooseNothing  Choice = iota // takes an earlier choice back
	ChooseLeaveOut               // the row stays out
	ChooseNew                    // a new contact, whoever else has its keys
	ChooseContact                // the contact named
)

// Fix is one correction that was made at review. Column is -1 where the whole row was decided, by Choice and, for
// [ChooseContact], Contact.
type Fix struct {
	Row     int64
	Column  int
	Was     string // the file's cell
	Value   string
	Dropped bool   // the cell is left out for its fault, and the contact keeps what it has; Value is ""
	Origin  string // key of the cure that made it, [ByHand] for none
	Choice  Choice
	Contact contact.ID
}

// Candidate is a contact that keys of a row belong to. Name is "" where the reader may not see the contact.
type Candidate struct {
	Contact contact.ID
	Name    string
	Keys    []contact.Key // the row's keys that are the contact's
}

// MaxFixes is how many cells one call of [Service.FixCells] or [Service.UnfixCells] takes.
const MaxFixes = 1000

// FixCells corrects cells of an import in review, decides their rows again, and with them the rows of the file that
// shared or now share an identifier or a contact with them. It gives the import with its new counts, and the corrected
// rows with all others that come out otherwise now, in the order of the file. A value that is the file's own takes the
// correction back.
//
// Errors: Conflict import.state, import.expired; Invalid fix.no_cell {row, column}, fix.too_many {limit}, fix.too_long
// {limit}.
func (s *Service) FixCells(ctx context.Context, workspace int64, id ID, cells []CellFix) (*Import, []*RowResult, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, nil, err
	}
	if len(cells) > MaxFixes {
		return nil, nil, errs.New(errs.Invalid, "fix.too_many", "limit", MaxFixes)
	}
	wishes := make([]Fix, len(cells))
	for i, c := range cells {
		if len(c.Value) > maxNotes {
			return nil, nil, errs.New(errs.Invalid, "fix.too_long", "limit", maxNotes)
		}
		if c.Column < 0 {
			return nil, nil, noCell(c.Row, c.Column)
		}
		wishes[i] = Fix{Row: c.Row, Column: c.Column, Value: c.Value, Origin: ByHand}
	}
	return s.correct(ctx, workspace, id, wishes, nil)
}

// UnfixCells gives cells the value that they have in the file, and takes decisions about rows back where Column is -1.
func (s *Service) UnfixCells(ctx context.Context, workspace int64, id ID, cells []CellAt) (*Import, []*RowResult, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, nil, err
	}
	if len(cells) > MaxFixes {
		return nil, nil, errs.New(errs.Invalid, "fix.too_many", "limit", MaxFixes)
	}
	return s.correct(ctx, workspace, id, nil, cells)
}

// ResolveRow decides about a row as a whole: whom it speaks of where its keys point at several contacts, or that it is
// left out. of is for [ChooseContact] and must be one of the row's candidates. It gives what [Service.FixCells] gives.
//
// Errors beside those of FixCells: Invalid fix.not_candidate {contact}, fix.update_only.
func (s *Service) ResolveRow(ctx context.Context, workspace int64, id ID, row int64, choice Choice, of contact.ID) (*Import, []*RowResult, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, nil, err
	}
	if choice == ChooseNothing {
		return s.correct(ctx, workspace, id, nil, []CellAt{{row, -1}})
	}
	imp, err := s.load(ctx, workspace, id)
	if err != nil {
		return nil, nil, err
	}
	switch choice {
	case ChooseContact:
		list, err := s.Candidates(ctx, imp, row)
		if err != nil {
			return nil, nil, err
		}
		if !slices.ContainsFunc(list, func(c Candidate) bool { return c.Contact == of }) {
			return nil, nil, errs.New(errs.Invalid, "fix.not_candidate", "contact", int64(of))
		}
	case ChooseNew:
		if imp.Settings.Purpose == mapping.PurposeUpdate {
			return nil, nil, errs.New(errs.Invalid, "fix.update_only")
		}
		of = 0
	default:
		of = 0
	}
	return s.correct(ctx, workspace, id, []Fix{{Row: row, Column: -1, Choice: choice, Contact: of, Origin: ByHand}}, nil)
}

// Fixes gives the corrections of the rows numbered from first to last, in the order of rows and columns.
func (s *Service) Fixes(ctx context.Context, imp *Import, first, last int64) (list []Fix, err error) {
	if err := auth.RequireIn(ctx, imp.Workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		list, err = fixesOf(ctx, q, imp, first, last)
		return err
	})
	return list, err
}

// Candidates gives the contacts that the keys of a row belong to, the identifier's first. Contacts in the bin are none.
func (s *Service) Candidates(ctx context.Context, imp *Import, row int64) (list []Candidate, err error) {
	if err := auth.RequireIn(ctx, imp.Workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		f, err := s.openFixer(ctx, q, imp)
		if err != nil {
			return err
		}
		defer f.plan.Close()
		base, err := f.base(row)
		if err != nil {
			return err
		}
		list, err = s.candidates(ctx, q, imp, f.l.appendKeys(nil, &base.Record), base.Record.Identity)
		return err
	})
	return list, err
}

func (s *Service) candidates(ctx context.Context, q db.Querier, imp *Import, keys []contact.Key, first contact.Key) ([]Candidate, error) {
	slices.SortStableFunc(keys, func(a, b contact.Key) int {
		switch {
		case a == first && b != first:
			return -1
		case b == first && a != first:
			return 1
		}
		return 0
	})
	hits, err := match.Find(ctx, q, imp.Workspace, keys)
	if err != nil {
		return nil, err
	}
	var ids []contact.ID
	for _, key := range keys {
		for _, id := range hits[key] {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	known, err := contact.Load(ctx, q, imp.Workspace, ids, contact.Part{Scalars: []contact.Scalar{contact.Name}, Sets: true}, false)
	if err != nil {
		return nil, err
	}
	own, err := sightOf(ctx, q, imp)
	if err != nil {
		return nil, err
	}
	sight := auth.Sight{All: true}
	if s.Sight != nil {
		if sight, err = s.Sight(ctx, q); err != nil {
			return nil, err
		}
	}
	var list []Candidate
	for _, id := range ids {
		c := known[id]
		if c == nil || c.Deleted || !own.Sees(c.Groups) {
			continue
		}
		one := Candidate{Contact: id}
		if sight.Sees(c.Groups) {
			one.Name = c.Scalars[contact.Name]
		}
		for _, key := range keys {
			if slices.Contains(hits[key], id) {
				one.Keys = append(one.Keys, key)
			}
		}
		list = append(list, one)
	}
	return list, nil
}

func noCell(row int64, column int) error {
	return errs.New(errs.Invalid, "fix.no_cell", "row", row, "column", column+1)
}
