package upload

import (
	"context"
	"errors"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// How long whoever opens the import has the upload to itself, and how often that is renewed.
const (
	hold  = time.Minute
	renew = 15 * time.Second
)

// Complete opens the import for a whole upload, once, and gives its number. Errors: upload.not_found, upload.not_whole
// {received, size} (Conflict), upload.busy (Busy) where another request is at it, and those of Finish.
func (s *Service) Complete(ctx context.Context, workspace int64, id string) (int64, error) {
	u, err := s.Get(ctx, workspace, id)
	switch {
	case err != nil:
		return 0, err
	case u.Import != 0:
		return u.Import, nil
	case !u.Whole():
		return 0, errs.New(errs.Conflict, "upload.not_whole", "received", u.Received, "size", u.Size)
	}
	release, err := s.claim(ctx, u)
	if err != nil {
		return 0, err
	}
	defer release()
	// Whoever had it before may have been done between the question and the claim.
	if u, err = s.Get(ctx, workspace, id); err != nil {
		return 0, err
	}
	if u.Import != 0 {
		return u.Import, nil
	}
	parts, err := s.parts(ctx, workspace, id)
	if err != nil {
		return 0, err
	}
	r := &joined{ctx: ctx, blobs: s.Blobs, parts: parts}
	defer r.Close()
	imp, err := s.Finish(ctx, workspace, u.Name, r)
	if err != nil {
		return 0, err
	}
	ctx = context.WithoutCancel(ctx)
	// The row stays for its time: a client that did not hear the answer asks again and is told the same import.
	dropped, err := s.forgetParts(ctx, workspace, id, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE upload SET import_id = $3, expires_at = $4 WHERE workspace_id = $1 AND id = $2", workspace, id, imp, s.Now().Add(s.Life).UnixMicro())
		return err
	})
	if err != nil {
		return 0, err
	}
	return imp, s.deleteBlobs(ctx, dropped)
}

// claim keeps others from opening an import for the same upload until release is called or this process is gone.
func (s *Service) claim(ctx context.Context, u *Upload) (release func(), err error) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	until := func(at, free int64) (bool, error) {
		var rows int64
		err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			rows, err = tx.Exec(ctx, "UPDATE upload SET held_until = $3 WHERE workspace_id = $1 AND id = $2 AND held_until <= $4", u.Workspace, u.ID, at, free)
			return err
		})
		return rows > 0, err
	}
	mine := s.Now().Add(hold).UnixMicro()
	ok, err := until(mine, s.Now().UnixMicro())
	if err == nil && !ok {
		err = errs.New(errs.Busy, "upload.busy")
	}
	if err != nil {
		stop()
		return nil, err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(renew)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				next := s.Now().Add(hold).UnixMicro()
				if _, err := until(next, mine); err != nil && !errors.Is(err, context.Canceled) {
					s.Log.Warn("upload: hold", "error", err)
					continue
				}
				mine = next
			}
		}
	}()
	return func() {
		stop()
		<-done
		ctx = context.WithoutCancel(ctx)
		if _, err := until(0, mine); err != nil {
			s.Log.Warn("upload: release", "error", err)
		}
	}, nil
}
