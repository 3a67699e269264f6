package contact

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/filter"
	"cadastro/internal/normalize"
)

// where turns conditions into SQL about a contact (alias c). Each condition is TRUE or FALSE, never NULL.
type where struct {
	engine  db.Engine
	args    []any // $1 is the workspace
	now     time.Time
	country string
}

func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

// test is the leaf of [filter.Query.SQL].
func (w *where) test(t *filter.Test) (string, error) {
	parts := make([]string, len(t.Values))
	for i := range t.Values {
		parts[i] = w.value(t, &t.Values[i])
	}
	return strings.Join(parts, " OR "), nil
}

func (w *where) value(t *filter.Test, v *filter.Value) string {
	key := t.Field.Key
	if id, ok := CustomID(key); ok {
		return w.custom(t, v, "COALESCE("+db.JSONText(w.engine, "c.custom", strconv.FormatInt(id, 10))+", '')")
	}
	switch key {
	case "":
		return w.word(v.Text)
	case wordTag:
		return w.member("tag_contact", "tag_id", v.ID)
	case wordGroup:
		return w.member("group_contact", "group_id", v.ID)
	case wordOwner:
		return "c.owner = " + w.arg(strconv.FormatInt(v.ID, 10))
	case wordHas:
		return w.has(v.Text)
	case wordCreated:
		return w.instant("c.created_at", t.Op, v)
	case wordUpdated:
		return w.instant("c.updated_at", t.Op, v)
	case wordBirthday:
		return w.birthday(v.Text)
	case wordAdded:
		return w.added(v.ID)
	case wordChanged:
		return w.changed(v.ID)
	case wordImport:
		return w.added(v.ID) + " OR " + w.changed(v.ID)
	case wordBlocked:
		return truth("c.do_not_contact", v.Text)
	case wordOptedOut:
		return truth(w.channel("ch.opted_out_at IS NOT NULL"), v.Text)
	case wordSource:
		return "c.source = " + w.arg(v.Text)
	}
	if IsChannel(key) {
		return w.address(Kind(key), t.Op, v)
	}
	s, _ := scalarOfWord(key)
	if s == BirthDate {
		return w.day("c.birth_date", t.Op, v)
	}
	return w.text(s, t.Op, v)
}

func truth(cond, value string) string {
	if value == "true" {
		return cond
	}
	return "NOT (" + cond + ")"
}

func (w *where) member(table, column string, id int64) string {
	return "EXISTS (SELECT 1 FROM " + table + " m WHERE m.workspace_id = $1 AND m." + column + " = " + w.arg(id) + " AND m.contact_id = c.id)"
}

func (w *where) channel(cond string) string {
	if w.engine == db.Postgres {
		cond += " AND ch.position < c.id + 1000000000" // always so; asked of c, it keeps the engine from reading all addresses first
	}
	return "EXISTS (SELECT 1 FROM channel ch WHERE ch.workspace_id = $1 AND ch.contact_id = c.id AND " + cond + ")"
}

// setOf gives the change set of an import, -1 where it wrote nothing.
func (w *where) setOf(imp int64) string {
	return "COALESCE((SELECT NULLIF(i.change_set_id, 0) FROM import i WHERE i.workspace_id = $1 AND i.id = " + w.arg(imp) + "), -1)"
}

func (w *where) added(imp int64) string { return "c.created_by = " + w.setOf(imp) }

func (w *where) changed(imp int64) string {
	return "EXISTS (SELECT 1 FROM journal j WHERE j.workspace_id = $1 AND j.contact_id = c.id AND j.change_set_id = " + w.setOf(imp) + ")"
}

func (w *where) has(field string) string {
	if id, ok := CustomID(field); ok {
		return "COALESCE(" + db.JSONText(w.engine, "c.custom", strconv.FormatInt(id, 10)) + ", '') <> ''"
	}
	switch field {
	case wordTag:
		return "c.tags <> ''"
	case wordGroup:
		return "c.groups <> ''"
	case wordOwner:
		return "c.owner <> ''"
	case wordBlocked:
		return "c.do_not_contact"
	case wordOptedOut:
		return w.channel("ch.opted_out_at IS NOT NULL")
	case wordImport:
		return w.everImported(true, true)
	case wordAdded:
		return w.everImported(true, false)
	case wordChanged:
		return w.everImported(false, true)
	case wordSource:
		return "c.source <> ''"
	case wordCreated, wordUpdated:
		return "c.id = c.id"
	}
	if IsChannel(field) {
		return w.channel("ch.kind = " + w.arg(field))
	}
	s, _ := scalarOfWord(field)
	return "c." + s.Column() + " <> ''"
}

