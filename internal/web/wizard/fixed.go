package wizard

import "cadastro/internal/importer"

// fixedRows gives how many rows were corrected, by the cure that did it, "" for those corrected by hand.
func fixedRows(sum *importer.Summary) map[string]int64 { return nil }
