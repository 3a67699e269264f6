package charset

import (
	"testing"

	"cadastro/internal/errs"
)

func TestLookup(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"utf-8", UTF8}, {"UTF8", UTF8}, {"us-ascii", UTF8}, {" utf-8 ", UTF8},
		{"latin1", ISO88591}, {"ISO_8859-1", ISO88591}, {"ISO-8859-1", ISO88591}, {"L1", ISO88591},
		{"latin9", ISO885915}, {"ISO 8859-15", ISO885915},
		{"ANSI", Windows1252}, {"cp1252", Windows1252}, {"Windows 1252", Windows1252}, {"x-cp1252", Windows1252},
		{"IBM850", CP850}, {"850", CP850}, {"cp437", CP437}, {"IBM437", CP437},
		{"Mac", MacRoman}, {"macintosh", MacRoman}, {"x-mac-roman", MacRoman}, {"mac_roman", MacRoman},
		{"UTF-16", UTF16LE}, {"utf-16le", UTF16LE}, {"unicode", UTF16LE}, {"UTF-16BE", UTF16BE},
		{"windows-1250", "windows-1250"}, {"cp1251", "windows-1251"}, {"Shift_JIS", "shift_jis"}, {"sjis", "shift_jis"},
		{"KOI8-R", "koi8-r"}, {"gb18030", "gb18030"}, {"big5", "big5"}, {"cp858", "cp858"}, {"iso-8859-2", "iso-8859-2"}, {"cp866", "ibm866"},
		{"latin2", "iso-8859-2"}, {"euc-kr", "euc-kr"}, {"utf-32", "utf-32le"},
	} {
		if got, ok := Lookup(c.in); got != c.want || !ok {
			t.Errorf("Lookup(%q) = %q, %v; want %q", c.in, got, ok, c.want)
		}
	}
	for _, s := range []string{"", "no such", "utf-7", "replacement", "utf-99", "\x00"} {
		if got, ok := Lookup(s); ok {
			t.Errorf("Lookup(%q) = %q, want none", s, got)
		}
	}
}

// TestNamesAreWhole: every charset that faces offer, and that the detector may answer, can be looked up, labelled,
// decoded and encoded.
func TestNamesAreWhole(t *testing.T) {
	t.Parallel()
	names := Names()
	for _, c := range candidates() {
		names = append(names, c.name)
	}
	names = append(names, "utf-32le", "utf-32be", "iso-2022-jp", "hz-gb-2312", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr")
	for _, n := range names {
		if got, ok := Lookup(n); got != n || !ok {
			t.Errorf("Lookup(%q) = %q, %v", n, got, ok)
		}
		if Label(n) == "" {
			t.Errorf("%s has no label", n)
		}
		if _, err := NewReader(nil, n); err != nil {
			t.Errorf("NewReader(%q): %v", n, err)
		}
		if n != "hz-gb-2312" {
			if _, err := NewEncoder(n); err != nil {
				t.Errorf("NewEncoder(%q): %v", n, err)
			}
		}
		if _, err := NewDecoder(n, ""); (err == nil) != ASCIICompatible(n) {
			t.Errorf("NewDecoder(%q): %v, compatible %v", n, err, ASCIICompatible(n))
		}
	}
}

func TestUnknownCharset(t *testing.T) {
	t.Parallel()
	_, dec := NewDecoder("utf-16le", "")
	_, read := NewReader(nil, "klingon")
	_, enc := NewEncoder("klingon")
	for _, err := range []error{dec, read, enc} {
		if errs.CodeOf(err) != "charset.unknown" || errs.KindOf(err) != errs.Invalid {
			t.Errorf("got %v", err)
		}
	}
}

func TestASCIICompatible(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{UTF8: true, Windows1252: true, MacRoman: true, CP437: true, "koi8-r": true, "cp860": true, UTF16LE: false, "shift_jis": false, "gb18030": false, "ibm037": false, "utf-32le": false} {
		if got := ASCIICompatible(name); got != want {
			t.Errorf("ASCIICompatible(%q) = %v", name, got)
		}
	}
}
