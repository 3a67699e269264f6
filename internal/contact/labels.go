package contact

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
	"cadastro/internal/normalize"
)

// Labelled is a tag or group as settings show it. Contacts counts those that the actor sees, up to [CountBound].
type Labelled struct {
	ID         int64
	Name       string
	Color      string // of a tag: "1" to "6", "" for none
	OfImport   bool   // a tag that marks an import
	Restricted bool   // a group
	Contacts   Tally
}

// labelTable is where tags or groups are.
type labelTable struct{ table, members, column, extra, field string }

var (
	tagTable   = labelTable{"tag", "tag_contact", "tag_id", "t.color, t.of_import, FALSE", FieldTags}
	groupTable = labelTable{"contact_group", "group_contact", "group_id", "'', FALSE, t.restricted", FieldGroups}
)

// Tags lists the tags by name.
func (s *Service) Tags(ctx context.Context, workspace int64) ([]Labelled, error) {
	return s.labels(ctx, workspace, &tagTable)
}

// Groups lists the groups that the actor sees, by name.
func (s *Service) Groups(ctx context.Context, workspace int64) ([]Labelled, error) {
	return s.labels(ctx, workspace, &groupTable)
}

func (s *Service) labels(ctx context.Context, workspace int64, t *labelTable) ([]Labelled, error) {
	var out []Labelled
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		sight, err := sightOf(ctx, q, workspace, auth.ContactsRead)
		if err != nil {
			return err
		}
		seen := Seen(sight)
		if seen != "" {
			seen = " AND " + seen
		}
		out, err = db.Collect(ctx, q, func(r *sql.Rows) (l Labelled, err error) {
			err = r.Scan(&l.ID, &l.Name, &l.Color, &l.OfImport, &l.Restricted, &l.Contacts.N)
			if l.Contacts.More = l.Contacts.N > CountBound; l.Contacts.More {
				l.Contacts.N = CountBound
			}
			return l, err
		}, "SELECT t.id, t.name, "+t.extra+", (SELECT COUNT(*) FROM (SELECT 1 FROM "+t.members+" m JOIN contact c ON c.workspace_id = m.workspace_id AND c.id = m.contact_id"+
			" WHERE m.workspace_id = $1 AND m."+t.column+" = t.id AND c.deleted_at IS NULL"+seen+" LIMIT "+strconv.Itoa(CountBound+1)+") AS counted) FROM "+t.table+
			" t WHERE t.workspace_id = $1 ORDER BY t.name_key, t.id", workspace)
		if t.field == FieldGroups {
			out = slices.DeleteFunc(out, func(l Labelled) bool { return slices.Contains(sight.Hidden, l.ID) })
		}
		return err
	})
	return out, err
}

// AddTag makes a tag. Errors: Invalid tag.name_bad {limit}, tag.color_bad; Conflict tag.exists {name}.
func (s *Service) AddTag(ctx context.Context, workspace int64, name, color string) (id int64, err error) {
	err = s.act(ctx, workspace, auth.TagsManage, func(ctx context.Context, tx *db.Tx, a *act) error {
		name, err := tagName(name, color)
		if err != nil {
			return err
		}
		if err := free(ctx, tx, workspace, &tagTable, name, 0); err != nil {
			return err
		}
		ids, err := EnsureTags(ctx, tx, workspace, []string{name}, a.now)
		if err != nil {
			return err
		}
		id = ids[0]
		_, err = tx.Exec(ctx, "UPDATE tag SET color = $3 WHERE workspace_id = $1 AND id = $2", workspace, id, color)
		return err
	})
	return id, err
}

// SetTag gives a tag another name and colour. Errors as of AddTag; NotFound tag.not_found {id}.
func (s *Service) SetTag(ctx context.Context, workspace, id int64, name, color string) error {
	return s.act(ctx, workspace, auth.TagsManage, func(ctx context.Context, tx *db.Tx, _ *act) error {
		name, err := tagName(name, color)
		if err != nil {
			return err
		}
		if err := free(ctx, tx, workspace, &tagTable, name, id); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, "UPDATE tag SET name = $3, name_key = $4, color = $5 WHERE workspace_id = $1 AND id = $2", workspace, id, name, normalize.Fold(name), color)
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "tag.not_found", "id", id)
		}
		return err
	})
}

