package importer

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// sightOf gives which contacts an import sees: those that whoever brought its file sees at this moment, by role, teams
// and grants. The command line sees all; of somebody who was removed since, or a token that ended, restricted groups are
// out of sight. Where no group is restricted it costs a member one small question, the command line none.
func sightOf(ctx context.Context, q db.Querier, imp *Import) (auth.Sight, error) {
	kind, number, _ := strings.Cut(imp.Actor, " ")
	switch kind {
	case "member":
		var n int
		err := q.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM contact_group WHERE workspace_id = $1 AND restricted LIMIT 1) AS one", imp.Workspace).Scan(&n)
		if err != nil || n == 0 {
			return auth.Sight{All: err == nil}, err
		}
	case "token":
	default:
		return auth.Sight{All: true}, nil
	}
	as, err := contact.ActAs(ctx, q, imp.Workspace, imp.Actor)
	if errs.KindOf(err) != errs.Forbidden {
		if err != nil {
			return auth.Sight{Only: -1}, err
		}
		a, _ := auth.From(as) // ActAs put it there
		return sightOfActor(ctx, q, a)
	}
	gone := auth.Actor{Kind: auth.Person, Workspace: imp.Workspace, Role: auth.Agent}
	if kind == "token" {
		id, _ := strconv.ParseInt(number, 10, 64) // as [auth.Actor.String] wrote it
		err := q.QueryRow(ctx, "SELECT COALESCE(MAX(group_id), 0) FROM api_token WHERE workspace_id = $1 AND id = $2", imp.Workspace, id).Scan(&gone.Group)
		if err != nil {
			return auth.Sight{Only: -1}, err
		}
	}
	return sightOfActor(ctx, q, gone)
}

// sightOfActor gives what an actor sees, whether or not its scopes let it read contacts: a token that may import and do
// nothing else has a sight too.
func sightOfActor(ctx context.Context, q db.Querier, a auth.Actor) (auth.Sight, error) {
	a.Scopes = auth.AllScopes
	return new(auth.Service).Sight(auth.With(ctx, a), q) // asks nothing of the service but the question
}

// hides tells whether there may be contacts that a sight does not take in.
func hides(v auth.Sight) bool { return v.Only != 0 || !v.All && len(v.Hidden) > 0 }

// barred tells whether a row is one that the import must leave alone: it meets a contact that is out of the import's
// sight, by whatever it says of it, or puts its own into a group that is.
func (l *layout) barred(r *Record, k *known) bool {
	if !hides(k.sight) {
		return false
	}
	hidden := func(g int64) bool { return !k.sight.All && slices.Contains(k.sight.Hidden, g) }
	if hidden(l.group) || slices.ContainsFunc(r.Groups, hidden) {
		return true
	}
	var room [4]contact.ID
	unseen := func(ids ...contact.ID) bool {
		return slices.ContainsFunc(k.live(room[:0], ids), func(id contact.ID) bool { return !k.sight.Sees(k.contacts[id].Groups) })
	}
	return unseen(r.ContactID) || slices.ContainsFunc(r.Keys, func(key contact.Key) bool { return unseen(k.hits[key]...) })
}

// veiled gives a row without what its review told of a contact that has been out of the import's sight since.
func veiled(p *PlanRow) *PlanRow {
	bare := *p
	bare.Target, bare.Changes, bare.Issues = 0, nil, nil
	return &bare
}
