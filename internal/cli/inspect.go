package cli

import (
	"math"
	"strconv"

	"cadastro/internal/app"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
)

type inspectCmd struct {
	Path    string       `arg:"" name:"file" help:"File to look at; - for the standard input."`
	Reading readingFlags `embed:""`
	Samples int          `help:"Sample values to show of each column." default:"3" placeholder:"N"`
	JSON    bool         `help:"Write one JSON object."`
}

// Help is the second part of the help text.
func (*inspectCmd) Help() string {
	return "Needs no base and changes nothing. What a base knows (its custom fields, its members, mappings used before) is not asked."
}

// inspected is the answer as JSON. Field is null where the column feeds no field and holds nothing worth one; "custom" or
// "created_at" where it holds data of no field of ours.
type inspected struct {
	File string `json:"file"`
	reading
	Layout  *recognised       `json:"layout,omitempty"`
	Confirm bool              `json:"confirm"`
	Columns []inspectedColumn `json:"columns"`
	Notes   []note            `json:"notes,omitempty"`
}

type inspectedColumn struct {
	Header     string   `json:"header"` // as the file has it
	Name       string   `json:"name"`   // as --map takes it: repeated headers told apart, those without one by place
	Field      *string  `json:"field"`
	Confidence float64  `json:"confidence"`
	Confirm    bool     `json:"confirm"`
	Reason     string   `json:"reason"`
	Samples    []string `json:"samples"`
}

// note is something to know of a file or of a row.
type note struct {
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Text     string `json:"text"`
}

// Run inspects a file.
func (c *inspectCmd) Run(s *session) error {
	src, done, err := s.source(c.Path)
	if err != nil {
		return err
	}
	defer done()
	lim := app.Limits(s.cfg)
	in, err := s.inspect(src, &c.Reading, lim, importer.Known{Country: s.cfg.Country, Texts: s.texts})
	if err != nil {
		return err
	}
	if c.JSON {
		return s.json(c.answer(s, src.Name, in, s.rawHeaders(src, &in.Guess, lim)))
	}
	s.line("%s · %s", oneLine(src.Name, 0), s.text.Bytes(src.Size))
	s.line("%s", s.readingText(in.Guess.Dialect))
	s.printLayout(in, true)
	for _, is := range in.Guess.Notes {
		s.line("%s", s.issueLine(is))
	}
	s.line("")
	s.printColumns(in, nil, c.Samples)
	return nil
}

func (c *inspectCmd) answer(s *session, name string, in *importer.Inspection, raw []string) inspected {
	out := inspected{File: name, reading: readingOf(in.Guess.Dialect), Confirm: in.Confirm, Notes: s.notes(in.Guess.Notes), Layout: s.recognised(in)}
	out.Columns = make([]inspectedColumn, len(in.Suggestions))
	for i, sug := range in.Suggestions {
		col := inspectedColumn{Header: raw[i], Name: sug.Header, Confidence: sug.Confidence, Confirm: sug.Confirm, Reason: string(sug.Reason), Samples: samples(in, i, c.Samples)}
		if col.Name == "" {
			col.Name = "#" + strconv.Itoa(i+1)
		}
		switch {
		case sug.Field != "":
			col.Field = &sug.Field
		case sug.Proposal == mapping.ProposeCustom || sug.Proposal == mapping.ProposeCombined:
			custom := mapping.ProposeCustom
			col.Field = &custom
		case sug.Proposal == mapping.ProposeCreatedAt:
			col.Field = &sug.Proposal
		}
		out.Columns[i] = col
	}
	return out
}

func (s *session) notes(list []errs.Issue) []note {
	out := make([]note, len(list))
	for i, is := range list {
		out[i] = note{is.Severity.String(), is.Code, s.text.Issue(is)}
	}
	return out
}

// samples gives the first n values of a column that hold something.
func samples(in *importer.Inspection, column, n int) []string {
	out := []string{}
	for _, row := range in.Guess.Sample.Rows {
		if len(out) == n {
			break
		}
		if column < len(row.Cells) && row.Cells[column] != "" {
			out = append(out, errs.Clip(row.Cells[column], errs.MaxIssueValue))
		}
	}
	return out
}

// printColumns shows which field each column feeds, how sure that is and why, and n samples. cat names custom fields;
// nil where no base was asked.
func (s *session) printColumns(in *importer.Inspection, cat *contact.Catalogue, n int) {
	g := &grid{}
	for i := range in.Mapping.Columns {
		col, sug := &in.Mapping.Columns[i], &in.Suggestions[i]
		sure := ""
		if sug.Field != "" && col.Field == sug.Field {
			sure = s.text.T("mapping.level." + sug.Level.String())
			if sug.Confirm {
				sure += " (" + strconv.Itoa(int(math.Round(sug.Confidence*100))) + "%)"
			}
			sure += " · " + s.text.T("mapping.reason."+string(sug.Reason))
		}
		row := []string{oneLine(s.columnName(in.Header, i), 32), "→ " + oneLine(s.columnField(col, sug, in.Header, cat), 40), sure}
		for _, v := range samples(in, i, n) {
			row = append(row, oneLine(v, 28))
		}
		g.add(row...)
	}
	g.print(s.out, "  ")
}

// columnName is what a column is called, by its place where it has no header.
func (s *session) columnName(header []string, i int) string {
	if header[i] == "" {
		return s.text.T("import.column_n", "n", i+1)
	}
	return header[i]
}

// columnField says in words what becomes of a column.
func (s *session) columnField(c *mapping.Column, sug *mapping.Suggestion, header []string, cat *contact.Catalogue) string {
	switch {
	case c.Field == mapping.NewCustom:
		return s.text.T("mapping.proposal." + mapping.ProposeCustom)
	case c.Field == "" && sug.Proposal != "" && sug.Proposal != mapping.ProposeCustom:
		return s.text.T("mapping.proposal." + sug.Proposal)
	case c.Field == "":
		return s.text.T("mapping.proposal." + mapping.ProposeIgnore)
	}
	name := s.fieldName(c.Field, cat)
	if c.Combine != nil {
		name = s.columnName(header, *c.Combine) + " + " + name
	}
	return name
}

// fieldName gives the field's name in the reader's language.
func (s *session) fieldName(key string, cat *contact.Catalogue) string {
	if id, ok := contact.CustomID(key); ok {
		if cat != nil {
			if f, ok := cat.Field(id); ok {
				return f.Label
			}
		}
		return key
	}
	return s.text.T("field." + key)
}
