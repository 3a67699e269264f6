package vcard

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cadastro/internal/errs"
)

var limits = Limits{CardBytes: 1 << 16, CellBytes: 1 << 12, Columns: 50}

func opener(text string) func() (io.Reader, error) {
	return func() (io.Reader, error) { return strings.NewReader(text), nil }
}

// readAll gives the columns that hold something, by card: line, column=value, codes of issues.
func readAll(text string, lim Limits) string {
	r, err := Open(opener(text), lim)
	if err != nil {
		return errs.CodeOf(err)
	}
	var out []string
	for {
		line, cells, issues, err := r.Next()
		if err == io.EOF {
			return strings.Join(out, " / ")
		}
		if err != nil {
			return errs.CodeOf(err)
		}
		s := fmt.Sprint(line)
		for i, c := range cells {
			if c != "" {
				s += "|" + r.Header()[i] + "=" + c
			}
		}
		for _, is := range issues {
			s += "{" + is.Severity.String() + " " + is.Code
			if is.Column >= 0 {
				s += "@" + r.Header()[is.Column]
			}
			s += "}"
		}
		out = append(out, s)
	}
}

// v puts lines into a card of the version.
func v(version string, lines ...string) string {
	return "BEGIN:VCARD\r\nVERSION:" + version + "\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCARD\r\n"
}

