package importer

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"math/rand/v2"

	"github.com/klauspost/compress/s2"

	"cadastro/internal/blob"
)

// A plan is a blob: for each chunk of rows a block with what was decided and one with the file's own cells; columns of
// numbers over all rows; then the index, as JSON; then the length of the index in eight bytes, little end first, and
// the magic. Blocks of rows are compressed, columns are not: they are searched as they are.

const planMagic = "cadplan2"

// planIndex is what a plan says of itself.
type planIndex struct {
	Slots     int             `json:"slots"`
	Header    []string        `json:"header"`          // of the file
	Seed      uint64          `json:"seed"`            // of the identifiers' numbers
	ReadAt    int64           `json:"read_at"`         // when the file was read
	Readings  map[int]reading `json:"readings"`        // by column
	Hides     bool            `json:"hides,omitempty"` // there were contacts that the import did not see
	Chunks    []chunkRef      `json:"chunks"`
	NewTags   []string        `json:"new_tags"`
	NewGroups []string        `json:"new_groups"`
	Repeats   blockRef        `json:"repeats"`
	Repeated  int             `json:"repeated"`         // verdicts in Repeats
	Hashes    blockRef        `json:"hashes"`           // eight bytes a row: the number of its identifier
	Lines     blockRef        `json:"lines"`            // four bytes a row
	Targets   blockRef        `json:"targets,omitzero"` // eight bytes a row: the contact that it speaks of; none where no row does
}

// blockRef says where a block lies.
type blockRef struct {
	Offset int64 `json:"o"`
	Length int64 `json:"l"`
}

// chunkRef says where the blocks of a chunk lie and what its rows come to, verdicts on repeated rows included.
type chunkRef struct {
	Plan   blockRef `json:"p"`
	Cells  blockRef `json:"c"`
	Joined blockRef `json:"j,omitzero"` // rows as they are with others joined to them, in the place of their own
	First  int64    `json:"f"`          // number of the first row
	Rows   int      `json:"r"`
	Keys   tally    `json:"k,omitempty"`
}

// planWriter writes a plan chunk by chunk.
type planWriter struct {
	w     blob.Writer
	off   int64
	index planIndex
	enc   encoder
	zip   []byte
}

func newPlanWriter(ctx context.Context, store blob.Store, key string, l *layout) (*planWriter, error) {
	w, err := store.Create(ctx, key)
	if err != nil {
		return nil, err
	}
	return &planWriter{w: w, index: planIndex{Slots: len(l.slots), Seed: rand.Uint64()}}, nil
}

// raw writes a block as it is.
func (p *planWriter) raw(b []byte) (blockRef, error) {
	ref := blockRef{p.off, int64(len(b))}
	_, err := p.w.Write(b)
	p.off += ref.Length
	return ref, err
}

// block writes a block compressed.
func (p *planWriter) block(b []byte) (blockRef, error) {
	p.zip = s2.Encode(p.zip[:cap(p.zip)], b)
	return p.raw(p.zip)
}

// chunk writes rows, which follow one another in the file, and their cells, compressed already.
func (p *planWriter) chunk(rows []PlanRow, packed *[]byte) error {
	p.enc.b = p.enc.b[:0]
	for i := range rows {
		p.enc.row(&rows[i])
	}
	ref := chunkRef{First: rows[0].Record.Number, Rows: len(rows)}
	var err error
	if ref.Plan, err = p.block(p.enc.b); err != nil {
		return err
	}
	if ref.Cells, err = p.cells(packed); err != nil {
		return err
	}
	p.index.Chunks = append(p.index.Chunks, ref)
	return nil
}

// columns writes what is searched over all rows.
func (p *planWriter) columns(hashes []uint64, lines []uint32, targets []int64) (err error) {
	b := make([]byte, 0, 64<<10)
	column := func(n int, add func(i int)) blockRef {
		ref := blockRef{Offset: p.off}
		for i := 0; i < n && err == nil; i++ {
			if add(i); len(b) >= 60<<10 || i == n-1 {
				var part blockRef
				part, err = p.raw(b)
				ref.Length += part.Length
				b = b[:0]
			}
		}
		return ref
	}
	p.index.Hashes = column(len(hashes), func(i int) { b = binary.LittleEndian.AppendUint64(b, hashes[i]) })
	p.index.Lines = column(len(lines), func(i int) { b = binary.LittleEndian.AppendUint32(b, lines[i]) })
	p.index.Targets = column(len(targets), func(i int) { b = binary.LittleEndian.AppendUint64(b, uint64(targets[i])) })
	return err
}

// finish writes the verdicts and the index, and makes the plan durable.
func (p *planWriter) finish(repeats []repeat) (err error) {
	p.enc.b = p.enc.b[:0]
	last := int64(0)
	for i := range repeats {
		p.enc.uint(uint64(repeats[i].row - last))
		p.enc.verdict(&repeats[i])
		last = repeats[i].row
	}
	if p.index.Repeats, err = p.block(p.enc.b); err != nil {
		return err
	}
	p.index.Repeated = len(repeats)
	tail, err := json.Marshal(p.index)
	if err != nil {
		return err
	}
	tail = binary.LittleEndian.AppendUint64(tail, uint64(len(tail)))
	if _, err := p.w.Write(append(tail, planMagic...)); err != nil {
		return err
	}
	return p.w.Commit()
}

func (e *encoder) verdict(r *repeat) {
	e.uint(uint64(r.other))
	e.uint(uint64(r.line))
	e.byte(byte(r.outcome) | byte(r.kind)<<4)
}

func (d *decoder) verdict(row int64) repeat {
	r := repeat{row: row, other: int64(d.uint()), line: int64(d.uint())}
	b := d.byte()
	r.outcome, r.kind = Outcome(b&15), repeatKind(b>>4)
	return r
}
