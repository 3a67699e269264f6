package charset

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// What a character costs in an East Asian charset, in eighths of a bit.
const (
	asciiLetterCost = 36
	uncommonCost    = 20 * 8
	invalidCost     = 40 * 8
	eastPrior       = 14 * 8
)

// weighWide gives the East Asian charsets of two bytes a character their place in the ranking of the single-byte
// ones: those under which nearly all of the sample lines are valid, and most characters common ones.
func weighWide(order []ranked, samples [][]byte) []ranked {
	runs := 0 // high bytes beside one another: Western text has few
	for _, s := range samples {
		for i := 1; i < len(s); i++ {
			if s[i] >= 0x80 && s[i-1] >= 0x80 {
				runs++
			}
		}
	}
	if runs < 2 {
		return order
	}
	e := newEvidence()
	for _, s := range samples {
		e.add(s, 0)
	}
	shift := order[0].bits - rank(e.high, e.ascii)[0].bits // the lines are but a part of the evidence
	for _, c := range []struct {
		name, tag string
	}{{"gb18030", "zh"}, {"big5", "zh-tw"}, {"shift_jis", "ja"}, {"euc-jp", "ja"}, {"euc-kr", "ko"}} {
		if bits, ok := wideCost(c.name, c.tag, samples); ok {
			r := ranked{c.name, bits + shift}
			i := slices.IndexFunc(order, func(o ranked) bool { return o.bits > r.bits })
			if i < 0 {
				i = len(order)
			}
			order = slices.Insert(order, i, r)
		}
	}
	return order
}

// wideCost is what the lines cost in a charset of the language, in bits, words of ASCII alone left out; ok is false
// where they are hardly text.
func wideCost(name, tag string, lines [][]byte) (bits float64, ok bool) {
	all := models()
	m := all[slices.IndexFunc(all, func(m *model) bool { return m.tag == tag })]
	dec := encodingOf(name).NewDecoder()
	total, common, others, invalid := eastPrior, 0, 0, 0
	for _, line := range lines {
		b, err := dec.Bytes(line)
		if err != nil {
			return 0, false
		}
		b = bytes.TrimSuffix(b, []byte("\uFFFD")) // cut by us
		ascii, beside := 0, false                 // letters of the word at hand; it has others
		for _, r := range string(b) + " " {
			if r < utf8.RuneSelf {
				if wordByte(byte(r)) {
					ascii++
					continue
				}
				if beside {
					total += ascii * asciiLetterCost
				}
				ascii, beside = 0, false
				continue
			}
			beside = true
			switch cost, known := m.alone[r]; {
			case r == utf8.RuneError:
				total += invalidCost
				invalid++
			case known:
				total += int(cost)
				common++
			case r >= 0x3000 && r < 0x3100 || r >= 0xFF00 && r < 0xFF61: // punctuation, kana, full-width ASCII
				total += 10 * 8
				common++
			default:
				total += uncommonCost
				others++
			}
		}
	}
	return float64(total) / 8, common > others && invalid*20 <= common
}
