// Package blob keeps files by key: uploads, result files, exports, photos.
//
// # Keys
//
// We make the keys; no part of one comes from a client. A key is one or more segments with "/" between them,
// such as "imports/42/source". A segment has 1 to 100 bytes of a-z 0-9 . _ - and begins and ends with a letter or a
// digit; names that Windows keeps for devices are refused, so that a data directory can be carried anywhere. A key
// has at most 500 bytes, and no key is a directory of another ("a" and "a/b").
//
// # Promises
//
// A blob appears whole, at Commit, or not at all: after a crash, a cancelled context or a full disk there is
// either the old content or none. What Commit acknowledged survives a loss of power. A reader sees the content
// as it was at Open, also while the blob is replaced or deleted, or an error; never a mixture. Every Store passes blobtest.Exercise.
//
// # Errors
//
// NotFound "blob.not_found"; Busy "blob.changed" where a reader's content is gone and "blob.unreachable" where a service
// does not answer; Invalid "blob.key" for a key against the rules or in the way of another; Busy
// "blob.no_space" where the disk is full: the work can go on once there is room. All else is Internal.
package blob

import (
	"context"
	"io"
	"iter"
	"strings"
	"time"

	"cadastro/internal/errs"
)

// MaxKey is the length of the longest key, in bytes.
const MaxKey = 500

const maxSegment = 100

// Store keeps blobs. Its methods may be called by many goroutines at once.
type Store interface {
	// Create begins a blob, or a new content for one. Nothing is seen of it before Commit; of two writers
	// the last to commit wins. When ctx ends, writing and committing fail.
	Create(ctx context.Context, key string) (Writer, error)
	// Open gives the content as it is now.
	Open(ctx context.Context, key string) (Reader, error)
	// Delete removes a blob. That it was not there is no error.
	Delete(ctx context.Context, key string) error
	// List goes through the blobs whose key begins with prefix ("" for all), in no particular order. Blobs
	// that come or go meanwhile may be in or out.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]
}

// Writer takes the content of one blob. It is for one goroutine.
type Writer interface {
	io.Writer
	// Commit makes the content the blob's and durable. After it nothing can be written.
	Commit() error
	// Abort drops what was written. After Commit it does nothing, so that it can be deferred.
	Abort() error
}

// Reader gives the content of one blob. ReadAt may be called by many goroutines at once.
type Reader interface {
	io.Reader
	io.ReaderAt
	io.Closer
	// Size is in bytes.
	Size() int64
}

// Info is what a list tells of a blob. Size is in bytes, Modified the time of the commit.
type Info struct {
	Key      string
	Size     int64
	Modified time.Time
}

// CheckKey tells whether key follows the rules of the package.
func CheckKey(key string) error {
	if len(key) > MaxKey {
		return errs.New(errs.Invalid, "blob.key", "key", key)
	}
	for segment := range strings.SplitSeq(key, "/") {
		if !validSegment(segment) {
			return errs.New(errs.Invalid, "blob.key", "key", key)
		}
	}
	return nil
}

// folder gives the folder that the keys with a prefix are in, "." for the top.
func folder(prefix string) (string, error) {
	i := strings.LastIndexByte(prefix, '/')
	if i < 0 {
		return ".", nil
	}
	return prefix[:i], CheckKey(prefix[:i])
}

func validSegment(s string) bool {
	if s == "" || len(s) > maxSegment || !alphanumeric(s[0]) || !alphanumeric(s[len(s)-1]) {
		return false
	}
	for i := range len(s) {
		if !alphanumeric(s[i]) && s[i] != '.' && s[i] != '_' && s[i] != '-' {
			return false
		}
	}
	return !device(s)
}

func alphanumeric(b byte) bool { return 'a' <= b && b <= 'z' || '0' <= b && b <= '9' }

// device tells whether Windows keeps the name, with any extension, for a device
// (learn.microsoft.com, "Naming Files, Paths, and Namespaces").
func device(s string) bool {
	stem, _, _ := strings.Cut(s, ".")
	switch stem {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(stem) == 4 && (stem[:3] == "com" || stem[:3] == "lpt") && '0' <= stem[3] && stem[3] <= '9'
}
