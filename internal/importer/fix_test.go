package importer_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
)

// TestFixCells: a corrected cell decides its row again, and the rows that shared or now share its identifier.
func TestFixCells(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 2)
		text := file("nome;fone;mail", "Ana;11911112222;", "Bia;98888-1402;", "Caio;11911112222;", "Dora;11933334444;", "Eva;;eva@example.com")
		imp := w.review(text, settings(upsert, "phone", "nome=name", "fone=phone", "mail=email"))
		w.wantPlan(imp, "error repeated", "error cells", "error repeated", "imported", "error no_identifier")
		imp, rows, err := w.imports.FixCells(console(), ws, imp.ID, []importer.CellFix{{Row: 2, Column: 1, Value: "11 98888-1402"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 1 || rows[0].Number != 2 || rows[0].Line != 3 || rows[0].Outcome != importer.RowImported {
			t.Errorf("rows %+v", rows)
		}
		if imp.Counts.Imported+imp.Summary.Counts.Imported != 2 || imp.Summary.Reasons["fixed.hand"] != 1 {
			t.Errorf("%+v", imp.Summary)
		}
		// One of two repetitions gets a number of its own: the other one is good, too.
		imp, rows, err = w.imports.FixCells(console(), ws, imp.ID, []importer.CellFix{{Row: 3, Column: 1, Value: "21977776666"}})
		if err != nil || len(rows) != 2 || rows[0].Number != 1 || rows[0].Outcome != importer.RowImported || rows[1].Number != 3 {
			t.Errorf("%v %+v", err, rows)
		}
		w.wantPlan(imp, "imported", "imported", "imported", "imported", "error no_identifier")
		// A good row gets the number of another one: both are errors.
		imp, rows, err = w.imports.FixCells(console(), ws, imp.ID, []importer.CellFix{{Row: 5, Column: 1, Value: "(11) 93333-4444"}})
		if err != nil || len(rows) != 2 || rows[0].Number != 4 || rows[0].Outcome != importer.RowError {
			t.Errorf("%v %+v", err, rows)
		}
		w.wantPlan(imp, "imported", "imported", "imported", "error repeated", "error repeated")
		// Taken back.
		imp, _, err = w.imports.UnfixCells(console(), ws, imp.ID, []importer.CellAt{{Row: 5, Column: 1}})
		if err != nil {
			t.Fatal(err)
		}
		w.wantPlan(imp, "imported", "imported", "imported", "imported", "error no_identifier")
		fixes, err := w.imports.Fixes(console(), imp, 1, 5)
		if err != nil || len(fixes) != 2 || fixes[0] != (importer.Fix{Row: 2, Column: 1, Was: "98888-1402", Value: "11 98888-1402", Origin: importer.ByHand}) {
			t.Errorf("%v %+v", err, fixes)
		}
		// The same review done again keeps the corrections.
		if imp, err = w.imports.Review(console(), ws, imp.ID, imp.Settings, nil); err != nil {
			t.Fatal(err)
		}
		w.wantPlan(imp, "imported", "imported", "imported", "imported", "error no_identifier")
		imp = w.apply(imp)
		if imp.Drifted != 0 || imp.Counts.Imported != 4 || imp.Counts.Errors != 1 {
			t.Errorf("%+v drifted %d", imp.Counts, imp.Drifted)
		}
		lines := strings.Split(w.resultFile(imp), "\r\n")
		if !strings.HasPrefix(lines[2], "Bia;98888-1402;;Importado;") || !strings.Contains(lines[2], "11 98888-1402") {
			t.Errorf("the result does not keep the original and tell of the correction: %q", lines[2])
		}
		w.sound()
	})
}

// wantPlan checks the rows of a review, and that its counts are theirs.
func (w *world) wantPlan(imp *importer.Import, want ...string) {
	w.t.Helper()
	if got := w.results(imp); !slices.Equal(got, want) {
		w.t.Errorf("review: %q, want %q", got, want)
	}
	w.wantCounts(imp)
}

// wantCounts counts the rows of a review one by one and compares.
func (w *world) wantCounts(imp *importer.Import) {
	w.t.Helper()
	counts, reasons, changes, cleared := w.recount(imp)
	s := &imp.Summary
	if s.Counts != counts || fmt.Sprint(s.Reasons) != fmt.Sprint(reasons) || fmt.Sprint(s.Changes) != fmt.Sprint(changes) || s.Cleared != cleared {
		w.t.Errorf("summary %+v %v %v %d\nrows say %+v %v %v %d", s.Counts, s.Reasons, s.Changes, s.Cleared, counts, reasons, changes, cleared)
	}
}

