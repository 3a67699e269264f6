package runs_test

import (
	"io"
	"mime"
	"strings"
	"testing"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/sheet"
	"cadastro/internal/xlsx"
)

// TestFiles: the files say what they have to, under safe names, and run nothing.
func TestFiles(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		w := newWorld(t, k, 7)
		w.done("base.csv", people(0, 30))
		source := mixed()
		w.done("Relação \"julho\"/../clientes.csv", source)

		a := w.get("/imports/2/files/original")
		if a.Body != source || a.Header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("original: %d bytes of %d, %v", len(a.Body), len(source), a.Header)
		}
		for _, path := range []string{"original", "result.csv", "result.xlsx", "errors.csv", "errors.xlsx"} {
			kind, args, err := mime.ParseMediaType(w.get("/imports/2/files/" + path).Header.Get("Content-Disposition"))
			if err != nil || kind != "attachment" || args["filename"] == "" || strings.ContainsAny(args["filename"], `/\"`) {
				t.Errorf("%s: %s, %v, %v", path, kind, args, err)
			}
		}
		a = w.get("/imports/2/files/result.csv")
		lines := strings.Split(strings.TrimSuffix(strings.TrimPrefix(a.Body, "\ufeff"), "\r\n"), "\r\n")
		if len(lines) != 41 || lines[0] != "Nome;Telefone;E-mail;Cidade;Status da importação;Erros" || !strings.Contains(a.Body, "'"+formula[:10]) {
			t.Errorf("%d lines: %s", len(lines), lines[0])
		}
		for _, c := range []struct {
			name string
			rows int
		}{{"result.xlsx", 41}, {"errors.xlsx", 11}} {
			if got := sheetRows(t, w.get("/imports/2/files/"+c.name).Body); len(got) != c.rows {
				t.Errorf("%s: %d rows", c.name, len(got))
			}
		}
		a = w.get("/imports/2/files/errors.csv")
		if n := strings.Count(a.Body, "\r\n"); n != 11 || strings.Contains(a.Body, "Pessoa") {
			t.Errorf("errors: %d lines\n%s", n, a.Body)
		}
		if a = w.ask(auth.Manager, "GET", "/imports/2/files/passwd", nil); a.StatusCode != 404 {
			t.Errorf("unknown file: %s", a.Status)
		}
	})
}

// sheetRows reads the first sheet of a workbook.
func sheetRows(t *testing.T, content string) (rows [][]string) {
	t.Helper()
	book, err := xlsx.Open(strings.NewReader(content), int64(len(content)), sheet.Limits{}.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	r, err := book.Rows(0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		var row sheet.Row
		if err := r.Next(&row); err == io.EOF {
			return rows
		} else if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row.Fill(nil))
	}
}

// TestFilesGone: when their days are over the files are gone, which the pages say; the numbers stay.
func TestFilesGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	w.done("base.csv", people(0, 9))
	s := w.App.Imports
	now := time.Now
	s.Now = func() time.Time { return now().Add(s.ResultExpiry + s.UndoExpiry + time.Hour) }
	for range 2 { // one thing of an import at a time
		if err := s.Sweep(w.ctx, w.Workspace); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]int{"/imports/1/files/result.csv": 404, "/imports/1/files/result.xlsx": 404, "/imports/1/files/errors.csv": 404,
		"/imports/1/files/errors.xlsx": 404, "/imports/1/files/original": 404, "/imports/1/undo": 409, "/imports/1/rows": 200, "/imports": 200} {
		if a := w.ask(auth.Manager, "GET", path, nil); a.StatusCode != want {
			t.Errorf("%s: %s\n%s", path, a.Status, a.Body)
		}
	}
	a := w.get("/imports/1")
	if total, _ := sums(t, a.one(t, "counts", class("counts"))); total != 9 {
		t.Errorf("the numbers sum to %d", total)
	}
	if !strings.Contains(a.Body, "já foi removido") || len(find(a.Tree, link("/imports/1/files/"))) != 0 || len(find(a.Tree, link("/imports/1/rows"))) != 0 {
		t.Error(text(a.one(t, "page", id("conteudo"))))
	}
}
