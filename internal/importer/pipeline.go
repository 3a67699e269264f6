package importer

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/table"
)

// DefaultChunkRows is how many rows go through the line together: enough that a statement is shared by many, few
// enough that a cancel is quick and memory small.
const DefaultChunkRows = 5_000

// batch is a chunk of rows on its way through the line. Cells of all rows share one backing array.
type batch struct {
	rows    []table.Row
	cells   []string
	records []Record
	packed  *[]byte // the cells, for the plan
	known   *known
	ids     []contact.ID // contacts to be read
	offset  int64        // bytes of the file read so far
	err     error        // the file ended in an error after these rows, or a station failed
	spoilt  bool         // a station failed: the rows are not to be used
	done    chan struct{}
}

// readBatch takes the next size rows of a table; fewer are the last.
func readBatch(r table.Reader, row *table.Row, width, size int) *batch {
	b := &batch{rows: make([]table.Row, 0, size/4), cells: make([]string, 0, size/4*max(1, width)), done: make(chan struct{})}
	for len(b.rows) < size {
		if err := r.Read(row); err != nil {
			if !errors.Is(err, io.EOF) {
				b.err = err
			}
			break
		}
		at := len(b.cells)
		b.cells = append(b.cells, row.Cells...)
		kept := table.Row{Number: row.Number, Line: row.Line, Cells: b.cells[at:len(b.cells):len(b.cells)]}
		if len(row.Issues) > 0 {
			kept.Issues = append([]errs.Issue(nil), row.Issues...)
		}
		b.rows = append(b.rows, kept)
	}
	b.offset = r.Offset()
	return b
}

// station is a place on the line that batches pass in the order of the file, on a goroutine of its own.
type station func(context.Context, *batch) error

// clean reads a table, cleans its rows on all processors but one, lets the batches pass the stations and hands them
// to f in the order of the file, on the caller's goroutine. fixes are the corrections of a review before. Each station works on one batch while the next station
// works on the one before. At most a few batches are in memory at once.
func clean(ctx context.Context, r table.Reader, size int, l *layout, ev *evidence, fixes fixes, stations []station, f func(*batch) error) error {
	ctx, stop := context.WithCancel(ctx)
	workers := max(1, min(4, runtime.GOMAXPROCS(0)-1))
	todo := make(chan *batch)
	ordered := make(chan *batch)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	wg.Go(func() {
		defer close(ordered)
		defer close(todo)
		var row table.Row
		for {
			b := readBatch(r, &row, len(l.columns), size)
			last := len(b.rows) < size || b.err != nil // asked now: a cleaner takes the rows away
			if !send(ctx, ordered, b) || !send(ctx, todo, b) || last {
				return
			}
		}
	})
	for range workers {
		wg.Go(func() {
			c := newCleaner(l.fork(), ev)
			var p packer
			for b := range todo {
				b.packed = p.pack(b.rows)
				c.reset(len(b.rows))
				b.records = make([]Record, len(b.rows))
				for i := range b.rows {
					if list := fixes[b.rows[i].Number]; len(list) > 0 {
						c.corrected(&b.records[i], &b.rows[i], list)
						continue
					}
					c.clean(&b.records[i], &b.rows[i])
				}
				b.rows, b.cells = nil, nil
				close(b.done)
			}
		})
	}
	first := func(ctx context.Context, b *batch) error {
		select {
		case <-b.done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	in := (<-chan *batch)(ordered)
	for _, st := range append([]station{first}, stations...) {
		in = pass(ctx, &wg, in, st)
	}
	for b := range in {
		if !b.spoilt && len(b.records) > 0 { // a spoilt one may still be in a cleaner's hands
			if err := f(b); err != nil {
				return err
			}
		}
		if b.err != nil {
			return b.err
		}
	}
	return ctx.Err()
}

// pass sends batches through a station. After a batch at which it failed nothing more comes.
func pass(ctx context.Context, wg *sync.WaitGroup, in <-chan *batch, st station) <-chan *batch {
	out := make(chan *batch)
	wg.Go(func() {
		defer close(out)
		for b := range in {
			if !b.spoilt {
				if err := st(ctx, b); err != nil {
					b.err, b.spoilt = err, true
				}
			}
			if !send(ctx, out, b) || b.spoilt {
				return
			}
		}
	})
	return out
}

func send(ctx context.Context, to chan<- *batch, b *batch) bool {
	select {
	case to <- b:
		return true
	case <-ctx.Done():
		return false
	}
}