func tagName(name, color string) (string, error) {
	name, err := setName(name, normalize.MaxTag)
	if err != nil {
		return "", errs.New(errs.Invalid, "tag.name_bad", "limit", normalize.MaxTag)
	}
	if color != "" && (len(color) != 1 || !strings.Contains("123456", color)) {
		return "", errs.New(errs.Invalid, "tag.color_bad")
	}
	return name, nil
}

// free tells whether no other tag or group has a name.
func free(ctx context.Context, q db.Querier, workspace int64, t *labelTable, name string, id int64) error {
	var other int64
	err := q.QueryRow(ctx, "SELECT id FROM "+t.table+" WHERE workspace_id = $1 AND name_key = $2", workspace, normalize.Fold(name)).Scan(&other)
	switch {
	case errors.Is(err, sql.ErrNoRows) || err == nil && other == id:
		return nil
	case err != nil:
		return err
	case t.field == FieldGroups:
		return errs.New(errs.Conflict, "group.exists", "name", name)
	}
	return errs.New(errs.Conflict, "tag.exists", "name", name)
}

// MergeTags has the contacts of one tag carry another instead, and removes the first. Ended half-way it can be begun
// again. Error: NotFound tag.not_found {id}.
func (s *Service) MergeTags(ctx context.Context, workspace, from, into int64) error {
	if from == into {
		return auth.RequireIn(ctx, workspace, auth.TagsManage)
	}
	return s.dissolve(ctx, workspace, &tagTable, auth.TagsManage, from, into)
}

// DeleteTag takes a tag off its contacts and removes it. Error: NotFound tag.not_found {id}.
func (s *Service) DeleteTag(ctx context.Context, workspace, id int64) error {
	return s.dissolve(ctx, workspace, &tagTable, auth.TagsManage, id, 0)
}

// AddGroup makes a group, open to all. Errors: Invalid group.name_bad {limit}; Conflict group.exists {name}.
func (s *Service) AddGroup(ctx context.Context, workspace int64, name string) (id int64, err error) {
	err = s.act(ctx, workspace, auth.GroupsManage, func(ctx context.Context, tx *db.Tx, a *act) error {
		name, err := setName(name, normalize.MaxTag)
		if err != nil {
			return errs.New(errs.Invalid, "group.name_bad", "limit", normalize.MaxTag)
		}
		if err := free(ctx, tx, workspace, &groupTable, name, 0); err != nil {
			return err
		}
		ids, err := EnsureGroups(ctx, tx, workspace, []string{name}, a.now)
		if err == nil {
			id = ids[0]
		}
		return err
	})
	return id, err
}

