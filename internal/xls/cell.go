package xls

import (
	"encoding/binary"
	"io"
	"math"
	"strconv"

	"cadastro/internal/sheet"
	"cadastro/internal/sheet/numfmt"
)

// readCells reads the next record and hands on the cells that it holds, in their order. io.EOF is the sheet's end.
func (r *rows) readCells(add func(cell) error) error {
	kind, data, err := r.recs.next()
	if err != nil {
		return cut(err)
	}
	switch kind {
	case recBOF:
		r.depth++
		return nil
	case recEOF:
		if r.depth--; r.depth < 0 {
			return io.EOF
		}
		return nil
	}
	if r.depth > 0 || len(data) < 6 {
		return nil
	}
	c := cell{row: int(binary.LittleEndian.Uint16(data))}
	c.Col = int(binary.LittleEndian.Uint16(data[2:]))
	xf := int(binary.LittleEndian.Uint16(data[4:]))
	rest := data[6:]
	switch kind {
	case recNumber:
		if len(rest) < 8 {
			return errCut
		}
		r.number(&c, xf, math.Float64frombits(binary.LittleEndian.Uint64(rest)))
	case recRK:
		if len(rest) < 4 {
			return errCut
		}
		r.number(&c, xf, rk(binary.LittleEndian.Uint32(rest)))
	case recMulRK:
		return r.mulRK(c, data[4:], add)
	case recLabelSST:
		if len(rest) < 4 {
			return errCut
		}
		text, ok, err := r.book.strings.Get(int(binary.LittleEndian.Uint32(rest)))
		if err != nil {
			return err
		}
		if !ok {
			return errRef
		}
		c.Text = text
	case recLabel, recRString:
		if c.Text, err = r.book.text(&fields{recs: r.recs, b: rest}, true); err != nil {
			return err
		}
	case recBoolErr:
		if len(rest) < 2 {
			return errCut
		}
		boolOrError(&c, rest[0], rest[1] != 0)
	case recFormula:
		if len(rest) < 8 {
			return errCut
		}
		if err := r.formula(&c, xf, rest[:8]); err != nil {
			return err
		}
	default:
		return nil
	}
	if c.Type == sheet.Text && xf < len(r.book.formats) {
		c.Format = r.book.formats[xf]
	}
	if c.Text == "" && c.Flags == 0 {
		return nil
	}
	return add(c)
}

// mulRK reads the numbers of several cells side by side.
func (r *rows) mulRK(c cell, b []byte, add func(cell) error) error {
	for ; len(b) >= 8; b = b[6:] { // the last two bytes are the last column
		next := c
		r.number(&next, int(binary.LittleEndian.Uint16(b)), rk(binary.LittleEndian.Uint32(b[2:])))
		if err := add(next); err != nil {
			return err
		}
		c.Col++
	}
	return nil
}

// rk unpacks a number of 30 bits (MS-XLS 2.5.217): an integer or the upper part of a float, perhaps of hundredths.
func rk(n uint32) float64 {
	var v float64
	if n&2 != 0 {
		v = float64(int32(n) >> 2)
	} else {
		v = math.Float64frombits(uint64(n&^3) << 32)
	}
	if n&1 != 0 {
		v /= 100
	}
	return v
}

// formula takes the value that was last computed (MS-XLS 2.5.133). A text is in the next STRING record.
func (r *rows) formula(c *cell, xf int, value []byte) error {
	c.Flags |= sheet.Formula
	if value[6] != 0xFF || value[7] != 0xFF {
		r.number(c, xf, math.Float64frombits(binary.LittleEndian.Uint64(value)))
		return nil
	}
	switch value[0] {
	case 1:
		boolOrError(c, value[2], false)
	case 2:
		boolOrError(c, value[2], true)
	case 0:
		return r.formulaText(c)
	}
	return nil
}

// formulaText looks for the STRING record, before which a shared formula or an array may come.
func (r *rows) formulaText(c *cell) error {
	const shared, array, table = 0x04BC, 0x0221, 0x0236
	for {
		head, err := r.recs.r.Peek(2)
		if err != nil {
			return errCut
		}
		switch binary.LittleEndian.Uint16(head) {
		case shared, array, table, recContinue:
			if _, _, err := r.recs.next(); err != nil {
				return cut(err)
			}
		case recString:
			_, data, err := r.recs.next()
			if err != nil {
				return cut(err)
			}
			c.Text, err = r.book.text(&fields{recs: r.recs, b: data}, true)
			return err
		default:
			return nil
		}
	}
}

func boolOrError(c *cell, value byte, isError bool) {
	if !isError {
		c.Type, c.Text, c.Num = sheet.Bool, "FALSE", float64(value)
		if value != 0 {
			c.Text = "TRUE"
		}
		return
	}
	c.Type = sheet.Error
	switch value {
	case 0x00:
		c.Text = "#NULL!"
	case 0x07:
		c.Text = "#DIV/0!"
	case 0x0F:
		c.Text = "#VALUE!"
	case 0x17:
		c.Text = "#REF!"
	case 0x1D:
		c.Text = "#NAME?"
	case 0x24:
		c.Text = "#NUM!"
	default:
		c.Text = "#N/A"
	}
}

// number sets the texts of a number or date.
func (r *rows) number(c *cell, xf int, v float64) {
	c.Type, c.Num = sheet.Number, v
	if xf < len(r.book.formats) {
		c.Format = r.book.formats[xf]
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		c.Type, c.Text, c.Format = sheet.Error, "#NUM!", nil
		return
	}
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		r.text = strconv.AppendInt(r.text[:0], int64(v), 10)
	} else {
		r.text = strconv.AppendFloat(r.text[:0], v, 'g', -1, 64)
	}
	if numfmt.DigitsLost(r.text, v) {
		c.Flags |= sheet.DigitsLost
	}
	raw := len(r.text)
	date := false
	r.text, date = c.Format.AppendText(r.text, r.text[:raw], v, r.book.date1904)
	if date {
		c.Type = sheet.Date
	}
	c.Text = string(r.text[raw:])
	c.Set1904(r.book.date1904)
}
