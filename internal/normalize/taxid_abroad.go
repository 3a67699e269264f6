package normalize

import (
	"strings"

	"cadastro/internal/errs"
)

// readForeign reads a number of another country than Brazil. Where its form is known it is stored bare, else as
// it was typed, tidied. Check digits that disagree are worth a warning only: the rule may have changed there.
func readForeign(code, text, country, raw string) (TaxID, []errs.Issue) {
	if country == "MX" {
		code = mexicanCode(text)
	}
	kind, right := foreignKind(code, country)
	code = strings.ReplaceAll(code, "~", "Ñ")
	switch {
	case kind == TaxNone:
		line, _ := CleanLine(text)
		return TaxID{strings.ToUpper(line), TaxOther}, nil
	case !right:
		return TaxID{code, kind}, warn("tax_id.check_digits_abroad", raw, "kind", strings.ToUpper(strings.TrimSuffix(strings.TrimSuffix(string(kind), "_uy"), "_pe")))
	}
	return TaxID{code, kind}, nil
}

// foreignKind tells which document of country has the form of code, and whether its check digits hold.
func foreignKind(code, country string) (kind TaxKind, right bool) {
	n, digits := len(code), isDigits(code)
	switch country {
	case "AR":
		switch {
		case n == 11 && digits:
			return TaxCUIT, weighted(code, "5432765432", 11) == code[10]
		case (n == 7 || n == 8) && digits:
			return TaxDNI, true
		}
	case "CL":
		if n >= 7 && n <= 9 && isDigits(code[:n-1]) && (code[n-1] == 'K' || code[n-1] >= '0' && code[n-1] <= '9') {
			return TaxRUT, rutDigit(code[:n-1]) == code[n-1]
		}
	case "CO":
		switch {
		case n == 10 && digits && (code[0] == '8' || code[0] == '9'):
			return TaxNIT, nitDigit(code[:9]) == code[9]
		case n >= 6 && n <= 10 && digits:
			return TaxCI, true
		}
	case "PE":
		switch {
		case n == 11 && digits:
			return TaxRUCPE, weighted(code, "5432765432", 11) == code[10]
		case n == 8 && digits:
			return TaxDNI, true
		}
	case "UY":
		switch {
		case n == 12 && digits:
			return TaxRUTUY, weighted(code, "43298765432", 11) == code[11]
		case (n == 7 || n == 8) && digits:
			return TaxCI, ciDigit(code[:n-1]) == code[n-1]
		}
	case "EC":
		if (n == 10 || n == 13) && digits {
			return TaxCI, n == 13 || luhn(code)
		}
	case "MX":
		switch {
		case (n == 12 || n == 13) && isRFC(code):
			return TaxRFC, rfcDigit(code) == code[n-1] || code == "XAXX010101000" || code == "XEXX010101000"
		case n == 18 && !digits && isDigits(code[4:10]):
			return TaxCURP, true
		}
	case "ES":
		return spanish(code)
	case "PT":
		if n == 9 && digits {
			return TaxNIF, weighted(code, "98765432", 11) == code[8]
		}
	}
	return TaxNone, false
}

// weighted gives the digit that makes code's weighted sum a multiple of mod: the rule of CUIT (AFIP), RUC (SUNAT),
// RUT (DGI) and NIF (Portugal). A result of ten, or a remainder of nothing, counts as 0 (CUIT of ten: 9).
func weighted(code, weights string, mod int) byte {
	sum := 0
	for i := 0; i < len(weights); i++ {
		sum += int(code[i]-'0') * int(weights[i]-'0')
	}
	d := (mod - sum%mod) % mod
	if d == 10 {
		if weights == "5432765432" && code[len(weights)] == '9' {
			return '9'
		}
		d = 0
	}
	return byte('0' + d)
}

// rutDigit: Servicio de Impuestos Internos, modulo 11 with weights 2 to 7 from the right, K for ten.
func rutDigit(s string) byte {
	sum, w := 0, 2
	for i := len(s) - 1; i >= 0; i-- {
		sum += int(s[i]-'0') * w
		if w++; w == 8 {
			w = 2
		}
	}
	switch d := 11 - sum%11; d {
	case 11:
		return '0'
	case 10:
		return 'K'
	default:
		return byte('0' + d)
	}
}

