package server

import (
	"io"
	"net/http"
	"time"

	"cadastro/internal/server/route"
)

// Deadlines of a connection's data. They bound silence, not length: an upload or a download may take hours on a slow line, a peer
// that says nothing holds nothing for long.
const (
	readSilence  = 60 * time.Second
	writeSilence = 60 * time.Second
	// bodyTime bounds a whole body of a size that we bound, so that a byte now and then does not hold a request open.
	bodyTime = 2 * time.Minute
)

// bound puts the limits on a request's body. A body that says that it is too long is refused before it is read.
func (s *Server) bound(w http.ResponseWriter, r *http.Request, rt route.Route) bool {
	if r.Body == nil || r.Body == http.NoBody {
		return true
	}
	limit := rt.MaxBody
	if limit == 0 {
		limit = route.DefaultBody
	}
	b := &timedBody{ReadCloser: r.Body, control: http.NewResponseController(w)}
	r.Body = b
	if limit < 0 {
		return true
	}
	if r.ContentLength > limit {
		s.refuse(w, r, rt.API, http.StatusRequestEntityTooLarge, errBodyTooLarge(limit))
		return false
	}
	b.until = time.Now().Add(bodyTime)
	r.Body = http.MaxBytesReader(w, b, limit)
	return true
}

// timedBody has the connection wait for the next piece of a body for a while and no longer.
type timedBody struct {
	io.ReadCloser
	control *http.ResponseController
	until   time.Time // zero for no end
}

// Read reads on, for as long as the deadline lets it. Between two reads there is none: a handler may take its time with what it has, and
// behind the end the server watches the connection, and would take a deadline for the client's leaving.
func (b *timedBody) Read(p []byte) (int, error) {
	deadline := time.Now().Add(readSilence)
	if !b.until.IsZero() && b.until.Before(deadline) {
		deadline = b.until
	}
	_ = b.control.SetReadDeadline(deadline) // a writer of a test knows no deadlines
	n, err := b.ReadCloser.Read(p)
	_ = b.control.SetReadDeadline(time.Time{})
	return n, err
}
