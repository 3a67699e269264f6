package wizard

import (
	"context"
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

// countFixed counts the rows that were corrected; one that was by several cures counts once.
func (p *pages) countFixed(ctx context.Context, imp *importer.Import) (n int64, err error) {
	list := fixedRows(&imp.Summary)
	if len(list) <= 1 {
		for _, n = range list {
		}
		return n, nil
	}
	rows, err := p.app.Imports.Rows(ctx, imp, importer.RowQuery{Cause: causeFixed, Limit: 1})
	if err != nil {
		return 0, err
	}
	return rows.Total, nil
}
