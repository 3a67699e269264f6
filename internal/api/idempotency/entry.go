package idempotency

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"cadastro/internal/db"
)

// entry is one key of one actor.
type entry struct {
	keeper    *Keeper
	workspace int64
	actor     string
	key       string
}

// held is what is known of a key that was taken before.
type held struct {
	hash    string
	status  int64 // 0: no answer yet
	headers string
	body    string
	until   int64
}

// take takes the key; held is nil where nobody had it.
func (e *entry) take(ctx context.Context) (h *held, err error) {
	k := e.keeper
	err = k.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := k.Now()
		if _, err := tx.Exec(ctx, "DELETE FROM idempotency WHERE workspace_id = $1 AND created_at <= $2", e.workspace, now.Add(-Life).UnixMicro()); err != nil {
			return err
		}
		rows, err := tx.Exec(ctx, "INSERT INTO idempotency (workspace_id, actor, key, held_until, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, actor, key) DO NOTHING",
			e.workspace, e.actor, e.key, now.Add(hold).UnixMicro(), now.UnixMicro())
		if err != nil || rows > 0 {
			h = nil
			return err
		}
		h = new(held)
		err = tx.QueryRow(ctx, "SELECT request_hash, status, headers, body, held_until FROM idempotency WHERE workspace_id = $1 AND actor = $2 AND key = $3",
			e.workspace, e.actor, e.key).Scan(&h.hash, &h.status, &h.headers, &h.body, &h.until)
		if errors.Is(err, sql.ErrNoRows) {
			// It was freed between the two statements. To the caller that is one that is still at work.
			h.until, err = now.Add(hold).UnixMicro(), nil
		}
		return err
	})
	return h, err
}

// hold tells others, for as long as stop is not called, that the work goes on.
func (e *entry) hold(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
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
				err := e.exec(ctx, "UPDATE idempotency SET held_until = $4 WHERE workspace_id = $1 AND actor = $2 AND key = $3", e.keeper.Now().Add(hold).UnixMicro())
				if err != nil && ctx.Err() == nil {
					e.keeper.Log.Warn("idempotency: hold", "error", err)
				}
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

// free gives the key back: nothing was done under it.
func (e *entry) free(ctx context.Context) error {
	return e.exec(ctx, "DELETE FROM idempotency WHERE workspace_id = $1 AND actor = $2 AND key = $3")
}

// kept are the headers of an answer that are given again.
var kept = [...]string{"Content-Type", "Content-Language", "Location", "Etag", "Import-Id"}

// keep remembers the answer.
func (e *entry) keep(ctx context.Context, hash string, rec *recorder) error {
	headers := map[string]string{}
	for _, name := range kept {
		if v := rec.Header().Get(name); v != "" {
			headers[name] = v
		}
	}
	text, err := json.Marshal(headers)
	if err != nil {
		return err
	}
	return e.exec(ctx, "UPDATE idempotency SET request_hash = $4, status = $5, headers = $6, body = $7 WHERE workspace_id = $1 AND actor = $2 AND key = $3",
		hash, rec.status, string(text), rec.body.String())
}

func (e *entry) exec(ctx context.Context, query string, args ...any) error {
	return e.keeper.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, append([]any{e.workspace, e.actor, e.key}, args...)...)
		return err
	})
}
