package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/importer"
)

// TestCancel: what is done stays done, the result says where it stopped, and it can be taken back.
func TestCancel(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 10)
		ctx := console()
		lines := []string{"nome;fone"}
		for i := range 200 {
			lines = append(lines, fmt.Sprintf("P%d;119%08d", i, 60000000+i))
		}
		imp := w.review(file(lines...), settings(upsert, "phone", "nome=name", "fone=phone"))
		imp, err := w.imports.Apply(ctx, ws, imp.ID, func(p importer.Phase, done, total, rows int64) {
			if p == importer.PhaseApply {
				if err := w.imports.Cancel(ctx, ws, imp.ID); err != nil {
					t.Error(err)
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		c := imp.Counts
		if imp.State != importer.Cancelled || c.Imported == 0 || c.Unprocessed == 0 || c.Sum()+c.Unprocessed != 200 {
			t.Fatalf("%s %+v", imp.State, c)
		}
		text := w.resultFile(imp)
		if n := strings.Count(text, "\r\n"); n != 201 {
			t.Errorf("result file of %d lines", n)
		}
		if n := strings.Count(text, ";Não processado;"); int64(n) != c.Unprocessed {
			t.Errorf("%d rows say that they were not processed, %d were not", n, c.Unprocessed)
		}
		w.sound()
		if _, err := w.imports.Undo(ctx, ws, imp.ID, nil); err != nil {
			t.Fatal(err)
		}
		w.wantLive()
	})
}
