package table

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"

	"cadastro/internal/errs"
)

func sourceOf(name, data string) Source {
	return Source{Name: name, Size: int64(len(data)), Data: strings.NewReader(data)}
}

func gz(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

// zipOf takes pairs of name and text.
func zipOf(files ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err != nil {
			panic(err)
		}
		io.WriteString(f, files[i+1])
	}
	w.Close()
	return b.String()
}

// encrypted sets the flag of encryption in every header of a zip.
func encrypted(z string) string {
	b := []byte(z)
	for i := 0; i+10 < len(b); i++ {
		switch string(b[i : i+4]) {
		case "PK\x03\x04":
			b[i+6] |= 1
		case "PK\x01\x02":
			b[i+8] |= 1
		}
	}
	return string(b)
}

const (
	smallCSV = "Nome;Telefone;Cidade\nAna Lima;(11) 98765-4321;São Paulo\nBeto Reis;(21) 99876-5432;Niterói\nCarla Dias;(31) 91234-5678;Ouro Preto\n"
	smallOut = "Ana Lima|(11) 98765-4321|São Paulo/Beto Reis|(21) 99876-5432|Niterói/Carla Dias|(31) 91234-5678|Ouro Preto"
)

// openCases give the rows, or "!" and the code of the error.
var openCases = []struct {
	name, file, data, want string
}{
	{"text", "c.csv", smallCSV, smallOut},
	{"wrong name", "c.xlsx", smallCSV, smallOut},
	{"gzip", "c.csv.gz", gz(smallCSV), smallOut},
	{"gzip of two members", "c.csv.gz", gz(smallCSV[:40]) + gz(smallCSV[40:]), smallOut},
	{"zip", "c.zip", zipOf("pasta/c.csv", smallCSV), smallOut},
	{"zip with traces", "c.zip", zipOf("c.csv", smallCSV, "__MACOSX/._c.csv", "x", ".DS_Store", "y", "pasta/", ""), smallOut},
	{"zip with a path", "c.zip", zipOf("../../etc/c.csv", smallCSV), smallOut},
	{"zip of several", "c.zip", zipOf("a.csv", smallCSV, "b.csv", smallCSV), "!file.several"},
	{"zip of none", "c.zip", zipOf(), "!file.empty"},
	{"zip in zip", "c.zip", zipOf("d.zip", zipOf("a.csv", smallCSV)), "!file.nested"},
	{"gzip in gzip", "c.gz", gz(gz(smallCSV)), "!file.nested"},
	{"gzip in zip", "c.zip", zipOf("a.gz", gz(smallCSV)), "!file.nested"},
	{"encrypted zip", "c.zip", encrypted(zipOf("a.csv", smallCSV)), "!file.encrypted"},
	{"cut gzip", "c.gz", gz(smallCSV)[:60], "!file.corrupt"},
	{"cut zip", "c.zip", zipOf("a.csv", smallCSV)[:60], "!file.corrupt"},
	{"damaged gzip", "c.gz", damaged(gz(smallCSV)), "!file.corrupt"},
	{"empty", "c.csv", "", "!file.empty"},
	{"only blanks", "c.csv", "\uFEFF \r\n\r\n\x00\x00\t\n", "!file.empty"},
	{"empty gzip", "c.gz", gz(""), "!file.empty"},
	{"pdf", "c.csv", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "!file.not_a_table"},
	{"png", "c.csv", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "!file.not_a_table"},
	{"jpeg", "c.csv", "\xff\xd8\xff\xe0\x00\x10JFIF\x00", "!file.not_a_table"},
	{"exe", "c.csv", "MZ\x90\x00\x03\x00\x00\x00\x04\x00" + strings.Repeat("\x00", 100), "!file.not_a_table"},
	{"a name like an exe", "c.csv", "MZ Nome;Fone\nAna;11\nBeto;12\n", "Ana|11/Beto|12"},
	{"rtf", "c.csv", "{\\rtf1\\ansi Ana;11}", "!file.not_a_table"},
	{"sqlite", "c.csv", "SQLite format 3\x00\x10\x00", "!file.not_a_table"},
	{"docx", "c.csv", zipOf("[Content_Types].xml", "<x/>", "word/document.xml", "<x/>"), "!file.not_a_table"},
	{"odt", "c.csv", zipOf("mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<x/>"), "!file.not_a_table"},
	{"random bytes", "c.csv", strings.Repeat("\x01\x9f\x02\x8d\x03\x05\x06\xfe\x10\x11", 50), "!file.binary"},
	{"web page", "c.csv", "<!DOCTYPE html><html><body><p>Entre na sua conta</p></body></html>", "!file.not_a_table"},
	{"xml", "c.csv", "<?xml version=\"1.0\"?><nfe><x>1</x></nfe>", "!file.not_a_table"},
	{"json of numbers", "c.csv", "[1, 2, 3]", "!file.not_a_table"},
	{"calendar", "c.csv", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "!file.not_a_table"},
}

