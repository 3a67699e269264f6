package importer_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/importer"
)

// TestNumbersAddUp: the four numbers and the unprocessed rows make up the rows in every state that an import can be in.
func TestNumbersAddUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 10)
		s := settings(upsert, "phone", peopleColumns...)
		seen := map[importer.State]bool{}
		check := func(id importer.ID, want importer.State) {
			t.Helper()
			imp, err := w.imports.Get(console(), ws, id)
			if err != nil {
				t.Fatal(err)
			}
			if seen[imp.State] = true; imp.State != want || imp.Counts.Sum()+imp.Counts.Unprocessed != imp.Rows || imp.Counts.Unprocessed < 0 {
				t.Errorf("%s, want %s: %+v of %d", imp.State, want, imp.Counts, imp.Rows)
			}
			if imp.State == importer.InReview && imp.Summary.Counts.Sum() != imp.Rows {
				t.Errorf("planned %+v of %d", imp.Summary.Counts, imp.Rows)
			}
			for _, lang := range i18n.Langs() { // what cannot be done says the state in words
				text := w.imports.Texts.Printer(lang)
				err := errs.New(errs.Conflict, "import.state", "id", int64(id), "state", imp.State)
				if got := text.Error(err); !strings.Contains(got, text.T("import.state."+string(imp.State))) {
					t.Errorf("%s: %s", lang, got)
				}
			}
		}
		do := func(_ *importer.Import, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		a := w.upload(console(), people(100)).ID
		check(a, importer.Uploaded)
		do(w.imports.StartReview(console(), ws, a, s))
		check(a, importer.Validating)
		do(w.imports.Review(console(), ws, a, s, nil))
		check(a, importer.InReview)
		do(w.imports.StartReview(console(), ws, a, s))
		check(a, importer.Validating)
		do(w.imports.Review(console(), ws, a, s, nil))
		do(w.imports.Start(console(), ws, a))
		check(a, importer.Queued)
		do(w.imports.Apply(console(), ws, a, func(importer.Phase, int64, int64, int64) {
			if !seen[importer.Importing] {
				check(a, importer.Importing)
			}
		}))
		check(a, importer.Done)
		do(w.imports.StartUndo(console(), ws, a))
		check(a, importer.Undoing)
		do(w.imports.Undo(console(), ws, a, nil))
		check(a, importer.Undone)

		b := w.review(people(100), s).ID
		do(w.imports.Apply(console(), ws, b, func(importer.Phase, int64, int64, int64) {
			if err := w.imports.Cancel(console(), ws, b); err != nil {
				t.Error(err)
			}
		}))
		check(b, importer.Cancelled)
		c := w.review(people(20), s).ID
		w.now = w.now.Add(2 * time.Hour)
		if err := w.imports.Sweep(context.Background(), ws); err != nil {
			t.Fatal(err)
		}
		check(c, importer.Expired)
		f := w.upload(console(), file("nome;fone")).ID
		if _, err := w.imports.Review(console(), ws, f, s, nil); err == nil {
			t.Error("a file without rows was taken")
		}
		check(f, importer.Failed)
		for _, state := range []importer.State{importer.Uploaded, importer.Validating, importer.InReview, importer.Queued, importer.Importing, importer.Done,
			importer.Cancelled, importer.Failed, importer.Expired, importer.Undoing, importer.Undone} {
			if !seen[state] {
				t.Errorf("%s was not seen", state)
			}
		}
	})
}

