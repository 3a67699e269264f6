package normalize

import (
	"strings"

	"cadastro/internal/errs"
)

// State gives the two letters of a Brazilian state from its letters or its name, in any case and with or without
// accents ("São Paulo", "sp", "Estado da Bahia", "SP - São Paulo"). States of other countries, and what is no
// state of Brazil, come back as tidy text; the latter with the warning state.unknown. country "" means BR.
func State(raw, country string) (string, []errs.Issue) {
	line, issues := CleanLine(raw)
	line = bare(line)
	if done, found := nothing(line); done {
		return "", append(issues, found...)
	}
	if country != "BR" && country != "" {
		return line, issues
	}
	if uf := stateOf(line); uf != "" {
		return uf, issues
	}
	return line, append(issues, errs.NewIssue(errs.Warning, "state.unknown", line))
}

// stateOf gives the letters of a Brazilian state, "" for none.
func stateOf(s string) string {
	var buf [96]byte
	if len(s) > 64 {
		return ""
	}
	b := trimMarks(AppendFold(buf[:0], s))
	if uf := stateNames[string(b)]; uf != "" {
		return uf
	}
	f := string(b)
	for _, p := range [...]string{"estado de ", "estado do ", "estado da ", "estado ", "est. de ", "est. do ", "est ", "br-", "br - "} {
		if rest, ok := strings.CutPrefix(f, p); ok && stateNames[rest] != "" {
			return stateNames[rest]
		}
	}
	// both: "SP - São Paulo", "Bahia (BA)", "Paraná/PR"
	if i := strings.IndexAny(f, "-/("); i > 0 {
		a, c := stateNames[strings.TrimSpace(f[:i])], stateNames[strings.Trim(f[i+1:], " )")]
		if a != "" && a == c {
			return a
		}
	}
	return ""
}

// stateNames maps folded names and letters to the letters (IBGE's list of the federation's 27 units).
var stateNames = func() map[string]string {
	m := map[string]string{
		"s. paulo": "SP", "s paulo": "SP", "sao paulo (sp)": "SP", "rio g. do sul": "RS", "rio grande sul": "RS", "r. g. do sul": "RS",
		"rio grande norte": "RN", "r. g. do norte": "RN", "mato grosso sul": "MS", "mato g. do sul": "MS", "m. grosso do sul": "MS", "minas": "MG",
		"espirito sto": "ES", "espirito sto.": "ES", "sta catarina": "SC", "sta. catarina": "SC", "d.f": "DF", "brasilia": "DF", "brasilia df": "DF",
		"rio": "RJ",
	}
	for _, s := range states {
		m[Fold(s.letters)], m[Fold(s.name)] = s.letters, s.letters
	}
	return m
}()

var states = [...]struct{ letters, name string }{
	{"AC", "Acre"}, {"AL", "Alagoas"}, {"AP", "Amapá"}, {"AM", "Amazonas"}, {"BA", "Bahia"}, {"CE", "Ceará"}, {"DF", "Distrito Federal"},
	{"ES", "Espírito Santo"}, {"GO", "Goiás"}, {"MA", "Maranhão"}, {"MT", "Mato Grosso"}, {"MS", "Mato Grosso do Sul"}, {"MG", "Minas Gerais"},
	{"PA", "Pará"}, {"PB", "Paraíba"}, {"PR", "Paraná"}, {"PE", "Pernambuco"}, {"PI", "Piauí"}, {"RJ", "Rio de Janeiro"}, {"RN", "Rio Grande do Norte"},
	{"RS", "Rio Grande do Sul"}, {"RO", "Rondônia"}, {"RR", "Roraima"}, {"SC", "Santa Catarina"}, {"SP", "São Paulo"}, {"SE", "Sergipe"}, {"TO", "Tocantins"},
}
