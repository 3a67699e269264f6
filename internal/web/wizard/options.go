package wizard

import (
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
)

// option is one control among those that say how a column is read and written.
type option struct {
	Kind    string // select, text, lines or check
	Name    string
	Label   string
	Hint    string
	Value   string
	Options []choiceOption
	Set     bool // not as usual
}

// options gives the controls of a column, those that make sense for its field.
func (d *draft) options(b *base, i int) (out []option) {
	c := &d.set.Mapping.Columns[i]
	n := strconv.Itoa(i)
	pick := func(name, label, now string, values []choiceOption) {
		for k := range values {
			values[k].On = values[k].Value == now
		}
		out = append(out, option{Kind: "select", Name: name + n, Label: label, Value: now, Options: values, Set: now != ""})
	}
	text := func(name, label, now string) {
		out = append(out, option{Kind: "text", Name: name + n, Label: label, Value: now, Set: now != ""})
	}
	check := func(name, label string, on bool) {
		out = append(out, option{Kind: "check", Name: name + n, Label: label, Set: on})
	}
	kind := d.valueKind(c)
	switch c.Field {
	case mapping.FieldPhone, mapping.FieldWhatsApp, mapping.FieldTaxID, mapping.FieldState, mapping.FieldPostalCode, mapping.FieldChannelValue:
		list := []choiceOption{{Text: b.T("web.wizard.opt.country_same")}}
		for _, k := range countries {
			list = append(list, choiceOption{Value: k.code, Text: b.T("web.wizard.country." + k.code)})
		}
		pick("cc", b.T("web.wizard.country"), c.Country, list)
	}
	if c.Field == mapping.FieldPhone || c.Field == mapping.FieldWhatsApp {
		list := []choiceOption{{Text: b.T("web.wizard.opt.area_none")}}
		now := ""
		for j := range d.set.Mapping.Columns {
			if j != i && (d.set.Mapping.Columns[j].Field == "" || c.Combine != nil && *c.Combine == j) {
				list = append(list, choiceOption{Value: strconv.Itoa(j), Text: d.header(b, j)})
			}
		}
		if c.Combine != nil {
			now = strconv.Itoa(*c.Combine)
		}
		if len(list) > 1 {
			pick("comb", b.T("web.wizard.opt.area"), now, list)
		}
	}
	switch kind {
	case contact.TypeDate:
		pick("do", b.T("web.wizard.dates"), c.DateOrder, []choiceOption{{Text: b.T("web.wizard.opt.by_content")}, {Value: "dmy", Text: b.T("web.wizard.dates.dmy")},
			{Value: "mdy", Text: b.T("web.wizard.dates.mdy")}, {Value: "ymd", Text: b.T("web.wizard.dates.ymd")}})
	case contact.TypeNumber:
		pick("dec", b.T("web.wizard.opt.decimal"), c.Decimal, []choiceOption{{Text: b.T("web.wizard.opt.by_content")}, {Value: "comma", Text: b.T("web.wizard.opt.comma")},
			{Value: "point", Text: b.T("web.wizard.opt.point")}})
	}
	if c.Field == mapping.FieldTags || c.Field == mapping.FieldGroups {
		text("sep", b.T("web.wizard.opt.separator"), c.Separator)
	}
	if kind == contact.TypeChoice || c.Field == mapping.FieldGender || c.Field == mapping.FieldPriority || c.Field == mapping.FieldTags || len(c.Choices) > 0 {
		out = append(out, option{Kind: "lines", Name: "cho" + n, Label: b.T("web.wizard.opt.choices"), Hint: b.T("web.wizard.opt.choices_how"), Value: choiceLines(c.Choices), Set: len(c.Choices) > 0})
	}
	text("def", b.T("web.wizard.opt.default"), c.Default)
	if d.set.Purpose.Updates() && !d.isIdentifier(i) {
		text("clr", b.T("web.wizard.opt.clear_word"), c.ClearWord)
		check("ie", b.T("web.wizard.opt.ignore_empty"), c.IgnoreEmpty)
		check("kt", b.T("web.wizard.opt.keep_typed"), c.KeepTyped)
	}
	if !d.isIdentifier(i) {
		check("di", b.T("web.wizard.opt.drop_invalid"), c.DropInvalid)
	}
	return out
}

// valueKind gives the type of what a column feeds, text where it has none of its own.
func (d *draft) valueKind(c *mapping.Column) contact.FieldType {
	switch {
	case c.Field == mapping.NewCustom:
		return contact.FieldType(c.Type)
	case c.Field == mapping.FieldBirthDate:
		return contact.TypeDate
	}
	if id, ok := contact.CustomID(c.Field); ok {
		if f, ok := d.cat.Field(id); ok {
			return f.Type
		}
	}
	return contact.TypeText
}

