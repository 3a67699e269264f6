// Package blobtest holds the suite that every blob.Store passes.
package blobtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"cadastro/internal/blob"
	"cadastro/internal/errs"
)

// Exercise runs the suite on store, which is empty before and after.
func Exercise(t *testing.T, store blob.Store) {
	for _, part := range []struct {
		name string
		test func(*testing.T, blob.Store)
	}{
		{"write and read", writeAndRead},
		{"keys", keys},
		{"missing", missing},
		{"nothing before commit", nothingBeforeCommit},
		{"cancelled", cancelled},
		{"overwrite", overwrite},
		{"delete", deletes},
		{"list", list},
		{"big", big},
		{"many writers of one key", manyWriters},
		{"coming and going", comingAndGoing},
	} {
		t.Run(part.name, func(t *testing.T) {
			part.test(t, store)
			for _, key := range all(t, store, "") {
				t.Errorf("left behind: %s", key)
				must(t, store.Delete(t.Context(), key))
			}
		})
	}
}

func writeAndRead(t *testing.T, store blob.Store) {
	for _, content := range [][]byte{{}, []byte("x"), []byte("a\r\n\x00b\xff"), bytes.Repeat([]byte("0123456789"), 1000)} {
		put(t, store, "imports/42/source", content)
		r, err := store.Open(t.Context(), "imports/42/source")
		must(t, err)
		if r.Size() != int64(len(content)) {
			t.Errorf("Size = %d, want %d", r.Size(), len(content))
		}
		if err := iotest.TestReader(io.NewSectionReader(r, 0, r.Size()), content); err != nil {
			t.Error(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("read %d bytes, %v; want %d", len(got), err, len(content))
		}
		if n, err := r.ReadAt(make([]byte, 1), r.Size()); n != 0 || err != io.EOF {
			t.Errorf("ReadAt the end = %d, %v; want 0, EOF", n, err)
		}
		must(t, r.Close())
	}
	must(t, store.Delete(t.Context(), "imports/42/source"))
}

func keys(t *testing.T, store blob.Store) {
	long := strings.Repeat("a", 100)
	for _, key := range []string{
		"a", "0", "a/b", "a-b/c_d.e", "deep/" + strings.Repeat("x/", 60) + "y", long, long + "/" + long, "console", "com", "com10", "aux1/nula",
	} {
		put(t, store, key, []byte(key))
		if got := get(t, store, key); string(got) != key {
			t.Errorf("%q gives %q", key, got)
		}
		must(t, store.Delete(t.Context(), key))
	}
	for _, key := range []string{
		"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "..a/b", "a/..", ".a", "a.", "a./b", "-a", "a-", "_a",
		"A", "é", "a b", " a", "a\x00b", "a\nb", "a\\b", "c:a", "a*", "a?", "a|b", "a<b", "a\"b", "~", "%2e%2e/a", "a%2fb", "\xff", "a/\u202e",
		"con", "a/nul", "aux.txt", "com1", "lpt9.a.b/c", "prn", long + "a", strings.Repeat("a/", 250) + "a", ".partial/x", "partial/.x",
	} {
		for what, err := range map[string]error{
			"Create": second(store.Create(t.Context(), key)),
			"Open":   second(store.Open(t.Context(), key)),
			"Delete": store.Delete(t.Context(), key),
		} {
			if errs.CodeOf(err) != "blob.key" || errs.KindOf(err) != errs.Invalid {
				t.Errorf("%s(%q) = %v, want blob.key", what, key, err)
			}
		}
	}
}

func missing(t *testing.T, store blob.Store) {
	put(t, store, "here/a", nil)
	for _, key := range []string{"there", "here", "here/b", "here/a/b", "here/a/b/c"} {
		if _, err := store.Open(t.Context(), key); errs.KindOf(err) != errs.NotFound || errs.CodeOf(err) != "blob.not_found" {
			t.Errorf("Open(%q) = %v, want blob.not_found", key, err)
		}
		if err := store.Delete(t.Context(), key); err != nil {
			t.Errorf("Delete(%q) = %v, want nil", key, err)
		}
	}
	// A key below another one either works or is refused as a key, and never harms what is there.
	for key, against := range map[string]string{"here/a/b": "here/a", "here/a/b/c": "here/a", "here": "here/a"} {
		w, err := store.Create(t.Context(), key)
		must(t, err)
		if err := w.Commit(); err == nil {
			must(t, store.Delete(t.Context(), key))
		} else if errs.CodeOf(err) != "blob.key" {
			t.Errorf("Commit(%q) beside %q = %v, want nil or blob.key", key, against, err)
		}
		if got := all(t, store, ""); !slices.Equal(got, []string{"here/a"}) {
			t.Errorf("after %q there are %v", key, got)
		}
	}
	must(t, store.Delete(t.Context(), "here/a"))
}

func nothingBeforeCommit(t *testing.T, store blob.Store) {
	w, err := store.Create(t.Context(), "a/b")
	must(t, err)
	write(t, w, []byte("half"))
	if _, err := store.Open(t.Context(), "a/b"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("Open before Commit = %v, want not found", err)
	}
	if got := all(t, store, ""); len(got) != 0 {
		t.Errorf("listed before Commit: %v", got)
	}
	must(t, w.Abort())
	must(t, w.Abort())
	if _, err := w.Write([]byte("x")); err == nil {
		t.Error("Write after Abort: no error")
	}
	if w.Commit() == nil {
		t.Error("Commit after Abort: no error")
	}
	if _, err := store.Open(t.Context(), "a/b"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("Open after Abort = %v, want not found", err)
	}

	w, err = store.Create(t.Context(), "a/b")
	must(t, err)
	must(t, w.Commit())
	must(t, w.Abort())
	if w.Commit() == nil {
		t.Error("second Commit: no error")
	}
	if _, err := w.Write([]byte("x")); err == nil {
		t.Error("Write after Commit: no error")
	}
	if got := get(t, store, "a/b"); len(got) != 0 {
		t.Errorf("content %q, want none", got)
	}
	must(t, store.Delete(t.Context(), "a/b"))
}

func cancelled(t *testing.T, store blob.Store) {
	put(t, store, "k", []byte("old"))
	ctx, cancel := context.WithCancel(t.Context())
	w, err := store.Create(ctx, "k")
	must(t, err)
	write(t, w, []byte("new"))
	cancel()
	if _, err := w.Write([]byte("er")); !errors.Is(err, context.Canceled) {
		t.Errorf("Write = %v, want cancelled", err)
	}
	if err := w.Commit(); !errors.Is(err, context.Canceled) {
		t.Errorf("Commit = %v, want cancelled", err)
	}
	must(t, w.Abort())
	if got := get(t, store, "k"); string(got) != "old" {
		t.Errorf("content %q, want the old one", got)
	}
	for what, err := range map[string]error{
		"Create": second(store.Create(ctx, "k")),
		"Open":   second(store.Open(ctx, "k")),
		"Delete": store.Delete(ctx, "k"),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s = %v, want cancelled", what, err)
		}
	}
	for _, err := range store.List(ctx, "") {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("List = %v, want cancelled", err)
		}
	}
	must(t, store.Delete(t.Context(), "k"))
}

