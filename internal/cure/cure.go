// Package cure has the rules by which faulty cells of a file can be corrected in bulk. Each rule takes one cell and gives
// its new text, or says that it has none: a rule never changes a good value, and never guesses where two answers fit.
// What it gives has been read back by the same code that reads the file.
package cure

import (
	"slices"
	"strings"

	"cadastro/internal/charset"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

// AreaCode puts an area code in front of a Brazilian number that lacks one. ok is false where the cell holds anything
// but that one number, or where the number with the area code is no valid one under the preset.
func AreaCode(cell, area string, preset normalize.PhonePreset) (text string, ok bool) {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, cell)
	if len(digits) < 8 || len(digits) > 9 || len(area) != 2 || normalize.StateOfAreaCode(area) == "" {
		return "", false
	}
	for _, text := range []string{area + " " + normalize.Trim(cell), "+55 " + area + " " + digits, "55" + area + digits} {
		phones, issues := normalize.Phones(nil, text, "BR", preset)
		if errs.Worst(issues) == errs.Reject || len(phones) != 1 || phones[0].Ext != "" {
			continue
		}
		if e := phones[0].E164; strings.HasPrefix(e, "+55"+area) && strings.HasSuffix(e, digits[len(digits)-8:]) {
			return text, true
		}
	}
	return "", false
}

// AreaCodeOf gives the area code of a row's city, "" where it is not known for certain. state may be "".
func AreaCodeOf(city, state string) string {
	if normalize.IsNone(city) {
		return ""
	}
	return normalize.AreaCodeOfCity(city, state)
}

// Text undoes a wrong decoding that can be seen in the text ("JosÃ©"). ok is false where the text is right, and where
// what comes out, decoded wrongly again, would not be the text.
func Text(cell string) (text string, ok bool) { return charset.Repair(cell) }

// Typo puts the suggested address in the place of a mistyped one in a cell. ok is false where the cell does not hold the
// address exactly once, and where the suggestion is no address beyond doubt.
func Typo(cell, address, suggestion string) (text string, ok bool) {
	if address == "" || suggestion == "" || strings.Count(cell, address) != 1 {
		return "", false
	}
	if text = strings.Replace(cell, address, suggestion, 1); !good(text, len(addresses(cell))) {
		return "", false
	}
	return text, true
}

// Email repairs an address that cannot be read: a word for the @ ("ana(arroba)example.com"), another sign where a dot
// belongs ("ana@example@com"), a dot that is missing in the domain of a well-known service ("ana@gmailcom"). Stray spaces
// and commas are the reader's to mend. ok is false where the result is no address beyond doubt.
func Email(cell string) (text string, ok bool) {
	s := normalize.Trim(cell)
	if len(addresses(s)) > 0 {
		return "", false
	}
	if !strings.Contains(s, "@") {
		s = atWords.Replace(s)
	}
	local, domain, found := strings.Cut(s, "@")
	if !found || local == "" || strings.ContainsAny(local, " ,;/") {
		return "", false
	}
	domain = strings.Trim(strings.NewReplacer(" ", "", "@", ".", ",", ".", ";", ".").Replace(domain), ".")
	if whole := undotted[strings.ToLower(domain)]; whole != "" {
		domain = whole
	}
	if text = local + "@" + domain; !good(text, 1) {
		return "", false
	}
	return text, true
}

// atWords are what people write for an @ that they do not find, or hide.
var atWords = strings.NewReplacer("(arroba)", "@", "[arroba]", "@", " arroba ", "@", "(at)", "@", "[at]", "@", "(a)", "@")

// undotted are domains of well-known services with a dot left out, or without the ending where there is but one.
var undotted = map[string]string{
	"gmail": "gmail.com", "gmailcom": "gmail.com", "hotmailcom": "hotmail.com", "hotmailcombr": "hotmail.com.br", "hotmailcom.br": "hotmail.com.br",
	"outlookcom": "outlook.com", "outlookcombr": "outlook.com.br", "outlookcom.br": "outlook.com.br", "yahoocom": "yahoo.com", "yahoocombr": "yahoo.com.br",
	"yahoocom.br": "yahoo.com.br", "icloud": "icloud.com", "icloudcom": "icloud.com", "livecom": "live.com", "uolcombr": "uol.com.br", "uolcom.br": "uol.com.br",
	"bolcombr": "bol.com.br", "bolcom.br": "bol.com.br", "terracombr": "terra.com.br", "terracom.br": "terra.com.br",
}

// good tells whether a cell holds n addresses of which there is nothing to say.
func good(cell string, n int) bool {
	list, issues := normalize.Emails(nil, cell)
	return len(issues) == 0 && len(list) == n && n > 0
}

func addresses(cell string) []string {
	list, issues := normalize.Emails(nil, cell)
	if errs.Worst(issues) == errs.Reject {
		return nil
	}
	return list
}

// AreaCodes ranks the area codes of Brazil by how often a file has them, those that it has not in ascending order behind.
func AreaCodes(seen map[string]int) []string {
	out := normalize.AreaCodes()
	slices.SortStableFunc(out, func(a, b string) int { return seen[b] - seen[a] })
	return out
}
