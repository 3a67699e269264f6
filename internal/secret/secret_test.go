package secret

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"cadastro/internal/errs"

	"pgregory.net/rapid"
)

func ring(t testing.TB) (*Keyring, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), FileName)
	k, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return k, path
}

// TestOpensOnlyInItsPlace: what was sealed for a place opens there and nowhere else.
func TestOpensOnlyInItsPlace(t *testing.T) {
	t.Parallel()
	k, _ := ring(t)
	place := rapid.Custom(func(r *rapid.T) Place {
		return Place{rapid.Int64().Draw(r, "workspace"), rapid.SampledFrom([]string{"", "a.b", "a.bc", "totp.secret"}).Draw(r, "field"), rapid.Int64Range(0, 9).Draw(r, "row")}
	})
	rapid.Check(t, func(r *rapid.T) {
		at, other := place.Draw(r, "at"), place.Draw(r, "other")
		plain := rapid.SliceOf(rapid.Byte()).Draw(r, "plain")
		sealed := k.Seal(at, plain)
		if len(sealed) != len(plain)+overhead {
			r.Fatalf("%d bytes sealed are %d", len(plain), len(sealed))
		}
		got, err := k.Open(at, sealed)
		if err != nil || !bytes.Equal(got, plain) {
			r.Fatalf("Open = %x, %v", got, err)
		}
		if _, err := k.Open(other, sealed); (err == nil) != (at == other) {
			r.Fatalf("sealed for %v, opened for %v: %v", at, other, err)
		}
		bad := bytes.Clone(sealed)
		bad[rapid.IntRange(0, len(bad)-1).Draw(r, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		if _, err := k.Open(at, bad); err == nil {
			r.Fatal("a changed value opens")
		}
		if bytes.Equal(sealed, k.Seal(at, plain)) {
			r.Fatal("the same twice")
		}
	})
}

func TestRotate(t *testing.T) {
	t.Parallel()
	old, path := ring(t)
	at := Place{1, "totp.secret", 7}
	sealed := old.Seal(at, []byte("first"))
	now, err := Rotate(path)
	if err != nil {
		t.Fatal(err)
	}
	if now.KeyID() == old.KeyID() {
		t.Fatal("the key is the same")
	}
	if got, err := now.Open(at, sealed); err != nil || string(got) != "first" {
		t.Fatalf("before resealing: %q, %v", got, err)
	}
	again, changed, err := now.Reseal(at, sealed)
	if err != nil || !changed {
		t.Fatalf("Reseal: %v, %v", changed, err)
	}
	if _, changed, _ := now.Reseal(at, again); changed {
		t.Error("resealed twice")
	}
	if err := DropOld(path); err != nil {
		t.Fatal(err)
	}
	last, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := last.Open(at, again); err != nil || string(got) != "first" {
		t.Errorf("after resealing: %q, %v", got, err)
	}
	if _, err := last.Open(at, sealed); errs.CodeOf(err) != "secret.key_missing" {
		t.Errorf("under the dropped key: %v", err)
	}
	if _, _, err := last.Reseal(at, sealed); err == nil {
		t.Error("resealed without its key")
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestStartAtOnce: programs that start at the same moment on an empty folder end with one key.
func TestStartAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), FileName)
	ids := make([]string, 16)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			k, err := OpenFile(path)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = k.KeyID()
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("keys %v", ids)
		}
	}
}

func TestKeyFileRefused(t *testing.T) {
	t.Parallel()
	line := "00112233 MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"
	for text, want := range map[string]string{
		line:                        "",
		"# remark\r\n\r\n" + line:   "",
		"":                          "secret.key_file",
		"# only a remark\n":         "secret.key_file",
		"001122 MDEy\n":             "secret.key_file",
		"0011223x " + line[9:]:      "secret.key_file",
		line[:20] + "\n":            "secret.key_file",
		line + "nonsense of a line": "secret.key_file",
	} {
		path := filepath.Join(t.TempDir(), FileName)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenFile(path); errs.CodeOf(err) != want {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	path := filepath.Join(t.TempDir(), FileName)
	if err := os.WriteFile(path, []byte(line), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFile(path); runtime.GOOS != "windows" && errs.CodeOf(err) != "secret.key_file_open" {
		t.Errorf("readable by all: %v", err)
	}
	if _, err := newKeyring([]key{{}, {}}); err == nil {
		t.Error("one key twice is taken")
	}
}

func FuzzOpen(f *testing.F) {
	k, _ := ring(f)
	f.Add(k.Seal(Place{}, []byte("x")))
	f.Add([]byte{})
	f.Add(make([]byte, overhead))
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if got, err := k.Open(Place{Field: "never.sealed"}, sealed); err == nil {
			t.Fatalf("opened %x", got)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("# r\n00112233 MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"))
	f.Add([]byte("00112233\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		keys, err := parse(text)
		if err != nil {
			return
		}
		again, err := parse(format(keys))
		if err != nil || len(again) != len(keys) {
			t.Fatalf("%d keys, again %d, %v", len(keys), len(again), err)
		}
	})
}
