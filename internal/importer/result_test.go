package importer_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/i18n"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
	"cadastro/internal/xlsx"
)

// resultCase is a file whose rows are anything but even.
type resultCase struct {
	name string
	data string
	d    table.Dialect
}

func resultCases(t *testing.T) []resultCase {
	t.Helper()
	long := strings.Repeat("um texto longo; com \"aspas\" e\nlinhas, ", 800) // 30 kB
	head := []string{"Nome", "Telefone", "Obs", ""}
	rows := [][]string{
		{"Ana Lima", "(11) 98765-0001", "fixo; às vezes", "a"},
		{"Bruno Dias"},
		{"", "", "", ""},
		{"Caio Reis", "(11) 98765-0003", "duas\nlinhas", ""},
		{"Dora Nunes", "123", "=1+1", "b"},
		{"", "  ", "", ""},
		{"Eva Melo", "(11) 98765-0005", long, "c"},
		{"Fábio Sá", "(11) 98765-0001", "\"repetido\"", ""},
		{"Gil Prado", "não tem", "", " d "},
		{"Hugo Paz", "(11) 98765-0008", "último", "e"},
	}
	for i := range 60 {
		rows = append(rows, []string{"Iara " + strconv.Itoa(i), "(11) 98766-" + strconv.Itoa(1000+i)})
	}
	var csv strings.Builder
	csv.WriteString("Relatório de clientes\r\n\r\n")
	for i, row := range append([][]string{head}, rows...) {
		if i == 4 {
			row = append(row, "sobra", "mais uma")
		}
		for k, c := range row {
			if k > 0 {
				csv.WriteByte(';')
			}
			if strings.ContainsAny(c, ";\"\n") {
				c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			csv.WriteString(c)
		}
		csv.WriteString("\r\n")
	}
	var book bytes.Buffer
	w := xlsx.NewWriter(&book, xlsx.WriterOptions{})
	fail := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	fail(w.Sheet("Clientes", make([]xlsx.Column, 6)))
	fail(w.Write([]string{"Relatório de clientes"}))
	fail(w.Write(nil))
	fail(w.Write(head))
	for _, row := range rows {
		fail(w.Write(row))
	}
	fail(w.Close())
	var lines strings.Builder
	for _, row := range rows {
		lines.WriteByte('{')
		for k, c := range row {
			if k > 0 {
				lines.WriteString(", ")
			}
			lines.WriteString(strconv.Quote([]string{"Nome", "Telefone", "Obs", "Sobra"}[k]) + ": " + strconv.Quote(c))
		}
		lines.WriteString("}\n\n")
	}
	return []resultCase{
		{"csv", csv.String(), table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Quote: '"', Header: 1, Skip: 2}},
		{"xlsx", book.String(), table.Dialect{Format: table.XLSX, Header: 1, Skip: 2}},
		{"ndjson", lines.String(), table.Dialect{Format: table.NDJSON}},
	}
}

// TestResultIsTheFile holds the files that go back to a person against the original, read once more: the same cells, row
// by row, whatever the plan made of them, at review, at the end, and where the import was cancelled on its way.
func TestResultIsTheFile(t *testing.T) {
	t.Parallel()
	for _, c := range resultCases(t) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, 3)
				w.resultIsTheFile(c, true)
				w.resultIsTheFile(c, false)
			})
		})
	}
}

