package vcard

import (
	"bufio"
	"bytes"
	"io"
	"strings"
)

// lines gives the content lines of a file: unfolded, those of pictures cut short.
type lines struct {
	in    *bufio.Reader
	limit int
	line  int64 // the number of the physical line that comes next
	old   bool  // vCard 2.1: a fold stands before a blank that belongs to the text
	buf   []byte
	long  bool
}

// newLines bounds a content line at limit bytes; what is beyond is left out.
func newLines(in io.Reader, limit int) *lines {
	return &lines{in: bufio.NewReaderSize(in, 64<<10), limit: limit, line: 1}
}

// next gives the next content line that is not empty, and the physical line on which it starts.
func (l *lines) next() (text string, line int64, err error) {
	for {
		l.buf, l.long = l.buf[:0], false
		line = l.line
		if _, err := l.physical(); err != nil {
			return "", 0, err
		}
		if len(l.buf) > 0 {
			break
		}
	}
	soft := isQuotedPrintable(l.buf)
	for {
		if soft && l.buf[len(l.buf)-1] == '=' { // RFC 2045, 6.7: a soft line break
			if mark, err := l.in.Peek(len(endMark)); err == nil && bytes.EqualFold(mark, []byte(endMark)) {
				break // nothing follows that the line could go on with
			}
			l.buf = append(l.buf, '\n') // taken out again by the decoding
			if _, err := l.physical(); err == io.EOF {
				break
			} else if err != nil {
				return "", 0, err
			}
			if l.buf[len(l.buf)-1] == '\n' {
				break
			}
			continue
		}
		b, err := l.in.Peek(1)
		if err != nil || b[0] != ' ' && b[0] != '\t' {
			break
		}
		if !l.old {
			_, _ = l.in.Discard(1)
		}
		n := len(l.buf)
		blank, err := l.physical()
		if err != nil && err != io.EOF {
			return "", 0, err
		}
		if blank && isPicture(l.buf) { // 2.1 ends a picture with a blank line, which some writers indent
			l.buf = l.buf[:n]
			break
		}
	}
	return string(l.buf), line, nil
}

// physical appends the next physical line; only the beginning of one that holds a picture. Lines end with CR, LF or
// both. blank tells that there is nothing on it.
func (l *lines) physical() (blank bool, err error) {
	any := false
	blank = true
	for {
		b, err := l.in.ReadByte()
		if err != nil {
			if any && err == io.EOF {
				return blank, nil
			}
			return blank, err
		}
		any = true
		if b == '\n' || b == '\r' {
			if next, err := l.in.Peek(1); b == '\r' && err == nil && next[0] == '\n' {
				_, _ = l.in.Discard(1)
			}
			l.line++
			return blank, nil
		}
		blank = blank && (b == ' ' || b == '\t' || b == 0)
		switch {
		case b == 0:
		case len(l.buf) >= l.limit:
			l.long = true
		case len(l.buf) < maxPicture || !isPicture(l.buf):
			l.buf = append(l.buf, b)
		default:
			if err := l.skip(); err != nil {
				return false, err
			}
			l.line++
			return false, nil
		}
	}
}

// skip passes over the rest of a physical line.
func (l *lines) skip() error {
	for {
		b, err := l.in.ReadByte()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if b == '\n' || b == '\r' {
			if next, err := l.in.Peek(1); b == '\r' && err == nil && next[0] == '\n' {
				_, _ = l.in.Discard(1)
			}
			return nil
		}
	}
}

// endMark ends a card.
const endMark = "END:VCARD"

// maxPicture is how much of a picture's line is kept.
const maxPicture = 256

// isPicture tells if a content line holds bytes and no text.
func isPicture(line []byte) bool {
	name, _, _ := splitName(string(line[:min(len(line), 64)]))
	switch name {
	case "PHOTO", "LOGO", "SOUND", "KEY", "X-PHOTO":
		return true
	}
	return false
}

// isQuotedPrintable tells if the parameters of a content line say so.
func isQuotedPrintable(line []byte) bool {
	head, _, _ := bytes.Cut(line, []byte(":"))
	return bytes.Contains(bytes.ToUpper(head), []byte("QUOTED-PRINTABLE"))
}

// splitName takes a content line apart: its name in capitals and its group; rest begins with ; or :, and is "" where
// there is neither.
func splitName(line string) (name, group, rest string) {
	i := strings.IndexAny(line, ";:")
	if i < 0 {
		return "", "", ""
	}
	name, rest = line[:i], line[i:]
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		group, name = name[:dot], name[dot+1:]
	}
	return strings.ToUpper(strings.TrimSpace(name)), strings.ToUpper(strings.TrimSpace(group)), rest
}
