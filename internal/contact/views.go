package contact

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/filter"
	"cadastro/internal/normalize"
)

// View is a saved view: a list with a name. Filter is the text with names; an own view is seen by its maker alone. A
// shared one is everybody's to use and a manager's to change.
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

const viewCols = "id, member_id, shared, name, filter, search, columns, sort, ascending"

type storedView struct {
	View
	member int64
}

func scanView(r *sql.Rows) (v storedView, err error) {
	var columns string
	if err := r.Scan(&v.ID, &v.member, &v.Shared, &v.Name, &v.Filter, &v.Search, &columns, &v.Sort, &v.Asc); err != nil {
		return v, err
	}
	return v, json.Unmarshal([]byte(columns), &v.Columns)
}

// Views lists the shared views and the actor's own, by name. A filter that names what is no longer there, or what the
// actor does not see, comes as it was kept.
func (s *Service) Views(ctx context.Context, workspace int64) ([]View, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsRead); err != nil {
		return nil, err
	}
	actor, _ := auth.From(ctx) // RequireIn has seen it
	var out []View
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		sight, err := sightOf(ctx, q, workspace, auth.ContactsRead)
		if err != nil {
			return err
		}
		cat, err := LoadCatalogue(ctx, q, workspace)
		if err != nil {
			return err
		}
		list, err := db.Collect(ctx, q, scanView, "SELECT "+viewCols+" FROM contact_view WHERE workspace_id = $1 AND (shared OR member_id = $2) ORDER BY id", workspace, int64(actor.Member))
		if err != nil {
			return err
		}
		words := NewWords(cat, sight)
		for _, v := range list {
			if query, err := filter.Parse(v.Filter, words); err == nil {
				v.Filter = query.String()
			}
			v.Mine = v.member == int64(actor.Member)
			out = append(out, v.View)
		}
		slices.SortStableFunc(out, func(a, b View) int {
			switch x, y := normalize.Fold(a.Name), normalize.Fold(b.Name); {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		})
		return nil
	})
	return out, err
}

// SaveView makes a view (ID 0) or changes one. Agents have views of their own; sharing one is a manager's. Errors: those of
// filters; Invalid view.name_bad {limit}, contact.sort_unknown, contact.field_unknown; NotFound view.not_found {id}.
func (s *Service) SaveView(ctx context.Context, workspace int64, v View) (int64, error) {
	id := v.ID
	err := s.act(ctx, workspace, auth.ContactsRead, func(ctx context.Context, tx *db.Tx, a *act) error {
		name, err := setName(v.Name, MaxLabel)
		if err != nil {
			return errs.New(errs.Invalid, "view.name_bad", "limit", MaxLabel)
		}
		if _, err := partOf(v.Columns); err != nil {
			return err
		}
		if v.Sort != "" {
			if _, err := readCursor(ListQuery{Sort: v.Sort}); err != nil {
				return err
			}
		}
		f, err := s.find(ctx, tx, workspace, &ListQuery{Filter: v.Filter}, auth.ContactsRead)
		if err != nil {
			return err
		}
		if v.Shared {
			if err := auth.RequireIn(ctx, workspace, auth.TagsManage); err != nil { // what all share is the managers'
				return err
			}
		}
		if v.ID == 0 {
			if id, err = tx.Reserve(ctx, workspace, "contact_view", 1); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO contact_view (workspace_id, id, member_id, shared, name, filter, search, columns, sort, ascending, created_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, workspace, id, int64(a.actor.Member), v.Shared, name, f.query.Pinned(), v.Search, jsonList(v.Columns), string(v.Sort), v.Asc, a.now)
			return err
		}
		if err := a.ownView(ctx, tx, v.ID); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE contact_view SET shared = $3, name = $4, filter = $5, search = $6, columns = $7, sort = $8, ascending = $9
			WHERE workspace_id = $1 AND id = $2`, workspace, v.ID, v.Shared, name, f.query.Pinned(), v.Search, jsonList(v.Columns), string(v.Sort), v.Asc)
		return err
	})
	return id, err
}

// DeleteView removes a view. Error: NotFound view.not_found {id}.
func (s *Service) DeleteView(ctx context.Context, workspace, id int64) error {
	return s.act(ctx, workspace, auth.ContactsRead, func(ctx context.Context, tx *db.Tx, a *act) error {
		if err := a.ownView(ctx, tx, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "DELETE FROM contact_view WHERE workspace_id = $1 AND id = $2", workspace, id)
		return err
	})
}

// ownView tells whether the actor may change a view: it is theirs, or shared and they are a manager.
func (a *act) ownView(ctx context.Context, tx *db.Tx, id int64) error {
	var member int64
	var shared bool
	err := tx.QueryRow(ctx, "SELECT member_id, shared FROM contact_view WHERE workspace_id = $1 AND id = $2", a.workspace, id).Scan(&member, &shared)
	mine := member == int64(a.actor.Member)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !mine && !shared {
		return errs.New(errs.NotFound, "view.not_found", "id", id)
	}
	if err == nil && !mine {
		err = auth.RequireIn(ctx, a.workspace, auth.TagsManage)
	}
	return err
}
