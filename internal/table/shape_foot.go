package table

import "strings"

// maxFoot bounds the rows that may be taken for totals and notes.
const maxFoot = 40

// foot sets End, Footer and FooterConfidence: totals, notes and page footers below the data.
func (s *shaper) foot(r *ShapeResult) {
	body := r.First + r.Header
	r.FooterConfidence = 0.9
	end := r.End
	for steps := 0; end > body && steps < maxFoot; steps++ {
		i := end - 1
		if s.fill[i] == 0 {
			end--
			continue
		}
		if !s.isFoot(i, body) {
			break
		}
		end--
	}
	// Below the last blank line there may be notes of several cells each.
	for end > body && s.fill[end-1] == 0 {
		end--
	}
	if end <= body && r.End > body { // everything looked like a footer: then nothing is
		end = r.End
		r.FooterConfidence = 0.5
	}
	r.End = end
	for i := end; i < len(s.rows); i++ {
		if s.fill[i] > 0 {
			r.Footer++
		}
	}
}

// isFoot says whether row i, with nothing but footers below it, is one itself.
func (s *shaper) isFoot(i, body int) bool {
	text := s.firstCell(i)
	if isTotalsLabel(text) && s.restIsNumbers(i) && (s.usual == 1 || s.fill[i] < s.usual || s.typicalIsText(s.left[i], body, i)) {
		return s.usual > 1 || len(strings.Fields(text)) > 1 || strings.ContainsAny(text, ":0123456789") || s.blankAbove(i)
	}
	narrow := s.usual > 1 && (s.fill[i] == 1 || s.fill[i] == 2 && s.usual >= 5)
	if isNoteText(text) && (narrow || s.usual == 1 || s.blankAbove(i) && s.left[i] == 0 && !s.holdsContact(i)) {
		return true
	}
	if !narrow || s.usual == 2 && s.fill[i] == 1 && !s.exact {
		return s.usual > 2 && s.onlySums(i, body)
	}
	if s.fill[i] == 1 && s.left[i] == 0 && s.usual >= 3 && s.readsLikeNote(i) {
		return s.exact && s.length(i) == 1 && !s.seenBefore(i, body) || s.loneTextIsRare(i, body) || s.blankAbove(i)
	}
	return s.onlySums(i, body)
}

// holdsContact says whether row i has a cell that only data has.
func (s *shaper) holdsContact(i int) bool {
	for _, k := range s.kinds[i] {
		if k == kindEmail || k == kindPhone || k == kindTaxID || k == kindPostal {
			return true
		}
	}
	return false
}

// readsLikeNote says whether the only text of row i is more than the name of a contact whose other cells
// are missing: a sentence, words with a number, or anything below a blank line.
func (s *shaper) readsLikeNote(i int) bool {
	switch k := s.kind(i, s.left[i]); {
	case k.typed():
		return false
	case k == kindProse, s.blankAbove(i):
		return true
	case k == kindText:
		return strings.ContainsAny(s.firstCell(i), "0123456789:.!") && len(strings.Fields(s.firstCell(i))) > 2
	}
	return false
}

// loneTextIsRare says whether hardly any data row fills its first cell alone, as row i does.
func (s *shaper) loneTextIsRare(i, body int) bool {
	lone, seen := 0, 0
	for k := body; k < i; k++ {
		if s.fill[k] > 0 {
			seen++
			if s.fill[k] == 1 {
				lone++
			}
		}
	}
	return seen >= 4 && lone*20 <= seen
}

// seenBefore says whether short rows such as i are usual in the data.
func (s *shaper) seenBefore(i, body int) bool {
	same, seen := 0, 0
	end := i
	for end > body && (s.fill[end-1] == 0 || s.length(end-1) == s.length(i)) {
		end--
	}
	for k := body; k < end; k++ {
		if s.fill[k] > 0 {
			seen++
			if s.length(k) == s.length(i) {
				same++
			}
		}
	}
	return same*10 > seen || seen == 0
}

func (s *shaper) blankAbove(i int) bool { return i > 0 && s.fill[i-1] == 0 }

// restIsNumbers says whether all cells behind the first are amounts or empty.
func (s *shaper) restIsNumbers(i int) bool {
	for j := s.left[i] + 1; j < len(s.kinds[i]); j++ {
		switch s.kinds[i][j].family() {
		case kindEmpty, kindInt, kindNull:
		default:
			return false
		}
	}
	return true
}

// typicalIsText says whether column j of the data holds other things than row i's label suggests: numbers,
// dates, or names of several words.
func (s *shaper) typicalIsText(j, body, i int) bool {
	numbers, seen := 0, 0
	for k := body; k < i && seen < 50; k++ {
		if kd := s.kind(k, j); kd != kindEmpty {
			seen++
			if kd.typed() {
				numbers++
			}
		}
	}
	return seen > 0 && numbers*2 > seen || isBareTotal(s.cell(i, j))
}