func overwrite(t *testing.T, store blob.Store) {
	put(t, store, "k", []byte("a long first content"))
	r, err := store.Open(t.Context(), "k")
	must(t, err)
	put(t, store, "k", []byte("second"))
	if got := get(t, store, "k"); string(got) != "second" {
		t.Errorf("content %q, want the second", got)
	}
	// The old content whole, or an error: never a mixture.
	got, err := io.ReadAll(io.NewSectionReader(r, 0, r.Size()))
	if err == nil && string(got) != "a long first content" {
		t.Errorf("the open reader gives %q", got)
	}
	must(t, r.Close())
	must(t, store.Delete(t.Context(), "k"))
}

func deletes(t *testing.T, store blob.Store) {
	put(t, store, "d/e/f", []byte("1"))
	put(t, store, "d/g", []byte("2"))
	must(t, store.Delete(t.Context(), "d/e/f"))
	must(t, store.Delete(t.Context(), "d/e/f"))
	if got := all(t, store, ""); !slices.Equal(got, []string{"d/g"}) {
		t.Errorf("left: %v, want d/g", got)
	}
	put(t, store, "d/e", []byte("the name of a former directory"))
	must(t, store.Delete(t.Context(), "d/e"))
	must(t, store.Delete(t.Context(), "d/g"))
}

func list(t *testing.T, store blob.Store) {
	keys := []string{"a", "b/c", "b/cc", "b/d/e", "b-c", "bb", "z/1/2/3"}
	for _, k := range keys {
		put(t, store, k, []byte(k))
	}
	for prefix, want := range map[string][]string{
		"":        keys,
		"a":       {"a"},
		"a/":      {},
		"b":       {"b-c", "b/c", "b/cc", "b/d/e", "bb"},
		"b/":      {"b/c", "b/cc", "b/d/e"},
		"b/c":     {"b/c", "b/cc"},
		"b/d/":    {"b/d/e"},
		"z/1/2/3": {"z/1/2/3"},
		"z/1/":    {"z/1/2/3"},
		"x":       {},
		"x/y/":    {},
	} {
		if got := all(t, store, prefix); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("List(%q) = %v, want %v", prefix, got, want)
		}
	}
	for info, err := range store.List(t.Context(), "b/d/e") {
		must(t, err)
		if info.Size != int64(len("b/d/e")) || info.Modified.IsZero() {
			t.Errorf("info = %+v", info)
		}
	}
	for range store.List(t.Context(), "") {
		break
	}
	for _, prefix := range []string{"../", "/", "a/../", "A/"} {
		for info, err := range store.List(t.Context(), prefix) {
			if errs.CodeOf(err) != "blob.key" {
				t.Errorf("List(%q) gives %v, %v", prefix, info, err)
			}
		}
	}
	for _, k := range keys {
		must(t, store.Delete(t.Context(), k))
	}
}

