package upload

import (
	"context"
	"fmt"
	"io"

	"cadastro/internal/blob"
)

// joined reads the parts of an upload one after the other.
type joined struct {
	ctx   context.Context
	blobs blob.Store
	parts []part
	open  blob.Reader
}

// Read reads on, over the borders of parts.
func (j *joined) Read(p []byte) (int, error) {
	for {
		if j.open == nil {
			if len(j.parts) == 0 {
				return 0, io.EOF
			}
			r, err := j.blobs.Open(j.ctx, j.parts[0].key)
			if err != nil {
				return 0, err
			}
			if r.Size() != j.parts[0].length {
				r.Close()
				return 0, fmt.Errorf("part %s has %d bytes, not %d", j.parts[0].key, r.Size(), j.parts[0].length)
			}
			j.open, j.parts = r, j.parts[1:]
		}
		n, err := j.open.Read(p)
		if err == io.EOF {
			err = j.Close()
			j.open = nil
			if n == 0 && err == nil {
				continue
			}
		}
		return n, err
	}
}

// Close closes what is open.
func (j *joined) Close() error {
	if j.open == nil {
		return nil
	}
	err := j.open.Close()
	j.open = nil
	return err
}
