package cli

import (
	"time"

	"cadastro/internal/importer"
	"cadastro/internal/mapping"
)

// imported is what an import says as JSON. Result is left out where nothing was written.
type imported struct {
	Import    importJSON       `json:"import"`
	Read      reading          `json:"read"`
	ReadNotes []note           `json:"read_notes,omitempty"`
	Columns   []columnJSON     `json:"columns"`
	Review    reviewJSON       `json:"review"`
	Result    *importer.Counts `json:"result,omitempty"`
}

// importJSON is an import as the history lists it. Times are RFC 3339.
type importJSON struct {
	ID         int64              `json:"id"`
	State      importer.State     `json:"state"`
	File       string             `json:"file"`
	Bytes      int64              `json:"bytes"`
	SHA256     string             `json:"sha256"`
	Rows       int64              `json:"rows"`
	Purpose    mapping.Purpose    `json:"purpose,omitempty"`
	Identifier mapping.Identifier `json:"identifier,omitempty"`
	Country    string             `json:"country,omitempty"`
	ImportTag  string             `json:"import_tag,omitempty"`
	Counts     importer.Counts    `json:"counts"`
	Drifted    int64              `json:"drifted,omitempty"`
	Actor      string             `json:"actor"`
	CreatedAt  *time.Time         `json:"created_at,omitempty"`
	StartedAt  *time.Time         `json:"started_at,omitempty"`
	FinishedAt *time.Time         `json:"finished_at,omitempty"`
	Seconds    float64            `json:"seconds,omitempty"`
	Error      string             `json:"error,omitempty"`
}

type columnJSON struct {
	Header         string  `json:"header"`
	Field          *string `json:"field"`
	Label          string  `json:"label,omitempty"`
	Confidence     float64 `json:"confidence"`
	Confirm        bool    `json:"confirm"`
	DoNotOverwrite bool    `json:"do_not_overwrite,omitempty"`
}

type reviewJSON struct {
	importer.Counts
	Rows     int64            `json:"rows"`
	Warnings int64            `json:"warnings"`
	Cleared  int64            `json:"cleared"`
	Causes   []*finding       `json:"causes"`
	Changes  map[string]int64 `json:"changes"`
	NewTags  []string         `json:"new_tags,omitempty"`
	Notes    []note           `json:"notes,omitempty"`
}

// answer gives what the import came to; took is 0 where it only came to a review.
func (r *importRun) answer(took time.Duration) imported {
	imp := r.imp
	out := imported{Import: r.s.importJSON(imp), Read: readingOf(r.in.Guess.Dialect), ReadNotes: r.s.notes(r.in.Guess.Notes), Review: r.s.reviewJSON(imp, r.found, r.in.Header)}
	for i := range imp.Settings.Mapping.Columns {
		c, sug := &imp.Settings.Mapping.Columns[i], &r.in.Suggestions[i]
		col := columnJSON{Header: c.Header, Label: c.Label, DoNotOverwrite: c.DoNotOverwrite}
		if c.Field != "" {
			col.Field = &c.Field
		}
		if c.Field == sug.Field {
			col.Confidence, col.Confirm = sug.Confidence, sug.Confirm
		}
		out.Columns = append(out.Columns, col)
	}
	if took > 0 {
		counts := imp.Counts
		out.Result, out.Import.Seconds = &counts, took.Seconds()
	}
	return out
}

func (s *session) reviewJSON(imp *importer.Import, f *findings, header []string) reviewJSON {
	sum := &imp.Summary
	out := reviewJSON{Counts: sum.Counts, Rows: sum.Rows, Warnings: sum.Warnings, Cleared: sum.Cleared, Changes: sum.Changes, NewTags: sum.NewTags, Notes: s.notes(sum.Notes), Causes: []*finding{}}
	for _, list := range [][]*finding{f.errors, f.skips, f.warnings} {
		for _, one := range list {
			if one.at >= 0 && one.at < len(header) {
				one.Column = header[one.at]
			}
			out.Causes = append(out.Causes, one)
		}
	}
	return out
}

func (s *session) importJSON(imp *importer.Import) importJSON {
	set := &imp.Settings
	out := importJSON{
		ID: int64(imp.ID), State: imp.State, File: imp.FileName, Bytes: imp.FileSize, SHA256: imp.FileHash, Rows: imp.Rows, Purpose: set.Purpose,
		Identifier: set.Identifier, Country: set.Country, ImportTag: set.ImportTag, Counts: imp.Counts, Drifted: imp.Drifted, Actor: imp.Actor,
		CreatedAt: moment(imp.CreatedAt), StartedAt: moment(imp.StartedAt), FinishedAt: moment(imp.FinishedAt),
	}
	if !imp.StartedAt.IsZero() && !imp.FinishedAt.IsZero() {
		out.Seconds = imp.FinishedAt.Sub(imp.StartedAt).Seconds()
	}
	if imp.Err != nil {
		out.Error = s.text.Error(imp.Err)
	}
	return out
}

// moment gives a time for JSON, nil for none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
