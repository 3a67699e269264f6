package importer

import (
	"slices"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
)

// warnedBit marks the outcome of a row that goes in with a warning.
const warnedBit = 0x80

// warned tells whether a row that is no error has a warning.
func (p *PlanRow) warned() bool {
	return p.Outcome != RowError && max(errs.Worst(p.Record.Issues), errs.Worst(p.Issues)) == errs.Warning
}

// count adds a row to the summary.
func (r *reviewer) count(p *PlanRow) {
	const n = 1
	sum := &r.sum
	sum.Counts.add(p.Outcome, n)
	switch p.Outcome {
	case RowError:
		sum.count("error.", errs.Reject, n, p.Record.Issues, p.Issues)
	case RowSkipped:
		sum.Reasons["skip."+p.Reason.String()] += n
	case RowUpdated:
		for _, c := range p.Changes {
			if c.Field == contact.FieldTyped {
				continue
			}
			sum.Changes[c.Field] += n
			if c.New == "" {
				sum.Cleared += n
			}
		}
	}
	if p.warned() {
		sum.Warnings += n
		sum.count("warning.", errs.Warning, n, p.Record.Issues, p.Issues)
	}
}

// count adds the codes of one severity, each once for a row however many of its cells have it.
func (s *Summary) count(prefix string, severity errs.Severity, n int64, lists ...[]errs.Issue) {
	var seen [8]string
	k := 0
	for _, list := range lists {
		for i := range list {
			is := &list[i]
			if is.Severity != severity || slices.Contains(seen[:min(k, len(seen))], is.Code) {
				continue
			}
			seen[k%len(seen)] = is.Code
			k++
			s.Reasons[prefix+is.Code] += n
		}
	}
}
