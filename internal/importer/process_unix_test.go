//go:build unix

package importer_test

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/importer"
)

// TestKilled: processes that are killed at any moment, again and again, make of a review, an import and an undoing what
// one would have made that was left alone.
func TestKilled(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); killed(t, filepath.Join(t.TempDir(), "x.db")) })
	if os.Getenv(dbtest.PostgresEnv) != "" {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); killed(t, dbtest.PostgresURL(t)) })
	}
}

func killed(t *testing.T, url string) {
	d, err := db.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	w := newWorld(t, d, 25)
	if w.imports, err = service(d, dir, 25); err != nil {
		t.Fatal(err)
	}
	text, s := people(4000), settings(upsert, "phone", peopleColumns...)
	s.ImportTag, s.Group = "import-x", "Grupo"
	imp := w.upload(console(), text)
	if _, err := w.imports.StartReview(console(), ws, imp.ID, s); err != nil {
		t.Fatal(err)
	}
	kills := 0
	until := func(want importer.State) *importer.Import {
		t.Helper()
		for most := 40; ; most += 15 {
			c := exec.Command(os.Args[0])
			c.Env, c.Stderr = append(os.Environ(), childURL+"="+url, childDir+"="+dir), os.Stderr
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(30*time.Millisecond + time.Duration(rand.IntN(most))*time.Millisecond)
			_ = c.Process.Kill()
			_ = c.Wait() // it ends by the signal
			kills++
			now, err := w.imports.Get(console(), ws, imp.ID)
			if err != nil {
				t.Fatal(err)
			}
			if now.State == want {
				return now
			}
			if now.State == importer.Failed || kills > 500 {
				t.Fatalf("%s after %d kills: %v", now.State, kills, now.Err)
			}
		}
	}
	until(importer.InReview)
	if _, err := w.imports.Start(console(), ws, imp.ID); err != nil {
		t.Fatal(err)
	}
	imp = until(importer.Done)
	w.sound()
	whole := newWorld(t, fresh(t, d.Engine()), 5000)
	ref := whole.do(text, s)
	if imp.Counts != ref.Counts || w.resultFile(imp) != whole.resultFile(ref) {
		t.Errorf("%+v, want %+v, or the result files differ", imp.Counts, ref.Counts)
	}
	if a, b := w.live(), whole.live(); !slices.Equal(a, b) {
		t.Error("the contacts differ")
	}
	if _, err := w.imports.StartUndo(console(), ws, imp.ID); err != nil {
		t.Fatal(err)
	}
	until(importer.Undone)
	w.wantLive()
	w.sound()
	t.Logf("killed %d times", kills)
}
