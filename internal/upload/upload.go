// Package upload takes files in over HTTP: in one piece, as a form, from a URL, or piece by piece with pauses (the tus
// protocol), and hands them to whoever opens an import for them.
//
// # Parts
//
// A resumable upload is a row and its parts. A part is a blob of at most [Config.PartSize] bytes; it counts once its row
// is in the base, and it gets there only where it begins at what the upload has received (one transaction asks and
// sets). So two requests that write at the same time, a node that was paused or one that was killed cannot spoil a file:
// the later one loses its part and the client is told where to go on. Nothing is locked, and any node can take the next
// part.
package upload

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/blob"
	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Config are the bounds of uploads. The zero value of a field means its default.
type Config struct {
	MaxSize  int64         // bytes of a file, default 2 GiB
	PartSize int64         // bytes after which a part is made durable, default 16 MiB
	PartTime time.Duration // time after which it is, however short, default 10 s
	Life     time.Duration // an upload nobody adds to for so long is swept, default 24 h
	MaxOpen  int           // unfinished uploads of one actor at a time, default 20
}

// Service keeps uploads that are under way. It is safe for concurrent use.
type Service struct {
	DB    *db.DB
	Blobs blob.Store
	Log   *slog.Logger
	Now   func() time.Time
	// Finish opens an import for a whole file and gives its number.
	Finish func(ctx context.Context, workspace int64, name string, r io.Reader) (int64, error)
	Config
}

// New returns a service with defaults for what cfg leaves open.
func New(d *db.DB, blobs blob.Store, log *slog.Logger, cfg Config, finish func(ctx context.Context, workspace int64, name string, r io.Reader) (int64, error)) *Service {
	if cfg.MaxSize == 0 {
		cfg.MaxSize = 2 << 30
	}
	if cfg.PartSize == 0 {
		cfg.PartSize = 16 << 20
	}
	if cfg.PartTime == 0 {
		cfg.PartTime = 10 * time.Second
	}
	if cfg.Life == 0 {
		cfg.Life = 24 * time.Hour
	}
	if cfg.MaxOpen == 0 {
		cfg.MaxOpen = 20
	}
	return &Service{DB: d, Blobs: blobs, Log: log, Now: time.Now, Finish: finish, Config: cfg}
}

// Upload is one file on its way in.
type Upload struct {
	Workspace int64
	ID        string
	Name      string
	Metadata  string // as the client sent it
	Size      int64
	Received  int64
	Import    int64 // 0 until the import is open
	ExpiresAt time.Time
}

// Whole tells whether all bytes are there.
func (u *Upload) Whole() bool { return u.Received == u.Size }

// Create begins an upload of a file of that size. The actor of ctx owns it. Errors: upload.too_large {limit, size},
// upload.too_many {limit}.
func (s *Service) Create(ctx context.Context, workspace int64, name, metadata string, size int64) (*Upload, error) {
	owner, err := s.owner(ctx, workspace)
	if err != nil {
		return nil, err
	}
	if size > s.MaxSize {
		return nil, errs.New(errs.TooLarge, "upload.too_large", "limit", s.MaxSize, "size", size)
	}
	now := s.Now()
	u := &Upload{Workspace: workspace, ID: newID(), Name: CleanName(name), Metadata: metadata, Size: size, ExpiresAt: now.Add(s.Life)}
	return u, s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		var open int
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM upload WHERE workspace_id = $1 AND owner = $2 AND import_id = 0 AND expires_at > $3",
			workspace, owner, now.UnixMicro()).Scan(&open); err != nil {
			return err
		}
		if open >= s.MaxOpen {
			return errs.New(errs.Busy, "upload.too_many", "limit", s.MaxOpen)
		}
		_, err := tx.Exec(ctx, "INSERT INTO upload (workspace_id, id, owner, name, metadata, size, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
			workspace, u.ID, owner, u.Name, metadata, size, now.UnixMicro(), u.ExpiresAt.UnixMicro())
		return err
	})
}

// Get gives an upload of the actor's. Error: upload.not_found (NotFound), also for somebody else's and one whose time is
// over.
func (s *Service) Get(ctx context.Context, workspace int64, id string) (*Upload, error) {
	owner, err := s.owner(ctx, workspace)
	if err != nil {
		return nil, err
	}
	u := &Upload{Workspace: workspace, ID: id}
	var expires int64
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		return q.QueryRow(ctx, "SELECT name, metadata, size, received, import_id, expires_at FROM upload WHERE workspace_id = $1 AND id = $2 AND owner = $3",
			workspace, id, owner).Scan(&u.Name, &u.Metadata, &u.Size, &u.Received, &u.Import, &expires)
	})
	u.ExpiresAt = time.UnixMicro(expires)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !u.ExpiresAt.After(s.Now()) {
		return nil, errs.New(errs.NotFound, "upload.not_found")
	}
	return u, err
}

// Remove ends an upload and drops what was received. An import that was opened for it stays.
func (s *Service) Remove(ctx context.Context, workspace int64, id string) error {
	if _, err := s.Get(ctx, workspace, id); err != nil {
		return err
	}
	return s.drop(ctx, workspace, id)
}

// drop forgets an upload and deletes its blobs; what a crash leaves of them is swept.
func (s *Service) drop(ctx context.Context, workspace int64, id string) error {
	parts, err := s.forgetParts(ctx, workspace, id, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM upload WHERE workspace_id = $1 AND id = $2", workspace, id)
		return err
	})
	if err != nil {
		return err
	}
	return s.deleteBlobs(ctx, parts)
}

// owner gives the name under which the actor's uploads are kept.
func (s *Service) owner(ctx context.Context, workspace int64) (string, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return "", err
	}
	a, _ := auth.From(ctx)
	return a.String(), nil
}

// newID gives 128 random bits in hexadecimal.
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
