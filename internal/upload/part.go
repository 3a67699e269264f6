package upload

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash"
	"io"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Checksum is what a client says of the bytes of one request.
type Checksum struct {
	Hash hash.Hash
	Want []byte
}

// errChecksum marks bytes that did not arrive as they were sent.
var errChecksum = errors.New("upload: checksum differs")

// Append adds to an upload what r gives, from offset on, and tells how much there is then. What arrived before r failed
// counts; with a checksum, all counts or nothing. The error of r comes back as upload.cut. Other errors: upload.not_found,
// upload.offset {want} (Conflict), upload.beyond_size {size} (TooLarge), upload.checksum (Invalid).
func (s *Service) Append(ctx context.Context, workspace int64, id string, offset int64, r io.Reader, sum *Checksum) (*Upload, error) {
	u, err := s.Get(ctx, workspace, id)
	if err != nil {
		return nil, err
	}
	if offset != u.Received {
		return u, errs.New(errs.Conflict, "upload.offset", "want", u.Received)
	}
	// The request's context ends with the connection; what was received by then is to be kept.
	keep := context.WithoutCancel(ctx)
	if sum != nil {
		r = io.TeeReader(r, sum.Hash)
	}
	for {
		n, more, readErr := s.part(keep, u, r, sum)
		u.Received += n
		if readErr != nil || !more {
			return u, readErr
		}
	}
}

// part takes one part in; more tells whether another may follow.
func (s *Service) part(ctx context.Context, u *Upload, r io.Reader, sum *Checksum) (n int64, more bool, err error) {
	key := fmt.Sprintf("w%d/uploads/%s/%d-%s", u.Workspace, u.ID, u.Received, newID()[:8])
	w, err := s.Blobs.Create(ctx, key)
	if err != nil {
		return 0, false, err
	}
	defer w.Abort()
	room := u.Size - u.Received
	buf := make([]byte, 128<<10)
	began := s.Now()
	var readErr error
	for readErr == nil {
		var k int
		k, readErr = r.Read(buf)
		if n+int64(k) > room {
			return 0, false, errs.New(errs.TooLarge, "upload.beyond_size", "size", u.Size)
		}
		if _, err := w.Write(buf[:k]); err != nil {
			return 0, false, err
		}
		n += int64(k)
		if sum == nil && (n >= s.PartSize || n > 0 && s.Now().Sub(began) >= s.PartTime) {
			break
		}
	}
	whole := readErr == io.EOF
	if sum != nil {
		if readErr != nil && !whole {
			return 0, false, cut(readErr)
		}
		if string(sum.Hash.Sum(nil)) != string(sum.Want) {
			return 0, false, errs.Wrap(errChecksum, errs.Invalid, "upload.checksum")
		}
	}
	if n > 0 {
		if err := w.Commit(); err != nil {
			return 0, false, err
		}
		if err := s.count(ctx, u, key, n); err != nil {
			return 0, false, errors.Join(err, s.Blobs.Delete(ctx, key))
		}
	}
	if readErr != nil && !whole {
		return n, false, cut(readErr)
	}
	return n, readErr == nil, nil
}

// count makes a part the upload's, where nobody else has added to it meanwhile.
func (s *Service) count(ctx context.Context, u *Upload, key string, n int64) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		expires := s.Now().Add(s.Life)
		rows, err := tx.Exec(ctx, "UPDATE upload SET received = $4, expires_at = $5 WHERE workspace_id = $1 AND id = $2 AND received = $3",
			u.Workspace, u.ID, u.Received, u.Received+n, expires.UnixMicro())
		if err != nil {
			return err
		}
		if rows == 0 {
			var now int64
			err := tx.QueryRow(ctx, "SELECT received FROM upload WHERE workspace_id = $1 AND id = $2", u.Workspace, u.ID).Scan(&now)
			if errors.Is(err, sql.ErrNoRows) {
				return errs.New(errs.NotFound, "upload.not_found")
			}
			if err != nil {
				return err
			}
			return errs.New(errs.Conflict, "upload.offset", "want", now)
		}
		u.ExpiresAt = expires
		_, err = tx.Exec(ctx, "INSERT INTO upload_part (workspace_id, upload_id, start, length, blob_key) VALUES ($1, $2, $3, $4, $5)",
			u.Workspace, u.ID, u.Received, n, key)
		return err
	})
}

// part is where a part lies.
type part struct {
	key    string
	length int64
}

func (s *Service) parts(ctx context.Context, workspace int64, id string) (list []part, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		list, err = partsOf(ctx, q, workspace, id)
		return err
	})
	return list, err
}

func partsOf(ctx context.Context, q db.Querier, workspace int64, id string) ([]part, error) {
	return db.Collect(ctx, q, func(r *sql.Rows) (p part, err error) { return p, r.Scan(&p.key, &p.length) },
		"SELECT blob_key, length FROM upload_part WHERE workspace_id = $1 AND upload_id = $2 ORDER BY start", workspace, id)
}

// forgetParts takes the parts out of the base, together with what and does, and gives them to be deleted.
func (s *Service) forgetParts(ctx context.Context, workspace int64, id string, and func(context.Context, *db.Tx) error) (list []part, err error) {
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if list, err = partsOf(ctx, tx, workspace, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM upload_part WHERE workspace_id = $1 AND upload_id = $2", workspace, id); err != nil {
			return err
		}
		return and(ctx, tx)
	})
	return list, err
}

func (s *Service) deleteBlobs(ctx context.Context, list []part) error {
	var all []error
	for _, p := range list {
		all = append(all, s.Blobs.Delete(ctx, p.key))
	}
	return errors.Join(all...)
}
