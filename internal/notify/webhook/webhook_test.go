package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/job"
	"cadastro/internal/job/jobtest"
	"cadastro/internal/safehttp"
	"cadastro/internal/secret"
)

// TestSignExample: the example of the specification, computed by its reference library.
func TestSignExample(t *testing.T) {
	t.Parallel()
	got, err := sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if err != nil || got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("%s %v", got, err)
	}
	if _, err := sign("whsec_short", "a", time.Now(), nil); err == nil {
		t.Error("a key that is none signs")
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	a, b, c := newSecret(), newSecret(), newSecret()
	rapid.Check(t, func(t *rapid.T) {
		body := []byte(rapid.String().Draw(t, "body"))
		h := http.Header{}
		if err := Sign(h, []string{a, b}, "msg_1", now, body); err != nil {
			t.Fatal(err)
		}
		for _, known := range []struct {
			secrets []string
			at      time.Time
			body    []byte
			ok      bool
		}{
			{[]string{a}, now, body, true}, {[]string{b}, now, body, true}, {[]string{c, b}, now.Add(Tolerance), body, true},
			{[]string{c}, now, body, false}, {nil, now, body, false}, {[]string{a}, now.Add(Tolerance + time.Second), body, false},
			{[]string{a}, now.Add(-Tolerance - time.Second), body, false}, {[]string{a}, now, append([]byte("x"), body...), false},
		} {
			if Verify(h, known.secrets, known.at, known.body) != known.ok {
				t.Fatalf("%+v", known)
			}
		}
		h.Set(headerID, "msg_2")
		if Verify(h, []string{a}, now, body) {
			t.Fatal("another id")
		}
	})
}

// receiver is an endpoint of somebody else.
type receiver struct {
	mu     sync.Mutex
	got    []call
	answer func(n int, w http.ResponseWriter, r *http.Request)
	url    string
	port   int
}

type call struct {
	header http.Header
	body   string
	at     time.Time
}

func newReceiver(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) *receiver {
	t.Helper()
	rc := &receiver{answer: answer}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		rc.mu.Lock()
		rc.got = append(rc.got, call{r.Header.Clone(), string(b), time.Now()})
		n := len(rc.got)
		rc.mu.Unlock()
		if rc.answer != nil {
			rc.answer(n, w, r)
		}
	}))
	t.Cleanup(srv.Close)
	u, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	rc.url, rc.port = srv.URL+"/hook", must(strconv.Atoi(u.Port()))
	return rc
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (rc *receiver) calls() []call {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	return append([]call(nil), rc.got...)
}

// world is a base, a service and a runner.
type world struct {
	*testing.T
	*Service
	clock *clock
}

// Context gives the context of the command line, which may do everything.
func (w *world) Context() context.Context { return auth.With(w.T.Context(), auth.ConsoleActor(1)) }

// TestPermission: endpoints and their log are settings: who may not read those sees none, who may not change those changes none.
func TestPermission(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		deeds := []func(ctx context.Context) error{
			func(ctx context.Context) error {
				_, _, err := w.Add(ctx, 1, "https://example.com", nil)
				return err
			},
			func(ctx context.Context) error { return w.Change(ctx, 1, 1, "https://example.com", nil, true) },
			func(ctx context.Context) error { _, err := w.Rotate(ctx, 1, 1); return err },
			func(ctx context.Context) error { return w.Remove(ctx, 1, 1) },
			func(ctx context.Context) error { _, err := w.Try(ctx, 1, 1); return err },
			func(ctx context.Context) error { return w.Resend(ctx, 1, 1) },
			func(ctx context.Context) error { _, err := w.List(ctx, 1); return err },
			func(ctx context.Context) error { _, err := w.Deliveries(ctx, 1, 1, 0, 1); return err },
			func(ctx context.Context) error { _, err := w.Attempts(ctx, 1, 1); return err },
		}
		manager := auth.Actor{Kind: auth.Person, Workspace: 1, Member: 1, Role: auth.Manager, Scopes: auth.AllScopes}
		for i, do := range deeds {
			if err := do(auth.With(t.Context(), manager)); errs.CodeOf(err) != "auth.forbidden" {
				t.Errorf("deed %d of a manager: %v", i, err)
			}
			if err := do(auth.With(t.Context(), auth.ConsoleActor(2))); errs.CodeOf(err) != "auth.forbidden" {
				t.Errorf("deed %d from another workspace: %v", i, err)
			}
			if err := do(t.Context()); errs.CodeOf(err) != "auth.signed_out" {
				t.Errorf("deed %d of nobody: %v", i, err)
			}
		}
	})
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newWorld(t *testing.T, d *db.DB, ports ...int) *world {
	t.Helper()
	ring, err := secret.OpenFile(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{now: time.Now()}
	quick := make([]time.Duration, 9)
	for i := range quick {
		quick[i] = time.Millisecond
	}
	s := &Service{DB: d, Seal: ring, Now: c.Now, Schedule: quick,
		Client: safehttp.New(safehttp.Options{Ports: append(ports, 443), Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Timeout: 5 * time.Second})}
	r := job.New(d, slog.New(slog.DiscardHandler), jobtest.Quick())
	r.Handle(s.Worker())
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Stop(context.Background()) })
	return &world{t, s, c}
}

