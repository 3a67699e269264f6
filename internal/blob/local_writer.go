package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"

	"cadastro/internal/errs"
)

// errDone is told to who writes after Commit or Abort.
var errDone = errors.New("the writer is closed")

// localWriter writes beside the store and moves the file to its key at Commit.
type localWriter struct {
	ctx   context.Context
	store *Local
	key   string
	temp  string
	file  *os.File // nil after Commit or Abort
	err   error    // of a Write; what is half-written is not committed
}

// Write adds to the content.
func (w *localWriter) Write(p []byte) (int, error) {
	if w.file == nil {
		return 0, errDone
	}
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.file.Write(p)
	if err != nil {
		w.err = explain(err, "write", w.key)
	}
	return n, w.err
}

// Commit syncs the content, moves it to its place and syncs the directories on the way.
func (w *localWriter) Commit() error {
	if w.file == nil {
		return errDone
	}
	defer func() { _ = w.Abort() }() // after success it finds nothing to do
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if w.err != nil {
		return w.err
	}
	if err := w.file.Sync(); err != nil {
		return explain(err, "sync", w.key)
	}
	err := w.file.Close()
	w.file = nil
	if err != nil {
		return explain(errors.Join(err, w.store.root.Remove(w.temp)), "close", w.key)
	}
	if err := w.store.place(w.temp, w.key); err != nil {
		return errors.Join(err, ignoreMissing(w.store.root.Remove(w.temp)))
	}
	return nil
}

// Abort drops the content.
func (w *localWriter) Abort() error {
	if w.file == nil {
		return nil
	}
	err := errors.Join(w.file.Close(), w.store.root.Remove(w.temp))
	w.file = nil
	if err != nil {
		return fmt.Errorf("blob %s: abort: %w", w.key, err)
	}
	return nil
}

// place moves a finished file to its key.
//
// A Delete of a neighbour may remove the directory between its making and the move: then both are done again.
func (l *Local) place(temp, key string) error {
	const tries = 100
	for i := 1; ; i++ {
		made, err := l.makeDirs(path.Dir(key))
		if err == nil {
			err = l.root.Rename(temp, key)
		}
		switch {
		case err == nil:
			return l.syncDirs(made, path.Dir(key))
		case errors.Is(err, fs.ErrNotExist) && i < tries:
			continue
		case errors.Is(err, fs.ErrExist) || notDirectory(err) || isDirectory(err) || l.inTheWay(key):
			return errs.Wrap(err, errs.Invalid, "blob.key", "key", key)
		}
		return explain(err, "commit", key)
	}
}

// inTheWay tells whether a directory stands at key: some systems do not say so in the error of a rename.
func (l *Local) inTheWay(key string) bool {
	info, err := l.root.Stat(key)
	return err == nil && info.IsDir()
}

// makeDirs makes dir and what is missing above it, and gives those whose list of entries has changed.
func (l *Local) makeDirs(dir string) (changed []string, err error) {
	if dir == "." {
		return nil, nil
	}
	err = l.root.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrNotExist) {
		if changed, err = l.makeDirs(path.Dir(dir)); err != nil {
			return nil, err
		}
		err = l.root.Mkdir(dir, 0o700)
	}
	if errors.Is(err, fs.ErrExist) {
		info, statErr := l.root.Stat(dir)
		if statErr == nil && !info.IsDir() {
			return nil, err
		}
		return changed, ignoreExist(statErr)
	}
	if err != nil {
		return nil, err
	}
	return append(changed, path.Dir(dir)), nil
}

func (l *Local) syncDirs(changed []string, dir string) error {
	for _, d := range append(changed, dir) {
		if err := l.syncDir(d); err != nil {
			return err
		}
	}
	return nil
}

// syncDir makes the entries of a directory durable. Windows has no such call and needs none.
func (l *Local) syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := l.root.Open(dir)
	if missing(err) { // removed with its last blob
		return nil
	}
	if err != nil {
		return explain(err, "sync directory", dir)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return explain(err, "sync directory", dir)
	}
	return nil
}

func ignoreMissing(err error) error {
	if missing(err) {
		return nil
	}
	return err
}

func ignoreExist(err error) error {
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}