func damaged(s string) string {
	b := []byte(s)
	b[len(b)-6] ^= 0xFF // in the checksum
	return string(b)
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for _, c := range openCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got string
			r, err := Open(t.Context(), sourceOf(c.file, c.data), Dialect{}, Limits{})
			if err != nil {
				got = "!" + errs.CodeOf(err)
			} else {
				_, got = readAll(t, r)
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			}
			if got != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
		})
	}
}

func TestDetectFormat(t *testing.T) {
	t.Parallel()
	sheet := zipOf("[Content_Types].xml", "<x/>", "xl/workbook.xml", "<x/>")
	for _, c := range []struct {
		name, data string
		want       Format
	}{
		{"xlsx", sheet, XLSX},
		{"absolute names", zipOf("/[Content_Types].xml", "<x/>", "/xl/workbook.xml", "<x/>"), XLSX},
		{"xlsx in gzip", gz(sheet), XLSX},
		{"xlsx in zip", zipOf("a.xlsx", sheet), XLSX},
		{"ods", zipOf("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<x/>"), ODS},
		{"html", "<html><body>\n<TABLE><tr><td>Ana</td></tr></TABLE>", HTML},
		{"html table in utf-16", "\xff\xfe" + utf16le("<table><tr><td>Ana</td></tr></table>"), HTML},
		{"excel 2003", `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>`, XML03},
		{"vcard", "\uFEFFBEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEND:VCARD\r\n", VCard},
		{"ndjson", "{\"nome\":\"Ana\"}\n{\"nome\":\"Beto\"}\n", NDJSON},
		{"json", "[\n  {\"nome\": \"Ana\"}\n]", JSON},
		{"json object", "{\n  \"contatos\": []\n}", JSON},
		{"text that begins with a bracket", "[x];b\n1;2\n", CSV},
		{"text that begins with a brace", "{nome};b\n1;2\n", CSV},
		{"text that begins with an angle", "<Ana>;b\n1;2\n", CSV},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, err := identify(t.Context(), sourceOf("x.csv", c.data), Dialect{}, Limits{}.WithDefaults())
			if err != nil || f.format != c.want {
				t.Errorf("got %q %v, want %q", f.format, err, c.want)
			}
		})
	}
}

