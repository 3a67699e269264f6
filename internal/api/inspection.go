package api

import (
	"context"

	"cadastro/internal/importer"
	"cadastro/internal/mapping"
)

// Inspection is what can be said of a file before anything is decided.
type Inspection struct {
	Format   string       `json:"format" enum:"csv,xlsx,xls,ods,html,xml,vcard,ndjson,json"`
	Dialect  *Dialect     `json:"dialect" doc:"How the file is read."`
	Name     string       `json:"name" doc:"Of the file, inside its archive where it is in one."`
	Sheets   []Sheet      `json:"sheets,omitempty" doc:"Of a workbook."`
	Layout   *Layout      `json:"layout,omitempty" doc:"The system that wrote the file, where it is known."`
	Columns  []Inspected  `json:"columns" nullable:"false"`
	Rows     []SampleRow  `json:"rows" nullable:"false" doc:"The first rows."`
	Notes    []Note       `json:"notes,omitempty" doc:"What was recognised and left out."`
	Confirm  bool         `json:"confirm" doc:"Some column should be looked at by a person."`
	Settings *Settings    `json:"settings" doc:"What a review would do if nothing else is chosen."`
	Sure     Confidence   `json:"confidence" doc:"How sure the reading is, 0 to 1."`
	Other    []OtherSplit `json:"alternatives,omitempty" doc:"Other ways to cut the text, the best first."`
}

// Sheet is one sheet of a workbook.
type Sheet struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
	Hidden bool   `json:"hidden,omitempty"`
	Rows   int64  `json:"rows" doc:"As the file claims, 0 where it does not."`
}

// Layout is a system whose file was recognised.
type Layout struct {
	Key     string `json:"key"`
	Variant string `json:"variant,omitempty"`
	Preset  string `json:"phone_preset,omitempty" doc:"The system's own strictness with phones, to be offered."`
}

// Confidence says how sure each part of a reading is.
type Confidence struct {
	Charset   float64 `json:"charset"`
	Delimiter float64 `json:"delimiter"`
	Quote     float64 `json:"quote"`
	Header    float64 `json:"header"`
}

// OtherSplit is another way to cut the text.
type OtherSplit struct {
	Delimiter string  `json:"delimiter"`
	Quote     string  `json:"quote"`
	Width     int     `json:"width"`
	Score     float64 `json:"score" doc:"Relative to the chosen one's."`
}

// Inspected is one column and what it may feed.
type Inspected struct {
	Column       int                   `json:"column"`
	Header       string                `json:"header"`
	Field        string                `json:"field,omitempty" doc:"What it would feed."`
	Confidence   float64               `json:"confidence"`
	Level        string                `json:"level" enum:"none,doubtful,high"`
	Reason       string                `json:"reason" doc:"What the suggestion rests on."`
	Confirm      bool                  `json:"confirm,omitempty" doc:"To be looked at by a person."`
	Alternatives []mapping.Alternative `json:"alternatives,omitempty"`
	Proposal     string                `json:"proposal,omitempty" doc:"What is left to do with a column of no field: custom, created_at, ignore, combined."`
	Samples      []string              `json:"samples" nullable:"false"`
}

// SampleRow is one of the first rows of a file.
type SampleRow struct {
	Row   int64    `json:"row" doc:"From 1, the header excluded."`
	Line  int64    `json:"line" doc:"Of the file."`
	Cells []string `json:"cells" nullable:"false"`
}

// How much of a file an inspection shows.
const (
	sampleRows   = 20
	sampleValues = 5
)

type inspectInput struct {
	ImportPath
	DialectQuery
}

func (a *API) getInspection(ctx context.Context, in *inspectInput) (*struct{ Body *Inspection }, error) {
	imp, err := a.find(ctx, in.ImportPath)
	if err != nil {
		return nil, err
	}
	d := in.dialect()
	found, _, err := a.inspect(ctx, imp, d, "query")
	if err != nil {
		return nil, err
	}
	set, err := a.settle(ctx, imp, &Settings{Dialect: d})
	if err != nil && set.Mapping.Columns == nil {
		return nil, err
	}
	// A mapping that is not complete yet is shown as it is: the review will say what it lacks.
	return &struct{ Body *Inspection }{a.inspectionOf(ctx, found, &set)}, nil
}

func (a *API) inspectionOf(ctx context.Context, in *importer.Inspection, set *importer.Settings) *Inspection {
	g := &in.Guess
	out := &Inspection{Format: string(g.Dialect.Format), Dialect: dialectOf(g.Dialect), Name: g.Name, Confirm: in.Confirm, Settings: settingsOf(set),
		Notes: notesOf(callOf(ctx).text, g.Notes), Columns: []Inspected{}, Rows: []SampleRow{},
		Sure: Confidence{Charset: g.Charset.Confidence, Delimiter: g.Confidence.Delimiter, Quote: g.Confidence.Quote, Header: g.Confidence.Header}}
	for _, s := range g.Sheets {
		out.Sheets = append(out.Sheets, Sheet{s.Number, s.Name, s.Hidden, s.Rows})
	}
	for _, o := range g.Alternatives {
		quote := "none"
		if o.Quote != 0 {
			quote = string(o.Quote)
		}
		out.Other = append(out.Other, OtherSplit{wordOf(o.Delimiter), quote, o.Width, o.Score})
	}
	if in.Layout != nil {
		out.Layout = &Layout{in.Layout.Key, in.Layout.Variant, in.Layout.Preset}
	}
	for i, s := range in.Suggestions {
		out.Columns = append(out.Columns, Inspected{Column: i, Header: s.Header, Field: s.Field, Confidence: s.Confidence, Level: s.Level.String(), Reason: string(s.Reason),
			Confirm: s.Confirm, Alternatives: s.Alternatives, Proposal: s.Proposal, Samples: sample(g, i, sampleValues)})
	}
	for i := range g.Sample.Rows[:min(len(g.Sample.Rows), sampleRows)] {
		r := &g.Sample.Rows[i]
		out.Rows = append(out.Rows, SampleRow{r.Number, r.Line, r.Cells})
	}
	return out
}
