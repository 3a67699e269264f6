package table

import (
	"fmt"
	"strings"
	"testing"
)

// polluted is a clean table written down with one fault, after the catalogue of faults of Vitagliano et al.,
// "Pollock: a data loading benchmark" (VLDB 2023). The table itself is made up.
type polluted struct {
	name string
	text string
	want Dialect
	rows [][]string // what loading it should give, header first where there is one
}

// soiled describes how to write the source table.
type soiled struct {
	delim, quote, escape, eol string
	rowDelim                  map[int]string // delimiter of one row
	addSep, dropSep           [2]int         // row and column, from 0; row -1 for none
	extraQuote                [2]int
	headers                   int
	above, below              []string
	rows                      int
	end                       string
}

func source() [][]string {
	rows := [][]string{{"DATE", "TIME", "Qty", "CODE", "Price", "Kind", "Text", "URL", "Remarks"}}
	kinds := []string{"Men's Boots", "Lamp, Stripe", `Table, Round 48"`, "Socks", `Bike, 24"`, "Tee, Long-Sleeve", "Kids' Hat"}
	texts := []string{
		"Light, quick and rugged enough for the trail, and it keeps feet from feeling weighed down.",
		"Fits well in every bag",
		`Crisp action in our 8\'9" rod, made for her.`,
		"The next level of protection. From running, biking or walking, it won't let you down.",
		"Ideal for river and sea where there isn't space for more",
	}
	for i := range 24 {
		rows = append(rows, []string{
			fmt.Sprintf("%02d/%02d/2018", 13+i%15, 1+i%9), fmt.Sprintf("%02d:%02d", i, i*15%60), fmt.Sprint(i % 5),
			fmt.Sprintf("%c%c-%04d", 'A'+i%7, 'M'+i%5, 1009+i*37), fmt.Sprintf("$%d.%02d", 3+i*4, i*7%100),
			kinds[i%len(kinds)], texts[i%len(texts)], fmt.Sprintf("https://example.com/p/%c_%d.html", 'A'+i%7, 1009+i*37), "",
		})
	}
	return rows
}

// write spells the source table with the faults of w.
func (w soiled) write() string {
	rows := source()
	if w.rows > 0 {
		rows = rows[:w.rows]
	}
	var b strings.Builder
	for _, l := range w.above {
		b.WriteString(l + w.eol)
	}
	line := func(i int, cells []string) {
		delim := w.delim
		if d, ok := w.rowDelim[i]; ok {
			delim = d
		}
		for j, c := range cells {
			if j > 0 && w.dropSep != [2]int{i, j} {
				b.WriteString(delim)
			}
			if w.addSep == [2]int{i, j} {
				b.WriteString(delim)
			}
			quoted := strings.Contains(c, ",") || j == 7 && i > 0 || strings.Contains(c, w.quote) && w.quote == `"`
			if quoted {
				c = w.quote + strings.ReplaceAll(c, `"`, w.escape+`"`) + w.quote
			}
			if w.extraQuote == [2]int{i, j} {
				if quoted {
					c = w.quote + w.quote + c[1:]
				} else {
					c = w.quote + c
				}
			}
			b.WriteString(c)
		}
		b.WriteString(w.eol)
	}
	for range w.headers {
		line(0, rows[0])
	}
	for i, r := range rows[1:] {
		line(i+1, r)
	}
	for _, l := range w.below {
		b.WriteString(l + w.eol)
	}
	text := b.String()
	if w.end != "" {
		text = strings.TrimSuffix(text, w.eol) + strings.TrimPrefix(w.end, "none")
	}
	return text
}

