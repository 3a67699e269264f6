package importer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/job"
	"cadastro/internal/job/jobtest"
	"cadastro/internal/notify"
)

// runner runs the jobs of a world until it is stopped.
func (w *world) runner() *job.Runner {
	w.t.Helper()
	r := job.New(w.db, slog.New(slog.DiscardHandler), jobtest.Quick())
	for _, wk := range w.imports.Workers() {
		r.Handle(wk)
	}
	w.imports.Wake = r.Wake
	if err := r.Start(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = r.Stop(context.Background()) })
	return r
}

// await waits until an import is in one of the states.
func (w *world) await(id importer.ID, states ...importer.State) *importer.Import {
	w.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		imp, err := w.imports.Get(console(), ws, id)
		if err != nil {
			w.t.Fatal(err)
		}
		if slices.Contains(states, imp.State) {
			return imp
		}
		if time.Now().After(end) {
			w.t.Fatalf("import %d is %s, awaited %v; %v", id, imp.State, states, imp.Err)
		}
	}
}

func (w *world) upload(ctx context.Context, text string) *importer.Import {
	w.t.Helper()
	imp, err := w.imports.Upload(ctx, ws, "teste.csv", strings.NewReader(text), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return imp
}

// tellings collects what is told of imports, as often as it is.
type tellings struct {
	mu   sync.Mutex
	list []notify.ImportEnd
	fail error
}

func (c *tellings) tell(_ context.Context, _ *db.Tx, e *notify.ImportEnd) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fail != nil {
		return c.fail
	}
	c.list = append(c.list, *e)
	return nil
}

func (c *tellings) states() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, e := range c.list {
		out = append(out, e.State)
	}
	return out
}

// people gives a file of n people, of which every tenth has no phone that can be read.
func people(n int) string {
	lines := []string{"nome;fone;empresa"}
	for i := range n {
		phone := fmt.Sprintf("119%08d", 61234567+i)
		if i%10 == 9 {
			phone = "987654321"
		}
		lines = append(lines, fmt.Sprintf("P%d;%s;E%d", i, phone, i%7))
	}
	return file(lines...)
}

var peopleColumns = []string{"nome=name", "fone=phone", "empresa=company"}

// as gives the context of a member.
func as(member auth.MemberID, role auth.Role) context.Context {
	return auth.With(context.Background(), auth.Actor{Kind: auth.Person, Workspace: ws, Member: member, Role: role, Scopes: auth.AllScopes, Name: "Ana"})
}

// TestBackground: a review and a start by a member run in the background, are told of once with their numbers, and an
// undoing is told to both who brought the file and who took it back.
func TestBackground(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 20)
		var told tellings
		w.imports.Tell = told.tell
		w.runner()
		ana := as(3, auth.Manager)
		imp := w.upload(ana, people(100))
		if imp.Actor != "member 3" || imp.MemberID != 3 {
			t.Errorf("brought by %q, member %d", imp.Actor, imp.MemberID)
		}
		if _, err := w.imports.Start(ana, ws, imp.ID); errs.CodeOf(err) != "import.state" {
			t.Errorf("started before its review: %v", err)
		}
		imp, err := w.imports.StartReview(ana, ws, imp.ID, settings(upsert, "phone", peopleColumns...))
		if err != nil {
			t.Fatal(err)
		}
		if imp.State != importer.Validating {
			t.Errorf("state %s", imp.State)
		}
		if _, err := w.imports.StartReview(ana, ws, imp.ID, settings(upsert, "phone", peopleColumns...)); err != nil { // asked for twice
			t.Fatal(err)
		}
		imp = w.await(imp.ID, importer.InReview)
		if c := imp.Summary.Counts; c.Imported != 90 || c.Errors != 10 || imp.Progress != (importer.Step{}) {
			t.Errorf("%+v, progress %+v", c, imp.Progress)
		}
		if imp, err = w.imports.Start(ana, ws, imp.ID); err != nil {
			t.Fatal(err)
		}
		if imp.State != importer.Queued {
			t.Errorf("state %s", imp.State)
		}
		imp = w.await(imp.ID, importer.Done)
		if imp.Counts != (importer.Counts{Imported: 90, Errors: 10}) || !imp.HasResult() {
			t.Errorf("%+v", imp.Counts)
		}
		if n := strings.Count(w.resultFile(imp), "\r\n"); n != 101 {
			t.Errorf("result file of %d lines", n)
		}
		if _, err := w.imports.StartUndo(as(4, auth.Admin), ws, imp.ID); err != nil {
			t.Fatal(err)
		}
		imp = w.await(imp.ID, importer.Undone)
		if imp.UndoReport.Binned != 90 || imp.UndoneAt.IsZero() || imp.Counts.Sum()+imp.Counts.Unprocessed != imp.Rows {
			t.Errorf("%+v %+v", imp.UndoReport, imp.Counts)
		}
		w.wantLive()
		w.sound()
		if got := told.states(); !slices.Equal(got, []string{"done", "undone"}) {
			t.Fatalf("told %v", got)
		}
		e := told.list[0]
		if e.Imported != 90 || e.Errors != 10 || e.Rows != 100 || !slices.Equal(e.Members, []int64{3}) || len(e.Causes) != 1 || e.Causes[0].Rows != 10 || e.Causes[0].Code != "error.phone.no_area_code" {
			t.Errorf("told %+v", e)
		}
		if title := e.Causes[0].Text(w.imports.Texts.Printer("pt-BR")); title != "Telefone sem DDD" {
			t.Errorf("the cause is called %q", title)
		}
		if !slices.Equal(told.list[1].Members, []int64{3, 4}) {
			t.Errorf("the undoing was told to %v", told.list[1].Members)
		}
	})
}

