package importer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"github.com/klauspost/compress/s2"

	"cadastro/internal/contact"
	"cadastro/internal/db"
)

// overlay is what the corrections of a review change in its plan. It is small: where corrections are many, the review is
// done again and its new plan has them in it.
type overlay struct {
	version   int64    // of what the base holds, 0 for nothing
	newTags   []string // behind the plan's
	newGroups []string
	tallies   map[int]tally // chunk -> change of its tally
	rows      map[int64]*overRow
	order     []*overRow // by row
}

// overRow is a row that is not as the plan has it. base is what it is by itself, nil for as in the plan; isJudged says that verdict and joined stand in the place of the plan's.
type overRow struct {
	row      int64
	base     *PlanRow
	hash     uint64
	target   contact.ID
	isJudged bool
	verdict  *repeat
	joined   *PlanRow // with others joined to it
}

func newOverlay() *overlay {
	return &overlay{tallies: map[int]tally{}, rows: map[int64]*overRow{}}
}

// at gives the entry of a row, which is made where it is missing.
func (o *overlay) at(row int64) *overRow {
	r := o.rows[row]
	if r == nil {
		r = &overRow{row: row}
		o.rows[row] = r
		i, _ := slices.BinarySearchFunc(o.order, row, func(r *overRow, row int64) int { return int(r.row - row) })
		o.order = slices.Insert(o.order, i, r)
	}
	return r
}

// in gives the entries of n rows from first on.
func (o *overlay) in(first, n int64) []*overRow {
	if len(o.order) == 0 {
		return nil
	}
	by := func(r *overRow, row int64) int { return int(r.row - row) }
	lo, _ := slices.BinarySearchFunc(o.order, first, by)
	hi, _ := slices.BinarySearchFunc(o.order, first+n, by)
	return o.order[lo:hi]
}

// judged tells whether the plan's verdict on a row no longer counts.
func (o *overlay) judged(row int64) bool {
	r := o.rows[row]
	return r != nil && r.isJudged
}

// shift counts a row of a chunk under other keys than before.
func (o *overlay) shift(chunk int, from, to []string) {
	t := o.tallies[chunk]
	if t == nil {
		t = tally{}
		o.tallies[chunk] = t
	}
	t.add(from, -1)
	t.add(to, 1)
}

// overHead is the part of an overlay that is JSON.
type overHead struct {
	NewTags   []string      `json:"new_tags,omitempty"`
	NewGroups []string      `json:"new_groups,omitempty"`
	Tallies   map[int]tally `json:"tallies,omitempty"`
}

const (
	overBase = 1 << iota
	overJudged
	overVerdict
	overJoined
)

func (o *overlay) encode() ([]byte, error) {
	head, err := json.Marshal(overHead{o.newTags, o.newGroups, o.tallies})
	if err != nil {
		return nil, err
	}
	var e encoder
	e.string(string(head))
	for _, r := range o.order {
		flags := byte(0)
		set := func(ok bool, bit byte) {
			if ok {
				flags |= bit
			}
		}
		set(r.base != nil, overBase)
		set(r.isJudged, overJudged)
		set(r.verdict != nil, overVerdict)
		set(r.joined != nil, overJoined)
		e.uint(uint64(r.row))
		e.byte(flags)
		if r.base != nil {
			e.row(r.base)
		}
		e.uint(r.hash)
		e.uint(uint64(r.target))
		if r.verdict != nil {
			e.verdict(r.verdict)
		}
		if r.joined != nil {
			e.row(r.joined)
		}
	}
	return s2.Encode(nil, e.b), nil
}

func decodeOverlay(zip []byte, slots int) (*overlay, error) {
	b, err := s2.Decode(nil, zip)
	if err != nil {
		return nil, err
	}
	o := newOverlay()
	d := decoder{s: string(b)}
	var head overHead
	if err := json.Unmarshal([]byte(d.string()), &head); err != nil {
		return nil, err
	}
	o.newTags, o.newGroups = head.NewTags, head.NewGroups
	if head.Tallies != nil {
		o.tallies = head.Tallies
	}
	row := func(n int64) *PlanRow {
		p := new(PlanRow)
		p.Record.Number = n
		d.row(p, slots)
		return p
	}
	for d.err == nil && d.s != "" {
		r := &overRow{row: int64(d.uint())}
		flags := d.byte()
		r.isJudged = flags&overJudged != 0
		if flags&overBase != 0 {
			r.base = row(r.row)
		}
		r.hash, r.target = d.uint(), contact.ID(d.uint())
		if flags&overVerdict != 0 {
			v := d.verdict(r.row)
			r.verdict = &v
		}
		if flags&overJoined != 0 {
			r.joined = row(r.row)
		}
		o.rows[r.row] = r
		o.order = append(o.order, r)
	}
	return o, d.err
}

// lay reads the corrections of the review that made the plan.
func (p *planReader) lay(ctx context.Context, s *Service, imp *Import) error {
	return s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error { return p.layFrom(ctx, q, imp) })
}

func (p *planReader) layFrom(ctx context.Context, q db.Querier, imp *Import) error {
	var data []byte
	var version int64
	err := q.QueryRow(ctx, "SELECT version, data FROM import_overlay WHERE workspace_id = $1 AND import_id = $2 AND plan_key = $3",
		imp.Workspace, int64(imp.ID), imp.planKey).Scan(&version, &data)
	if errors.Is(err, sql.ErrNoRows) {
		p.over = newOverlay()
		return nil
	}
	if err != nil {
		return err
	}
	if p.over, err = decodeOverlay(data, p.index.Slots); err == nil {
		p.over.version = version
	}
	return err
}
