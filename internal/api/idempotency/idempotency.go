// Package idempotency lets a program send a request again without having it done twice: the first answer to a request with
// an Idempotency-Key is kept for a day and given to those that follow.
//
// # What is kept
//
// Only answers that say that something was done (2xx). A request that was refused did nothing, and may come again under the
// same key. A key belongs to the actor who used it; another body under it is refused, and so is a second request while the
// first is at work. A process that died in the middle leaves the key taken: whether the work was done is not known, and
// doing it again is the caller's to decide, under another key.
//
// The header is that of draft-ietf-httpapi-idempotency-key-header.
package idempotency

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Header is the request header with the key.
const Header = "Idempotency-Key"

// Replayed is the answer header that marks an answer given before.
const Replayed = "Idempotency-Replayed"

// Bounds of what is kept.
const (
	Life    = 24 * time.Hour
	maxKey  = 255
	maxBody = 1 << 20 // of an answer; a longer one is not kept, and its key stays taken
	hold    = time.Minute
	renew   = 15 * time.Second
)

// Keeper remembers answers. It is safe for concurrent use.
type Keeper struct {
	DB  *db.DB
	Log *slog.Logger
	Now func() time.Time
	// Problem answers with an error.
	Problem func(w http.ResponseWriter, r *http.Request, err error)
}

// Wrap has a handler done once for each key. Requests without one pass. maxRequest bounds what is read of a request that
// came before, to compare it.
func (k *Keeper) Wrap(next http.Handler, maxRequest int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get(Header)
		who, ok := auth.From(r.Context())
		if key == "" || !ok {
			next.ServeHTTP(w, r)
			return
		}
		if !valid(key) {
			k.Problem(w, r, errs.New(errs.Invalid, "api.idempotency_key", "limit", maxKey))
			return
		}
		e := &entry{keeper: k, workspace: who.Workspace, actor: who.String(), key: key}
		held, err := e.take(r.Context())
		switch {
		case err != nil:
			k.Problem(w, r, err)
		case held != nil:
			k.again(w, r, held, maxRequest)
		default:
			k.first(w, r, e, next)
		}
	})
}

func valid(key string) bool {
	if len(key) > maxKey {
		return false
	}
	for i := range len(key) {
		if key[i] < 0x20 || key[i] > 0x7e {
			return false
		}
	}
	return true
}

// first has the work done and keeps the answer.
func (k *Keeper) first(w http.ResponseWriter, r *http.Request, e *entry, next http.Handler) {
	hash := newHash(r)
	r.Body = hash.tee(r.Body)
	rec := &recorder{ResponseWriter: w}
	stop := e.hold(r.Context())
	defer hash.close()
	done := false
	defer func() {
		stop()
		ctx := context.WithoutCancel(r.Context())
		// A panic leaves the key taken, as a crash does: what was done by then is not known.
		if !done {
			return
		}
		var err error
		switch {
		case rec.status < 200 || rec.status > 299:
			err = e.free(ctx)
		case rec.over:
			k.Log.Warn("answer too long to be kept", "bytes_more_than", maxBody)
		default:
			// What the handler had no use for belongs to the request all the same.
			_, _ = io.CopyN(io.Discard, r.Body, maxBody)
			err = e.keep(ctx, hash.sum(), rec)
		}
		if err != nil {
			k.Log.Error("idempotency", "error", err)
		}
	}()
	next.ServeHTTP(rec, r)
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	done = true
}

// again answers as before, or says why not.
func (k *Keeper) again(w http.ResponseWriter, r *http.Request, h *held, maxRequest int64) {
	if h.status == 0 {
		code := errs.New(errs.Conflict, "api.idempotency_running")
		if h.until <= k.Now().UnixMicro() {
			code = errs.New(errs.Conflict, "api.idempotency_cut")
		}
		k.Problem(w, r, code)
		return
	}
	hash := newHash(r)
	defer hash.close()
	if err := hash.drain(r.Body, maxRequest); err != nil {
		k.Problem(w, r, err)
		return
	}
	if hash.sum() != h.hash {
		k.Problem(w, r, errs.New(errs.Invalid, "api.idempotency_other"))
		return
	}
	var headers map[string]string
	if err := json.Unmarshal([]byte(h.headers), &headers); err != nil {
		k.Problem(w, r, err)
		return
	}
	for name, value := range headers {
		w.Header().Set(name, value)
	}
	w.Header().Set(Replayed, "true")
	w.WriteHeader(int(h.status))
	_, _ = w.Write([]byte(h.body)) // the caller may be gone
}

// recorder lets an answer through and remembers it.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
	over   bool
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write notes the body.
func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	if r.body.Len()+len(p) > maxBody {
		r.over = true
	} else {
		r.body.Write(p)
	}
	return r.ResponseWriter.Write(p)
}

// Unwrap lets deadlines through.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
