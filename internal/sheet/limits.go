package sheet

import (
	"cadastro/internal/errs"
)

// Limits bound what a workbook may cost. The zero value of a field means its default.
//
// MaxColumns and the default of CellBytes follow Excel's "specifications and limits" (16,384 columns; a cell has
// 32,767 characters, which other programs exceed).
type Limits struct {
	Inflated     int64  // bytes of one part after decompression, default 20 GiB
	Ratio        int64  // inflated to packed bytes of a part, default 250
	RatioFrom    int64  // inflated bytes from which on the ratio is watched, default 64 MiB
	Entries      int    // parts of the container, default 1,000
	Part         int64  // bytes of one part that is neither a sheet nor strings (styles, names), default 64 MiB
	SharedBytes  int64  // text of the shared strings, default 2 GiB
	SharedMemory int64  // of these kept in memory, the rest goes to a temporary file, default 48 MiB
	RowBytes     int    // text of one row, default 16 MiB
	CellBytes    int    // text of one cell, default 1 MiB
	Columns      int    // default 16,384
	Rows         int64  // rows with cells, default 16,777,216
	Depth        int    // nesting of XML, default 64
	TempDir      string // folder of temporary files, default the system's
}

// StringCost is what a shared string counts against SharedBytes beside its text, in bytes, so that empty ones are
// bounded too.
const StringCost = 32

// WithDefaults fills the zero fields.
func (l Limits) WithDefaults() Limits {
	def(&l.Inflated, 20<<30)
	def(&l.Ratio, 250)
	def(&l.RatioFrom, 64<<20)
	def(&l.Entries, 1000)
	def(&l.Part, 64<<20)
	def(&l.SharedBytes, 2<<30)
	def(&l.SharedMemory, 48<<20)
	def(&l.RowBytes, 16<<20)
	def(&l.CellBytes, 1<<20)
	def(&l.Columns, 16384)
	def(&l.Rows, 1<<24)
	def(&l.Depth, 64)
	return l
}

func def[T int | int64](p *T, v T) {
	if *p == 0 {
		*p = v
	}
}

// Corrupt is the error for a file that breaks its format's rules; err says how, for the log.
func Corrupt(err error) error { return errs.Wrap(err, errs.Invalid, "file.corrupt") }

// Encrypted is the error for a file that is protected by a password.
func Encrypted() error { return errs.New(errs.Invalid, "file.encrypted") }

// CellTooLong is the error for a cell over the limit, in bytes. row counts from 1, col from 0.
func CellTooLong(limit int, row int64, col int) error {
	return errs.New(errs.TooLarge, "sheet.cell_too_long", "limit", limit, "row", row, "column", ColumnName(col))
}

// RowTooLong is the error for a row whose cells together are over the limit, in bytes.
func RowTooLong(limit int, row int64) error {
	return errs.New(errs.TooLarge, "sheet.row_too_long", "limit", limit, "row", row)
}

// TooManyColumns is the error for a cell to the right of the last column that is allowed. columns is the number that
// would be needed for the cell.
func TooManyColumns(limit, columns int) error {
	return errs.New(errs.TooLarge, "file.too_many_columns", "limit", limit, "columns", columns)
}

// TooManyRows is the error for a sheet with more rows than allowed.
func TooManyRows(limit int64) error {
	return errs.New(errs.TooLarge, "file.too_many_rows", "limit", limit)
}

// NoSheet is the error for a workbook without a sheet that has rows.
func NoSheet() error { return errs.New(errs.Invalid, "sheet.none") }

// ColumnName gives the letters of a column counted from 0: 0 is "A", 16383 is "XFD".
func ColumnName(col int) string {
	var b [8]byte
	i := len(b)
	for n := col + 1; n > 0 && i > 0; n = (n - 1) / 26 {
		i--
		b[i] = byte('A' + (n-1)%26)
	}
	return string(b[i:])
}
