package table

import (
	"strings"
	"testing"
)

// BenchmarkSniff sniffs 256 KiB of contacts, the beginning of a longer file.
func BenchmarkSniff(b *testing.B) {
	for _, t := range makeTables(3, 6000) {
		text, _ := writing{delim: ";", quote: `"`, eol: "\r\n", header: 1}.write(t)
		sample := []byte(text[:min(len(text), 256<<10)])
		b.Run(t.name, func(b *testing.B) {
			b.SetBytes(int64(len(sample)))
			for b.Loop() {
				Sniff(sample, false, sample[len(sample)/2:], Dialect{})
			}
		})
	}
}

// BenchmarkSniffWorst sniffs text made to keep the sniffer busy.
func BenchmarkSniffWorst(b *testing.B) {
	for name, text := range worstTexts(256 << 10) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Sniff([]byte(text), true, nil, Dialect{})
			}
		})
	}
}

// worstTexts gives texts of n bytes that a careless sniffer would take long for.
func worstTexts(n int) map[string]string {
	fill := func(unit string) string { return strings.Repeat(unit, n/len(unit)) }
	return map[string]string{
		"quotes open":        fill("\"a,b\n"),
		"quotes on one line": fill(`"a,`),
		"quotes only":        fill(`"`),
		"delimiters only":    fill(",;\t|"),
		"one delimiter":      fill(","),
		"one line":           fill("a"),
		"empty lines":        fill("\n"),
		"ragged":             fill("a\na,b\na,b,c\na,b,c,d\n\n"),
		"all signs":          fill("!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~ \n"),
		"single cells":       fill("a\n\n"),
		"apostrophes":        fill("'a','b\n"),
		"backslashes":        fill(`"a\",`),
		"words in gaps":      fill("name,phone\n\na,b\n\n"),
	}
}