func (w *where) everImported(added, changed bool) string {
	var parts []string
	if added {
		parts = append(parts, "EXISTS (SELECT 1 FROM change_set s WHERE s.workspace_id = $1 AND s.id = c.created_by AND s.kind = 'import')")
	}
	if changed {
		parts = append(parts, "EXISTS (SELECT 1 FROM journal j JOIN change_set s ON s.workspace_id = j.workspace_id AND s.id = j.change_set_id WHERE j.workspace_id = $1 AND j.contact_id = c.id AND s.kind = 'import')")
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

// bounds gives the condition that a column lies where an operator and a period say: [from, to), or up to until.
func (w *where) bounds(column string, op filter.Op, from, to, until any) string {
	switch op {
	case filter.Less:
		return column + " < " + w.arg(from)
	case filter.LessEqual:
		return column + " < " + w.arg(to)
	case filter.Greater:
		return column + " >= " + w.arg(to)
	case filter.GreaterEqual:
		return column + " >= " + w.arg(from)
	}
	if until != nil {
		to = until
	}
	return column + " >= " + w.arg(from) + " AND " + column + " < " + w.arg(to)
}

func (w *where) instant(column string, op filter.Op, v *filter.Value) string {
	from, to, _ := filter.Period(v.Text, w.now)
	var until any
	if v.To != "" {
		_, end, _ := filter.Period(v.To, w.now)
		until = end.UnixMicro()
	}
	return w.bounds(column, op, from.UnixMicro(), to.UnixMicro(), until)
}

const dayForm = "2006-01-02"

// day compares days as texts, which sort as days do. There is no day where there is no text.
func (w *where) day(column string, op filter.Op, v *filter.Value) string {
	from, to, _ := filter.Period(v.Text, w.now)
	if to.Sub(from) < time.Hour { // an hour of a day is the day
		to = from.AddDate(0, 0, 1)
	}
	var until any
	if v.To != "" {
		_, end, _ := filter.Period(v.To, w.now)
		until = end.Format(dayForm)
	}
	return column + " <> '' AND " + w.bounds(column, op, from.Format(dayForm), to.Format(dayForm), until)
}

func (w *where) birthday(value string) string {
	begin, _ := filter.MonthDay(value, w.now)
	return "substr(c.birth_date, 6, " + strconv.Itoa(len(begin)) + ") = " + w.arg(begin)
}

func (w *where) custom(t *filter.Test, v *filter.Value, expr string) string {
	switch t.Field.Type {
	case filter.Day:
		return w.day(expr, t.Op, v)
	case filter.Bool:
		if v.Text == "true" {
			return expr + " = 'true'"
		}
		return expr + " = 'false'"
	case filter.Number:
		return w.number(expr, t.Op, v)
	}
	return w.fold(db.Folded(w.engine, expr), t.Op, v)
}

func (w *where) number(expr string, op filter.Op, v *filter.Value) string {
	n := db.Decimal(w.engine, expr)
	num := func(s string) string { return db.Decimal(w.engine, "CAST("+w.arg(s)+" AS TEXT)") }
	cond := ""
	switch {
	case v.To != "":
		cond = n + " BETWEEN " + num(v.Text) + " AND " + num(v.To)
	case op == filter.Is || op == filter.Equals:
		cond = n + " = " + num(v.Text)
	default:
		cond = n + " " + op.String() + " " + num(v.Text)
	}
	return "CASE WHEN " + expr + " <> '' THEN " + cond + " ELSE FALSE END"
}

// fold compares an expression in folded form.
func (w *where) fold(expr string, op filter.Op, v *filter.Value) string {
	text := normalize.Fold(v.Text)
	switch {
	case op == filter.Equals:
		return expr + " = " + w.arg(text)
	case v.Prefix:
		return expr + " LIKE " + w.arg(like(text)[1:]) + ` ESCAPE '\'`
	}
	return expr + " LIKE " + w.arg(like(text)) + ` ESCAPE '\'`
}

func (w *where) text(s Scalar, op filter.Op, v *filter.Value) string {
	switch s {
	case Name:
		return w.fold("c.name_key", op, v)
	case TaxID:
		if bare := bareID(v.Text); bare != "" {
			v = &filter.Value{Text: bare, Prefix: v.Prefix}
		}
	}
	column := "c." + s.Column()
	return column + " <> '' AND " + w.fold(db.Folded(w.engine, column), op, v)
}

// address asks for a channel by a part of its value, or by its identity.
func (w *where) address(kind Kind, op filter.Op, v *filter.Value) string {
	if op == filter.Equals {
		var parts []string
		for _, k := range exactKeys(kind, v.Text, w.country) {
			parts = append(parts, "EXISTS (SELECT 1 FROM contact_key k WHERE k.workspace_id = $1 AND k.kind = "+w.arg(string(k.Kind))+" AND k.key = "+w.arg(k.Text)+" AND k.contact_id = c.id)")
		}
		if len(parts) == 0 {
			return "c.id <> c.id"
		}
		return "(" + strings.Join(parts, " OR ") + ")"
	}
	anywhere := "%"
	if v.Prefix {
		anywhere = ""
	}
	kindArg := w.arg(string(kind))
	if kind == Phone {
		if forms := phoneForms(v.Text, w.country); len(forms) > 0 {
			parts := make([]string, len(forms))
			for i, d := range forms {
				parts[i] = "ch.value LIKE " + w.arg(plusOr(anywhere)+d+"%")
			}
			return w.channel("ch.kind = " + kindArg + " AND (" + strings.Join(parts, " OR ") + ")")
		}
	}
	return w.channel("ch.kind = " + kindArg + " AND lower(ch.value) LIKE " + w.arg(anywhere+like(strings.ToLower(v.Text))[1:]) + ` ESCAPE '\'`)
}

// plusOr puts the + of a stored number where a number is asked for from its beginning.
func plusOr(anywhere string) string {
	if anywhere == "" {
		return "+"
	}
	return anywhere
}

// exactKeys gives the identity keys that a text may mean.
func exactKeys(kind Kind, text, country string) []Key {
	var out []Key
	add := func(value string) {
		if k, ok := KeyOf(kind, value); ok {
			out = append(out, k)
		}
	}
	switch kind {
	case Phone:
		phones, _ := normalize.Phones(nil, text, country, normalize.PresetAny)
		for _, p := range phones {
			add(p.E164)
		}
	case Telegram:
		v, _ := normalize.Telegram(text)
		add(v)
	default:
		add(strings.TrimSpace(text))
	}
	return out
}

// bareID gives a document without its punctuation, "" where the text holds anything but letters, digits and that.
func bareID(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z':
			b.WriteRune(r)
		case strings.ContainsRune(".-/ ", r):
		default:
			return ""
		}
	}
	return b.String()
}

