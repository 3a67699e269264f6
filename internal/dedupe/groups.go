package dedupe

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"math"
	"slices"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Group is contacts that are taken for one person.
type Group struct {
	ID      contact.ID // the smallest of its contacts
	Certain bool       // may be merged without asking
	Score   float64    // of its weakest pair that holds it together, in bits
	Members []contact.ID
	Pairs   []Pair
}

// Cursor is a place in the list of groups; the zero value is its beginning.
type Cursor struct {
	Certain bool
	Score   int64
	Group   int64
}

// Query chooses groups. CertainOnly and LikelyOnly exclude one another. Reason 0 is any.
type Query struct {
	CertainOnly bool
	LikelyOnly  bool
	Reason      Reasons
	After       *Cursor
	Limit       int // default 20, at most 200
}

// Groups gives the groups that the last search found and nobody has settled since: certain ones first, then by score. Those
// of which the actor sees fewer than two contacts are left out, and of the others the contacts that it does not see. next is nil
// at the end.
func (s *Service) Groups(ctx context.Context, workspace int64, query Query) (list []Group, next *Cursor, err error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, nil, err
	}
	limit := query.Limit
	if limit <= 0 {
		limit = 20
	}
	limit = min(limit, 200)
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		sight, err := new(auth.Service).Sight(ctx, q)
		if err != nil {
			return err
		}
		at := query.After
		for len(list) < limit {
			ranked, err := rankedGroups(ctx, q, workspace, query, at, limit)
			if err != nil || len(ranked) == 0 {
				next = nil
				return err
			}
			for _, r := range ranked {
				g, err := loadGroup(ctx, q, workspace, r, sight)
				if err != nil {
					return err
				}
				at = &Cursor{r.certain, r.score, r.id}
				if len(g.Members) > 1 {
					list = append(list, *g)
				}
				if len(list) == limit {
					next = at
					return nil
				}
			}
		}
		return nil
	})
	return list, next, err
}

// People gives the members of groups that the actor sees: names, channels and custom fields.
func (s *Service) People(ctx context.Context, workspace int64, groups []Group) (map[contact.ID]*contact.Contact, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, err
	}
	var ids []contact.ID
	for i := range groups {
		ids = append(ids, groups[i].Members...)
	}
	var found map[contact.ID]*contact.Contact
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		sight, err := new(auth.Service).Sight(ctx, q)
		if err != nil {
			return err
		}
		found, err = contact.Load(ctx, q, workspace, ids, contact.Whole(), false)
		maps.DeleteFunc(found, func(_ contact.ID, c *contact.Contact) bool { return c.Deleted || !sight.Sees(c.Groups) })
		return err
	})
	return found, err
}

type ranked struct {
	id      int64
	certain bool
	score   int64
}

func rankedGroups(ctx context.Context, q db.Querier, workspace int64, query Query, after *Cursor, limit int) ([]ranked, error) {
	where, args := "workspace_id = $1", []any{workspace, limit, int64(query.Reason)}
	switch {
	case query.CertainOnly:
		where += " AND certain"
	case query.LikelyOnly:
		where += " AND NOT certain"
	}
	if query.Reason != 0 {
		where += " AND EXISTS (SELECT 1 FROM duplicate_pair p WHERE p.workspace_id = $1 AND p.group_id = g.group_id AND (p.reasons & $3) <> 0)"
	} else {
		where += " AND $3 = CAST(0 AS BIGINT)"
	}
	if after != nil {
		where += " AND (certain, score, group_id) < ($4, $5, $6)"
		args = append(args, after.Certain, after.Score, after.Group)
	}
	return db.Collect(ctx, q, func(r *sql.Rows) (x ranked, err error) { return x, r.Scan(&x.id, &x.certain, &x.score) },
		"SELECT group_id, certain, score FROM duplicate_group g WHERE "+where+" ORDER BY certain DESC, score DESC, group_id DESC LIMIT $2", args...)
}

