package upload_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"cadastro/internal/errs"
	"cadastro/internal/upload"
)

// TestCleanName: names of clients are shown and offered for downloads.
func TestCleanName(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("á", 200) + ".xlsx"
	for in, want := range map[string]string{
		"clientes.csv":                   "clientes.csv",
		`C:\Users\ana\clientes 2026.csv`: "clientes 2026.csv",
		"../../etc/passwd":               "passwd",
		"a\x00b\r\nSet-Cookie: x.csv":    "ab Set-Cookie: x.csv",
		"fatura\u202Evsc.exe":            "faturavsc.exe",
		"<script>alert(1)</script>.csv":  "script>.csv",
		"":                               "upload",
		"..":                             "upload",
		"  nome   com  espaços.csv ":     "nome com espaços.csv",
		"\xff\xfe.csv":                   "\uFFFD.csv",
	} {
		if got := upload.CleanName(in); got != want {
			t.Errorf("CleanName(%q) = %q, want %q", in, got, want)
		}
	}
	if got := upload.CleanName(long); len(got) > 255 || !strings.HasSuffix(got, ".xlsx") || !utf8.ValidString(got) {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}

// TestFromForm: the fields stand before the file, which is a stream.
func TestFromForm(t *testing.T) {
	t.Parallel()
	const boundary = "xyz"
	request := func(body string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.ReplaceAll(body, "\n", "\r\n")))
		r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
		return r
	}
	const field = "--xyz\nContent-Disposition: form-data; name=\"purpose\"\n\nadd\n"
	const file = "--xyz\nContent-Disposition: form-data; name=\"file\"; filename=\"../a b.csv\"\nContent-Type: text/csv\n\nNome\nAna\n--xyz--\n"
	name, body, fields, err := upload.FromForm(request(field + file))
	if err != nil || name != "a b.csv" || fields.Get("purpose") != "add" {
		t.Fatal(name, fields, err)
	}
	if b, err := io.ReadAll(body); err != nil || string(b) != "Nome\r\nAna" {
		t.Fatalf("%q, %v", b, err)
	}
	for what, c := range map[string]struct{ body, code string }{
		"no file":     {field + "--xyz--\n", "upload.no_file"},
		"none chosen": {field + "--xyz\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\n\n\n--xyz--\n", "upload.no_file"},
		"long fields": {strings.Replace(field, "add", strings.Repeat("x", 2<<20), 1) + file, "upload.form_too_large"},
		"many fields": {strings.Repeat(field, 300) + file, "upload.form_too_large"},
		"broken off":  {"--xyz\nContent-Disposition: form-data; name=\"purpose\"\n\nad", "upload.cut"},
		"empty":       {"", "upload.cut"},
	} {
		if _, _, _, err := upload.FromForm(request(c.body)); errs.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", what, err, c.code)
		}
	}
	cut := strings.TrimSuffix(file, "\n--xyz--\n")
	if _, body, _, err = upload.FromForm(request(cut)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(body); errs.CodeOf(err) != "upload.cut" {
		t.Errorf("a file that breaks off: %v", err)
	}
	plain := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("a=b"))
	plain.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if _, _, _, err := upload.FromForm(plain); errs.CodeOf(err) != "upload.no_form" {
		t.Error(err)
	}
}
