package dedupe

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/job"
	"cadastro/internal/journal"
)

// The kinds of the jobs. KindDaily is to be scheduled; its workspace does not matter.
const (
	KindDaily   = "dedupe.daily"
	KindScan    = "dedupe.scan"
	KindMerge   = "dedupe.merge"
	KindUnmerge = "dedupe.unmerge"
)

// line is the queue that scans and merges in bulk stand in.
const line = "dedupe"

// Service finds and merges the duplicates of workspaces. It is safe for concurrent use.
type Service struct {
	DB   *db.DB
	Log  *slog.Logger
	Now  func() time.Time
	Wake func() // has the job runner look for work; may be nil
}

// Scan is the last search of a workspace, or the one under way.
type Scan struct {
	StartedAt  time.Time
	FinishedAt time.Time // zero: under way
	Done       int64     // of Total, while it is under way
	Total      int64
	People     int64
	Groups     int64 // what is left to be looked at
	Certain    int64 // of them those that may be merged unseen
}

// Running tells whether the search is under way.
func (s *Scan) Running() bool { return !s.StartedAt.IsZero() && s.FinishedAt.IsZero() }

// StartScan has the workspace searched in the background; a search that waits or runs is enough.
func (s *Service) StartScan(ctx context.Context, workspace int64) error {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return err
	}
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := job.Add(ctx, tx, job.Spec{Workspace: workspace, Kind: KindScan, Queue: line, Once: "scan"})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO duplicate_scan (workspace_id, job_id, started_at) VALUES ($1, $2, $3)
			ON CONFLICT (workspace_id) DO UPDATE SET job_id = excluded.job_id, started_at = excluded.started_at, finished_at = NULL, done = 0, total = 0`,
			workspace, int64(id), s.Now().UnixMicro())
		return err
	})
	if err == nil && s.Wake != nil {
		s.Wake()
	}
	return err
}

// Status tells of the last search.
func (s *Service) Status(ctx context.Context, workspace int64) (*Scan, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, err
	}
	out := new(Scan)
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		var started int64
		var finished sql.NullInt64
		err := q.QueryRow(ctx, "SELECT started_at, finished_at, done, total, people FROM duplicate_scan WHERE workspace_id = $1", workspace).
			Scan(&started, &finished, &out.Done, &out.Total, &out.People)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		out.StartedAt = time.UnixMicro(started)
		if finished.Valid {
			out.FinishedAt = time.UnixMicro(finished.Int64)
		}
		return q.QueryRow(ctx, `SELECT COUNT(*), COUNT(*) FILTER (WHERE certain) FROM duplicate_group WHERE workspace_id = $1`, workspace).Scan(&out.Groups, &out.Certain)
	})
	return out, err
}

// Scan searches the workspace now. progress may be nil. What it found takes the place of what the last one found, in one
// transaction; pairs that somebody said are two people are left out.
func (s *Service) Scan(ctx context.Context, workspace int64, progress func(done, total int64)) (*Scan, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, err
	}
	if err := s.scan(ctx, workspace, nil, progress); err != nil {
		return nil, err
	}
	return s.Status(ctx, workspace)
}

func (s *Service) scan(ctx context.Context, workspace int64, hold func(context.Context, *db.Tx) error, progress func(done, total int64)) error {
	began := s.Now()
	f := newFinder()
	apart := map[[2]int64]bool{}
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		err := contact.Each(ctx, q, workspace, func(c *contact.Contact) error {
			if !c.Deleted {
				p := personOf(c)
				f.add(&p)
			}
			return nil
		})
		if err != nil {
			return err
		}
		rows, err := q.Query(ctx, "SELECT a, b FROM duplicate_apart WHERE workspace_id = $1", workspace)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var k [2]int64
			if err := rows.Scan(&k[0], &k[1]); err != nil {
				return err
			}
			apart[k] = true
		}
		return rows.Err()
	})
	if err != nil {
		return err
	}
	pairs, err := f.find(ctx, Options{Progress: progress})
	if err != nil {
		return err
	}
	kept := pairs[:0]
	for _, p := range pairs {
		if !apart[[2]int64{p.A, p.B}] {
			kept = append(kept, p)
		}
	}
	people := int64(len(f.people))
	f = nil // its memory is free for what follows
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if hold != nil {
			if err := hold(ctx, tx); err != nil {
				return err
			}
		}
		return s.store(ctx, tx, workspace, kept, people, began)
	})
}

// personOf gives what is compared of a contact.
func personOf(c *contact.Contact) Person {
	p := Person{ID: int64(c.ID), Name: c.Scalars[contact.Name], Birth: c.Scalars[contact.BirthDate], Company: c.Scalars[contact.Company],
		Street: c.Scalars[contact.Street], Number: c.Scalars[contact.StreetNumber], City: c.Scalars[contact.City], State: c.Scalars[contact.State],
		Postal: c.Scalars[contact.PostalCode]}
	if p.Name == "" {
		p.Name = c.Scalars[contact.FirstName] + " " + c.Scalars[contact.LastName]
	}
	for _, v := range c.Custom {
		p.Numbers = append(p.Numbers, Number{v.ID, v.Value})
	}
	for _, k := range c.Keys(nil) {
		switch k.Kind {
		case contact.Phone, contact.WhatsApp:
			p.Phones = append(p.Phones, k.Text)
		case contact.Email:
			p.Emails = append(p.Emails, k.Text)
		case contact.KeyTaxID:
			p.TaxID = k.Text
		case contact.KeyExternalID:
			p.ExternalID = k.Text
		}
	}
	return p
}

// Apart remembers that contacts are different people: they are not offered again, alone or in a group.
func (s *Service) Apart(ctx context.Context, workspace int64, ids []contact.ID) error {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.visible(ctx, tx, workspace, ids, false); err != nil {
			return err
		}
		who, _ := auth.From(ctx)
		for i := range ids {
			for j := range ids {
				if ids[i] >= ids[j] {
					continue
				}
				_, err := tx.Exec(ctx, `INSERT INTO duplicate_apart (workspace_id, a, b, actor, made_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, a, b) DO NOTHING`,
					workspace, int64(ids[i]), int64(ids[j]), who.String(), s.Now().UnixMicro())
				if err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, "DELETE FROM duplicate_pair WHERE workspace_id = $1 AND a = $2 AND b = $3", workspace, int64(ids[i]), int64(ids[j])); err != nil {
					return err
				}
			}
		}
		return regroup(ctx, tx, workspace, ids)
	})
}

// visible loads contacts that are to be worked on, all of which the actor must see and none of which may be in the bin.
func (s *Service) visible(ctx context.Context, q db.Querier, workspace int64, ids []contact.ID, lock bool) (map[contact.ID]*contact.Contact, error) {
	sight, err := new(auth.Service).Sight(ctx, q)
	if err != nil {
		return nil, err
	}
	found, err := contact.Load(ctx, q, workspace, ids, contact.Whole(), lock)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if c := found[id]; c == nil || c.Deleted || !sight.Sees(c.Groups) {
			return nil, errs.New(errs.NotFound, "contact.not_found", "id", int64(id))
		}
	}
	return found, nil
}

// open records a change set of the actor of ctx.
func (s *Service) open(ctx context.Context, tx *db.Tx, workspace int64, kind string, undoes journal.SetID) (contact.Stamp, error) {
	who, _ := auth.From(ctx)
	now := s.Now().UnixMicro()
	set, err := journal.Open(ctx, tx, workspace, journal.Set{Kind: kind, Actor: who.String(), Undoes: undoes, MadeAt: now})
	return contact.Stamp{Workspace: workspace, Set: set, Now: now, Source: "manual"}, err
}
