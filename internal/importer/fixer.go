package importer

import (
	"context"
	"encoding/binary"
	"slices"
	"time"

	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/table"
)

// fixer decides rows of a review again, with what they share with other rows of the file, and nothing else: it reads the
// chunks of the rows that are concerned, and the columns of numbers over all rows.
type fixer struct {
	plan  *planReader
	l     *layout
	clean *cleaner
	names *namer
	look  looker
	ids   *identifiers

	bases   map[int][]PlanRow // by chunk, as before
	files   map[int][]fileRow // by chunk
	whole   map[int][]PlanRow // by chunk, as before, with verdicts
	hashes  []byte
	targets []byte

	now map[int64]*redone // rows that are concerned
}

// redone is where a row stands among the others.
type redone struct {
	base    *PlanRow // what it is by itself; nil for as before
	hash    uint64
	target  contact.ID
	verdict *repeat
	joined  *PlanRow // with others joined to it
	regroup bool     // its group was gone through again, so joined counts
}

// openFixer makes a fixer for an import in review. The caller closes its plan.
func (s *Service) openFixer(ctx context.Context, q db.Querier, imp *Import) (*fixer, error) {
	plan, err := openPlanBlob(ctx, s.Blobs, imp.planKey)
	if err != nil {
		return nil, err
	}
	f := &fixer{plan: plan, bases: map[int][]PlanRow{}, files: map[int][]fileRow{}, whole: map[int][]PlanRow{},
		now: map[int64]*redone{}, ids: newIdentifiers(plan.index.Seed)}
	if err := f.open(ctx, q, imp); err != nil {
		plan.Close()
		return nil, err
	}
	return f, nil
}

func (f *fixer) open(ctx context.Context, q db.Querier, imp *Import) error {
	if err := f.plan.layFrom(ctx, q, imp); err != nil {
		return err
	}
	cat, err := contact.LoadCatalogue(ctx, q, imp.Workspace)
	if err != nil {
		return err
	}
	x := &f.plan.index
	ev := &evidence{now: time.UnixMicro(x.ReadAt), country: imp.Settings.Country, known: x.Readings}
	if ev.known == nil {
		ev.known = map[int]reading{}
	}
	if f.l, err = newLayout(&imp.Settings, cat, ev); err != nil {
		return err
	}
	f.l.plans = true
	f.names = newNamer(cat, f.plan.newTags(), f.plan.newGroups())
	if err := f.names.wishes(f.l, &imp.Settings); err != nil {
		return err
	}
	f.clean = newCleaner(f.l, ev)
	v, err := sightOf(ctx, q, imp)
	if err != nil {
		return err
	}
	f.look, err = newLooker(ctx, q, imp.Workspace, f.l, 0, v)
	return err
}

// file gives a row as the file has it.
func (f *fixer) file(row int64) (fileRow, error) {
	i := f.plan.chunkOf(row)
	if i < 0 {
		return fileRow{}, noCell(row, 0)
	}
	if f.files[i] == nil {
		rows, err := f.plan.fileRows(i)
		if err != nil {
			return fileRow{}, err
		}
		f.files[i] = rows
	}
	return f.files[i][row-f.plan.index.Chunks[i].First], nil
}

// base gives a row as it is by itself: as it was, or as it has been decided by now.
func (f *fixer) base(row int64) (*PlanRow, error) {
	if r := f.now[row]; r != nil && r.base != nil {
		return r.base, nil
	}
	i := f.plan.chunkOf(row)
	if i < 0 {
		return nil, noCell(row, 0)
	}
	if f.bases[i] == nil {
		rows, err := f.plan.base(i)
		if err != nil {
			return nil, err
		}
		f.bases[i] = rows
	}
	return &f.bases[i][row-f.plan.index.Chunks[i].First], nil
}

// before gives a row as it was, verdicts included.
func (f *fixer) before(row int64) (*PlanRow, error) {
	i := f.plan.chunkOf(row)
	if f.whole[i] == nil {
		rows, err := f.plan.chunk(i)
		if err != nil {
			return nil, err
		}
		f.whole[i] = rows
	}
	return &f.whole[i][row-f.plan.index.Chunks[i].First], nil
}

// after gives a row as it is now.
func (f *fixer) after(row int64) (*PlanRow, error) {
	r := f.now[row]
	from := r.joined
	if from == nil {
		var err error
		if from, err = f.base(row); err != nil {
			return nil, err
		}
	}
	p := *from
	if r.verdict != nil {
		r.verdict.mark(&p)
	}
	return &p, nil
}

// was gives where a row stood.
func (f *fixer) was(row int64) redone {
	r := redone{verdict: f.plan.verdict(row)}
	if o := f.plan.over.rows[row]; o != nil {
		r.hash, r.target, r.joined = o.hash, o.target, o.joined
	} else {
		r.hash, r.target = number(f.hashes, row), contact.ID(number(f.targets, row))
	}
	return r
}

// concern makes a row one of those that are gone through again.
func (f *fixer) concern(row int64) *redone {
	r := f.now[row]
	if r == nil {
		was := f.was(row)
		r = &was
		f.now[row] = r
	}
	return r
}

// redo decides rows again, each with its corrections. Rows are in the order of the file.
func (f *fixer) redo(ctx context.Context, rows []int64, list fixes) error {
	if err := f.columns(); err != nil {
		return err
	}
	records := make([]Record, len(rows))
	f.clean.reset(len(rows))
	for i, n := range rows {
		file, err := f.file(n)
		if err != nil {
			return err
		}
		row := table.Row{Number: n, Line: f.line(n), Cells: file.Cells, Issues: file.Issues}
		if fixes := list[n]; len(fixes) > 0 {
			f.clean.corrected(&records[i], &row, fixes)
		} else {
			f.clean.clean(&records[i], &row)
		}
		f.names.names(&records[i])
	}
	k, err := f.look.find(ctx, records)
	if err != nil {
		return err
	}
	for i, n := range rows {
		p := f.l.planned(&records[i], k)
		f.now[n] = &redone{base: &p, hash: f.ids.of(f.l.rivals(&p)), target: targetOf(&p)}
	}
	return f.judge(ctx)
}

// columns reads the numbers of all rows.
func (f *fixer) columns() (err error) {
	for _, c := range []struct {
		to   *[]byte
		from blockRef
	}{{&f.hashes, f.plan.index.Hashes}, {&f.targets, f.plan.index.Targets}} {
		b, err := f.plan.raw(c.from)
		if err != nil {
			return err
		}
		*c.to = slices.Clone(b)
	}
	return nil
}

// number gives the number of a row in a column; 0 where the column has none.
func number(column []byte, row int64) uint64 {
	at := (row - 1) * 8
	if at < 0 || at+8 > int64(len(column)) {
		return 0
	}
	return binary.LittleEndian.Uint64(column[at:])
}

// line gives the line of a row, 0 where the plan cannot tell.
func (f *fixer) line(row int64) int64 {
	ref := f.plan.index.Lines
	if at := (row - 1) * 4; at >= 0 && at+4 <= ref.Length {
		if b, err := f.plan.raw(blockRef{ref.Offset + at, 4}); err == nil {
			return int64(binary.LittleEndian.Uint32(b))
		}
	}
	return 0
}
