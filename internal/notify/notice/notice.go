// Package notice keeps what members are told in the app.
//
// A notice is a kind, the number of what it is about, and the values of its sentence (catalogue key
// "notice.<kind>"), so that it is read in whatever language its reader has by then.
package notice

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
)

// ID numbers the notices of a workspace.
type ID int64

// The kinds.
const (
	ImportFinished  = "import.finished"
	ImportCancelled = "import.cancelled"
	ImportFailed    = "import.failed"
	ImportUndone    = "import.undone"
)

// Notice is one thing that a member is told. ReadAt is zero while it is unread.
type Notice struct {
	ID        ID
	Kind      string
	Subject   int64 // e.g. the number of the import
	Args      errs.Args
	CreatedAt time.Time
	ReadAt    time.Time
}

// Text gives the notice's sentence.
func (n *Notice) Text(p *i18n.Printer) string {
	args := make([]any, 0, 2*len(n.Args))
	for k, v := range n.Args {
		args = append(args, k, v)
	}
	switch n.Kind {
	case ImportFinished:
		return p.T("notice.import.finished", args...)
	case ImportCancelled:
		return p.T("notice.import.cancelled", args...)
	case ImportFailed:
		return p.T("notice.import.failed", args...)
	case ImportUndone:
		return p.T("notice.import.undone", args...)
	}
	return p.T("notice.unknown", "kind", n.Kind)
}

// New is a notice to be given.
type New struct {
	Kind    string
	Subject int64
	Args    errs.Args
	Once    string // a member gets one notice with this key
}

// Center is the notices of all members. It is safe for concurrent use.
type Center struct {
	DB  *db.DB
	Now func() time.Time
}

// Give tells members something, in the transaction of what it tells of. Whoever has a notice of that Once key gets none.
func (c *Center) Give(ctx context.Context, tx *db.Tx, workspace int64, members []int64, n New) error {
	args, err := json.Marshal(n.Args)
	if err != nil {
		return fmt.Errorf("notice: %w", err)
	}
	if len(members) == 0 {
		return nil
	}
	id, err := tx.Reserve(ctx, workspace, "notice", int64(len(members)))
	if err != nil {
		return err
	}
	for i, m := range members {
		if n.Once == "" {
			n.Once = fmt.Sprintf("#%d", id)
		}
		_, err := tx.Exec(ctx, `INSERT INTO notice (workspace_id, member_id, id, kind, subject_id, args, once, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (workspace_id, member_id, once) DO NOTHING`,
			workspace, m, id+int64(i), n.Kind, n.Subject, string(args), n.Once, c.Now().UnixMicro())
		if err != nil {
			return err
		}
	}
	return nil
}

// List gives a member's notices, the newest first, those before the given one (0 for the newest), at most limit.
func (c *Center) List(ctx context.Context, workspace, member int64, before ID, limit int) ([]*Notice, error) {
	if before == 0 {
		before = 1 << 62
	}
	var list []*Notice
	err := c.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		list, err = db.Collect(ctx, q, scan, `SELECT id, kind, subject_id, args, created_at, read_at FROM notice
			WHERE workspace_id = $1 AND member_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4`, workspace, member, int64(before), limit)
		return err
	})
	return list, err
}

// Unread gives the number of a member's unread notices.
func (c *Center) Unread(ctx context.Context, workspace, member int64) (n int, err error) {
	err = c.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		return q.QueryRow(ctx, "SELECT count(*) FROM notice WHERE workspace_id = $1 AND member_id = $2 AND read_at IS NULL", workspace, member).Scan(&n)
	})
	return n, err
}

// MarkRead marks one notice of a member as read, or as unread again. NotFound "notice.not_found" where it is none of theirs.
func (c *Center) MarkRead(ctx context.Context, workspace, member int64, id ID, read bool) error {
	at := sql.NullInt64{Int64: c.Now().UnixMicro(), Valid: read}
	return c.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, "UPDATE notice SET read_at = $4 WHERE workspace_id = $1 AND member_id = $2 AND id = $3", workspace, member, int64(id), at)
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "notice.not_found")
		}
		return err
	})
}

// MarkAllRead marks what a member has up to the given notice as read; what came since their page was drawn stays unread.
func (c *Center) MarkAllRead(ctx context.Context, workspace, member int64, upTo ID) error {
	return c.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE notice SET read_at = $4 WHERE workspace_id = $1 AND member_id = $2 AND id <= $3 AND read_at IS NULL",
			workspace, member, int64(upTo), c.Now().UnixMicro())
		return err
	})
}

// Prune forgets notices given before the given time.
func Prune(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, "DELETE FROM notice WHERE created_at < $1", before.UnixMicro())
	return err
}

func scan(r *sql.Rows) (*Notice, error) {
	var n Notice
	var args string
	var created int64
	var read sql.NullInt64
	if err := r.Scan(&n.ID, &n.Kind, &n.Subject, &args, &created, &read); err != nil {
		return nil, err
	}
	n.CreatedAt = time.UnixMicro(created)
	if read.Valid {
		n.ReadAt = time.UnixMicro(read.Int64)
	}
	if err := decode(args, &n.Args); err != nil {
		return nil, errors.Join(fmt.Errorf("notice %d", n.ID), err)
	}
	return &n, nil
}