// TestMarks: imports that are prepared at the same time have marks of their own, and one that is reviewed again keeps its.
func TestMarks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 10)
		s := settings(upsert, "phone", peopleColumns...)
		s.ImportTag = "import-2026-11-20-9"
		var got []string
		var last importer.ID
		for range 3 {
			imp := w.review(people(5), s)
			got, last = append(got, imp.Settings.ImportTag), imp.ID
		}
		again, err := w.imports.Review(console(), ws, last, s, nil)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, again.Settings.ImportTag)
		s.ImportTag = "campanha"
		got = append(got, w.review(people(5), s).Settings.ImportTag, w.review(people(5), s).Settings.ImportTag)
		if want := []string{"import-2026-11-20-9", "import-2026-11-20-10", "import-2026-11-20-11", "import-2026-11-20-11", "campanha", "campanha"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

// TestDaysAreOver: files go when their days are over, and not before; numbers and causes stay.
func TestDaysAreOver(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 10)
		s := settings(upsert, "phone", peopleColumns...)
		done, review := w.do(people(20), s), w.review(people(20), s)
		uploaded := w.upload(console(), people(20))
		after := func(days int, want ...string) {
			t.Helper()
			w.now = done.FinishedAt.Add(time.Duration(days)*24*time.Hour + 2*time.Hour)
			if err := w.imports.Sweep(context.Background(), ws); err != nil {
				t.Fatal(err)
			}
			var got []string
			for info, err := range w.imports.Blobs.List(context.Background(), "") {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, strings.TrimPrefix(info.Key, "w1/imports/"))
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("after %d days %q, want %q", days, got, want)
			}
		}
		after(0, "1/plan-1", "1/result.csv", "1/source", "2/plan-1", "2/source", "3/source")
		if imp := w.await(review.ID, importer.Expired); imp.FinishedAt.IsZero() {
			t.Error("expired at no time")
		}
		w.await(uploaded.ID, importer.Uploaded)
		after(2, "1/plan-1", "1/result.csv", "1/source", "2/plan-1", "2/source", "3/source")
		w.await(uploaded.ID, importer.Expired)
		after(8, "1/plan-1", "1/source", "3/source")
		after(10, "1/plan-1", "1/source")
		if imp := w.await(done.ID, importer.Done); imp.HasResult() {
			t.Error("a result that is gone")
		}
		after(31)
		imp := w.await(done.ID, importer.Done)
		if causes, err := w.imports.Causes(console(), imp); err != nil || len(causes) != 1 || imp.Counts.Sum() != 20 {
			t.Errorf("%v %v %+v", causes, err, imp.Counts)
		}
		if _, err := w.imports.Rows(console(), imp, importer.RowQuery{}); errs.CodeOf(err) != "import.no_rows" {
			t.Error(err)
		}
		if _, err := w.imports.Review(console(), ws, review.ID, s, nil); errs.CodeOf(err) != "import.source_gone" {
			t.Error(err)
		}
		w.sound()
	})
}

// TestHistory: pages by filter, counts by filter, who brought a file, why one failed.
func TestHistory(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 10)
		err := d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO member (workspace_id, id, name, role, created_at) VALUES ($1, 3, 'Ana', 'manager', 0)", ws)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s := settings(upsert, "phone", peopleColumns...)
		clean := file("nome;fone;empresa", "Zé;11961239999;Bar")
		made := []*importer.Import{w.do(people(20), s), w.do(clean, s), w.review(people(20), s), w.upload(as(3, auth.Manager), people(5))}
		if _, err := w.imports.Undo(console(), ws, made[1].ID, nil); err != nil {
			t.Fatal(err)
		}
		failed := w.upload(console(), file("nome;fone"))
		if _, err := w.imports.Review(console(), ws, failed.ID, s, nil); err == nil {
			t.Fatal("taken")
		}
		queued := w.review(people(20), s)
		if _, err := w.imports.Start(console(), ws, queued.ID); err != nil {
			t.Fatal(err)
		}
		want := map[importer.HistoryFilter][]importer.ID{
			importer.HistoryAll:        {6, 5, 4, 3, 2, 1},
			importer.HistoryRunning:    {6},
			importer.HistoryReview:     {4, 3},
			importer.HistoryErrors:     {1},
			importer.HistoryUndone:     {2},
			importer.HistoryNotStarted: {5},
		}
		counts, err := w.imports.HistoryCounts(console(), ws)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range importer.HistoryFilters() {
			var got []importer.ID
			for q := (importer.HistoryQuery{Filter: f, Limit: 2}); ; {
				p, err := w.imports.History(console(), ws, q)
				if err != nil {
					t.Fatal(err)
				}
				for _, imp := range p.Imports {
					got = append(got, imp.ID)
					if name := map[importer.ID]string{4: "Ana"}[imp.ID]; imp.MemberName != name {
						t.Errorf("import %d brought by %q", imp.ID, imp.MemberName)
					}
					if (imp.Err != nil) != (imp.ID == failed.ID) {
						t.Errorf("import %d: %v", imp.ID, imp.Err)
					}
				}
				if q.Before = p.Next; p.Next == 0 {
					break
				}
			}
			if !slices.Equal(got, want[f]) || counts[f] != int64(len(want[f])) {
				t.Errorf("%q: %v, counted %d, want %v", f, got, counts[f], want[f])
			}
		}
		if p, err := w.imports.History(console(), ws, importer.HistoryQuery{Filter: "none"}); err != nil || len(p.Imports) != 0 {
			t.Errorf("%v %v", p, err)
		}
	})
}

