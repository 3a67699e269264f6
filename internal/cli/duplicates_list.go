package cli

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"cadastro/internal/app"
	"cadastro/internal/contact"
	"cadastro/internal/dedupe"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

type duplicatesListCmd struct {
	Certain bool   `help:"Only groups that may be merged unseen." xor:"which"`
	Likely  bool   `help:"Only groups to be looked at." xor:"which"`
	Reason  string `help:"Only groups with a pair that this speaks for: phone, email, tax_id, external_id, name, similar_name, birth_date, address ..." placeholder:"REASON"`
	Limit   int    `help:"How many groups to list, 0 for all. With --csv, all." default:"50" placeholder:"N"`
	Ref     string `help:"With --csv: the value of this field (a key, or the label of a custom field) in the place of the id." placeholder:"FIELD"`
	JSON    bool   `help:"Write one JSON object." xor:"form"`
	CSV     bool   `help:"Write CSV, a line for each pair: a,b,score,certainty,reasons." xor:"form"`
}

// Run lists groups of duplicates.
func (c *duplicatesListCmd) Run(s *session) error {
	query := dedupe.Query{CertainOnly: c.Certain, LikelyOnly: c.Likely, Limit: 200}
	if c.Reason != "" {
		var err error
		if query.Reason, err = reasonOf(c.Reason); err != nil {
			return err
		}
	}
	if c.Ref != "" && !c.CSV {
		s.tell("cli_duplicates.ref_csv")
		return exitWith(exitUsage)
	}
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	cat, err := a.Contacts.Catalogue(s.ctx, app.FirstWorkspace)
	if err != nil {
		return err
	}
	var put func(dedupe.Group, map[contact.ID]*contact.Contact)
	out := struct {
		Groups []groupJSON `json:"groups"`
	}{[]groupJSON{}}
	shown := 0
	left := c.Limit
	switch {
	case c.CSV:
		left = 0
		ref, err := refOf(c.Ref, cat)
		if err != nil {
			return err
		}
		w := csv.NewWriter(s.data())
		_ = w.Write([]string{"a", "b", "score", "certainty", "reasons"}) // an error stays with the writer
		put = func(g dedupe.Group, people map[contact.ID]*contact.Contact) {
			for _, p := range g.Pairs {
				_ = w.Write([]string{ref(people, p.A), ref(people, p.B), fmt.Sprintf("%.1f", p.Score), p.Certainty.String(), strings.Join(p.Reasons.Names(), " ")})
			}
		}
		if err := s.duplicateGroups(a, query, left, put); err != nil {
			return err
		}
		w.Flush()
		return w.Error()
	case c.JSON:
		put = func(g dedupe.Group, people map[contact.ID]*contact.Contact) {
			out.Groups = append(out.Groups, groupJSONOf(g, people))
		}
	default:
		put = func(g dedupe.Group, people map[contact.ID]*contact.Contact) {
			if shown++; shown > 1 {
				s.line("")
			}
			s.printGroup(g, people)
		}
	}
	if err := s.duplicateGroups(a, query, left, put); err != nil {
		return err
	}
	if c.JSON {
		return s.json(out)
	}
	if shown == 0 {
		s.say("cli_duplicates.none")
	}
	return nil
}

// duplicateGroups goes through the groups with their people, up to limit, 0 for all.
func (s *session) duplicateGroups(a *app.App, query dedupe.Query, limit int, f func(dedupe.Group, map[contact.ID]*contact.Contact)) error {
	for n := 0; ; {
		if limit > 0 {
			query.Limit = min(query.Limit, limit-n)
		}
		list, next, err := a.Dedupe.Groups(s.ctx, app.FirstWorkspace, query)
		if err != nil {
			return err
		}
		people, err := a.Dedupe.People(s.ctx, app.FirstWorkspace, list)
		if err != nil {
			return err
		}
		for _, g := range list {
			f(g, people)
		}
		if n += len(list); next == nil || limit > 0 && n >= limit {
			return nil
		}
		query.After = next
	}
}

