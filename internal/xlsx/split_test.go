package xlsx

import (
	"fmt"
	"strings"
	"testing"
)

// TestBufferEnds reads the same cells wherever the scanner's buffer happens to end.
func TestBufferEnds(t *testing.T) {
	t.Parallel()
	const cells = `<row r="1"><c r="A1"><v>12</v></c><c r="B1" t="inlineStr"><is><t>a&amp;b</t></is></c><c r="C1" t="str"><f>1</f><v>x</v></c></row>`
	for at := range len(cells) + 2 {
		// The parts in front are as long as to make the buffer of 64 KiB end within the cells.
		base := len(oneSheet("")["xl/worksheets/sheet1.xml"]) - len("</sheetData></worksheet>")
		filler := "<!--" + strings.Repeat("x", 64<<10-base-len("<!---->")-at) + "-->"
		rows := mustRead(t, oneSheet(filler+cells).zip(t))
		if got := sketch(rows); got != "1:A=12,B=a&b,C=x" {
			t.Fatal(fmt.Sprint(at, " ", got))
		}
	}
}
