package importer_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
)

// walk gives the numbers of all rows that a query is for, page after page, and again from the end; both ways must give
// the same, and as many as the pages say.
func (w *world) walk(imp *importer.Import, q importer.RowQuery) []int64 {
	w.t.Helper()
	var on, back []int64
	total := int64(-1)
	for q.After, q.Before = 0, 0; ; {
		p, err := w.imports.Rows(console(), imp, q)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(p.Cells) != len(p.Rows) {
			w.t.Fatalf("%d rows with %d cells", len(p.Rows), len(p.Cells))
		}
		for _, r := range p.Rows {
			on = append(on, r.Number)
		}
		if (p.Prev == 0) != (len(on) == len(p.Rows)) {
			w.t.Fatalf("prev %d at %v of %+v", p.Prev, on, q)
		}
		total = p.Total
		if q.After = p.Next; p.Next == 0 {
			break
		}
	}
	for q.After, q.Before = 0, 1<<60; ; {
		p, err := w.imports.Rows(console(), imp, q)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, r := range slices.Backward(p.Rows) {
			back = append(back, r.Number)
		}
		if (p.Next == 0) != (len(back) == len(p.Rows)) {
			w.t.Fatalf("next %d at %v of %+v", p.Next, back, q)
		}
		if q.Before = p.Prev; p.Prev == 0 {
			break
		}
	}
	slices.Reverse(back)
	if !slices.Equal(on, back) || int64(len(on)) != total {
		w.t.Fatalf("%+v: forwards %v, backwards %v, total %d", q, on, back, total)
	}
	return on
}

// causesAgree holds what is counted of an import against its rows, one by one.
func (w *world) causesAgree(imp *importer.Import, limit int) {
	w.t.Helper()
	imp, err := w.imports.Get(console(), ws, imp.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	want, warned := map[string][]int64{}, map[string][]int64{}
	var all []int64
	err = w.imports.Results(console(), imp, func(r *importer.RowResult) error {
		all = append(all, r.Number)
		outcome := r.Outcome.String()
		want[outcome] = append(want[outcome], r.Number)
		keys := map[string]bool{}
		for _, is := range r.Issues {
			switch {
			case r.Outcome == importer.RowError && is.Severity == errs.Reject:
				keys["error."+is.Code] = true
			case r.Outcome != importer.RowError && r.Outcome != importer.RowUnprocessed && is.Severity == errs.Warning:
				keys["warning."+is.Code] = true
			}
		}
		if r.Outcome != importer.RowError && r.Outcome != importer.RowUnprocessed &&
			slices.ContainsFunc(r.Issues, func(is errs.Issue) bool { return is.Severity == errs.Warning }) {
			warned[outcome] = append(warned[outcome], r.Number)
		}
		if r.Outcome == importer.RowSkipped {
			keys["skip."+r.Reason.String()] = true
		}
		for k := range keys {
			want[k] = append(want[k], r.Number)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if got := w.walk(imp, importer.RowQuery{Limit: limit}); !slices.Equal(got, all) {
		w.t.Fatalf("all rows: %v, want %v", got, all)
	}
	for o := importer.RowUnprocessed; o <= importer.RowError; o++ {
		if got := w.walk(imp, importer.RowQuery{Outcome: o.String(), Limit: limit}); !slices.Equal(got, want[o.String()]) {
			w.t.Fatalf("%s: %v, want %v", o, got, want[o.String()])
		}
		delete(want, o.String())
		if got := w.walk(imp, importer.RowQuery{Outcome: o.String(), Warned: true, Limit: limit}); !slices.Equal(got, warned[o.String()]) {
			w.t.Fatalf("%s with warnings: %v, want %v", o, got, warned[o.String()])
		}
	}
	causes, err := w.imports.Causes(console(), imp)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range causes {
		if got := w.walk(imp, importer.RowQuery{Cause: c.Key, Limit: limit}); !slices.Equal(got, want[c.Key]) || int64(len(got)) != c.Rows {
			w.t.Fatalf("%s counts %d, gives %v, want %v", c.Key, c.Rows, got, want[c.Key])
		}
		delete(want, c.Key)
	}
	if len(want) > 0 {
		w.t.Fatalf("not told: %v", want)
	}
}

// TestRowsAreWhatIsCounted: at review, in the middle and at the end, every outcome and cause gives just the rows that it
// counts, in pages of any size, forwards and backwards.
func TestRowsAreWhatIsCounted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			if n++; n > checks(d) {
				return
			}
			w := town(rt, t, fresh(t, d.Engine()))
			limit := rapid.IntRange(1, 7).Draw(rt, "page")
			s := townSettings(rt)
			if rapid.IntRange(0, 3).Draw(rt, "join") == 0 {
				s.Repeated = importer.RepeatedJoin
			}
			imp := w.review(townFile(rt, 25), s)
			w.causesAgree(imp, limit)
			ctx, stop := context.WithCancel(console())
			left := rapid.IntRange(1, 3).Draw(rt, "chunks before the stop")
			_, err := w.imports.Apply(ctx, ws, imp.ID, func(importer.Phase, int64, int64, int64) {
				if left--; left == 0 {
					stop()
				}
			})
			stop()
			if err != nil && !errors.Is(err, context.Canceled) {
				rt.Fatal(err)
			}
			w.causesAgree(imp, limit)
			if err != nil {
				w.apply(imp)
				w.causesAgree(imp, limit)
			}
		})
	})
}

