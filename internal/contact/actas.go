package contact

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// ActAs gives a context in which a job acts for whoever asked for it, with what they may do now and no more: name is
// [auth.Actor.String] of then. A member who was removed, or a token that ended, is Forbidden auth.forbidden.
func ActAs(ctx context.Context, q db.Querier, workspace int64, name string) (context.Context, error) {
	kind, number, _ := strings.Cut(name, " ")
	id, _ := strconv.ParseInt(number, 10, 64)
	gone := errs.New(errs.Forbidden, "auth.forbidden", "permission", auth.ContactsRead.String())
	role := func(member int64) (auth.Role, error) {
		var word string
		err := q.QueryRow(ctx, "SELECT role FROM member WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL", workspace, member).Scan(&word)
		if errors.Is(err, sql.ErrNoRows) {
			return 0, gone
		}
		if err != nil {
			return 0, err
		}
		return auth.ParseRole(word)
	}
	switch kind {
	case "cli":
		return auth.With(ctx, auth.ConsoleActor(workspace)), nil
	case "member":
		r, err := role(id)
		return auth.With(ctx, auth.Actor{Kind: auth.Person, Workspace: workspace, Member: auth.MemberID(id), Role: r, Scopes: auth.AllScopes}), err
	case "token":
		var word, scopes string
		var group, maker int64
		err := q.QueryRow(ctx, "SELECT role, scopes, group_id, made_by FROM api_token WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL", workspace, id).
			Scan(&word, &scopes, &group, &maker)
		if errors.Is(err, sql.ErrNoRows) {
			return ctx, gone
		}
		if err != nil {
			return ctx, err
		}
		a := auth.Actor{Kind: auth.Token, Workspace: workspace, Token: auth.TokenID(id), Member: auth.MemberID(maker), Group: group}
		if a.Role, err = auth.ParseRole(word); err != nil {
			return ctx, err
		}
		if maker != 0 {
			r, err := role(maker)
			if err != nil {
				return ctx, err
			}
			a.Role = min(a.Role, r)
		}
		a.Scopes, err = auth.ParseScopes(scopes)
		return auth.With(ctx, a), err
	}
	return ctx, gone
}
