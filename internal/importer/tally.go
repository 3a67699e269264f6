package importer

import (
	"maps"
	"slices"
	"strings"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
)

// tally counts rows by what a page of rows can be asked for. A row counts once under each of its keys:
//
//	imported, updated, skipped, error    its outcome
//	error.<code>                         a fault that keeps it out
//	skip.<reason>                        why it is skipped
//	warned, warned.<outcome>             a row that is no error and should be looked at
//	warning.<code>                       what should be looked at in it
//	change.<field>                       an update that changes the field
//	cleared, cleared.<field>             an update that erases a value
//	drifted                              not what the review said
//	fixed, fixed.<origin>                corrected at review, see [Fix]
type tally map[string]int64

const (
	keyWarned  = "warned"
	keyCleared = "cleared"
	keyDrifted = "drifted"
	keyFixed   = "fixed"
)

// addAll adds the counts of another tally.
func (t tally) addAll(o tally) {
	for k, n := range o {
		t[k] += n
	}
}

// add counts a row n times, which is -1 for one that is taken out.
func (t tally) add(keys []string, n int64) {
	for _, k := range keys {
		if t[k] += n; t[k] == 0 {
			delete(t, k)
		}
	}
}

// verdict is what became of a row, or would.
type verdict struct {
	outcome Outcome
	reason  Reason
	drifted bool
}

// rowKeys appends the keys under which a row counts.
func rowKeys(dst []string, v verdict, p *PlanRow, issues []errs.Issue) []string {
	at := len(dst)
	add := func(key string) {
		if !slices.Contains(dst[at:], key) {
			dst = append(dst, key)
		}
	}
	add(v.outcome.String())
	if v.outcome == RowUnprocessed {
		return dst
	}
	switch v.outcome {
	case RowSkipped:
		add("skip." + v.reason.String())
	case RowUpdated:
		for i := range p.Changes {
			c := &p.Changes[i]
			if c.Field == contact.FieldTyped || v.drifted { // what a drifted row changed is the journal's to tell
				continue
			}
			add("change." + c.Field)
			if c.New == "" {
				add(keyCleared)
				add("cleared." + c.Field)
			}
		}
	}
	if v.drifted {
		add(keyDrifted)
	}
	for i := range issues {
		if origin := originOf(&issues[i]); origin != "" {
			add(keyFixed)
			add(keyFixed + "." + origin)
		}
	}
	if v.outcome == RowError {
		for i := range issues {
			if issues[i].Severity == errs.Reject {
				add("error." + issues[i].Code)
			}
		}
		return dst
	}
	for i := range issues {
		// A fault that does not keep the row out has no weight: one of two rows that were joined may lack its name.
		if issues[i].Severity == errs.Warning {
			add(keyWarned)
			add(keyWarned + "." + v.outcome.String())
			add("warning." + issues[i].Code)
		}
	}
	return dst
}

// plannedKeys appends the keys of a row as the review decided it.
func plannedKeys(dst []string, p *PlanRow) []string {
	return rowKeys(dst, verdict{outcome: p.Outcome, reason: p.Reason}, p, joinIssues(p.Record.Issues, p.Issues))
}

// count adds the rows of t to the summary, or takes them away.
func (s *Summary) count(t tally) {
	for _, m := range []*map[string]int64{&s.Reasons, &s.Changes, &s.ClearedFields} {
		if *m == nil {
			*m = map[string]int64{}
		}
	}
	for key, n := range t {
		prefix, rest, long := strings.Cut(key, ".")
		switch {
		case key == keyWarned:
			s.Warnings += n
		case key == keyDrifted, key == keyCleared, prefix == keyWarned:
		case prefix == "change":
			tally(s.Changes).add([]string{rest}, n)
		case prefix == "cleared":
			s.Cleared += n
			tally(s.ClearedFields).add([]string{rest}, n)
		case long:
			tally(s.Reasons).add([]string{key}, n)
		default:
			s.Counts.addNamed(key, n)
		}
	}
}

func (c *Counts) addNamed(outcome string, n int64) {
	for o := RowImported; o <= RowError; o++ {
		if o.String() == outcome {
			c.add(o, n)
		}
	}
}

// signs knows for every row of a file under which keys it counts, in four bytes a row: few combinations of keys occur.
type signs struct {
	rows    []uint32 // sign of each row of the file
	keys    [][]string
	warned  [][]string // of each sign: the keys of its warnings, which those of an error do not show
	byText  map[string]uint32
	plain   [RowError + 1][256]uint32 // signs of rows of which nothing more is to be said, by reason; 0 for not met yet
	marked  map[markedSign]uint32
	columns map[string]int // key -> column of its issues, -1 for several
	text    []byte
}

type markedSign struct {
	sign uint32
	code string
	was  Outcome
}

