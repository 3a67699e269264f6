package idempotency

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"

	"cadastro/internal/errs"
)

// requestHash is a hash over a request: method, path, query and body. Of a form it takes the names and the contents of its
// parts, since a program that sends it again makes a new border between them.
type requestHash struct {
	hash     hash.Hash
	boundary string // of a form

	form *io.PipeWriter // the form's bytes go in here
	done chan struct{}  // closed when the form is hashed
}

func newHash(r *http.Request) *requestHash {
	h := &requestHash{hash: sha256.New()}
	io.WriteString(h.hash, r.Method+" "+r.URL.RequestURI()+"\n")
	if t, params, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && t == "multipart/form-data" {
		h.boundary = params["boundary"]
	}
	return h
}

// tee hashes what is read of a body.
func (h *requestHash) tee(body io.ReadCloser) io.ReadCloser {
	return struct {
		io.Reader
		io.Closer
	}{io.TeeReader(body, h.sink()), body}
}

// drain hashes a body that nobody else reads.
func (h *requestHash) drain(body io.Reader, limit int64) error {
	n, err := io.Copy(h.sink(), io.LimitReader(body, limit+1))
	if err == nil && n > limit {
		return errs.New(errs.Invalid, "api.idempotency_other")
	}
	return err
}

// sum gives the hash. What is behind the file of a form is read by nobody and counts for nothing.
func (h *requestHash) sum() string {
	h.close()
	return hex.EncodeToString(h.hash.Sum(nil))
}

// close ends what hashes a form.
func (h *requestHash) close() {
	if h.form != nil {
		h.form.Close()
		<-h.done
	}
}

// sink takes the bytes of the body.
func (h *requestHash) sink() io.Writer {
	if h.boundary == "" {
		return h.hash
	}
	r, w := io.Pipe()
	h.form, h.done = w, make(chan struct{})
	go func() {
		defer close(h.done)
		h.parts(multipart.NewReader(r, h.boundary))
		// Whoever reads the body goes on however broken the form is.
		_, _ = io.Copy(io.Discard, r)
	}()
	return w
}

func (h *requestHash) parts(m *multipart.Reader) {
	for {
		p, err := m.NextRawPart()
		if err != nil {
			return
		}
		io.WriteString(h.hash, strconv.Quote(p.FormName())+strconv.Quote(p.FileName())+"\n")
		n, err := io.Copy(h.hash, p)
		io.WriteString(h.hash, "\n"+strconv.FormatInt(n, 10)+"\n")
		if p.FileName() != "" || err != nil {
			return // the part that is read as the file is the last that counts
		}
	}
}
