package normalize

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Every code in this package's source has a sentence in each language, with the same values in it, and no
// sentence is left without a code.
func TestEveryCodeHasItsSentences(t *testing.T) {
	t.Parallel()
	used := codesInSource(t)
	value := regexp.MustCompile(`\{\{\.(\w+)\}\}`)
	values := map[string]string{}
	for _, lang := range []string{"pt-BR", "es", "en"} {
		raw, err := os.ReadFile(filepath.Join("..", "i18n", "locales", "normalize."+lang+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Fatalf("%s: %v", lang, err)
		}
		for code := range used {
			if texts["issue."+code] == "" {
				t.Errorf("%s: no sentence for %s", lang, code)
			}
		}
		for key, text := range texts {
			if !used[strings.TrimPrefix(key, "issue.")] {
				t.Errorf("%s: %s is used nowhere", lang, key)
			}
			names := map[string]bool{}
			for _, m := range value.FindAllStringSubmatch(text, -1) {
				names[m[1]] = true
			}
			var list []string
			for _, n := range []string{"value", "count", "limit", "length", "result", "suggestion", "tld", "kind", "digits", "cpf", "cnpj", "min", "max", "dmy", "mdy", "years", "comma", "point", "item", "allowed", "scheme", "found", "state"} {
				if names[n] {
					list = append(list, n)
					delete(names, n)
				}
			}
			if len(names) > 0 {
				t.Errorf("%s: %s asks for unknown values %v", lang, key, names)
			}
			if all := strings.Join(list, " "); lang == "pt-BR" {
				values[key] = all
			} else if values[key] != all {
				t.Errorf("%s: %s has values %q, pt-BR %q", lang, key, all, values[key])
			}
			if strings.ContainsAny(text, "!") {
				t.Errorf("%s: %s shouts", lang, key)
			}
		}
	}
}

// codesInSource gathers the string literals that have the form of an issue code of this package.
func codesInSource(t *testing.T) map[string]bool {
	t.Helper()
	form := regexp.MustCompile(`^(value|name|email|tax_id|date|number|bool|list|choice|priority|url|telegram|gender|state|postal|country|language)\.[a-z_]+$`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "phone") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil && form.MatchString(s) {
					used[s] = true
				}
			}
			return true
		})
	}
	return used
}
