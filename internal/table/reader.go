package table

import (
	"bytes"
	"io"

	"cadastro/internal/charset"
	"cadastro/internal/errs"
)

// Tally counts what a reader of delimited text passed over: none of it is a row.
type Tally struct {
	Blank   int64 // lines and records that hold nothing
	Headers int64 // header rows repeated among the data
	Footer  int64 // totals and page footers
	Rulers  int64 // lines of dashes below the header, or between rows
	BOMs    int   // byte order marks, those amid the text included
}

// delimited is the Reader of delimited text.
type delimited struct {
	p       *parser
	closer  io.Closer
	count   *counter
	stream  *charset.Reader // nil where records are decoded one by one
	decoder *charset.Decoder
	utf8    bool
	d       Dialect
	lim     Limits

	header []string   // names told apart, width long
	heads  [][]string // the header records as they are, to know them again
	width  int
	number int64
	tally  Tally
	pad    padding

	rec   record
	inner record
	text  []byte
	held  heldBack
}

// probeBytes is how much of a text is looked at to learn the table's width, probeRows how many records.
const (
	probeBytes = 256 << 10
	probeRows  = 300
)

// newDelimited reads src as d says. count counts the bytes taken from the file itself. closer may be nil.
func newDelimited(src io.Reader, count *counter, closer io.Closer, d Dialect, lim Limits) (*delimited, error) {
	if d.Wrapped && d.Quote == 0 {
		d.Quote = '"' // around the line, if not in it
	}
	r := &delimited{closer: closer, count: count, d: d, lim: lim.WithDefaults()}
	if err := r.decode(&src); err != nil {
		return nil, err
	}
	head := make([]byte, probeBytes)
	n, err := io.ReadFull(src, head)
	head = head[:n]
	whole := err == io.EOF || err == io.ErrUnexpectedEOF
	if err != nil && !whole {
		return nil, readError(err)
	}
	r.p = newParser(io.MultiReader(bytes.NewReader(head), src), d, r.lim.RecordBytes)
	if err := r.readHeader(); err != nil {
		return nil, err
	}
	r.settleWidth(head, whole)
	if r.width > r.lim.Columns {
		return nil, tooManyColumns(r.width, r.lim.Columns)
	}
	if d.Wrapped {
		r.p.setWidth(1)
	} else {
		r.p.setWidth(r.width)
	}
	return r, nil
}

func tooManyColumns(n, limit int) error {
	return errs.New(errs.TooLarge, "file.too_many_columns", "columns", n, "limit", limit)
}

// decode chooses between decoding record by record, which tells the cell that holds a bad byte, and decoding
// the whole stream, for charsets or delimiters that are not supersets of ASCII.
func (r *delimited) decode(src *io.Reader) error {
	name := r.d.Charset
	if name == "" {
		name = charset.UTF8
	}
	canonical, ok := charset.Lookup(name)
	if !ok {
		return errs.New(errs.Invalid, "charset.unknown", "value", name)
	}
	r.utf8 = canonical == charset.UTF8
	ascii := charset.ASCIIPrefix([]byte(r.d.Delimiter)) == len(r.d.Delimiter) && r.d.Quote < 0x80
	if r.utf8 || charset.ASCIICompatible(canonical) && ascii {
		d, err := charset.NewDecoder(canonical, r.d.Fallback)
		if err != nil {
			return err
		}
		r.decoder = d
		return nil
	}
	s, err := charset.NewReader(*src, canonical)
	if err != nil {
		return err
	}
	r.stream, r.utf8, *src = s, true, s
	r.decoder, err = charset.NewDecoder(charset.UTF8, "")
	return err
}

// Header implements Reader.
func (r *delimited) Header() []string { return r.header }

// Offset implements Reader.
func (r *delimited) Offset() int64 { return r.count.n }

// Tally tells what was passed over so far.
func (r *delimited) Tally() Tally {
	t := r.tally
	t.BOMs = r.p.boms
	return t
}

// Close implements Reader.
func (r *delimited) Close() error {
	if r.closer == nil {
		return nil
	}
	c := r.closer
	r.closer = nil
	return c.Close()
}

// Read implements Reader.
func (r *delimited) Read(row *Row) error {
	if r.d.Footer <= 0 || !r.d.DropFooter {
		return r.readRow(row)
	}
	err := r.held.read(row, r.d.Footer, r.readRow)
	r.tally.Footer = int64(r.held.dropped())
	return err
}

// next gives the next record that is no blank line.
func (r *delimited) next() error {
	for {
		if err := r.p.next(&r.rec); err != nil {
			return readError(err)
		}
		if !r.rec.blank() {
			return nil
		}
		r.tally.Blank++
	}
}

// readError leaves io.EOF and our own errors as they are; anything else is trouble with the source.
func readError(err error) error {
	if err == nil || err == io.EOF || errs.CodeOf(err) != "" {
		return err
	}
	return errs.Wrap(err, errs.Invalid, "file.unreadable")
}

// counter counts the bytes read through it.
type counter struct {
	src io.Reader
	n   int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.n += int64(n)
	return n, err
}
