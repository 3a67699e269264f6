package mapping

import (
	"math/bits"
	"strings"
	"sync"
)

// A kind is what one cell looks like. A cell may be of several kinds ("123.456.789-09" is a CPF and numeric).
type kind uint8

const (
	vEmail kind = iota
	vURL
	vPhone    // as many digits as a telephone number, with nothing but signs around them
	vPlus     // a telephone number beyond doubt: "+", brackets or a dash in the right place
	vCPF      // eleven digits with the check digits of a CPF, or so punctuated
	vCNPJ     // likewise, fourteen characters
	vTaxLike  // digits and capitals, 7 to 20 of them, as RFC, CUIT, RUT, NIF, VAT numbers are
	vDate     // a date, with or without time of day
	vDayMonth // a date without year
	vInt
	vDecimal
	vMoney
	vBool
	vStatus
	vGender
	vHonorific
	vLanguage
	vState
	vCountry
	vZip
	vName // words of letters, the first one capital
	vTwoWords
	vCompany
	vStreet
	vNoNumber // "S/N", "SN"
	vShort    // at most four characters
	vSpace    // holds a space
	vDigits   // holds a digit
	vLong     // over 60 characters
	vUUID
	vPriority
	kindCount
)

// kinds is a set of kinds.
type kinds uint32

func (k kinds) has(v ...kind) bool {
	for _, x := range v {
		if k&(1<<x) != 0 {
			return true
		}
	}
	return false
}

// wordKinds gives, for a folded cell, the closed lists that it is in.
var wordKinds = sync.OnceValue(func() map[string]kinds {
	names := map[string]kind{"status": vStatus, "bool": vBool, "gender": vGender, "honorific": vHonorific,
		"language": vLanguage, "state": vState, "country": vCountry, "company": vCompany, "priority": vPriority, "street": vStreet}
	text, err := lexiconFiles.ReadFile("lexicon/values.txt")
	if err != nil {
		panic(err)
	}
	m := make(map[string]kinds, 1024)
	for line := range strings.Lines(string(text)) {
		name, words, ok := strings.Cut(line, ":")
		k, known := names[name]
		if !ok || !known {
			continue
		}
		for w := range strings.SplitSeq(words, ",") {
			m[strings.TrimSpace(w)] |= 1 << k
		}
	}
	return m
})

// wholeCell are the lists whose word has to be the whole cell; of the others one word of the cell is enough.
const wholeCell = kinds(1<<vStatus | 1<<vBool | 1<<vGender | 1<<vHonorific | 1<<vLanguage | 1<<vState | 1<<vCountry | 1<<vPriority)

// A profile counts the kinds in the sample of one column.
type profile struct {
	filled int
	count  [kindCount]int
	unique int
	chars  int
}

// profileOf looks at up to 100 filled cells of one column.
func profileOf(rows [][]string, col int) *profile {
	p := &profile{}
	seen := make(map[string]kinds, min(len(rows), 100))
	for _, row := range rows {
		if p.filled == 100 {
			break
		}
		if col >= len(row) {
			continue
		}
		cell := strings.TrimSpace(row[col])
		if cell == "" {
			continue
		}
		p.filled++
		p.chars += len(cell)
		ks, ok := seen[cell]
		if !ok {
			ks = kindsOf(cell)
			seen[cell] = ks
			p.unique++
		}
		for k := uint32(ks); k != 0; k &= k - 1 {
			p.count[bits.TrailingZeros32(k)]++
		}
	}
	return p
}

// share gives the part of the filled cells that are of kind k, 0 to 1; 0 for an empty column.
func (p *profile) share(k kind) float64 {
	if p.filled == 0 {
		return 0
	}
	return float64(p.count[k]) / float64(p.filled)
}

// most tells whether more than half of the filled cells are of one of the kinds.
func (p *profile) most(ks ...kind) bool {
	for _, k := range ks {
		if p.share(k) > 0.5 {
			return true
		}
	}
	return false
}

// any tells whether at least one cell in five is of one of the kinds.
func (p *profile) some(ks ...kind) bool {
	for _, k := range ks {
		if p.filled > 0 && p.share(k) >= 0.2 {
			return true
		}
	}
	return false
}
