package jsonrows

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"strings"

	"cadastro/internal/errs"
)

var newline = []byte{'\n'}

// cutter cuts a text into its records without reading their inside.
type cutter struct {
	in    *bufio.Reader
	lines bool // one record a line
	array bool // the records are the elements of an array, which has been entered
	limit int
	line  int64
	buf   []byte
	long  bool // the record is over the limit: buf is not all of it
	first bool // no element of the array has been read
	depth int  // objects around the array that was found
}

func newCutter(in io.Reader, lines, array bool, limit int) *cutter {
	return &cutter{in: bufio.NewReaderSize(in, 64<<10), lines: lines, array: array, limit: limit, line: 1, first: true}
}

// next gives the bytes of the next record, nil where it is over the limit, and the line on which it starts.
func (c *cutter) next() (raw []byte, line int64, err error) {
	c.buf, c.long = c.buf[:0], false
	if c.lines {
		line, err = c.oneLine()
	} else {
		line, err = c.oneValue()
	}
	switch {
	case err != nil:
		return nil, 0, err
	case c.long:
		return nil, line, nil
	}
	return c.buf, line, nil
}

// oneLine takes the next line that holds anything.
func (c *cutter) oneLine() (int64, error) {
	for {
		line := c.line
		for {
			part, err := c.in.ReadSlice('\n')
			c.keep(part...)
			if err == nil {
				c.line++
				break
			}
			if err == io.EOF {
				if len(c.buf) == 0 {
					return 0, io.EOF
				}
				break
			}
			if err != bufio.ErrBufferFull {
				return 0, err
			}
		}
		c.buf = bytes.Trim(c.buf, "\ufeff\x1e \t\r\n")
		if len(c.buf) > 0 || c.long {
			return line, nil
		}
	}
}

// oneValue takes the next value of the array, or of the values that stand one after the other.
func (c *cutter) oneValue() (int64, error) {
	b, err := c.token()
	if c.array {
		switch {
		case err == io.EOF:
			return 0, cutOff()
		case err == nil && b == ']':
			return 0, io.EOF
		case err == nil && b == ',' && !c.first:
			if b, err = c.token(); err == io.EOF {
				return 0, cutOff()
			} else if err == nil && b == ']' { // a comma too many
				return 0, io.EOF
			}
		case err == nil && !c.first:
			return 0, c.broken()
		}
		c.first = false
	} else if err == nil && b == ',' {
		b, err = c.token()
	}
	if err != nil {
		return 0, err
	}
	line := c.line
	return line, c.take(b)
}

// take appends a value that begins with b.
func (c *cutter) take(b byte) error {
	c.keep(b)
	switch b {
	case '"':
		return c.text()
	case '{', '[':
	case ']', '}', ',', ':':
		return c.broken()
	default: // a number, true, false, null
		for {
			next, err := c.in.Peek(1)
			if err != nil || strings.IndexByte(",]}:{[\" \t\r\n", next[0]) >= 0 {
				return nil // a fault comes up with the next token
			}
			_, _ = c.in.Discard(1)
			c.keep(next[0])
		}
	}
	for depth := 1; depth > 0; {
		b, err := c.byte()
		if err != nil {
			return endedEarly(err)
		}
		c.keep(b)
		switch b {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			if err := c.text(); err != nil {
				return err
			}
		}
	}
	return nil
}

// text appends the rest of a string, its closing quote included.
func (c *cutter) text() error {
	for {
		if _, err := c.in.Peek(1); err != nil {
			return endedEarly(err)
		}
		ahead, _ := c.in.Peek(c.in.Buffered())
		n := 0
		for n < len(ahead) && ahead[n] != '"' && ahead[n] != '\\' {
			n++
		}
		c.keep(ahead[:n]...)
		c.line += int64(bytes.Count(ahead[:n], newline))
		if _, err := c.in.Discard(n); err != nil {
			return err
		}
		if n == len(ahead) {
			continue
		}
		b, err := c.byte()
		if err != nil {
			return endedEarly(err)
		}
		c.keep(b)
		if b == '"' {
			return nil
		}
		if b, err = c.byte(); err != nil { // what follows a backslash
			return endedEarly(err)
		}
		c.keep(b)
	}
}

// enter goes to the first element of the array that stands under path.
func (c *cutter) enter(path string) error {
	found, ok, err := c.find(path)
	if err == nil && (!ok || found != path) {
		err = c.broken()
	}
	return err
}

// keep appends to the record, up to the limit.
func (c *cutter) keep(b ...byte) {
	if c.long = c.long || len(c.buf)+len(b) > c.limit; !c.long {
		c.buf = append(c.buf, b...)
	}
}

// token gives the next byte that is no blank.
func (c *cutter) token() (byte, error) {
	for {
		b, err := c.byte()
		if err != nil {
			return 0, err
		}
		switch b {
		case ' ', '\t', '\r', '\n', 0x1E, 0xEF, 0xBB, 0xBF: // a byte order mark, too
		default:
			return b, nil
		}
	}
}

func (c *cutter) byte() (byte, error) {
	b, err := c.in.ReadByte()
	if b == '\n' && err == nil {
		c.line++
	}
	return b, err
}

func (c *cutter) broken() error { return errs.New(errs.Invalid, "json.broken", "line", c.line) }

func cutOff() error { return errs.New(errs.Invalid, "json.cut") }

func endedEarly(err error) error {
	if err == io.EOF {
		return cutOff()
	}
	return err
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }
