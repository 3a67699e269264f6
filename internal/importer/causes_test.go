package importer_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/i18n"
	"cadastro/internal/importer"
)

// notCauses are the codes of issues that no row is kept out, skipped or warned of for: those of the file as a whole, and
// notes on a cell; the last ones are of forms.
var notCauses = []string{"file.", "sniff.", "column.", "sheet.hidden_", "sheet.one_of",
	"cell.inner_quotes", "date.serial", "date.two_digit_year", "number.percent", "phone.text_ignored",
	"cell.corrected", "cell.dropped", "cell.emptied", "cell.filled", "row.decided", "row.joined",
	"channel.many", "channel.basis_unknown", "field.unknown", "group.unknown", "owner.not_member"}

// TestCauseTexts: every code of an issue that a row may have, and every reason of a skip, has its title and its
// explanation in every language; and there is no title without its code.
func TestCauseTexts(t *testing.T) {
	t.Parallel()
	texts, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../i18n/locales/*.pt-BR.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var codes, titles []string
	for _, name := range files {
		buf, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var keys map[string]any
		if err := json.Unmarshal(buf, &keys); err != nil {
			t.Fatal(name, err)
		}
		for k := range keys {
			code, issue := strings.CutPrefix(k, "issue.")
			if issue && !slices.ContainsFunc(notCauses, func(p string) bool {
				return code == p || strings.HasPrefix(code, p) && (strings.HasSuffix(p, ".") || strings.HasSuffix(p, "_"))
			}) {
				codes = append(codes, code)
			}
			if reason, skip := strings.CutPrefix(k, "import.skip."); skip {
				codes = append(codes, "skip."+reason)
			}
			if code, title := strings.CutPrefix(k, "cause."); title && !strings.HasSuffix(code, ".why") {
				titles = append(titles, code)
			}
		}
	}
	slices.Sort(codes)
	slices.Sort(titles)
	for _, lang := range i18n.Langs() {
		p := texts.Printer(lang)
		for _, code := range codes {
			c := importer.Cause{Code: code, Severity: importer.CauseError}
			if reason, skip := strings.CutPrefix(code, "skip."); skip {
				c.Code, c.Severity = reason, importer.CauseSkip
			}
			for _, text := range []string{c.Title(p), c.Explanation(p)} {
				if strings.HasPrefix(text, "[") || len([]rune(text)) > 60 || strings.HasSuffix(text, ".") {
					t.Errorf("%s: %s: %q", lang, code, text)
				}
			}
		}
	}
	for _, code := range titles {
		if !slices.Contains(codes, code) {
			t.Errorf("no row has the cause %s", code)
		}
	}
}

// TestCauseOfBadPhones: a row without a number is told of its bad phone cell, and of the lack of an identifier where
// there is no cell to blame.
func TestCauseOfBadPhones(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 2)
		imp := w.review(file("nome;fone;fone2;mail", "Ana;123;;", "Bia;12;;bia@example.com", "Caio;90000-0001;;", "Dora;;;dora@example.com",
			"Eva;11911112222;190;", "Fabi;8001234567;;"), settings(upsert, "phone", "nome=name", "fone=phone", "fone2=phone", "mail=email"))
		causes, err := w.imports.Causes(console(), imp)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range causes {
			got = append(got, fmt.Sprintf("%s %d %d", c.Key, c.Rows, c.Column))
		}
		want := []string{"error.phone.no_area_code 1 1", "error.phone.no_leading_zero 1 1", "error.phone.short_code 1 1", "error.phone.too_short 1 1",
			"error.row.no_identifier 1 -1", "warning.phone.short_code 1 2"}
		if !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		for _, key := range []string{"error.phone.short_code", "error.phone.no_area_code"} {
			p, err := w.imports.Rows(console(), imp, importer.RowQuery{Cause: key})
			if err != nil || len(p.Rows) != 1 || len(p.Rows[0].Issues) != 1 || p.Rows[0].Issues[0].Value != p.Cells[0][1] {
				t.Errorf("%s: %v %+v", key, err, p)
			}
		}
	})
}
