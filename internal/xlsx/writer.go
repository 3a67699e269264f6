package xlsx

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
)

const (
	// MaxRows is the number of rows that a sheet can have, its header included.
	MaxRows = 1 << 20
	// MaxColumns is the number of columns that a sheet can have.
	MaxColumns = 1 << 14
	// MaxCell is the number of UTF-16 units that a cell can have.
	MaxCell = 32767

	compression = 3 // of 9; more takes twice the time for a tenth of the size
)

var errNoSheetYet = errors.New("xlsx: Write before Sheet")

// ColumnKind says how the cells of a column are written.
type ColumnKind uint8

// The kinds of columns. AsText is for everything that is no quantity: names, phones, codes. AsNumber and AsDate
// write what they cannot read as text.
const (
	AsText   ColumnKind = iota
	AsNumber            // plain decimals of at most 15 digits
	AsDate              // 2025-12-31, with 13:45 or 13:45:10 or nothing behind it
)

// Column describes one column of a sheet. Width is in characters, 0 to fit the header.
type Column struct {
	Header string
	Kind   ColumnKind
	Width  float64
}

// WriterOptions are the settings of a [Writer].
type WriterOptions struct {
	// RollOver goes on in a new sheet of the same columns, named "Name (2)", where one is full. Without it a
	// full sheet is the error sheet.too_many_rows.
	RollOver bool
}

// Writer writes a workbook as a stream: sheets one after the other, each with a frozen bold header. It keeps
// nothing but the current row. A control character is escaped, bytes that are no UTF-8 become U+FFFD, and a cell over
// [MaxCell] is cut; nothing that a cell holds is ever run as a formula.
type Writer struct {
	opt     WriterOptions
	zip     *zip.Writer
	out     *bufio.Writer
	columns []Column
	refs    []string // letters of the columns
	names   []string
	base    string // the name asked for, where the sheet rolls over
	row     int
	buf     []byte
	clipped int64
	err     error
}

// NewWriter returns a writer of a new workbook. The caller closes it, and then w.
func NewWriter(w io.Writer, opt WriterOptions) *Writer {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, compression)
	})
	return &Writer{opt: opt, zip: z}
}

// Sheet begins a sheet and writes its header; where all headers are empty there is none. The name is adapted to
// Excel's rules: 31 characters, none of []:*?/\, no two alike.
func (w *Writer) Sheet(name string, columns []Column) error {
	if len(columns) > MaxColumns {
		return sheet.TooManyColumns(MaxColumns, len(columns))
	}
	w.base = name
	w.columns = append([]Column(nil), columns...)
	w.refs = w.refs[:0]
	for i := range columns {
		w.refs = append(w.refs, sheet.ColumnName(i))
	}
	return w.begin(name)
}

// Write appends a row, one text per column; empty ones take no space. Texts beyond the columns are left out.
func (w *Writer) Write(cells []string) error {
	if w.err == nil && w.out == nil {
		w.err = errNoSheetYet
	}
	if w.err != nil {
		return w.err
	}
	if w.row == MaxRows {
		if !w.opt.RollOver {
			return errs.New(errs.TooLarge, "sheet.too_many_rows", "limit", MaxRows)
		}
		if err := w.begin(w.base); err != nil {
			return err
		}
	}
	w.startRow()
	for i, text := range cells[:min(len(cells), len(w.columns))] {
		if text != "" {
			w.cell(i, text)
		}
	}
	return w.endRow()
}

// Clipped counts the cells that were cut to [MaxCell].
func (w *Writer) Clipped() int64 { return w.clipped }

// Close ends the last sheet and the workbook. A workbook without a sheet gets an empty one.
func (w *Writer) Close() error {
	if w.err != nil {
		return w.err
	}
	if len(w.names) == 0 {
		if err := w.Sheet("Sheet1", nil); err != nil {
			return err
		}
	}
	w.endSheet()
	w.frame()
	if w.err != nil {
		return w.err
	}
	return w.zip.Close()
}

func (w *Writer) begin(name string) error {
	w.endSheet()
	if w.err != nil {
		return w.err
	}
	w.names = append(w.names, uniqueName(name, w.names))
	part, err := w.zip.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(w.names)))
	if err != nil {
		w.err = err
		return err
	}
	w.out = bufio.NewWriterSize(part, 64<<10)
	w.row = 0
	w.buf = append(w.buf[:0], xmlHead+`<worksheet xmlns="`+mainNS+`">`...)
	header := false
	for _, c := range w.columns {
		header = header || c.Header != ""
	}
	if header {
		w.buf = append(w.buf, `<sheetViews><sheetView workbookViewId="0"`...)
		if len(w.names) == 1 {
			w.buf = append(w.buf, ` tabSelected="1"`...)
		}
		w.buf = append(w.buf, `><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`...)
	}
	w.appendColumns()
	w.buf = append(w.buf, "<sheetData>"...)
	w.flush()
	if header {
		w.startRow()
		for i, c := range w.columns {
			if c.Header != "" {
				w.textCell(i, styleHeader, c.Header)
			}
		}
		return w.endRow()
	}
	return w.err
}

func (w *Writer) endSheet() {
	if w.out == nil || w.err != nil {
		return
	}
	w.buf = append(w.buf[:0], "</sheetData></worksheet>"...)
	w.flush()
	if err := w.out.Flush(); err != nil && w.err == nil {
		w.err = err
	}
	w.out = nil
}

// flush hands the buffer on.
func (w *Writer) flush() {
	if _, err := w.out.Write(w.buf); err != nil && w.err == nil {
		w.err = err
	}
	w.buf = w.buf[:0]
}
