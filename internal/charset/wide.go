package charset

// wide recognises UTF-16 and UTF-32 without a byte order mark, by the NUL bytes of their ASCII characters and, for
// scripts beyond Latin, by line ends, spaces and delimiters on even places. sure is the confidence.
func wide(b []byte) (name string, sure float64) {
	if len(b) < 4 {
		return "", 0
	}
	var nul [4]int
	for i, c := range b {
		if c == 0 {
			nul[i&3]++
		}
	}
	n := len(b) / 4
	if n > 1 && len(b)%4 == 0 {
		switch {
		case nul[3] == n && nul[2] > n*9/10 && nul[0] < n/10+1:
			return "utf-32le", 0.99
		case nul[0] == n && nul[1] > n*9/10 && nul[3] < n/10+1:
			return "utf-32be", 0.99
		}
	}
	even, odd := nul[0]+nul[2], nul[1]+nul[3]
	pairs := len(b) / 2
	switch {
	case odd*2 > pairs && even*20 < odd+20:
		return UTF16LE, 0.99
	case even*2 > pairs && odd*20 < even+20:
		return UTF16BE, 0.99
	case even+odd == 0:
		return "", 0
	}
	return wideByStops(b, even, odd)
}

// wideByStops counts the pairs that are an ASCII stop (line end, space, delimiter, digit) in either byte order.
func wideByStops(b []byte, even, odd int) (string, float64) {
	le, be := 0, 0
	for i := 0; i+1 < len(b); i += 2 {
		switch {
		case b[i+1] == 0 && stop(b[i]):
			le++
		case b[i] == 0 && stop(b[i+1]):
			be++
		}
	}
	pairs := len(b) / 2
	switch { // nearly every NUL is half of a stop, and there are many
	case le*20 > pairs && le*10 >= odd*5 && even*10 <= odd:
		return UTF16LE, 0.9
	case be*20 > pairs && be*10 >= even*5 && odd*10 <= even:
		return UTF16BE, 0.9
	}
	return "", 0
}

func stop(b byte) bool {
	return b == '\n' || b == '\r' || b == ' ' || b == ';' || b == ',' || b == '\t' || b == '.' || b == '+' || b == '@' || b >= '0' && b <= '9'
}
