package normalize

import (
	"strings"
	"sync"

	"cadastro/internal/errs"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Language gives the BCP 47 tag of a language named in pt, es, en, de, fr, it or by itself, or by a code:
// "Português (Brasil)", "pt_BR" and "por-br" all mean "pt-BR". Warning, nothing kept: language.unknown.
func Language(raw string) (string, []errs.Issue) {
	switch raw {
	case "pt-BR", "es", "en", "pt":
		return raw, nil
	}
	s := bare(raw)
	if done, issues := nothing(s); done {
		return "", issues
	}
	if len(s) <= 64 {
		var buf [128]byte
		if tag := languageTable()[string(trimMarks(AppendFold(buf[:0], s)))]; tag != "" {
			return tag, nil
		}
		if tag := parseLanguage(s); tag != "" {
			return tag, nil
		}
	}
	return "", warn("language.unknown", s)
}

// parseLanguage reads codes: pt_BR.UTF-8, POR, es-419.
func parseLanguage(s string) string {
	s, _, _ = strings.Cut(s, ".")
	if len(s) > 12 || len(s) < 2 || len(s) > 3 && !strings.ContainsAny(s, "-_") {
		return ""
	}
	tag, err := language.Parse(strings.ReplaceAll(s, "_", "-"))
	if err != nil || tag == language.Und {
		return ""
	}
	if base, conf := tag.Base(); conf == language.No || base.String() == "und" {
		return ""
	}
	return tag.String()
}

// tableKey gives the form in which names stand in the tables: as a cell is looked up.
func tableKey(name string) string { return string(trimMarks([]byte(Fold(name)))) }

// languageTable is built at its first use and never changes.
var languageTable = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	namers := []display.Namer{
		display.Languages(language.BrazilianPortuguese), display.Languages(language.Spanish), display.Languages(language.English),
		display.Languages(language.German), display.Languages(language.French), display.Languages(language.Italian), display.Self,
	}
	for _, tag := range strings.Fields(`pt es en de fr it nl pl ru uk ja ko zh ar he tr sv no da fi el cs sk hu ro bg hr sr sl ca gl eu id ms th vi hi bn fa ur
		sw gn qu ay ht lt lv et ka hy sq mk af tl`) {
		t := language.MustParse(tag)
		for _, n := range namers {
			if name := tableKey(n.Name(t)); name != "" && m[name] == "" {
				m[name] = tag
			}
		}
	}
	for name, tag := range languageAliases {
		m[tableKey(name)] = tag
	}
	return m
})

var languageAliases = map[string]string{
	"portugues (brasil)": "pt-BR", "portugues brasil": "pt-BR", "portugues do brasil": "pt-BR", "portugues brasileiro": "pt-BR", "portugues - brasil": "pt-BR",
	"brasileiro": "pt-BR", "portugues de brasil": "pt-BR", "brazilian portuguese": "pt-BR", "portuguese (brazil)": "pt-BR", "portuguese - brazil": "pt-BR", "ptbr": "pt-BR", "br": "pt-BR",
	"portugues de portugal": "pt-PT", "portugues (portugal)": "pt-PT", "portuguese (portugal)": "pt-PT", "castellano": "es", "castelhano": "es",
	"espanol (mexico)": "es-MX", "espanol mexico": "es-MX", "espanol (argentina)": "es-AR", "espanol (espana)": "es-ES", "espanol (latinoamerica)": "es-419",
	"espanol latinoamericano": "es-419", "espanhol (america latina)": "es-419", "ingles americano": "en-US", "ingles (eua)": "en-US", "english (us)": "en-US",
	"english (united states)": "en-US", "english (uk)": "en-GB", "ingles britanico": "en-GB", "mandarim": "zh", "mandarin": "zh", "chines": "zh",
}
