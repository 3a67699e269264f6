package filter

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cadastro/internal/errs"
)

// words is a small base: two tags, one member, one custom field.
type words struct{}

func (words) Field(w string) (Field, bool) {
	switch w = strings.ToLower(w); w {
	case "etiqueta":
		return Field{"tag", Named}, true
	case "tag", "group", "owner":
		return Field{w, Named}, true
	case "name", "city", "email", "phone":
		return Field{w, Text}, true
	case "created", "updated":
		return Field{w, Instant}, true
	case "birth_date":
		return Field{w, Day}, true
	case "birthday":
		return Field{w, Birthday}, true
	case "custom.12", "custom.plano anual", "custom.limite":
		return Field{"custom.12", Number}, true
	case "import":
		return Field{w, Import}, true
	case "blocked":
		return Field{w, Bool}, true
	case "has":
		return Field{w, Presence}, true
	}
	return Field{}, false
}

func (words) ID(_ Field, name string) (int64, bool) {
	i := slices.Index([]string{"", "vip", "são paulo", "#1", "a,b*"}, strings.ToLower(name))
	return int64(i), i > 0
}

func (words) Name(_ Field, id int64) string {
	if id < 1 || id > 4 {
		return ""
	}
	return []string{"VIP", "São Paulo", "#1", "a,b*"}[id-1]
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want, pinned string }{
		{"", "", ""},
		{"   ", "", ""},
		{"ana silva", "ana and silva", ""},
		{`tag:vip and (city:"São Paulo" or not has:email) and updated>2026-01-01`, `tag:VIP and (city:"São Paulo" or not has:email) and updated>2026-01-01`,
			`tag:#1 and (city:"São Paulo" or not has:email) and updated>2026-01-01`},
		{"a or b c", "a or b and c", ""},
		{"(a or b) c", "(a or b) and c", ""},
		{"((a)) and (b and (c d))", "a and b and c and d", ""},
		{"not not a", "a", ""},
		{"not (a b)", "not (a and b)", ""},
		{"NOT a OR b", "not a or b", ""},
		{"city!=Recife", "not city=Recife", ""},
		{"not city!=Recife", "city=Recife", ""},
		{`"and" or "a:b" or "(11) 98765"`, `"and" or "a:b" or "(11) 98765"`, ""},
		{"(11) 98765-4321", "11 and 98765-4321", ""},
		{"+5511987654321 ana@example.com", "+5511987654321 and ana@example.com", ""},
		{"city:são*", "city:são*", ""},
		{`city:"são p"*`, `city:"são p"*`, ""},
		{`name:"a*"`, `name:"a*"`, ""},
		{"Etiqueta: #2", `tag:"São Paulo"`, "tag:#2"},
		{`tag:(vip,"#1" , "a,b*")`, `tag:(VIP, "#1", "a,b*")`, "tag:(#1, #3, #4)"},
		{"created:2026-01..2026-03", "created:2026-01..2026-03", ""},
		{"created>=-7D", "created>=-7d", ""},
		{"created>2026-01-01T10:00", "created>2026-01-01t10:00", ""},
		{`custom."plano anual">=100.5`, "custom.12>=100.5", ""},
		{"custom.limite:1..5", "custom.12:1..5", ""},
		{"birthday:07-15", "birthday:07-15", ""},
		{"import:#128", "import:128", ""},
		{"blocked:sim", "blocked:true", ""},
		{`name:"diz \"oi\" \\"`, `name:"diz \"oi\" \\"`, ""},
		{"city : Recife", "", ""},
	} {
		q, err := Parse(c.in, words{})
		if c.in == "city : Recife" { // a space before the sign makes it a word and a stray sign
			if errs.CodeOf(err) != "filter.unexpected" {
				t.Errorf("%q: %v", c.in, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if got := q.String(); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
		if got := q.Pinned(); c.pinned != "" && got != c.pinned {
			t.Errorf("%q: pinned %q, want %q", c.in, got, c.pinned)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, code string
		pos      int
	}{
		{`é "ana`, "filter.quote_open", 3},
		{"(ana", "filter.paren_open", 1},
		{"ana)", "filter.unexpected", 4},
		{"ana or", "filter.nothing", 5},
		{"or ana", "filter.nothing", 1},
		{"ana and", "filter.nothing", 5},
		{"ana and or b", "filter.nothing", 5},
		{"and ana", "filter.nothing", 1},
		{"not", "filter.nothing", 1},
		{"()", "filter.nothing", 1},
		{`""`, "filter.nothing", 1},
		{"cidade:x", "filter.field_unknown", 1},
		{"https://example.com", "filter.field_unknown", 1},
		{"a city:", "filter.value_missing", 8},
		{"city>x", "filter.operator", 6},
		{"tag:ouro", "filter.name_unknown", 5},
		{"tag:#9", "filter.name_unknown", 5},
		{"tag:vi*", "filter.prefix", 5},
		{"created:soon", "filter.date", 9},
		{"created:2026-02-30", "filter.date", 9},
		{"created>2026..2027", "filter.range", 9},
		{"birthday:13", "filter.birthday", 10},
		{"custom.12:abc", "filter.number", 11},
		{"import:x", "filter.number", 8},
		{"blocked:talvez", "filter.bool", 9},
		{"has:nothing", "filter.field_unknown", 5},
		{"tag:(vip", "filter.paren_open", 5},
		{"tag:(vip vip)", "filter.unexpected", 10},
		{"tag:()", "filter.value_missing", 6},
		{": x", "filter.unexpected", 1},
		{strings.Repeat("(", 60) + "a", "filter.too_deep", 52},
		{strings.Repeat("not ", 60) + "a", "filter.too_deep", 205},
		{strings.Repeat("a ", MaxTests+1), "filter.too_many", 0},
		{strings.Repeat("a", MaxText+1), "filter.too_long", 0},
	} {
		_, err := Parse(c.in, words{})
		var e *errs.Error
		if errs.CodeOf(err) != c.code || errs.KindOf(err) != errs.Invalid {
			t.Errorf("%.40q: %v, want %s", c.in, err, c.code)
			continue
		}
		e = err.(*errs.Error)
		if c.pos > 0 && e.Args["position"] != c.pos {
			t.Errorf("%.40q: %v at %v, want %d", c.in, c.code, e.Args["position"], c.pos)
		}
	}
}

func TestConditions(t *testing.T) {
	t.Parallel()
	for in, flat := range map[string]bool{
		`ana and tag:(vip, #2) and not tag:"#1" and city:são* and city="x y" and not has:email and created>=-7d and created:2025..2026 and custom.12<5 and blocked:no`: true,
		"a or b": false, "not (a b)": false, "tag:vip": true, "": true,
	} {
		q, err := Parse(in, words{})
		if err != nil {
			t.Fatal(err)
		}
		list, ok := q.Conditions()
		if ok != flat {
			t.Errorf("%q: flat %v", in, ok)
		}
		if !ok {
			continue
		}
		buf, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		var again []Condition
		if err := json.Unmarshal(buf, &again); err != nil {
			t.Fatal(err)
		}
		back, err := FromConditions(again, words{})
		if err != nil || back.String() != q.String() {
			t.Errorf("%q: %v %q", in, err, back)
		}
	}
	got, err := FromConditions([]Condition{{Field: "etiqueta", Op: OpIs, Values: []string{"VIP"}, Not: true}, {Op: OpIs, Values: []string{"a:b"}}, {Field: "custom.Limite", Op: OpBetween, Values: []string{"1", "2"}}}, words{})
	if err != nil || got.Pinned() != `not tag:#1 and "a:b" and custom.12:1..2` {
		t.Errorf("%v %q", err, got.Pinned())
	}
	for _, c := range []Condition{{Field: "x or y", Op: OpIs}, {Field: "city", Op: OpIs}, {Field: "created", Op: OpBetween, Values: []string{"2026 or a", "2027"}}, {Field: "city", Op: OpBefore, Values: []string{"x"}}} {
		if _, err := FromConditions([]Condition{c}, words{}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestPeriod(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("x", -3*3600)
	now := time.Date(2026, 3, 18, 15, 4, 0, 0, zone) // a Wednesday
	for in, want := range map[string]string{
		"2024":             "2024-01-01 00:00 2025-01-01 00:00",
		"2024-02":          "2024-02-01 00:00 2024-03-01 00:00",
		"2024-02-29":       "2024-02-29 00:00 2024-03-01 00:00",
		"2024-02-29t10:30": "2024-02-29 10:30 2024-02-29 10:31",
		"today":            "2026-03-18 00:00 2026-03-19 00:00",
		"yesterday":        "2026-03-17 00:00 2026-03-18 00:00",
		"week":             "2026-03-16 00:00 2026-03-23 00:00",
		"month":            "2026-03-01 00:00 2026-04-01 00:00",
		"year":             "2026-01-01 00:00 2027-01-01 00:00",
		"-7d":              "2026-03-11 00:00 2026-03-12 00:00",
		"-2w":              "2026-03-04 00:00 2026-03-05 00:00",
		"-1m":              "2026-02-18 00:00 2026-02-19 00:00",
		"+1y":              "2027-03-18 00:00 2027-03-19 00:00",
		"-6h":              "2026-03-18 09:04 2026-03-18 09:04",
	} {
		from, to, ok := Period(in, now)
		const f = "2006-01-02 15:04"
		if got := from.Format(f) + " " + to.Format(f); !ok || got != want || from.Location() != zone {
			t.Errorf("%s: %s", in, got)
		}
	}
	for in, want := range map[string]string{"07": "07-", "07-15": "07-15", "02-29": "02-29", "today": "03-18", "month": "03-"} {
		if got, ok := MonthDay(in, now); !ok || got != want {
			t.Errorf("%s: %q", in, got)
		}
	}
}

func TestSQL(t *testing.T) {
	t.Parallel()
	q, err := Parse("a and (b or not c) and city:d", words{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := q.SQL(func(t *Test) (string, error) { return t.Values[0].Text, nil })
	if want := "((a) AND ((b) OR (NOT (c))) AND (d))"; err != nil || got != want {
		t.Errorf("%v %s", err, got)
	}
	if r := q.Required(); len(r) != 2 || r[1].Field.Key != "city" {
		t.Errorf("%v", r)
	}
	if a := All(q, &Query{}, nil, q); a.String() != q.String()+" and "+q.String() {
		t.Errorf("%s", a)
	}
}

// FuzzParse: whatever is read has a canonical text that reads as the same query, by names and by numbers, and so have its
// conditions; a fault tells a place within the text.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`tag:vip and (city:"São Paulo" or not has:email)`, `a or b c`, `not not "x\"" tag:(#1,"a,b*")`, `custom."plano anual">1..2`, "created:-7d..today", `name:é*`, `city:#1 name:"#1"*`, `custom.`, `city:a\b*`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		q, err := Parse(in, words{})
		if err != nil {
			e, ok := err.(*errs.Error)
			if p, has := e.Args["position"].(int); !ok || has && (p < 1 || p > len(in)+1) {
				t.Fatalf("%q: %v", in, err)
			}
			return
		}
		for _, text := range []string{q.String(), q.Pinned()} {
			again, err := Parse(text, words{})
			if err != nil && len(text) > MaxText {
				continue
			}
			if err != nil || !reflect.DeepEqual(normal(again), normal(q)) || again.String() != q.String() {
				t.Fatalf("%q: %q: %v, %q", in, text, err, again)
			}
		}
		if list, flat := q.Conditions(); flat {
			again, err := FromConditions(list, words{})
			if err == nil && again.String() != q.String() || err != nil && len(q.String()) < MaxText/2 {
				t.Fatalf("%q: %+v: %v, %q", in, list, err, again)
			}
		}
	})
}

// normal gives a query without the texts that numbers stand for.
func normal(q *Query) *Node {
	if q.Root == nil {
		return nil
	}
	var copied func(n *Node) *Node
	copied = func(n *Node) *Node {
		c := *n
		c.Kids, c.Test.Values = nil, slices.Clone(n.Test.Values)
		for i := range c.Test.Values {
			if c.Test.Field.Type == Named {
				c.Test.Values[i].Text = ""
			}
		}
		for _, k := range n.Kids {
			c.Kids = append(c.Kids, copied(k))
		}
		return &c
	}
	return copied(q.Root)
}
