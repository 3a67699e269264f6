package contact

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

// BlockedAddress is an entry of the do-not-contact list.
type BlockedAddress struct {
	Kind    Kind
	Key     string
	Reason  string
	AddedAt time.Time
}

// BlockResult tells what came of texts for the do-not-contact list. Faults are by place in the texts.
type BlockResult struct {
	Added, Known int
	Faults       map[int][]Issue
}

// MaxBlocked is how many texts AddDoNotContact takes at once.
const MaxBlocked = 100_000

// DoNotContact lists the workspace's do-not-contact list in the order of keys, those behind after first. search is a part
// of a key, a phone in any spelling.
func (s *Service) DoNotContact(ctx context.Context, workspace int64, search string, after Key, limit int) ([]BlockedAddress, error) {
	if err := auth.RequireIn(ctx, workspace, auth.DoNotContactManage); err != nil {
		return nil, err
	}
	if limit < 1 || limit > MaxPage {
		limit = DefaultPage
	}
	var out []BlockedAddress
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		out, err = db.Collect(ctx, q, func(r *sql.Rows) (b BlockedAddress, err error) {
			var at int64
			err = r.Scan(&b.Kind, &b.Key, &b.Reason, &at)
			b.AddedAt = time.UnixMicro(at).UTC()
			return b, err
		}, `SELECT kind, key, reason, added_at FROM do_not_contact WHERE workspace_id = $1 AND (kind, key) > ($2, $3) AND key LIKE $4 ESCAPE '\'
			ORDER BY kind, key LIMIT $5`, workspace, string(after.Kind), after.Text, like(keyText(search)), limit)
		return err
	})
	return out, err
}

// AddDoNotContact puts phones and e-mail addresses, one a text, on the list. Texts without one are Faults; empty ones
// are passed over. Error: TooLarge do_not_contact.too_many {limit}.
func (s *Service) AddDoNotContact(ctx context.Context, workspace int64, texts []string, reason string) (*BlockResult, error) {
	if len(texts) > MaxBlocked {
		return nil, errs.New(errs.TooLarge, "do_not_contact.too_many", "limit", MaxBlocked)
	}
	out := &BlockResult{}
	reason, _ = limited(normalize.CleanLine, reason, maxLine)
	err := s.act(ctx, workspace, auth.DoNotContactManage, func(ctx context.Context, tx *db.Tx, a *act) error {
		*out = BlockResult{Faults: map[int][]Issue{}}
		_, country, err := s.house(ctx, tx, workspace)
		if err != nil {
			return err
		}
		r := &reading{country: country}
		b := &db.Batch{Width: 2}
		seen := map[Key]bool{}
		for i, text := range texts {
			if normalize.IsBlank(text) {
				continue
			}
			kind := Phone
			if strings.Contains(text, "@") {
				kind = Email
			}
			v, issues := r.address(kind, text)
			k, ok := KeyOf(kind, v)
			if !ok {
				out.Faults[i] = issues
				continue
			}
			if seen[k] {
				out.Known++
				continue
			}
			seen[k] = true
			b.Add(string(k.Kind), k.Text)
		}
		if b.Len() == 0 {
			return nil
		}
		if err := tx.Stage(ctx, "blocking", db.Cols("kind TEXT", "key TEXT"), b); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `INSERT INTO do_not_contact (workspace_id, kind, key, reason, added_at)
			SELECT CAST($1 AS BIGINT), s.kind, s.key, CAST($2 AS TEXT), CAST($3 AS BIGINT) FROM stage_blocking s WHERE TRUE ON CONFLICT DO NOTHING`, workspace, reason, a.now)
		out.Added = int(n)
		out.Known += b.Len() - int(n)
		return err
	})
	return out, err
}

// RemoveDoNotContact takes keys off the list and tells how many were on it.
func (s *Service) RemoveDoNotContact(ctx context.Context, workspace int64, keys []Key) (int, error) {
	removed := 0
	err := s.act(ctx, workspace, auth.DoNotContactManage, func(ctx context.Context, tx *db.Tx, _ *act) error {
		b := &db.Batch{Width: 2}
		for _, k := range keys {
			b.Add(string(k.Kind), k.Text)
		}
		if err := tx.Stage(ctx, "blocking", db.Cols("kind TEXT", "key TEXT"), b); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, "DELETE FROM do_not_contact WHERE workspace_id = $1 AND (kind, key) IN (SELECT kind, key FROM stage_blocking)", workspace)
		removed = int(n)
		return err
	})
	return removed, err
}