func (w *world) endpoint(url string, events ...string) (ID, string) {
	w.Helper()
	e, key, err := w.Add(w.Context(), 1, url, events)
	if err != nil {
		w.Fatal(err)
	}
	return e.ID, key
}

func (w *world) emit(event, once string) (id string) {
	w.Helper()
	err := w.DB.Write(w.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = w.Emit(ctx, tx, 1, event, once, map[string]any{"import_id": 7, "imported": 3})
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return id
}

func (w *world) deliveries(e ID) []*Delivery {
	w.Helper()
	l, err := w.Deliveries(w.Context(), 1, e, 0, 100)
	if err != nil {
		w.Fatal(err)
	}
	return l
}

func (w *world) get(e ID) *Endpoint {
	w.Helper()
	l, err := w.List(w.Context(), 1)
	if err != nil {
		w.Fatal(err)
	}
	for _, x := range l {
		if x.ID == e {
			return x
		}
	}
	w.Fatal("no endpoint")
	return nil
}

func (w *world) until(what string, ok func() bool) {
	w.Helper()
	for end := time.Now().Add(15 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			w.Fatalf("not %s in time", what)
		}
	}
}

func (w *world) allIn(e ID, state string, n int) {
	w.Helper()
	w.until(fmt.Sprintf("%d %s", n, state), func() bool {
		l := w.deliveries(e)
		for _, d := range l {
			if d.State != state {
				return false
			}
		}
		return len(l) == n
	})
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rc := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\x00\xff\x01") })
		w := newWorld(t, d, rc.port)
		all, key := w.endpoint(rc.url)
		some, _ := w.endpoint(rc.url, ImportFailed)
		id := w.emit(ImportFinished, "import 7")
		if again := w.emit(ImportFinished, "import 7"); again != "" || id == "" {
			t.Errorf("ids %q, %q", id, again)
		}
		w.allIn(all, "delivered", 1)
		if n := len(w.deliveries(some)); n != 0 {
			t.Errorf("%d deliveries past the filter", n)
		}
		got := rc.calls()
		if len(got) != 1 || !Verify(got[0].header, []string{key}, time.Now(), []byte(got[0].body)) {
			t.Fatalf("%+v", got)
		}
		var body struct {
			Type      string
			Timestamp time.Time
			Data      map[string]int
		}
		if err := json.Unmarshal([]byte(got[0].body), &body); err != nil || body.Type != ImportFinished || body.Data["imported"] != 3 || body.Timestamp.IsZero() {
			t.Errorf("%+v %v", body, err)
		}
		if h := got[0].header; h.Get("Webhook-Id") != id || h.Get("Content-Type") != "application/json" {
			t.Errorf("%v", h)
		}
		log, err := w.Attempts(w.Context(), 1, w.deliveries(all)[0].ID)
		if err != nil || len(log) != 1 || log[0].Status != 200 || !strings.HasPrefix(log[0].Answer, "ok") || log[0].Code != "" {
			t.Errorf("%+v %v", log, err)
		}
		// A test goes past the filter, a resend under the id of the first time.
		if _, err := w.Try(w.Context(), 1, some); err != nil {
			t.Fatal(err)
		}
		w.allIn(some, "delivered", 1)
		if err := w.Resend(w.Context(), 1, w.deliveries(all)[0].ID); err != nil {
			t.Fatal(err)
		}
		w.until("resent", func() bool { return len(rc.calls()) == 3 })
		if last := rc.calls()[2]; last.header.Get("Webhook-Id") != id || last.body != got[0].body {
			t.Errorf("resent %+v", last)
		}
		w.allIn(all, "delivered", 1)
		if dl := w.deliveries(all)[0]; dl.Attempts != 2 || dl.DoneAt.IsZero() || !dl.NextAt.IsZero() {
			t.Errorf("%+v", dl)
		}
	})
}