func (w *world) recount(imp *importer.Import) (counts importer.Counts, reasons, changes map[string]int64, cleared int64) {
	w.t.Helper()
	reasons, changes = map[string]int64{}, map[string]int64{}
	err := w.imports.Results(console(), imp, func(r *importer.RowResult) error {
		once := map[string]bool{}
		add := func(key string) {
			if !once[key] {
				once[key] = true
				reasons[key]++
			}
		}
		switch r.Outcome {
		case importer.RowImported:
			counts.Imported++
		case importer.RowUpdated:
			counts.Updated++
			for _, c := range r.Plan.Changes {
				if c.Field == "typed" {
					continue
				}
				changes[c.Field]++
				if c.New == "" {
					cleared++
				}
			}
		case importer.RowSkipped:
			counts.Skipped++
			add("skip." + r.Reason.String())
		case importer.RowError:
			counts.Errors++
		}
		for _, is := range r.Issues {
			switch {
			case is.Args["cure"] != nil:
				add("fixed." + is.Args["cure"].(string))
			case is.Severity == errs.Reject && r.Outcome == importer.RowError:
				add("error." + is.Code)
			case is.Severity == errs.Warning && r.Outcome != importer.RowError:
				add("warning." + is.Code)
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return counts, reasons, changes, cleared
}

// TestFixesRefused: corrections of what cannot be corrected change nothing.
func TestFixesRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), 2)
	imp := w.review(file("nome;fone", "Ana;1"), settings(upsert, "phone", "nome=name", "fone=phone"))
	fix := func(row int64, column int) error {
		_, _, err := w.imports.FixCells(console(), ws, imp.ID, []importer.CellFix{{Row: row, Column: column, Value: "11911112222"}})
		return err
	}
	for _, c := range []struct {
		row    int64
		column int
	}{{0, 1}, {2, 1}, {-5, 1}, {1, 2}, {1, -1}} {
		if err := fix(c.row, c.column); errs.CodeOf(err) != "fix.no_cell" {
			t.Errorf("row %d column %d: %v", c.row, c.column, err)
		}
	}
	w.now = w.now.Add(2 * time.Hour)
	if err := fix(1, 1); errs.CodeOf(err) != "import.expired" {
		t.Errorf("after the review expired: %v", err)
	}
	w.now = w.now.Add(-2 * time.Hour)
	if err := fix(1, 1); err != nil {
		t.Fatal(err)
	}
	w.apply(imp)
	if err := fix(1, 1); errs.CodeOf(err) != "import.state" {
		t.Errorf("after it was applied: %v", err)
	}
}

// TestFixesGoWithTheFile: corrections hold texts of the file, and are kept no longer than it.
func TestFixesGoWithTheFile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 2)
		imp := w.review(file("nome;fone", "Ana;x", "Bia;21988887777"), settings(upsert, "phone", "nome=name", "fone=phone"))
		imp, _, err := w.imports.FixCells(console(), ws, imp.ID, []importer.CellFix{{Row: 1, Column: 1, Value: "11911112222"}})
		if err != nil {
			t.Fatal(err)
		}
		w.apply(imp)
		w.now = w.now.Add(31 * 24 * time.Hour)
		if err := w.imports.Sweep(console(), ws); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"import_fix", "import_overlay"} {
			var n int
			err := d.Read(console(), func(ctx context.Context, q db.Querier) error {
				return q.QueryRow(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n)
			})
			if err != nil || n != 0 {
				t.Errorf("%s has %d rows: %v", table, n, err)
			}
		}
	})
}

// TestFixesAtOnce: two members correct one review at the same time, and nothing is lost.
func TestFixesAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 3)
		lines := []string{"nome;fone"}
		for i := range 20 {
			lines = append(lines, fmt.Sprintf("P%d;x", i))
		}
		imp := w.review(file(lines...), settings(upsert, "phone", "nome=name", "fone=phone"))
		var wg sync.WaitGroup
		fails := make(chan error, 20)
		for i := range 20 {
			wg.Go(func() {
				_, _, err := w.imports.FixCells(console(), ws, imp.ID, []importer.CellFix{{Row: int64(i + 1), Column: 1, Value: fmt.Sprintf("119111122%02d", i)}})
				fails <- err
			})
		}
		wg.Wait()
		close(fails)
		var all error
		for err := range fails {
			all = errors.Join(all, err)
		}
		if all != nil {
			t.Fatal(all)
		}
		imp, err := w.imports.Get(console(), ws, imp.ID)
		if err != nil || imp.Summary.Counts.Imported != 20 || imp.Summary.Reasons["fixed.hand"] != 20 {
			t.Errorf("%v %+v", err, imp.Summary)
		}
		w.wantCounts(imp)
	})
}