// TestUntold: an import ends although nobody can be told of it.
func TestUntold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 20)
		told := tellings{fail: errors.New("no such template")}
		w.imports.Tell = told.tell
		imp := w.do(people(10), settings(upsert, "phone", peopleColumns...))
		if imp.State != importer.Done {
			t.Errorf("state %s", imp.State)
		}
	})
}

// TestNewestSettingsWin: of reviews that are begun one after another the last one's settings are what can be started.
func TestNewestSettingsWin(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 50)
		imp := w.upload(console(), people(3000))
		w.runner()
		for i := range 6 {
			s := settings(upsert, "phone", peopleColumns...)
			s.Tags = []string{fmt.Sprintf("t%d", i)}
			if _, err := w.imports.StartReview(console(), ws, imp.ID, s); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(i) * 7 * time.Millisecond)
		}
		imp = w.await(imp.ID, importer.InReview)
		if !slices.Equal(imp.Settings.Tags, []string{"t5"}) || !slices.Equal(imp.Summary.NewTags, []string{"t5"}) {
			t.Errorf("settings %v, plan %v", imp.Settings.Tags, imp.Summary.NewTags)
		}
		if _, err := w.imports.Start(console(), ws, imp.ID); err != nil {
			t.Fatal(err)
		}
		w.await(imp.ID, importer.Done)
		plans := 0
		for info, err := range w.imports.Blobs.List(context.Background(), "") {
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(info.Key, "/plan-") {
				plans++
			}
		}
		if plans != 1 {
			t.Errorf("%d plans are kept", plans)
		}
	})
}

// TestReviewFails: a file that cannot be taken in says why, is told of, and can be reviewed with other settings.
func TestReviewFails(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 50)
		var told tellings
		w.imports.Tell = told.tell
		w.runner()
		imp := w.upload(console(), file("nome;fone"))
		s := settings(upsert, "phone", "nome=name", "fone=phone")
		if _, err := w.imports.StartReview(console(), ws, imp.ID, s); err != nil {
			t.Fatal(err)
		}
		imp = w.await(imp.ID, importer.Failed)
		if imp.Err == nil || imp.Err.Code != "file.no_rows" && imp.Err.Code != "file.header_only" || !imp.NotStarted() {
			t.Errorf("%v", imp.Err)
		}
		if got := told.states(); !slices.Equal(got, []string{"failed"}) {
			t.Errorf("told %v", got)
		}
		s.Dialect.Header = 0
		if _, err := w.imports.StartReview(console(), ws, imp.ID, s); err != nil {
			t.Fatal(err)
		}
		if imp = w.await(imp.ID, importer.InReview); imp.Err != nil || imp.Rows != 1 {
			t.Errorf("%v, %d rows", imp.Err, imp.Rows)
		}
	})
}

