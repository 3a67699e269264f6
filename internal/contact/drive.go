package contact

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/db"
	"cadastro/internal/filter"
	"cadastro/internal/normalize"
)

// fewIDs is up to how many contacts are looked at one by one. Where more fit, going through all in the order of the list
// finds a page sooner.
const fewIDs = 5000

// driver is a query for the ids of contacts among which all of an answer are.
type driver struct {
	query string
	args  []any
	stale bool // it may not know the contacts that are due to the searches
}

func (d *driver) arg(v any) string {
	d.args = append(d.args, v)
	return "$" + strconv.Itoa(len(d.args))
}

func (f *finding) driver(build func(d *driver) string) {
	d := driver{args: []any{f.workspace}}
	if d.query = build(&d); d.query != "" {
		f.drivers = append(f.drivers, d)
	}
}

// drive notes the ways to an answer that its conditions offer.
func (f *finding) drive(search []string) {
	var groups [][]string
	add := func(texts []string) {
		for _, t := range texts {
			if len([]rune(t)) < 3 {
				return
			}
		}
		if len(texts) > 0 {
			groups = append(groups, texts)
		}
	}
	for _, w := range search {
		t := newTerm(w, f.where.country)
		add(t.forms())
	}
	for _, t := range f.query.Required() {
		if t.Field.Type == filter.Text && len(t.Values) == 1 {
			add(f.textForms(t))
		}
		f.driveBy(t)
	}
	if f.sight.Only > 0 {
		f.driver(func(d *driver) string {
			return "SELECT contact_id FROM group_contact WHERE workspace_id = $1 AND group_id = " + d.arg(f.sight.Only)
		})
	}
	if f.groups = groups; len(groups) > 0 {
		f.driver(func(d *driver) string {
			d.stale = true
			query, _ := db.SearchTexts(f.q.Engine(), searchTable, f.workspace, groups, d.arg)
			return query
		})
	}
}

// someIDs is up to how many contacts the search's index is asked for beside a walk through all.
const someIDs = 100_000

// among gives a condition on ids by which a walk through all contacts passes over most of them, "" where there is none:
// the first names of a list are together in its order, so a walk may meet the first of them late.
func (f *finding) among(ctx context.Context, id string) (string, error) {
	if len(f.groups) == 0 {
		return "", nil
	}
	due, err := f.countDue(ctx)
	if err != nil || due > 0 {
		return "", err
	}
	d := f.drivers[len(f.drivers)-1] // that of the searches
	var n int
	err = f.q.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM ("+d.query+") AS driver LIMIT "+strconv.Itoa(someIDs+1)+") AS counted", d.args...).Scan(&n)
	if err != nil || n > someIDs {
		return "", err
	}
	query, _ := db.SearchTexts(f.q.Engine(), searchTable, f.workspace, f.groups, f.where.arg)
	return id + " IN (" + query + ")", nil
}

