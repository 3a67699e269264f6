package normalize

// ValidCPF tells that s is eleven digits, not all alike, with right check digits.
func ValidCPF(s string) bool {
	if len(s) != 11 || !isDigits(s) || allSame(s) {
		return false
	}
	a, b := 0, 0
	for i := 0; i < 9; i++ {
		d := int(s[i] - '0')
		a += d * (10 - i)
		b += d * (11 - i)
	}
	d1 := a * 10 % 11 % 10
	d2 := (b + 2*d1) * 10 % 11 % 10
	return int(s[9]-'0') == d1 && int(s[10]-'0') == d2
}

// ValidCNPJ tells that s is twelve digits or capital letters and two right check digits, not all alike.
//
// A letter counts as its ASCII code less 48, so that digits keep their value; weights 5,4,3,2,9..2 and
// 6,5,4,3,2,9..2, modulo 11, a remainder of 0 or 1 giving 0.
func ValidCNPJ(s string) bool {
	if len(s) != 14 || allSame(s) || !isDigits(s[12:]) {
		return false
	}
	d1, d2, ok := cnpjDigits(s[:12])
	return ok && s[12] == d1 && s[13] == d2
}

// cnpjDigits computes the check digits of the twelve characters of base, as ASCII.
func cnpjDigits(base string) (d1, d2 byte, ok bool) {
	a, b := 0, 0
	for i := 0; i < 12; i++ {
		c := base[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return 0, 0, false
		}
		v := int(c - '0')
		a += v * (2 + (11-i)%8)
		b += v * (2 + (12-i)%8)
	}
	x := elevenLess(a)
	return byte('0' + x), byte('0' + elevenLess(b+2*x)), true
}

func elevenLess(sum int) int {
	if r := sum % 11; r > 1 {
		return 11 - r
	}
	return 0
}

// CNPJRoot gives the eight characters that all branches of one company share, "" where id is no CNPJ.
func CNPJRoot(id TaxID) string {
	if id.Kind != TaxCNPJ || len(id.Value) != 14 {
		return ""
	}
	return id.Value[:8]
}

// FormatTaxID writes a bare number with the punctuation of its country; kinds without one come back bare.
func FormatTaxID(id TaxID) string {
	v := id.Value
	switch {
	case id.Kind == TaxCPF && len(v) == 11:
		return v[:3] + "." + v[3:6] + "." + v[6:9] + "-" + v[9:]
	case id.Kind == TaxCNPJ && len(v) == 14:
		return v[:2] + "." + v[2:5] + "." + v[5:8] + "/" + v[8:12] + "-" + v[12:]
	case id.Kind == TaxCUIT && len(v) == 11:
		return v[:2] + "-" + v[2:10] + "-" + v[10:]
	case id.Kind == TaxRUT && len(v) >= 8 && len(v) <= 9:
		n := len(v)
		return v[:n-7] + "." + v[n-7:n-4] + "." + v[n-4:n-1] + "-" + v[n-1:]
	case id.Kind == TaxNIT && len(v) == 10:
		return v[:3] + "." + v[3:6] + "." + v[6:9] + "-" + v[9:]
	}
	return v
}