// TestLineOfWorkspace: imports and undoings stand in line in the order in which they were started, tell their place, and
// can be called off there.
func TestLineOfWorkspace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 50)
		s := settings(upsert, "phone", peopleColumns...)
		first := w.do(people(20), s)
		var ids []importer.ID
		for range 3 {
			imp := w.review(people(20), s)
			if _, err := w.imports.Start(console(), ws, imp.ID); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, imp.ID)
		}
		if _, err := w.imports.StartUndo(console(), ws, first.ID); err != nil {
			t.Fatal(err)
		}
		place := func(id importer.ID, want int) {
			t.Helper()
			if n, err := w.imports.Place(console(), ws, id); err != nil || n != want {
				t.Errorf("import %d: %d ahead, want %d; %v", id, n, want, err)
			}
		}
		place(ids[0], 0)
		place(ids[2], 2)
		place(first.ID, 3)
		if running, err := w.imports.Running(console(), ws); err != nil || running == nil || running.ID != ids[0] {
			t.Errorf("first in line: %v, %v", running, err)
		}
		if err := w.imports.Cancel(console(), ws, ids[1]); err != nil {
			t.Fatal(err)
		}
		place(first.ID, 2)
		if imp := w.await(ids[1], importer.Cancelled); imp.Counts.Unprocessed != 20 || !imp.NotStarted() {
			t.Errorf("%+v", imp.Counts)
		}
		if err := w.imports.Cancel(console(), ws, first.ID); err != nil { // the undoing, which has not begun
			t.Fatal(err)
		}
		if imp := w.await(first.ID, importer.Done); imp.UndoReport != nil {
			t.Error("undone in part")
		}
		if _, err := w.imports.StartUndo(console(), ws, first.ID); err != nil {
			t.Fatal(err)
		}
		w.runner()
		w.await(ids[2], importer.Done)
		if imp := w.await(first.ID, importer.Undone); imp.UndoReport.Binned != 18 {
			t.Errorf("%+v", imp.UndoReport)
		}
		if running, err := w.imports.Running(console(), ws); err != nil || running != nil {
			t.Errorf("under way: %v, %v", running, err)
		}
		w.sound()
	})
}

// TestBusy: the command line does not collide with a job, nor a job with the command line.
func TestBusy(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 20)
		s := settings(upsert, "phone", peopleColumns...)
		queued, direct := w.review(people(40), s), w.review(people(40), s)
		if _, err := w.imports.Start(console(), ws, queued.ID); err != nil {
			t.Fatal(err)
		}
		once := sync.Once{}
		imp, err := w.imports.Apply(console(), ws, direct.ID, func(importer.Phase, int64, int64, int64) {
			once.Do(func() {
				if _, err := w.imports.Apply(console(), ws, queued.ID, nil); errs.CodeOf(err) != "import.busy" {
					t.Errorf("two at once: %v", err)
				}
				w.runner()
				time.Sleep(50 * time.Millisecond) // the job comes to the lock
			})
		})
		if err != nil || imp.State != importer.Done {
			t.Fatal(imp, err)
		}
		if imp = w.await(queued.ID, importer.Done); imp.Counts.Skipped+imp.Counts.Errors != 40 {
			t.Errorf("%+v", imp.Counts)
		}
		w.sound()
	})
}

// TestAdopted: what the command line left half done goes on behind the next import, or by the sweep.
func TestAdopted(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"next", "sweep"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, 20)
				s := settings(upsert, "phone", peopleColumns...)
				half, next := w.review(people(200), s), w.review(people(200), s)
				ctx, stop := context.WithCancel(console())
				if _, err := w.imports.Apply(ctx, ws, half.ID, func(importer.Phase, int64, int64, int64) { stop() }); !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
				if how == "next" {
					if _, err := w.imports.Start(console(), ws, next.ID); err != nil {
						t.Fatal(err)
					}
				} else {
					err := d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
						if _, err := tx.Exec(ctx, "INSERT INTO workspace (id, name, created_at) VALUES ($1, 'A', 0)", ws); err != nil {
							return err
						}
						_, err := job.Enqueue(ctx, tx, ws, importer.KindSweep)
						return err
					})
					if err != nil {
						t.Fatal(err)
					}
				}
				w.runner()
				if imp := w.await(half.ID, importer.Done); imp.Counts != (importer.Counts{Imported: 180, Errors: 20}) {
					t.Errorf("%+v", imp.Counts)
				}
				if how == "next" {
					w.await(next.ID, importer.Done)
				}
				w.sound()
			})
		})
	}
}

