package contact

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"

	"cadastro/internal/db"
	"cadastro/internal/normalize"
)

// Named is a tag or a group.
type Named struct {
	ID   int64
	Name string
}

// FieldType is the type of a custom field.
type FieldType string

// The types of custom fields.
const (
	TypeText    FieldType = "text"
	TypeNumber  FieldType = "number"
	TypeDate    FieldType = "date"
	TypeBoolean FieldType = "boolean"
	TypeChoice  FieldType = "choice"
	TypeURL     FieldType = "url"
)

// CustomField is a field that the workspace defined.
type CustomField struct {
	ID      int64
	Label   string
	Type    FieldType
	Choices []string
	Headers []string // header words that it is recognised by, beside its label
}

// Catalogue holds the tags, groups, custom fields and members of a workspace, found by folded name.
type Catalogue struct {
	Tags       map[string]Named
	Groups     map[string]Named
	Fields     []CustomField
	ImportTags map[int64]bool   // tags that mark an import
	Members    map[string]int64 // folded name and e-mail -> member id
	tagName    map[int64]string
	grpName    map[int64]string
	member     map[int64]string // name, or the e-mail of one who shares the name with another
}

// LoadCatalogue reads the catalogue of a workspace.
func LoadCatalogue(ctx context.Context, q db.Querier, workspace int64) (*Catalogue, error) {
	c := &Catalogue{Tags: map[string]Named{}, Groups: map[string]Named{}, Members: map[string]int64{}, ImportTags: map[int64]bool{}, tagName: map[int64]string{}, grpName: map[int64]string{}, member: map[int64]string{}}
	for _, t := range []struct {
		table string
		by    map[string]Named
		names map[int64]string
	}{{"tag", c.Tags, c.tagName}, {"contact_group", c.Groups, c.grpName}} {
		list, err := db.Collect(ctx, q, func(r *sql.Rows) (Named, error) {
			var n Named
			return n, r.Scan(&n.ID, &n.Name)
		}, "SELECT id, name FROM "+t.table+" WHERE workspace_id = $1", workspace)
		if err != nil {
			return nil, err
		}
		for _, n := range list {
			t.by[normalize.Fold(n.Name)] = n
			t.names[n.ID] = n.Name
		}
	}
	marks, err := db.Collect(ctx, q, func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id) },
		"SELECT id FROM tag WHERE workspace_id = $1 AND of_import", workspace)
	if err != nil {
		return nil, err
	}
	for _, id := range marks {
		c.ImportTags[id] = true
	}
	c.Fields, err = db.Collect(ctx, q, scanField, `SELECT id, label, type, choices, headers FROM custom_field
		WHERE workspace_id = $1 AND retired_at IS NULL ORDER BY id`, workspace)
	if err != nil {
		return nil, err
	}
	type member struct {
		id          int64
		name, email string
	}
	members, err := db.Collect(ctx, q, func(r *sql.Rows) (m member, err error) {
		return m, r.Scan(&m.id, &m.name, &m.email)
	}, "SELECT id, name, email FROM member WHERE workspace_id = $1 AND removed_at IS NULL ORDER BY id DESC", workspace)
	emails := map[int64]string{}
	for _, m := range members {
		c.member[m.id] = m.name
		if other, taken := c.Members[normalize.Fold(m.name)]; taken && m.email != "" {
			c.member[other], c.member[m.id] = cmp.Or(emails[other], c.member[other]), m.email
		}
		emails[m.id] = m.email
		c.Members[normalize.Fold(m.name)] = m.id
		if m.email != "" {
			c.Members[normalize.Fold(m.email)] = m.id
		}
	}
	return c, err
}

func scanField(r *sql.Rows) (f CustomField, err error) {
	var choices, headers string
	if err := r.Scan(&f.ID, &f.Label, &f.Type, &choices, &headers); err != nil {
		return f, err
	}
	if err := json.Unmarshal([]byte(choices), &f.Choices); err != nil {
		return f, fmt.Errorf("custom field %d: choices: %w", f.ID, err)
	}
	if err := json.Unmarshal([]byte(headers), &f.Headers); err != nil {
		return f, fmt.Errorf("custom field %d: headers: %w", f.ID, err)
	}
	return f, nil
}

