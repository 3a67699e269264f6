package table

import (
	"context"
	"errors"

	"cadastro/internal/errs"
)

// Open opens a table for reading, as d says. Where d names no format, it is detected first.
//
// Errors concern the file as a whole: file.empty, file.too_large, file.too_many_columns, file.not_a_table,
// file.corrupt, file.encrypted, file.several, file.bomb and what the formats add. The reader ends with ctx.
func Open(ctx context.Context, src Source, d Dialect, lim Limits) (Reader, error) {
	lim = lim.WithDefaults()
	if err := checkSize(src, lim); err != nil {
		return nil, err
	}
	if d.Format == "" {
		g, err := Redetect(ctx, src, d, lim)
		if err != nil {
			return nil, err
		}
		d = g.Dialect
	}
	if d.Format == CSV {
		return openDelimited(ctx, src, d, lim)
	}
	if d.Compression == "" {
		return openFormat(ctx, src, d, lim)
	}
	inner, remove, err := unpack(ctx, src, d.Compression, lim)
	if err != nil {
		return nil, err
	}
	r, err := openFormat(ctx, inner, d, lim)
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	return &spooled{Reader: r, remove: remove}, nil
}

// unpack makes what is compressed readable from anywhere. The caller calls remove.
func unpack(ctx context.Context, src Source, compression string, lim Limits) (inner Source, remove func() error, err error) {
	if compression == "" {
		return src, func() error { return nil }, nil
	}
	s, err := openStream(ctx, src, compression, lim)
	if err != nil {
		return src, nil, err
	}
	inner, remove, err = spool(src.Name, s, lim)
	return inner, remove, errors.Join(err, s.Close())
}

// openFormat opens what is no delimited text. src can be read from anywhere, and is not compressed.
func openFormat(ctx context.Context, src Source, d Dialect, lim Limits) (Reader, error) {
	if d.Format.IsSheet() {
		return openSheet(ctx, src, d, lim)
	}
	return openRecords(ctx, src, d, lim)
}

func openDelimited(ctx context.Context, src Source, d Dialect, lim Limits) (Reader, error) {
	s, err := openStream(ctx, src, d.Compression, lim)
	if err != nil {
		return nil, err
	}
	r, err := newDelimited(s, s.count, s, d, lim)
	if err != nil {
		s.Close()
		return nil, err
	}
	return r, nil
}

func checkSize(src Source, lim Limits) error {
	if src.Size <= 0 {
		return errs.New(errs.Invalid, "file.empty")
	}
	if src.Size > lim.Bytes {
		return errs.New(errs.TooLarge, "file.too_large", "size", src.Size, "limit", lim.Bytes)
	}
	return nil
}

// NoRows is the error of a table that has no rows: file.header_only where it has a header, else file.empty.
func NoRows(r Reader) error {
	for _, name := range r.Header() {
		if name != "" {
			return errs.New(errs.Invalid, "file.header_only")
		}
	}
	return errs.New(errs.Invalid, "file.empty")
}

// spooled removes the temporary copy of a compressed spreadsheet when its reader is closed.
type spooled struct {
	Reader
	remove func() error
}

func (s *spooled) Close() error {
	err := s.Reader.Close()
	if e := s.remove(); err == nil {
		err = e
	}
	return err
}