// nitDigit: DIAN, weights 3, 7, 13, 17, 19, 23, 29, 37, 41 from the right, modulo 11.
func nitDigit(s string) byte {
	weights := [...]int{3, 7, 13, 17, 19, 23, 29, 37, 41}
	sum := 0
	for i := 0; i < len(s); i++ {
		sum += int(s[len(s)-1-i]-'0') * weights[i]
	}
	r := sum % 11
	if r > 1 {
		r = 11 - r
	}
	return byte('0' + r)
}

// ciDigit: Uruguay's cédula, weights 2, 9, 8, 7, 6, 3, 4, modulo 10.
func ciDigit(s string) byte {
	const weights = "2987634"
	sum := 0
	for i := 0; i < len(s); i++ {
		sum += int(s[i]-'0') * int(weights[len(weights)-len(s)+i]-'0')
	}
	return byte('0' + (10-sum%10)%10)
}

// luhn is the check of Ecuador's cédula: modulo 10, every other digit doubled, first one included.
func luhn(s string) bool {
	sum := 0
	for i := 0; i < 9; i++ {
		d := int(s[i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return byte('0'+(10-sum%10)%10) == s[9]
}

// isRFC tells the form of Mexico's RFC: three or four letters, a date yymmdd, three characters.
func isRFC(s string) bool {
	n := len(s) - 9
	for i := 0; i < n; i++ {
		if (s[i] < 'A' || s[i] > 'Z') && s[i] != '&' && s[i] != '~' {
			return false
		}
	}
	return isDigits(s[n : n+6])
}

// mexicanCode gives the letters and digits of s with the & and Ñ that an RFC may have; ~ stands for Ñ.
func mexicanCode(s string) string {
	out := make([]byte, 0, len(s))
	for _, r := range strings.ToUpper(s) {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r == '&':
			out = append(out, byte(r))
		case r == 'Ñ':
			out = append(out, '~')
		}
	}
	return string(out)
}

// rfcDigit: SAT, Anexo 1-A: the values of the alphabet below times 13 to 2, modulo 11, A for ten. A company's
// RFC of twelve characters counts as preceded by a space. ~ stands for Ñ.
func rfcDigit(s string) byte {
	const alphabet = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ ~"
	if len(s) == 12 {
		s = " " + s
	}
	sum := 0
	for i := 0; i < 12; i++ {
		sum += strings.IndexByte(alphabet, s[i]) * (13 - i)
	}
	switch d := 11 - sum%11; d {
	case 11:
		return '0'
	case 10:
		return 'A'
	default:
		return byte('0' + d)
	}
}

// spanish reads NIF (eight digits and a letter), NIE (X, Y or Z for the first digit) and CIF: Real Decreto
// 1065/2007 and Orden INT/2058/2008, the letter being the number modulo 23.
func spanish(code string) (TaxKind, bool) {
	const letters = "TRWAGMYFPDXBNJZSQVHLCKE"
	if len(code) != 9 {
		return TaxNone, false
	}
	mod := func(s string) byte {
		n := 0
		for i := 0; i < len(s); i++ {
			n = (n*10 + int(s[i]-'0')) % 23
		}
		return letters[n]
	}
	first, last := code[0], code[8]
	switch {
	case isDigits(code[:8]) && last >= 'A':
		return TaxNIF, mod(code[:8]) == last
	case first >= 'X' && first <= 'Z' && isDigits(code[1:8]) && last >= 'A':
		return TaxNIE, mod(string(first-'X'+'0')+code[1:8]) == last
	case strings.IndexByte("KLM", first) >= 0 && isDigits(code[1:8]) && last >= 'A':
		return TaxNIF, mod(code[1:8]) == last
	case strings.IndexByte("ABCDEFGHJNPQRSUVW", first) >= 0 && isDigits(code[1:8]):
		sum := 0
		for i := 1; i < 8; i++ {
			d := int(code[i] - '0')
			if i%2 == 1 {
				d *= 2
				d = d/10 + d%10
			}
			sum += d
		}
		c := (10 - sum%10) % 10
		return TaxCIF, last == byte('0'+c) || last == "JABCDEFGHI"[c]
	}
	return TaxNone, false
}
