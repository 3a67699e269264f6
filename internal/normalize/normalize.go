// Package normalize turns what people type into one normal form, value by value.
//
// Every function is pure. It returns the normal form and what there is to say of the value: an issue of
// severity Reject means that there is no normal form, a Warning that something was repaired, a Note that
// something was understood in a way worth telling. Issues carry code, value and args; the caller adds the
// column and the field.
package normalize