// TestStopped: a runner that is stopped leaves a review, an import and an undoing to the next one, which makes of them
// what one would have made that was never stopped.
func TestStopped(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 10)
		text, s := people(1500), settings(upsert, "phone", peopleColumns...)
		s.ImportTag = "import-x"
		imp := w.upload(console(), text)
		if _, err := w.imports.StartReview(console(), ws, imp.ID, s); err != nil {
			t.Fatal(err)
		}
		restarts := 0
		until := func(want importer.State) *importer.Import {
			for wait := time.Millisecond; ; wait += wait/4 + time.Millisecond {
				r := w.runner()
				time.Sleep(wait)
				if err := r.Stop(context.Background()); err != nil {
					t.Fatal(err)
				}
				restarts++
				now, err := w.imports.Get(console(), ws, imp.ID)
				if err != nil {
					t.Fatal(err)
				}
				if now.State == want {
					return now
				}
				if restarts > 3000 || now.State == importer.Failed {
					t.Fatalf("%s after %d restarts: %v", now.State, restarts, now.Err)
				}
			}
		}
		until(importer.InReview)
		if _, err := w.imports.Start(console(), ws, imp.ID); err != nil {
			t.Fatal(err)
		}
		imp = until(importer.Done)
		if imp.Counts != (importer.Counts{Imported: 1350, Errors: 150}) {
			t.Errorf("%+v", imp.Counts)
		}
		w.sound()
		whole := newWorld(t, fresh(t, d.Engine()), 1000)
		ref := whole.do(text, s)
		if a, b := w.resultFile(imp), whole.resultFile(ref); a != b {
			t.Error("the result files differ")
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
	})
}

// TestGivenUp: an import that cannot go on ends as failed, keeps what it wrote, adds up, and can be taken back.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 10)
		var told tellings
		w.imports.Tell = told.tell
		imp := w.review(people(200), settings(upsert, "phone", peopleColumns...))
		ctx, stop := context.WithCancel(console())
		if _, err := w.imports.Apply(ctx, ws, imp.ID, func(importer.Phase, int64, int64, int64) { stop() }); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		putBack := w.takeAway("/plan-")
		err := d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			_, err := job.Add(ctx, tx, job.Spec{Workspace: ws, Kind: importer.KindApply, IDs: []int64{int64(imp.ID)}, Queue: "import"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.runner()
		imp = w.await(imp.ID, importer.Failed)
		c := imp.Counts
		if imp.Err.Code != "import.source_gone" || c.Imported == 0 || c.Sum()+c.Unprocessed != imp.Rows || imp.NotStarted() {
			t.Errorf("%v %+v", imp.Err, c)
		}
		if got := told.states(); !slices.Equal(got, []string{"failed"}) {
			t.Errorf("told %v", got)
		}
		if _, err := w.imports.StartUndo(console(), ws, imp.ID); err != nil {
			t.Fatal(err)
		}
		w.await(imp.ID, importer.Undone)
		w.wantLive()
		putBack()
		w.sound()
	})
}

// TestReadOnce: from the review on nobody needs the original.
func TestReadOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		text, s := people(30), settings(upsert, "phone", peopleColumns...)
		w := newWorld(t, d, 10)
		imp := w.review(text, s)
		w.takeAway("/source")
		imp = w.apply(imp)
		if n := strings.Count(w.resultFile(imp), "\r\n"); n != 31 {
			t.Errorf("result file of %d lines", n)
		}
		if err := w.imports.WriteErrors(console(), imp, csvSink(t, io.Discard)); err != nil {
			t.Error(err)
		}
		w.sound()
	})
}

// takeAway removes the blob whose key has the given part, until it is put back.
func (w *world) takeAway(part string) (putBack func()) {
	w.t.Helper()
	ctx := context.Background()
	var key string
	for info, err := range w.imports.Blobs.List(ctx, "") {
		if err != nil {
			w.t.Fatal(err)
		}
		if strings.Contains(info.Key, part) {
			key = info.Key
		}
	}
	r, err := w.imports.Blobs.Open(ctx, key)
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err == nil {
		err = w.imports.Blobs.Delete(ctx, key)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return func() {
		to, err := w.imports.Blobs.Create(ctx, key)
		if err == nil {
			_, err = to.Write(data)
		}
		if err == nil {
			err = to.Commit()
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// TestMain lets this binary be the process that is killed; see process_unix_test.go.
func TestMain(m *testing.M) {
	if os.Getenv(childURL) != "" {
		os.Exit(child())
	}
	os.Exit(m.Run())
}

// The environment of the process that is killed.
const (
	childURL = "CADASTRO_TEST_IMPORT_URL"
	childDir = "CADASTRO_TEST_IMPORT_BLOBS"
)

// child runs jobs until it is killed.
func child() int {
	ctx := context.Background()
	d, err := db.Open(ctx, os.Getenv(childURL))
	if err == nil {
		s, e := service(d, os.Getenv(childDir), 25)
		r := job.New(d, slog.New(slog.DiscardHandler), jobtest.Quick())
		if err = e; err == nil {
			for _, wk := range s.Workers() {
				r.Handle(wk)
			}
			for err = r.Start(ctx); errs.CodeOf(err) == "job.other_runner"; err = r.Start(ctx) {
				time.Sleep(10 * time.Millisecond) // the process before is not quite gone
			}
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	select {}
}
