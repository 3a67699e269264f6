package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"cadastro/internal/db"
)

// periodic is work that comes back.
type periodic struct {
	name, spec string
	when       cron.Schedule
	job        Spec
}

// Every has job enqueued whenever spec says: five cron fields ("30 3 * * *"), "@hourly", "@every 10m". It happens once
// over all processes. Times missed while no process ran are made up for by one job. It is called before Start.
func (r *Runner) Every(name, spec string, job Spec) error {
	when, err := cron.ParseStandard(spec)
	if err != nil {
		return fmt.Errorf("schedule %s: %w", name, err)
	}
	if job.Kind == "" {
		return fmt.Errorf("schedule %s: no kind", name)
	}
	r.periodic = append(r.periodic, periodic{name, spec, when, job})
	return nil
}

func (r *Runner) due(ctx context.Context, q db.Querier) (bool, error) {
	if len(r.periodic) == 0 {
		return false, nil
	}
	now, err := clock(ctx, q)
	if err != nil {
		return false, err
	}
	due, err := db.Collect(ctx, q, func(rows *sql.Rows) (s string, err error) { return s, rows.Scan(&s) },
		"SELECT name FROM job_schedule WHERE next_at <= $1", now)
	for _, name := range due {
		for i := range r.periodic {
			if r.periodic[i].name == name {
				return true, err
			}
		}
	}
	return false, err
}

// plan enqueues what is due and says when it is next. Whoever moves next_at on enqueues, so of several nodes one does.
func (r *Runner) plan(ctx context.Context, tx *db.Tx) error {
	for i := range r.periodic {
		if err := r.periodic[i].plan(ctx, tx, r.cfg.TimeZone); err != nil {
			return fmt.Errorf("schedule %s: %w", r.periodic[i].name, err)
		}
	}
	return nil
}

func (p *periodic) plan(ctx context.Context, tx *db.Tx, zone *time.Location) error {
	now, err := clock(ctx, tx)
	if err != nil {
		return err
	}
	next := p.when.Next(time.UnixMicro(now).In(zone)).UnixMicro()
	var at int64
	var spec string
	err = tx.QueryRow(ctx, "SELECT next_at, spec FROM job_schedule WHERE name = $1"+tx.ForUpdate(), p.name).Scan(&at, &spec)
	if errors.Is(err, sql.ErrNoRows) || err == nil && spec != p.spec {
		_, err = tx.Exec(ctx, `INSERT INTO job_schedule (name, spec, next_at) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET spec = excluded.spec, next_at = excluded.next_at`, p.name, p.spec, next)
		return err
	}
	if err != nil || at > now {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE job_schedule SET next_at = $2 WHERE name = $1", p.name, next); err != nil {
		return err
	}
	_, err = Add(ctx, tx, p.job)
	return err
}
