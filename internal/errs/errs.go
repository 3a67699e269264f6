// Package errs holds the two things that can go wrong.
//
// # Errors
//
// An [Error] stops the work. Services return it, faces turn its Kind into a status or an exit code and its
// Code and Args into a sentence of the reader's language (catalogue key "error.<code>"). An error of another
// type is Internal: its text is for the log only.
//
// # Issues
//
// An [Issue] does not stop anything. It belongs to one row of a file, is stored, shown and written to the
// result file (catalogue key "issue.<code>").
package errs

import (
	"errors"
	"fmt"
)

// Kind says what class of trouble an error is; faces map it to a status or an exit code.
type Kind uint8

// The kinds, from the caller's fault to ours.
const (
	Internal Kind = iota
	Invalid
	NotFound
	Conflict
	Unauthenticated
	Forbidden
	TooLarge
	Busy
	Cancelled
)

// Args are the named values of a message template, e.g. {"limit": 2000}.
type Args map[string]any

// Error is trouble that stops the work at hand.
//
// Code is a catalogue key without its "error." prefix, e.g. "file.empty". Err is the cause, for the log.
type Error struct {
	Kind Kind
	Code string
	Args Args
	Err  error
}

// New returns an Error with the given code. args are pairs of name and value.
func New(kind Kind, code string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Args: pairs(args)}
}

// Wrap returns an Error that carries err as its cause.
func Wrap(err error, kind Kind, code string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Args: pairs(args), Err: err}
}

// Error gives the developer's text; people are shown the catalogue's sentence instead.
func (e *Error) Error() string {
	s := e.Code
	if len(e.Args) > 0 {
		s += fmt.Sprintf(" %v", map[string]any(e.Args))
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf tells the kind of err: that of the first [Error] in its chain, else Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf tells the code of err, or "" where its chain holds no [Error].
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

func pairs(args []any) Args {
	if len(args) == 0 {
		return nil
	}
	m := make(Args, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return m
}
