//go:build !windows

package blob

import (
	"errors"
	"syscall"
)

func noSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

func notDirectory(err error) bool { return errors.Is(err, syscall.ENOTDIR) }

func isDirectory(err error) bool { return errors.Is(err, syscall.EISDIR) }
