package table

import (
	"bytes"
	"context"
	"io"
	"path"
	"strings"

	"cadastro/internal/charset"
	"cadastro/internal/errs"

	"github.com/richardlehane/mscfb"
)

const (
	headBytes = 512 << 10 // of the beginning that is sniffed, before decoding
	endBytes  = 64 << 10  // of the end
	scanBytes = 64 << 20  // of an inflated stream that are searched for the first accent and for the end
)

// identified is what a file is, and of a text its beginning and end.
type identified struct {
	format      Format
	compression string
	name        string
	charset     charset.Guess
	text        []byte // UTF-8, whole records where possible
	whole       bool   // text is all of it
	tail        []byte // UTF-8; nil where whole, or not known
}

// identify tells what src is and takes its sample. What is no table is an error that names it.
func identify(ctx context.Context, src Source, hint Dialect, lim Limits) (f identified, err error) {
	f.name = src.Name
	head := make([]byte, min(src.Size, headBytes))
	if _, err := src.Data.ReadAt(head, 0); err != nil && err != io.EOF {
		return f, readError(err)
	}
	switch kind := recognise(head); kind {
	case isText:
		raw := rawSample{head: head, whole: int64(len(head)) == src.Size}
		if !raw.whole {
			raw.tail = make([]byte, min(src.Size-int64(len(head)), endBytes))
			raw.tailAt = src.Size - int64(len(raw.tail))
			if _, err := src.Data.ReadAt(raw.tail, raw.tailAt); err != nil && err != io.EOF {
				return f, readError(err)
			}
		}
		return f, f.decode(&raw, hint, func() charset.Guess { return charset.Detect(src.Data, src.Size) })
	case isGzip:
		f.compression = "gzip"
		f.name = strings.TrimSuffix(f.name, ".gz")
	case isZip:
		a, err := openArchive(ctx, src)
		if err != nil {
			return f, err
		}
		if format, other := a.kind(); format != "" || other != "" {
			return f, f.settle(format, other)
		}
		file, err := a.only()
		if err != nil {
			return f, err
		}
		f.compression, f.name = "zip", path.Base(strings.ReplaceAll(file.Name, `\`, "/"))
	case isOLE:
		return f, f.compound(src)
	default:
		return f, notATable(kind)
	}
	return f, f.inside(ctx, src, hint, lim)
}

// inside identifies the file inside a gzip or zip.
func (f *identified) inside(ctx context.Context, src Source, hint Dialect, lim Limits) error {
	s, err := openStream(ctx, src, f.compression, lim)
	if err != nil {
		return err
	}
	defer s.Close()
	var raw rawSample
	if err := raw.read(s); err != nil {
		return err
	}
	switch kind := recognise(raw.head); kind {
	case isText:
		return f.decode(&raw, hint, raw.detect)
	case isGzip:
		return errs.New(errs.Invalid, "file.nested")
	case isZip, isOLE:
		again, err := openStream(ctx, src, f.compression, lim)
		if err != nil {
			return err
		}
		defer again.Close()
		inner, remove, err := spool(f.name, again, lim)
		if err != nil {
			return err
		}
		defer remove()
		if kind == isOLE {
			return f.compound(inner)
		}
		a, err := openArchive(ctx, inner)
		if err != nil {
			return err
		}
		format, other := a.kind()
		if format == "" && other == "" {
			return errs.New(errs.Invalid, "file.nested")
		}
		return f.settle(format, other)
	default:
		return notATable(kind)
	}
}

func (f *identified) settle(format Format, other content) error {
	if format == "" {
		return notATable(other)
	}
	f.format = format
	return nil
}

func notATable(kind content) error {
	if kind == isUnknown {
		return errs.New(errs.Invalid, "file.binary")
	}
	return errs.New(errs.Invalid, "file.not_a_table", "kind", string(kind))
}

// compound tells what a compound file (MS-CFB) is by the names of its streams.
func (f *identified) compound(src Source) error {
	doc, err := mscfb.New(src.Data)
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "file.corrupt")
	}
	for range maxEntries {
		e, err := doc.Next()
		if err != nil {
			break
		}
		switch e.Name {
		case "Workbook", "Book":
			f.format = XLS
			return nil
		case "EncryptedPackage", "EncryptionInfo":
			return errs.New(errs.Invalid, "file.encrypted")
		case "WordDocument":
			return notATable("Word")
		case "PowerPoint Document":
			return notATable("PowerPoint")
		case "__properties_version1.0":
			return notATable("Outlook")
		}
	}
	return notATable(isUnknown)
}

// decode names the charset of a text, turns the sample into UTF-8 and tells the format.
func (f *identified) decode(raw *rawSample, hint Dialect, detect func() charset.Guess) error {
	f.charset = charset.Guess{Name: hint.Charset, Confidence: 1, FirstHigh: -1}
	if hint.Charset == "" {
		f.charset = detect()
	}
	text, err := decodeAll(raw.head, f.charset.Name)
	if err != nil {
		return err
	}
	f.whole = raw.whole
	if !raw.whole {
		if i := bytes.LastIndexAny(text, "\r\n"); i > 0 {
			text = text[:i+1]
		}
		if f.tail, err = decodeAll(raw.aligned(f.charset.Name), f.charset.Name); err != nil {
			return err
		}
	}
	f.text = text
	if clean, _ := appendClean(nil, text[:min(len(text), headBytes)]); f.whole && isBlank(string(clean)) {
		return errs.New(errs.Invalid, "file.empty")
	}
	format, other := recogniseText(text, f.whole)
	return f.settle(format, other)
}

func decodeAll(b []byte, name string) ([]byte, error) {
	r, err := charset.NewReader(bytes.NewReader(b), name)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// rawSample is the beginning and the end of a text, in its own charset.
type rawSample struct {
	head   []byte
	whole  bool
	tail   []byte
	tailAt int64  // offset of tail
	accent []byte // a piece of text around the first byte above 0x7F, where head has none
}

// read takes the sample from a stream: it goes on behind the head for the first accent and for the end.
func (s *rawSample) read(r io.Reader) error {
	s.head = make([]byte, headBytes)
	n, err := io.ReadFull(r, s.head)
	s.head = s.head[:n]
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		s.whole = true
		return nil
	}
	if err != nil {
		return readError(err)
	}
	high := charset.ASCIIPrefix(s.head) < len(s.head)
	at := int64(n)
	last, block := make([]byte, 0, headBytes), make([]byte, headBytes)
	for at < scanBytes {
		n, err := io.ReadFull(r, block)
		if n > 0 {
			at += int64(n)
			if i := charset.ASCIIPrefix(block[:n]); !high && i < n {
				high = true
				s.accent = append(append(s.accent, last...), block[:n]...)
			}
			if keep := endBytes - n; keep > 0 && keep < len(last) {
				last = last[len(last)-keep:]
			} else if keep <= 0 {
				last = last[:0]
			}
			last = append(last, block[:n]...)
		}
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return readError(err)
		}
		if err != nil {
			s.tail = last[max(0, len(last)-endBytes):]
			s.tailAt = at - int64(len(s.tail))
			return nil
		}
	}
	return nil
}

// detect names the charset by what was sampled.
func (s *rawSample) detect() charset.Guess {
	if s.accent != nil {
		return charset.DetectBytes(s.accent)
	}
	g := charset.DetectBytes(s.head)
	g.Complete = g.Complete && s.whole
	return g
}

// aligned gives the tail from the first whole code unit on.
func (s *rawSample) aligned(name string) []byte {
	unit := int64(1)
	switch {
	case strings.HasPrefix(name, "utf-16"):
		unit = 2
	case strings.HasPrefix(name, "utf-32"):
		unit = 4
	}
	skip := (unit - s.tailAt%unit) % unit
	return s.tail[min(int64(len(s.tail)), skip):]
}
