package importer

import (
	"context"

	"github.com/klauspost/compress/s2"

	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// applied is what became of one row when its chunk was applied. Where that is not what the review said, Drifted
// is set and Issues tell why.
type applied struct {
	outcome Outcome
	reason  Reason
	contact contact.ID
	drifted bool
	issues  []errs.Issue
}

const driftBit = 0x80

// encodeOutcomes packs the outcomes of a chunk; contacts that follow one another cost two bytes.
func encodeOutcomes(rows []applied) []byte {
	var e encoder
	last := int64(0)
	for i := range rows {
		a := &rows[i]
		b := byte(a.outcome)
		if a.drifted {
			b |= driftBit
		}
		e.byte(b)
		e.byte(byte(a.reason))
		e.int(int64(a.contact) - last)
		last = int64(a.contact)
		if a.drifted {
			e.issues(a.issues)
		}
	}
	return s2.Encode(nil, e.b)
}

func decodeOutcomes(zip []byte, rows int) ([]applied, error) {
	b, err := s2.Decode(nil, zip)
	if err != nil {
		return nil, err
	}
	d := decoder{s: string(b)}
	out := make([]applied, rows)
	last := int64(0)
	for i := range out {
		b := d.byte()
		out[i].outcome, out[i].drifted = Outcome(b&^driftBit), b&driftBit != 0
		out[i].reason = Reason(d.byte())
		last += d.int()
		out[i].contact = contact.ID(last)
		if out[i].drifted {
			out[i].issues = d.issues()
		}
	}
	return out, d.err
}

// outcomes reads the outcomes of a chunk of an import.
func outcomes(ctx context.Context, q db.Querier, imp *Import, chunk int64, rows int) ([]applied, error) {
	var zip []byte
	err := q.QueryRow(ctx, "SELECT outcomes FROM import_chunk WHERE workspace_id = $1 AND import_id = $2 AND chunk = $3",
		imp.Workspace, int64(imp.ID), chunk).Scan(&zip)
	if err != nil {
		return nil, err
	}
	return decodeOutcomes(zip, rows)
}
