package jsonrows

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cadastro/internal/errs"
)

var limits = Limits{RecordBytes: 1 << 16, CellBytes: 1 << 12, Columns: 50}

func opener(text string) func() (io.Reader, error) {
	return func() (io.Reader, error) { return strings.NewReader(text), nil }
}

// readAll gives the header and each record as line:cells, with the codes of issues.
func readAll(text string, lines bool, lim Limits) string {
	r, err := Open(opener(text), lines, lim)
	if err != nil {
		return errs.CodeOf(err)
	}
	out := []string{strings.Join(r.Header(), "|")}
	for {
		line, cells, issues, err := r.Next()
		if err == io.EOF {
			return strings.Join(out, "/")
		}
		if err != nil {
			return strings.Join(append(out, errs.CodeOf(err)), "/")
		}
		s := fmt.Sprintf("%d:%s", line, strings.Join(cells, "|"))
		for _, is := range issues {
			s += "{" + is.Severity.String() + " " + is.Code + "}"
		}
		out = append(out, s)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		lines    bool
		want     string
	}{
		{"array", "[{\"a\":1,\"b\":\"x\"},\n{\"b\":\"y\",\"c\":true}]", false, "a|b|c/1:1|x|/2:|y|true"},
		{"bom and blanks", "\ufeff \n[ {\"a\" : 1 } , ]\n", false, "a/2:1"},
		{"one a line", "{\"a\":1}\n\n{\"a\":2,\"b\":3}\n", true, "a|b/1:1|/3:2|3"},
		{"record separators", "\x1e{\"a\":1}\n\x1e{\"a\":2}\n", true, "a/1:1/2:2"},
		{"last line without an end", "{\"a\":1}\r\n{\"a\":2}", true, "a/1:1/2:2"},
		{"broken line", "{\"a\":1}\n{\"a\":\n{\"a\":3}\n", true, "a/1:1/2:{error json.bad_record}/3:3"},
		{"two on a line", "{\"a\":1}{\"a\":2}\n", true, "/1:{error json.bad_record}"},
		{"no object", "[{\"a\":1},5,\"x\",null]", false, "a/1:1/1:{error json.no_object}/1:{error json.no_object}/1:{error json.no_object}"},
		{"nested", `[{"a":{"b":{"c":1},"d":[]},"e":{}}]`, false, "a.b.c|a.d|e/1:1||"},
		{"lists", `[{"t":["x","y"],"u":["a;b","c"],"n":[1,null,2]}]`, false, "t|u|n/1:x; y|a;b\nc|1; 2"},
		{"lists of objects", `[{"p":[{"v":1},{"v":2,"t":"x"}]}]`, false, "p.1.v|p.2.v|p.2.t/1:1|2|x"},
		{"rows that are lists", `[["Nome","Tel"],["Ana",1],["Bia"]]`, false, "Nome|Tel/1:Ana|1/1:Bia|"},
		{"more than the names", `[["a"],["1","2"]]`, false, "a|/1:1|2"},
		{"wrapped", `{"ok":true,"total":2,"data":{"list":[{"a":1},{"a":2}],"x":{}}}`, false, "a/1:1/1:2"},
		{"wrapped list of lists", `{"values":[["a"],["1"]]}`, false, "a/1:1"},
		{"wrapper with escapes", `{"m":"\"[{","list" : [ {"a":1} ], "z":"}"}`, false, "a/1:1"},
		{"one object", "{\n\"a\":1,\n\"t\":[1,2]\n}", false, "a|t/1:1|1; 2"},
		{"objects one after the other", "{\"a\":1,\"p\":[{\"v\":1}]}\n{\n\"a\":2}", false, "a|p.1.v/1:1|1/2:2|"},
		{"empty array", "[]", false, ""},
		{"numbers as they stand", `[{"a":5.511987654321E+12,"b":-0.10,"c":12345678901234567890}]`, false, "a|b|c/1:5.511987654321E+12|-0.10|12345678901234567890"},
		{"escapes", `[{"a":"\u00e9\ud83d\ude00\n\t\/\\\""}]`, false, "a/1:é😀\n\t/\\\""},
		{"half a character, NUL", `[{"a":"x\ud800y","b":"\u0000z"}]`, false, "a|b/1:x\uFFFDy|z{warning json.odd_characters}"},
		{"not a number", `[{"a":NaN},{"a":0x1},{"a":1}]`, false, "a/1:{error json.bad_record}/1:{error json.bad_record}/1:1"},
		{"cut in a record", `[{"a":1},{"a":`, false, "json.cut"},
		{"cut behind a record", `[{"a":1}`, false, "json.cut"},
		{"cut in a wrapper", `{"list":[{"a":1}`, false, "json.cut"},
		{"comma missing", "[{\"a\":1}\n{\"a\":2}]", false, "json.broken"},
		{"too deep", `[{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `},{"a":2}]`, false, "a/1:{error json.bad_record}/1:2"},
		{"deep", `[{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":1}}}}}}}}]`, false, `a.b.c.d.e.f.g/1:{"h":1}`},
		{"same key twice", `[{"a":1,"a":2}]`, false, "a/1:2"},
		{"long cell", `[{"a":"` + strings.Repeat("x", 5000) + `","b":1}]`, false, "a|b/1:" + errs.Clip(strings.Repeat("x", 5000), errs.MaxIssueValue) + "|1{error cell.too_long}"},
		{"long record", `[{"a":"` + strings.Repeat("x", 70000) + `"},{"a":1}]`, false, "a/1:{error json.too_long}/1:1"},
		{"long line", `{"a":"` + strings.Repeat("x", 70000) + "\"}\n{\"a\":1}", true, "a/1:{error json.too_long}/2:1"},
	} {
		if got := readAll(c.in, c.lines, limits); got != c.want {
			t.Errorf("%s:\n got %.300q\nwant %.300q", c.name, got, c.want)
		}
	}
}

func TestManyColumns(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "{\"k%d\":1}\n", i)
	}
	if got := readAll(b.String(), true, limits); got != "file.too_many_columns" {
		t.Error(got)
	}
}

