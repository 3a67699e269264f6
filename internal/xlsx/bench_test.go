package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"cadastro/internal/sheet"
)

// BenchmarkRead reads a sheet of 20,000 rows and 11 columns, as a writer of inline strings and as Excel (shared
// strings, numbers) makes it.
func BenchmarkRead(b *testing.B) {
	const n = 20000
	b.Run("inline", func(b *testing.B) {
		rows := make([][]string, n)
		for i := range rows {
			rows[i] = contact(i)
		}
		benchRead(b, write(b, make([]Column, 11), rows...), n)
	})
	b.Run("shared", func(b *testing.B) {
		benchRead(b, sharedBook(b, n), n)
	})
}

func contact(i int) []string {
	return []string{fmt.Sprintf("Inês Ramos %d", i), fmt.Sprintf("(15) 9%04d-0407", i%10000), fmt.Sprintf("ines.%d@example.com", i), "",
		fmt.Sprint(78673455154 - i), "1990-01-02", "Macapá", "retorno;vip", "Grátis", "Site", fmt.Sprint(i)}
}

// sharedBook makes a workbook the way Excel does.
func sharedBook(t testing.TB, n int) []byte {
	var table, body strings.Builder
	seen := map[string]int{}
	for i := range n {
		fmt.Fprintf(&body, `<row r="%d" spans="1:11">`, i+1)
		for k, text := range contact(i) {
			ref := fmt.Sprintf("%c%d", 'A'+k, i+1)
			switch {
			case text == "":
			case k == 4 || k == 10:
				fmt.Fprintf(&body, `<c r="%s" s="1"><v>%s</v></c>`, ref, text)
			default:
				id, ok := seen[text]
				if !ok {
					id = len(seen)
					seen[text] = id
					table.WriteString("<si><t>" + text + "</t></si>")
				}
				fmt.Fprintf(&body, `<c r="%s" t="s"><v>%d</v></c>`, ref, id)
			}
		}
		body.WriteString("</row>")
	}
	return oneSheet(body.String()).with("xl/sharedStrings.xml", "<sst>"+table.String()+"</sst>").styled("00000000000").zip(t)
}

func benchRead(b *testing.B, data []byte, n int) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		book, err := Open(bytes.NewReader(data), int64(len(data)), sheet.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		rows, err := book.Rows(0)
		if err != nil {
			b.Fatal(err)
		}
		got := 0
		var row sheet.Row
		for ; ; got++ {
			if err := rows.Next(&row); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
		if got < n {
			b.Fatalf("%d rows", got)
		}
		_ = rows.Close()
		_ = book.Close()
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
