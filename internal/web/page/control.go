package page

import "html/template"

// Control is one field of a form: label, control, hint and what is wrong with it, all tied together for a screen reader.
// A template draws it by {{template "control" (.Control "email" "email" (.T "…") .Email "auto" "username")}}.
type Control struct {
	Icon     template.HTML
	ID       string // also the name that is sent
	Type     string // of the input; "area" for a text of several lines
	Label    string
	Value    string
	Hint     string
	Fault    string
	Auto     string // autocomplete
	Optional string // the word behind the label of what may stay empty
	Options  []Option
	List     string // id of a datalist
	Mode     string // inputmode
	Required bool
	Focus    bool
}

// Option is one choice of a select.
type Option struct {
	Value, Text string
	On          bool
}

// Control begins a field that must be filled in; more are pairs of a word and its value: auto, hint, opt (what stands behind the
// label of a field that may stay empty), list, mode, and focus with any value.
func (b Base) Control(id, kind, label, value string, more ...string) Control {
	c := Control{ID: id, Type: kind, Label: label, Value: value, Fault: b.Faults.Of(id), Icon: b.Icon("circle-alert", "s"), Required: true}
	for i := 0; i+1 < len(more); i += 2 {
		switch v := more[i+1]; more[i] {
		case "auto":
			c.Auto = v
		case "hint":
			c.Hint = v
		case "opt":
			c.Optional, c.Required = v, false
		case "list":
			c.List = v
		case "mode":
			c.Mode = v
		case "focus":
			c.Focus = len(b.Faults) == 0
		}
	}
	if b.Bare && len(b.Faults) > 0 && b.Faults[0].Field == id { // where no summary takes the focus
		c.Focus = true
	}
	return c
}

// Select begins a field that chooses among options; more is as of [Base.Control].
func (b Base) Select(id, label string, options []Option, more ...string) Control {
	c := b.Control(id, "select", label, "", more...)
	c.Options, c.Required = options, false // "" is a choice like others
	return c
}

// Describe gives the ids of what describes the control, "" for nothing.
func (c Control) Describe() string {
	switch {
	case c.Fault != "" && c.Hint != "":
		return c.ID + "-err " + c.ID + "-hint"
	case c.Fault != "":
		return c.ID + "-err"
	case c.Hint != "":
		return c.ID + "-hint"
	}
	return ""
}