// Counts gives how many groups have a pair with each of the reasons; under 0 all groups.
func (s *Service) Counts(ctx context.Context, workspace int64, reasons ...Reasons) (map[Reasons]int64, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, err
	}
	out := map[Reasons]int64{}
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		for _, r := range append(reasons, 0) {
			query, args := "SELECT COUNT(*) FROM duplicate_group WHERE workspace_id = $1", []any{workspace}
			if r != 0 {
				query, args = "SELECT COUNT(DISTINCT group_id) FROM duplicate_pair WHERE workspace_id = $1 AND (reasons & $2) <> 0", []any{workspace, int64(r)}
			}
			var n int64
			if err := q.QueryRow(ctx, query, args...).Scan(&n); err != nil {
				return err
			}
			out[r] = n
		}
		return nil
	})
	return out, err
}

// Group gives one group; its Members are fewer than two where the actor sees no more, or it was settled.
func (s *Service) Group(ctx context.Context, workspace int64, id contact.ID) (*Group, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, err
	}
	var g *Group
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		sight, err := new(auth.Service).Sight(ctx, q)
		if err != nil {
			return err
		}
		r := ranked{id: int64(id)}
		err = q.QueryRow(ctx, "SELECT certain, score FROM duplicate_group WHERE workspace_id = $1 AND group_id = $2", workspace, int64(id)).Scan(&r.certain, &r.score)
		if err != nil {
			return groupNotFound(err, id)
		}
		g, err = loadGroup(ctx, q, workspace, r, sight)
		return err
	})
	if err == nil && len(g.Members) < 2 {
		return nil, groupNotFound(sql.ErrNoRows, id)
	}
	return g, err
}

func groupNotFound(err error, id contact.ID) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errs.New(errs.NotFound, "dedupe.group_not_found", "id", int64(id))
	}
	return err
}