// TestRotation: both secrets sign for a day, then the new one alone; the base holds neither in the clear.
func TestRotation(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rc := newReceiver(t, nil)
		w := newWorld(t, d, rc.port)
		e, first := w.endpoint(rc.url)
		second, err := w.Rotate(w.Context(), 1, e)
		if err != nil {
			t.Fatal(err)
		}
		w.emit(ImportFinished, "1")
		w.allIn(e, "delivered", 1)
		c := rc.calls()[0]
		for _, key := range []string{first, second} {
			if !Verify(c.header, []string{key}, w.clock.Now(), []byte(c.body)) {
				t.Errorf("a live secret does not verify")
			}
		}
		w.clock.add(OldSecretLife + time.Minute)
		w.emit(ImportFinished, "2")
		w.allIn(e, "delivered", 2)
		c = rc.calls()[1]
		if Verify(c.header, []string{first}, w.clock.Now(), []byte(c.body)) || !Verify(c.header, []string{second}, w.clock.Now(), []byte(c.body)) {
			t.Error("the old secret signs for longer than its life")
		}
		var stored string
		err = d.Read(t.Context(), func(ctx context.Context, q db.Querier) error {
			return q.QueryRow(ctx, "SELECT secret || old_secret FROM webhook_endpoint").Scan(&stored)
		})
		for _, key := range []string{first, second} {
			if err != nil || strings.Contains(stored, strings.TrimPrefix(key, secretPrefix)) {
				t.Errorf("a secret in the clear: %v", err)
			}
		}
	})
}

func TestRetries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer func(n int, w http.ResponseWriter, r *http.Request)
		state  string
		tries  int
		code   string
	}{
		{"twice away", func(n int, w http.ResponseWriter, _ *http.Request) {
			if n < 3 {
				w.WriteHeader(503)
			}
		}, "delivered", 3, "webhook.status"},
		{"redirect is not followed", func(n int, w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/hook" {
				t.Error("the redirect was followed")
			}
			if n < 2 {
				http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
			}
		}, "delivered", 2, "webhook.status"},
		{"broken off", func(n int, w http.ResponseWriter, _ *http.Request) {
			if n < 2 {
				panic(http.ErrAbortHandler)
			}
		}, "delivered", 2, "url.unreachable"},
		{"gone", func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }, "failed", 1, "webhook.status"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				rc := newReceiver(t, c.answer)
				w := newWorld(t, d, rc.port)
				e, _ := w.endpoint(rc.url)
				w.emit(ImportFinished, "1")
				w.allIn(e, c.state, 1)
				dl := w.deliveries(e)[0]
				log, err := w.Attempts(w.Context(), 1, dl.ID)
				if err != nil || len(log) != c.tries || dl.Attempts != c.tries || log[0].Code != c.code {
					t.Errorf("%+v %+v %v", dl, log, err)
				}
				ids := map[string]bool{}
				for _, got := range rc.calls() {
					ids[got.header.Get("Webhook-Id")] = true
				}
				if len(ids) != 1 {
					t.Errorf("ids %v", ids)
				}
				if c.name == "gone" {
					if x := w.get(e); x.Enabled || x.DisabledWhy != "gone" {
						t.Errorf("%+v", x)
					}
					if err := w.Resend(w.Context(), 1, dl.ID); errs.CodeOf(err) != "webhook.not_found" {
						t.Errorf("resent to an endpoint that is off: %v", err)
					}
					if w.emit(ImportFinished, "2") != "" {
						t.Error("an event for an endpoint that is off")
					}
				}
			})
		})
	}
}

// TestBreaker: an endpoint that fails is left alone, whatever waits for it; one probe at a time finds out when it is back.
func TestBreaker(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var mu sync.Mutex
		down := true
		rc := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if down {
				w.WriteHeader(500)
			}
		})
		w := newWorld(t, d, rc.port)
		e, _ := w.endpoint(rc.url)
		w.emit(ImportFinished, "0")
		w.until("open", func() bool { return w.get(e).Failing == breakAt })
		n := len(rc.calls())
		for i := range 10 {
			w.emit(ImportFinished, "more "+strconv.Itoa(i))
		}
		w.until("all put off", func() bool {
			for _, dl := range w.deliveries(e) {
				if dl.NextAt.IsZero() {
					return false
				}
			}
			return true
		})
		if got := len(rc.calls()); n != breakAt || got != n {
			t.Errorf("%d calls, then %d", n, got)
		}
		// Its time over, of many that come at once one is the probe.
		w.clock.add(breakFirst + time.Second)
		for i := range 10 {
			w.emit(ImportFinished, "probe "+strconv.Itoa(i))
		}
		w.until("probed, the others put off", func() bool {
			for _, dl := range w.deliveries(e) {
				if dl.NextAt.IsZero() {
					return false
				}
			}
			return w.get(e).Failing == breakAt+1
		})
		if got := len(rc.calls()); got != n+1 {
			t.Errorf("%d probes", got-n)
		}
		n = len(rc.calls())
		mu.Lock()
		down = false
		mu.Unlock()
		// A person's resend goes past the breaker, and its success closes it.
		if err := w.Resend(w.Context(), 1, w.deliveries(e)[0].ID); err != nil {
			t.Fatal(err)
		}
		w.until("closed", func() bool { return w.get(e).Failing == 0 })
		if got := len(rc.calls()); got != n+1 {
			t.Errorf("%d calls", got)
		}
	})
}

func TestGivesUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rc := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400) })
		w := newWorld(t, d, rc.port)
		w.Schedule = w.Schedule[:3]
		e, _ := w.endpoint(rc.url)
		w.emit(ImportFinished, "1")
		w.allIn(e, "failed", 1)
		if n := len(rc.calls()); n != 4 {
			t.Errorf("%d attempts", n)
		}
		// A year later nothing of it is left.
		err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error { return Prune(ctx, tx, w.clock.Now().Add(time.Hour)) })
		var left int
		e2 := d.Read(t.Context(), func(ctx context.Context, q db.Querier) error {
			return q.QueryRow(ctx, "SELECT (SELECT count(*) FROM webhook_attempt) + (SELECT count(*) FROM webhook_delivery) + (SELECT count(*) FROM webhook_event)").Scan(&left)
		})
		if err != nil || e2 != nil || left != 0 {
			t.Errorf("%d rows left, %v %v", left, err, e2)
		}
	})
}

func TestDisabledAfterDays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rc := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
		w := newWorld(t, d, rc.port)
		w.Schedule = w.Schedule[:0]
		w.Service.Schedule = []time.Duration{}
		e, _ := w.endpoint(rc.url)
		w.emit(ImportFinished, "1")
		w.allIn(e, "failed", 1)
		w.clock.add(disableAfter + time.Minute)
		w.emit(ImportFinished, "2")
		w.allIn(e, "failed", 2)
		if x := w.get(e); x.Enabled || x.DisabledWhy != "failing" {
			t.Errorf("%+v", x)
		}
		if err := w.Change(w.Context(), 1, e, rc.url, nil, true); err != nil {
			t.Fatal(err)
		}
		if x := w.get(e); !x.Enabled || x.Failing != 0 {
			t.Errorf("%+v", x)
		}
	})
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := w.Context()
		for u, code := range map[string]string{"ftp://example.com": "url.scheme", "https://127.0.0.2/x": "url.private", "https://169.254.169.254": "url.private", "https://a:b@example.com": "url.userinfo",
			"https://example.com:22": "url.port", "nothing": "url.scheme", "http://\x7f": "url.host"} {
			if _, _, err := w.Add(ctx, 1, u, nil); errs.CodeOf(err) != code {
				t.Errorf("%q: %v", u, err)
			}
		}
		if _, _, err := w.Add(ctx, 1, "https://example.com", []string{"nothing.like_it"}); errs.CodeOf(err) != "webhook.event_unknown" {
			t.Error(err)
		}
		e, _ := w.endpoint("https://example.com/a", ImportFinished)
		// Nobody else's workspace sees, changes, rotates, removes or tries it.
		other := auth.With(t.Context(), auth.ConsoleActor(2))
		for name, err := range map[string]error{"change": w.Change(other, 2, e, "https://example.com", nil, true), "remove": w.Remove(other, 2, e),
			"rotate": second(w.Rotate(other, 2, e)), "try": second(w.Try(other, 2, e))} {
			if errs.CodeOf(err) != "webhook.not_found" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := w.Resend(ctx, 1, 99); errs.CodeOf(err) != "webhook.delivery_not_found" {
			t.Error(err)
		}
		for range maxEndpoints - 1 {
			w.endpoint("https://example.com/b")
		}
		if _, _, err := w.Add(ctx, 1, "https://example.com", nil); errs.CodeOf(err) != "webhook.too_many" {
			t.Error(err)
		}
		if err := w.Remove(ctx, 1, e); err != nil {
			t.Fatal(err)
		}
		if l, err := w.List(ctx, 1); err != nil || len(l) != maxEndpoints-1 {
			t.Errorf("%d %v", len(l), err)
		}
		if err := w.Remove(ctx, 1, e); errs.CodeOf(err) != "webhook.not_found" {
			t.Error(err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for h, want := range map[string]time.Duration{"": 0, "120": 2 * time.Minute, "-5": 0, "99999999999": 24 * time.Hour, "Fri, 20 Nov 2026 12:05:00 GMT": 5 * time.Minute,
		"Fri, 20 Nov 2020 12:05:00 GMT": 0, "soon": 0} {
		if got := retryAfter(h, now); got != want {
			t.Errorf("%q: %v", h, got)
		}
	}
	for failing, want := range map[int]time.Duration{5: 30 * time.Second, 6: time.Minute, 8: 4 * time.Minute, 12: time.Hour, 10_000: time.Hour} {
		if got := breakFor(failing); got != want {
			t.Errorf("%d: %v", failing, got)
		}
	}
}
