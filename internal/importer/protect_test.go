package importer_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/importer"
	"cadastro/internal/match"
)

// TestProtected: rows on the do-not-contact list and rows of erased people are left out and say so, in any spelling.
func TestProtected(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 2)
		ctx := console()
		erased, _ := contact.KeyOf(contact.Email, "ivo@example.com")
		err := d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO do_not_contact (workspace_id, kind, key, added_at) VALUES (1, 'phone', '+5511987654321', 0)")
			if err == nil {
				_, err = tx.Exec(ctx, "INSERT INTO erased_key (workspace_id, kind, hash, erased_at) VALUES (1, 'email', $1, 0)", match.EraseHash(ws, erased))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		imp := w.do(file("nome;fone;mail", "Ana;(11) 8765-4321;", "Ivo;21988887777;IVO@Example.com", "Bia;31977776666;"),
			settings(upsert, "phone", "nome=name", "fone=phone", "mail=email"))
		want := []string{"skipped do_not_contact", "skipped erased", "imported"}
		if got := w.results(imp); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		w.sound()
	})
}

// TestOptOutStays: a file that says yes does not undo a no.
func TestOptOutStays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 10)
		s := settings(upsert, "phone", "nome=name", "fone=phone", "aceita=consent")
		w.do(file("nome;fone;aceita", "Ana;11987654321;não", "Bia;21988887777;sim"), s)
		imp := w.do(file("nome;fone;aceita", "Ana;11987654321;sim", "Bia;21988887777;sim"), s)
		if imp.Counts.Updated != 0 || imp.Summary.Warnings != 1 {
			t.Errorf("%+v, %d warnings", imp.Counts, imp.Summary.Warnings)
		}
		if !strings.Contains(w.resultFile(imp), "saída") && !strings.Contains(w.resultFile(imp), "não receber") && !strings.Contains(w.resultFile(imp), "recus") {
			t.Errorf("the result does not say that the opt-out was kept:\n%s", w.resultFile(imp))
		}
		w.wantLive("name=Ana phone=+5511987654321|11987654321||true tags=[] groups=[] typed=",
			"name=Bia phone=+5521988887777|21988887777|consent|false tags=[] groups=[] typed=")
	})
}

// TestImportTag: an import marks whom it adds or changes, and an import that did nothing leaves no mark behind.
func TestImportTag(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), 10)
	s := settings(upsert, "phone", "nome=name", "fone=phone")
	s.ImportTag = "import-1"
	w.do(file("nome;fone", "Ana;11987654321"), s)
	s.ImportTag = "import-2"
	w.do(file("nome;fone", "Ana;11987654321"), s)
	w.wantLive("name=Ana phone=+5511987654321|11987654321||false tags=[import-1] groups=[] typed=")
	cat, err := w.contacts.Catalogue(console(), ws)
	if err != nil {
		t.Fatal(err)
	}
	if len(cat.Tags) != 1 {
		t.Errorf("tags %v", cat.Tags)
	}
}

// TestSweep: result files go after their days, reviews expire, the history stays.
func TestSweep(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), 10)
	ctx := console()
	s := settings(upsert, "phone", "nome=name", "fone=phone")
	done := w.do(file("nome;fone", "Ana;11987654321"), s)
	waiting := w.review(file("nome;fone", "Bia;21987654321"), s)
	w.now = w.now.Add(8 * 24 * time.Hour)
	if err := w.imports.Sweep(ctx, ws); err != nil {
		t.Fatal(err)
	}
	done, err := w.imports.Get(ctx, ws, done.ID)
	if err != nil || done.HasResult() || done.State != importer.Done {
		t.Errorf("result kept: %v %v %v", done.HasResult(), done.State, err)
	}
	if waiting, err = w.imports.Get(ctx, ws, waiting.ID); err != nil || waiting.State != importer.Expired {
		t.Errorf("review: %v %v", waiting.State, err)
	}
	if _, err := w.imports.Undo(ctx, ws, done.ID, nil); err != nil {
		t.Errorf("undo within its days: %v", err)
	}
}