// TestAgain: the settings of an earlier import come along by header, wherever the columns are now; our own columns of the
// error file are left out, and the new import has a mark of its own.
func TestAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 10)
		s := settings(upsert, "phone", "Nome=name", "Fone=phone!", "Cidade=address.city?", "Turma=custom.new", "Obs=")
		s.Tags, s.ImportTag, s.Group, s.Repeated = []string{"vip"}, "import-2026-11-20-1", "Alunos", importer.RepeatedFirst
		first := w.do(file("Nome;Fone;Cidade;Turma;Obs", "Ana;11961234567;Santos;A;x", "Bia;123;Santos;B;y"), s)
		corrected := file("Fone,NOME,Turma,Linha,Erro,E-mail", "11961234568,Bia,B,3,Telefone incompleto,bia@example.com")
		imp, err := w.imports.Again(as(3, auth.Manager), ws, first.ID, "corrigido.csv", strings.NewReader(corrected), nil)
		if err != nil {
			t.Fatal(err)
		}
		if imp.FromID != first.ID || imp.State != importer.Uploaded || imp.MemberID != 3 {
			t.Errorf("%+v", imp)
		}
		if imp, err = w.imports.Get(console(), ws, imp.ID); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range imp.Settings.Mapping.Columns {
			got = append(got, fmt.Sprintf("%s=%s %v", c.Header, c.Field, c.DoNotOverwrite))
		}
		custom := first.Settings.Mapping.Columns[3].Field
		if want := []string{"Fone=phone true", "NOME=name false", "Turma=" + custom + " false", "Linha= false", "Erro= false", "E-mail=email false"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		set := imp.Settings
		if set.Dialect.Delimiter != "," || set.ImportTag != "import-2026-11-20-2" || set.Group != "Alunos" || set.Repeated != importer.RepeatedFirst || !slices.Equal(set.Tags, []string{"vip"}) {
			t.Errorf("%+v", set)
		}
		if imp, err = w.imports.Review(console(), ws, imp.ID, set, nil); err != nil || imp.Summary.Counts.Imported != 1 {
			t.Fatalf("%v %v", imp, err)
		}
		// The same file once more.
		same, err := w.imports.Again(console(), ws, first.ID, "", nil, nil)
		if err != nil || same.FileHash != first.FileHash || same.FileName != first.FileName {
			t.Errorf("%+v %v", same, err)
		}
		if same, err = w.imports.Review(console(), ws, same.ID, same.Settings, nil); err != nil || same.Summary.Counts.Skipped != 1 {
			t.Errorf("%+v %v", same, err)
		}
		none := w.upload(console(), file("a;b", "1;2"))
		if _, err := w.imports.Again(console(), ws, none.ID, "x.csv", strings.NewReader("a"), nil); errs.CodeOf(err) != "import.no_settings" {
			t.Error(err)
		}
	})
}
