package contact

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/job"
	"cadastro/internal/normalize"
)

// KindIndex is the kind of the job that brings searches up to date behind bulk work.
const KindIndex = "contact.index"

const (
	searchTable = "contact_search"
	indexNow    = 100  // so many contacts are made searchable at once, in the transaction that writes them
	indexRows   = 4000 // contacts in one transaction of the job
	runGap      = 64   // ids that may lie between two of one run
)

// searchPart is what searches know of a contact.
func searchPart() Part { return Part{Scalars: []Scalar{Name, TaxID, ExternalID}, Channels: true} }

// searchText gives what is searched, a line for each thing.
func searchText(c *Contact) string {
	var b strings.Builder
	line := func(s string) {
		if s != "" {
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(s)
		}
	}
	line(normalize.Fold(c.Scalars[Name]))
	for i := range c.Channels {
		line(strings.TrimPrefix(normalize.Fold(c.Channels[i].Value), "+"))
	}
	line(strings.ToLower(c.Scalars[TaxID]))
	line(normalize.Fold(c.Scalars[ExternalID]))
	return b.String()
}

// searchable tells whether a change is one that searches want to know of.
func searchable(field string) bool {
	return field == Name.Key() || field == TaxID.Key() || field == ExternalID.Key() || IsChannel(field)
}

// index has searches know contacts: at once where they are few, else by a job behind the transaction.
func index(ctx context.Context, tx *db.Tx, workspace int64, ids []ID) error {
	if len(ids) == 0 {
		return nil
	}
	if len(ids) <= indexNow {
		return reindex(ctx, tx, workspace, ids)
	}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	runs := &db.Batch{Width: 3}
	var lows, highs []int64
	for i, id := range ids {
		if i > 0 && int64(id)-highs[len(highs)-1] <= runGap {
			highs[len(highs)-1] = int64(id)
			continue
		}
		lows, highs = append(lows, int64(id)), append(highs, int64(id))
	}
	first, err := tx.Reserve(ctx, workspace, "search_due", int64(len(lows)))
	if err != nil {
		return err
	}
	for i := range lows {
		runs.Add(first+int64(i), lows[i], highs[i])
	}
	if err := tx.InsertRows(ctx, "search_due", []db.Fixed{{Name: "workspace_id", Value: workspace}}, db.Cols("id BIGINT", "low BIGINT", "high BIGINT"), runs); err != nil {
		return err
	}
	_, err = job.Add(ctx, tx, job.Spec{Workspace: workspace, Kind: KindIndex, Once: KindIndex, Delay: time.Second})
	return err
}

// reindex makes contacts searchable as they are now. The caller's transaction keeps other writers off them.
func reindex(ctx context.Context, tx *db.Tx, workspace int64, ids []ID) error {
	found, err := Load(ctx, tx, workspace, ids, searchPart(), true)
	if err != nil {
		return err
	}
	type entry struct {
		key string
		id  int64
	}
	order := make([]entry, 0, len(found))
	known := make([]int64, 0, len(found))
	for id, c := range found {
		order = append(order, entry{normalize.Fold(c.Scalars[Name]), int64(id)})
		known = append(known, int64(id))
	}
	slices.Sort(known)
	texts := make([]string, len(known))
	for i, id := range known {
		texts[i] = searchText(found[ID(id)])
	}
	if err := tx.IndexTexts(ctx, searchTable, workspace, known, texts); err != nil {
		return err
	}
	slices.SortFunc(order, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	b := &db.Batch{Width: 2}
	for _, e := range order {
		b.Add(e.key, e.id)
	}
	if err := tx.Stage(ctx, "order", db.Cols("name_key TEXT", "id BIGINT"), b); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO contact_order (workspace_id, name_key, contact_id) SELECT CAST($1 AS BIGINT), s.name_key, s.id FROM stage_order s
		WHERE TRUE ON CONFLICT DO NOTHING`, workspace)
	return err
}

// dropOrder takes names that contacts no longer have out of the order of names.
func dropOrder(ctx context.Context, tx *db.Tx, workspace int64, old []*Contact) error {
	if len(old) == 0 {
		return nil
	}
	b := &db.Batch{Width: 2}
	for _, c := range old {
		b.Add(normalize.Fold(c.Scalars[Name]), int64(c.ID))
	}
	if err := tx.Stage(ctx, "order", db.Cols("name_key TEXT", "contact_id BIGINT"), b); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "DELETE FROM contact_order WHERE workspace_id = $1 AND (name_key, contact_id) IN (SELECT name_key, contact_id FROM stage_order)", workspace)
	return err
}

// run is a run of contact ids that searches do not know yet.
type run struct{ id, low, high int64 }

func scanRun(r *sql.Rows) (d run, err error) { return d, r.Scan(&d.id, &d.low, &d.high) }

// indexWorker catches up run by run. While an import writes into a SQLite base, which has one writer, it goes slowly.
func (s *Service) indexWorker() job.Worker {
	return job.Worker{Kind: KindIndex, Run: func(ctx context.Context, r *job.Run) error {
		for {
			select {
			case <-r.Stopping():
				return job.ErrGoOn
			default:
			}
			more, err := s.indexSome(ctx, r.Workspace)
			if err != nil || !more {
				return err
			}
			if s.importing(ctx, r.Workspace) {
				return job.RetryAfter(10*time.Second, errImporting)
			}
		}
	}}
}

var errImporting = errors.New("an import is writing")

func (s *Service) importing(ctx context.Context, workspace int64) bool {
	n := 0
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		if q.Engine() != db.SQLite {
			return nil
		}
		return q.QueryRow(ctx, "SELECT COUNT(*) FROM import WHERE workspace_id = $1 AND state IN ('importing', 'undoing')", workspace).Scan(&n)
	})
	return err == nil && n > 0 // what cannot be asked now is asked again soon
}

// indexSome makes the next few thousand contacts searchable of which searches do not know yet; more tells that there may
// be others.
func (s *Service) indexSome(ctx context.Context, workspace int64) (more bool, err error) {
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		due, err := db.Collect(ctx, tx, scanRun, "SELECT id, low, high FROM search_due WHERE workspace_id = $1 ORDER BY id LIMIT 200"+tx.ForUpdate(), workspace)
		if more = len(due) > 0; err != nil || !more {
			return err
		}
		return catchUp(ctx, tx, workspace, due)
	})
	if err != nil {
		return false, fmt.Errorf("make contacts searchable: %w", err)
	}
	return more, nil
}

// catchUp makes the contacts of runs searchable, as many as go into one transaction, and strikes off what is done.
func catchUp(ctx context.Context, tx *db.Tx, workspace int64, due []run) error {
	room := indexRows
	for _, d := range due {
		ids, err := db.Collect(ctx, tx, scanID, "SELECT id FROM contact WHERE workspace_id = $1 AND id BETWEEN $2 AND $3 ORDER BY id LIMIT $4", workspace, d.low, d.high, room)
		if err != nil {
			return err
		}
		if err := reindex(ctx, tx, workspace, ids); err != nil {
			return err
		}
		if room -= len(ids); room <= 0 {
			_, err = tx.Exec(ctx, "UPDATE search_due SET low = $3 WHERE workspace_id = $1 AND id = $2", workspace, d.id, int64(ids[len(ids)-1])+1)
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM search_due WHERE workspace_id = $1 AND id = $2", workspace, d.id); err != nil {
			return err
		}
	}
	return nil
}