func newSigns() *signs {
	return &signs{keys: [][]string{nil}, warned: [][]string{nil}, byText: map[string]uint32{}, marked: map[markedSign]uint32{}, columns: map[string]int{}}
}

// add takes the next row, as the review decided it.
func (s *signs) add(p *PlanRow) {
	s.next(verdict{outcome: p.Outcome, reason: p.Reason}, p, p.Issues)
}

// applied counts the rows of a chunk by what became of them.
func (s *signs) applied(rows []PlanRow, out []applied) tally {
	s.rows = s.rows[:0]
	for i := range rows {
		p, a := &rows[i], &out[i]
		issues := p.Issues
		if a.drifted {
			issues = a.issues
		}
		s.next(verdict{a.outcome, a.reason, a.drifted}, p, issues)
	}
	return s.tally(1, len(rows))
}

// next takes the next row; issues are what matching had to say.
func (s *signs) next(v verdict, p *PlanRow, issues []errs.Issue) {
	plain := v.outcome != RowUpdated && !v.drifted && len(p.Record.Issues)+len(issues) == 0
	if plain {
		if sign := s.plain[v.outcome][v.reason]; sign != 0 {
			s.rows = append(s.rows, sign)
			return
		}
	}
	b := append(s.text[:0], byte(v.outcome), byte(v.reason))
	if v.drifted {
		b = append(b, 1)
	}
	for _, list := range [2][]errs.Issue{p.Record.Issues, issues} {
		for i := range list {
			is := &list[i]
			b = append(append(b, byte(is.Severity), byte(is.Column), byte(is.Column>>8)), is.Code...)
			b = append(b, originOf(is)...)
		}
	}
	if v.outcome == RowUpdated && !v.drifted {
		for i := range p.Changes {
			c := &p.Changes[i]
			mark := byte(0xfe)
			if c.New == "" {
				mark = 0xff
			}
			b = append(append(b, mark), c.Field...)
		}
	}
	s.text = b
	sign, ok := s.byText[string(b)]
	if !ok {
		all := joinIssues(p.Record.Issues, issues)
		var warned []string
		for i := range all {
			if key := "warning." + all[i].Code; all[i].Severity == errs.Warning && !slices.Contains(warned, key) {
				warned = append(warned, key)
			}
		}
		sign = s.sign(rowKeys(nil, v, p, all), warned)
		s.byText[string(b)] = sign
		s.place(all)
	}
	if plain {
		s.plain[v.outcome][v.reason] = sign
	}
	s.rows = append(s.rows, sign)
}

// replace counts a row as p from now on.
func (s *signs) replace(row int64, p *PlanRow) {
	s.add(p)
	last := len(s.rows) - 1
	s.rows[row-1] = s.rows[last]
	s.rows = s.rows[:last]
}

// sign gives a number to a combination of keys.
func (s *signs) sign(keys, warned []string) uint32 {
	s.keys, s.warned = append(s.keys, keys), append(s.warned, warned)
	return uint32(len(s.keys) - 1)
}

// place notes in which columns issues are.
func (s *signs) place(list []errs.Issue) {
	for i := range list {
		is := &list[i]
		key := "warning." + is.Code
		if is.Severity == errs.Reject {
			key = "error." + is.Code
		}
		if at, ok := s.columns[key]; !ok {
			s.columns[key] = is.Column
		} else if at != is.Column {
			s.columns[key] = -1
		}
	}
}

// mark lets a verdict of the whole file say what becomes of a row.
func (s *signs) mark(v *repeat) {
	at := &s.rows[v.row-1]
	m := markedSign{*at, v.code(), v.outcome}
	sign, ok := s.marked[m]
	if !ok {
		keys, warned := []string{v.outcome.String()}, s.warned[*at]
		for _, k := range s.keys[*at] {
			prefix, _, _ := strings.Cut(k, ".")
			if prefix == keyFixed || v.outcome == RowError && prefix == "error" && k != prefix {
				keys = append(keys, k)
			}
		}
		if v.outcome == RowError {
			keys = append(keys, "error."+v.code())
		} else {
			keys = append(keys, "skip."+v.reason().String())
			if len(warned) > 0 {
				keys = append(append(keys, keyWarned, keyWarned+"."+v.outcome.String()), warned...)
			}
		}
		sign = s.sign(keys, warned)
		s.marked[m] = sign
	}
	*at = sign
}

// tally counts the rows from the one numbered first on.
func (s *signs) tally(first int64, rows int) tally {
	n := map[uint32]int64{}
	last, run := uint32(0), int64(0)
	for _, sign := range s.rows[first-1 : first-1+int64(rows)] {
		if sign != last {
			n[last] += run
			last, run = sign, 0
		}
		run++
	}
	n[last] += run
	t := tally{}
	for sign, rows := range n {
		for _, k := range s.keys[sign] {
			t[k] += rows
		}
	}
	maps.DeleteFunc(t, func(_ string, n int64) bool { return n == 0 })
	return t
}
