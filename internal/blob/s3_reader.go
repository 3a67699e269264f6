package blob

import (
	"context"
	"io"
	"slices"
	"sync"

	"github.com/minio/minio-go/v7"
)

// blockSize is what is asked for at once where little is read; the directory of a workbook is read in a hundred small pieces.
const blockSize = 1 << 20

// keptBlocks is how many blocks a reader keeps.
const keptBlocks = 4

// s3Reader reads one version of an object, in ranges: each asks the service for the version that Open saw.
type s3Reader struct {
	ctx   context.Context
	store *S3
	key   string
	tag   string
	size  int64
	at    int64 // of the next Read

	mu     sync.Mutex
	blocks []block // the newest last
	closed bool
}

// block is a piece of an object; number counts pieces of blockSize from 0.
type block struct {
	number int64
	data   []byte
}

func (r *s3Reader) Size() int64 { return r.size }

func (r *s3Reader) Read(p []byte) (int, error) {
	n, err := r.ReadAt(p, r.at)
	r.at += int64(n)
	if n > 0 {
		err = nil // the end is told by the next
	}
	return n, err
}

func (r *s3Reader) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errClosed
	}
	for n < len(p) {
		if off >= r.size {
			return n, io.EOF
		}
		var got int
		if rest := min(int64(len(p)-n), r.size-off); rest >= blockSize {
			got, err = int(rest), r.fetch(p[n:n+int(rest)], off)
		} else {
			got, err = r.fromBlock(p[n:], off)
		}
		if err != nil {
			return n, err
		}
		n, off = n+got, off+int64(got)
	}
	return n, nil
}

// fromBlock copies what the block that holds off has of p.
func (r *s3Reader) fromBlock(p []byte, off int64) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return 0, errClosed
	}
	number := off / blockSize
	i := slices.IndexFunc(r.blocks, func(b block) bool { return b.number == number })
	if i < 0 {
		data := make([]byte, min(blockSize, r.size-number*blockSize))
		if err := r.fetch(data, number*blockSize); err != nil {
			return 0, err
		}
		if len(r.blocks) == keptBlocks {
			r.blocks = slices.Delete(r.blocks, 0, 1)
		}
		r.blocks = append(r.blocks, block{number, data})
		i = len(r.blocks) - 1
	}
	return copy(p, r.blocks[i].data[off-number*blockSize:]), nil
}

// fetch fills p with the bytes from off on. An answer that breaks off is asked for again from there.
func (r *s3Reader) fetch(p []byte, off int64) error {
	var err error
	for range fetchTries {
		var n int
		if n, err = r.fetchOnce(p, off); err == nil {
			return nil
		}
		if n == 0 || r.ctx.Err() != nil {
			break
		}
		p, off = p[n:], off+int64(n)
	}
	return r.store.explain(err, "read", r.key)
}

// fetchTries is how often an answer may break off.
const fetchTries = 5

func (r *s3Reader) fetchOnce(p []byte, off int64) (int, error) {
	var o minio.GetObjectOptions
	if err := o.SetRange(off, off+int64(len(p))-1); err != nil {
		return 0, err
	}
	if err := o.SetMatchETag(r.tag); err != nil {
		return 0, err
	}
	core := minio.Core{Client: r.store.client}
	body, _, _, err := core.GetObject(r.ctx, r.store.bucket, r.store.prefix+r.key, o)
	if err != nil {
		return 0, err
	}
	defer body.Close()
	return io.ReadFull(body, p)
}

func (r *s3Reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed, r.blocks = true, nil
	return nil
}
