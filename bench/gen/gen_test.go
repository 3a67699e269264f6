package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/encoding/charmap"
)

func generate(t *testing.T, args ...string) ([][]string, made) {
	t.Helper()
	var out, info bytes.Buffer
	if err := run(args, &out, &info); err != nil {
		t.Fatal(err)
	}
	var m made
	if err := json.Unmarshal(info.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records[1:], m
}

// TestEveryoneIsOne: no two people share a phone, an e-mail or a CPF, and all numbers are valid.
func TestEveryoneIsOne(t *testing.T) {
	t.Parallel()
	records, m := generate(t, "-rows", "20000", "-seed", "5")
	if m.People != 20000 || m.Repeated+m.Bad+m.Changed != 0 {
		t.Errorf("made %+v", m)
	}
	seen := map[string]int{}
	for i, r := range records {
		for _, col := range []int{colEmail, colTaxID} {
			key := strings.NewReplacer(".", "", "-", "").Replace(r[col])
			if first, twice := seen[key]; twice && key != "" {
				t.Errorf("%s of person %d is that of person %d", r[col], i, first)
			}
			seen[key] = i
		}
	}
	for i, r := range records[:4000] {
		n, err := phonenumbers.Parse(ninth(r[colPhone]), "BR")
		if err != nil || !phonenumbers.IsValidNumber(n) {
			t.Errorf("phone %q is not valid", r[colPhone])
			continue
		}
		key := phonenumbers.Format(n, phonenumbers.E164)
		if first, twice := seen[key]; twice {
			t.Errorf("phone %s of person %d is that of person %d", key, i, first)
		}
		seen[key] = i
	}
}

// ninth puts the ninth digit into the one spelling that leaves it out.
func ninth(s string) string {
	if len(s) == len("(11) 6543-2109") && s[0] == '(' && s[5] >= '6' {
		return s[:5] + "9" + s[5:]
	}
	return s
}

func TestSameFlagsSameBytes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var files [2][]byte
	for i := range files {
		name := filepath.Join(dir, "a.csv")
		if err := run([]string{"-rows", "500", "-dup", "0.1", "-bad", "0.1", "-update", "0.1", "-o", name}, nil, io.Discard); err != nil {
			t.Fatal(err)
		}
		var err error
		if files[i], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two runs differ")
	}
}

func TestFractions(t *testing.T) {
	t.Parallel()
	_, m := generate(t, "-rows", "20000", "-dup", "0.03", "-bad", "0.02", "-update", "0.5")
	for name, n := range map[string][3]int{
		"rows": {m.Rows, 20000, 20000}, "people and repeated": {m.People + m.Repeated, 20000, 20000},
		"repeated": {m.Repeated, 500, 700}, "bad": {m.Bad, 330, 470}, "changed": {m.Changed, 9300, 10100}, "kinds": {len(m.BadBy), 6, 6},
	} {
		if n[0] < n[1] || n[0] > n[2] {
			t.Errorf("%s: %d, want %d to %d", name, n[0], n[1], n[2])
		}
	}
}

// TestUpdate: the same people in the same order and spelling; who has changed has other values, but the same keys.
func TestUpdate(t *testing.T) {
	t.Parallel()
	before, _ := generate(t, "-rows", "2000")
	after, m := generate(t, "-rows", "2000", "-update", "0.5")
	changed := 0
	for i := range before {
		for _, key := range []int{colName, colPhone, colEmail, colTaxID, colBirth} {
			if before[i][key] != after[i][key] {
				t.Errorf("person %d: %q became %q", i, before[i][key], after[i][key])
			}
		}
		if strings.Join(before[i], "|") != strings.Join(after[i], "|") {
			changed++
		}
	}
	if changed != m.Changed || changed == 0 {
		t.Errorf("%d rows differ, %d said", changed, m.Changed)
	}
	later, _ := generate(t, "-rows", "1000", "-from", "1000")
	for i := range later {
		if strings.Join(later[i], "|") != strings.Join(before[1000+i], "|") {
			t.Fatalf("person %d is another with -from", 1000+i)
		}
	}
}

// TestRepeated: a repeated row is the same person in another spelling.
func TestRepeated(t *testing.T) {
	t.Parallel()
	m := newMaker(options{seed: 3, email: 1, fill: 1})
	other := 0
	for id := range 200 {
		a := m.person(id, 0, false)
		for spelling := 1; spelling < 8; spelling++ {
			b := m.person(id, spelling, false)
			if plain(a[colName]) != plain(b[colName]) || !strings.EqualFold(a[colEmail], b[colEmail]) || a[colBirth] != b[colBirth] || a[colTags] != b[colTags] {
				t.Errorf("%v and %v", a, b)
			}
			if a != b {
				other++
			}
		}
	}
	if other < 1300 {
		t.Errorf("only %d of 1400 spelt otherwise", other)
	}
}

func TestCharsets(t *testing.T) {
	t.Parallel()
	var want bytes.Buffer
	if err := run([]string{"-rows", "50"}, &want, io.Discard); err != nil {
		t.Fatal(err)
	}
	for charset, decode := range map[string]func([]byte) string{
		"utf-8": func(b []byte) string { return string(b) },
		"windows-1252": func(b []byte) string {
			s, _ := charmap.Windows1252.NewDecoder().Bytes(b)
			return string(s)
		},
		"utf-16le": func(b []byte) string {
			u := make([]uint16, len(b)/2)
			for i := range u {
				u[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
			}
			return strings.TrimPrefix(string(utf16.Decode(u)), "\ufeff")
		},
	} {
		var got bytes.Buffer
		if err := run([]string{"-rows", "50", "-enc", charset}, &got, io.Discard); err != nil {
			t.Fatal(err)
		}
		if decode(got.Bytes()) != want.String() {
			t.Errorf("%s gives another text", charset)
		}
	}
	for _, args := range [][]string{{"-enc", "ebcdic"}, {"-delim", ""}, {"-delim", "||"}, {"-nothing"}, {"-o", filepath.Join(t.TempDir(), "no", "dir")}} {
		if err := run(args, io.Discard, io.Discard); err == nil {
			t.Errorf("%v: taken", args)
		}
	}
	var semicolons bytes.Buffer
	if err := run([]string{"-rows", "5", "-delim", "tab", "-crlf", "-bom"}, &semicolons, io.Discard); err != nil {
		t.Fatal(err)
	}
	if s := semicolons.String(); !strings.HasPrefix(s, "\ufeffNome\tTelefone") || strings.Count(s, "\r\n") != 6 {
		t.Errorf("written %q", s)
	}
}
