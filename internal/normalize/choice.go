package normalize

import (
	"strings"

	"cadastro/internal/errs"
)

// Choice is the set of allowed values of one field, made once and used for every row.
type Choice struct {
	byFold  map[string]string
	allowed []string
}

// NewChoice takes the allowed values; also maps other spellings to them, as a person has decided ("M": "Male").
func NewChoice(allowed []string, also map[string]string) *Choice {
	c := &Choice{byFold: make(map[string]string, len(allowed)+len(also)), allowed: allowed}
	for from, to := range also {
		c.byFold[Fold(from)] = to
	}
	for _, v := range allowed {
		c.byFold[Fold(v)] = v
	}
	return c
}

// Read gives the allowed value that raw means, case and accents left aside. Reject: choice.unknown {allowed}.
func (c *Choice) Read(raw string) (string, []errs.Issue) {
	s := Trim(raw)
	if s == "" {
		return "", nil
	}
	var buf [128]byte
	if v, ok := c.byFold[string(AppendFold(buf[:0], s))]; ok {
		return v, nil
	}
	if done, issues := nothing(s); done {
		return "", issues
	}
	return "", reject("choice.unknown", s, "allowed", listSome(c.allowed))
}

// listSome joins values for a message, the first ones where there are many.
func listSome(values []string) string {
	const most = 12
	if len(values) > most {
		return strings.Join(values[:most], ", ") + ", …"
	}
	return strings.Join(values, ", ")
}

// Priority reads BAIXA, MEDIA, ALTA and their like as "low", "normal" or "high", "" for an empty cell.
// Reject: priority.unknown.
func Priority(raw string) (string, []errs.Issue) {
	return readWord(raw, priorityWords, "priority.unknown")
}

var priorityWords = words(map[string]string{
	"low":    "low baixa baixo baja bajo b l niedrig basse bassa minima",
	"normal": "normal media medio medium average m n regular moderada mittel moyenne padrao estandar standard",
	"high":   "high alta alto a h hoch haute urgente urgent maxima critica critical",
})

// readWord looks the folded value up in a table of words.
func readWord(raw string, table map[string]string, code string) (string, []errs.Issue) {
	s := bare(raw)
	if s == "" {
		return "", nil
	}
	var buf [64]byte
	if len(s) <= 48 {
		if v, ok := table[string(trimMarks(AppendFold(buf[:0], s)))]; ok {
			return v, nil
		}
	}
	if done, issues := nothing(s); done {
		return "", issues
	}
	return "", reject(code, s)
}
