package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"testing"

	"cadastro/internal/sheet"
)

const (
	nsMain = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	relDoc = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

// parts is a workbook under construction: name of the part to its content.
type parts map[string]string

// oneSheet gives the parts of a workbook with one sheet of the given rows (the inside of sheetData).
func oneSheet(rows string) parts {
	return parts{
		"_rels/.rels":                `<Relationships><Relationship Id="rId1" Type="` + relDoc + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook ` + nsMain + `><sheets><sheet name="Plan1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="` + relDoc + `worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<?xml version="1.0" encoding="UTF-8"?><worksheet ` + nsMain + `><sheetData>` + rows + `</sheetData></worksheet>`,
	}
}

func (p parts) with(name, content string) parts {
	p[name] = content
	return p
}

// styled gives the parts a style per number format: style 1 is the first format, and so on.
func (p parts) styled(formats ...string) parts {
	var fmts, xfs bytes.Buffer
	xfs.WriteString(`<xf numFmtId="0"/>`)
	for i, f := range formats {
		fmts.WriteString(`<numFmt numFmtId="` + itoa(164+i) + `" formatCode="`)
		_ = xmlEscape(&fmts, f)
		fmts.WriteString(`"/>`)
		xfs.WriteString(`<xf numFmtId="` + itoa(164+i) + `" applyNumberFormat="1"/>`)
	}
	return p.with("xl/styles.xml", `<styleSheet `+nsMain+`><numFmts>`+fmts.String()+`</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>`+xfs.String()+`</cellXfs></styleSheet>`)
}

func (p parts) zip(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range p {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// readAll reads a sheet of the file into copies of its rows.
func readAll(data []byte, i int, lim sheet.Limits) ([]sheet.Row, error) {
	b, err := Open(bytes.NewReader(data), int64(len(data)), lim)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	r, err := b.Rows(i)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var out []sheet.Row
	var row sheet.Row
	for {
		if err := r.Next(&row); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return out, err
		}
		c := row
		c.Cells = append([]sheet.Cell(nil), row.Cells...)
		out = append(out, c)
	}
}

func mustRead(t testing.TB, data []byte) []sheet.Row {
	t.Helper()
	out, err := readAll(data, 0, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