func TestDetectSample(t *testing.T) {
	t.Parallel()
	g, err := Detect(t.Context(), sourceOf("c.zip", zipOf("pasta/clientes.csv", "sep=;\r\n"+smallCSV)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	d := g.Dialect
	if d.Format != CSV || d.Compression != "zip" || d.Delimiter != ";" || d.Charset != "utf-8" || !d.SepLine || d.Skip != 1 || d.Header != 1 {
		t.Errorf("dialect %+v", d)
	}
	if g.Name != "clientes.csv" || len(g.Sample.Rows) != 3 || g.Sample.Rows[2].Cells[2] != "Ouro Preto" || g.Sample.Rows[0].Cells[0] != "Ana Lima" {
		t.Errorf("name %q sample %v", g.Name, g.Sample)
	}
	g, err = Detect(t.Context(), sourceOf("c.csv", "Nome;Telefone;E-mail\n"), Limits{})
	if err != nil || len(g.Notes) == 0 || g.Notes[len(g.Notes)-1].Code != "file.header_only" {
		t.Errorf("header only: %v, notes %v", err, g.Notes)
	}
}

// TestDetectLateAccent: the charset is known though the first accent comes after megabytes, also inside a gzip.
func TestDetectLateAccent(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("Nome;Telefone\n")
	for i := range 100_000 {
		fmt.Fprintf(&b, "Ana Lima %d;(11) 98765-%04d\n", i, i%10000)
	}
	for range 20 {
		b.WriteString("Jos\xe9 da Concei\xe7\xe3o;(11) 98765-4321\n")
	}
	for _, data := range []string{b.String(), gz(b.String())} {
		g, err := Detect(t.Context(), sourceOf("c.csv", data), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if g.Dialect.Charset != "windows-1252" && g.Dialect.Charset != "iso-8859-1" {
			t.Errorf("charset %q", g.Dialect.Charset)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, data string
		lim        Limits
		want       string
	}{
		{"bytes", smallCSV, Limits{Bytes: 10}, "!file.too_large"},
		{"rows", smallCSV, Limits{Rows: 2}, "Ana Lima|(11) 98765-4321|São Paulo/Beto Reis|(21) 99876-5432|Niterói/!file.too_many_rows"},
		{"columns", smallCSV, Limits{Columns: 2}, "!file.too_many_columns"},
		{"inflated", gz(strings.Repeat(smallCSV, 5000)), Limits{Inflated: 10_000}, "!file.inflated_too_large"},
		{"cell", "Nome;Telefone\nAna;11987654321\nBeatrizBeatriz;11987654321\nCarla;11987654321\n", Limits{CellBytes: 12}, "Ana|11987654321/BeatrizBeatriz|11987654321{e cell.too_long@0}/Carla|11987654321"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got string
			r, err := Open(t.Context(), sourceOf("c.csv", c.data), Dialect{}, c.lim)
			if err != nil {
				got = "!" + errs.CodeOf(err)
			} else {
				_, got = readAll(t, r)
			}
			if got != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
		})
	}
}

// TestBomb: a gigabyte of zeros is refused long before its end.
func TestBomb(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	zeros := []byte(strings.Repeat(strings.Repeat("0", 2000)+";0\n", 512))
	for range 100 {
		w.Write(zeros)
	}
	w.Close()
	r, err := Open(t.Context(), sourceOf("c.gz", b.String()), Dialect{Format: CSV, Compression: "gzip", Delimiter: ";"}, Limits{})
	for err == nil {
		var row Row
		err = r.Read(&row)
	}
	if errs.CodeOf(err) != "file.bomb" || errs.KindOf(err) != errs.TooLarge {
		t.Errorf("got %v", err)
	}
}

// TestManyEntries: a zip whose directory is huge, or says so, is refused before it is read.
func TestManyEntries(t *testing.T) {
	t.Parallel()
	data := []byte(zipOf("a.csv", smallCSV))
	binary.LittleEndian.PutUint16(data[len(data)-12:], 60_000)
	_, err := Open(t.Context(), sourceOf("c.zip", string(data)), Dialect{}, Limits{})
	if errs.CodeOf(err) != "file.too_many_entries" {
		t.Errorf("got %v", err)
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := Open(ctx, sourceOf("c.csv", strings.Repeat(smallCSV, 20_000)), Dialect{}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	var row Row
	for err == nil {
		err = r.Read(&row)
	}
	if errs.KindOf(err) != errs.Cancelled {
		t.Errorf("got %v", err)
	}
}

func TestUnsupported(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), sourceOf("c.bin", "x"), Dialect{Format: "klingon"}, Limits{})
	if errs.CodeOf(err) != "file.format_unsupported" {
		t.Errorf("got %v", err)
	}
}
