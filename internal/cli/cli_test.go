package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"
)

func TestOneLine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text  string
		width int
		want  string
	}{
		{"plain", 0, "plain"},
		{"plain", 5, "plain"},
		{"plain text", 6, "plain…"},
		{"a\nb\tc\r\nd", 0, "a b c  d"},
		{"\x1b[31mred\x1b[0m", 0, "[31mred[0m"},
		{"\u009b31mred", 0, "31mred"},
		{"abc\u202egpj.exe", 0, "abcgpj.exe"},
		{"\x00\x07\x08\x7f", 0, ""},
		{"ação ção", 5, "ação…"},
		{"日本語テキスト", 7, "日本語…"},
		{"👩‍👩‍👧 family", 4, "👩‍👩‍👧 …"},
		{"a\xffb", 0, "a\ufffdb"},
	} {
		if got := oneLine(tt.text, tt.width); got != tt.want {
			t.Errorf("oneLine(%q, %d) = %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text, width := rapid.String().Draw(t, "text"), rapid.IntRange(1, 40).Draw(t, "width")
		got := oneLine(text, width)
		if uniseg.StringWidth(got) > width && len(got) > width || !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }) {
			t.Fatalf("oneLine(%q, %d) = %q", text, width, got)
		}
	})
}

// TestSafeWriter: however the text is cut into writes, no control character comes through and nothing else is lost.
func TestSafeWriter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("aé\u00a0\u009b\u0085\x1b\x07\n\tÀ日\x7f"))).Draw(t, "text")
		var out bytes.Buffer
		w := &safeWriter{w: &out}
		for rest := []byte(text); len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			if _, err := w.Write(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		want := strings.Map(func(r rune) rune {
			if r < 0x20 && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0 {
				return -1
			}
			return r
		}, text)
		if out.String() != want {
			t.Fatalf("%q came out as %q", text, out.String())
		}
	})
}