func choiceLines(m map[string]string) string {
	lines := make([]string, 0, len(m))
	for k, v := range m {
		lines = append(lines, k+" = "+v)
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

func readChoices(text string) map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(text, "\n") {
		word, value, ok := strings.Cut(line, "=")
		if word = normalize.Trim(word); ok && word != "" && len(m) < 500 {
			m[word] = normalize.Trim(value)
		}
	}
	if len(m) == 0 {
		return nil
	}
	return m
}

// takeColumns puts into the draft what the form says of the columns.
func takeColumns(d *draft, form url.Values) {
	if id, err := strconv.ParseInt(form.Get("saved"), 10, 64); err == nil {
		d.useSaved(id)
		return
	}
	for i := range d.set.Mapping.Columns {
		d.takeColumn(i, form)
	}
	if has(form, "make_all") {
		for i := range d.set.Mapping.Columns {
			if d.undecided(i) && !d.combined(i) {
				d.setField(i, mapping.NewCustom)
			}
		}
	}
	if has(form, "was_keep_all") && has(form, "keep_all") != (form.Get("was_keep_all") == "1") {
		for i := range d.set.Mapping.Columns {
			d.set.Mapping.Columns[i].DoNotOverwrite = has(form, "keep_all") && !d.isIdentifier(i) && d.set.Mapping.Columns[i].Field != ""
		}
	}
	// An area code goes before one phone only where its column feeds nothing else.
	for i := range d.set.Mapping.Columns {
		if c := &d.set.Mapping.Columns[i]; c.Combine != nil && (*c.Combine >= len(d.set.Mapping.Columns) || d.set.Mapping.Columns[*c.Combine].Field != "") {
			c.Combine = nil
		}
	}
}

func (d *draft) takeColumn(i int, form url.Values) {
	n := strconv.Itoa(i)
	if !has(form, "was"+n) {
		return
	}
	c := &d.set.Mapping.Columns[i]
	was, now, on := form.Get("was"+n), form.Get("f"+n), has(form, "in"+n)
	switch {
	case form.Get("make") == n:
		d.setField(i, mapping.NewCustom)
	case now != was:
		d.setField(i, now)
	case !on && was != "":
		d.setField(i, "")
	case on && was == "" && !d.combined(i):
		field := d.in.Suggestions[i].Field
		if field == "" || !d.free(i, field) {
			field = mapping.NewCustom
		}
		d.setField(i, field)
	}
	if c.Field == "" {
		return
	}
	c.DoNotOverwrite = has(form, "keep"+n) && !d.isIdentifier(i)
	if c.Field == mapping.NewCustom && has(form, "label"+n) {
		c.Label = nameOf(form.Get("label" + n))
		if t := contact.FieldType(form.Get("type" + n)); slices.Contains(fieldTypes, t) {
			c.Type = string(t)
		}
	}
	if has(form, "opts"+n) {
		takeOptions(c, n, form)
	}
}

// setField has a column feed a field, or none.
func (d *draft) setField(i int, field string) {
	c := &d.set.Mapping.Columns[i]
	known := field == "" || field == mapping.NewCustom || mapping.Known(field)
	if id, ok := contact.CustomID(field); ok {
		_, known = d.cat.Field(id)
	}
	if !known || c.Field == field {
		return
	}
	keep := c.DoNotOverwrite
	*c = mapping.Column{Header: c.Header, Field: field}
	if field == "" {
		return
	}
	c.DoNotOverwrite = keep
	if field == mapping.NewCustom {
		c.Label, c.Type = errs.Clip(c.Header, maxName), string(contact.TypeText)
	}
	if p := d.in.Mapping.Columns[i]; p.Field == field {
		c.Combine, c.Options = p.Combine, p.Options
		c.DoNotOverwrite = keep
	}
}

// free tells whether a field can take one more column.
func (d *draft) free(i int, field string) bool {
	return mapping.Multi(field) || !slices.ContainsFunc(d.set.Mapping.Columns, func(c mapping.Column) bool { return c.Field == field })
}

// takeOptions reads the controls of [draft.options]; those that are not in the form stay.
func takeOptions(c *mapping.Column, n string, form url.Values) {
	into := func(name string, to *string, limit int) {
		if has(form, name+n) {
			*to = errs.Clip(strings.Trim(form.Get(name+n), "\r\n"), limit)
		}
	}
	into("cc", &c.Country, 2)
	into("do", &c.DateOrder, 3)
	into("dec", &c.Decimal, 5)
	into("sep", &c.Separator, 10)
	into("def", &c.Default, 1000)
	into("clr", &c.ClearWord, 100)
	if has(form, "cho"+n) {
		c.Choices = readChoices(form.Get("cho" + n))
	}
	if has(form, "comb"+n) {
		c.Combine = nil
		if at, err := strconv.Atoi(form.Get("comb" + n)); err == nil && at >= 0 {
			c.Combine = &at
		}
	}
	c.IgnoreEmpty, c.KeepTyped, c.DropInvalid = has(form, "ie"+n), has(form, "kt"+n), has(form, "di"+n)
}
