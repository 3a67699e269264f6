package normalize

import (
	"strings"

	"cadastro/internal/errs"
)

// TaxKind says what document a tax id is.
type TaxKind string

// The documents whose check digits are known here, and TaxOther for everything else.
const (
	TaxNone  TaxKind = ""
	TaxCPF   TaxKind = "cpf"  // Brazil, person
	TaxCNPJ  TaxKind = "cnpj" // Brazil, company
	TaxCUIT  TaxKind = "cuit" // Argentina, CUIT and CUIL
	TaxRUT   TaxKind = "rut"  // Chile, RUT and RUN
	TaxRUTUY TaxKind = "rut_uy"
	TaxNIT   TaxKind = "nit" // Colombia
	TaxRUCPE TaxKind = "ruc_pe"
	TaxCI    TaxKind = "ci" // Uruguay, Ecuador: identity card
	TaxRFC   TaxKind = "rfc"
	TaxCURP  TaxKind = "curp"
	TaxNIF   TaxKind = "nif" // Spain, and Portugal's number
	TaxNIE   TaxKind = "nie"
	TaxCIF   TaxKind = "cif"
	TaxDNI   TaxKind = "dni"
	TaxOther TaxKind = "other"
)

// TaxID is a tax number in its bare form: letters and digits only, upper case.
type TaxID struct {
	Value string
	Kind  TaxKind
}

// String gives the number as its country writes it.
func (t TaxID) String() string { return FormatTaxID(t) }

// ReadTaxID reads a cell that should hold a tax number of country, an ISO 3166 code; "" means BR.
//
// A Brazilian number must satisfy its check digits (CPF and numeric CNPJ: Receita Federal; alphanumeric CNPJ:
// Instrução Normativa RFB 2.229 of 2024, in force from July 2026). Zeros lost in front come back where the check
// digits prove them and no other reading is left. Rejects: tax_id.check_digits {kind}, tax_id.length {digits},
// tax_id.repeated, tax_id.ambiguous {cpf, cnpj}, tax_id.digits_lost, tax_id.not_tax_id. Warnings:
// tax_id.zeros_restored {kind, result}, tax_id.zeros_removed {result}, tax_id.recovered {result},
// tax_id.letter_for_digit {result}.
// Numbers of other countries are kept; tax_id.check_digits_abroad {kind} warns where the digits disagree.
func ReadTaxID(raw, country string) (TaxID, []errs.Issue) {
	s := bare(raw)
	if len(s) == 11 && isDigits(s) && (country == "BR" || country == "") && ValidCPF(s) {
		return TaxID{s, TaxCPF}, nil
	}
	if id := punctuated(s); id.Kind != TaxNone && (country == "BR" || country == "") {
		return id, nil
	}
	if done, issues := nothing(s); done {
		return TaxID{}, issues
	}
	if len(s) > 60 {
		return TaxID{}, reject("tax_id.not_tax_id", s)
	}
	s, label := cutTaxLabel(s)
	if i := strings.IndexByte(s, '('); i >= 11 {
		s = Trim(s[:i]) // 11.222.333/0001-81 (matriz)
	}
	digits, lost, wasNumber := spreadsheetInteger(s)
	if lost {
		return TaxID{}, reject("tax_id.digits_lost", s)
	}
	text := s
	if wasNumber {
		text = digits
	}
	var buf [64]byte
	code := string(appendCode(buf[:0], text))
	if code == "" {
		return TaxID{}, reject("tax_id.not_tax_id", raw)
	}
	var id TaxID
	var issues []errs.Issue
	if country == "BR" || country == "" || label == "cpf" || label == "cnpj" {
		id, issues = readBrazilian(code, raw, label)
	} else {
		id, issues = readForeign(code, text, country, raw)
	}
	if wasNumber && id.Value != "" && issues == nil {
		issues = warn("tax_id.recovered", raw, "result", id.String())
	}
	return id, issues
}

