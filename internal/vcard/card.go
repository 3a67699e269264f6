package vcard

import (
	"io"
	"strings"

	"cadastro/internal/errs"
)

// card is one card as a row: the values of each kind of column.
type card struct {
	line   int64
	values [numColumns][]string
	issues []errs.Issue // Column is -2 minus the kind of column where it concerns one
	last   string       // name of the property before
	prefs  [numColumns]int
	name   struct{ given, family, whole string }
	role   string
}

// maxBadLines bounds how many lines of a card are told of one by one.
const maxBadLines = 3

// card reads the next card.
func (r *Reader) card() (*card, error) {
	c := &card{line: r.next}
	for !r.begun {
		text, line, err := r.lines.next()
		if err != nil {
			if err == io.EOF && r.stray != "" { // a file that ends with text that is no card
				c.line = r.strayAt
				c.tell(errs.Reject, "vcard.stray_text", r.stray)
				r.stray = ""
				return c, nil
			}
			return nil, err
		}
		c.line = line
		if isMark(text, "BEGIN") {
			r.begun = true
		} else if strings.Trim(text, "\ufeff \t") != "" && r.stray == "" && !isMark(text, "END") {
			r.stray, r.strayAt = text, line
		}
	}
	r.begun, r.lines.old = false, false
	if r.stray != "" {
		c.tell(errs.Warning, "vcard.stray_text", r.stray)
		r.stray = ""
	}
	size, inner := 0, 0
	for {
		text, line, err := r.lines.next()
		if err == io.EOF {
			c.tell(errs.Reject, "vcard.cut", "")
			break
		}
		if err != nil {
			return nil, err
		}
		if isMark(text, "END") {
			if inner == 0 {
				break
			}
			inner--
			continue
		}
		if isMark(text, "BEGIN") {
			if c.last == "AGENT" { // 2.1: a card inside a card
				inner++
				continue
			}
			c.tell(errs.Reject, "vcard.cut", "")
			r.begun, r.next = true, line
			break
		}
		if inner > 0 {
			continue
		}
		if size += len(text); size > r.lim.CardBytes || r.lines.long {
			c.tell(errs.Reject, "vcard.too_long", "", "limit", r.lim.CardBytes)
			if err := r.skipCard(); err != nil {
				return nil, err
			}
			break
		}
		r.add(c, text)
	}
	c.finish()
	return c, nil
}

// skipCard passes over the rest of a card.
func (r *Reader) skipCard() error {
	for {
		text, line, err := r.lines.next()
		if err == io.EOF || err == nil && isMark(text, "END") {
			return nil
		}
		if err != nil {
			return err
		}
		if isMark(text, "BEGIN") {
			r.begun, r.next = true, line
			return nil
		}
	}
}

// add takes a content line of a card.
func (r *Reader) add(c *card, text string) {
	p, ok := parseProperty(text)
	if !ok {
		if isPicture([]byte(c.last+":")) || strings.TrimSpace(text) == "" { // 2.1: base64 without blanks before it
			return
		}
		c.badLine(text)
		return
	}
	c.last = p.name
	if p.name == "VERSION" {
		r.lines.old = strings.HasPrefix(strings.TrimSpace(p.value), "2")
	}
	c.take(&p)
}

// badLine tells of a line that is left out.
func (c *card) badLine(text string) {
	if len(c.issues) < maxBadLines {
		c.tell(errs.Warning, "vcard.bad_line", text)
	}
}

func (c *card) tell(s errs.Severity, code, value string, args ...any) {
	c.issues = append(c.issues, errs.NewIssue(s, code, value, args...))
}

// isMark tells if a line is "BEGIN:VCARD" or the like.
func isMark(line, name string) bool {
	key, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "\ufeff"), ":")
	return ok && strings.EqualFold(strings.TrimSpace(key), name) && strings.EqualFold(strings.TrimSpace(value), "VCARD")
}