func loadGroup(ctx context.Context, q db.Querier, workspace int64, r ranked, sight auth.Sight) (*Group, error) {
	g := &Group{ID: contact.ID(r.id), Certain: r.certain, Score: float64(r.score) / 10}
	pairs, err := db.Collect(ctx, q, scanPair, "SELECT a, b, score, certain, reasons FROM duplicate_pair WHERE workspace_id = $1 AND group_id = $2 ORDER BY a, b", workspace, r.id)
	if err != nil {
		return nil, err
	}
	var ids []contact.ID
	for _, p := range pairs {
		ids = append(ids, contact.ID(p.A), contact.ID(p.B))
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	seen, err := contact.Load(ctx, q, workspace, ids, contact.Part{Sets: true}, false)
	if err != nil {
		return nil, err
	}
	ok := func(id int64) bool {
		c := seen[contact.ID(id)]
		return c != nil && !c.Deleted && sight.Sees(c.Groups)
	}
	for _, p := range pairs {
		if ok(p.A) && ok(p.B) {
			g.Pairs = append(g.Pairs, p)
		}
	}
	for _, id := range ids {
		if ok(int64(id)) && slices.ContainsFunc(g.Pairs, func(p Pair) bool { return p.A == int64(id) || p.B == int64(id) }) {
			g.Members = append(g.Members, id)
		}
	}
	return g, nil
}

func scanPair(r *sql.Rows) (p Pair, err error) {
	var score, reasons int64
	var certain bool
	err = r.Scan(&p.A, &p.B, &score, &certain, &reasons)
	p.Score, p.Reasons, p.Certainty = float64(score)/10, Reasons(reasons), Likely
	if certain {
		p.Certainty = Certain
	}
	return p, err
}

// store puts what a search found in the place of what the last one found.
func (s *Service) store(ctx context.Context, tx *db.Tx, workspace int64, pairs []Pair, people int64, began time.Time) error {
	for _, table := range []string{"duplicate_pair", "duplicate_group"} {
		if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE workspace_id = $1", workspace); err != nil {
			return err
		}
	}
	if err := insertPairs(ctx, tx, workspace, pairs); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO duplicate_scan (workspace_id, started_at, finished_at, people) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id) DO UPDATE SET started_at = excluded.started_at, finished_at = excluded.finished_at, people = excluded.people, done = 0, total = 0`,
		workspace, began.UnixMicro(), s.Now().UnixMicro(), people)
	return err
}

// insertPairs groups pairs and writes both.
func insertPairs(ctx context.Context, tx *db.Tx, workspace int64, pairs []Pair) error {
	all, sure := newSets(), newSets()
	for _, p := range pairs {
		all.join(p.A, p.B)
		if p.Certainty == Certain {
			sure.join(p.A, p.B)
		}
	}
	type sum struct {
		members map[int64]bool
		weakest float64
	}
	groups := map[int64]*sum{}
	rows := &db.Batch{Width: 6}
	slices.SortFunc(pairs, func(x, y Pair) int {
		if gx, gy := all.root(x.A), all.root(y.A); gx != gy {
			return int(gx - gy)
		}
		if x.A != y.A {
			return int(x.A - y.A)
		}
		return int(x.B - y.B)
	})
	for _, p := range pairs {
		id := all.root(p.A)
		g := groups[id]
		if g == nil {
			g = &sum{members: map[int64]bool{}, weakest: math.Inf(1)}
			groups[id] = g
		}
		g.members[p.A], g.members[p.B] = true, true
		if p.Reasons != ThroughAnother {
			g.weakest = min(g.weakest, p.Score)
		}
		rows.Add(id, p.A, p.B, int64(math.Round(p.Score*10)), p.Certainty == Certain, int64(p.Reasons))
	}
	fixed := []db.Fixed{{Name: "workspace_id", Value: workspace}}
	err := tx.InsertRows(ctx, "duplicate_pair", fixed, db.Cols("group_id BIGINT", "a BIGINT", "b BIGINT", "score BIGINT", "certain BOOLEAN", "reasons BIGINT"), rows)
	if err != nil {
		return err
	}
	heads := &db.Batch{Width: 4}
	for _, id := range slices.Sorted(maps.Keys(groups)) {
		g := groups[id]
		certain := true // one person by certain pairs alone
		for m := range g.members {
			certain = certain && sure.root(m) == sure.root(id)
		}
		if math.IsInf(g.weakest, 1) {
			g.weakest = 0
		}
		heads.Add(id, certain, int64(math.Round(g.weakest*10)), int64(len(g.members)))
	}
	return tx.InsertRows(ctx, "duplicate_group", fixed, db.Cols("group_id BIGINT", "certain BOOLEAN", "score BIGINT", "size BIGINT"), heads)
}

// regroup puts the groups that contacts are in together anew, once some of their pairs are gone.
func regroup(ctx context.Context, tx *db.Tx, workspace int64, ids []contact.ID) error {
	list := make([]int64, len(ids))
	for i, id := range ids {
		list[i] = int64(id)
	}
	// A pair that has just been taken away tells no group any more: the groups are found by all pairs and heads of the contacts.
	groups, err := db.Collect(ctx, tx, func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id) },
		`SELECT group_id FROM duplicate_pair WHERE workspace_id = $1 AND (a IN (`+db.IDList(list)+`) OR b IN (`+db.IDList(list)+`))
		UNION SELECT group_id FROM duplicate_group WHERE workspace_id = $1 AND group_id IN (`+db.IDList(list)+`)`, workspace)
	if err != nil || len(groups) == 0 {
		return err
	}
	in := " WHERE workspace_id = $1 AND group_id IN (" + db.IDList(groups) + ")"
	pairs, err := db.Collect(ctx, tx, scanPair, "SELECT a, b, score, certain, reasons FROM duplicate_pair"+in, workspace)
	if err != nil {
		return err
	}
	for _, table := range []string{"duplicate_pair", "duplicate_group"} {
		if _, err := tx.Exec(ctx, "DELETE FROM "+table+in, workspace); err != nil {
			return err
		}
	}
	return insertPairs(ctx, tx, workspace, pairs)
}

// forget removes the pairs of contacts that were merged away.
func forget(ctx context.Context, tx *db.Tx, workspace int64, gone, all []contact.ID) error {
	list := make([]int64, len(gone))
	for i, id := range gone {
		list[i] = int64(id)
	}
	groups, err := db.Collect(ctx, tx, func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id) },
		"SELECT DISTINCT group_id FROM duplicate_pair WHERE workspace_id = $1 AND (a IN ("+db.IDList(list)+") OR b IN ("+db.IDList(list)+"))", workspace)
	if err != nil || len(groups) == 0 {
		return err
	}
	_, err = tx.Exec(ctx, "DELETE FROM duplicate_pair WHERE workspace_id = $1 AND (a IN ("+db.IDList(list)+") OR b IN ("+db.IDList(list)+"))", workspace)
	if err != nil {
		return err
	}
	rest := slices.Clone(all)
	for _, g := range groups {
		rest = append(rest, contact.ID(g))
	}
	return regroup(ctx, tx, workspace, rest)
}
