package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"cadastro/internal/errs"
	"cadastro/internal/table"
)

// standardInput is the name of the standard input as a file.
const standardInput = "-"

// openFile opens a file that the person named. "-" is the standard input.
func (s *session) openFile(name string) (io.ReadCloser, int64, error) {
	if name == standardInput {
		return io.NopCloser(s.std.In), 0, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, fileError(err, name)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errs.New(errs.Invalid, "file.is_directory", "name", name)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// source opens a file to be read from anywhere. What comes through a pipe is kept in a temporary file. The caller
// calls done.
func (s *session) source(name string) (src table.Source, done func(), err error) {
	r, size, err := s.openFile(name)
	if err != nil {
		return src, nil, err
	}
	if f, ok := r.(*os.File); ok && regular(f) {
		return table.Source{Name: filepath.Base(name), Size: size, Data: f}, func() { f.Close() }, nil
	}
	defer r.Close()
	tmp, err := os.CreateTemp("", "cadastro-*")
	if err != nil {
		return src, nil, err
	}
	done = func() { tmp.Close(); os.Remove(tmp.Name()) }
	limit := int64(s.cfg.Max.FileSize)
	if size, err = io.Copy(tmp, io.LimitReader(r, limit+1)); err == nil && size > limit {
		err = errs.New(errs.TooLarge, "file.too_large", "size", size, "limit", limit)
	}
	if err != nil {
		done()
		return src, nil, err
	}
	return table.Source{Name: filepath.Base(name), Size: size, Data: tmp}, done, nil
}

func regular(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

// fileError says in the person's words why a file cannot be opened or made.
func fileError(err error, name string) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errs.Wrap(err, errs.NotFound, "file.not_found", "name", name)
	case errors.Is(err, fs.ErrPermission):
		return errs.Wrap(err, errs.Forbidden, "file.not_allowed", "name", name)
	}
	return err
}

// output writes a file as a whole or not at all: f writes into a new file beside it, which takes its place at
// the end. "" and "-" are the standard output.
func (s *session) output(name string, f func(io.Writer) error) (err error) {
	if name == "" || name == standardInput {
		s.out.Flush()
		return f(s.data())
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fileError(err, name)
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if err = f(tmp); err != nil {
		return err
	}
	if err = tmp.Chmod(0o600); err != nil {
		return err
	}
	if err = tmp.Close(); err != nil {
		return err
	}
	if err = os.Rename(tmp.Name(), name); err != nil {
		return fileError(err, name)
	}
	return nil
}