// forms gives all the texts of which a contact's own has one where the word fits.
func (t *term) forms() []string {
	out := []string{t.folded}
	for _, d := range append(slices.Clone(t.digits), t.bare) {
		if d != "" && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

// textForms gives the texts of which one is in every contact that meets a test of a text.
func (f *finding) textForms(t *filter.Test) []string {
	v := &t.Values[0]
	switch key := t.Field.Key; {
	case key == "":
		w := newTerm(v.Text, f.where.country)
		return w.forms()
	case t.Op == filter.Equals && IsChannel(key):
		return nil // by the key
	case key == string(Phone):
		if forms := phoneForms(v.Text, f.where.country); len(forms) > 0 {
			return forms
		}
		fallthrough
	case key == Name.Key(), key == ExternalID.Key(), IsChannel(key):
		return []string{strings.TrimPrefix(normalize.Fold(v.Text), "+")}
	}
	return nil
}

// driveBy notes the index that a condition has of its own.
func (f *finding) driveBy(t *filter.Test) {
	ids := make([]int64, len(t.Values))
	for i, v := range t.Values {
		ids[i] = v.ID
	}
	list := db.IDList(ids)
	ofImport := func(d *driver, column string, id int64) string {
		return "(SELECT i." + column + " FROM import i WHERE i.workspace_id = $1 AND i.id = " + d.arg(id) + ")"
	}
	added := func(d *driver) string {
		id := t.Values[0].ID
		return "SELECT id FROM contact WHERE workspace_id = $1 AND id > " + ofImport(d, "id_base", id) + " AND id <= " + ofImport(d, "id_base + i.row_count", id) +
			" AND created_by = " + ofImport(d, "change_set_id", id)
	}
	changed := func(d *driver) string {
		return "SELECT contact_id FROM journal WHERE workspace_id = $1 AND change_set_id = " + ofImport(d, "change_set_id", t.Values[0].ID)
	}
	switch t.Field.Key {
	case wordTag:
		f.driver(func(*driver) string {
			return "SELECT contact_id FROM tag_contact WHERE workspace_id = $1 AND tag_id IN (" + list + ")"
		})
	case wordGroup:
		f.driver(func(*driver) string {
			return "SELECT contact_id FROM group_contact WHERE workspace_id = $1 AND group_id IN (" + list + ")"
		})
	case wordOwner:
		f.driver(func(d *driver) string {
			marks := make([]string, len(ids))
			for i, id := range ids {
				marks[i] = d.arg(strconv.FormatInt(id, 10))
			}
			return "SELECT id FROM contact WHERE workspace_id = $1 AND owner IN (" + strings.Join(marks, ", ") + ") AND owner <> ''"
		})
	case wordAdded:
		if len(ids) == 1 {
			f.driver(added)
		}
	case wordChanged:
		if len(ids) == 1 {
			f.driver(changed)
		}
	case wordImport:
		if len(ids) == 1 {
			f.driver(func(d *driver) string { return added(d) + " UNION ALL " + changed(d) })
		}
	}
	if kind := Kind(t.Field.Key); t.Op == filter.Equals && IsChannel(t.Field.Key) && len(t.Values) == 1 {
		f.driver(func(d *driver) string {
			var keys []string
			for _, k := range exactKeys(kind, t.Values[0].Text, f.where.country) {
				keys = append(keys, "key = "+d.arg(k.Text))
			}
			if len(keys) == 0 {
				return ""
			}
			return "SELECT contact_id FROM contact_key WHERE workspace_id = $1 AND kind = " + d.arg(string(kind)) + " AND (" + strings.Join(keys, " OR ") + ")"
		})
	}
}

// candidates gives the contacts among which the whole answer is; ok is false where there are more than a few of them.
func (f *finding) candidates(ctx context.Context) (ids []ID, ok bool, err error) {
	limit := " LIMIT " + strconv.Itoa(fewIDs+1)
	for _, d := range f.drivers {
		got, err := db.Collect(ctx, f.q, scanID, "SELECT * FROM ("+d.query+") AS driver"+limit, d.args...)
		if err != nil {
			return nil, false, err
		}
		if len(got) > fewIDs || ok && len(got) >= len(ids) {
			continue
		}
		if d.stale {
			tail, all, err := f.tail(ctx)
			if err != nil {
				return nil, false, err
			}
			if !all {
				continue
			}
			got = append(got, tail...)
		}
		if ids, ok = got, true; len(ids) < 100 {
			break
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), ok, nil
}

// dueContacts is the FROM clause of the contacts that searches may not know yet.
const dueContacts = "search_due d JOIN contact c ON c.workspace_id = d.workspace_id AND c.id BETWEEN d.low AND d.high"

// manyDue is from how many contacts on, of which the searches may not know, they are not gone through beside an index:
// going through all once is no slower then.
const manyDue = 20_000

// tail gives those of the contacts that the searches may not know yet that meet all conditions; all is false where there
// are too many.
func (f *finding) tail(ctx context.Context) (ids []ID, all bool, err error) {
	due, err := f.countDue(ctx)
	if err != nil || due == 0 || due > manyDue {
		return nil, due == 0, err
	}
	ids, err = db.Collect(ctx, f.q, scanID, "SELECT c.id FROM "+dueContacts+" WHERE d.workspace_id = $1 AND "+strings.Join(f.conds, " AND ")+
		" LIMIT "+strconv.Itoa(fewIDs+1), f.where.args...)
	return ids, len(ids) <= fewIDs, err
}

// countDue tells about how many contacts are due to the searches.
func (f *finding) countDue(ctx context.Context) (int64, error) {
	if f.due == nil {
		var n int64
		err := f.q.QueryRow(ctx, "SELECT COALESCE(SUM(high - low + 1), 0) FROM search_due WHERE workspace_id = $1", f.workspace).Scan(&n)
		if err != nil {
			return 0, err
		}
		f.due = &n
	}
	return *f.due, nil
}
