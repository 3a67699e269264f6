package normalize

import (
	"strings"

	"cadastro/internal/errs"
)

// MaxDigits is the longest number taken, in digits. Digits are kept as text, so none is lost below it.
const MaxDigits = 38

// NumberFormat says which sign parts the decimals.
type NumberFormat uint8

// The formats. With NumberUnknown a number that two formats read differently ("1.234") is a Reject.
const (
	NumberUnknown NumberFormat = iota
	DecimalComma
	DecimalPoint
)

// String gives the stable name, as in JSON.
func (f NumberFormat) String() string {
	switch f {
	case DecimalComma:
		return "comma"
	case DecimalPoint:
		return "point"
	}
	return ""
}

// Number gives the number in raw as decimal text: "-1234.5", no exponent, no group signs, no idle zeros.
//
// Understood are group signs (point, comma, space, apostrophe), currency signs and codes, minus before or behind
// or as parentheses, per cent (12% is 0.12) and exponents. Two kinds of sign, a repeated one, or decimals that are
// not three tell the format by themselves; else format decides. Rejects: number.unreadable, number.ambiguous
// {comma, point}, number.too_long {limit}. Note: number.percent {result}.
func Number(raw string, format NumberFormat) (string, []errs.Issue) {
	s := bare(raw)
	if isCanonicalInt(s) {
		return s, nil
	}
	if done, issues := nothing(s); done {
		return "", issues
	}
	if len(s) > 200 {
		return "", reject("number.too_long", s, "limit", MaxDigits)
	}
	t := scanNumber(s)
	if !t.ok {
		return "", reject("number.unreadable", s)
	}
	use := t.format()
	if use == NumberUnknown {
		if use = format; use == NumberUnknown && t.seps() > 0 {
			comma, _ := t.write(DecimalComma)
			point, _ := t.write(DecimalPoint)
			return "", reject("number.ambiguous", s, "comma", comma, "point", point)
		}
	}
	out, code := t.write(use)
	switch {
	case code == "number.too_long":
		return "", reject(code, s, "limit", MaxDigits)
	case code != "":
		return "", reject(code, s)
	case t.percent:
		return out, note("number.percent", s, "result", out)
	}
	return out, nil
}

// NumberColumn gathers what the values of one column tell of its decimal sign. The zero value is ready.
type NumberColumn struct{ comma, point, open int64 }

// Add takes the next value of the column.
func (nc *NumberColumn) Add(raw string) {
	s := bare(raw)
	if s == "" || isDigits(s) || len(s) > 200 {
		return
	}
	t := scanNumber(s)
	if !t.ok || t.seps() == 0 {
		return
	}
	switch t.format() {
	case DecimalComma:
		nc.comma++
	case DecimalPoint:
		nc.point++
	default:
		nc.open++
	}
}

// Decide gives the format of the column; ask is set where a person has to choose: values with two readings and
// no proof, or proofs of both. The format is then the likelier one, country's own where nothing speaks.
func (nc *NumberColumn) Decide(country string) (format NumberFormat, ask bool) {
	usual := DecimalComma
	switch country {
	case "US", "MX", "GB", "CA", "PE", "GT", "SV", "HN", "NI", "PA", "DO", "PR":
		usual = DecimalPoint
	}
	switch {
	case nc.comma == 0 && nc.point == 0:
		return usual, nc.open > 0
	case nc.comma > nc.point:
		return DecimalComma, nc.open > 0 && nc.point*20 > nc.comma
	case nc.point > nc.comma:
		return DecimalPoint, nc.open > 0 && nc.comma*20 > nc.point
	}
	return usual, nc.open > 0
}

// isCanonicalInt accepts whole numbers as [Number] writes them.
func isCanonicalInt(s string) bool {
	t := strings.TrimPrefix(s, "-")
	if len(t) == 0 || len(t) > MaxDigits || !isDigits(t) {
		return false
	}
	return t[0] != '0' || s == "0"
}