// word asks for a free word: a part of a name, address, document or code.
func (w *where) word(text string) string {
	t := newTerm(text, w.country)
	parts := []string{"c.name_key LIKE " + w.arg(like(t.folded)) + ` ESCAPE '\'`}
	if t.bare != "" {
		parts = append(parts, "lower(c.tax_id) LIKE "+w.arg("%"+t.bare+"%"))
	}
	parts = append(parts, "(c.external_id <> '' AND "+db.Folded(w.engine, "c.external_id")+" LIKE "+w.arg(like(t.folded))+` ESCAPE '\')`)
	var address []string
	for _, d := range t.digits {
		address = append(address, "ch.value LIKE "+w.arg("%"+d+"%"))
	}
	if t.isAddress() {
		address = append(address, "lower(ch.value) LIKE "+w.arg(like(t.lower))+` ESCAPE '\'`)
	}
	if len(address) > 0 {
		parts = append(parts, w.channel("("+strings.Join(address, " OR ")+")"))
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

// term is a word that is searched for, in the forms that it may be stored in.
type term struct {
	folded string   // in a name or a code
	lower  string   // in an address
	digits []string // in a phone number
	bare   string   // in a document
}

func newTerm(text, country string) term {
	t := term{folded: normalize.Fold(text), lower: strings.ToLower(strings.TrimSpace(text))}
	if d := phoneForms(text, country); len(d) > 0 && len(d[0]) >= 2 {
		t.digits = d
	}
	if b := strings.ToLower(bareID(text)); len(b) >= 3 && strings.ContainsAny(b, "0123456789") {
		t.bare = b
	}
	return t
}

// phoneForms gives the runs of digits of which a stored number has one where it fits; a run that holds another says
// nothing new.
func phoneForms(text, country string) []string {
	var out []string
	for _, d := range normalize.PhoneSearchForms(text, country) {
		if !slices.ContainsFunc(out, func(o string) bool { return strings.Contains(d, o) }) {
			out = append(out, d)
		}
	}
	return out
}

// isAddress tells whether the text may be a part of an address that is no phone.
func (t *term) isAddress() bool { return t.lower != "" && !strings.ContainsAny(t.lower, " \t\n") }
