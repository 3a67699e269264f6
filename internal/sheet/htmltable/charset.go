package htmltable

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"
)

// sampleSize is how much of the page is looked at for its encoding.
const sampleSize = 4 << 20

// detect names the encoding of the page. A byte order mark decides; then the bytes, where they have accents and are
// valid UTF-8, which text of no other encoding is by chance; then what the page says of itself, unless that is the
// UTF-8 which it is not; else Windows-1252.
func detect(r io.ReaderAt, size int64) (string, error) {
	sample := make([]byte, min(size, sampleSize))
	n, err := r.ReadAt(sample, 0)
	if err != nil && err != io.EOF {
		return "", err
	}
	sample = sample[:n]
	_, declared, _ := charset.DetermineEncoding(sample[:min(n, 1024)], "")
	switch {
	case bytes.HasPrefix(sample, []byte{0xEF, 0xBB, 0xBF}), bytes.HasPrefix(sample, []byte{0xFF, 0xFE}), bytes.HasPrefix(sample, []byte{0xFE, 0xFF}):
		return declared, nil
	case bytes.HasPrefix(sample, []byte{'<', 0}):
		return "utf-16le", nil
	case bytes.HasPrefix(sample, []byte{0, '<'}):
		return "utf-16be", nil
	}
	switch valid := utf8.Valid(cutRune(sample)); {
	case valid && declared != "iso-2022-jp": // which is ASCII by its bytes
		return "utf-8", nil
	case declared != "utf-8":
		return declared, nil
	}
	return "windows-1252", nil
}

// cutRune leaves out a character at the end that may be cut off.
func cutRune(b []byte) []byte {
	for i := 1; i <= min(3, len(b)); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// decode gives r as UTF-8 without byte order mark.
func decode(r io.Reader, name string) io.Reader {
	if name == "utf-8" {
		br := bufio.NewReaderSize(r, 64<<10)
		if head, _ := br.Peek(3); bytes.Equal(head, []byte{0xEF, 0xBB, 0xBF}) {
			_, _ = br.Discard(3)
		}
		return br
	}
	enc, err := htmlindex.Get(name)
	if err != nil {
		enc = encoding.Replacement
	}
	br := bufio.NewReaderSize(transform.NewReader(r, enc.NewDecoder()), 64<<10)
	if head, _ := br.Peek(3); bytes.Equal(head, []byte{0xEF, 0xBB, 0xBF}) {
		_, _ = br.Discard(3)
	}
	return br
}
