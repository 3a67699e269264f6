// Package table reads and writes tabular files: delimited text of every kind, and the spreadsheets and card
// files that other packages unpack for it. It knows nothing of contacts.
package table

import (
	"io"

	"cadastro/internal/errs"
)

// Format names what a file is by its content, whatever its name says.
type Format string

// The formats that Open reads.
const (
	CSV    Format = "csv" // any delimited text
	XLSX   Format = "xlsx"
	XLS    Format = "xls"
	ODS    Format = "ods"
	HTML   Format = "html" // an HTML table, often saved as .xls
	XML03  Format = "xml"  // Excel 2003 XML spreadsheet
	VCard  Format = "vcard"
	NDJSON Format = "ndjson"
	JSON   Format = "json"
)

// Source is a file that can be read from anywhere and any number of times.
//
// Name is the client's name for it: display text and a hint, never a path. Size is in bytes.
type Source struct {
	Name string
	Size int64
	Data io.ReaderAt
}

// Reader gives a new reader over the whole source.
func (s Source) Reader() *io.SectionReader { return io.NewSectionReader(s.Data, 0, s.Size) }

// Dialect says how a file is to be read. Every field can be detected, and every field overridden.
type Dialect struct {
	Format      Format
	Compression string // "", "gzip" or "zip"
	Charset     string // as charset.Names, e.g. "utf-8", "windows-1252", "utf-16le"; "" for formats that have none
	Fallback    string // charset of the lines that are not of Charset, where they were told apart; "" for none
	Delimiter   string // one or more characters, e.g. ";" or "||"; "" for a table of one column
	Quote       rune   // 0 for none
	Escape      rune   // 0: a quote inside quotes is doubled; '\\': it follows a backslash
	Wrapped     bool   // every line is quoted as a whole, the record is inside: "a;b;c"
	SepLine     bool   // the first line is Excel's "sep=;" and is no data
	Skip        int    // physical lines (of a sheet: rows, from its first) above the header, the sep line included; above the data where Header is 0
	Header      int    // number of header records, 0 for none
	Footer      int    // trailing records (blank lines not counted) that are totals or page footers, left out where DropFooter is set
	DropFooter  bool
	Sheet       string // of a workbook: name of the sheet, or its number from 1
	Strict      bool   // refuse the file at its first fault (RFC 4180), instead of keeping every byte
}

// Limits bound what a file may cost. The zero value of a field means its default.
type Limits struct {
	Bytes       int64 // of the file, default 2 GiB
	Inflated    int64 // bytes after decompression, default 20 GiB
	Rows        int64 // default 10,000,000
	Columns     int   // default 16,384
	RecordBytes int   // of one record of delimited text, default 1 MiB
	CellBytes   int   // default 1 MiB
}

// Row is one record of a table, in the file's own spelling.
//
// Number counts records from 1, the header excluded; Line is the physical line on which the record starts,
// from 1 (spreadsheets: the sheet row). Cells has one element per column of the table; a short row is filled
// with "". Extra holds what a long row has beyond the table's width. Issues is nil for almost every row.
// The strings are immutable and safe to keep; the slices are reused by the next Read.
type Row struct {
	Number int64
	Line   int64
	Cells  []string
	Extra  []string
	Issues []errs.Issue
}

// Reader streams the rows of one table in constant memory.
type Reader interface {
	// Header gives the column names, told apart and filled: "Telefone", "Telefone (2)", "" for a column
	// whose header is empty or for a headerless file (faces name those by position).
	Header() []string
	// Read fills row with the next record; io.EOF after the last. A fault that belongs to one row is an
	// issue on that row; an error ends the file.
	Read(row *Row) error
	// Offset gives the bytes of the (compressed) source consumed so far, for progress.
	Offset() int64
	Close() error
}
