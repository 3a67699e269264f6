package importer

import (
	"context"

	"cadastro/internal/errs"
)

var errSoon = errs.New(errs.Internal, "internal")

// Cure is a way to correct all rows of a cause at once. It is offered, and never applied unasked.
//
// The texts are cure.<kind>.title, .question and .button of the catalogue, Kind being Key without what follows a
// colon; their arguments are Texts.
type Cure struct {
	Key     string // for [Service.ApplyCure], e.g. "area_code_city"
	Kind    string
	Rows    int64 // rows that it would correct
	Of      int64 // rows of the cause
	Texts   map[string]any
	Ask     string   // name of an argument that a person has to choose, "" for none
	Options []string // its values, the likeliest first
	Setting bool     // changes a setting of the import; the review is done again
	Samples []CureSample
}

// CureSample is one cell before and after a cure. Column is -1 where the whole row is decided.
type CureSample struct {
	Row, Line     int64
	Column        int
	Before, After string
}

// Cures gives the ways to correct the rows of a cause ("error.<code>", "warning.<code>", or "cleared" for the values
// that would be erased), the best first, with at most five samples each.
func (s *Service) Cures(ctx context.Context, imp *Import, cause string) ([]Cure, error) {
	return nil, errSoon
}

// CureRows gives what a cure would do, behind the row after, at most limit.
func (s *Service) CureRows(ctx context.Context, imp *Import, cause, key string, args map[string]string, after int64, limit int) ([]CureSample, error) {
	return nil, errSoon
}

// ApplyCure corrects all rows of a cause and tells how many. The corrections are told in the result and go with
// [Service.DropCure]. Where they are many, or a setting changes, the review is done again: the import comes back
// Validating where that happens in the background, else InReview.
func (s *Service) ApplyCure(ctx context.Context, workspace int64, id ID, cause, key string, args map[string]string) (*Import, int64, error) {
	return nil, 0, errSoon
}

// DropCure takes back all corrections that a cure made and tells how many rows that were.
func (s *Service) DropCure(ctx context.Context, workspace int64, id ID, key string) (*Import, int64, error) {
	return nil, 0, errSoon
}
