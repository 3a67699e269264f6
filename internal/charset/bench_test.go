package charset

import (
	"strings"
	"testing"
)

func BenchmarkAppendDecode(b *testing.B) {
	const row = "Joao da Silva;Rua Sao Joao, 123;Maringa;+5544987654321;joao@example.com\r\n"
	for _, c := range []struct{ name, charset, text string }{
		{"utf8-ascii", UTF8, row}, {"1252-ascii", Windows1252, row},
		{"utf8-pt", UTF8, "João da Conceição;Rua São João, 123;Maringá;+5544987654321;joao@example.com\r\n"},
		{"1252-pt", Windows1252, "Jo\xe3o da Concei\xe7\xe3o;Rua S\xe3o Jo\xe3o, 123;Maring\xe1;+5544987654321;joao@example.com\r\n"},
		{"1252-dense", Windows1252, strings.Repeat("\xe3a\xe7\xe3o", 16)},
	} {
		b.Run(c.name, func(b *testing.B) {
			d, _ := NewDecoder(c.charset, "")
			src := []byte(strings.Repeat(c.text, 100))
			buf := make([]byte, 0, 3*len(src))
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				buf, _ = d.AppendDecode(buf[:0], src)
			}
		})
	}
}

func BenchmarkDetect(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"ascii", strings.Repeat("Ana Maria;Santos;+5511987654321\r\n", 500_000)},
		{"1252", strings.Repeat("Jo\xe3o da Concei\xe7\xe3o;S\xe3o Lu\xeds;+5511987654321\r\n", 300_000)},
		{"utf8", strings.Repeat("João da Conceição;São Luís;+5511987654321\r\n", 300_000)},
		{"small", "nome;cidade\r\nJo\xe3o;Bel\xe9m\r\n"},
	} {
		b.Run(c.name, func(b *testing.B) {
			raw := []byte(c.text)
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				DetectBytes(raw)
			}
		})
	}
}

func BenchmarkRepair(b *testing.B) {
	for _, s := range []string{"Conceição da Silva", "ConceiÃ§Ã£o da Silva", "Joao da Silva"} {
		b.Run(s, func(b *testing.B) {
			for b.Loop() {
				Repair(s)
			}
		})
	}
}

func BenchmarkReaderUTF16(b *testing.B) {
	e, _ := NewEncoder(UTF16LE)
	raw, _ := e.AppendEncode(nil, strings.Repeat("João da Conceição;São Luís;+5511987654321\r\n", 20_000))
	buf := make([]byte, 32<<10)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		r, _ := NewReader(strings.NewReader(string(raw)), UTF16LE)
		for {
			if _, err := r.Read(buf); err != nil {
				break
			}
		}
	}
}
