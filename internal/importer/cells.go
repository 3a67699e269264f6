package importer

import (
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/s2"

	"cadastro/internal/table"
)

// A plan keeps the file's own cells beside each chunk of rows, so that a page of rows can show them, and a correction
// can be decided, without reading the file again from its start: few formats could be entered in the middle.

// cellRef says where the cells of a chunk lie in a plan.
type cellRef struct {
	Offset int64 `json:"o"`
	Length int64 `json:"l"`
}

// packer packs the cells of chunks. It is for one goroutine.
type packer struct {
	enc encoder
}

var packs = sync.Pool{New: func() any { return new([]byte) }}

// pack gives the cells of rows, compressed. The buffer goes back into packs once it is written.
func (p *packer) pack(rows []table.Row) *[]byte {
	e := &p.enc
	e.b = e.b[:0]
	for i := range rows {
		e.uint(uint64(len(rows[i].Cells)))
		for _, c := range rows[i].Cells {
			e.string(c)
		}
	}
	buf := packs.Get().(*[]byte)
	*buf = s2.Encode((*buf)[:cap(*buf)], e.b)
	return buf
}

// cells writes the packed cells of the chunk that comes next.
func (p *planWriter) cells(packed *[]byte) (cellRef, error) {
	ref := cellRef{Offset: p.off, Length: int64(len(*packed))}
	_, err := p.w.Write(*packed)
	p.off += ref.Length
	packs.Put(packed)
	return ref, err
}

// cells gives the file's own cells of chunk i, row after row. A row may have fewer or more than the header.
func (p *planReader) cells(i int) ([][]string, error) {
	ref := p.index.Chunks[i]
	if ref.Cells.Length <= 0 || ref.Cells.Length > p.r.Size() {
		return nil, errPlan
	}
	zip := make([]byte, ref.Cells.Length)
	if _, err := p.r.ReadAt(zip, ref.Cells.Offset); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	b, err := s2.Decode(nil, zip)
	if err != nil {
		return nil, err
	}
	d := decoder{s: string(b)}
	rows := make([][]string, ref.Rows)
	var all []string
	for j := range rows {
		at := len(all)
		for range d.count() {
			all = append(all, d.string())
		}
		rows[j] = all[at:len(all):len(all)]
	}
	return rows, d.err
}

// tally gives the counts of chunk i.
func (p *planReader) tally(i int) tally { return p.index.Chunks[i].Keys }
