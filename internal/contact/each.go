package contact

import (
	"cmp"
	"context"
	"slices"

	"cadastro/internal/db"
)

// eachRows is how many contacts Each reads at once.
const eachRows = 5000

// Each goes through all contacts of a workspace in the order of their ids, those in the bin included.
func Each(ctx context.Context, q db.Querier, workspace int64, f func(*Contact) error) error {
	after := int64(0)
	for {
		list, err := page(ctx, q, workspace, Whole(), "c.id > $2 ORDER BY c.id LIMIT $3", after, eachRows)
		if err != nil {
			return err
		}
		for i := range list {
			if err := f(&list[i]); err != nil {
				return err
			}
		}
		if len(list) < eachRows {
			return nil
		}
		after = int64(list[len(list)-1].ID)
	}
}

// page reads the contacts that meet a condition, whose first argument is $2 and which may end in ORDER BY id and
// LIMIT, in the order of their ids.
func page(ctx context.Context, q db.Querier, workspace int64, part Part, where string, args ...any) ([]Contact, error) {
	list, err := loadRows(ctx, q, workspace, part, "(SELECT c.* FROM contact c WHERE c.workspace_id = $1 AND "+where+") c", 0, args...)
	slices.SortFunc(list, func(a, b Contact) int { return cmp.Compare(a.ID, b.ID) })
	if err != nil || !part.Channels || len(list) == 0 {
		return list, err
	}
	b := &db.Batch{Width: 1}
	into := make(map[ID]*Contact, len(list))
	for i := range list {
		b.Add(int64(list[i].ID))
		into[list[i].ID] = &list[i]
	}
	if err := q.Stage(ctx, "ids", idCols, b); err != nil {
		return nil, err
	}
	return list, loadChannels(ctx, q, workspace, into, channelsOfStaged)
}
