package notify

import (
	"context"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/job"
	"cadastro/internal/notify/mail"
	"cadastro/internal/notify/notice"
	"cadastro/internal/notify/webhook"
)

// TidyKind is the kind of the job that forgets old tellings; it is to be scheduled daily.
const TidyKind = "notify.tidy"

// How long they are kept.
const (
	keepMails   = 30 * 24 * time.Hour
	keepNotices = 180 * 24 * time.Hour
	keepEvents  = 30 * 24 * time.Hour
)

// TidyWorker does the jobs of [TidyKind].
func TidyWorker(d *db.DB, now func() time.Time) job.Worker {
	return job.Worker{Kind: TidyKind, Run: func(ctx context.Context, _ *job.Run) error {
		return d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			at := now()
			if err := mail.Prune(ctx, tx, at.Add(-keepMails)); err != nil {
				return err
			}
			if err := notice.Prune(ctx, tx, at.Add(-keepNotices)); err != nil {
				return err
			}
			return webhook.Prune(ctx, tx, at.Add(-keepEvents))
		})
	}}
}
