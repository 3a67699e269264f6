package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/blob"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/notify"
	"cadastro/internal/table"
)

// Config are the settings of the workspace's imports.
type Config struct {
	Limits       table.Limits
	ReviewExpiry time.Duration  // default 1 hour
	UndoExpiry   time.Duration  // default 30 days
	ResultExpiry time.Duration  // default 7 days
	Zone         *time.Location // of the date in the names of import tags, default that of Now
	ChunkRows    int            // rows that go through the line together, default [DefaultChunkRows]
}

// Service takes files in. It is safe for concurrent use.
type Service struct {
	DB    *db.DB
	Blobs blob.Store
	Log   *slog.Logger
	Texts *i18n.Catalogue
	Now   func() time.Time
	Sight func(ctx context.Context, q db.Querier) (auth.Sight, error) // which contacts the actor sees; nil for all
	// Tell is told of the end of an import that was started, and of one that its review could not take in, in the
	// transaction that ends it. nil for nobody.
	Tell func(ctx context.Context, tx *db.Tx, e *notify.ImportEnd) error
	// AsksOf tells what a workspace asks of every import. nil for nothing.
	AsksOf func(ctx context.Context, q db.Querier, workspace int64) (Asks, error)
	// KeepOf gives for how long a workspace keeps result files, and for how long its imports can be undone, where that is not the
	// same for all. nil for what Config says.
	KeepOf func(workspace int64) (results, undo time.Duration)
	// Wake is called when a job was enqueued, to save the wait for the runner's next look. nil for none.
	Wake func()
	Config
}

// New returns a service with defaults for what cfg leaves open.
func New(d *db.DB, blobs blob.Store, texts *i18n.Catalogue, log *slog.Logger, cfg Config) *Service {
	def := func(v *time.Duration, d time.Duration) {
		if *v == 0 {
			*v = d
		}
	}
	def(&cfg.ReviewExpiry, time.Hour)
	def(&cfg.UndoExpiry, 30*24*time.Hour)
	def(&cfg.ResultExpiry, 7*24*time.Hour)
	if cfg.ChunkRows == 0 {
		cfg.ChunkRows = DefaultChunkRows
	}
	return &Service{DB: d, Blobs: blobs, Texts: texts, Log: log, Now: time.Now, Config: cfg}
}

func (s *Service) micros() int64 { return s.Now().UnixMicro() }

// Phase is a part of the work that takes a while.
type Phase string

// The phases.
const (
	PhaseUpload Phase = "upload"
	PhaseReview Phase = "review"
	PhaseApply  Phase = "apply"
	PhaseResult Phase = "result"
	PhaseUndo   Phase = "undo"
)

// Progress tells how far a phase is. Of Done and Total, counted in bytes (upload, review) or rows, Total is 0
// where it is not known. Rows is rows so far. It is called from one goroutine, often.
type Progress func(phase Phase, done, total, rows int64)

// Upload stores a file and opens an import for it, in the name of the actor of ctx. A file over the size limit is
// refused while it is read.
func (s *Service) Upload(ctx context.Context, workspace int64, name string, r io.Reader, progress Progress) (*Import, error) {
	imp := &Import{FileName: name}
	if err := s.upload(ctx, workspace, imp, r, progress); err != nil {
		return nil, err
	}
	return imp, nil
}

// upload is [Service.Upload] for an import of which something is known.
func (s *Service) upload(ctx context.Context, workspace int64, imp *Import, r io.Reader, progress Progress) error {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return err
	}
	imp.Workspace, imp.State, imp.CreatedAt = workspace, Uploaded, s.Now()
	imp.Actor, imp.MemberID = actorOf(ctx)
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := tx.Reserve(ctx, workspace, "import", 1)
		imp.ID = ID(id)
		return err
	})
	if err != nil {
		return err
	}
	imp.fileKey = fmt.Sprintf("w%d/imports/%d/source", workspace, imp.ID)
	if err := s.store(ctx, imp, r, progress); err != nil {
		return err
	}
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return insertImport(ctx, tx, imp) })
	if err != nil {
		return errors.Join(err, s.Blobs.Delete(context.WithoutCancel(ctx), imp.fileKey))
	}
	return nil
}

// actorOf gives who does what ctx asks for: the name for history and journal, and the member who is told, 0 for none.
func actorOf(ctx context.Context) (name string, member int64) {
	a, _ := auth.From(ctx)
	return a.String(), int64(a.Member)
}

func (s *Service) store(ctx context.Context, imp *Import, r io.Reader, progress Progress) error {
	w, err := s.Blobs.Create(ctx, imp.fileKey)
	if err != nil {
		return err
	}
	defer w.Abort()
	limit := s.Limits.WithDefaults().Bytes
	hash := sha256.New()
	buf := make([]byte, 256<<10)
	for {
		n, err := r.Read(buf)
		if n > 0 {
			if imp.FileSize += int64(n); imp.FileSize > limit {
				return errs.New(errs.TooLarge, "file.too_large", "limit", limit, "size", imp.FileSize)
			}
			hash.Write(buf[:n])
			if _, err := w.Write(buf[:n]); err != nil {
				return err
			}
			if progress != nil {
				progress(PhaseUpload, imp.FileSize, 0, 0)
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("read upload: %w", err)
		}
	}
	imp.FileHash = hex.EncodeToString(hash.Sum(nil))
	return w.Commit()
}

// source opens the original of an import. The caller closes it.
func (s *Service) source(ctx context.Context, imp *Import) (table.Source, io.Closer, error) {
	r, err := s.Blobs.Open(ctx, imp.fileKey)
	if err != nil {
		return table.Source{}, nil, errs.Wrap(err, errs.NotFound, "import.source_gone", "id", int64(imp.ID))
	}
	return table.Source{Name: imp.FileName, Size: r.Size(), Data: r}, r, nil
}
