package upload

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"

	"cadastro/internal/errs"
)

// Bounds of the fields before the file.
const (
	maxFields     = 200
	maxFieldBytes = 1 << 20 // of all of them
)

// FromForm reads a form (multipart/form-data) up to its file, which it gives as a stream: nothing is kept in memory or on
// disk. fields are those that stand before the file; what follows it is not read. name is made fit to be shown, see
// [CleanName]. body is to be read before the request ends. Errors, Invalid: upload.no_form, upload.no_file where no file was
// chosen, upload.cut; TooLarge: upload.form_too_large.
func FromForm(r *http.Request) (name string, body io.Reader, fields url.Values, err error) {
	m, err := r.MultipartReader()
	if err != nil {
		return "", nil, nil, errs.Wrap(err, errs.Invalid, "upload.no_form")
	}
	fields = url.Values{}
	left, count := maxFieldBytes, 0
	for {
		p, err := m.NextPart()
		if err == io.EOF {
			return "", nil, fields, errs.New(errs.Invalid, "upload.no_file")
		}
		if err != nil {
			return "", nil, nil, formError(err)
		}
		if p.FileName() != "" {
			return CleanName(p.FileName()), &told{p}, fields, nil
		}
		value, err := io.ReadAll(io.LimitReader(p, int64(left)+1))
		if err != nil {
			return "", nil, nil, formError(err)
		}
		count++
		if left -= len(value) + len(p.FormName()); left < 0 || count > maxFields {
			return "", nil, nil, errs.New(errs.TooLarge, "upload.form_too_large", "limit", maxFieldBytes)
		}
		fields.Add(p.FormName(), string(value))
	}
}

func formError(err error) error {
	if errors.Is(err, multipart.ErrMessageTooLarge) {
		return errs.Wrap(err, errs.TooLarge, "upload.form_too_large", "limit", maxFieldBytes)
	}
	return explain(err)
}

// told is a part whose errors are ours.
type told struct{ r io.Reader }

// Read reads on.
func (t *told) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	return n, explain(err)
}
