package importer

import (
	"context"
	"slices"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/journal"
	"cadastro/internal/mapping"
	"cadastro/internal/match"
)

// looker asks the base about the rows of a chunk: whom they speak of, and who may not be written to. It costs
// three statements a chunk at most, none where the base is empty.
type looker struct {
	q         db.Querier
	workspace int64
	l         *layout
	part      contact.Part
	own       journal.SetID
	sight     auth.Sight // of the import, see [sightOf]
	anyone    bool
	lists     bool // the do-not-contact list or the list of the erased has entries
	lock      bool
	keys      []contact.Key
}

func newLooker(ctx context.Context, q db.Querier, workspace int64, l *layout, own journal.SetID, v auth.Sight) (looker, error) {
	lk := looker{q: q, workspace: workspace, l: l, part: l.part(), own: own, sight: v}
	_, lk.lock = q.(*db.Tx)
	lk.lock = lk.lock && own != 0
	var err error
	if lk.anyone, err = match.AnyKeys(ctx, q, workspace); err != nil {
		return lk, err
	}
	lk.lists, err = match.AnyBlocked(ctx, q, workspace)
	return lk, err
}

// find asks about all rows that could go in.
func (lk *looker) find(ctx context.Context, records []Record) (*known, error) {
	k, ids, err := lk.keysOf(ctx, records)
	if err != nil || len(ids) == 0 {
		return k, err
	}
	k.contacts, err = contact.Load(ctx, lk.q, lk.workspace, ids, lk.part, lk.lock)
	return k, err
}

// keysOf finds whom the rows speak of, without reading these contacts.
func (lk *looker) keysOf(ctx context.Context, records []Record) (*known, []contact.ID, error) {
	k := &known{own: lk.own, sight: lk.sight}
	if !lk.anyone && !lk.lists {
		return k, nil, nil
	}
	lk.keys = lk.keys[:0]
	var ids []contact.ID
	for i := range records {
		if hasReject(records[i].Issues) {
			continue
		}
		lk.keys = append(lk.keys, records[i].Keys...)
		if records[i].ContactID != 0 {
			ids = append(ids, records[i].ContactID)
		}
	}
	if err := lk.blocked(ctx, k); err != nil {
		return nil, nil, err
	}
	if !lk.anyone || lk.l.purpose == mapping.PurposeAddAll && !hides(lk.sight) {
		return k, nil, nil
	}
	var err error
	if k.hits, err = match.Find(ctx, lk.q, lk.workspace, lk.keys); err != nil {
		return nil, nil, err
	}
	for _, list := range k.hits {
		ids = append(ids, list...)
	}
	slices.Sort(ids)
	return k, slices.Compact(ids), nil
}

// blocked notes the keys that must not be written to.
func (lk *looker) blocked(ctx context.Context, k *known) error {
	if !lk.lists {
		return nil
	}
	blocked, err := match.Blocked(ctx, lk.q, lk.workspace, lk.keys)
	if err != nil {
		return err
	}
	k.blocked = make(map[contact.Key]Reason, len(blocked))
	for key, erased := range blocked {
		k.blocked[key] = DoNotContact
		if erased {
			k.blocked[key] = Erased
		}
	}
	return nil
}
