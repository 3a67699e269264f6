package importer

import (
	"context"
	"io"
	"slices"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
	"cadastro/internal/table"
)

// Again opens an import of another file with the settings of an earlier one: the corrected file of errors, or the next
// month's. nil for r takes the earlier file itself. Columns are taken over by their headers; the new import is
// Uploaded, and its Settings are what a review may be started with as they are. A column that the earlier file did not
// have is left out, but for one that is sure to feed a field that is still free.
func (s *Service) Again(ctx context.Context, workspace int64, id ID, name string, r io.Reader, progress Progress) (*Import, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, err
	}
	old, err := s.load(ctx, workspace, id)
	if err != nil {
		return nil, err
	}
	if len(old.Settings.Mapping.Columns) == 0 {
		return nil, errs.New(errs.Conflict, "import.no_settings", "id", int64(id))
	}
	if r == nil {
		src, closer, err := s.source(ctx, old)
		if err != nil {
			return nil, err
		}
		defer closer.Close()
		r, name = io.NewSectionReader(src.Data, 0, src.Size), old.FileName
	}
	imp := &Import{FileName: name, FromID: id}
	if err := s.upload(ctx, workspace, imp, r, progress); err != nil {
		return nil, err
	}
	if err := s.carryOver(ctx, imp, old); err != nil {
		return imp, err
	}
	return imp, s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		text, err := jsonText(imp.Settings)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE import SET settings = $3 WHERE workspace_id = $1 AND id = $2 AND state = 'uploaded'", workspace, int64(imp.ID), text)
		return err
	})
}

// carryOver finds out how the new file is read and gives it the old one's settings.
func (s *Service) carryOver(ctx context.Context, imp, old *Import) error {
	src, closer, err := s.source(ctx, imp)
	if err != nil {
		return err
	}
	defer closer.Close()
	var cat *contact.Catalogue
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		cat, err = contact.LoadCatalogue(ctx, q, imp.Workspace)
		return err
	})
	if err != nil {
		return err
	}
	imp.Settings = old.Settings
	if imp.FileHash != old.FileHash {
		g, err := table.Redetect(ctx, src, table.Dialect{}, s.Limits)
		if err != nil {
			return err
		}
		in := Understand(g, s.KnownOf(ctx, imp.Workspace, old.Settings.Country, cat, nil))
		imp.Settings.Dialect, imp.Settings.Fixed = g.Dialect, nil // what was fixed is of the old file
		imp.Settings.Mapping = s.sameColumns(&old.Settings.Mapping, in)
	}
	if imp.Settings.ImportTag != "" {
		zone := s.Zone
		if zone == nil {
			zone = s.Now().Location()
		}
		imp.Settings.ImportTag = NextTag(cat, s.Now().In(zone))
	}
	return nil
}

// sameColumns gives the columns of a new file what the columns of an old one with the same headers had.
func (s *Service) sameColumns(old *mapping.Mapping, in *Inspection) mapping.Mapping {
	m := *old
	m.Columns = make([]mapping.Column, len(in.Header))
	from := make([]int, len(in.Header)) // column of the old file, -1 for none
	to := map[int]int{}
	for i, h := range in.Header {
		from[i] = -1
		for j := range old.Columns {
			if _, taken := to[j]; !taken && (sameHeader(h, i, old.Columns[j].Header, j) || i == j && old.Columns[j].Header == "" && s.nameless(h, j)) {
				from[i], to[j] = j, i
				break
			}
		}
	}
	for i, h := range in.Header {
		c := &m.Columns[i]
		if from[i] < 0 {
			c.Header = h
			continue
		}
		*c = old.Columns[from[i]]
		c.Header = h
		if c.Combine != nil {
			with, there := to[*c.Combine]
			if c.Combine = nil; there {
				c.Combine = &with
			}
		}
	}
	for i, h := range in.Header {
		sug := in.Suggestions[i]
		if from[i] >= 0 || sug.Field == "" || sug.Confirm || sug.Level != mapping.High || sug.CombineWith >= 0 || !placeable(sug.Field) || s.ownColumn(h) {
			continue
		}
		if !mapping.Multi(sug.Field) && slices.ContainsFunc(m.Columns, func(c mapping.Column) bool { return c.Field == sug.Field }) {
			continue
		}
		m.Columns[i].Field = sug.Field
	}
	return m
}

// sameHeader tells whether two headers are one, but for capitals, accents and spaces; columns without a header are told
// by their place.
func sameHeader(a string, i int, b string, j int) bool {
	a, b = normalize.Fold(a), normalize.Fold(b)
	return a == b && (a != "" || i == j)
}

// nameless tells whether a header is the one that our files give a column which has none.
func (s *Service) nameless(header string, i int) bool {
	return slices.ContainsFunc(i18n.Langs(), func(l i18n.Lang) bool {
		return strings.EqualFold(header, s.Texts.Printer(l).T("import.column_n", "n", i+1))
	})
}

// ownColumn tells whether a header is that of a column which we add to result and error files.
func (s *Service) ownColumn(header string) bool {
	for _, lang := range i18n.Langs() {
		text := s.Texts.Printer(lang)
		for _, own := range []string{text.T("import.column.row"), text.T("import.column.error"), text.T("import.column.errors"), text.T("import.column.status")} {
			if strings.EqualFold(header, own) {
				return true
			}
		}
	}
	return false
}
