package cli

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"cadastro/internal/errs"
)

// The exit codes. They are part of the interface: scripts go by them.
const (
	exitDone      = 0
	exitInternal  = 1   // something failed on our side
	exitUsage     = 2   // a flag or a setting is wrong
	exitInput     = 3   // the file is refused
	exitNotFound  = 4   // there is no such thing
	exitConflict  = 5   // in conflict with what is there
	exitForbidden = 6   // not signed in, or not allowed
	exitBusy      = 7   // try again later
	exitRowErrors = 8   // done, and some rows are errors
	exitUnasked   = 9   // reviewed, nothing written: there was nobody to ask, and no --yes
	exitCancelled = 130 // stopped by the person, as a shell says it for Ctrl-C
)

// exitWith ends a command with a code after all has been told.
type exitWith int

// Error gives the developer's text.
func (e exitWith) Error() string { return "exit " + strconv.Itoa(int(e)) }

// exitCode gives the exit code for what a command returned.
func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	if e, ok := errors.AsType[exitWith](err); ok {
		return int(e)
	}
	if errors.Is(err, context.Canceled) {
		return exitCancelled
	}
	switch errs.KindOf(err) {
	case errs.Invalid:
		if code := errs.CodeOf(err); strings.HasPrefix(code, "config.") || strings.HasPrefix(code, "cli.") {
			return exitUsage
		}
		return exitInput
	case errs.TooLarge:
		return exitInput
	case errs.NotFound:
		return exitNotFound
	case errs.Conflict:
		return exitConflict
	case errs.Unauthenticated, errs.Forbidden:
		return exitForbidden
	case errs.Busy:
		return exitBusy
	case errs.Cancelled:
		return exitCancelled
	}
	return exitInternal
}
