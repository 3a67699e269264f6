package wizard

import (
	"strings"

	"cadastro/internal/importer"
)

// causeFixed is the filter of the rows that were corrected, as addresses and importer.RowQuery have it.
const causeFixed = "fixed"

// fixedRows gives how many rows were corrected by each cure, and by hand.
func fixedRows(sum *importer.Summary) map[string]int64 {
	out := map[string]int64{}
	for key, n := range sum.Reasons {
		if origin, ok := strings.CutPrefix(key, causeFixed+"."); ok && n > 0 {
			out[origin] = n
		}
	}
	return out
}