func (w *world) resultIsTheFile(c resultCase, cancel bool) {
	t := w.t
	t.Helper()
	ctx := console()
	src := table.Source{Name: "teste." + c.name, Size: int64(len(c.data)), Data: strings.NewReader(c.data)}
	r, err := table.Open(ctx, src, c.d, table.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	s := importer.Settings{Dialect: c.d, Purpose: mapping.PurposeUpsert, Identifier: mapping.ByPhone, Country: "BR", Language: "pt-BR"}
	fields := map[string]string{"Nome": "name", "Telefone": "phone", "Obs": "notes"}
	for _, h := range r.Header() {
		s.Mapping.Columns = append(s.Mapping.Columns, mapping.Column{Header: h, Field: fields[h]})
	}
	r.Close()

	imp, err := w.imports.Upload(ctx, ws, src.Name, strings.NewReader(c.data), nil)
	if err != nil {
		t.Fatal(err)
	}
	if imp, err = w.imports.Review(ctx, ws, imp.ID, s, nil); err != nil {
		t.Fatal(err)
	}
	check := func(state string) {
		t.Helper()
		for errorsOnly, write := range map[bool]func(context.Context, *importer.Import, importer.Sink) error{false: w.imports.WriteResult, true: w.imports.WriteErrors} {
			var got bytes.Buffer
			tw := csvSink(t, &got)
			if err := write(ctx, imp, tw); err != nil {
				t.Fatal(err)
			}
			if err := tw.Flush(); err != nil {
				t.Fatal(err)
			}
			if want := w.readAgain(imp, src, errorsOnly); got.String() != want {
				t.Errorf("%s, errors only %v:\n%.2000q\nwant:\n%.2000q", state, errorsOnly, got.String(), want)
			}
		}
	}
	check("review")
	imp, err = w.imports.Apply(ctx, ws, imp.ID, func(p importer.Phase, _, _, _ int64) {
		if cancel && p == importer.PhaseApply {
			if err := w.imports.Cancel(ctx, ws, imp.ID); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := imp.Counts; n.Sum() == 0 || (n.Unprocessed > 0) != cancel || !cancel && n.Errors == 0 {
		t.Fatalf("%s %+v", imp.State, n)
	}
	check("end")
	if got, want := w.resultFile(imp), w.readAgain(imp, src, false); got != want {
		t.Errorf("result file:\n%.2000q\nwant:\n%.2000q", got, want)
	}
}

// csvSink writes as result files are written.
func csvSink(t testing.TB, to io.Writer) *table.Writer {
	t.Helper()
	w, err := table.NewWriter(to, table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Quote: '"'}, table.WriterOptions{BOM: true, Guard: true})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// readAgain makes a result file, or one of errors, out of the original.
func (w *world) readAgain(imp *importer.Import, src table.Source, errorsOnly bool) string {
	w.t.Helper()
	ctx := console()
	r, err := table.Open(ctx, src, imp.Settings.Dialect, table.Limits{})
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Close()
	text := w.imports.Texts.Printer(i18n.Portuguese)
	var names []string
	for i, h := range r.Header() {
		if h == "" {
			h = text.T("import.column_n", "n", i+1)
		}
		names = append(names, h)
	}
	var out bytes.Buffer
	tw := csvSink(w.t, &out)
	last := []string{"import.column.status", "import.column.errors"}
	if errorsOnly {
		last = []string{"import.column.row", "import.column.error"}
	}
	if err := tw.Write(append(names[:len(names):len(names)], text.T(last[0]), text.T(last[1]))); err != nil {
		w.t.Fatal(err)
	}
	var row table.Row
	err = w.imports.Results(ctx, imp, func(res *importer.RowResult) error {
		if err := r.Read(&row); err != nil {
			return err
		}
		if row.Number != res.Number || row.Line != res.Line {
			w.t.Errorf("row %d in line %d, the file has row %d in line %d", res.Number, res.Line, row.Number, row.Line)
		}
		if errorsOnly && res.Outcome != importer.RowError {
			return nil
		}
		cells := append([]string(nil), row.Cells...)
		for len(cells) < len(names) {
			cells = append(cells, "")
		}
		what := text.T("import.outcome." + res.Outcome.String())
		if errorsOnly {
			what = strconv.FormatInt(row.Line, 10)
		}
		return tw.Write(append(cells, what, importer.Explain(text, res, names)))
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := r.Read(&row); !errors.Is(err, io.EOF) {
		w.t.Errorf("the file has more rows: %v", err)
	}
	if err := tw.Flush(); err != nil {
		w.t.Fatal(err)
	}
	return out.String()
}