func TestRead(t *testing.T) {
	t.Parallel()
	picture := strings.Repeat(" "+strings.Repeat("A", 74)+"\r\n", 4000)
	for _, c := range []struct{ name, in, want string }{
		{"3.0", v("3.0", "N:Lima;Ana;Maria;Dra.;", "FN:Ana Maria Lima", "TEL;TYPE=CELL:+55 11 98765-4321", "EMAIL:ana@example.com"),
			"1|Name=Ana Maria Lima|First name=Ana Maria|Last name=Lima|Phone=+55 11 98765-4321|Email=ana@example.com"},
		{"2.1 quoted-printable", v("2.1", "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Ara=C3=BAjo;Jos=C3=A9", "TEL;CELL;PREF:11987650000"), "1|Name=José Araújo|First name=José|Last name=Araújo|Phone=11987650000"},
		{"2.1 latin", v("2.1", "FN;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:Jos=E9"), "1|Name=José"},
		{"2.1 without a charset", v("2.1", "FN;ENCODING=QUOTED-PRINTABLE:Jos=E9="), "1|Name=José"},
		{"soft line break", v("2.1", "NOTE;ENCODING=QUOTED-PRINTABLE:um=0D=0Adois=", " tr=C3=AAs=", "", "FN:Ana"), "1|Name=Ana|Notes=um\r\ndois três"},
		{"2.1 fold keeps the blank", v("2.1", "FN:Ana", " Lima"), "1|Name=Ana Lima"},
		{"3.0 fold drops the blank", v("3.0", "FN:Ana Li", " ma"), "1|Name=Ana Lima"},
		{"fold with a tab, LF", strings.ReplaceAll(v("3.0", "FN:Ana Li", "\tma"), "\r\n", "\n"), "1|Name=Ana Lima"},
		{"3.0 fold of blanks alone", v("3.0", "FN:Ana", "  ", " Lima"), "1|Name=Ana Lima"},
		{"CR", strings.ReplaceAll(v("3.0", "FN:Ana"), "\r\n", "\r"), "1|Name=Ana"},
		{"4.0", v("4.0", "FN:Bia", `TEL;VALUE=uri;PREF=1;TYPE="voice,home":tel:+55-11-5555-5555`, "BDAY:19900131T101112Z", "GENDER:F;x", "LANG:pt-BR"),
			"1|Name=Bia|Phone=tel:+55-11-5555-5555|Birthday=1990-01-31|Gender=F|Language=pt-BR"},
		{"preferred first", v("3.0", "FN:A", "TEL:1", "TEL;TYPE=pref:2", "TEL:3", "TEL:1", "TEL;PREF=1:4"), "1|Name=A|Phone=2|Phone 2=4|Phone 3=1|Phone 4=3"},
		{"fax", v("3.0", "FN:A", "TEL;TYPE=WORK,FAX:1", "TEL;TYPE=fax;TYPE=voice:2"), "1|Name=A|Phone=2|Fax=1"},
		{"groups", v("3.0", "FN:A", "item1.TEL:1", "item1.X-ABLabel:_$!<Mobile>!$_"), "1|Name=A|Phone=1"},
		{"address", v("3.0", "FN:A", `ADR;TYPE=HOME:;ap 3;Rua A\, 10;São Paulo;SP;01310-100;Brasil`, "ADR:;;Rua B;Natal;RN;;"),
			"1|Name=A|Street=Rua A, 10|Complement=ap 3|City=São Paulo|State=SP|Postal code=01310-100|Country=Brasil|Other address=Rua B Natal RN"},
		{"escapes", v("3.0", "FN:A", `NOTE:um\ndois\, três\; \\ c:\x`, "NOTE:mais", `CATEGORIES:VIP,a\,b`), "1|Name=A|Tags=VIP;a,b|Notes=um\ndois, três; \\ c:\\x\nmais"},
		{"company", v("3.0", "ORG:Loja;Vendas", "TITLE:Gerente", "ROLE:x", "URL:https://example.com", "NICKNAME:Lo,Jo"), "1|Name=Loja|Nickname=Lo, Jo|Company=Loja|Department=Vendas|Job title=Gerente|Website=https://example.com"},
		{"role", v("4.0", "FN:A", "ROLE:Gerente"), "1|Name=A|Job title=Gerente"},
		{"picture folded", v("3.0", "FN:A", "PHOTO;ENCODING=b:AAAA\r\n"+picture+"TEL:1"), "1|Name=A|Phone=1"},
		{"picture in one line", v("4.0", "PHOTO:data:image/jpeg;base64,"+strings.Repeat("A", 300000), "FN:A", "TEL:1"), "1|Name=A|Phone=1"},
		{"picture of 2.1", v("2.1", "PHOTO;JPEG;ENCODING=BASE64:AAAA", "BBBB", "CC==", "", "FN:A"), "1|Name=A"},
		{"no year", v("4.0", "FN:A", "BDAY:--0131") + v("3.0", "FN:B", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-01-31") + v("3.0", "FN:C", "BDAY:1990-01-31"),
			"1|Name=A{warning vcard.no_year@Birthday} / 6|Name=B{warning vcard.no_year@Birthday} / 11|Name=C|Birthday=1990-01-31"},
		{"two cards, one cut", v("3.0", "FN:A") + "BEGIN:VCARD\nFN:B\n" + v("3.0", "FN:C"), "1|Name=A / 5|Name=B{error vcard.cut} / 7|Name=C"},
		{"cut at the end", v("3.0", "FN:A") + "BEGIN:VCARD\nFN:B\nTE", "1|Name=A / 5|Name=B{warning vcard.bad_line}{error vcard.cut}"},
		{"bad line", v("3.0", "FN:A", "what is this", "TEL:1"), "1|Name=A|Phone=1{warning vcard.bad_line}"},
		{"stray text", "hello\n" + v("3.0", "FN:A") + "bye\n", "2|Name=A{warning vcard.stray_text} / 6{error vcard.stray_text}"},
		{"card in a card", v("2.1", "FN:A", "AGENT:", "BEGIN:VCARD", "FN:B", "TEL:9", "END:VCARD", "TEL:1"), "1|Name=A|Phone=1"},
		{"lower case and blanks", "begin:vcard\nfn: Ana \ntel;cell:1\nend:vcard", "1|Name=Ana|Phone=1"},
		{"blank lines, bom", "\ufeff\n\n" + v("3.0", "FN:A") + "\n\n" + v("3.0", "FN:B"), "3|Name=A / 9|Name=B"},
		{"long card", v("3.0", "FN:A", "NOTE:"+strings.Repeat("x", 70000)) + v("3.0", "FN:B"), "1|Name=A{error vcard.too_long} / 6|Name=B"},
		{"long cell", v("3.0", "FN:A", "NICKNAME:"+strings.Repeat("x", 5000)), "1|Name=A|Nickname=" + errs.Clip(strings.Repeat("x", 5000), errs.MaxIssueValue) + "{error cell.too_long@Nickname}"},
		{"base64 text", v("3.0", "FN;ENCODING=b:QW5h"), "1|Name=Ana"},
		{"nothing", "", ""},
	} {
		if got := readAll(c.in, limits); got != c.want {
			t.Errorf("%s:\n got %.400q\nwant %.400q", c.name, got, c.want)
		}
	}
}

func TestManyColumns(t *testing.T) {
	t.Parallel()
	if got := readAll(v("3.0", "FN:A", strings.Join(strings.Split(strings.Repeat("TEL:1", 60), "TEL:")[1:], "")), limits); !strings.HasPrefix(got, "1|") {
		t.Error(got)
	}
	var lines []string
	for i := range 60 {
		lines = append(lines, fmt.Sprintf("TEL:%d", i))
	}
	if got := readAll(v("3.0", lines...), limits); got != "file.too_many_columns" {
		t.Error(got)
	}
}

// TestFolded: a text comes back however it is folded and escaped.
func TestFolded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := "x" + rapid.StringMatching(`[a-zé ;,:\\"=\n😀]{0,200}`).Draw(t, "text") + "x"
		line := []byte("NOTE:" + strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(text))
		var folded []byte
		for i, b := range line {
			if i > 0 && i%rapid.IntRange(5, 75).Draw(t, "at") == 0 {
				folded = append(folded, "\r\n "...)
			}
			folded = append(folded, b)
		}
		r, err := Open(opener(v("3.0", "FN:A", string(folded))), limits)
		if err != nil {
			t.Fatal(err)
		}
		_, cells, issues, err := r.Next()
		if got := cells[len(cells)-1]; err != nil || got != text || len(issues) > 0 {
			t.Fatalf("got %q, want %q, %v %v", got, text, issues, err)
		}
	})
}

func FuzzOpen(f *testing.F) {
	for _, s := range []string{
		v("3.0", "N:Lima;Ana;;;", "TEL;TYPE=CELL:1", "ADR:;;Rua A\\, 1;SP;;;", "PHOTO;ENCODING=b:AAAA", " BBBB"),
		v("2.1", "FN;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9=", "=20x", "AGENT:", "BEGIN:VCARD", "END:VCARD"),
		v("4.0", `TEL;VALUE=uri;TYPE="a;b":tel:1`, "BDAY:--0131"), "BEGIN:VCARD\nFN:A\nBEGIN:VCARD\n", "x\nEND:VCARD",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Open(opener(text), limits)
		if err != nil {
			if errs.CodeOf(err) == "" {
				t.Fatal(err)
			}
			return
		}
		last := int64(0)
		for {
			line, cells, issues, err := r.Next()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if line < last || len(cells) != len(r.Header()) {
				t.Fatalf("line %d after %d, %d cells", line, last, len(cells))
			}
			for _, is := range issues {
				if is.Column < -1 || is.Column >= len(cells) {
					t.Fatalf("issue %+v", is)
				}
			}
			last = line
		}
	})
}
