package importer

import (
	"context"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Asks is what a workspace asks of every import.
type Asks struct {
	Group bool // it goes into a group
	Basis bool // it names its legal basis
}

// asked tells what the workspace asks for and the settings do not say. Errors, Invalid: import.group_needed, import.basis_needed.
func (s *Service) asked(ctx context.Context, q db.Querier, workspace int64, set *Settings) error {
	if s.AsksOf == nil {
		return nil
	}
	asks, err := s.AsksOf(ctx, q, workspace)
	switch {
	case err != nil:
		return err
	case asks.Group && set.Group == "":
		return errs.New(errs.Invalid, "import.group_needed")
	case asks.Basis && set.LegalBasis == "":
		return errs.New(errs.Invalid, "import.basis_needed")
	}
	return nil
}
