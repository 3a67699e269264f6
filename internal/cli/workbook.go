package cli

import (
	"io"
	"path/filepath"
	"strings"

	"cadastro/internal/charset"
	"cadastro/internal/table"
	"cadastro/internal/xlsx"
)

// isWorkbook tells whether the file that is to be written is a workbook, by what was asked for and else by its name.
func isWorkbook(format, name string) bool {
	return format == "xlsx" || format == "" && strings.EqualFold(filepath.Ext(name), ".xlsx")
}

// workbook writes rows into the sheet of a workbook. Every cell is text, so that phones and codes stay as they are and
// nothing is run as a formula.
type workbook struct {
	x      *xlsx.Writer
	sheet  string
	headed bool // the first row is the header
	begun  bool
}

func newWorkbook(to io.Writer, sheet string, headed bool) *workbook {
	return &workbook{x: xlsx.NewWriter(to, xlsx.WriterOptions{RollOver: true}), sheet: sheet, headed: headed}
}

// Write writes a row.
func (w *workbook) Write(cells []string) error {
	if !w.begun {
		w.begun = true
		columns := make([]xlsx.Column, len(cells))
		if w.headed {
			for i, c := range cells {
				columns[i].Header = c
			}
		}
		if err := w.x.Sheet(w.sheet, columns); err != nil || w.headed {
			return err
		}
	}
	return w.x.Write(cells)
}

// close ends the workbook and tells of cells that were too long for it.
func (w *workbook) close(s *session) error {
	if err := w.x.Close(); err != nil {
		return err
	}
	if n := w.x.Clipped(); n > 0 {
		s.tell("cli.clipped", "count", n, "limit", xlsx.MaxCell)
	}
	return nil
}

// rowWriter is a file of rows that is being written.
type rowWriter interface{ Write(cells []string) error }

// writeRows has f write the rows of a file, header first where headed is set: a workbook, or delimited text as d and
// opt say.
func (s *session) writeRows(to io.Writer, asWorkbook bool, sheet string, headed bool, d table.Dialect, opt table.WriterOptions, f func(rowWriter) error) error {
	if asWorkbook {
		w := newWorkbook(to, sheet, headed)
		if err := f(w); err != nil {
			return err
		}
		return w.close(s)
	}
	w, err := table.NewWriter(to, d, opt)
	if err != nil {
		return err
	}
	if err := f(w); err != nil {
		return err
	}
	if n := w.Lost(); n > 0 {
		s.tell("cli.lost", "count", n, "charset", charset.Label(d.Charset))
	}
	return w.Flush()
}
