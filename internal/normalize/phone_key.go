package normalize

// PhoneKey gives the identity of a number: all the spellings of one number, and all that its messaging apps call
// it, give one key, in the shape of E.164.
//
// Brazilian mobiles are the same with and without the ninth digit (Anatel, Resolution 553/2010), Mexican numbers
// with and without the 1 behind +52 (IFT, 2019), Argentine ones with and without the 9 behind +54: the ten digits of
// area and subscriber are assigned once only (Plan Fundamental de Numeración, Resolution SC 46/97). What is
// not E.164 is its own key. It allocates only where the key differs from e164.
func PhoneKey(e164 string) string {
	if len(e164) < 12 || e164[0] != '+' || e164[1] != '5' {
		return e164
	}
	switch e164[2] {
	case '5':
		if len(e164) == 13 && e164[5] >= '6' {
			return e164[:5] + "9" + e164[5:]
		}
	case '2':
		if len(e164) == 14 && e164[3] == '1' {
			return "+52" + e164[4:]
		}
	case '4':
		if len(e164) == 14 && e164[3] == '9' {
			return "+54" + e164[4:]
		}
	}
	return e164
}

// PhoneKeyNumber is [PhoneKey] as a number, for maps and indexes: at most 15 digits, 0 for what is not E.164.
func PhoneKeyNumber(e164 string) uint64 {
	if len(e164) < 8 || len(e164) > 16 || e164[0] != '+' {
		return 0
	}
	var n uint64
	for i := 1; i < len(e164); i++ {
		c := e164[i] - '0'
		if c > 9 {
			return 0
		}
		n = n*10 + uint64(c)
	}
	switch {
	case len(e164) == 13 && e164[1] == '5' && e164[2] == '5' && e164[5] >= '6':
		const eight = 100_000_000
		return (n/eight*10+9)*eight + n%eight
	case len(e164) == 14 && e164[1] == '5' && (e164[2] == '2' && e164[3] == '1' || e164[2] == '4' && e164[3] == '9'):
		const ten = 10_000_000_000
		return n/ten/10*ten + n%ten
	}
	return n
}

// PhoneSearchDigits gives the digits to look for inside stored numbers, from any way of writing any part of one:
// "(011) 98765" gives "1198765". "" where q holds no digits, or holds words that make it no phone.
func PhoneSearchDigits(q string) string {
	var buf [phoneMaxText + 4]byte
	t := phoneUnwrap(phoneClean(buf[:0], q))
	if len(t) > phoneMaxText {
		return ""
	}
	if d, ok := phoneLink(t); ok {
		t = d
	} else if phoneDropLinks(t) {
		return ""
	}
	s := phoneSplit(t)
	if len(s.parts) == 0 || s.unknown {
		return ""
	}
	d := make([]byte, 0, len(t))
	for i := range s.parts {
		d = append(d, s.parts[i].number()...)
	}
	if d[0] == '0' { // a trunk or international prefix, which no stored number has
		for len(d) > 0 && d[0] == '0' {
			d = d[1:]
		}
	}
	return string(d)
}

// PhoneSearchForms gives every run of digits that a stored number may hold if it is the one that q means: the digits
// as typed, and the key of the whole number where q is one for the given default country.
func PhoneSearchForms(q, country string) []string {
	d := PhoneSearchDigits(q)
	if d == "" {
		return nil
	}
	forms := []string{d}
	phones, _ := Phones(nil, q, country, PresetAny)
	for _, p := range phones {
		for _, f := range []string{p.E164[1:], PhoneKey(p.E164)[1:]} {
			known := false
			for _, g := range forms {
				known = known || g == f
			}
			if !known {
				forms = append(forms, f)
			}
		}
	}
	return forms
}
