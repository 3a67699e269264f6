package mapping

import (
	"strings"
	"unicode"
)

// A token is one word of a header, folded. num is its value where it is a number, else -1. paren tells that
// it stands in brackets, where people put remarks: "Telefone (com DDD)".
type token struct {
	text  string
	num   int
	paren bool
}

// tokenize cuts a header into words: at spaces and punctuation, between letters and digits, at the humps of
// camelCase ("dataNascimento", "IDCliente"). "Nº", "No." and "#" become "nro", so that a number sign is never
// mistaken for the Portuguese "no".
func tokenize(header string) []token {
	rs := []rune(numberSign(header))
	toks := make([]token, 0, 6)
	depth := 0
	for i := 0; i < len(rs); {
		r := rs[i]
		switch {
		case r == '(' || r == '[' || r == '{':
			depth++
			i++
		case r == ')' || r == ']' || r == '}':
			depth = max(depth-1, 0)
			i++
		case unicode.IsDigit(r):
			j, n := i, 0
			for j < len(rs) && unicode.IsDigit(rs[j]) {
				n = min(n*10+digit(rs[j]), 1<<30)
				j++
			}
			toks = append(toks, token{string(rs[i:j]), n, depth > 0})
			i = j
		case unicode.IsLetter(r) || unicode.Is(unicode.Mn, r):
			j := wordEnd(rs, i)
			if w := fold(string(rs[i:j])); w != "" {
				toks = append(toks, token{w, -1, depth > 0})
			}
			i = j
		case r == '$' || r == '€' || r == '£' || r == '%':
			toks = append(toks, token{string(r), -1, depth > 0})
			i++
		case possessive(rs, i):
			i += 2
		default:
			i++
		}
	}
	return toks
}

// possessive tells the "'s" of "Manager's" and of "What's", which says nothing.
func possessive(rs []rune, i int) bool {
	return (rs[i] == '\'' || rs[i] == '’') && i > 0 && unicode.IsLetter(rs[i-1]) &&
		i+1 < len(rs) && (rs[i+1] == 's' || rs[i+1] == 'S') && (i+2 == len(rs) || !unicode.IsLetter(rs[i+2]))
}

// numberSign spells the signs for "number" out.
func numberSign(s string) string {
	if !strings.ContainsAny(s, "#º°№ª.") {
		return s
	}
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s = s[:i] + " nro " + strings.ReplaceAll(s[i:], "#", "")
	}
	for _, sign := range []string{"N.º", "n.º", "N.°", "n.°", "Nº", "nº", "N°", "n°", "№"} {
		s = strings.ReplaceAll(s, sign, " nro ")
	}
	if strings.HasPrefix(s, "No. ") || strings.HasPrefix(s, "no. ") || s == "No." {
		s = " nro " + s[3:]
	}
	return strings.ReplaceAll(s, " No. ", " nro ")
}

// wordEnd finds the end of the word that starts at i: before a capital that follows a small letter, and
// before the last of several capitals where a small letter follows ("CPFCliente" -> CPF, Cliente).
func wordEnd(rs []rune, i int) int {
	j := i + 1
	for j < len(rs) && (unicode.IsLetter(rs[j]) || unicode.Is(unicode.Mn, rs[j])) {
		up := unicode.IsUpper(rs[j])
		if up && !unicode.IsUpper(rs[j-1]) {
			break
		}
		if up && j+1 < len(rs) && unicode.IsLower(rs[j+1]) && !pluralAcronym(rs, j) {
			break
		}
		j++
	}
	return j
}

// pluralAcronym tells the "s" of "CPFs" from the start of a new word.
func pluralAcronym(rs []rune, j int) bool {
	return rs[j+1] == 's' && (j+2 == len(rs) || !unicode.IsLetter(rs[j+2]))
}

func digit(r rune) int {
	if '0' <= r && r <= '9' {
		return int(r - '0')
	}
	return 0
}
