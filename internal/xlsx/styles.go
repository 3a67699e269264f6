package xlsx

import (
	"strconv"

	"cadastro/internal/sheet/numfmt"
	"cadastro/internal/sheet/xmlscan"
)

// maxStyles bounds the cell formats that are read; Excel allows 65,490.
const maxStyles = 1 << 17

// style is what a cell's style says of its value. format is nil for General.
type style struct {
	format *numfmt.Format
	plain  bool
}

// loadStyles reads the number format of every cell style. A workbook without styles is no error.
func (b *Book) loadStyles(part string) error {
	if b.zip.Find(part) == nil {
		return nil
	}
	s, done, err := b.scan(part)
	if err != nil {
		return err
	}
	defer done()
	codes := map[int]string{}
	parsed := map[int]*numfmt.Format{}
	inCellXfs := false
	for {
		tok, err := s.Next()
		if err != nil || tok == xmlscan.EOF {
			return err
		}
		switch {
		case s.Is("cellXfs"):
			inCellXfs = tok == xmlscan.Start
		case tok != xmlscan.Start:
		case s.Is("numFmt") && s.Depth == 3:
			if id, err := strconv.Atoi(s.Attr("numFmtId")); err == nil && len(codes) < maxStyles {
				codes[id] = s.Attr("formatCode")
			}
		case s.Is("xf") && inCellXfs && s.Depth == 3 && len(b.styles) < maxStyles:
			id, _ := strconv.Atoi(s.Attr("numFmtId"))
			f, ok := parsed[id]
			if !ok {
				f = format(id, codes)
				parsed[id] = f
			}
			b.styles = append(b.styles, style{format: f, plain: f.Plain()})
		}
	}
}

// format gives the parsed format of an identifier, nil for General and for unknown ones.
func format(id int, codes map[int]string) *numfmt.Format {
	code, ok := codes[id]
	if !ok {
		code = numfmt.Builtin(id)
	}
	if code == "" || code == "General" {
		return nil
	}
	return numfmt.New(code)
}
