package contact

import (
	"context"
	"database/sql"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

// sightOf gives what the actor of ctx sees of a workspace, once it may do p there.
func sightOf(ctx context.Context, q db.Querier, workspace int64, p auth.Permission) (auth.Sight, error) {
	if err := auth.RequireIn(ctx, workspace, p); err != nil {
		return auth.Sight{Only: -1}, err
	}
	return new(auth.Service).Sight(ctx, q) // asks nothing of the service but the question
}

// SightIn gives what the actor of ctx sees of a workspace, once it may do p there: for packages that read contacts by
// [Each], [Load] or SQL of their own.
func SightIn(ctx context.Context, q db.Querier, workspace int64, p auth.Permission) (auth.Sight, error) {
	return sightOf(ctx, q, workspace, p)
}

// Hide takes the groups out of a catalogue that a sight does not take in.
func (c *Catalogue) Hide(v auth.Sight) {
	for _, id := range v.Hidden {
		delete(c.Groups, normalize.Fold(c.grpName[id]))
		delete(c.grpName, id)
	}
}

// Seen gives the SQL condition under which a contact (alias c) is seen, "" where everyone is. $1 is the workspace. It
// says in SQL what [auth.Sight.Sees] says of a list of groups.
func Seen(v auth.Sight) string {
	in := func(ids []int64) string {
		return "EXISTS (SELECT 1 FROM group_contact gs WHERE gs.workspace_id = $1 AND gs.contact_id = c.id AND gs.group_id IN (" + db.IDList(ids) + "))"
	}
	only, rest := "", ""
	if v.Only != 0 {
		only = in([]int64{v.Only})
	}
	if !v.All && len(v.Hidden) > 0 {
		rest = "(c.groups = '' OR NOT " + in(v.Hidden)
		if len(v.Shown) > 0 {
			rest += " OR " + in(v.Shown)
		}
		rest += ")"
	}
	if only != "" && rest != "" {
		return only + " AND " + rest
	}
	return only + rest
}

// Visible gives those of the contacts that a sight takes in, as a set; contacts that do not exist are in it never.
func Visible(ctx context.Context, q db.Querier, workspace int64, v auth.Sight, ids []ID) (map[ID]bool, error) {
	found, err := Load(ctx, q, workspace, ids, Part{Sets: true}, false)
	if err != nil {
		return nil, err
	}
	out := make(map[ID]bool, len(found))
	for id, c := range found {
		if v.Sees(c.Groups) {
			out[id] = true
		}
	}
	return out, nil
}

// notFound is what is said of a contact that is not there and of one that the actor does not see, in the same words.
func notFound(id ID) error { return errs.New(errs.NotFound, "contact.not_found", "id", int64(id)) }

// loadSeen loads one contact that the actor sees; one in the bin too.
func loadSeen(ctx context.Context, q db.Querier, workspace int64, id ID, v auth.Sight, lock bool) (*Contact, error) {
	found, err := Load(ctx, q, workspace, []ID{id}, Whole(), lock)
	if err != nil {
		return nil, err
	}
	c := found[id]
	if c == nil || !v.Sees(c.Groups) {
		return nil, notFound(id)
	}
	return c, nil
}

func scanID(r *sql.Rows) (id ID, err error) { return id, r.Scan(&id) }
