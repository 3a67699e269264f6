package normalize

import "cadastro/internal/formula"

// bare gives the text of a cell of a typed column (date, number, e-mail ...): trimmed, with every guard off.
func bare(s string) string {
	s = Trim(s)
	for {
		t := Trim(formula.Unguard(s))
		if t == s {
			return s
		}
		s = t
	}
}
