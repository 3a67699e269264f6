package xmlscan

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"pgregory.net/rapid"

	"cadastro/internal/errs"
)

// events writes what the scanner gives in one line, texts joined.
func events(r io.Reader) (string, error) {
	s := New(Decode(r), 64)
	var b, text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			b.WriteString("[" + text.String() + "]")
			text.Reset()
		}
	}
	for {
		tok, err := s.Next()
		if err != nil {
			flush()
			return b.String(), err
		}
		switch tok {
		case EOF:
			flush()
			return b.String(), nil
		case Text:
			text.Write(s.AppendRaw(nil))
		case Start:
			flush()
			b.WriteString("<" + string(s.Name))
			for {
				k, v, ok := s.NextAttr()
				if !ok {
					break
				}
				b.WriteString(" " + string(k) + "=" + string(AppendText(nil, v)))
			}
			b.WriteString(">")
		case End:
			flush()
			b.WriteString("</" + string(s.Name) + ">")
		}
	}
}

func TestScan(t *testing.T) {
	t.Parallel()
	utf16le := func(s string) string {
		b := []byte{0xFF, 0xFE}
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
		return string(b)
	}
	tests := []struct{ in, want, code string }{
		{`<a/>`, "<a></a>", ""},
		{`<?xml version="1.0"?><x:a  b = "1"  x:c='>"/'><y:b/>t&amp;u</x:a >` + "\n", `<a b=1 c=>"/><b></b>[t&u]</a>[` + "\n]", ""},
		{`<a><!-- <b> --><![CDATA[<c>&amp;]]]]>x</a>`, "<a>[<c>&amp;]]x]</a>", ""},
		{"<a>1\r\n2\r3&#13;&#xA;</a>", "<a>[1\n2\n3\r\n]</a>", ""},
		{`<a>&unknown; & &#xZZ; &#1114112;&amp</a>`, "<a>[&unknown; & &#xZZ; &#1114112;&amp]</a>", ""},
		{"\xEF\xBB\xBF<a>é</a>", "<a>[é]</a>", ""},
		{utf16le(`<?xml version="1.0" encoding="UTF-16"?><a>é😀</a>`), "<a>[é😀]</a>", ""},
		{"<?xml version=\"1.0\" encoding=\"windows-1252\"?><a>\xe9\x80</a>", "<a>[é€]</a>", ""},
		{"<?xml version='1.0' encoding='UTF-8'?><a>\u00e9</a>", "<a>[é]</a>", ""},
		{`<a>`, "<a>", "file.corrupt"},
		{``, "", "file.corrupt"},
		{`<a></a></a>`, "<a></a>", "file.corrupt"},
		{`<a/><b/>`, "<a></a>", "file.corrupt"},
		{`<a b="`, "", "file.corrupt"},
		{`<a><b</a>`, "<a>", "file.corrupt"},
		{`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, "", "sheet.dtd"},
		{`<a><!ENTITY x "y"></a>`, "<a>", "sheet.dtd"},
		{strings.Repeat("<a>", 65), strings.Repeat("<a>", 64), "sheet.too_deep"},
	}
	for _, tt := range tests {
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(tt.in), "by bytes": iotest.OneByteReader(strings.NewReader(tt.in))} {
			got, err := events(r)
			if got != tt.want || errs.CodeOf(err) != tt.code {
				t.Errorf("%s %q: got %q %v, want %q %s", name, tt.in, got, err, tt.want, tt.code)
			}
		}
	}
}

// TestErrors: the reader's own error comes through, and a tag without end is refused before it fills the memory.
func TestErrors(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	if _, err := events(io.MultiReader(strings.NewReader("<a><b"), iotest.ErrReader(boom))); !errors.Is(err, boom) {
		t.Errorf("got %v", err)
	}
	if _, err := events(io.MultiReader(strings.NewReader("<a b='"), &endless{})); errs.CodeOf(err) != "sheet.text_too_long" {
		t.Errorf("got %v", err)
	}
}

type endless struct{}

func (*endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestSkip(t *testing.T) {
	t.Parallel()
	const doc = `<r><t:a x="1"><b>1</b><c/></t:a><t:a/><d>2</d></r>`
	for _, fast := range []bool{false, true} {
		s := New(strings.NewReader(doc), 64)
		seen := ""
		for {
			tok, err := s.Next()
			if err != nil {
				t.Fatal(err)
			}
			if tok == EOF {
				break
			}
			if tok != Start {
				continue
			}
			seen += string(s.Name)
			if s.Is("a") {
				if fast {
					err = s.SkipFast()
				} else {
					err = s.Skip()
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		if seen != "raad" {
			t.Errorf("fast %v: %s", fast, seen)
		}
	}
}

// TestOracle: text and attributes come out as encoding/xml has them.
func TestOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`[ -~\tà-ÿ😀]{0,200}`).Draw(rt, "text")
		var esc bytes.Buffer
		if err := xml.EscapeText(&esc, []byte(text)); err != nil {
			rt.Fatal(err)
		}
		doc := `<a k="` + esc.String() + `">` + esc.String() + `</a>`
		want := "<a k=" + text + ">"
		if text != "" {
			want += "[" + text + "]"
		}
		size := rapid.IntRange(1, 50).Draw(rt, "size")
		got, err := events(&slow{strings.NewReader(doc), size})
		if err != nil || got != want+"</a>" {
			rt.Fatalf("got %q %v", got, err)
		}
	})
}

type slow struct {
	r io.Reader
	n int
}

func (s *slow) Read(p []byte) (int, error) { return s.r.Read(p[:min(len(p), s.n)]) }

func FuzzScan(f *testing.F) {
	for _, s := range []string{`<a b="c">d<!-- e --><f/></a>`, `<a><![CDATA[x]]></a>`, "\xFF\xFE<\x00a\x00/\x00>\x00", `<?xml version="1.0" encoding="shift_jis"?><a>&#65;</a>`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		whole, err := events(bytes.NewReader(data))
		parts, err2 := events(iotest.OneByteReader(bytes.NewReader(data)))
		if whole != parts || (err == nil) != (err2 == nil) {
			t.Errorf("%q %v by bytes %q %v", whole, err, parts, err2)
		}
	})
}
