package importer

import (
	"context"
	"errors"
	"slices"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
)

// Review reads every row of an import's file, decides what would become of it and keeps that as the plan. No
// contact changes. Settings whose mapping makes custom fields have them made. A review may be done again, with
// other settings, until the import starts.
func (s *Service) Review(ctx context.Context, workspace int64, id ID, set Settings, progress Progress) (*Import, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, err
	}
	imp, err := s.beginReview(ctx, workspace, id, set, false)
	if err != nil {
		return nil, err
	}
	if err := s.review(ctx, imp, nil, progress); err != nil {
		return nil, err
	}
	return imp, nil
}

// check holds settings to the rules and makes the custom fields that they ask for.
func (set *Settings) check(ctx context.Context, tx *db.Tx, workspace, now int64) error {
	if err := set.Mapping.Validate(set.Purpose, set.Identifier); err != nil {
		return err
	}
	if set.Repeated == "" {
		set.Repeated = RepeatedError
	}
	set.Mapping.Columns = slices.Clone(set.Mapping.Columns)
	for i := range set.Mapping.Columns {
		c := &set.Mapping.Columns[i]
		if c.Field != mapping.NewCustom {
			continue
		}
		f := contact.CustomField{Label: c.Label, Type: contact.FieldType(c.Type), Headers: []string{c.Header}}
		if f.Label == "" {
			f.Label = c.Header
		}
		if f.Label = normalize.Trim(f.Label); f.Label == "" {
			return errs.New(errs.Invalid, "mapping.custom_without_label", "column", i+1)
		}
		if f.Type == "" {
			f.Type = contact.TypeText
		}
		id, err := contact.DefineField(ctx, tx, workspace, f, now)
		if err != nil {
			return err
		}
		c.Field = contact.CustomKey(id)
	}
	// Two columns of one label are one custom field, which takes one column.
	return set.Mapping.Validate(set.Purpose, set.Identifier)
}

// readTwo runs f in two read transactions that see the same contacts, so that one can find and the other read them at
// the same time. On PostgreSQL both are one: there the work is the server's, and two snapshots of it could differ.
func (s *Service) readTwo(ctx context.Context, workspace int64, f func(ctx context.Context, q, beside db.Querier) error) error {
	again := errors.New("the base changed between two snapshots")
	for {
		err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
			if q.Engine() != db.SQLite {
				return f(ctx, q, q)
			}
			seen, err := journal.Latest(ctx, q, workspace)
			if err != nil {
				return err
			}
			return s.DB.Read(ctx, func(ctx context.Context, beside db.Querier) error {
				if now, err := journal.Latest(ctx, beside, workspace); err != nil || now != seen {
					return errors.Join(err, again)
				}
				return f(ctx, q, beside)
			})
		})
		if !errors.Is(err, again) || ctx.Err() != nil {
			return err
		}
	}
}
