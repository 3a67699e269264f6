package i18n

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// putTogether names the files whose codes are not literals: those of stored errors, which were literals when they were
// made, and those that a test of their own package holds against the texts.
var putTogether = []string{"internal/importer/store.go", "internal/normalize/date_parse.go", "internal/normalize/number.go"}

// root is the module's directory, seen from this package.
const root = "../.."

// TestKeysOfTheSource: every code and key that the source names has its text, with the arguments that the text
// wants, and every text is wanted by the source.
func TestKeysOfTheSource(t *testing.T) {
	t.Parallel()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	texts := c.Printer(Default).texts
	src := scan(t, root)
	report := func(where, format string, args ...any) {
		t.Helper()
		t.Errorf("%s: "+format, append([]any{where}, args...)...)
	}

	for _, u := range src.uses {
		m := texts[u.key]
		switch {
		case u.prefix:
			if !hasPrefix(texts, u.key) {
				report(u.where, "no text begins with %q", u.key)
			}
		case m == nil:
			report(u.where, "no text for %q", u.key)
		case u.args != nil:
			for _, a := range argumentNames(m) {
				if !slices.Contains(u.args, a) {
					report(u.where, "%q wants {{.%s}}; given: %v", u.key, a, u.args)
				}
			}
		}
	}
	for _, u := range src.unknown {
		if slices.ContainsFunc(putTogether, func(p string) bool { return strings.HasPrefix(u, p+":") }) {
			continue
		}
		report(u, "the code is put together in a way that this test cannot follow; use a literal, a constant or a literal prefix")
	}
	for _, k := range slices.Sorted(maps.Keys(texts)) {
		if !src.wants(k) {
			report("internal/i18n/locales"+topicOf(t, k), "%q is used nowhere", k)
		}
	}
}

// topicOf tells the file that holds a key, so that an unused key is its package's finding.
func topicOf(t *testing.T, key string) string {
	t.Helper()
	names, err := fs.Glob(locales, "locales/*."+string(Default)+".json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		buf, err := fs.ReadFile(locales, name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(buf), `"`+key+`"`) {
			return "/" + filepath.Base(name)
		}
	}
	return ""
}

func hasPrefix(texts map[string]*message, prefix string) bool {
	for k := range texts {
		if strings.HasPrefix(k, prefix) {
			return true
		}
	}
	return false
}

func argumentNames(m *message) []string {
	var names []string
	for _, a := range arguments(m) {
		name, _, _ := strings.Cut(a, " ")
		names = append(names, name)
	}
	return names
}

// inTemplates finds the keys that page templates name: {{.T "key" …}}, {{$.T "key"}}, {{$p.T "key"}}.
var inTemplates = regexp.MustCompile(`\.T\s+"([^"]+)"`)

// scanTemplates adds the keys of the *.html and *.txt templates under dir.
func (s *source) scanTemplates(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if ext := filepath.Ext(path); d.IsDir() || (ext != ".html" && ext != ".tmpl" && ext != ".gohtml") {
			return nil
		}
		buf, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		where, _ := filepath.Rel(root, path)
		for _, m := range inTemplates.FindAllStringSubmatch(string(buf), -1) {
			s.uses = append(s.uses, use{where: where, key: m[1]})
			s.literals[m[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestScan: the walk finds what it has to find, and is not fooled.
func TestScan(t *testing.T) {
	t.Parallel()
	src := scan(t, "testdata/scan")
	var got []string
	for _, u := range src.uses {
		s := u.key
		if u.prefix {
			s += "*"
		}
		if u.args != nil {
			s += " " + strings.Join(u.args, ",")
		}
		got = append(got, s)
	}
	slices.Sort(got)
	want := []string{
		"error.a.literal line",
		"error.b.constant ",
		"error.c.other_package ",
		"error.l.field",
		"issue.d.wrapped",
		"issue.e.twice_wrapped",
		"issue.f.variable value",
		"issue.g.variable_too value",
		"issue.h.closure",
		"issue.i.prefix_* value",
		"issue.m.method",
		"issue.n.composite",
		"j.text ",
		"k.counted n,Count,count",
		"q.has",
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(src.unknown) != 1 || !strings.Contains(src.unknown[0], "scan.go") {
		t.Errorf("unknown = %v, want the one of fromMap", src.unknown)
	}
	for key, want := range map[string]bool{"error.a.literal": true, "issue.i.prefix_x": true, "o.unused": false, "issue.a.lit": false, "issue.o.table": true} {
		if src.wants(key) != want {
			t.Errorf("wants(%q) = %v, want %v", key, !want, want)
		}
	}
}
