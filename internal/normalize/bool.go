package normalize

import (
	"cadastro/internal/errs"
)

// Bool reads yes or no in Portuguese, Spanish, English, German, French and Italian, 1 and 0, check marks, active
// and inactive. set is false for an empty cell. Reject: bool.unknown.
func Bool(raw string) (value, set bool, issues []errs.Issue) {
	switch raw {
	case "1", "S", "s", "Sim", "sim", "SIM", "true", "TRUE", "True":
		return true, true, nil
	case "0", "N", "n", "Não", "não", "NÃO", "false", "FALSE", "False":
		return false, true, nil
	case "":
		return false, false, nil
	}
	s := bare(raw)
	var buf [64]byte
	if len(s) <= 40 {
		if v, ok := boolWords[string(trimMarks(AppendFold(buf[:0], s)))]; ok {
			return v, true, nil
		}
	}
	if done, issues := nothing(s); done {
		return false, false, issues
	}
	return false, false, reject("bool.unknown", s)
}

// trimMarks takes brackets, quotes and full stops off both ends.
func trimMarks(b []byte) []byte {
	mark := func(c byte) bool {
		return c == '.' || c == '(' || c == ')' || c == '[' || c == ']' || c == '"' || c == '\'' || c == ' ' || c == '!'
	}
	for len(b) > 0 && mark(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && mark(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

var boolWords = words(map[bool]string{
	true: `sim s si yes y yep ya ja j oui o vero true t verdadeiro verdadero v wahr vrai verdade 1 1,0 1.0 x ok on ligado ativo ativa ativado ativada
		activo activa activado habilitado habilitada enabled active aktiv actif attivo checked marcado selecionado ✓ ✔ ☑ ✅ 🗸 ☒ ● aceito aceita acepto acepta
		autorizado autorizada autorizo consente concordo subscribed opt-in optin`,
	false: `nao n no nope nein non falso falsa false f falsch faux 0 0,0 0.0 off desligado inativo inativa desativado desativada inactivo inactiva
		desactivado desabilitado deshabilitado disabled inactive inaktiv inactif disattivo unchecked desmarcado ✗ ✘ ☐ ❌ ✕ × recusado rechazado
		nao_autorizado unsubscribed opt-out optout`,
})

// words turns lists of words into one look-up table by folded word.
func words[V comparable](lists map[V]string) map[string]V {
	m := map[string]V{}
	for v, list := range lists {
		for w := range set(list) {
			m[Fold(w)] = v
		}
	}
	return m
}
