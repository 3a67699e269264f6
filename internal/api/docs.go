package api

import (
	"bytes"
	_ "embed" // the page's template and style
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html
var docsHTML string

//go:embed docs.css
var docsCSS []byte

// reference is the page of the docs.
type reference struct {
	Title, Version, Intro string
	Tags                  []docTag
	Schemas               []docSchema
}

type docTag struct {
	Name       string
	Operations []docOperation
}

type docOperation struct {
	ID, Method, Path, Summary, Text, Permission string
	Params                                      []docField
	Body                                        []docContent
	Responses                                   []docResponse
}

type docContent struct {
	Kind string
	Type docType
}

type docResponse struct {
	Status, Text string
	Content      []docContent
}

type docSchema struct {
	Name   string
	Type   docType
	Fields []docField
}

// docField is a parameter or a property.
type docField struct {
	Name, In, Text, Limits string
	Type                   docType
	Required               bool
}

// docType is a type in words; Ref is the schema that it leads to, "" for none.
type docType struct{ Before, Ref, After string }

// page writes the docs from the description, so that the two cannot differ.
func page(o *huma.OpenAPI, order []*huma.Operation) []byte {
	t := template.Must(template.New("docs").Funcs(template.FuncMap{"prose": prose}).Parse(docsHTML))
	r := reference{Title: o.Info.Title, Version: o.Info.Version, Intro: o.Info.Description}
	for _, h := range order {
		r.add(docOperationOf(h))
	}
	all := o.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		r.Schemas = append(r.Schemas, docSchema{Name: name, Type: typeOf(all[name]), Fields: fieldsOf(all[name])})
	}
	var out bytes.Buffer
	if err := t.Execute(&out, r); err != nil {
		panic(err) // a fault of the template, which every test meets
	}
	return out.Bytes()
}

func (r *reference) add(tag string, op docOperation) {
	for i := range r.Tags {
		if r.Tags[i].Name == tag {
			r.Tags[i].Operations = append(r.Tags[i].Operations, op)
			return
		}
	}
	r.Tags = append(r.Tags, docTag{tag, []docOperation{op}})
}

func docOperationOf(h *huma.Operation) (string, docOperation) {
	op := docOperation{ID: h.OperationID, Method: h.Method, Path: Prefix + h.Path, Summary: h.Summary, Text: h.Description, Permission: fmt.Sprint(h.Extensions["x-permission"])}
	for _, p := range h.Parameters {
		op.Params = append(op.Params, docField{Name: p.Name, In: p.In, Text: p.Description, Limits: limitsOf(p.Schema), Type: typeOf(p.Schema), Required: p.Required})
	}
	if h.RequestBody != nil {
		op.Body = contents(h.RequestBody.Content)
	}
	for _, status := range slices.Sorted(maps.Keys(h.Responses)) {
		res := h.Responses[status]
		op.Responses = append(op.Responses, docResponse{status, res.Description, contents(res.Content)})
	}
	return h.Tags[0], op
}

func contents(all map[string]*huma.MediaType) []docContent {
	var out []docContent
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		out = append(out, docContent{kind, typeOf(all[kind].Schema)})
	}
	return out
}

// typeOf says a type in words.
func typeOf(s *huma.Schema) docType {
	switch {
	case s == nil:
		return docType{Before: "any"}
	case s.Ref != "":
		return docType{Ref: s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]}
	case s.Type == "array":
		t := typeOf(s.Items)
		t.Before = "list of " + t.Before
		return t
	case s.Type == "object" && len(s.Properties) == 0:
		if v, ok := s.AdditionalProperties.(*huma.Schema); ok {
			t := typeOf(v)
			t.Before = "map of text to " + t.Before
			return t
		}
	case s.Format != "" && s.Type == "string":
		return docType{Before: s.Format}
	case s.Type == "":
		return docType{Before: "any"}
	}
	return docType{Before: s.Type}
}

func fieldsOf(s *huma.Schema) []docField {
	var out []docField
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		out = append(out, docField{Name: name, Text: p.Description, Limits: limitsOf(p), Type: typeOf(p), Required: slices.Contains(s.Required, name)})
	}
	return out
}

// limitsOf says in words what a value is held to.
func limitsOf(s *huma.Schema) string {
	if s == nil {
		return ""
	}
	var out []string
	if len(s.Enum) > 0 {
		words := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			words[i] = fmt.Sprint(v)
		}
		out = append(out, strings.Join(words, " · "))
	}
	if s.Minimum != nil {
		out = append(out, fmt.Sprintf("from %v", *s.Minimum))
	}
	if s.Maximum != nil {
		out = append(out, fmt.Sprintf("to %v", *s.Maximum))
	}
	if s.MaxLength != nil {
		out = append(out, fmt.Sprintf("at most %d characters", *s.MaxLength))
	}
	if s.MaxItems != nil {
		out = append(out, fmt.Sprintf("at most %d items", *s.MaxItems))
	}
	if s.Pattern != "" {
		out = append(out, s.Pattern)
	}
	if s.Default != nil {
		out = append(out, fmt.Sprintf("default %v", s.Default))
	}
	return strings.Join(out, ", ")
}

// prose makes paragraphs of a text and code of what stands between backticks; all else stays text.
func prose(s string) template.HTML {
	var b strings.Builder
	for paragraph := range strings.SplitSeq(s, "\n\n") {
		b.WriteString("<p>")
		for i, piece := range strings.Split(paragraph, "`") {
			if i%2 == 1 {
				b.WriteString("<code>" + template.HTMLEscapeString(piece) + "</code>")
			} else {
				b.WriteString(template.HTMLEscapeString(piece))
			}
		}
		b.WriteString("</p>")
	}
	return template.HTML(b.String()) // every piece is escaped above
}