// big writes 20 MiB in uneven pieces and reads them from many places at once.
func big(t *testing.T, store blob.Store) {
	const size = 20 << 20
	content := make([]byte, size)
	for i := range content {
		content[i] = byte(i ^ i>>7 ^ i>>13)
	}
	w, err := store.Create(t.Context(), "big")
	must(t, err)
	for at, n := 0, 1; at < size; at, n = at+n, n*3%700_001+1 {
		n = min(n, size-at)
		write(t, w, content[at:at+n])
	}
	must(t, w.Commit())
	r, err := store.Open(t.Context(), "big")
	must(t, err)
	defer r.Close()
	var readers sync.WaitGroup
	for i := range 8 {
		readers.Go(func() {
			buf := make([]byte, size/8)
			if _, err := r.ReadAt(buf, int64(i*size/8)); err != nil && err != io.EOF {
				t.Error(err)
			} else if !bytes.Equal(buf, content[i*size/8:][:size/8]) {
				t.Errorf("part %d differs", i)
			}
		})
	}
	readers.Wait()
	h := sha256.New()
	if n, err := io.Copy(h, r); n != size || err != nil {
		t.Errorf("copied %d, %v", n, err)
	}
	if sum := sha256.Sum256(content); !bytes.Equal(h.Sum(nil), sum[:]) {
		t.Error("the whole differs")
	}
	must(t, store.Delete(t.Context(), "big"))
}

// manyWriters: the content is one writer's, whole.
func manyWriters(t *testing.T, store blob.Store) {
	var writers sync.WaitGroup
	for i := range 16 {
		writers.Go(func() {
			w, err := store.Create(t.Context(), "one/key")
			if err != nil {
				t.Error(err)
				return
			}
			for range 100 {
				if _, err := w.Write(bytes.Repeat([]byte{byte('a' + i)}, 100)); err != nil {
					t.Error(err)
				}
			}
			if i%4 == 3 {
				err = w.Abort()
			} else {
				err = w.Commit()
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	got := get(t, store, "one/key")
	if len(got) != 100*100 || !bytes.Equal(got, bytes.Repeat(got[:1], len(got))) || (got[0]-'a')%4 == 3 {
		t.Errorf("%d bytes, a mixture or an aborted content", len(got))
	}
	must(t, store.Delete(t.Context(), "one/key"))
}

// comingAndGoing: neighbours that come and go do not disturb one another, though they share directories.
func comingAndGoing(t *testing.T, store blob.Store) {
	var workers sync.WaitGroup
	for i := range 4 {
		workers.Go(func() {
			key := fmt.Sprintf("shared/dir/%d", i)
			for range 15 {
				w, err := store.Create(t.Context(), key)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := io.WriteString(w, key); err != nil {
					t.Error(err)
				}
				if err := w.Commit(); err != nil {
					t.Errorf("Commit(%s) = %v", key, err)
				}
				for _, err := range store.List(t.Context(), "shared/") {
					if err != nil {
						t.Error(err)
					}
				}
				if err := store.Delete(t.Context(), key); err != nil {
					t.Errorf("Delete(%s) = %v", key, err)
				}
			}
		})
	}
	workers.Wait()
}

func put(t *testing.T, store blob.Store, key string, content []byte) {
	t.Helper()
	w, err := store.Create(t.Context(), key)
	must(t, err)
	defer w.Abort()
	write(t, w, content)
	must(t, w.Commit())
}

func get(t *testing.T, store blob.Store, key string) []byte {
	t.Helper()
	r, err := store.Open(t.Context(), key)
	must(t, err)
	defer r.Close()
	content, err := io.ReadAll(r)
	must(t, err)
	return content
}

func write(t *testing.T, w io.Writer, p []byte) {
	t.Helper()
	if n, err := w.Write(p); n != len(p) || err != nil {
		t.Fatalf("Write = %d, %v; want %d", n, err, len(p))
	}
}

// all gives the keys of a list, sorted.
func all(t *testing.T, store blob.Store, prefix string) []string {
	t.Helper()
	keys := []string{}
	for info, err := range store.List(t.Context(), prefix) {
		must(t, err)
		keys = append(keys, info.Key)
	}
	slices.Sort(keys)
	return keys
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func second[T any](_ T, err error) error { return err }
