package upload

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"cadastro/internal/errs"
)

// Patience is how long a body may be silent: a client that sends nothing for so long is gone.
const Patience = 60 * time.Second

// Patient lets a body take as long as it likes, as long as something comes: each read has its own deadline in place of the
// server's for the whole request. It also makes the errors of a broken body ours.
func Patient(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	c := http.NewResponseController(w)
	_ = c.SetWriteDeadline(time.Time{}) // the answer follows the last byte, whenever that is
	return &patient{ReadCloser: body, control: c}
}

type patient struct {
	io.ReadCloser
	control *http.ResponseController
}

// Read reads with a deadline of its own.
func (p *patient) Read(b []byte) (int, error) {
	// Where the writer cannot set deadlines (a recorder of a test), the server's own hold.
	_ = p.control.SetReadDeadline(time.Now().Add(Patience))
	n, err := p.ReadCloser.Read(b)
	if err == io.EOF {
		// The connection may serve further requests, which have the server's own deadlines.
		_ = p.control.SetReadDeadline(time.Time{})
	}
	return n, explain(err)
}

// explain makes the error of a body one of ours: it broke off, or it is longer than the server takes.
func explain(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	if _, ok := errors.AsType[*errs.Error](err); ok || errors.Is(err, context.Canceled) {
		return err
	}
	if big, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errs.Wrap(err, errs.TooLarge, "upload.too_large", "limit", big.Limit, "size", big.Limit+1)
	}
	return cut(err)
}

// cut is the error of a body that ended too early.
func cut(err error) error {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e
	}
	return errs.Wrap(err, errs.Invalid, "upload.cut")
}
