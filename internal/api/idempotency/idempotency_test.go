package idempotency_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cadastro/internal/api/idempotency"
	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
)

// world is a handler that counts how often it is asked.
type world struct {
	t     *testing.T
	keep  *idempotency.Keeper
	now   atomic.Int64
	asked atomic.Int64
	do    http.HandlerFunc
}

func newWorld(t *testing.T, d *db.DB) *world {
	w := &world{t: t}
	w.now.Store(time.Now().UnixNano())
	w.keep = &idempotency.Keeper{DB: d, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Unix(0, w.now.Load()) },
		Problem: func(rw http.ResponseWriter, _ *http.Request, err error) {
			http.Error(rw, errs.CodeOf(err), http.StatusConflict)
		}}
	w.do = func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		rw.Header().Set("Location", "/things/1")
		rw.Header().Set("Set-Cookie", "secret=1")
		rw.WriteHeader(http.StatusCreated)
		rw.Write(append([]byte("made of "), body...))
	}
	return w
}

func (w *world) post(key, path, body string, member auth.MemberID) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r = r.WithContext(auth.With(context.Background(), auth.Actor{Kind: auth.Person, Workspace: 1, Member: member, Role: auth.Admin, Scopes: auth.AllScopes}))
	r.Header.Set(idempotency.Header, key)
	rec := httptest.NewRecorder()
	w.keep.Wrap(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.asked.Add(1)
		w.do(rw, r)
	}), 1<<20).ServeHTTP(rec, r)
	return rec
}

func (w *world) want(rec *httptest.ResponseRecorder, status int, body string, asked int64) {
	w.t.Helper()
	if rec.Code != status || strings.TrimSpace(rec.Body.String()) != body || w.asked.Load() != asked {
		w.t.Fatalf("%d %q, asked %d times; want %d %q, %d", rec.Code, rec.Body, w.asked.Load(), status, body, asked)
	}
}

// TestOnce: the answer is kept for a day with its headers, for who asked and for that request.
func TestOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.want(w.post("k", "/a", "x", 1), 201, "made of x", 1)
		again := w.post("k", "/a", "x", 1)
		w.want(again, 201, "made of x", 1)
		if h := again.Header(); h.Get("Location") != "/things/1" || h.Get(idempotency.Replayed) != "true" || h.Get("Set-Cookie") != "" {
			t.Errorf("%v", h)
		}
		w.want(w.post("k", "/a", "y", 1), 409, "api.idempotency_other", 1)
		w.want(w.post("k", "/b", "x", 1), 409, "api.idempotency_other", 1)
		w.want(w.post("k", "/a", strings.Repeat("x", 2<<20), 1), 409, "api.idempotency_other", 1)
		w.want(w.post("k", "/a", "x", 2), 201, "made of x", 2)
		w.want(w.post("", "/a", "x", 1), 201, "made of x", 3)
		w.want(w.post("é", "/a", "x", 1), 409, "api.idempotency_key", 3)
		w.now.Add(int64(25 * time.Hour))
		w.want(w.post("k", "/a", "x", 1), 201, "made of x", 4)
	})
}

// TestRefused: what was refused did nothing, and the key is free.
func TestRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		made := w.do
		for _, status := range []int{400, 409, 422, 500, 503} {
			w.do = func(rw http.ResponseWriter, _ *http.Request) { http.Error(rw, "no", status) }
			before := w.asked.Load()
			w.want(w.post("k", "/a", "x", 1), status, "no", before+1)
		}
		w.do = made
		w.want(w.post("k", "/a", "y", 1), 201, "made of y", 6)
	})
}

// TestUnread: a handler that has no use for the body does not make two requests of one.
func TestUnread(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	w.do = func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusAccepted) }
	w.want(w.post("k", "/a", "{}", 1), 202, "", 1)
	w.want(w.post("k", "/a", "{}", 1), 202, "", 1)
	w.want(w.post("k", "/a", "", 1), 409, "api.idempotency_other", 1)
}

// TestCut: a process that died in the middle leaves the key taken, and says so once it is sure.
func TestCut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.do = func(http.ResponseWriter, *http.Request) { panic(errors.New("the power")) }
		func() {
			defer func() { _ = recover() }()
			w.post("k", "/a", "x", 1)
		}()
		w.want(w.post("k", "/a", "x", 1), 409, "api.idempotency_running", 1)
		w.now.Add(int64(2 * time.Minute))
		w.want(w.post("k", "/a", "x", 1), 409, "api.idempotency_cut", 1)
		w.now.Add(int64(24 * time.Hour))
		w.do = func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusAccepted) }
		w.want(w.post("k", "/a", "x", 1), 202, "", 2)
	})
}
