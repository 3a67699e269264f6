package importer

import (
	"sync"

	"github.com/klauspost/compress/s2"

	"cadastro/internal/errs"
	"cadastro/internal/table"
)

// A plan keeps the file's own cells beside each chunk of rows, so that a page of rows can show them, and a correction
// can be decided, without reading the file again from its start: few formats could be entered in the middle.

// fileRow is a row as the file has it, with what its reader had to say.
type fileRow struct {
	Cells  []string
	Issues []errs.Issue
}

// packer packs the cells of chunks. It is for one goroutine.
type packer struct {
	enc encoder
}

var packs = sync.Pool{New: func() any { return new([]byte) }}

// pack gives the rows as the file has them, compressed. The buffer goes back into packs once it is written.
func (p *packer) pack(rows []table.Row) *[]byte {
	e := &p.enc
	e.b = e.b[:0]
	for i := range rows {
		e.uint(uint64(len(rows[i].Cells)))
		for _, c := range rows[i].Cells {
			e.string(c)
		}
		e.issues(rows[i].Issues)
	}
	buf := packs.Get().(*[]byte)
	*buf = s2.Encode((*buf)[:cap(*buf)], e.b)
	return buf
}

// cells writes the packed cells of the chunk that comes next.
func (p *planWriter) cells(packed *[]byte) (blockRef, error) {
	ref, err := p.raw(*packed)
	packs.Put(packed)
	return ref, err
}

// cells gives the file's own cells of chunk i, row after row. A row may have fewer or more than the header.
func (p *planReader) cells(i int) ([][]string, error) {
	rows, err := p.fileRows(i)
	if err != nil {
		return nil, err
	}
	out := make([][]string, len(rows))
	for j := range rows {
		out[j] = rows[j].Cells
	}
	return out, nil
}

// fileRows gives the rows of chunk i as the file has them.
func (p *planReader) fileRows(i int) ([]fileRow, error) {
	ref := p.index.Chunks[i]
	b, err := p.block(ref.Cells)
	if err != nil {
		return nil, err
	}
	d := decoder{s: string(b)}
	rows := make([]fileRow, ref.Rows)
	var room []string
	for j := range rows {
		n := d.count()
		if cap(room)-len(room) < n {
			room = make([]string, 0, n*min(len(rows)-j, 256))
		}
		at := len(room)
		for range n {
			room = append(room, d.string())
		}
		rows[j] = fileRow{room[at:len(room):len(room)], d.issues()}
	}
	return rows, d.err
}

// cellsOf gives the file's own cells of some rows of chunk i, by their numbers in ascending order.
func (p *planReader) cellsOf(i int, numbers []int64) ([][]string, error) {
	ref := p.index.Chunks[i]
	b, err := p.block(ref.Cells)
	if err != nil {
		return nil, err
	}
	d := decoder{s: string(b)}
	out := make([][]string, 0, len(numbers))
	for n := ref.First; len(out) < len(numbers) && d.err == nil; n++ {
		cells := d.count()
		if n != numbers[len(out)] {
			for range cells {
				d.string()
			}
		} else {
			row := make([]string, cells)
			for j := range row {
				row[j] = d.string()
			}
			out = append(out, row)
		}
		d.issues()
	}
	return out, d.err
}

// column gives the cells of one column of chunk i, "" where a row is shorter.
func (p *planReader) column(i, column int) ([]string, error) {
	ref := p.index.Chunks[i]
	b, err := p.block(ref.Cells)
	if err != nil {
		return nil, err
	}
	d := decoder{s: string(b)}
	out := make([]string, ref.Rows)
	for j := range out {
		for c := range d.count() {
			if cell := d.string(); c == column {
				out[j] = cell
			}
		}
		d.issues()
	}
	return out, d.err
}
