package contact

import (
	"context"
	"database/sql"
	"slices"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

// FieldDefinition is a custom field as settings show it.
type FieldDefinition struct {
	CustomField
	Retired bool
}

// Limits of custom fields.
const (
	MaxLabel   = 100 // runes of a label, a choice or a header
	MaxChoices = 500
)

// Fields lists the custom fields, retired ones too.
func (s *Service) Fields(ctx context.Context, workspace int64) ([]FieldDefinition, error) {
	if err := auth.RequireIn(ctx, workspace, auth.FieldsRead); err != nil {
		return nil, err
	}
	var out []FieldDefinition
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		out, err = definitions(ctx, q, workspace)
		return err
	})
	return out, err
}

func definitions(ctx context.Context, q db.Querier, workspace int64) ([]FieldDefinition, error) {
	retired := map[int64]bool{}
	ids, err := db.Collect(ctx, q, func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id) },
		"SELECT id FROM custom_field WHERE workspace_id = $1 AND retired_at IS NOT NULL", workspace)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		retired[id] = true
	}
	list, err := db.Collect(ctx, q, scanField, "SELECT id, label, type, choices, headers FROM custom_field WHERE workspace_id = $1 ORDER BY id", workspace)
	out := make([]FieldDefinition, len(list))
	for i, f := range list {
		out[i] = FieldDefinition{f, retired[f.ID]}
	}
	return out, err
}

// AddField defines a custom field. Errors: Invalid field.label_bad {limit}, field.type_unknown {value}, field.choices_none,
// field.choices_many {limit}, field.header_taken {value}; Conflict field.exists {label}.
func (s *Service) AddField(ctx context.Context, workspace int64, f CustomField) (id int64, err error) {
	err = s.act(ctx, workspace, auth.FieldsManage, func(ctx context.Context, tx *db.Tx, a *act) error {
		f.ID = 0
		if !slices.Contains([]FieldType{TypeText, TypeNumber, TypeDate, TypeBoolean, TypeChoice, TypeURL}, f.Type) {
			return errs.New(errs.Invalid, "field.type_unknown", "value", errs.Clip(string(f.Type), 40))
		}
		if err := checkField(ctx, tx, workspace, &f); err != nil {
			return err
		}
		id, err = DefineField(ctx, tx, workspace, f, a.now)
		return err
	})
	return id, err
}

// SetField changes the label, the choices and the headers of a custom field; its type stays, and so do values that are no
// choice any more. Errors as of AddField; NotFound field.not_found {id}.
func (s *Service) SetField(ctx context.Context, workspace int64, f CustomField) error {
	return s.act(ctx, workspace, auth.FieldsManage, func(ctx context.Context, tx *db.Tx, _ *act) error {
		list, err := definitions(ctx, tx, workspace)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(d FieldDefinition) bool { return d.ID == f.ID })
		if i < 0 {
			return errs.New(errs.NotFound, "field.not_found", "id", f.ID)
		}
		f.Type = list[i].Type
		if err := checkField(ctx, tx, workspace, &f); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE custom_field SET label = $3, label_key = $4, choices = $5, headers = $6 WHERE workspace_id = $1 AND id = $2",
			workspace, f.ID, f.Label, normalize.Fold(f.Label), jsonList(f.Choices), jsonList(f.Headers))
		return err
	})
}

// RetireField takes a custom field out of use or, with retired false, back into it. Its values stay. Error: NotFound
// field.not_found {id}.
func (s *Service) RetireField(ctx context.Context, workspace, id int64, retired bool) error {
	return s.act(ctx, workspace, auth.FieldsManage, func(ctx context.Context, tx *db.Tx, a *act) error {
		var at any
		if retired {
			at = a.now
		}
		n, err := tx.Exec(ctx, "UPDATE custom_field SET retired_at = $3 WHERE workspace_id = $1 AND id = $2", workspace, id, at)
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "field.not_found", "id", id)
		}
		return err
	})
}

// checkField brings a definition into its form and holds it against the others.
func checkField(ctx context.Context, q db.Querier, workspace int64, f *CustomField) error {
	label, err := setName(f.Label, MaxLabel)
	if err != nil {
		return errs.New(errs.Invalid, "field.label_bad", "limit", MaxLabel)
	}
	f.Label = label
	tidy := func(list []string) ([]string, error) {
		var out []string
		seen := map[string]bool{}
		for _, text := range list {
			if normalize.IsBlank(text) {
				continue
			}
			name, err := setName(text, MaxLabel)
			if err != nil {
				return nil, errs.New(errs.Invalid, "field.label_bad", "limit", MaxLabel)
			}
			if key := normalize.Fold(name); !seen[key] {
				seen[key] = true
				out = append(out, name)
			}
		}
		if len(out) > MaxChoices {
			return nil, errs.New(errs.Invalid, "field.choices_many", "limit", MaxChoices)
		}
		return out, nil
	}
	if f.Choices, err = tidy(f.Choices); err != nil {
		return err
	}
	if f.Headers, err = tidy(f.Headers); err != nil {
		return err
	}
	if f.Type == TypeChoice && len(f.Choices) == 0 {
		return errs.New(errs.Invalid, "field.choices_none")
	}
	if f.Type != TypeChoice {
		f.Choices = nil
	}
	list, err := definitions(ctx, q, workspace)
	if err != nil {
		return err
	}
	for _, other := range list {
		if other.ID == f.ID {
			continue
		}
		if normalize.Fold(other.Label) == normalize.Fold(f.Label) {
			return errs.New(errs.Conflict, "field.exists", "label", other.Label)
		}
		for _, h := range f.Headers {
			if slices.ContainsFunc(append([]string{other.Label}, other.Headers...), func(o string) bool { return normalize.Fold(o) == normalize.Fold(h) }) {
				return errs.New(errs.Invalid, "field.header_taken", "value", h)
			}
		}
	}
	return nil
}
