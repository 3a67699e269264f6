package xlsx

import (
	"bytes"
	"unicode/utf8"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
	"cadastro/internal/sheet/arena"
	"cadastro/internal/sheet/xmlscan"
)

// stringTable is the workbook's table of shared strings.
type stringTable struct{ *arena.Store }

// table gives the shared strings, read at the first call.
func (b *Book) table() (*stringTable, error) {
	if b.shared != nil {
		return b.shared, nil
	}
	t := &stringTable{arena.New(b.lim.SharedMemory, b.lim.TempDir)}
	if err := b.loadStrings(t); err != nil {
		_ = t.Close()
		return nil, err
	}
	b.shared = t
	return t, nil
}

// loadStrings reads the items of the table: plain text or rich text, whose runs are joined; the phonetic reading of
// East Asian text is passed over.
func (b *Book) loadStrings(t *stringTable) error {
	e := b.zip.Find(b.strings)
	if b.strings == "" || e == nil {
		return t.Finish()
	}
	r, err := b.zip.Open(e, 0)
	if err != nil {
		return err
	}
	defer r.Close()
	s := xmlscan.New(xmlscan.Decode(r), b.lim.Depth)
	var item []byte
	inText, total := false, int64(0)
	for {
		tok, err := s.Next()
		if err != nil {
			return err
		}
		switch tok {
		case xmlscan.EOF:
			return t.Finish()
		case xmlscan.Start:
			switch {
			case s.Is("t"):
				inText = true
			case s.Is("si"):
				item = item[:0]
			case s.Is("rPh"), s.Is("rPr"):
				if err := s.Skip(); err != nil {
					return err
				}
			}
		case xmlscan.Text:
			if !inText {
				continue
			}
			item = s.AppendRaw(item)
			if len(item) > b.lim.CellBytes {
				return errs.New(errs.TooLarge, "sheet.text_too_long", "limit", b.lim.CellBytes)
			}
		case xmlscan.End:
			switch {
			case s.Is("t"):
				inText = false
			case s.Is("si"):
				item = finishText(item)
				if total += int64(len(item)) + sheet.StringCost; total > b.lim.SharedBytes {
					return errs.New(errs.TooLarge, "sheet.strings_too_large", "limit", b.lim.SharedBytes)
				}
				if err := t.Add(item); err != nil {
					return err
				}
			}
		}
	}
}

// finishText replaces the escapes _xHHHH_ and what is no UTF-8, in place where it can.
func finishText(b []byte) []byte {
	if bytes.Contains(b, []byte("_x")) {
		b = appendUnescaped(b[:0], b)
	}
	if !utf8.Valid(b) {
		b = bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	return b
}

// get gives the string whose number is written in decimal.
func (t *stringTable) get(number []byte) (string, error) {
	i := 0
	for _, c := range number {
		if c < '0' || c > '9' || i > 1<<40 {
			return "", sheet.Corrupt(errNoStrings)
		}
		i = i*10 + int(c-'0')
	}
	text, ok, err := t.Store.Get(i)
	if err == nil && (!ok || len(number) == 0) {
		err = sheet.Corrupt(errNoStrings)
	}
	return text, err
}
