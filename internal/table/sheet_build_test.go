package table

import (
	"fmt"
	"strings"
)

const xlsxNS = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// tabOf is a sheet to be made: its name, its state, and its rows as XML.
type tabOf struct{ name, state, rows string }

// xlsxOf makes a workbook of sheets.
func xlsxOf(tabs ...tabOf) string {
	const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	var sheets, rels strings.Builder
	files := []string{
		"[Content_Types].xml", `<Types/>`,
		"_rels/.rels", `<Relationships><Relationship Id="rId1" Type="` + rel + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
	}
	for i, t := range tabs {
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" state="%s" r:id="rId%d"/>`, t.name, i+1, t.state, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%sworksheet" Target="worksheets/sheet%d.xml"/>`, i+1, rel, i+1)
		files = append(files, fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), `<worksheet `+xlsxNS+`><sheetData>`+t.rows+`</sheetData></worksheet>`)
	}
	files = append(files, "xl/workbook.xml", `<workbook `+xlsxNS+`><sheets>`+sheets.String()+`</sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships>`+rels.String()+`</Relationships>`)
	return zipOf(files...)
}

// rowsXML makes rows of text cells from lines of cells separated by |; an empty line is a row that is not there.
func rowsXML(lines ...string) string {
	var b strings.Builder
	for i, line := range lines {
		if line == "" {
			continue
		}
		hidden := ""
		if strings.HasPrefix(line, "hidden:") {
			line, hidden = line[len("hidden:"):], ` hidden="1"`
		}
		fmt.Fprintf(&b, `<row r="%d"%s>`, i+1, hidden)
		for j, c := range strings.Split(line, "|") {
			if c != "" {
				fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+j, i+1, c)
			}
		}
		b.WriteString(`</row>`)
	}
	return b.String()
}

func xlsxOfRows(lines ...string) string { return xlsxOf(tabOf{"Plan1", "", rowsXML(lines...)}) }