func (s *session) printGroup(g dedupe.Group, people map[contact.ID]*contact.Contact) {
	title := "cli_duplicates.likely"
	if g.Certain {
		title = "cli_duplicates.certain"
	}
	s.say(title, "reasons", s.reasons(g))
	t := &grid{right: map[int]bool{0: true}}
	for _, id := range g.Members {
		if c := people[id]; c != nil {
			t.add(strconv.FormatInt(int64(id), 10), oneLine(nameOf(c), 36), oneLine(first(c, contact.Phone), 24), oneLine(first(c, contact.Email), 36),
				oneLine(c.Scalars[contact.TaxID], 20), oneLine(c.Scalars[contact.BirthDate], 12))
		}
	}
	t.print(s.out, "  ")
}

func nameOf(c *contact.Contact) string {
	if n := c.Scalars[contact.Name]; n != "" {
		return n
	}
	return strings.TrimSpace(c.Scalars[contact.FirstName] + " " + c.Scalars[contact.LastName])
}

// reasons gives in words what speaks for the pairs of a group.
func (s *session) reasons(g dedupe.Group) string {
	var all dedupe.Reasons
	for _, p := range g.Pairs {
		all |= p.Reasons
	}
	if all != dedupe.ThroughAnother {
		all &^= dedupe.ThroughAnother
	}
	var words []string
	for _, name := range all.Names() {
		words = append(words, s.text.T("web.duplicates.why."+name))
	}
	return s.text.List(words)
}

// reasonOf gives the reason of a stable name.
func reasonOf(name string) (dedupe.Reasons, error) {
	all := ^dedupe.Reasons(0)
	for i, n := range all.Names() {
		if n == name {
			return 1 << i, nil
		}
	}
	return 0, errs.New(errs.Invalid, "cli.duplicate_reason", "reason", name, "known", strings.Join(all.Names(), ", "))
}

// refOf gives what names a contact in CSV: its id, or the value of a field.
func refOf(field string, cat *contact.Catalogue) (func(map[contact.ID]*contact.Contact, int64) string, error) {
	if field == "" || field == "id" {
		return func(_ map[contact.ID]*contact.Contact, id int64) string { return strconv.FormatInt(id, 10) }, nil
	}
	value := func(*contact.Contact) string { return "" }
	if scalar, ok := contact.ScalarByKey(field); ok {
		value = func(c *contact.Contact) string { return c.Scalars[scalar] }
	} else if custom, ok := cat.FieldByLabel(normalize.Fold(field)); ok {
		value = func(c *contact.Contact) string {
			for _, v := range c.Custom {
				if v.ID == custom.ID {
					return v.Value
				}
			}
			return ""
		}
	} else {
		return nil, errs.New(errs.Invalid, "cli.duplicate_ref", "field", field)
	}
	return func(people map[contact.ID]*contact.Contact, id int64) string {
		if c := people[contact.ID(id)]; c != nil {
			return value(c)
		}
		return ""
	}, nil
}

// groupJSON is a group of duplicates as JSON.
type groupJSON struct {
	ID       int64        `json:"id"`
	Certain  bool         `json:"certain"`
	Score    float64      `json:"score"`
	Contacts []personJSON `json:"contacts"`
	Pairs    []pairJSON   `json:"pairs"`
}

type personJSON struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type pairJSON struct {
	A         int64    `json:"a"`
	B         int64    `json:"b"`
	Score     float64  `json:"score"`
	Certainty string   `json:"certainty"`
	Reasons   []string `json:"reasons"`
}

func groupJSONOf(g dedupe.Group, people map[contact.ID]*contact.Contact) groupJSON {
	out := groupJSON{ID: int64(g.ID), Certain: g.Certain, Score: g.Score, Contacts: []personJSON{}, Pairs: []pairJSON{}}
	for _, id := range g.Members {
		if c := people[id]; c != nil {
			out.Contacts = append(out.Contacts, personJSON{int64(id), nameOf(c)})
		}
	}
	for _, p := range g.Pairs {
		out.Pairs = append(out.Pairs, pairJSON{p.A, p.B, p.Score, p.Certainty.String(), p.Reasons.Names()})
	}
	return out
}
