package importer_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cadastro/internal/blob"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/importer"
)

// gated is a store whose originals can be read to a point only, until the gate is opened.
type gated struct {
	blob.Store
	after int64
	gate  chan struct{}
}

func (g *gated) Open(ctx context.Context, key string) (blob.Reader, error) {
	r, err := g.Store.Open(ctx, key)
	if err == nil && strings.HasSuffix(key, "/source") {
		r = &gatedReader{r, g}
	}
	return r, err
}

type gatedReader struct {
	blob.Reader
	g *gated
}

func (r *gatedReader) ReadAt(p []byte, off int64) (int, error) {
	if off >= r.g.after {
		<-r.g.gate
	}
	return r.Reader.ReadAt(p, off)
}

// TestProgress: how far a review is stands in the import's row, for every node to show, and so does how far an import is.
func TestProgress(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 500)
		g := &gated{Store: w.imports.Blobs, after: 1 << 20, gate: make(chan struct{})}
		w.imports.Blobs = g
		r := w.runner()
		imp := w.upload(console(), people(80_000))
		if imp.FileSize < 3<<19 {
			t.Fatalf("a file of %d bytes", imp.FileSize)
		}
		if _, err := w.imports.StartReview(console(), ws, imp.ID, settings(upsert, "phone", peopleColumns...)); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			now, err := w.imports.Get(console(), ws, imp.ID)
			if err != nil {
				t.Fatal(err)
			}
			p := now.Progress
			if now.State != importer.Validating || p.Phase != importer.PhaseReview || p.Total != imp.FileSize || p.Done > p.Total || time.Now().After(end) {
				t.Fatalf("%s %+v", now.State, p)
			}
			if p.Done > 0 && p.Rows >= 500 && !p.At.IsZero() {
				break
			}
		}
		if err := w.imports.Cancel(console(), ws, imp.ID); err != nil { // in the middle of a review
			t.Fatal(err)
		}
		close(g.gate)
		w.await(imp.ID, importer.Cancelled)
		if err := r.Stop(context.Background()); err != nil {
			t.Fatal(err)
		}

		imp = w.review(people(3000), settings(upsert, "phone", peopleColumns...))
		seen := false
		_, err := w.imports.Apply(console(), ws, imp.ID, func(importer.Phase, int64, int64, int64) {
			now, err := w.imports.Get(console(), ws, imp.ID)
			if err != nil || now.State != importer.Importing || now.Progress.Phase != importer.PhaseApply || now.Progress.Rows == 0 || now.Progress.Rows != now.Counts.Sum() || now.Progress.Total != 3000 {
				t.Errorf("%+v %v", now, err)
			}
			w.now = w.now.Add(time.Second)
			if rate, left, ok := now.Pace(); now.Progress.At.After(now.StartedAt) {
				if seen = true; !ok || rate <= 0 || left < 0 || now.Progress.Rows == 3000 && left != 0 {
					t.Errorf("%v rows a second, %v left, %v", rate, left, ok)
				}
			}
		})
		if err != nil || !seen {
			t.Fatal(seen, err)
		}
	})
}