// RenameGroup gives a group another name. Errors as of AddGroup; NotFound group.not_found {id}.
func (s *Service) RenameGroup(ctx context.Context, workspace, id int64, name string) error {
	return s.act(ctx, workspace, auth.GroupsManage, func(ctx context.Context, tx *db.Tx, a *act) error {
		name, err := setName(name, normalize.MaxTag)
		if err != nil {
			return errs.New(errs.Invalid, "group.name_bad", "limit", normalize.MaxTag)
		}
		if err := a.hasLabel(ctx, tx, &groupTable, id); err != nil {
			return err
		}
		if err := free(ctx, tx, workspace, &groupTable, name, id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE contact_group SET name = $3, name_key = $4 WHERE workspace_id = $1 AND id = $2", workspace, id, name, normalize.Fold(name))
		return err
	})
}

// DeleteGroup takes the contacts out of a group and removes it. A restricted one, whose contacts more people may see
// then, is the admins' to remove. Error: NotFound group.not_found {id}.
func (s *Service) DeleteGroup(ctx context.Context, workspace, id int64) error {
	return s.dissolve(ctx, workspace, &groupTable, auth.GroupsManage, id, 0)
}

// hasLabel tells whether there is a tag or group that the actor sees.
func (a *act) hasLabel(ctx context.Context, tx *db.Tx, t *labelTable, id int64) error {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM "+t.table+" WHERE workspace_id = $1 AND id = $2", a.workspace, id).Scan(&n)
	switch {
	case err != nil:
		return err
	case t.field == FieldTags && n == 0:
		return errs.New(errs.NotFound, "tag.not_found", "id", id)
	case t.field == FieldGroups && (n == 0 || slices.Contains(a.sight.Hidden, id)):
		return errs.New(errs.NotFound, "group.not_found", "id", id)
	}
	return nil
}

// dissolve takes a tag or group off all contacts, a thousand in a transaction, giving them another in its place where
// into is not 0, and removes it.
func (s *Service) dissolve(ctx context.Context, workspace int64, t *labelTable, p auth.Permission, id, into int64) error {
	var set journal.SetID
	for more := true; more; {
		err := s.act(ctx, workspace, p, func(ctx context.Context, tx *db.Tx, a *act) error {
			for _, l := range []int64{id, into} {
				if l == 0 {
					continue
				}
				if err := a.hasLabel(ctx, tx, t, l); err != nil {
					return err
				}
			}
			if t.field == FieldGroups {
				if err := mayOpen(ctx, tx, workspace, id); err != nil {
					return err
				}
			}
			ids, err := db.Collect(ctx, tx, scanID, "SELECT contact_id FROM "+t.members+" WHERE workspace_id = $1 AND "+t.column+" = $2 ORDER BY contact_id LIMIT "+strconv.Itoa(bulkRows), workspace, id)
			if err != nil {
				return err
			}
			if more = len(ids) > 0; !more {
				return dropLabel(ctx, tx, workspace, t, id)
			}
			opened := set
			if a.set = set; set == 0 {
				if err := a.open(ctx, tx, journal.KindBulk); err != nil {
					return err
				}
				opened = a.set
			}
			if err := a.relabel(ctx, tx, t, ids, id, into); err != nil {
				return err
			}
			set = opened
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mayOpen tells whether the actor may do away with the limits of a group, if it has any.
func mayOpen(ctx context.Context, tx *db.Tx, workspace, id int64) error {
	var restricted bool
	if err := tx.QueryRow(ctx, "SELECT restricted FROM contact_group WHERE workspace_id = $1 AND id = $2", workspace, id).Scan(&restricted); err != nil || !restricted {
		return err
	}
	return auth.RequireIn(ctx, workspace, auth.GroupsRestrict)
}

func (a *act) relabel(ctx context.Context, tx *db.Tx, t *labelTable, ids []ID, from, into int64) error {
	found, err := Load(ctx, tx, a.workspace, ids, Part{Sets: true}, true)
	if err != nil {
		return err
	}
	ups := make([]Update, 0, len(ids))
	for _, id := range ids {
		old := found[id]
		if old == nil {
			continue
		}
		c := old.Clone()
		set := &c.Tags
		if t.field == FieldGroups {
			set = &c.Groups
		}
		if *set = sans(*set, from); into != 0 {
			*set = with(*set, into)
		}
		ups = append(ups, Update{Old: old, New: c, Changes: Diff(old, c)})
	}
	return Write(ctx, tx, a.stamp(), nil, ups)
}

func dropLabel(ctx context.Context, tx *db.Tx, workspace int64, t *labelTable, id int64) error {
	if t.field == FieldGroups {
		if _, err := tx.Exec(ctx, "DELETE FROM group_access WHERE workspace_id = $1 AND group_id = $2", workspace, id); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, "DELETE FROM "+t.table+" WHERE workspace_id = $1 AND id = $2", workspace, id)
	return err
}
