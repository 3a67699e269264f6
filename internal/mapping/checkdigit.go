package mapping

// validCPF tells whether the eleven digits in s carry the check digits of a CPF (Receita Federal: modulus 11,
// weights 10..2 and 11..2). Eleven equal digits pass the sum and are no CPF.
func validCPF(s string) bool {
	var d [11]int
	if digitsOf(s, d[:]) != 11 || allEqual(d[:]) {
		return false
	}
	return d[9] == mod11(d[:9], 10, 11) && d[10] == mod11(d[:10], 11, 11)
}

// validCNPJ does the same for the fourteen digits of a CNPJ (weights 2 to 9, from the right, again and again).
func validCNPJ(s string) bool {
	var d [14]int
	if digitsOf(s, d[:]) != 14 || allEqual(d[:]) {
		return false
	}
	return d[12] == mod11(d[:12], 5, 9) && d[13] == mod11(d[:13], 6, 9)
}

// mod11 gives the check digit of d, with weights that fall from first to 2 and start again at top.
func mod11(d []int, first, top int) int {
	sum, w := 0, first
	for _, x := range d {
		sum += x * w
		if w--; w < 2 {
			w = top
		}
	}
	if r := sum % 11; r >= 2 {
		return 11 - r
	}
	return 0
}

// digitsOf puts the digits of s into d and gives their number, len(d)+1 where there are more.
func digitsOf(s string, d []int) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			continue
		}
		if n == len(d) {
			return n + 1
		}
		d[n] = int(s[i] - '0')
		n++
	}
	return n
}

func allEqual(d []int) bool {
	for _, x := range d {
		if x != d[0] {
			return false
		}
	}
	return true
}
