package contact

import (
	"context"
	"fmt"

	"cadastro/internal/db"
	"cadastro/internal/journal"
)

// Bin puts contacts that are not in the bin into it. They stay there with all that is theirs, nobody is
// recognised by them, and they can be restored.
func Bin(ctx context.Context, tx *db.Tx, st Stamp, ids []ID) error {
	if len(ids) == 0 {
		return nil
	}
	b := &db.Batch{Width: 1}
	entries := make([]journal.Entry, len(ids))
	for i, id := range ids {
		b.Add(int64(id))
		entries[i] = journal.Entry{ContactID: int64(id), Changes: []journal.Change{{Field: FieldDeleted, New: "true"}}}
	}
	if err := tx.Stage(ctx, "ids", idCols, b); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE contact SET deleted_at = $2, updated_at = $2, changed_by = $3, version = contact.version + 1
		FROM stage_ids s WHERE contact.workspace_id = $1 AND contact.id = s.id AND contact.deleted_at IS NULL`, st.Workspace, st.Now, int64(st.Set))
	if err != nil {
		return err
	}
	if n != int64(len(ids)) {
		return fmt.Errorf("put %d of %d contacts into the bin", n, len(ids))
	}
	return journal.Write(ctx, tx, st.Workspace, st.Set, entries)
}
