package api

import (
	"regexp"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"cadastro/internal/errs"
	"cadastro/internal/i18n"
)

// rule says in our words what huma's validator says in English. arg names what stands in the parentheses.
type rule struct {
	message *regexp.Regexp
	code    string
	arg     string
}

// rules are asked in this order; the last one takes everything.
func rules() []rule {
	return []rule{
		{regexp.MustCompile(`^expected required property (.+) to be present$`), "required", "name"},
		{regexp.MustCompile(`^required \w+ parameter is missing$`), "missing", ""},
		{regexp.MustCompile(`^request body is required$`), "body", ""},
		{regexp.MustCompile(`^unexpected property$`), "unknown", ""},
		{regexp.MustCompile(`^unknown query parameter$`), "unknown", ""},
		{regexp.MustCompile(`^expected value to be one of "(.*)"$`), "one_of", "values"},
		{regexp.MustCompile(`^expected string to be RFC 3339 date-time$`), "time", ""},
		{regexp.MustCompile(`^expected boolean$|^invalid boolean$`), "boolean", ""},
		{regexp.MustCompile(`^expected integer$|^invalid integer$`), "integer", ""},
		{regexp.MustCompile(`^expected number$|^invalid float$`), "number", ""},
		{regexp.MustCompile(`^expected string$`), "text", ""},
		{regexp.MustCompile(`^expected array$`), "array", ""},
		{regexp.MustCompile(`^expected object$`), "object", ""},
		{regexp.MustCompile(`^expected number >= (.+)$`), "least", "limit"},
		{regexp.MustCompile(`^expected number <= (.+)$`), "most", "limit"},
		{regexp.MustCompile(`^expected length >= (\d+)$`), "shortest", "limit"},
		{regexp.MustCompile(`^expected length <= (\d+)$`), "longest", "limit"},
		{regexp.MustCompile(`^expected array length >= (\d+)$`), "fewest", "limit"},
		{regexp.MustCompile(`^expected array length <= (\d+)$`), "most_items", "limit"},
		{regexp.MustCompile(`^expected string to (?:match pattern|be) (.+)$`), "form", "form"},
		{regexp.MustCompile(``), "other", ""},
	}
}

// asked is [rules], made once.
var asked = rules()

// maxEcho is how much of a value a fault says back.
const maxEcho = 100

// fault says what is wrong with one place of a request.
func fault(text *i18n.Printer, d *huma.ErrorDetail) Fault {
	f := Fault{Location: d.Location}
	switch v := d.Value.(type) {
	case string:
		if v != "" && d.Location != "body" {
			f.Value = errs.Clip(v, maxEcho)
		}
	case bool, int, int64, float64:
		f.Value = v
	}
	for _, r := range asked {
		m := r.message.FindStringSubmatch(d.Message)
		if m == nil {
			continue
		}
		f.Code = "api.fault." + r.code
		if r.arg == "" {
			f.Detail = text.T("api.fault." + r.code)
			return f
		}
		f.Detail = text.T("api.fault."+r.code, r.arg, argument(m[1]))
		return f
	}
	return f
}

// argument gives a number as one, so that it is written as the language does.
func argument(s string) any {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	return s
}
