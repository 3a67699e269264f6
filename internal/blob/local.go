package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
	"time"

	"cadastro/internal/errs"
)

// tempDir holds what is not committed. No key can name it: segments do not begin with a dot.
const tempDir = ".partial"

// abandoned is the age at which a file in tempDir belongs to nobody any more: its program crashed.
const abandoned = 48 * time.Hour

// Local keeps blobs as files in a directory, one for each key, at the key's path. It never leaves the directory,
// not even through symbolic links: all access goes through an os.Root.
type Local struct {
	root *os.Root
}

// NewLocal opens the store in dir, which is made where it is missing. now tells which unfinished files of
// earlier runs are old enough to be swept.
func NewLocal(dir string, now time.Time) (*Local, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("blob store: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("blob store: %w", err)
	}
	l := &Local{root: root}
	if err := root.Mkdir(tempDir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		_ = root.Close()
		return nil, fmt.Errorf("blob store: %w", err)
	}
	l.sweep(now)
	return l, nil
}

// Close gives the directory back. Open readers and writers stay usable up to Commit.
func (l *Local) Close() error { return l.root.Close() }

// Create begins a blob.
func (l *Local) Create(ctx context.Context, key string) (Writer, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	temp := path.Join(tempDir, strings.ToLower(rand.Text()))
	f, err := l.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, explain(err, "create", key)
	}
	return &localWriter{ctx: ctx, store: l, key: key, temp: temp, file: f}, nil
}

// Open gives the content of a blob.
func (l *Local) Open(ctx context.Context, key string) (Reader, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := l.root.Open(key)
	if err != nil {
		return nil, explain(err, "open", key)
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, explain(err, "open", key)
	}
	if !info.Mode().IsRegular() {
		_ = f.Close()
		return nil, errs.New(errs.NotFound, "blob.not_found", "key", key)
	}
	return &localReader{File: f, size: info.Size()}, nil
}

// Delete removes a blob and the directories that it leaves empty.
func (l *Local) Delete(ctx context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	info, err := l.root.Lstat(key)
	if missing(err) || err == nil && info.IsDir() {
		return nil
	}
	if err != nil {
		return explain(err, "delete", key)
	}
	if err := l.root.Remove(key); err != nil && !missing(err) {
		return explain(err, "delete", key)
	}
	for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
		if l.root.Remove(dir) != nil { // not empty, or a writer has just come in
			break
		}
	}
	return l.syncDir(path.Dir(key))
}

// List goes through the blobs whose key begins with prefix.
func (l *Local) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		start, err := folder(prefix)
		if err != nil {
			yield(Info{}, err)
			return
		}
		err = fs.WalkDir(l.root.FS(), start, func(key string, d fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case missing(err):
				return nil
			case err != nil:
				return explain(err, "list", prefix)
			case d.IsDir():
				if key == tempDir || key != "." && !strings.HasPrefix(key+"/", prefix) && !strings.HasPrefix(prefix, key+"/") {
					return fs.SkipDir
				}
				return nil
			case !strings.HasPrefix(key, prefix) || !d.Type().IsRegular() || CheckKey(key) != nil:
				return nil
			}
			info, err := d.Info()
			if missing(err) {
				return nil
			}
			if err != nil {
				return explain(err, "list", key)
			}
			if !yield(Info{Key: key, Size: info.Size(), Modified: info.ModTime()}, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(Info{}, err)
		}
	}
}

// sweep removes what crashed programs left half-written. That it cannot is no reason not to start.
func (l *Local) sweep(now time.Time) {
	entries, err := fs.ReadDir(l.root.FS(), tempDir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > abandoned {
			_ = l.root.Remove(path.Join(tempDir, e.Name()))
		}
	}
}

// missing tells whether err says that there is no such file. ENOTDIR is one more way to say so: a blob stands
// where the path wants a directory.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) || notDirectory(err) }

// explain turns an error of the file system into ours.
func explain(err error, what, key string) error {
	switch {
	case missing(err):
		return errs.Wrap(err, errs.NotFound, "blob.not_found", "key", key)
	case noSpace(err):
		return errs.Wrap(err, errs.Busy, "blob.no_space", "key", key)
	}
	return fmt.Errorf("blob %s: %s: %w", key, what, err)
}

type localReader struct {
	*os.File
	size int64
}

// Size is in bytes.
func (r *localReader) Size() int64 { return r.size }

// WriteTo hides os.File's, which looks at the file system's idea of the end instead of at the size at Open.
func (r *localReader) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{r.File})
}
