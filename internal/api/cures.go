package api

import (
	"context"

	"cadastro/internal/i18n"
	"cadastro/internal/importer"
)

// Cure is a way to correct all rows of a cause at once. It is offered, and never applied unasked.
type Cure struct {
	Key      string       `json:"key"`
	Rows     int64        `json:"rows" doc:"Rows that it would correct."`
	Of       int64        `json:"of" doc:"Rows of the cause."`
	Title    string       `json:"title" doc:"In the caller's language."`
	Question string       `json:"question"`
	Ask      string       `json:"ask,omitempty" doc:"Name of the argument that has to be chosen."`
	Options  []string     `json:"options,omitempty" doc:"Its values, the likeliest first."`
	Again    bool         `json:"reviews_again,omitempty" doc:"It changes a setting: the review is done again."`
	Samples  []CureSample `json:"samples" nullable:"false"`
}

// CureSample is one cell before and after a cure.
type CureSample struct {
	Row    int64  `json:"row"`
	Line   int64  `json:"line"`
	Column *int   `json:"column,omitempty" doc:"Of the file, from 0; missing where the whole row is decided."`
	Before string `json:"before"`
	After  string `json:"after"`
}

type curesInput struct {
	ImportPath
	Cause string `query:"cause" required:"true" maxLength:"200" doc:"Key of the cause."`
}

func (a *API) listCures(ctx context.Context, in *curesInput) (*struct{ Body Page[Cure] }, error) {
	imp, err := a.find(ctx, in.ImportPath)
	if err != nil {
		return nil, err
	}
	cures, err := a.app.Imports.Cures(ctx, imp, in.Cause)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body Page[Cure] }{Page[Cure]{Items: []Cure{}}}
	for i := range cures {
		out.Body.Items = append(out.Body.Items, cureOf(&cures[i], callOf(ctx).text))
	}
	return out, nil
}

func cureOf(c *importer.Cure, text *i18n.Printer) Cure {
	args := make([]any, 0, 2*len(c.Texts))
	for name, value := range c.Texts {
		args = append(args, name, value)
	}
	out := Cure{Key: c.Key, Rows: c.Rows, Of: c.Of, Title: text.T("cure."+c.Kind+".title", args...), Question: text.T("cure."+c.Kind+".question", args...),
		Ask: c.Ask, Options: c.Options, Again: c.Setting, Samples: []CureSample{}}
	for _, s := range c.Samples {
		one := CureSample{Row: s.Row, Line: s.Line, Before: s.Before, After: s.After}
		if s.Column >= 0 {
			column := s.Column
			one.Column = &column
		}
		out.Samples = append(out.Samples, one)
	}
	return out
}

type applyCureInput struct {
	ImportPath
	Body struct {
		Cause     string            `json:"cause" maxLength:"200" doc:"Key of the cause."`
		Key       string            `json:"key" maxLength:"200" doc:"Key of the cure."`
		Arguments map[string]string `json:"arguments,omitempty" doc:"What the cure asks for."`
	}
}

type cured struct {
	Body struct {
		Import *Import `json:"import"`
		Rows   int64   `json:"rows" doc:"Rows that were corrected, or set back."`
	}
}

func (a *API) applyCure(ctx context.Context, in *applyCureInput) (*cured, error) {
	imp, n, err := a.app.Imports.ApplyCure(ctx, workspace(ctx), importer.ID(in.ID), in.Body.Cause, in.Body.Key, in.Body.Arguments)
	if err != nil {
		return nil, err
	}
	return a.curedOf(ctx, imp, n)
}

type dropCureInput struct {
	ImportPath
	Key string `path:"key" maxLength:"200"`
}

func (a *API) dropCure(ctx context.Context, in *dropCureInput) (*cured, error) {
	imp, n, err := a.app.Imports.DropCure(ctx, workspace(ctx), importer.ID(in.ID), in.Key)
	if err != nil {
		return nil, err
	}
	return a.curedOf(ctx, imp, n)
}

func (a *API) curedOf(ctx context.Context, imp *importer.Import, n int64) (*cured, error) {
	out := &cured{}
	out.Body.Rows = n
	var err error
	out.Body.Import, err = a.importOf(ctx, imp, true)
	return out, err
}
