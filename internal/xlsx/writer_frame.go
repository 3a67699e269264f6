package xlsx

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	xmlHead  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNS   = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relsNS   = "http://schemas.openxmlformats.org/package/2006/relationships"
	typesNS  = "http://schemas.openxmlformats.org/package/2006/content-types"
	officeNS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	typeBase = "application/vnd.openxmlformats-officedocument.spreadsheetml."

	minWidth, maxWidth = 10, 60

	stylesXML = xmlHead + `<styleSheet xmlns="` + mainNS + `">` +
		`<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
)

// appendColumns writes widths and the style that new cells of a column get.
func (w *Writer) appendColumns() {
	if len(w.columns) == 0 {
		return
	}
	w.buf = append(w.buf, "<cols>"...)
	for i, c := range w.columns {
		width := c.Width
		if width == 0 {
			width = float64(min(max(utf8.RuneCountInString(c.Header)+3, minWidth), maxWidth))
		}
		style := [...]int{AsText: styleText, AsNumber: styleGeneral, AsDate: styleDate}[c.Kind]
		w.buf = fmt.Appendf(w.buf, `<col min="%d" max="%d" width="%s" style="%d" customWidth="1"/>`,
			i+1, i+1, strconv.FormatFloat(width, 'f', -1, 64), style)
	}
	w.buf = append(w.buf, "</cols>"...)
}

// frame writes the parts around the sheets.
func (w *Writer) frame() {
	var types, sheets, rels strings.Builder
	for i, name := range w.names {
		n := i + 1
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, n, typeBase)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, attribute(name), n, n)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, officeNS, n)
	}
	fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, len(w.names)+1, officeNS)
	w.part("xl/styles.xml", stylesXML)
	w.part("xl/workbook.xml", xmlHead+`<workbook xmlns="`+mainNS+`" xmlns:r="`+officeNS+`"><bookViews><workbookView/></bookViews><sheets>`+sheets.String()+`</sheets></workbook>`)
	w.part("xl/_rels/workbook.xml.rels", xmlHead+`<Relationships xmlns="`+relsNS+`">`+rels.String()+`</Relationships>`)
	w.part("_rels/.rels", xmlHead+`<Relationships xmlns="`+relsNS+`"><Relationship Id="rId1" Type="`+officeNS+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	w.part("[Content_Types].xml", xmlHead+`<Types xmlns="`+typesNS+`"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="`+typeBase+`sheet.main+xml"/>`+
		`<Override PartName="/xl/styles.xml" ContentType="`+typeBase+`styles+xml"/>`+types.String()+`</Types>`)
}

func (w *Writer) part(name, content string) {
	if w.err != nil {
		return
	}
	f, err := w.zip.Create(name)
	if err == nil {
		_, err = io.WriteString(f, content)
	}
	w.err = err
}

func attribute(s string) string {
	return strings.ReplaceAll(string(appendEscaped(nil, s)), `"`, "&quot;")
}

// uniqueName adapts the name of a sheet to Excel's rules and tells it apart from those that are taken.
func uniqueName(name string, taken []string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`[]:*?/\`, r):
			return '-'
		case r < ' ', r == utf8.RuneError, r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, name)
	name = strings.Trim(name, " '")
	if name == "" || strings.EqualFold(name, "History") {
		name = "Sheet" + name
	}
	for n := 1; ; n++ {
		suffix := ""
		if n > 1 {
			suffix = " (" + strconv.Itoa(n) + ")"
		}
		try := cutUnits(name, 31-len(suffix)) + suffix
		free := true
		for _, t := range taken {
			free = free && !strings.EqualFold(t, try)
		}
		if free {
			return try
		}
	}
}

// cutUnits cuts s to at most n UTF-16 units.
func cutUnits(s string, n int) string {
	for i, r := range s {
		if n -= max(utf16.RuneLen(r), 1); n < 0 {
			return strings.TrimRight(s[:i], " '")
		}
	}
	return s
}
