// Package app builds all services from the settings, once.
package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/auth/oidc"
	"cadastro/internal/blob"
	"cadastro/internal/config"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/dedupe"
	"cadastro/internal/errs"
	"cadastro/internal/exporter"
	"cadastro/internal/i18n"
	"cadastro/internal/importer"
	"cadastro/internal/job"
	"cadastro/internal/mapping"
	"cadastro/internal/notify"
	"cadastro/internal/span"
	"cadastro/internal/table"
	"cadastro/internal/upload"
	"cadastro/internal/workspace"
)

// FirstWorkspace is the workspace that an empty base starts with and that the command line works in.
const FirstWorkspace int64 = 1

// App is a running Cadastro without a face.
//
// Jobs knows its workers and schedules but does not work until it is started, which is the server's to do: a command
// that opens the base beside a running server takes no work from it.
type App struct {
	Config     config.Config
	DB         *db.DB
	Blobs      blob.Store
	Texts      *i18n.Catalogue
	Log        *slog.Logger
	Auth       *auth.Service
	Jobs       *job.Runner
	Notify     *notify.Service
	Uploads    *upload.Service
	Workspaces *workspace.Service
	Contacts   *contact.Service
	Mappings   *mapping.Store
	Imports    *importer.Service
	Exports    *exporter.Service
	Dedupe     *dedupe.Service
	OIDC       *oidc.Client   // nil where no provider is set up
	Spans      *span.Provider // nil where no traces are wanted

	closers []func() error
}

// Open opens the base and the files, brings the schema up to date and makes the first workspace where there is
// none. The caller closes the App.
func Open(ctx context.Context, cfg config.Config, log *slog.Logger) (*App, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	a := &App{Config: cfg, Log: log}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context) (err error) {
	cfg := &a.Config
	if a.Texts, err = i18n.New(); err != nil {
		return err
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return errs.Wrap(err, errs.Invalid, "config.data_dir", "path", cfg.Data)
	}
	if err := a.files(ctx); err != nil {
		return err
	}
	if a.DB, err = db.Open(ctx, cfg.DatabaseURL()); err != nil {
		return err
	}
	a.closers = append(a.closers, a.DB.Close)
	if err := a.DB.Migrate(ctx); err != nil {
		return err
	}
	if err := a.firstWorkspace(ctx); err != nil {
		return err
	}
	a.Workspaces = &workspace.Service{DB: a.DB, Server: serverSettings(cfg)}
	a.Contacts = &contact.Service{DB: a.DB, Now: time.Now}
	a.Mappings = &mapping.Store{DB: a.DB, Now: time.Now}
	a.Imports = importer.New(a.DB, a.Blobs, a.Texts, a.Log, importer.Config{
		Limits: Limits(cfg), ReviewExpiry: time.Duration(cfg.Keep.Review), UndoExpiry: time.Duration(cfg.Keep.Undo), ResultExpiry: time.Duration(cfg.Keep.Results),
	})
	a.Exports = &exporter.Service{DB: a.DB, Texts: a.Texts}
	a.house()
	if err := a.traces(ctx); err != nil {
		return err
	}
	if err := a.background(); err != nil {
		return err
	}
	if err := a.Imports.Sweep(auth.With(ctx, auth.ConsoleActor(FirstWorkspace)), FirstWorkspace); err != nil {
		a.Log.Warn("sweep", "error", err) // what is over its days is swept at the next start
	}
	return nil
}

// files opens the store of files: a bucket where the settings name one, else a folder in the data directory.
func (a *App) files(ctx context.Context) error {
	if c := &a.Config.S3; c.Bucket != "" {
		store, err := blob.NewS3(ctx, blob.S3Options{Endpoint: c.Endpoint, Region: c.Region, Bucket: c.Bucket, Prefix: c.Prefix,
			AccessKey: c.AccessKey, SecretKey: c.SecretKey}, time.Now())
		a.Blobs = store
		return err
	}
	local, err := blob.NewLocal(a.Config.BlobDir(), time.Now())
	if err != nil {
		return err
	}
	a.Blobs = local
	a.closers = append(a.closers, local.Close)
	return nil
}

// Close closes what Open opened, the last first.
func (a *App) Close() error {
	var all []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		all = append(all, a.closers[i]())
	}
	a.closers = nil
	return errors.Join(all...)
}

func (a *App) firstWorkspace(ctx context.Context) error {
	return a.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO workspace (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
			FirstWorkspace, "Cadastro", time.Now().UnixMicro())
		return err
	})
}

// WorkspaceName gives the name of a workspace.
func (a *App) WorkspaceName(ctx context.Context, id int64) (name string, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		return q.QueryRow(ctx, "SELECT name FROM workspace WHERE id = $1", id).Scan(&name)
	})
	return name, err
}

// Limits gives what one file may cost.
func Limits(cfg *config.Config) table.Limits {
	m := &cfg.Max
	return table.Limits{Bytes: int64(m.FileSize), Inflated: int64(m.InflatedSize), Rows: m.Rows, Columns: m.Columns,
		RecordBytes: int(m.RecordSize), CellBytes: int(m.CellSize)}
}
