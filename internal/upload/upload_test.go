package upload_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/blob"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/upload"
)

// world is a service whose imports are kept in memory.
type world struct {
	*upload.Service
	t     *testing.T
	blobs *blob.Local

	mu    sync.Mutex
	files map[int64]string // import to content
	names map[int64]string
	now   time.Time
	fail  error // of opening an import
}

func newWorld(t *testing.T, d *db.DB, cfg upload.Config) *world {
	t.Helper()
	local, err := blob.NewLocal(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { local.Close() })
	err = d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO workspace (id, name, created_at) VALUES (1, 'Loja', 0)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, blobs: local, files: map[int64]string{}, names: map[int64]string{}, now: time.Now()}
	w.Service = upload.New(d, local, slog.New(slog.DiscardHandler), cfg, func(_ context.Context, _ int64, name string, r io.Reader) (int64, error) {
		b, err := io.ReadAll(r)
		w.mu.Lock()
		defer w.mu.Unlock()
		if err == nil {
			err = w.fail
		}
		if err != nil {
			return 0, err
		}
		id := int64(len(w.files) + 1)
		w.files[id], w.names[id] = string(b), name
		return id, nil
	})
	w.Now = func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.now
	}
	return w
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// as gives a context of the workspace's member of a number.
func as(workspace int64, member auth.MemberID) context.Context {
	return auth.With(context.Background(), auth.Actor{Kind: auth.Person, Workspace: workspace, Member: member, Role: auth.Manager, Scopes: auth.AllScopes})
}

// blobsLeft lists what lies in the store.
func (w *world) blobsLeft() (keys []string) {
	w.t.Helper()
	for info, err := range w.blobs.List(context.Background(), "") {
		if err != nil {
			w.t.Fatal(err)
		}
		keys = append(keys, info.Key)
	}
	return keys
}

// TestParts: a file comes in pieces of any size and is the same at the end, once.
func TestParts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, upload.Config{PartSize: 300})
		ctx := as(1, 7)
		content := strings.Repeat("abcdefghi\n", 200)
		u, err := w.Create(ctx, 1, "lista.csv", "", int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, 299, 300, 301, 1000, 2000} {
			piece := content[u.Received:min(int(u.Received)+size, len(content))]
			if u, err = w.Append(ctx, 1, u.ID, u.Received, strings.NewReader(piece), nil); err != nil {
				t.Fatal(err)
			}
		}
		if !u.Whole() {
			t.Fatalf("%+v", u)
		}
		id, err := w.Complete(ctx, 1, u.ID)
		if err != nil || w.files[id] != content || w.names[id] != "lista.csv" {
			t.Fatalf("import %d, %v, %d bytes", id, err, len(w.files[id]))
		}
		if again, err := w.Complete(ctx, 1, u.ID); again != id || err != nil || len(w.files) != 1 {
			t.Fatalf("again: %d, %v", again, err)
		}
		if left := w.blobsLeft(); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	})
}

// TestOwner: nobody else finds an upload, in the workspace or out of it.
func TestOwner(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, upload.Config{})
		u, err := w.Create(as(1, 7), 1, "a.csv", "", 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, ctx := range []context.Context{as(1, 8), as(2, 7)} {
			who, _ := auth.From(ctx)
			_, err1 := w.Get(ctx, who.Workspace, u.ID)
			_, err2 := w.Append(ctx, who.Workspace, u.ID, 0, strings.NewReader("abc"), nil)
			_, err3 := w.Complete(ctx, who.Workspace, u.ID)
			for _, err := range []error{err1, err2, err3, w.Remove(ctx, who.Workspace, u.ID)} {
				if errs.CodeOf(err) != "upload.not_found" {
					t.Errorf("%+v: %v", who, err)
				}
			}
			if _, err := w.Get(ctx, 1, u.ID); who.Workspace != 1 && errs.KindOf(err) != errs.Forbidden {
				t.Errorf("another workspace's: %v", err)
			}
		}
		agent := auth.With(context.Background(), auth.Actor{Kind: auth.Person, Workspace: 1, Member: 7, Role: auth.Agent, Scopes: auth.AllScopes})
		if _, err := w.Get(agent, 1, u.ID); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("an agent: %v", err)
		}
	})
}

