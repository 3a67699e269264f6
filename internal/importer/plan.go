package importer

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"sort"

	"github.com/klauspost/compress/s2"

	"cadastro/internal/blob"
	"cadastro/internal/contact"
)

// A plan is a blob: blocks of rows, each compressed; then the index, as JSON; then the length of the index in
// eight bytes, little end first, and the magic.

const planMagic = "cadplan1"

// sameBit on the outcome of a repetition says that the rows share a contact, not an identifier.
const sameBit = 0x80

// planIndex is what a plan says of itself.
type planIndex struct {
	Slots     int          `json:"slots"`
	Identity  contact.Kind `json:"identity"` // kind of the rows' identity keys
	Chunks    []chunkRef   `json:"chunks"`
	NewTags   []string     `json:"new_tags"`
	NewGroups []string     `json:"new_groups"`
	Repeats   chunkRef     `json:"repeats"`
}

// chunkRef says where a block lies and what its rows come to, repeated rows counted as such.
type chunkRef struct {
	Offset int64   `json:"o"`
	Length int64   `json:"l"`
	First  int64   `json:"f"` // number of the first row
	Rows   int     `json:"r"`
	Cells  cellRef `json:"s"`
	Keys   tally   `json:"k,omitempty"`
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
	return &planWriter{w: w, index: planIndex{Slots: len(l.slots), Identity: contact.Kind(l.identifier)}}, nil
}

func (p *planWriter) block(b []byte) (chunkRef, error) {
	p.zip = s2.Encode(p.zip[:cap(p.zip)], b)
	ref := chunkRef{Offset: p.off, Length: int64(len(p.zip))}
	_, err := p.w.Write(p.zip)
	p.off += ref.Length
	return ref, err
}

// chunk writes rows, which follow one another in the file, and their cells.
func (p *planWriter) chunk(rows []PlanRow, packed *[]byte) error {
	p.enc.b = p.enc.b[:0]
	for i := range rows {
		p.enc.row(&rows[i])
	}
	ref, err := p.block(p.enc.b)
	if err != nil {
		return err
	}
	if ref.Cells, err = p.cells(packed); err != nil {
		return err
	}
	ref.First, ref.Rows = rows[0].Record.Number, len(rows)
	p.index.Chunks = append(p.index.Chunks, ref)
	return nil
}

// finish writes what is known at the end of the file, and makes the plan durable.
func (p *planWriter) finish(repeats []repeat) error {
	p.enc.b = p.enc.b[:0]
	last := int64(0)
	for _, r := range repeats {
		p.enc.uint(uint64(r.row - last))
		p.enc.uint(uint64(r.other))
		p.enc.uint(uint64(r.line))
		b := byte(r.outcome)
		if r.same {
			b |= sameBit
		}
		p.enc.byte(b)
		last = r.row
	}
	ref, err := p.block(p.enc.b)
	if err != nil {
		return err
	}
	ref.Rows = len(repeats)
	p.index.Repeats = ref
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

// planReader reads a plan, any chunk at any time. It is for one goroutine.
type planReader struct {
	r       blob.Reader
	index   planIndex
	repeats []repeat
	buf     []byte
}

func openPlan(ctx context.Context, store blob.Store, key string) (*planReader, error) {
	r, err := store.Open(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("open plan: %w", err)
	}
	p := &planReader{r: r}
	if err := p.load(); err != nil {
		r.Close()
		return nil, err
	}
	return p, nil
}

// Close closes the blob.
func (p *planReader) Close() error { return p.r.Close() }

func (p *planReader) load() error {
	const tail = 8 + int64(len(planMagic))
	var end [tail]byte
	size := p.r.Size()
	if size < tail {
		return errPlan
	}
	if _, err := p.r.ReadAt(end[:], size-tail); err != nil && err != io.EOF {
		return err
	}
	n := binary.LittleEndian.Uint64(end[:8])
	if string(end[8:]) != planMagic || n > uint64(size-tail) {
		return errPlan
	}
	text := make([]byte, n)
	if _, err := p.r.ReadAt(text, size-tail-int64(n)); err != nil && err != io.EOF {
		return err
	}
	if err := json.Unmarshal(text, &p.index); err != nil {
		return fmt.Errorf("plan index: %w", err)
	}
	b, err := p.block(p.index.Repeats)
	if err != nil {
		return err
	}
	d := decoder{s: string(b)}
	last := int64(0)
	p.repeats = make([]repeat, p.index.Repeats.Rows)
	for i := range p.repeats {
		last += int64(d.uint())
		p.repeats[i] = repeat{row: last, other: int64(d.uint()), line: int64(d.uint())}
		b := d.byte()
		p.repeats[i].outcome, p.repeats[i].same = Outcome(b&^sameBit), b&sameBit != 0
	}
	return d.err
}

func (p *planReader) block(ref chunkRef) ([]byte, error) {
	if ref.Length > p.r.Size() {
		return nil, errPlan
	}
	if int64(cap(p.buf)) < ref.Length {
		p.buf = make([]byte, ref.Length)
	}
	b := p.buf[:ref.Length]
	if _, err := p.r.ReadAt(b, ref.Offset); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	return s2.Decode(nil, b)
}

// chunk gives the rows of chunk i, in the order of the file, each with what the whole file says of repetition.
func (p *planReader) chunk(i int) ([]PlanRow, error) {
	ref := p.index.Chunks[i]
	b, err := p.block(ref)
	if err != nil {
		return nil, err
	}
	rows := make([]PlanRow, ref.Rows)
	d := decoder{s: string(b)}
	for j := range rows {
		rows[j].Record.Number = ref.First + int64(j)
		d.row(&rows[j], p.index.Slots)
		if rows[j].Record.Identity.Text != "" {
			rows[j].Record.Identity.Kind = p.index.Identity
		}
	}
	if d.err != nil {
		return nil, d.err
	}
	at := sort.Search(len(p.repeats), func(k int) bool { return p.repeats[k].row >= ref.First })
	for ; at < len(p.repeats) && p.repeats[at].row < ref.First+int64(ref.Rows); at++ {
		p.repeats[at].mark(&rows[p.repeats[at].row-ref.First])
	}
	return rows, nil
}
