package importer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
)

const hiddenGroup = "Sigilo" // the group that member 5 does not see

// exec changes the base by hand.
func (w *world) exec(text string, args ...any) {
	w.t.Helper()
	ctx := console()
	err := w.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, text, args...)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// manager makes member 5 and gives the context of that manager.
func (w *world) manager() context.Context {
	w.t.Helper()
	w.exec("INSERT INTO member (workspace_id, id, name, role, created_at) VALUES (1, 5, 'Ana', 'manager', 0)")
	return as(5, auth.Manager)
}

func (w *world) restrict() {
	w.t.Helper()
	w.exec("UPDATE contact_group SET restricted = TRUE WHERE workspace_id = 1 AND name = $1", hiddenGroup)
}

// reviewAs is review in the name of somebody.
func (w *world) reviewAs(ctx context.Context, text string, s importer.Settings) *importer.Import {
	w.t.Helper()
	imp, err := w.imports.Upload(ctx, ws, "teste.csv", strings.NewReader(text), nil)
	if err == nil {
		imp, err = w.imports.Review(ctx, ws, imp.ID, s, nil)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return imp
}

// inside gives all that the base holds of each contact of the secret group, versions and times included.
func (w *world) inside() []string {
	w.t.Helper()
	var out []string
	err := w.db.Read(console(), func(ctx context.Context, q db.Querier) error {
		cat, err := contact.LoadCatalogue(ctx, q, ws)
		if err != nil {
			return err
		}
		return contact.Each(ctx, q, ws, func(c *contact.Contact) error {
			if slices.ContainsFunc(c.Groups, func(g int64) bool { return cat.GroupName(g) == hiddenGroup }) {
				out = append(out, fmt.Sprintf("%+v", *c))
			}
			return nil
		})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// told gives all that the service says of an import's rows.
func (w *world) told(ctx context.Context, imp *importer.Import) string {
	w.t.Helper()
	var out bytes.Buffer
	imp, err := w.imports.Get(ctx, ws, imp.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	page, err := w.imports.Rows(ctx, imp, importer.RowQuery{Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range page.Rows {
		r.Plan.Record = importer.Record{} // what the file says
		text, err := json.Marshal(r)
		if err != nil {
			w.t.Fatal(err)
		}
		out.Write(text)
		if imp.State == importer.InReview {
			list, err := w.imports.Candidates(ctx, imp, r.Number)
			if err != nil {
				w.t.Fatal(err)
			}
			fmt.Fprintf(&out, "%+v", list)
		}
	}
	causes, err := w.imports.Causes(ctx, imp)
	if err != nil {
		w.t.Fatal(err)
	}
	fmt.Fprintf(&out, "%+v %+v", causes, imp.Summary)
	tw, err := table.NewWriter(&out, table.Dialect{Format: table.CSV, Delimiter: ";", Quote: '"'}, table.WriterOptions{})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.imports.WriteErrors(ctx, imp, tw); err != nil {
		w.t.Fatal(err)
	}
	if err := w.imports.WriteResult(ctx, imp, tw); err != nil {
		w.t.Fatal(err)
	}
	if err := tw.Flush(); err != nil {
		w.t.Fatal(err)
	}
	return out.String()
}

var sightColumns = []string{"nome=name", "fone=phone", "mail=email", "cpf=tax_id", "cod=external_id", "cargo=job_title"}

// guarded makes a base of one contact out of the manager's sight and one in it.
func guarded(t testing.TB, d *db.DB) (*world, context.Context) {
	w := newWorld(t, d, 2)
	s := settings(addAll, "phone", sightColumns...)
	w.do(file("nome;fone;mail;cpf;cod;cargo", "Vera Clara;11911112222;vera@example.com;16899535009;C7;vendas"), s)
	s.Group = hiddenGroup
	w.do(file("nome;fone;mail;cpf;cod;cargo", "Helena Oculta;21988887777;helena@example.com;52998224725;C9;presidente"), s)
	w.restrict()
	return w, w.manager()
}

// TestOutOfSight: whatever a row says of a contact that the member does not see, and whatever the import is for, the row is
// an error of the same words, and nothing tells of the contact.
func TestOutOfSight(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ana := guarded(t, d)
		before := w.inside()
		head := "nome;fone;mail;cpf;cod;cargo"
		lines := []string{"A;21988887777;;;;x", "B;;HELENA@example.com;;;x", "C;;;529.982.247-25;;x", "D;;;;C9;x",
			"E;11911112222;helena@example.com;;;x", "F;11933334444;;;C9;x", "G;2188887777;;;;x"}
		for _, purpose := range []mapping.Purpose{add, update, upsert, addAll} {
			for _, by := range []mapping.Identifier{"phone", "email", "tax_id", "external_id"} {
				set := settings(purpose, by, sightColumns...)
				set.Repeated = importer.RepeatedFirst
				imp := w.reviewAs(ana, file(append([]string{head}, lines...)...), set)
				w.wantPlan(imp, slices.Repeat([]string{"error out_of_sight"}, len(lines))...)
				if text := w.told(ana, imp); strings.Contains(text, "Helena") || strings.Contains(text, "presidente") || strings.Contains(text, `"Contact":2`) || strings.Contains(text, "Contact:2") || !strings.Contains(text, "row.out_of_sight") {
					t.Fatalf("%s by %s:\n%s", purpose, by, text)
				}
			}
		}
		// Several at once, applied, beside a row that may go in.
		for _, purpose := range []mapping.Purpose{add, upsert, addAll} {
			imp := w.reviewAs(ana, file(append([]string{head, "Nova;119" + fmt.Sprint(55550000+len(purpose)) + ";;;;y"}, lines[0], lines[5])...), settings(purpose, "phone", sightColumns...))
			imp = w.apply(imp)
			if got := w.results(imp); !slices.Equal(got, []string{"imported", "error out_of_sight", "error out_of_sight"}) {
				t.Errorf("%s: %q", purpose, got)
			}
			if text := w.told(ana, imp) + w.resultFile(imp); strings.Contains(text, "Helena") || !strings.Contains(text, "Esta linha não pode entrar com o seu acesso.") {
				t.Errorf("%s", text)
			}
		}
		if after := w.inside(); !slices.Equal(before, after) {
			t.Errorf("%q, was %q", after, before)
		}
		// The command line and admins are not held back.
		w.exec("INSERT INTO member (workspace_id, id, name, role, created_at) VALUES (1, 6, 'Bia', 'admin', 0)")
		for _, ctx := range []context.Context{console(), as(6, auth.Admin)} {
			w.wantPlan(w.reviewAs(ctx, file(head, lines[0]), settings(upsert, "phone", sightColumns...)), "updated")
		}
		w.sound()
	})
}

// TestSightOfTheMoment: what counts at the start is what the member sees then.
func TestSightOfTheMoment(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := settings(upsert, "phone", "nome=name", "fone=phone", "cargo=job_title")
		text := file("nome;fone;cargo", "Helena;21988887777;outra")
		cases := []struct{ name, first, then, want string }{
			{"restricted since", "UPDATE contact_group SET restricted = FALSE", "UPDATE contact_group SET restricted = TRUE", "error out_of_sight"},
			{"opened since", "SELECT 1", "UPDATE contact_group SET restricted = FALSE", "updated"},
			{"let in since", "SELECT 1", "INSERT INTO group_access (workspace_id, group_id, team_id, member_id) VALUES (1, 1, 0, 5)", "updated"},
			{"let in by a team", "INSERT INTO group_access (workspace_id, group_id, team_id, member_id) VALUES (1, 1, 3, 0)", "INSERT INTO team_member (workspace_id, team_id, member_id) VALUES (1, 3, 5)", "updated"},
			{"put out since", "INSERT INTO group_access (workspace_id, group_id, team_id, member_id) VALUES (1, 1, 0, 5)", "DELETE FROM group_access", "error out_of_sight"},
			{"admin since", "SELECT 1", "UPDATE member SET role = 'admin'", "updated"},
			{"removed since", "INSERT INTO group_access (workspace_id, group_id, team_id, member_id) VALUES (1, 1, 0, 5)", "UPDATE member SET removed_at = 1", "error out_of_sight"},
		}
		for _, c := range cases {
			w, ana := guarded(t, fresh(t, d.Engine()))
			if c.first != "SELECT 1" {
				w.exec(c.first)
			}
			imp := w.reviewAs(ana, text, s)
			w.exec(c.then)
			w.apply(imp)
			if got := w.results(imp); !slices.Equal(got, []string{c.want}) {
				t.Errorf("%s: %q, want %s", c.name, got, c.want)
			}
			if told := w.told(ana, imp); c.want != "updated" && (strings.Contains(told, "presidente") || strings.Contains(told, "Oculta")) {
				t.Errorf("%s: %s", c.name, told)
			}
			if got := strings.Join(w.inside(), ""); strings.Contains(got, "outra") != (c.want == "updated") {
				t.Errorf("%s: %s", c.name, got)
			}
		}
	})
}

// TestOutOfSightGroups: nobody puts contacts into a group that they do not see, by a column or for the whole import.
func TestOutOfSightGroups(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ana := guarded(t, d)
		before := w.inside()
		s := settings(upsert, "phone", "nome=name", "fone=phone", "grupo=groups")
		text := file("nome;fone;grupo", "Ivo;11955556666;sigilo", "Rui;11955557777;Vendas", "Vera Clara;11911112222;SIGILO")
		imp := w.reviewAs(ana, text, s)
		w.wantPlan(imp, "error out_of_sight", "imported", "error out_of_sight")
		cat, err := w.contacts.Catalogue(ana, ws)
		if err != nil {
			t.Fatal(err)
		}
		trial, err := w.imports.TryRow(ana, ws, s, cat, []table.Row{{Number: 1, Line: 2, Cells: []string{"Ivo", "11955556666", "sigilo"}}}, 0)
		if err != nil || trial.Reason != importer.OutOfSight || strings.Contains(fmt.Sprint(trial), hiddenGroup) {
			t.Errorf("%v %+v", err, trial)
		}
		w.apply(imp)
		s.Group = hiddenGroup
		w.wantPlan(w.reviewAs(ana, text, s), "error out_of_sight", "error out_of_sight", "error out_of_sight")
		w.wantPlan(w.reviewAs(console(), text, s), "imported", "updated", "updated")
		if after := w.inside(); !slices.Equal(before, after) {
			t.Errorf("%q, was %q", after, before)
		}
	})
}

// TestOutOfSightFixes: a correction that makes a row meet such a contact, and a choice of it, are held to the same.
func TestOutOfSightFixes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ana := guarded(t, d)
		s := settings(upsert, "phone", sightColumns...)
		imp := w.reviewAs(ana, file("nome;fone;mail;cpf;cod;cargo", "Ivo;11955556666;;;;", "Lia;11955557777;;;;"), s)
		fix := func(column int, value, want string) {
			t.Helper()
			imp, rows, err := w.imports.FixCells(ana, ws, imp.ID, []importer.CellFix{{Row: 1, Column: column, Value: value}})
			if err != nil || len(rows) != 1 {
				t.Fatal(rows, err)
			}
			w.wantPlan(imp, want, "imported")
			w.wantCounts(imp)
			if text := w.told(ana, imp); strings.Contains(text, "Helena") || strings.Contains(text, "Contact:2") {
				t.Errorf("%s", text)
			}
		}
		fix(1, "21988887777", "error out_of_sight")
		fix(1, "11911112222", "updated")
		fix(2, "helena@example.com", "error out_of_sight")
		if _, _, err := w.imports.ResolveRow(ana, ws, imp.ID, 1, importer.ChooseContact, 2); errs.CodeOf(err) != "fix.not_candidate" {
			t.Errorf("chosen: %v", err)
		}
		if _, _, err := w.imports.ResolveRow(ana, ws, imp.ID, 1, importer.ChooseNew, 0); err != nil {
			t.Fatal(err)
		}
		imp, err := w.imports.Get(ana, ws, imp.ID)
		if err != nil {
			t.Fatal(err)
		}
		w.wantPlan(imp, "error out_of_sight", "imported")
		cat, err := w.contacts.Catalogue(ana, ws)
		if err != nil {
			t.Fatal(err)
		}
		trial, err := w.imports.TryRow(ana, ws, s, cat, []table.Row{{Number: 1, Line: 2, Cells: []string{"X", "21988887777"}}}, 0)
		if err != nil || trial.Reason != importer.OutOfSight || trial.Contact != 0 || strings.Contains(fmt.Sprint(trial), "Helena") || strings.Contains(fmt.Sprint(trial), "presidente") {
			t.Errorf("%v %+v", err, trial)
		}
	})
}
