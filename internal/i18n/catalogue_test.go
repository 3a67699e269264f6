package i18n

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryKeyInEveryLanguage: a reader of one language misses nothing that another has.
func TestEveryKeyInEveryLanguage(t *testing.T) {
	t.Parallel()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, p := range c.printers {
		for k := range p.texts {
			keys[k] = true
		}
	}
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		want := arguments(c.Printer(Default).texts[k])
		for _, l := range Langs() {
			m := c.Printer(l).texts[k]
			if m == nil {
				t.Errorf("%s: no %s", k, l)
				continue
			}
			if got := arguments(m); !slices.Equal(got, want) {
				t.Errorf("%s: %s names %v, %s names %v", k, l, got, Default, want)
			}
		}
	}
}

// arguments lists what a message names, in all of its forms, with the verbs.
func arguments(m *message) []string {
	if m == nil {
		return nil
	}
	names := map[string]bool{}
	for _, form := range m.forms {
		for _, p := range form {
			if p.arg != "" {
				names[p.arg+[...]string{"", " plain", " bytes"}[p.verb]] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// TestTone: sentences state and help; they neither shout nor apologise in baby talk.
func TestTone(t *testing.T) {
	t.Parallel()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	bad := regexp.MustCompile(`(?i)[!¡]|\b(o+ps|u+ps|xi)\b|\.\.\.|  |^\s|\s$|<no value>`)
	for l, p := range c.printers {
		for k, m := range p.texts {
			for _, form := range m.forms {
				var s strings.Builder
				for _, part := range form {
					s.WriteString(part.text + "«" + part.arg + "»")
				}
				text := strings.ReplaceAll(s.String(), "«»", "")
				if found := bad.FindString(text); found != "" {
					t.Errorf("%s %s: %q has %q", k, l, text, found)
				}
			}
			if other := m.forms[0]; len(other) == 0 || strings.TrimSpace(other[0].text+other[0].arg) == "" {
				t.Errorf("%s %s: empty", k, l)
			}
		}
	}
}

// TestKeysStandOnce: encoding/json would let the last of two equal keys win in silence.
func TestKeysStandOnce(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(locales, "locales/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatal("no catalogues")
	}
	for _, name := range names {
		buf, err := fs.ReadFile(locales, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range repeated(buf) {
			t.Errorf("%s: key %q stands twice", name, k)
		}
	}
	if got := repeated([]byte(`{"a": {"one": "1", "other": "2"}, "b": "3", "a": "4"}`)); !slices.Equal(got, []string{"a"}) {
		t.Errorf("repeated = %v, want [a]", got)
	}
}

// repeated lists the keys that stand more than once at the top of a JSON object.
func repeated(buf []byte) []string {
	var twice []string
	seen := map[string]bool{}
	d := json.NewDecoder(bytes.NewReader(buf))
	if _, err := d.Token(); err != nil {
		return nil
	}
	for d.More() {
		k, err := d.Token()
		if err == io.EOF {
			break
		}
		key, _ := k.(string)
		if seen[key] {
			twice = append(twice, key)
		}
		seen[key] = true
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			break
		}
	}
	return twice
}
