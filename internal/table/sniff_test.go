package table

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// expectation is one line of testdata/sniff/expect.txt.
type expectation struct {
	file, delim, quote, escape string
	skip, header, footer       int
}

func expectations(t *testing.T) []expectation {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "sniff", "expect.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var list []expectation
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "# ") || len(f) != 7 {
			continue
		}
		e := expectation{file: f[0], delim: f[1], quote: f[2], escape: f[3]}
		e.skip, _ = strconv.Atoi(f[4])
		e.header, _ = strconv.Atoi(f[5])
		e.footer, _ = strconv.Atoi(f[6])
		list = append(list, e)
	}
	return list
}

func shown(d Dialect) (delim, quote, escape string) {
	names := map[string]string{"\t": "TAB", " ": "SP", "": "NONE", "\x1f": "US", "\x01": "SOH"}
	delim, quote, escape = d.Delimiter, "-", "-"
	if n, ok := names[delim]; ok {
		delim = n
	}
	if d.Quote != 0 {
		quote = string(d.Quote)
	}
	if d.Escape != 0 {
		escape = string(d.Escape)
	}
	return delim, quote, escape
}

func TestSniffHandMade(t *testing.T) {
	t.Parallel()
	for _, e := range expectations(t) {
		t.Run(e.file, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join("testdata", "sniff", e.file))
			if err != nil {
				t.Fatal(err)
			}
			r := Sniff(data, true, nil, Dialect{})
			delim, quote, escape := shown(r.Dialect)
			got := fmt.Sprintf("%s %s %s skip %d header %d footer %d", delim, quote, escape, r.Dialect.Skip, r.Dialect.Header, r.Dialect.Footer)
			want := fmt.Sprintf("%s %s %s skip %d header %d footer %d", e.delim, e.quote, e.escape, e.skip, e.header, e.footer)
			if got != want {
				t.Errorf("got  %s\nwant %s\nconfidence %.2f\nalternatives %+v", got, want, r.Confidence, r.Alternatives)
			}
		})
	}
}