func TestExitCode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want int
	}{
		{nil, exitDone},
		{errors.New("disk on fire"), exitInternal},
		{errs.New(errs.Invalid, "config.country"), exitUsage},
		{errs.New(errs.Invalid, "cli.map"), exitUsage},
		{fmt.Errorf("import 3: %w", errs.New(errs.Invalid, "file.empty")), exitInput},
		{errs.New(errs.TooLarge, "file.too_large"), exitInput},
		{errs.New(errs.NotFound, "import.not_found"), exitNotFound},
		{errs.New(errs.Conflict, "import.state"), exitConflict},
		{errs.New(errs.Forbidden, "file.not_allowed"), exitForbidden},
		{errs.New(errs.Busy, "import.busy"), exitBusy},
		{exitWith(exitRowErrors), exitRowErrors},
		{fmt.Errorf("apply: %w", context.Canceled), exitCancelled},
	} {
		if got := exitCode(tt.err); got != tt.want {
			t.Errorf("exitCode(%v) = %d, want %d", tt.err, got, tt.want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for _, tt := range []struct {
		flag, env, setting string
		want               i18n.Lang
	}{
		{"en", "es_MX.UTF-8", "pt-BR", i18n.English},
		{"pt", "", "es", i18n.Portuguese},
		{"", "es_MX.UTF-8", "pt-BR", i18n.Spanish},
		{"", "C.UTF-8", "es", i18n.Spanish},
		{"", "POSIX", "es", i18n.Spanish},
		{"", "", "en", i18n.English},
		{"", "fr_FR.UTF-8", "en", i18n.Portuguese},
	} {
		t.Setenv("LC_ALL", "")
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LANG", tt.env)
		if got := language(tt.flag, tt.setting); got != tt.want {
			t.Errorf("language(%q, %q) in %q = %s, want %s", tt.flag, tt.setting, tt.env, got, tt.want)
		}
	}
}

func TestFindColumn(t *testing.T) {
	t.Parallel()
	header := []string{"Nome", "Telefone", "Telefone (2)", "", "#5", "Endereço"}
	for name, want := range map[string]int{
		"Nome": 0, "nome": 0, "TELEFONE (2)": 2, "#4": 3, "#5": 4, "endereco": 5, "": 3,
		"#7": -1, "#0": -1, "Idade": -1,
	} {
		got, err := findColumn(header, name)
		if want < 0 && errs.CodeOf(err) != "cli.header_unknown" || want >= 0 && (err != nil || got != want) {
			t.Errorf("findColumn(%q) = %d, %v; want %d", name, got, err, want)
		}
	}
}

func TestSetField(t *testing.T) {
	t.Parallel()
	cat := &contact.Catalogue{Fields: []contact.CustomField{{ID: 7, Label: "Time do coração", Type: contact.TypeText}}}
	for _, tt := range []struct{ field, want, code string }{
		{"phone", "Nome=name Fone=phone Doc=phone", ""},     // takes any number of columns
		{"name", "Nome=custom.new Fone=phone Doc=name", ""}, // our suggestion makes way
		{"", "Nome=name Fone=phone Doc=", ""},
		{"custom", "Nome=name Fone=phone Doc=custom.new", ""},
		{"custom:date", "Nome=name Fone=phone Doc=custom.new", ""},
		{"TIME DO CORACAO", "Nome=name Fone=phone Doc=custom.7", ""},
		{"custom.7", "Nome=name Fone=phone Doc=custom.7", ""},
		{"custom.8", "", "cli.field_unknown"},
		{"custom:colour", "", "cli.field_unknown"},
		{"telephone", "", "cli.field_unknown"},
	} {
		in := &importer.Inspection{Header: []string{"Nome", "Fone", "Doc"}, Guess: table.Guess{},
			Mapping: mapping.Mapping{Columns: []mapping.Column{{Header: "Nome", Field: "name"}, {Header: "Fone", Field: "phone"}, {Header: "Doc", Field: "tax_id"}}}}
		err := setField(in, 2, tt.field, cat)
		if errs.CodeOf(err) != tt.code {
			t.Errorf("%q: %v, want %q", tt.field, err, tt.code)
			continue
		}
		var got []string
		for _, c := range in.Mapping.Columns {
			got = append(got, c.Header+"="+c.Field)
		}
		if s := strings.Join(got, " "); err == nil && s != tt.want {
			t.Errorf("%q: %s, want %s", tt.field, s, tt.want)
		}
	}
}

func TestRename(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ old, names, want string }{
		{"a,b", "x,y", "x,y"},
		{"id,phone,phone 2,phone 3,name", "i,p,n", "i,p,p 2,p 3,n"},
		{"phone,phone 2", "p", "p,p 2"},
		{"phone,phone 3", "p", ""},
		{"a,b,c", "x,y", ""},
		{"a,a 2", "x,y,z", ""},
	} {
		got, ok := rename(strings.Split(tt.old, ","), strings.Split(tt.names, ","))
		if s := strings.Join(got, ","); ok != (tt.want != "") || ok && s != tt.want {
			t.Errorf("%s as %s: %s, %v; want %s", tt.old, tt.names, s, ok, tt.want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"clientes-2026-11-20.csv": "clientes", "20261120.xlsx": "import", "Lista (3).csv": "Lista", "a.b.csv": "a.b", "": "import",
	} {
		if got := mappingName(file); got != want {
			t.Errorf("mappingName(%q) = %q, want %q", file, got, want)
		}
	}
	day := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	cat := &contact.Catalogue{Tags: map[string]contact.Named{}}
	for i, name := range []string{"import-2026-11-20-2", "import-2026-11-20-11", "import-2026-11-20-x", "import-2026-11-19-40", "vip"} {
		cat.Tags[name] = contact.Named{ID: int64(i + 1), Name: name}
	}
	if got := importer.NextTag(cat, day); got != "import-2026-11-20-12" {
		t.Errorf("next tag %q", got)
	}
	if got := names([]string{" vip ", "", "  "}); !slices.Equal(got, []string{"vip"}) {
		t.Errorf("names %q", got)
	}
}

func TestGrid(t *testing.T) {
	t.Parallel()
	g := &grid{right: map[int]bool{0: true}}
	g.add("1", "日本", "x")
	g.add("100", "ação", "")
	var out bytes.Buffer
	g.print(&out, "  ")
	if want := "    1  日本  x\n  100  ação\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}
