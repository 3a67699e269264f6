package cli

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"cadastro/internal/errs"

	"github.com/rivo/uniseg"
)

// line writes a line of results.
func (s *session) line(format string, args ...any) { fmt.Fprintf(s.out, format+"\n", args...) }

// say writes the text of a key as a line of results.
func (s *session) say(key string, args ...any) { s.line("%s", oneLine(s.text.T(key, args...), 0)) }

// tell writes the text of a key to the standard error.
func (s *session) tell(key string, args ...any) {
	s.out.Flush()
	fmt.Fprintln(s.err, oneLine(s.text.T(key, args...), 0))
}

// errLine writes a line to the standard error.
func (s *session) errLine(text string) { fmt.Fprintln(s.err, text) }

// ask puts a question and gives the answer in lower case, "" where there is none.
func (s *session) ask(key string, args ...any) string {
	s.out.Flush()
	fmt.Fprint(s.err, oneLine(s.text.T(key, args...), 0)+" ")
	if s.answers == nil {
		s.answers = bufio.NewReader(s.std.In)
	}
	got := make(chan string, 1)
	go func() {
		answer, _ := s.answers.ReadString('\n') // the end of the input is no answer
		got <- answer
	}()
	select {
	case answer := <-got:
		return strings.ToLower(strings.TrimSpace(answer))
	case <-s.ctx.Done():
		return ""
	}
}

// yes asks a question that only a clear yes answers.
func (s *session) yes(key string, args ...any) bool {
	switch s.ask(key, args...) {
	case "s", "sim", "si", "sí", "y", "yes":
		return true
	}
	return false
}

// oneLine makes text of a file fit to stand in a line: control characters and marks that turn the direction of
// writing round go, line ends become spaces; longer texts are cut at width cells (0: never).
func oneLine(text string, width int) string {
	plain := true
	for i := range len(text) {
		if text[i] < 0x20 || text[i] >= 0x7f {
			plain = false
			break
		}
	}
	if !plain {
		text = strings.Map(func(r rune) rune {
			switch {
			case r == '\n' || r == '\r' || r == '\t' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029:
				return ' '
			case r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f:
				return -1
			case r == utf8.RuneError:
				return utf8.RuneError
			}
			return r
		}, text)
	}
	if width == 0 || len(text) <= width || uniseg.StringWidth(text) <= width {
		return text
	}
	cut, state, used := 0, -1, 0
	for rest := text; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if used+w > width-1 {
			break
		}
		used, cut = used+w, cut+len(cluster)
	}
	return text[:cut] + "…"
}

// grid is a table on the screen.
type grid struct {
	rows  [][]string
	right map[int]bool // columns of numbers
}

func (g *grid) add(cells ...string) { g.rows = append(g.rows, cells) }

// print writes the rows with their columns in line, behind an indent.
func (g *grid) print(w io.Writer, indent string) {
	var widths []int
	for _, row := range g.rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], uniseg.StringWidth(c))
		}
	}
	for _, row := range g.rows {
		var b strings.Builder
		b.WriteString(indent)
		for i, c := range row {
			pad := strings.Repeat(" ", widths[i]-uniseg.StringWidth(c))
			if g.right[i] {
				c = pad + c
			} else {
				c += pad
			}
			if i > 0 {
				b.WriteString("  ")
			}
			b.WriteString(c)
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// issueLine gives the sentence of an issue, safe for a line.
func (s *session) issueLine(is errs.Issue) string {
	is.Value = oneLine(is.Value, 60)
	return oneLine(s.text.Issue(is), 0)
}

// safeWriter lets no control character through but tab and line ends: what stands in a cell of a file must not
// command the terminal (ECMA-48 sequences begin with ESC or with a C1 character).
type safeWriter struct {
	w    io.Writer
	held bool // the last byte of the write before was the first of what may be a C1 character
	buf  []byte
}

// Write filters p.
func (s *safeWriter) Write(p []byte) (int, error) {
	out := s.buf[:0]
	for _, b := range p {
		if s.held {
			s.held = false
			if b >= 0x80 && b < 0xa0 {
				continue
			}
			out = append(out, 0xc2)
		}
		switch {
		case b == 0xc2:
			s.held = true
		case b < 0x20 && b != '\n' && b != '\t' && b != '\r' || b == 0x7f:
		default:
			out = append(out, b)
		}
	}
	s.buf = out
	if _, err := s.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}