// pollutions gives every fault, the faults of single cells for every row and column.
func pollutions() []polluted {
	clean := source()
	base := func() soiled {
		none := [2]int{-1, -1}
		return soiled{delim: ",", quote: `"`, escape: `"`, eol: "\r\n", headers: 1, addSep: none, dropSep: none, extraQuote: none}
	}
	var list []polluted
	add := func(name string, w soiled, change func(p *polluted)) {
		p := polluted{name: name, text: w.write(), want: Dialect{Delimiter: w.delim, Quote: rune(w.quote[0]), Header: w.headers}, rows: clean}
		if change != nil {
			change(&p)
		}
		list = append(list, p)
	}
	add("source", base(), nil)
	for _, d := range []string{";", "\t", "|", " "} {
		w := base()
		w.delim = d
		add(fmt.Sprintf("field_delimiter_%q", d), w, nil)
	}
	w := base()
	w.delim = ", "
	add("field_delimiter_comma_blank", w, func(p *polluted) { p.want.Delimiter = "," })
	w = base()
	w.quote = "'"
	add("quotation_char_apostrophe", w, nil)
	w = base()
	w.escape = `\`
	add("escape_backslash", w, func(p *polluted) { p.want.Escape = '\\' })
	w = base()
	w.escape = ""
	add("escape_missing", w, nil)
	for _, eol := range []string{"\n", "\r"} {
		w = base()
		w.eol = eol
		add(fmt.Sprintf("record_delimiter_%q", eol), w, nil)
	}
	w = base()
	w.end = "none"
	add("no_trailing_newline", w, nil)
	w = base()
	w.end = "\r\n\r\n"
	add("double_trailing_newline", w, nil)
	w = base()
	w.headers = 0
	add("no_header", w, func(p *polluted) { p.rows = clean[1:] })
	for n := 2; n <= 3; n++ {
		w = base()
		w.headers = n
		add(fmt.Sprintf("header_multirow_%d", n), w, func(p *polluted) {
			head := make([]string, len(clean[0]))
			for j, h := range clean[0] {
				head[j] = strings.TrimSpace(strings.Repeat(h+" ", n))
			}
			p.rows = append([][]string{head}, clean[1:]...)
		})
	}
	w = base()
	w.above = []string{"PREAMBLE,,,,,,,,", ",,,,,,,,"}
	add("preamble", w, func(p *polluted) { p.want.Skip = 2 })
	w = base()
	w.above = []string{"Report of things", "", "made on 2018-12-01"}
	add("preamble_plain", w, func(p *polluted) { p.want.Skip = 3 })
	w = base()
	w.rows = 1
	add("header_only", w, func(p *polluted) { p.rows = clean[:1]; p.want.Quote = 0 })
	w = base()
	w.rows = 2
	add("one_data_row", w, func(p *polluted) { p.rows = clean[:2] })
	for i := range clean {
		for j := range clean[i] {
			w = base()
			w.addSep = [2]int{i, j}
			add(fmt.Sprintf("more_sep_row%d_col%d", i, j), w, nil)
			w = base()
			w.extraQuote = [2]int{i, j}
			add(fmt.Sprintf("extra_quote_row%d_col%d", i, j), w, nil)
			if j > 0 {
				w = base()
				w.dropSep = [2]int{i, j}
				add(fmt.Sprintf("less_sep_row%d_col%d", i, j), w, nil)
			}
		}
		w = base()
		w.rowDelim = map[int]string{i: " "}
		add(fmt.Sprintf("row_delimiter_%d", i), w, nil)
	}
	return list
}

func TestSniffPollutions(t *testing.T) {
	t.Parallel()
	list := pollutions()
	wrong := 0
	for _, p := range list {
		d := Sniff([]byte(p.text), true, nil, Dialect{}).Dialect
		if d.Delimiter != p.want.Delimiter || d.Quote != p.want.Quote || d.Escape != p.want.Escape || d.Header != p.want.Header || d.Skip != p.want.Skip || d.Footer != 0 {
			wrong++
			t.Logf("%s: delimiter %q quote %q escape %q header %d skip %d footer %d", p.name, d.Delimiter, d.Quote, d.Escape, d.Header, d.Skip, d.Footer)
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d wrong", wrong, len(list))
	}
}