// TestCut: what arrived before the connection broke counts; with a checksum it does not.
func TestCut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, upload.Config{PartSize: 4})
		ctx := as(1, 7)
		u, err := w.Create(ctx, 1, "a.csv", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		broken := io.MultiReader(strings.NewReader("abcdef"), errReader{io.ErrUnexpectedEOF})
		if u, err = w.Append(ctx, 1, u.ID, 0, broken, nil); errs.CodeOf(err) != "upload.cut" || u.Received != 6 {
			t.Fatalf("%+v, %v", u, err)
		}
		if u, err = w.Append(ctx, 1, u.ID, 4, strings.NewReader("x"), nil); errs.CodeOf(err) != "upload.offset" || u.Received != 6 {
			t.Fatalf("wrong offset: %+v, %v", u, err)
		}
		if _, err = w.Append(ctx, 1, u.ID, 6, strings.NewReader("ghijk"), nil); errs.CodeOf(err) != "upload.beyond_size" {
			t.Fatalf("too much: %v", err)
		}
		if u, err = w.Get(ctx, 1, u.ID); err != nil || u.Received > 10 {
			t.Fatalf("%+v, %v", u, err)
		}
		rest := "ghij"[u.Received-6:]
		if u, err = w.Append(ctx, 1, u.ID, u.Received, strings.NewReader(rest), nil); err != nil || !u.Whole() {
			t.Fatalf("%+v, %v", u, err)
		}
		if id, err := w.Complete(ctx, 1, u.ID); err != nil || w.files[id] != "abcdefghij" {
			t.Fatalf("%q, %v", w.files[id], err)
		}
	})
}

type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }

// TestTwoWriters: of requests that write at the same time each byte counts once, whoever wins.
func TestTwoWriters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, upload.Config{PartSize: 10})
		ctx := as(1, 7)
		content := strings.Repeat("0123456789", 20)
		u, err := w.Create(ctx, 1, "a.csv", "", int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					now, err := w.Get(ctx, 1, u.ID)
					if err != nil {
						t.Error(err)
						return
					}
					if now.Whole() {
						return
					}
					if _, err := w.Append(ctx, 1, u.ID, now.Received, strings.NewReader(content[now.Received:]), nil); err != nil && errs.CodeOf(err) != "upload.offset" {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		ids := make(chan int64, 4)
		for range 4 {
			wg.Go(func() {
				id, err := w.Complete(ctx, 1, u.ID)
				if errs.CodeOf(err) == "upload.busy" {
					return
				}
				if err != nil {
					t.Error(err)
				}
				ids <- id
			})
		}
		wg.Wait()
		close(ids)
		for id := range ids {
			if id != 1 || w.files[id] != content {
				t.Errorf("import %d: %q", id, w.files[id])
			}
		}
		if len(w.files) != 1 || len(w.blobsLeft()) != 0 {
			t.Errorf("%d imports, left %v", len(w.files), w.blobsLeft())
		}
	})
}

// TestFailedOpening: where the import cannot be opened, the upload stays and can be completed later.
func TestFailedOpening(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, upload.Config{})
		ctx := as(1, 7)
		u, err := w.Create(ctx, 1, "a.csv", "", 3)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Complete(ctx, 1, u.ID); errs.CodeOf(err) != "upload.not_whole" {
			t.Fatal(err)
		}
		if _, err = w.Append(ctx, 1, u.ID, 0, strings.NewReader("abc"), nil); err != nil {
			t.Fatal(err)
		}
		w.fail = errors.New("no room")
		if _, err := w.Complete(ctx, 1, u.ID); !errors.Is(err, w.fail) {
			t.Fatal(err)
		}
		w.fail = nil
		if id, err := w.Complete(ctx, 1, u.ID); err != nil || w.files[id] != "abc" {
			t.Fatalf("%d, %v", id, err)
		}
	})
}

// TestSweep: what nobody went on with goes, with its bytes; what a crash left goes, too.
func TestSweep(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, upload.Config{Life: time.Hour, MaxOpen: 2})
		ctx := as(1, 7)
		old, err := w.Create(ctx, 1, "old.csv", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Append(ctx, 1, old.ID, 0, strings.NewReader("abc"), nil); err != nil {
			t.Fatal(err)
		}
		w.pass(50 * time.Minute)
		fresh, err := w.Create(ctx, 1, "new.csv", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Create(ctx, 1, "third.csv", "", 10); errs.CodeOf(err) != "upload.too_many" {
			t.Fatal(err)
		}
		if _, err := w.Append(ctx, 1, fresh.ID, 0, strings.NewReader("xyz"), nil); err != nil {
			t.Fatal(err)
		}
		w.pass(20 * time.Minute)
		if _, err := w.Get(ctx, 1, old.ID); errs.CodeOf(err) != "upload.not_found" {
			t.Fatalf("past its time: %v", err)
		}
		orphan := "w1/uploads/0123/0-aaaa"
		b, err := w.Blobs.Create(ctx, orphan)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(b, "lost")
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		if err := w.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		if left := w.blobsLeft(); len(left) != 2 {
			t.Errorf("left %v", left)
		}
		w.pass(100 * time.Hour)
		if err := w.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		if left := w.blobsLeft(); len(left) != 0 {
			t.Errorf("left %v", left)
		}
	})
}
