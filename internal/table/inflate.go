package table

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"

	"cadastro/internal/errs"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zip"
)

// Inflating is refused where it gives more than maxRatio bytes for one, once it has given ratioBytes. Contact
// files come to 5 to 40; deflate itself ends at 1032.
const (
	maxRatio   = 250
	ratioBytes = 64 << 20
)

// stream is a file on its way in: its bytes inflated, with the count of those taken from the file.
type stream struct {
	io.Reader
	count *counter
	close func() error
}

func (s *stream) Close() error {
	if s.close == nil {
		return nil
	}
	return s.close()
}

// openStream opens src for reading from its start, inflated as compression says.
func openStream(ctx context.Context, src Source, compression string, lim Limits) (*stream, error) {
	switch compression {
	case "":
		c := &counter{src: &cancellable{ctx, src.Reader()}}
		return &stream{Reader: c, count: c}, nil
	case "gzip":
		c := &counter{src: &cancellable{ctx, src.Reader()}}
		z, err := gzip.NewReader(c)
		if err != nil {
			return nil, inflateError(err)
		}
		return &stream{Reader: &inflated{src: z, packed: c, limit: lim.Inflated}, count: c, close: z.Close}, nil
	case "zip":
		a, err := openArchive(ctx, src)
		if err != nil {
			return nil, err
		}
		f, err := a.only()
		if err != nil {
			return nil, err
		}
		return a.open(f, lim)
	}
	return nil, errs.New(errs.Invalid, "file.format_unsupported", "format", compression)
}

// inflated bounds what comes out of a decompressor, whatever the file says of its sizes.
type inflated struct {
	src    io.Reader
	packed *counter
	limit  int64
	n      int64
}

func (r *inflated) Read(p []byte) (int, error) {
	n, err := r.src.Read(p)
	r.n += int64(n)
	switch {
	case r.n > r.limit:
		return 0, errs.New(errs.TooLarge, "file.inflated_too_large", "limit", r.limit)
	case r.n > ratioBytes && r.n/maxRatio > r.packed.n:
		return 0, errs.New(errs.TooLarge, "file.bomb", "size", r.n, "packed", r.packed.n)
	case err != nil && err != io.EOF:
		return n, inflateError(err)
	}
	return n, err
}

// inflateError says of a decompressor's error that the file is damaged or cut.
func inflateError(err error) error {
	if errs.CodeOf(err) != "" {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return errs.Wrap(err, errs.Cancelled, "cancelled")
	}
	var bad flate.CorruptInputError
	for _, known := range []error{io.EOF, io.ErrUnexpectedEOF, gzip.ErrHeader, gzip.ErrChecksum, zip.ErrFormat, zip.ErrChecksum} {
		if errors.Is(err, known) {
			return errs.Wrap(err, errs.Invalid, "file.corrupt")
		}
	}
	if errors.As(err, &bad) {
		return errs.Wrap(err, errs.Invalid, "file.corrupt")
	}
	return errs.Wrap(err, errs.Invalid, "file.unreadable")
}

// cancellable ends reading once its context is done.
type cancellable struct {
	ctx context.Context
	src io.Reader
}

func (c *cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, errs.Wrap(err, errs.Cancelled, "cancelled")
	}
	return c.src.Read(p)
}

// spoolMemory is how much of an inflated spreadsheet is kept in memory; more goes to a temporary file.
const spoolMemory = 32 << 20

// spool makes an inflated file readable from anywhere, as spreadsheet readers want it. close removes it.
func spool(name string, s *stream, lim Limits) (src Source, closer func() error, err error) {
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(s, spoolMemory))
	if err != nil {
		return src, nil, readError(err)
	}
	if n < spoolMemory {
		return Source{Name: name, Size: n, Data: bytes.NewReader(b.Bytes())}, func() error { return nil }, nil
	}
	f, err := os.CreateTemp("", "cadastro-*")
	if err != nil {
		return src, nil, err
	}
	remove := func() error { return errors.Join(f.Close(), os.Remove(f.Name())) }
	if _, err = f.Write(b.Bytes()); err == nil {
		var more int64
		more, err = io.Copy(f, io.LimitReader(s, lim.Bytes-n+1))
		n += more
	}
	if err == nil && n > lim.Bytes {
		err = errs.New(errs.TooLarge, "file.inflated_too_large", "limit", lim.Bytes)
	}
	if err != nil {
		return src, nil, errors.Join(readError(err), remove())
	}
	return Source{Name: name, Size: n, Data: f}, remove, nil
}
