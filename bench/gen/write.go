package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
)

type options struct {
	rows, from       int
	seed             uint64
	dup, bad, update float64
	email, fill      float64
	delimiter        byte
	charset          string
	bom, crlf        bool
}

// made tells what a file holds. People counts different people; Repeated and Bad count rows, Changed people.
type made struct {
	Rows     int            `json:"rows"`
	People   int            `json:"people"`
	Repeated int            `json:"repeated"`
	Changed  int            `json:"changed"`
	Bad      int            `json:"bad"`
	BadBy    map[string]int `json:"bad_by"`
}

// write writes the file.
func write(w io.Writer, o options) (made, error) {
	l, err := newLines(w, o)
	if err != nil {
		return made{}, err
	}
	info := made{Rows: o.rows, BadBy: map[string]int{}}
	m := newMaker(o)
	l.write(header())
	choice := stream(o.seed, o.from, 255)
	again := stream(o.seed, 0, forChanges+100)
	for range o.rows {
		id, spelling := o.from+info.People, 0
		if repeat := choice.chance(o.dup); repeat && info.People > 0 {
			id, spelling = o.from+choice.below(info.People), 1+choice.below(7)
			info.Repeated++
		} else {
			info.People++
		}
		changes := again
		changes += random(id) * 0x9e3779b97f4a7c15
		changed := changes.chance(o.update)
		if changed && spelling == 0 {
			info.Changed++
		}
		out := m.person(id, spelling, changed)
		if choice.chance(o.bad) {
			info.BadBy[spoil(&out, &choice)]++
			info.Bad++
		}
		l.write(out)
	}
	return info, l.w.Flush()
}

// lines writes records of delimited text (RFC 4180, with any delimiter) in one charset.
type lines struct {
	w         *bufio.Writer
	delimiter byte
	end       string
	special   string
	encode    func(*bufio.Writer, string)
}

func newLines(w io.Writer, o options) (*lines, error) {
	l := &lines{w: bufio.NewWriterSize(w, 1<<20), delimiter: o.delimiter, end: "\n", special: string(o.delimiter) + "\"\r\n"}
	if o.crlf {
		l.end = "\r\n"
	}
	switch o.charset {
	case "utf-8":
		l.encode = func(w *bufio.Writer, s string) { w.WriteString(s) }
	case "utf-16le":
		o.bom = true
		l.encode = func(w *bufio.Writer, s string) {
			for _, u := range utf16.Encode([]rune(s)) {
				w.WriteByte(byte(u))
				w.WriteByte(byte(u >> 8))
			}
		}
	case "windows-1252": // all of our words are inside Latin-1, where the two agree
		l.encode = func(w *bufio.Writer, s string) {
			for _, r := range s {
				w.WriteByte(byte(r))
			}
		}
		o.bom = false
	default:
		return nil, fmt.Errorf("-enc %s: want utf-8, utf-16le or windows-1252", o.charset)
	}
	if o.bom {
		l.encode(l.w, "\ufeff")
	}
	return l, nil
}

func (l *lines) write(fields row) {
	for i, f := range fields {
		if i > 0 {
			l.encode(l.w, string(l.delimiter))
		}
		if strings.ContainsAny(f, l.special) {
			f = `"` + strings.ReplaceAll(f, `"`, `""`) + `"`
		}
		l.encode(l.w, f)
	}
	l.encode(l.w, l.end)
}
