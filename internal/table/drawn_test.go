package table

import (
	"strings"
	"testing"
)

// TestDrawn: tables that programs draw for people, and what else stands around delimiters.
func TestDrawn(t *testing.T) {
	t.Parallel()
	const head, rows = "nome|telefone|cidade", "Ana Lima|(11) 98765-4321|São Paulo/Beto D'Ávila|(21) 99876-5432|Niterói/Carla Dias|(31) 91234-5678|Ouro Preto/Davi Luz|(41) 91234-5678|Caixa d'Água"
	each := func(before, delim, after string) string {
		return before + strings.ReplaceAll(strings.ReplaceAll(rows, "|", delim), "/", after+"\n"+before) + after + "\n"
	}
	top := func(delim string) string { return strings.ReplaceAll(head, "|", delim) }
	const want = head + "/" + rows
	framed := "|" + strings.ReplaceAll(want, "/", "|/|") + "|"
	for _, c := range []struct{ name, in, want, notes string }{
		{"psql", " " + top(" | ") + " \n------+----------+--------\n" + each(" ", " | ", "") + "(4 rows)\n", want, "sniff.footer sniff.ruler"},
		{"markdown", "| " + top(" | ") + " |\n|------|:--------:|--------|\n" + each("| ", " | ", " |"), framed, "sniff.ruler"},
		{"mysql", "+------+----------+--------+\n| " + top(" | ") + " |\n+------+----------+--------+\n" + each("| ", " | ", " |") + "+------+----------+--------+\n4 rows in set\n", framed, "sniff.footer sniff.preamble sniff.ruler"},
		{"ruler of cells", top(";") + "\n----;--------;------\n" + each("", ";", ""), want, "sniff.ruler"},
		{"blank behind commas", top(", ") + "\n" + each("", ", ", ""), want, ""},
		{"blank behind some commas", top(",") + "\n" + each("", ",", "") + "Eva, (51) 91234-5678, Natal\n", want + "/Eva| (51) 91234-5678| Natal", ""},
		{"blank behind commas, quoted", strings.ReplaceAll(top(`", "`), "nome", `"nome`) + "\"\n" + each(`"`, `", "`, `"`), want, ""},
		{"header of words", top(" ") + "\n" + each("", ",", ""), want, "sniff.header_delimiter"},
		{"U+0001", top("\x01") + "\n" + each("", "\x01", ""), want, ""},
		{"U+001F", top("\x1f") + "\n" + each("", "\x1f", ""), want, ""},
		{"apostrophes inside apostrophes", "'" + top("','") + "'\n" + each("'", "','", "'"), want, "sniff.quote_other"},
		{"wrapped, quotes inside doubled", "\"nome;\"\"telefone\"\";cidade\"\n\"Ana;\"\"11 98765-4321\"\";São Paulo\"\n\"Bia;\"\"21 99876-5432\"\";Natal\"\n", head + "/Ana|11 98765-4321|São Paulo/Bia|21 99876-5432|Natal", "sniff.wrapped"},
	} {
		g, got := detectAndRead(t, c.in, Dialect{})
		for _, code := range []string{"{cell.inner_quotes@0}", "{cell.inner_quotes@2}"} {
			got = strings.ReplaceAll(got, code, "")
		}
		if got != c.want || notesOf(g) != c.notes {
			t.Errorf("%s:\n got %q %s\nwant %q %s", c.name, got, notesOf(g), c.want, c.notes)
		}
	}
}

func TestGuessOfText(t *testing.T) {
	t.Parallel()
	g, _ := detectAndRead(t, "Nome;Telefone\n\"Ana\";1\nBia;2\n", Dialect{})
	if g.Width != 2 || !g.QuoteSeen || g.SecondTable != 0 {
		t.Errorf("%+v", g)
	}
	if g, _ = detectAndRead(t, "Nome;Telefone\nAna;1\nBia;2\n", Dialect{}); g.QuoteSeen {
		t.Error("a quote was seen where there is none")
	}
}

// TestFallback: lines of another charset than the file's are read in theirs, when previewed and when imported.
func TestFallback(t *testing.T) {
	t.Parallel()
	data := "Nome;Cidade\n" + strings.Repeat("José;São Paulo\n", 20) + "Jo\xe3o;Goi\xe2nia\n" + "Zé;Belém\n"
	g, got := detectAndRead(t, data, Dialect{})
	if g.Dialect.Fallback != "windows-1252" || !strings.Contains(got, "/João|Goiânia{cell.bad_bytes@0}{cell.bad_bytes@1}/Zé|Belém") {
		t.Errorf("%q %q", g.Dialect.Fallback, got)
	}
}
