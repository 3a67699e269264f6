package table

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"cadastro/internal/errs"
)

// fuzzDialects are the syntaxes that fuzzing goes through, by number.
var fuzzDialects = []Dialect{
	semicolon, comma, backslash, unquoted, unquotedB, lineOnly,
	{Delimiter: "||", Quote: '"'}, {Delimiter: ", ", Quote: '\''}, {Delimiter: " ", Quote: '"'},
	{Delimiter: "\t", Quote: '"'}, {Delimiter: "~|~", Quote: '|'}, {Delimiter: "\x1f", Escape: '^'},
}

func seed(f *testing.F) {
	for i, c := range parseCases {
		f.Add([]byte(c.in), uint8(i))
	}
	for i, c := range readCases {
		f.Add([]byte(c.in), uint8(i))
	}
	for _, s := range []string{"\"", "\"\"", ";\"", "\"\r", "=\"", "=\"\";", "\\", "\"\\", "\r\r", "\xef\xbb", "\"a\"\r\r\n\"", "a;\"b\n\"c\n\"\";\"d"} {
		f.Add([]byte(s), uint8(0))
	}
}

// FuzzParse: no byte of a text is lost but syntax, whatever the size of the pieces it comes in.
func FuzzParse(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text []byte, n uint8) {
		d := fuzzDialects[int(n)%len(fuzzDialects)]
		p := newTextParser(text, d)
		piecewise := newParser(iotest.HalfReader(bytes.NewReader(text)), d, 0)
		syntax := string(p.delim) + string(p.quote) + " \t="
		if p.escape != 0 {
			syntax += string(rune(p.escape))
		}
		var (
			rec, same record
			at        int
			line      int64 = 1
		)
		for {
			err := p.next(&rec)
			if e := piecewise.next(&same); e != err {
				t.Fatalf("%v in memory, %v from a stream", err, e)
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			piece := text[at:p.r]
			for bytes.HasPrefix(piece, []byte(bom)) {
				piece = piece[len(bom):]
			}
			if !bytes.HasPrefix(piece, rec.raw) || strings.Trim(string(piece[len(rec.raw):]), "\r\n") != "" {
				t.Fatalf("record %q of piece %q", rec.raw, piece)
			}
			if rec.line != line || rec.lines != countLines(rec.raw)+1 {
				t.Fatalf("record %q: line %d of %d lines, want line %d", rec.raw, rec.line, rec.lines, line)
			}
			line += int64(rec.lines)
			at = p.r
			if !bytes.Equal(rec.raw, same.raw) || !bytes.Equal(rec.data, same.data) || !slices.Equal(rec.cells, same.cells) || !slices.Equal(rec.faults, same.faults) {
				t.Fatalf("record %q differs when streamed: %q", rec.raw, same.raw)
			}
			rest := rec.raw
			for i := range rec.cells {
				for _, c := range rec.cell(i) {
					k := bytes.IndexByte(rest, c)
					if k < 0 || strings.Trim(string(rest[:k]), syntax) != "" {
						t.Fatalf("record %q: %q lost before %q of cell %d %q", rec.raw, rest, c, i, rec.cell(i))
					}
					rest = rest[k+1:]
				}
			}
			if left := strings.Trim(string(rest), syntax); left != "" {
				t.Fatalf("record %q: %q lost", rec.raw, left)
			}
		}
		if tail := bytes.TrimSpace(text[at:]); len(bytes.ReplaceAll(tail, []byte(bom), nil)) > 0 {
			t.Fatalf("%q was not read", tail)
		}
	})
}

// FuzzStrict: strict reading takes only what tolerant reading takes without complaint, and in the same way.
func FuzzStrict(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text []byte, n uint8) {
		d := fuzzDialects[int(n)%len(fuzzDialects)]
		d.Header = int(n>>4) % 3
		d.Strict = true
		strict, err := readCells(string(text), d)
		if err != nil {
			return
		}
		d.Strict = false
		tolerant, err := readCells(string(text), d)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(strict, tolerant, func(a, b Row) bool { return slices.Equal(a.Cells, b.Cells) && a.Line == b.Line }) {
			t.Fatalf("strict %v, tolerant %v", strict, tolerant)
		}
		for _, r := range tolerant {
			if errs.Worst(r.Issues) > 0 {
				t.Fatalf("strict took row %d: %v", r.Number, r.Issues)
			}
		}
	})
}

func readCells(text string, d Dialect) ([]Row, error) {
	c := &counter{src: strings.NewReader(text)}
	r, err := newDelimited(c, c, nil, d, Limits{})
	if err != nil {
		return nil, err
	}
	var (
		rows []Row
		row  Row
	)
	for {
		if err := r.Read(&row); err == io.EOF {
			return rows, nil
		} else if err != nil {
			return nil, err
		}
		row.Cells, row.Extra = slices.Clone(row.Cells), slices.Clone(row.Extra)
		rows = append(rows, row)
	}
}

// FuzzOpen: whatever the bytes are, Open and Read end without panic, and rows have the table's width.
func FuzzOpen(f *testing.F) {
	for _, c := range openCases {
		f.Add([]byte(c.data))
	}
	for _, c := range readCases {
		f.Add([]byte(c.in))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lim := Limits{Inflated: 1 << 22, Rows: 10_000}
		r, err := Open(context.Background(), sourceOf("x", string(data)), Dialect{}, lim)
		if err != nil {
			if errs.CodeOf(err) == "" {
				t.Fatalf("an error without code: %v", err)
			}
			return
		}
		defer r.Close()
		var (
			row  Row
			last Row
		)
		for r.Read(&row) == nil {
			if len(row.Cells) != len(r.Header()) || row.Number != last.Number+1 || row.Line <= last.Line {
				t.Fatalf("row %+v after %+v, header %q", row, last, r.Header())
			}
			last.Number, last.Line = row.Number, row.Line
		}
	})
}
