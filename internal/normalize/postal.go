package normalize

import (
	"strings"

	"cadastro/internal/errs"
)

// PostalCode gives a postal code. For Brazil (country "BR" or "") that is the CEP as 01310-100; other countries'
// codes keep their form, in capitals. An address is not worth a row, so all trouble is a warning and the text
// stays: postal.unreadable, postal.zero_restored {result}, postal.zero_lost {result}, postal.state_mismatch
// {state, found}.
//
// A CEP of seven digits lost its first zero where the row's state (two letters, "" when unknown) is São Paulo:
// only there codes begin with 0. Without a state it is left as it is and the reading is told.
func PostalCode(raw, country, state string) (string, []errs.Issue) {
	line, issues := CleanLine(raw)
	s := bare(line)
	if done, found := nothing(s); done {
		return "", append(issues, found...)
	}
	if len(s) > 32 {
		return s, append(issues, errs.NewIssue(errs.Warning, "postal.unreadable", s))
	}
	if country != "BR" && country != "" {
		return strings.ToUpper(cutFloat(s, 4)), issues
	}
	digits := cepDigits(cutFloat(s, 7))
	switch {
	case len(digits) == 8 && digits[0] != '0' || len(digits) == 8 && digits >= "01000000":
	case len(digits) == 7:
		cep := "0" + digits[:4] + "-" + digits[4:]
		switch {
		case digits < "1000000":
			return s, append(issues, errs.NewIssue(errs.Warning, "postal.unreadable", s))
		case state == "SP":
			return cep, append(issues, errs.NewIssue(errs.Warning, "postal.zero_restored", s, "result", cep))
		case state == "":
			return s, append(issues, errs.NewIssue(errs.Warning, "postal.zero_lost", s, "result", cep))
		}
		return s, append(issues, errs.NewIssue(errs.Warning, "postal.unreadable", s))
	default:
		return s, append(issues, errs.NewIssue(errs.Warning, "postal.unreadable", s))
	}
	cep := s
	if len(s) != 9 || s[5] != '-' {
		cep = digits[:5] + "-" + digits[5:]
	}
	if found := StateOfPostalCode(digits); state != "" && found != "" && found != state && stateNames[Fold(state)] == state {
		issues = append(issues, errs.NewIssue(errs.Warning, "postal.state_mismatch", s, "state", state, "found", found))
	}
	return cep, issues
}

// cutFloat takes ".0" off a number that a program wrote as a float.
func cutFloat(s string, least int) string {
	for _, tail := range [...]string{".0", ",0", ".00", ",00"} {
		if head, ok := strings.CutSuffix(s, tail); ok && len(head) >= least && isDigits(head) {
			return head
		}
	}
	return s
}

// cepDigits gives the digits of s where it has nothing else but the signs that CEPs are written with.
func cepDigits(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(s, "CEP"), "Cep"), "cep")
	s = strings.TrimLeft(s, ": ")
	if isDigits(s) {
		return s
	}
	out := make([]byte, 0, 16)
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			out = append(out, byte(r))
		case r == '-' || r == '.' || r == ' ' || r == '/' || r == ',' || r >= 0x2010 && r <= 0x2015:
		default:
			return ""
		}
	}
	return string(out)
}

// StateOfPostalCode gives the letters of the state in whose range a CEP of eight digits lies (Correios), "" for
// none.
func StateOfPostalCode(digits string) string {
	if len(digits) != 8 || !isDigits(digits) {
		return ""
	}
	p := digits[:5]
	for i := range cepRanges {
		if r := &cepRanges[i]; p >= r.from && p <= r.to {
			return r.state
		}
	}
	return ""
}

var cepRanges = [...]struct{ from, to, state string }{
	{"01000", "19999", "SP"}, {"20000", "28999", "RJ"}, {"29000", "29999", "ES"}, {"30000", "39999", "MG"}, {"40000", "48999", "BA"},
	{"49000", "49999", "SE"}, {"50000", "56999", "PE"}, {"57000", "57999", "AL"}, {"58000", "58999", "PB"}, {"59000", "59999", "RN"},
	{"60000", "63999", "CE"}, {"64000", "64999", "PI"}, {"65000", "65999", "MA"}, {"66000", "68899", "PA"}, {"68900", "68999", "AP"},
	{"69000", "69299", "AM"}, {"69300", "69399", "RR"}, {"69400", "69899", "AM"}, {"69900", "69999", "AC"}, {"70000", "72799", "DF"},
	{"72800", "72999", "GO"}, {"73000", "73699", "DF"}, {"73700", "76799", "GO"}, {"76800", "76999", "RO"}, {"77000", "77999", "TO"},
	{"78000", "78899", "MT"}, {"79000", "79999", "MS"}, {"80000", "87999", "PR"}, {"88000", "89999", "SC"}, {"90000", "99999", "RS"},
}