// TagName gives the name of a tag, "" where it is not known.
func (c *Catalogue) TagName(id int64) string { return c.tagName[id] }

// GroupName gives the name of a group, "" where it is not known.
func (c *Catalogue) GroupName(id int64) string { return c.grpName[id] }

// MemberName gives the text by which a member is found again, from the id as text; "" for none.
func (c *Catalogue) MemberName(id string) string {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return ""
	}
	return c.member[n]
}

// Field finds a custom field by id.
func (c *Catalogue) Field(id int64) (CustomField, bool) {
	for _, f := range c.Fields {
		if f.ID == id {
			return f, true
		}
	}
	return CustomField{}, false
}

// FieldByLabel finds a custom field by its folded label.
func (c *Catalogue) FieldByLabel(label string) (CustomField, bool) {
	key := normalize.Fold(label)
	for _, f := range c.Fields {
		if normalize.Fold(f.Label) == key {
			return f, true
		}
	}
	return CustomField{}, false
}

// EnsureTags gives the ids of tags by name, making those that do not exist.
func EnsureTags(ctx context.Context, tx *db.Tx, workspace int64, names []string, now int64) ([]int64, error) {
	return ensure(ctx, tx, workspace, "tag", names, now)
}

// EnsureImportTag gives the id of the tag that marks an import. Such a tag is not a tag column's to replace: whoever
// imports a file again changes nothing.
func EnsureImportTag(ctx context.Context, tx *db.Tx, workspace int64, name string, now int64) (int64, error) {
	ids, err := EnsureTags(ctx, tx, workspace, []string{name}, now)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, "UPDATE tag SET of_import = TRUE WHERE workspace_id = $1 AND id = $2 AND created_at = $3", workspace, ids[0], now)
	return ids[0], err
}

// EnsureGroups gives the ids of groups by name, making those that do not exist, open to all.
func EnsureGroups(ctx context.Context, tx *db.Tx, workspace int64, names []string, now int64) ([]int64, error) {
	return ensure(ctx, tx, workspace, "contact_group", names, now)
}

func ensure(ctx context.Context, tx *db.Tx, workspace int64, table string, names []string, now int64) ([]int64, error) {
	if len(names) == 0 {
		return nil, nil
	}
	known := map[string]int64{}
	rows, err := tx.Query(ctx, "SELECT id, name_key FROM "+table+" WHERE workspace_id = $1", workspace)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var key string
		if err := rows.Scan(&id, &key); err != nil {
			return nil, err
		}
		known[key] = id
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	ids := make([]int64, len(names))
	for i, name := range names {
		key := normalize.Fold(name)
		id, ok := known[key]
		if !ok {
			if id, err = tx.Reserve(ctx, workspace, table, 1); err != nil {
				return nil, err
			}
			_, err = tx.Exec(ctx, "INSERT INTO "+table+" (workspace_id, id, name, name_key, created_at) VALUES ($1, $2, $3, $4, $5)",
				workspace, id, name, key, now)
			if err != nil {
				return nil, err
			}
			known[key] = id
		}
		ids[i] = id
	}
	return ids, nil
}

// DefineField gives the id of the custom field with a label, making it where there is none.
func DefineField(ctx context.Context, tx *db.Tx, workspace int64, f CustomField, now int64) (int64, error) {
	key := normalize.Fold(f.Label)
	var id int64
	err := tx.QueryRow(ctx, "SELECT id FROM custom_field WHERE workspace_id = $1 AND label_key = $2", workspace, key).Scan(&id)
	if err == nil {
		_, err = tx.Exec(ctx, "UPDATE custom_field SET retired_at = NULL WHERE workspace_id = $1 AND id = $2", workspace, id)
		return id, err
	}
	if err != sql.ErrNoRows {
		return 0, err
	}
	if id, err = tx.Reserve(ctx, workspace, "custom_field", 1); err != nil {
		return 0, err
	}
	choices, headers := jsonList(f.Choices), jsonList(f.Headers)
	_, err = tx.Exec(ctx, `INSERT INTO custom_field (workspace_id, id, label, label_key, type, choices, headers, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, workspace, id, f.Label, key, string(f.Type), choices, headers, now)
	return id, err
}

func jsonList(list []string) string {
	if list == nil {
		list = []string{}
	}
	b, _ := json.Marshal(list) // strings always marshal
	return string(b)
}