// onlySums says whether row i fills nothing but columns of numbers, while the first columns, which data
// always fills, are empty: a totals line without a label.
func (s *shaper) onlySums(i, body int) bool {
	if s.left[i] < 1 || s.fill[i]*2 > s.usual {
		return false
	}
	for j := range s.kinds[i] {
		kd := s.kinds[i][j]
		if kd == kindEmpty {
			continue
		}
		if kd.family() != kindInt {
			return isTotalsLabel(s.cell(i, j)) && s.left[i] == j && s.restIsNumbers(i)
		}
	}
	empty := 0
	for k := body; k < i; k++ {
		if s.wide(k) && s.kind(k, 0) == kindEmpty {
			empty++
		}
	}
	return empty == 0 && i-body >= 2
}

// isBareTotal says whether s is a totals label and nothing else.
func isBareTotal(s string) bool {
	switch strings.ToLower(strings.TrimRight(s, ": .")) {
	case "total", "totais", "totales", "totals", "total geral", "total general", "grand total", "gesamt", "summe", "totale", "total général", "soma", "suma", "subtotal", "sub-total", "sum", "tot", "gesamtsumme", "insgesamt":
		return true
	}
	return false
}

// isTotalsLabel says whether s begins as totals lines do: Total, Total geral, Total de registros: 120, Summe.
func isTotalsLabel(s string) bool {
	if isBareTotal(s) {
		return true
	}
	l := strings.ToLower(s)
	for _, p := range [...]string{"total ", "total:", "totais ", "totales ", "totals ", "subtotal", "grand total", "sub total", "soma ", "suma ", "summe ", "gesamt", "totale ", "total=", "** total", "*total", "* total", "=== total"} {
		if rest, ok := strings.CutPrefix(l, p); ok {
			return strings.ContainsAny(rest, ":0123456789=") || len(strings.Fields(rest)) <= 3
		}
	}
	return false
}

// noteStarts are how notes, page footers and traces of programs begin below a table.
var noteStarts = [...]string{
	"fonte:", "fuente:", "source:", "sources:", "quelle:", "fonte ", "fuente ", "source ", "nota:", "notas:", "nota ", "note:", "notes:", "note ", "obs:", "obs.:", "obs.", "observação", "observações", "observacion", "observações:", "hinweis", "anmerkung", "remarque",
	"fim do", "fim da", "fim de", "*** fim", "fin del", "fin de", "end of", "*** end", "--- end", "ende der", "eof",
	"página ", "pagina ", "page ", "seite ", "pág.", "gerado em", "gerado por", "emitido", "impresso em", "generado", "generated", "exported", "exportado", "created by", "created on", "criado em", "printed", "erstellt", "emissão", "emissao", "data de emissão", "relatório", "report generated", "copyright", "©", "(c)", "legenda", "legend", "leyenda",
	"registros:", "registros ", "records:", "record count", "number of records", "número de registros", "numero de registros", "quantidade de registros", "qtd de registros", "qtd. registros", "cantidad de registros", "anzahl", "linhas:", "rows:", "rows ", "count:", "query ok", "total de ", "total registros",
	"*", "†", "‡", "¹", "²", "--", "==", "__", "**", "##", "# ",
}

// isNoteText says whether s reads like a note below a table rather than a value of it.
func isNoteText(s string) bool {
	l := strings.ToLower(strings.TrimLeft(s, " \"'"))
	if l == "" {
		return false
	}
	for _, p := range noteStarts {
		if strings.HasPrefix(l, p) {
			return true
		}
	}
	if l[0] == '(' && strings.HasSuffix(l, ")") && strings.ContainsAny(l, "0123456789") {
		for _, w := range [...]string{"row", "rows", "record", "registro", "linha", "fila", "zeile", "affected"} {
			if strings.Contains(l, w) {
				return true
			}
		}
	}
	if len(l) > 2 && (l[0] == '(' || l[0] == '[') && l[1] >= '0' && l[1] <= '9' && (l[2] == ')' || l[2] == ']') {
		return true // [1] a numbered note
	}
	if len(l) > 3 && l[0] >= '0' && l[0] <= '9' && l[1] == ')' && l[2] == ' ' {
		return true
	}
	f := strings.Fields(l)
	if len(f) >= 2 && len(f) <= 4 && allDigits(f[0]) {
		switch strings.TrimRight(strings.Trim(f[1], "()."), ".") {
		case "registros", "registro", "rows", "row", "records", "linhas", "contatos", "filas", "resultados", "results", "contactos", "itens", "items":
			return true
		}
	}
	return false
}
