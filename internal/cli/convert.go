package cli

import (
	"errors"
	"io"
	"strings"

	"cadastro/internal/app"
	"cadastro/internal/errs"
	"cadastro/internal/table"
)

type convertCmd struct {
	Path    string       `arg:"" name:"file" help:"File to read; - for the standard input."`
	Output  string       `short:"o" help:"File to write, instead of the standard output; a workbook where its name ends with .xlsx." placeholder:"FILE"`
	To      string       `help:"Format to write: csv or xlsx." enum:"csv,xlsx," default:"" placeholder:"FORMAT"`
	Values  bool         `help:"Of a spreadsheet: the table that an import reads (no title above it, dates as 2025-12-31, all digits of numbers), instead of the whole sheet as it is shown."`
	Strict  bool         `help:"Refuse the file at its first fault, instead of keeping all that can be read."`
	Reading readingFlags `embed:""`
}

// Help is the second part of the help text.
func (*convertCmd) Help() string {
	return "Writes the header, where there is one, and the rows of one table: no title above it, no totals below. Short rows are " +
		"filled, surplus cells are left out and told of on the standard error. Values stay as they are. A spreadsheet is written as " +
		"Excel saves it as CSV: the whole sheet, each cell as it is shown; with --values, --header, --skip or as a workbook, its table."
}

// warningsTold bounds how many rows with something wrong are named one by one.
const warningsTold = 10

// Run converts a file.
func (c *convertCmd) Run(s *session) error {
	src, done, err := s.source(c.Path)
	if err != nil {
		return err
	}
	defer done()
	lim := app.Limits(s.cfg)
	g, err := s.detect(src, &c.Reading, lim)
	if err != nil {
		return err
	}
	book := isWorkbook(c.To, c.Output)
	shown := g.Dialect.Format.IsSheet() && !c.Values && !book && c.Reading.Header == nil && c.Reading.Skip == nil && !c.Reading.Totals
	for _, is := range g.Notes {
		if !shown || strings.HasPrefix(is.Code, "sheet.") {
			s.errLine(s.issueLine(is))
		}
	}
	g.Dialect.Strict = c.Strict
	open := table.Open
	if shown {
		open = table.Displayed
	}
	r, err := open(s.ctx, src, g.Dialect, lim)
	if err != nil {
		return err
	}
	defer r.Close()
	header := g.Dialect.Header > 0 && !shown
	return s.output(c.Output, func(w io.Writer) error {
		d := table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ",", Quote: '"'}
		return s.writeRows(w, book, "Sheet1", header, d, table.WriterOptions{}, func(to rowWriter) error { return c.copy(s, r, header, to) })
	})
}

func (c *convertCmd) copy(s *session, r table.Reader, header bool, w rowWriter) error {
	if header {
		if err := w.Write(r.Header()); err != nil {
			return err
		}
	}
	var row table.Row
	var faulty int64
	for {
		err := r.Read(&row)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := w.Write(row.Cells); err != nil {
			return err
		}
		if errs.Worst(row.Issues) >= errs.Warning {
			if faulty++; faulty <= warningsTold {
				s.tellRow(row.Line, r.Header(), row.Issues)
			}
		}
	}
	if faulty > warningsTold {
		s.tell("cli.more_rows", "count", faulty-warningsTold)
	}
	return nil
}

// tellRow says on the standard error what is wrong with a row.
func (s *session) tellRow(line int64, header []string, issues []errs.Issue) {
	for _, is := range issues {
		if is.Severity < errs.Warning {
			continue
		}
		s.errLine(s.at(line, is.Column, header) + s.issueLine(is))
	}
}

// at names the place of an issue: "line 12, Telefone: ".
func (s *session) at(line int64, column int, header []string) string {
	if column >= 0 && column < len(header) {
		return s.text.T("cli.at_column", "line", line, "column", oneLine(s.columnName(header, column), 40)) + ": "
	}
	return s.text.T("cli.at_line", "line", line) + ": "
}
