// Package arena holds the many strings of a workbook in little memory.
package arena

import (
	"encoding/binary"
	"errors"
	"os"
)

const (
	chunkSize  = 256 << 10 // bytes of text that are kept or spilled together
	indexEvery = 8         // strings for each of which one place is noted
	maxLoaded  = 8 << 20   // bytes of spilled chunks that are held at a time, but at least one chunk
)

// Store holds many strings compactly: chunks of length-prefixed text, and the place of every eighth string. Chunks
// beyond a bound of memory go to a temporary file and come back on demand, a few at a time. What a string is cut
// from is never changed, so that strings stay good after the arena is closed.
type Store struct {
	build  []byte
	chunks []chunk
	index  []place
	n      int
	memory int64 // bytes that may still be kept

	dir      string
	file     *os.File
	written  int64
	unlinked bool  // the file has no name any more
	loaded   []int // spilled chunks in memory, the oldest first
	held     int   // their bytes
}

type chunk struct {
	text string // "" where it is in the file
	at   int64
	size int
}

type place struct{ chunk, offset uint32 }

// New returns an empty store that keeps at most memory bytes of text, and what is more in a file in dir ("": the
// system's folder for temporary files).
func New(memory int64, dir string) *Store { return &Store{memory: memory, dir: dir} }

// Len is the number of strings.
func (a *Store) Len() int { return a.n }

// Add appends a string, which gets the next number.
func (a *Store) Add(b []byte) error {
	if a.n%indexEvery == 0 {
		a.index = append(a.index, place{uint32(len(a.chunks)), uint32(len(a.build))})
	}
	a.n++
	a.build = binary.AppendUvarint(a.build, uint64(len(b)))
	a.build = append(a.build, b...)
	// A chunk ends only where a noted place begins, so that a walk from a place stays in its chunk.
	if len(a.build) >= chunkSize && a.n%indexEvery == 0 {
		return a.flush()
	}
	return nil
}

// flush ends the chunk under construction.
func (a *Store) flush() error {
	if len(a.build) == 0 {
		return nil
	}
	c := chunk{size: len(a.build)}
	if a.memory >= int64(c.size) {
		a.memory -= int64(c.size)
		c.text = string(a.build)
	} else {
		if a.file == nil {
			f, err := os.CreateTemp(a.dir, "cadastro-strings-*")
			if err != nil {
				return err
			}
			a.file = f
			// Where the system allows it the name goes at once, so that a crash leaves nothing behind.
			a.unlinked = os.Remove(f.Name()) == nil
		}
		if _, err := a.file.WriteAt(a.build, a.written); err != nil {
			return err
		}
		c.at = a.written
		a.written += int64(c.size)
	}
	a.chunks = append(a.chunks, c)
	a.build = a.build[:0]
	return nil
}

// Finish ends the adding; Get may be called from then on.
func (a *Store) Finish() error {
	err := a.flush()
	a.build = nil
	return err
}

// Get gives the string of that number; false where there is none.
func (a *Store) Get(i int) (string, bool, error) {
	if i < 0 || i >= a.n {
		return "", false, nil
	}
	p := a.index[i/indexEvery]
	text := a.chunks[p.chunk].text
	if text == "" {
		var err error
		if text, err = a.load(int(p.chunk)); err != nil {
			return "", false, err
		}
	}
	text = text[p.offset:]
	for k := i % indexEvery; ; k-- {
		n, size := uvarint(text)
		if k == 0 {
			return text[size : size+n], true, nil
		}
		text = text[size+n:]
	}
}

// load brings a spilled chunk back, in place of the one that came first.
func (a *Store) load(i int) (string, error) {
	c := &a.chunks[i]
	b := make([]byte, c.size)
	if _, err := a.file.ReadAt(b, c.at); err != nil {
		return "", err
	}
	for a.held += c.size; a.held > maxLoaded && len(a.loaded) > 0; {
		old := &a.chunks[a.loaded[0]]
		old.text = ""
		a.held -= old.size
		a.loaded = append(a.loaded[:0], a.loaded[1:]...)
	}
	a.loaded = append(a.loaded, i)
	c.text = string(b)
	return c.text, nil
}

// Close removes the file. Strings that were given stay good.
func (a *Store) Close() error {
	if a.file == nil {
		return nil
	}
	err := a.file.Close()
	if !a.unlinked {
		err = errors.Join(err, os.Remove(a.file.Name()))
	}
	a.file = nil
	return err
}

// uvarint reads a length and tells how many bytes it takes.
func uvarint(s string) (n, size int) {
	for shift := 0; ; shift += 7 {
		b := s[size]
		size++
		n |= int(b&0x7F) << shift
		if b < 0x80 {
			return n, size
		}
	}
}