// punctuated reads a valid number written as [FormatTaxID] writes it, and nothing else.
func punctuated(s string) TaxID {
	switch {
	case len(s) == 14 && s[3] == '.' && s[7] == '.' && s[11] == '-':
		if code := s[:3] + s[4:7] + s[8:11] + s[12:]; ValidCPF(code) {
			return TaxID{code, TaxCPF}
		}
	case len(s) == 18 && s[2] == '.' && s[6] == '.' && s[10] == '/' && s[15] == '-':
		if code := s[:2] + s[3:6] + s[7:10] + s[11:15] + s[16:]; ValidCNPJ(code) {
			return TaxID{code, TaxCNPJ}
		}
	}
	return TaxID{}
}

// readBrazilian reads letters and digits as CPF or CNPJ; label is the word that stood in front, if any.
func readBrazilian(code, raw, label string) (TaxID, []errs.Issue) {
	switch {
	case allSame(code):
		if len(code) < 8 {
			break
		}
		return TaxID{}, reject("tax_id.repeated", raw)
	case len(code) > 14 && strings.Trim(code[:len(code)-14], "0") == "":
		id, issues := readBrazilian(code[len(code)-14:], raw, label)
		if id.Value != "" && issues == nil {
			issues = warn("tax_id.zeros_removed", raw, "result", id.String())
		}
		return id, issues
	case len(code) == 14:
		if ValidCNPJ(code) {
			return TaxID{code, TaxCNPJ}, nil
		}
		if fixed := lettersToDigits(code); fixed != code && ValidCNPJ(fixed) {
			return TaxID{fixed, TaxCNPJ}, warn("tax_id.letter_for_digit", raw, "result", FormatTaxID(TaxID{fixed, TaxCNPJ}))
		}
		if code[:3] == "000" && ValidCPF(code[3:]) {
			return TaxID{code[3:], TaxCPF}, warn("tax_id.zeros_removed", raw, "result", FormatTaxID(TaxID{code[3:], TaxCPF}))
		}
		if isDigits(code[12:]) || isDigits(code) {
			return TaxID{}, reject("tax_id.check_digits", raw, "kind", "CNPJ")
		}
		return TaxID{}, reject("tax_id.not_tax_id", raw)
	case !isDigits(code):
		if fixed := lettersToDigits(code); len(code) == 11 && isDigits(fixed) && ValidCPF(fixed) {
			return TaxID{fixed, TaxCPF}, warn("tax_id.letter_for_digit", raw, "result", FormatTaxID(TaxID{fixed, TaxCPF}))
		}
		return TaxID{}, reject("tax_id.not_tax_id", raw)
	case len(code) == 11 && ValidCPF(code) && label != "cnpj":
		return TaxID{code, TaxCPF}, nil
	}
	return restoreZeros(code, raw, label)
}

// restoreZeros reads digits that are too few, as spreadsheets leave them: leading zeros are no digits to them.
//
// A CPF may lack up to three zeros, a CNPJ up to six; one of ten digits or fewer has to be of one of a company's
// first 99 branches, else chance would prove too much (one number in a hundred satisfies two check digits).
func restoreZeros(code, raw, label string) (TaxID, []errs.Issue) {
	const zeros = "00000000000000"
	if len(code) < 8 || len(code) > 14 {
		return TaxID{}, reject("tax_id.length", raw, "digits", len(code))
	}
	var cpf, cnpj string
	if len(code) < 11 && label != "cnpj" {
		if c := zeros[:11-len(code)] + code; ValidCPF(c) {
			cpf = c
		}
	}
	if label != "cpf" {
		if c := zeros[:14-len(code)] + code; ValidCNPJ(c) && (len(code) > 10 || c[8:10] == "00") {
			cnpj = c
		}
	}
	switch {
	case cpf != "" && cnpj != "":
		return TaxID{}, reject("tax_id.ambiguous", raw, "cpf", FormatTaxID(TaxID{cpf, TaxCPF}), "cnpj", FormatTaxID(TaxID{cnpj, TaxCNPJ}))
	case cpf != "":
		id := TaxID{cpf, TaxCPF}
		return id, warn("tax_id.zeros_restored", raw, "kind", "CPF", "result", id.String())
	case cnpj != "":
		id := TaxID{cnpj, TaxCNPJ}
		return id, warn("tax_id.zeros_restored", raw, "kind", "CNPJ", "result", id.String())
	case len(code) == 11:
		return TaxID{}, reject("tax_id.check_digits", raw, "kind", "CPF")
	}
	return TaxID{}, reject("tax_id.length", raw, "digits", len(code))
}