// TestLibraryAgrees: records of plain values come out as the standard library reads them.
func TestLibraryAgrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.MapOfN(rapid.StringMatching(`[a-é]{1,3}`), rapid.String(), 1, 4), 1, 6).Draw(t, "records")
		asLines := rapid.Bool().Draw(t, "lines")
		var b strings.Builder
		for _, rec := range list {
			one, err := json.Marshal(rec)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(one)
			b.WriteByte('\n')
		}
		text := b.String()
		if !asLines {
			text = "[" + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", ",\n") + "]"
		}
		r, err := Open(opener(text), asLines, limits)
		if err != nil {
			t.Fatal(err)
		}
		for i, rec := range list {
			line, cells, issues, err := r.Next()
			if err != nil || line != int64(i+1) {
				t.Fatalf("record %d: line %d, %v", i, line, err)
			}
			for k, name := range r.Header() {
				want := strings.Map(func(c rune) rune {
					if c == 0 || c == '\b' || c == '\f' {
						return -1
					}
					return c
				}, strings.ToValidUTF8(rec[name], "\uFFFD"))
				if cells[k] != want {
					t.Fatalf("%s: got %q, want %q (%v)", name, cells[k], want, issues)
				}
			}
		}
		if _, _, _, err := r.Next(); err != io.EOF {
			t.Fatal(err)
		}
	})
}

func FuzzOpen(f *testing.F) {
	for _, s := range []string{`[{"a":1}]`, `{"x":[{"a":"\u00e9"}]}`, "{\"a\":1}\n{\"b\":[1,{\"c\":2}]}", `[["a"],[1,[2]]]`, "[{\"a\":", `{"a":{"b":[{"c":"\ud800"}]}}{`} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, text string, lines bool) {
		r, err := Open(opener(text), lines, limits)
		if err != nil {
			if errs.CodeOf(err) == "" {
				t.Fatal(err)
			}
			return
		}
		last := int64(0)
		for {
			line, cells, issues, err := r.Next()
			if err != nil {
				break
			}
			if line < last || len(cells) > len(r.Header()) {
				t.Fatalf("line %d after %d, %d cells", line, last, len(cells))
			}
			for _, is := range issues {
				if is.Code == "json.unknown_key" {
					t.Fatalf("columns of the two readings differ: %q", is.Value)
				}
			}
			last = line
		}
	})
}
