package wizard

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"cadastro/internal/importer"
	"cadastro/internal/mapping"
)

// changeChips offers the fields that the updates change.
func (f *reviewPage) changeChips(field string, erased bool) {
	sum := &f.imp.Summary
	f.Chips = append(f.Chips, chip{Text: f.T("web.wizard.all_fields"), URL: f.At + "/review?f=" + filterUpdated, N: -1, On: field == "" && !erased})
	for _, k := range changedFields(sum) {
		f.Chips = append(f.Chips, chip{Text: f.FieldName(f.cat, k), N: sum.Changes[k], On: field == k && !erased, URL: f.At + "/review?" + url.Values{"f": {filterUpdated}, "field": {k}}.Encode()})
	}
	if sum.Cleared == 0 {
		return
	}
	f.Chips = append(f.Chips, chip{Text: f.T("web.wizard.erased"), N: sum.Cleared, On: erased, Harm: true, URL: f.At + "/review?" + url.Values{"f": {filterUpdated}, "erased": {"1"}}.Encode()})
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(sum.ClearedFields)) {
		parts = append(parts, f.T("web.wizard.erased_of", "field", f.FieldName(f.cat, k), "n", sum.ClearedFields[k]))
	}
	f.Erased = f.Text.List(parts)
}

// changedFields gives the fields that the updates change, the frequent ones first.
func changedFields(sum *importer.Summary) []string {
	return slices.SortedFunc(maps.Keys(sum.Changes), func(a, b string) int {
		if n := sum.Changes[b] - sum.Changes[a]; n != 0 {
			return int(max(-1, min(1, n)))
		}
		return strings.Compare(a, b)
	})
}

// skipChips offers the reasons of the skipped rows.
func (f *reviewPage) skipChips(list []importer.Cause, chosen string) {
	f.Chips = append(f.Chips, chip{Text: f.T("web.wizard.all_reasons"), URL: f.At + "/review?f=" + filterSkipped, N: -1, On: chosen == ""})
	for _, c := range list {
		if c.Severity == importer.CauseSkip {
			f.Chips = append(f.Chips, chip{Text: c.Title(f.Text), N: c.Rows, On: c.Key == chosen, URL: f.At + "/review?" + url.Values{"f": {filterSkipped}, "cause": {c.Key}}.Encode()})
		}
	}
}

// titles says which rows are at hand.
func (f *reviewPage) titles(total int64) {
	switch f.Filter {
	case filterNew:
		f.Head, f.Sub = f.T("web.wizard.head.new", "count", total), f.T("web.wizard.head.new_why", "field", f.T("field."+string(f.imp.Settings.Identifier)))
		if f.imp.Settings.Purpose == mapping.PurposeAddAll {
			f.Sub = f.T("web.wizard.head.all_why")
		}
	case filterUpdated:
		f.Head = f.T("web.wizard.head.updated", "count", total)
	case filterSkipped:
		f.Head = f.T("web.wizard.head.skipped", "count", total)
	case filterErrors:
		if c := f.cause(); c != nil {
			f.Head, f.Sub = c.Title, c.Why
		} else {
			f.Head = f.T("web.wizard.head.errors", "count", total)
		}
	default:
		f.Head, f.Sub = f.T("web.wizard.head.rows", "count", total), f.T("web.wizard.head.rows_why")
	}
}
