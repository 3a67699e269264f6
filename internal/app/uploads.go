package app

import (
	"context"
	"io"

	"cadastro/internal/job"
	"cadastro/internal/upload"
)

// uploads takes files in, part by part where the line is bad, and opens an import for each that is whole.
func (a *App) uploads() error {
	a.Uploads = upload.New(a.DB, a.Blobs, a.Log, upload.Config{MaxSize: int64(a.Config.Max.FileSize)},
		func(ctx context.Context, workspace int64, name string, r io.Reader) (int64, error) {
			imp, err := a.Imports.Upload(ctx, workspace, name, r, nil)
			if err != nil {
				return 0, err
			}
			return int64(imp.ID), nil
		})
	a.handle(a.Uploads.SweepWorker())
	return a.Jobs.Every(upload.SweepKind, "@hourly", job.Spec{Workspace: FirstWorkspace, Kind: upload.SweepKind})
}
