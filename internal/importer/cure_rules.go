package importer

import (
	"strings"

	"cadastro/internal/cure"
	"cadastro/internal/errs"
	"cadastro/internal/mapping"
)

// Keys of the cures that correct cells and rows.
const (
	cureAreaCity  = "area_code_city"
	cureAreaOne   = "area_code_one"
	cureEmailTypo = "email_typo"
	cureEmailSign = "email_sign"
	cureText      = "text_twice"
	cureDropCell  = "cell_left_out"
	cureLeaveOut  = "row_left_out"
)

// cellRule gives what a cure does to a row, nil for nothing.
type cellRule func(d *doctor, p *patient) []Fix

// cellKind is one kind of cure.
type cellKind struct {
	key   string
	rule  cellRule
	needs string // argument that has to be given
	ask   func(d *doctor) (argument string, options []string)
}

// cellCures lists the cures of a cause, the best first.
func cellCures(cause string) []cellKind {
	severity, code, _ := strings.Cut(cause, ".")
	var list []cellKind
	add := func(key string, rule cellRule) { list = append(list, cellKind{key: key, rule: rule}) }
	switch {
	case cause == "error.phone.no_area_code":
		add(cureAreaCity, areaOfCity)
		list = append(list, cellKind{key: cureAreaOne, rule: areaChosen, needs: "area", ask: askArea})
	case cause == "warning.email.typo":
		add(cureEmailTypo, emailTypo)
	case severity == "error" && strings.HasPrefix(code, "email."):
		add(cureEmailSign, emailSign)
	case code == "value.decoded_twice":
		add(cureText, textTwice)
	}
	if severity == "error" {
		add(cureText, textTwice)
		if code != "value.decoded_twice" {
			add(cureDropCell, dropCell)
		}
		add(cureLeaveOut, leaveOut)
	}
	return list
}

func cellCure(cause, key string) *cellKind {
	for _, k := range cellCures(cause) {
		if k.key == key {
			return &k
		}
	}
	return nil
}

// cells lets f correct each cell that the cause names.
func (p *patient) cellFixes(d *doctor, f func(is *errs.Issue, cell string) (string, bool)) (list []Fix) {
	row := p.plan.Record.Number
	for i := range p.issues {
		is := &p.issues[i]
		if is.Column < 0 || is.Column >= len(p.cells) || !d.free(row, is.Column) {
			continue
		}
		if text, ok := f(is, p.cells[is.Column]); ok && text != p.cells[is.Column] {
			list = append(list, Fix{Row: row, Column: is.Column, Value: text})
		}
	}
	return list
}

// areaOfCity fills in the area code of the city that the row names.
func areaOfCity(d *doctor, p *patient) []Fix {
	city := first(p.cells, d.city)
	if city == "" {
		return nil
	}
	area := cure.AreaCodeOf(city, first(p.cells, d.state))
	if area == "" {
		return nil
	}
	return withArea(d, p, area)
}

// areaChosen fills in one area code for all, the one most frequent in the file where none is chosen.
func areaChosen(d *doctor, p *patient) []Fix {
	area := d.args["area"]
	if area == "" {
		area = cure.AreaCodes(d.areas)[0]
	}
	return withArea(d, p, area)
}

func askArea(d *doctor) (string, []string) { return "area", cure.AreaCodes(d.areas) }

func withArea(d *doctor, p *patient, area string) []Fix {
	return p.cellFixes(d, func(is *errs.Issue, cell string) (string, bool) {
		if d.l.columns[is.Column].country != "BR" {
			return "", false
		}
		return cure.AreaCode(cell, area, d.l.preset)
	})
}

func emailTypo(d *doctor, p *patient) []Fix {
	return p.cellFixes(d, func(is *errs.Issue, cell string) (string, bool) {
		suggestion, _ := is.Args["suggestion"].(string)
		return cure.Typo(cell, is.Value, suggestion)
	})
}

func emailSign(d *doctor, p *patient) []Fix {
	return p.cellFixes(d, func(_ *errs.Issue, cell string) (string, bool) { return cure.Email(cell) })
}

// textTwice restores text that was decoded twice, in all texts of the row.
func textTwice(d *doctor, p *patient) []Fix {
	return p.cellFixes(d, func(_ *errs.Issue, cell string) (string, bool) { return cure.Text(cell) })
}

// dropCell leaves a faulty cell out and keeps its row, where the row is recognised by something else.
func dropCell(d *doctor, p *patient) (list []Fix) {
	row := p.plan.Record.Number
	for i := range p.issues {
		is := &p.issues[i]
		if is.Column < 0 || is.Column >= len(p.cells) || !d.free(row, is.Column) || d.l.identifies(&d.l.columns[is.Column]) {
			continue
		}
		list = append(list, Fix{Row: row, Column: is.Column, Dropped: true})
	}
	return list
}

// identifies tells whether a column feeds what rows are recognised by.
func (l *layout) identifies(c *column) bool {
	switch c.to {
	case toPhone, toWhatsApp:
		return l.identifier == mapping.ByPhone
	case toEmail:
		return l.identifier == mapping.ByEmail
	case toContactID, toChannelType, toChannelValue:
		return true
	}
	return c.Field == string(l.identifier)
}

func leaveOut(d *doctor, p *patient) []Fix {
	row := p.plan.Record.Number
	if !d.free(row, -1) {
		return nil
	}
	return []Fix{{Row: row, Column: -1, Choice: ChooseLeaveOut}}
}
