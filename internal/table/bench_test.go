package table

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"
)

// contactsCSV is rows records of eleven columns, about 110 bytes each; every tenth has a quoted cell.
func contactsCSV(rows int, delim string) []byte {
	var b bytes.Buffer
	b.WriteString(strings.Join([]string{"Nome", "Telefone", "E-mail", "Empresa", "CPF", "Nascimento", "Cidade",
		"Tags", "Plano", "Origem", "Pontos"}, delim) + "\n")
	for i := range rows {
		company := ""
		if i%10 == 0 {
			company = `"Padaria ""Pão` + delim + `Mel"" Ltda"`
		}
		fmt.Fprintf(&b, strings.ReplaceAll("Débora Dias %d,(15) 9%04d-%04d,debora.%d@zap.example,%s,786734%05d,12/05/1987,Macapá,loja|vip,Grátis,Site,%d\n",
			",", delim), i, i%10000, i*7%10000, i, company, i%100000, i%3000)
	}
	return b.Bytes()
}

func BenchmarkParse(b *testing.B) {
	text := contactsCSV(20000, ",")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		p := newParser(bytes.NewReader(text), comma, 0)
		var rec record
		rows := 0
		for p.next(&rec) == nil {
			rows++
		}
		if rows != 20001 {
			b.Fatal(rows)
		}
	}
	b.ReportMetric(20001*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

func BenchmarkParseQuoted(b *testing.B) {
	var text bytes.Buffer
	for i := range 20000 {
		fmt.Fprintf(&text, "\"Débora Dias %d\",\"(15) 91234-5678\",\"debora@zap.example\",\"Padaria \"\"Mel\"\"\",\"78673400000\",\"12/05/1987\",\"Macapá\",\"loja\",\"Grátis\",\"Site\",\"%d\"\r\n", i, i)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		p := newParser(bytes.NewReader(text.Bytes()), comma, 0)
		var rec record
		for p.next(&rec) == nil {
		}
	}
	b.ReportMetric(20000*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

// BenchmarkEncodingCSV is the standard library on the same text, for comparison.
func BenchmarkEncodingCSV(b *testing.B) {
	text := contactsCSV(20000, ",")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r := csv.NewReader(bytes.NewReader(text))
		r.ReuseRecord = true
		for {
			if _, err := r.Read(); err == io.EOF {
				break
			}
		}
	}
	b.ReportMetric(20001*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}
