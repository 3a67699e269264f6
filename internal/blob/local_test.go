package blob_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cadastro/internal/blob"
	"cadastro/internal/blob/blobtest"
	"cadastro/internal/errs"
)

func open(t *testing.T, dir string) *blob.Local {
	t.Helper()
	l, err := blob.NewLocal(dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func TestLocal(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "by", "us")
	blobtest.Exercise(t, open(t, dir))
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && path != dir && d.Name() != ".partial" {
			t.Errorf("left behind: %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestLocalStaysInside: a symbolic link that somebody put into the directory leads nowhere.
func TestLocalStaysInside(t *testing.T) {
	t.Parallel()
	outside, dir := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	l := open(t, dir)
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(filepath.Join(outside, "secret"), filepath.Join(dir, "file")); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"link/secret", "file"} {
		if _, err := l.Open(t.Context(), key); err == nil {
			t.Errorf("Open(%q) left the directory", key)
		}
	}
	w, err := l.Create(t.Context(), "link/new")
	if err != nil {
		t.Fatal(err)
	}
	if w.Commit() == nil {
		t.Error("Commit left the directory")
	}
	for info, err := range l.List(t.Context(), "") {
		t.Errorf("listed: %v, %v", info, err)
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) != 1 {
		t.Errorf("outside: %v, %v", entries, err)
	}
}

// TestLocalSweeps: what a crash left half-written goes when it is old, and stays while it may be at work.
func TestLocalSweeps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	w, err := l.Create(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		later time.Duration
		left  int
	}{{47 * time.Hour, 1}, {49 * time.Hour, 0}} {
		again, err := blob.NewLocal(dir, time.Now().Add(tt.later))
		if err != nil {
			t.Fatal(err)
		}
		again.Close()
		if entries, err := os.ReadDir(filepath.Join(dir, ".partial")); err != nil || len(entries) != tt.left {
			t.Errorf("%s later: %v, %v; want %d", tt.later, entries, err, tt.left)
		}
	}
	if w.Commit() == nil {
		t.Error("Commit of a swept blob: no error")
	}
}

// TestLocalPrivate: other users of the machine read nothing.
func TestLocalPrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "blobs")
	l := open(t, dir)
	w, err := l.Create(t.Context(), "a/b")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "a", "a/b", ".partial"} {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 && filepath.Separator == '/' {
			t.Errorf("%q has mode %v", path, info.Mode())
		}
	}
}

func FuzzCheckKey(f *testing.F) {
	for _, key := range []string{"imports/42/source", "../a", "a//b", "con", "a.", "A"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		err := blob.CheckKey(key)
		if err != nil {
			if errs.CodeOf(err) != "blob.key" {
				t.Errorf("CheckKey(%q) = %v", key, err)
			}
			return
		}
		if !filepath.IsLocal(filepath.FromSlash(key)) || filepath.ToSlash(filepath.Clean(filepath.FromSlash(key))) != key || strings.ToLower(key) != key {
			t.Errorf("CheckKey(%q) takes a path that is not its own normal form", key)
		}
	})
}