// TestRowsAfterDrift: rows that came out otherwise than reviewed count by what they came to.
func TestRowsAfterDrift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 4)
		s := settings(add, "phone", peopleColumns...)
		imp := w.review(people(30), s)
		w.do(people(9), s)
		imp = w.apply(imp)
		if imp.Counts != (importer.Counts{Imported: 18, Skipped: 9, Errors: 3}) || imp.Drifted != 9 {
			t.Fatalf("%+v, %d drifted", imp.Counts, imp.Drifted)
		}
		w.causesAgree(imp, 4)
		if got := w.walk(imp, importer.RowQuery{Drifted: true, Limit: 2}); len(got) != 9 {
			t.Errorf("drifted: %v", got)
		}
	})
}

// TestRowPages: cells, changes, erased values and warnings of a page; a row by its number.
func TestRowPages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 3)
		s := settings(upsert, "phone", "nome=name", "fone=phone", "empresa=company", "mail=email")
		w.do(file("nome;fone;empresa;mail", "Ana;11961234567;Padaria;ana@example.com", "Bia;11961234568;Bar;bia@example.com", "Caio;11961234569;Loja;"), s)
		imp := w.review(file("nome;fone;empresa;mail", "Ana;11961234567;;ana@example.com", "Bia Sá;11961234568;Bar;nova@example.com", "Caio;1161234569;Loja;", "Dora"), s)
		p, err := w.imports.Rows(console(), imp, importer.RowQuery{})
		if err != nil {
			t.Fatal(err)
		}
		if p.Total != 4 || len(p.Rows) != 4 || p.Next != 0 || p.Prev != 0 {
			t.Fatalf("%+v", p)
		}
		if got := fmt.Sprintf("%q", p.Cells); got != `[["Ana" "11961234567" "" "ana@example.com"] ["Bia Sá" "11961234568" "Bar" "nova@example.com"] ["Caio" "1161234569" "Loja" ""] ["Dora" "" "" ""]]` {
			t.Error(got)
		}
		for _, c := range []struct {
			q    importer.RowQuery
			want []int64
		}{
			{importer.RowQuery{Change: "company"}, []int64{1}},
			{importer.RowQuery{Cleared: true}, []int64{1}},
			{importer.RowQuery{Cleared: true, Change: "company"}, []int64{1}},
			{importer.RowQuery{Cleared: true, Change: "name"}, nil},
			{importer.RowQuery{Change: "name"}, []int64{2}},
			{importer.RowQuery{Change: "email", Outcome: "updated"}, []int64{2}},
			{importer.RowQuery{Warned: true}, []int64{3}},
			{importer.RowQuery{Warned: true, Outcome: "updated"}, nil},
			{importer.RowQuery{Warned: true, Outcome: "skipped"}, []int64{3}},
			{importer.RowQuery{Warned: true, Cause: "warning.phone.ninth_digit_added"}, []int64{3}},
			{importer.RowQuery{Cause: "warning.phone.ninth_digit_added", Outcome: "skipped"}, []int64{3}},
			{importer.RowQuery{Cause: "error.row.no_identifier", Outcome: "error"}, []int64{4}},
			{importer.RowQuery{Cause: "error.none.such"}, nil},
			{importer.RowQuery{Outcome: "unprocessed"}, nil},
		} {
			c.q.Limit = 1
			if got := w.walk(imp, c.q); !slices.Equal(got, c.want) {
				t.Errorf("%+v: %v, want %v", c.q, got, c.want)
			}
		}
		r, cells, err := w.imports.Row(console(), imp, 2)
		if err != nil || r.Plan.Target == 0 || cells[3] != "nova@example.com" {
			t.Errorf("%+v %v %v", r, cells, err)
		}
		if _, _, err := w.imports.Row(console(), imp, 5); errs.CodeOf(err) != "import.row_not_found" {
			t.Error(err)
		}
		causes, err := w.imports.Causes(console(), imp)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range causes {
			got = append(got, fmt.Sprintf("%s %d %d %s", c.Key, c.Rows, c.Column, c.Field))
		}
		if s := strings.Join(got, "; "); s != "error.row.no_identifier 1 -1 ; skip.unchanged 1 -1 ; warning.phone.ninth_digit_added 1 1 phone" {
			t.Error(s)
		}
		if n := imp.Summary.ClearedFields["company"]; n != 1 || imp.Summary.Cleared != 1 {
			t.Errorf("%+v", imp.Summary)
		}
		before := w.upload(console(), file("a"))
		if _, err := w.imports.Rows(console(), before, importer.RowQuery{}); errs.CodeOf(err) != "import.no_rows" {
			t.Error(err)
		}
	})
}
