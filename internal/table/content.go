package table

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"
)

// content is what a file is by its first bytes.
type content string

// Contents that are looked into further. Any other is no table, and its value is the name that people know it
// by, the same in every language; isUnknown has none.
const (
	isText    content = "text"
	isGzip    content = "gzip"
	isZip     content = "zip"
	isOLE     content = "ole"
	isUnknown content = "unknown"
)

// signature is the beginning of a file of some kind, at offset at.
type signature struct {
	at    int
	magic string
	kind  content
}

// signatures are from the formats' own specifications; longer ones stand before shorter ones.
var signatures = []signature{
	{0, "\x1f\x8b", isGzip},
	{0, "PK\x03\x04", isZip},
	{0, "PK\x05\x06", isZip},
	{0, "PK\x07\x08", isZip},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", isOLE},
	{0, "%PDF-", "PDF"},
	{0, "\x89PNG\r\n\x1a\n", "PNG"},
	{0, "\xff\xd8\xff", "JPEG"},
	{0, "GIF87a", "GIF"},
	{0, "GIF89a", "GIF"},
	{8, "WEBP", "WebP"},
	{0, "II*\x00", "TIFF"},
	{0, "MM\x00*", "TIFF"},
	{4, "ftypheic", "HEIC"},
	{4, "ftyp", "MP4"},
	{8, "WAVE", "WAV"},
	{0, "ID3", "MP3"},
	{0, "OggS", "OGG"},
	{0, "\x7fELF", "ELF"},
	{0, "{\\rtf", "RTF"},
	{0, "SQLite format 3\x00", "SQLite"},
	{4, "Standard Jet DB", "Access"},
	{4, "Standard ACE DB", "Access"},
	{0, "7z\xbc\xaf\x27\x1c", "7z"},
	{0, "Rar!\x1a\x07", "RAR"},
	{0, "\xfd7zXZ\x00", "XZ"},
	{0, "BZh", "BZIP2"},
	{0, "\x28\xb5\x2f\xfd", "Zstandard"},
	{257, "ustar", "TAR"},
	{0, "PAR1", "Parquet"},
	{0, "%!PS", "PostScript"},
}

// recognise names the container by its first bytes; isText where no signature fits.
func recognise(head []byte) content {
	for _, s := range signatures {
		if len(head) < s.at+len(s.magic) || string(head[s.at:s.at+len(s.magic)]) != s.magic {
			continue
		}
		if s.kind == "BZIP2" && (len(head) < 10 || string(head[4:10]) != "1AY&SY") {
			continue
		}
		return s.kind
	}
	// A program for Windows starts with two letters that a word may start with too; its header is binary.
	if len(head) > 64 && head[0] == 'M' && head[1] == 'Z' && bytes.IndexByte(head[:64], 0) >= 0 {
		return "EXE"
	}
	return isText
}

// recogniseText tells the format of a text by its beginning, in UTF-8. kind is set where it is a text that
// holds no table. whole says that head is all of it.
func recogniseText(head []byte, whole bool) (f Format, kind content) {
	text := strings.TrimLeft(string(head[:min(len(head), 512<<10)]), "\uFEFF \t\r\n\x00")
	start := strings.ToLower(text[:min(len(text), 4096)])
	switch {
	case text == "":
		return CSV, ""
	case strings.HasPrefix(start, "begin:vcard"):
		return VCard, ""
	case strings.HasPrefix(start, "begin:vcalendar"):
		return "", "iCalendar"
	case strings.HasPrefix(start, "mime-version:") && strings.Contains(start, "multipart/related"):
		return "", "MHTML"
	case text[0] == '<':
		return recogniseMarkup(text, start)
	case text[0] == '{' || text[0] == '[':
		return recogniseJSON(text, whole && len(head) <= 512<<10)
	case isBinary(head):
		return "", isUnknown
	}
	return CSV, ""
}

// recogniseMarkup takes text that begins with "<" apart; start is its beginning in lower case.
func recogniseMarkup(text, start string) (Format, content) {
	if strings.HasPrefix(start, "<?xml") && !strings.Contains(start, "<html") &&
		(strings.Contains(start, "urn:schemas-microsoft-com:office:spreadsheet") || strings.Contains(start, `progid="excel.sheet"`)) || strings.HasPrefix(start, "<workbook") || strings.HasPrefix(start, "<ss:workbook") {
		return XML03, ""
	}
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<meta", "<table", "<style", "<div", "<tr", "<center", "<font", "<script"} {
		if strings.HasPrefix(start, tag) || strings.HasPrefix(start, "<?xml") && strings.Contains(start, tag) ||
			strings.HasPrefix(start, "<!--") && strings.Contains(start, tag) {
			if strings.Contains(strings.ToLower(text), "<table") {
				return HTML, ""
			}
			return "", "HTML"
		}
	}
	switch {
	case strings.HasPrefix(start, "<?xml") || strings.HasPrefix(start, "<!doctype") || strings.HasPrefix(start, "<svg"):
		return "", "XML"
	}
	return CSV, ""
}

// recogniseJSON tells JSON from delimited text that begins with a bracket: as far as the head goes it must be
// JSON without fault. One object a line is NDJSON.
func recogniseJSON(text string, whole bool) (Format, content) {
	if line, rest, _ := strings.Cut(text, "\n"); text[0] == '{' && json.Valid([]byte(line)) {
		if rest = strings.TrimSpace(rest); rest != "" && rest[0] == '{' {
			return NDJSON, ""
		}
	}
	d := json.NewDecoder(strings.NewReader(text))
	first, err := d.Token()
	if err != nil {
		return CSV, ""
	}
	var second json.Token
	for n := 1; ; n++ {
		t, err := d.Token()
		if err == io.EOF || err == io.ErrUnexpectedEOF || err != nil && strings.Contains(err.Error(), "unexpected end") {
			if n < 2 || whole && err != io.EOF {
				return CSV, ""
			}
			break
		}
		if err != nil {
			return CSV, ""
		}
		if n == 1 {
			second = t
		}
	}
	switch {
	case first == json.Delim('{'):
		return JSON, ""
	case second == json.Delim('{') || second == json.Delim('['):
		return JSON, ""
	}
	return "", "JSON"
}

// isBinary tells if control characters that no text has are more than one in thirty. NULs are not counted:
// programs pad with them. Nor is one that stands in the text again and again: it is a delimiter (U+0001).
func isBinary(head []byte) bool {
	head = head[:min(len(head), 64<<10)]
	odd, most, nuls := 0, 0, 0
	var each [' ']int
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		switch {
		case r == utf8.RuneError:
			odd++
		case r == 0:
			nuls++
		case r >= '\t' && r <= '\r' || r >= 0x1A && r <= 0x1F:
		case r < ' ':
			odd++
			each[r]++
			most = max(most, each[r])
		case r == 0x7F || r >= 0x80 && r < 0xA0:
			odd++
		}
		i += n
	}
	if nuls == 0 && 20*(odd-most) <= odd && bytes.IndexByte(head, '\n') >= 0 {
		odd -= most
	}
	return odd >= 4 && 30*odd > len(head)
}
