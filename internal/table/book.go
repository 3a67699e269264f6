package table

import (
	"context"
	"strconv"
	"strings"

	"cadastro/internal/errs"
	"cadastro/internal/ods"
	"cadastro/internal/sheet"
	"cadastro/internal/sheet/htmltable"
	"cadastro/internal/sheet/xml2003"
	"cadastro/internal/xls"
	"cadastro/internal/xlsx"
)

// SheetInfo describes one sheet of a workbook. Rows is what the file claims, 0 where it does not say. Number is the
// sheet's place among the tabs, from 1.
type SheetInfo struct {
	Name   string
	Number int
	Hidden bool
	Rows   int64
}

// IsSheet tells whether files of the format are workbooks, which have sheets.
func (f Format) IsSheet() bool { return opener(f) != nil }

// opener gives the reader of a workbook's format, nil for any other format.
func opener(f Format) sheet.Opener {
	switch f {
	case XLSX:
		return xlsx.Open
	case XLS:
		return xls.Open
	case ODS:
		return ods.Open
	case HTML:
		return htmltable.Open
	case XML03:
		return xml2003.Open
	}
	return nil
}

// openBook opens a workbook; its reading ends with ctx.
func openBook(ctx context.Context, src Source, f Format, lim Limits) (sheet.Book, error) {
	open := opener(f)
	if open == nil {
		return nil, errs.New(errs.Invalid, "file.format_unsupported", "format", string(f))
	}
	l := sheet.Limits{Inflated: lim.Inflated, CellBytes: lim.CellBytes, Columns: lim.Columns}
	b, err := open(&countedAt{ctx, src.Data, &counter{}}, src.Size, l)
	if err != nil {
		return nil, readError(err)
	}
	return b, nil
}

// pickSheet finds the sheet of the given name: exactly so, else without regard to case and outer blanks, else by its
// number from 1. Where name is "" it is the sheet that a person most likely means. Otherwise the error
// sheet.not_found lists what there is.
func pickSheet(b sheet.Book, name string) (int, error) {
	list := b.Sheets()
	if name == "" {
		i, err := sheet.Propose(b)
		if err != nil {
			return 0, readError(err)
		}
		if i < 0 {
			return 0, errs.New(errs.Invalid, "file.empty")
		}
		return i, nil
	}
	found := -1
	for i := len(list) - 1; i >= 0; i-- {
		switch {
		case list[i].Kind != sheet.Worksheet:
		case list[i].Name == name:
			return i, nil
		case strings.EqualFold(strings.TrimSpace(list[i].Name), strings.TrimSpace(name)):
			found = i
		}
	}
	if n, err := strconv.Atoi(name); found < 0 && err == nil && n > 0 && n <= len(list) && list[n-1].Kind == sheet.Worksheet {
		found = n - 1
	}
	if found >= 0 {
		return found, nil
	}
	var names []string
	for i := range list {
		if list[i].Kind == sheet.Worksheet && len(names) < 20 {
			names = append(names, errs.Clip(list[i].Name, 60))
		}
	}
	return 0, errs.New(errs.Invalid, "sheet.not_found", "name", name, "names", strings.Join(names, ", "))
}

// sheetInfos lists the sheets that have rows to read.
func sheetInfos(b sheet.Book) []SheetInfo {
	var out []SheetInfo
	for i, info := range b.Sheets() {
		if info.Kind == sheet.Worksheet {
			out = append(out, SheetInfo{Name: info.Name, Number: i + 1, Hidden: info.State != sheet.Visible, Rows: info.Rows})
		}
	}
	return out
}
