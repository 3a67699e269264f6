package page

import (
	"encoding/base64"
	"errors"
	"net/http"

	"cadastro/internal/errs"
	"cadastro/internal/i18n"
)

// Fault is what is wrong with one field of a form. Field is the id of its control, "" for the form as a whole.
type Fault struct {
	Field string
	Text  string
}

// Faults are all faults of a form, in the order of its fields. The form shows them above its title, each a link to
// the field, and beside the field.
type Faults []Fault

// Of gives the text for one field, "" where it is well.
func (f Faults) Of(field string) string {
	for _, one := range f {
		if one.Field == field {
			return one.Text
		}
	}
	return ""
}

// Add puts an error that a person can mend into the faults; any other error comes back. Errors joined are added one by one.
func (f *Faults) Add(text *i18n.Printer, field string, err error) error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var rest []error
		for _, e := range joined.Unwrap() {
			rest = append(rest, f.Add(text, field, e))
		}
		return errors.Join(rest...)
	}
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Conflict, errs.TooLarge, errs.Unauthenticated, errs.Busy:
		*f = append(*f, Fault{field, text.Error(err)})
		return nil
	}
	return err
}

// flashCookie carries what an act did over the redirect that follows it.
const flashCookie = "flash"

// Flash has the next page say text once: what an act did, already in the reader's language.
func Flash(w http.ResponseWriter, text string) {
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString([]byte(errs.Clip(text, maxFlash))), Path: "/",
		MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// maxFlash is the most bytes of a flash: browsers take cookies of 4 KB.
const maxFlash = 1000

// TakeFlash fills b.Flash from the cookie and removes it. [Kit.Base] cannot: only the page that is shown may take it.
func (b *Base) TakeFlash(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1})
	if text, err := base64.RawURLEncoding.DecodeString(c.Value); err == nil {
		b.Flash = string(text)
	}
}