// lettersToDigits undoes the letters that people type for digits.
func lettersToDigits(code string) string {
	return strings.NewReplacer("O", "0", "I", "1", "L", "1", "S", "5", "B", "8").Replace(code)
}

// appendCode appends the letters (upper case) and digits of s, full-width ones too.
func appendCode(dst []byte, s string) []byte {
	for _, r := range s {
		if r >= 0xff01 && r <= 0xff5e {
			r -= 0xfee0
		}
		switch {
		case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z':
			dst = append(dst, byte(r))
		case r >= 'a' && r <= 'z':
			dst = append(dst, byte(r-'a'+'A'))
		}
	}
	return dst
}

func allSame(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] != s[0] {
			return false
		}
	}
	return true
}

// cutTaxLabel takes a word such as "CPF:" off the front of s and gives it in lower case.
func cutTaxLabel(s string) (rest, label string) {
	i := 0
	for i < len(s) && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z' || s[i] == '/') {
		i++
	}
	if i < 3 || i == len(s) {
		return s, ""
	}
	word := strings.ToLower(s[:i])
	switch word {
	case "cpf", "cnpj", "cgc", "cic", "rut", "run", "cuit", "cuil", "rfc", "nif", "nie", "dni", "nit", "ruc", "curp", "cpf/cnpj", "cnpj/cpf", "cnpj/mf", "cpf/mf":
	default:
		return s, ""
	}
	rest = strings.TrimLeft(s[i:], " :.-º°nN#")
	switch word {
	case "cgc", "cnpj/mf":
		word = "cnpj"
	case "cic", "cpf/mf":
		word = "cpf"
	}
	return rest, word
}

// spreadsheetInteger reads what a spreadsheet makes of a long code: 1.2345678000195E+13 or 12345678909.0. ok
// tells that s is such a number; lost that it stands for digits which are gone (1,23457E+13).
func spreadsheetInteger(s string) (digits string, lost, ok bool) {
	mant, exp := s, 0
	if e := strings.IndexAny(s, "eE"); e > 0 {
		tail := strings.TrimPrefix(s[e+1:], "+")
		if !isDigits(tail) || len(tail) > 2 {
			return "", false, false
		}
		for _, c := range []byte(tail) {
			exp = exp*10 + int(c-'0')
		}
		mant = s[:e]
		whole, frac, _ := strings.Cut(strings.Replace(mant, ",", ".", 1), ".")
		if !isDigits(whole) || frac != "" && !isDigits(frac) || len(whole) > 3 {
			return "", false, false
		}
		if len(frac) < exp-1 {
			return "", true, true // Excel drops trailing zeros, but one zero at most is likelier than a loss
		}
		if len(frac) < exp {
			frac += "0"
		}
		if strings.Trim(frac[exp:], "0") != "" {
			return "", false, false
		}
		return whole + frac[:exp], false, true
	}
	i := strings.LastIndexAny(s, ".,")
	if i < 8 || !isDigits(s[:i]) || strings.Trim(s[i+1:], "0") != "" || len(s)-i-1 > 2 {
		return "", false, false
	}
	return s[:i], false, true
}