// lawFixes: a file with corrections in the file itself, and the file corrected at review, come to the same base, the same
// outcomes and the same counts; in one go or one by one, and also when the review is done again.
func lawFixes(rt *rapid.T, t *testing.T, d *db.DB) {
	base := townFile(rt, 6)
	text, set := townFile(rt, 25), townSettings(rt)
	set.Repeated = rapid.SampledFrom([]importer.Repeated{importer.RepeatedError, importer.RepeatedError, importer.RepeatedFirst, importer.RepeatedLast, importer.RepeatedJoin}).Draw(rt, "repeated")
	for i := range set.Mapping.Columns { // what columns tell of themselves is told by the file as it was
		switch set.Mapping.Columns[i].Field {
		case mapping.FieldBirthDate:
			set.Mapping.Columns[i].DateOrder = "dmy"
		case mapping.FieldTags:
			set.Mapping.Columns[i].Separator = ";"
		}
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		rt.Fatal(err)
	}
	var fixes []importer.CellFix
	pools := [][]string{townNames, townPhones, townMails, townCPFs, townDates, townTexts, townTags, townTexts, {"", "C1", "C2"}}
	for range rapid.IntRange(1, 8).Draw(rt, "fixes") {
		row, col := rapid.IntRange(1, len(rows)-1).Draw(rt, "row"), rapid.SampledFrom([]int{0, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8}).Draw(rt, "column")
		f := importer.CellFix{Row: int64(row), Column: col, Value: rapid.SampledFrom(pools[col]).Draw(rt, "value")}
		fixes = append(fixes, f)
		rows[row][col] = f.Value
	}
	blank := slices.ContainsFunc(rows[1:], func(row []string) bool { return strings.Trim(strings.Join(row, ""), " \u200b") == "" })
	if blank {
		return // a row without anything is no row of a file
	}
	chunk := rapid.IntRange(1, 8).Draw(rt, "chunk")
	seed := settings(addAll, "phone", "nome=name", "fone=phone", "mail=email", "cpf=tax_id", "nasc=birth_date", "empresa=company", "tag=tags", "obs=notes", "id=external_id")
	make := func(d *db.DB) *world {
		w := newWorld(t, d, chunk)
		w.do(base, seed)
		return w
	}
	direct, atReview := make(d), make(fresh(t, d.Engine()))
	var edited strings.Builder
	cw := csv.NewWriter(&edited)
	cw.Comma, cw.UseCRLF = ';', true
	if err := cw.WriteAll(rows); err != nil {
		rt.Fatal(err)
	}
	want := direct.review(edited.String(), set)
	imp := atReview.review(text, set)
	if rapid.Bool().Draw(rt, "one by one") {
		for _, f := range fixes {
			if imp, _, err = atReview.imports.FixCells(console(), ws, imp.ID, []importer.CellFix{f}); err != nil {
				rt.Fatal(err)
			}
		}
	} else if imp, _, err = atReview.imports.FixCells(console(), ws, imp.ID, fixes); err != nil {
		rt.Fatal(err)
	}
	same := func(what string) {
		if a, b := atReview.plan(imp), direct.plan(want); !slices.Equal(a, b) {
			rt.Fatalf("%s: corrected:\n%s\nin the file:\n%s\nof\n%s\nwith %+v", what, strings.Join(a, "\n"), strings.Join(b, "\n"), text, fixes)
		}
		ca, ra, ha, la := atReview.recount(imp)
		cb, rb, hb, lb := direct.recount(want)
		s := &imp.Summary
		if ca != cb || s.Counts != ca || fmt.Sprint(s.Reasons) != fmt.Sprint(ra) || fmt.Sprint(s.Changes) != fmt.Sprint(ha) || s.Cleared != la || fmt.Sprint(ha) != fmt.Sprint(hb) || la != lb {
			rt.Fatalf("%s: summary %+v, rows %+v %v, in the file %+v %v", what, s, ca, ra, cb, rb)
		}
	}
	same("overlay")
	if rapid.Bool().Draw(rt, "reviewed again") {
		if imp, err = atReview.imports.Review(console(), ws, imp.ID, imp.Settings, nil); err != nil {
			rt.Fatal(err)
		}
		same("review")
	}
	imp, want = atReview.apply(imp), direct.apply(want)
	if a, b := atReview.live(), direct.live(); !slices.Equal(a, b) {
		rt.Fatalf("corrected:\n%s\nin the file:\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
	if imp.Counts != want.Counts || imp.Drifted != 0 {
		rt.Fatalf("%+v, want %+v, %d drifted", imp.Counts, want.Counts, imp.Drifted)
	}
	atReview.sound()
}

// plan gives a line for every row of a review: what becomes of it, whom it is, what changes and why; lines of other rows
// are told, too, and the notes of corrections are not.
func (w *world) plan(imp *importer.Import) []string {
	w.t.Helper()
	var out []string
	err := w.imports.Results(console(), imp, func(r *importer.RowResult) error {
		var b strings.Builder
		fmt.Fprintf(&b, "%d %s %s %d", r.Number, r.Outcome, r.Reason, r.Contact)
		for _, c := range r.Plan.Changes {
			if c.Field == "tags" || c.Field == "groups" { // names of the plan are numbered as they come
				c.New = string(regexp.MustCompile(`-\d+`).ReplaceAll([]byte(c.New), []byte("new")))
			}
			fmt.Fprintf(&b, " %s:%q->%q", c.Field, c.Old, c.New)
		}
		for _, is := range r.Issues {
			if is.Args["cure"] == nil {
				fmt.Fprintf(&b, " %s[%d]%q line=%v", is.Code, is.Column, is.Value, is.Args["row"])
			}
		}
		out = append(out, b.String())
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}
