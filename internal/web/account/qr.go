package account

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is the margin that readers of QR codes want, in modules (ISO/IEC 18004, section 9.1).
const quiet = 4

// drawing is a QR code as the path of an SVG, one unit a module.
type drawing struct {
	Size int
	Path string
}

// draw makes the QR code of a text.
func draw(text string) (drawing, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return drawing{}, fmt.Errorf("qr: %w", err)
	}
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return drawing{Size: code.Size + 2*quiet, Path: b.String()}, nil
}

// inFours writes a secret so that it can be read and typed.
func inFours(s string) string {
	var b strings.Builder
	for i, c := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}
