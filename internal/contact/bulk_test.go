package contact_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/job"
)

// finish does a bulk act to its end, as its job would.
func (w *world) finish(ctx context.Context, b *contact.Bulk, err error) *contact.Bulk {
	w.Helper()
	w.must(err)
	for more := true; more; {
		more, err = w.s.RunBulk(context.Background(), ws, b.ID)
		w.must(err)
	}
	b, err = w.s.GetBulk(ctx, ws, b.ID)
	w.must(err)
	return b
}

// dump gives all that lists know of the contacts, versions and times aside.
func (w *world) dump() []string {
	w.Helper()
	var out []string
	w.must(w.d.Read(context.Background(), func(ctx context.Context, q db.Querier) error {
		return contact.Each(ctx, q, ws, func(c *contact.Contact) error {
			out = append(out, fmt.Sprint(c.ID, c.Scalars, c.Channels, c.Tags, c.Groups, c.Typed, c.Deleted))
			return nil
		})
	}))
	return out
}

func TestBulk(t *testing.T) {
	each(t, func(w *world) {
		w.town()
		var lines []string
		for i := range 1200 { // more than go into one transaction
			lines = append(lines, fmt.Sprintf("name=Pessoa %04d;tags=%s;groups=%s", i, []string{"Lead", "Cliente"}[i%2], []string{"Um", "Dois"}[i%2]))
		}
		ids := w.put(lines...)
		start := func(spec contact.BulkSpec) *contact.Bulk {
			w.Helper()
			b, err := w.s.StartBulk(w.ctx, ws, spec)
			return w.finish(w.ctx, b, err)
		}
		tally := func(filter string) int64 {
			w.Helper()
			n, err := w.s.CountOf(w.ctx, ws, contact.ListQuery{Filter: filter})
			w.must(err)
			return n.N
		}
		var dois int64
		list, err := w.s.Groups(w.ctx, ws)
		w.must(err)
		for _, g := range list {
			if g.Name == "Dois" {
				dois = g.ID
			}
		}
		sel := contact.Selection{Filter: "not tag:vip"} // what the act itself changes
		for _, c := range []struct {
			spec    contact.BulkSpec
			changed int64
			filter  string
			want    int64
		}{
			{contact.BulkSpec{Action: contact.BulkTag, Tag: "VIP", Selection: sel}, 1204, "tag:vip", 1205},
			{contact.BulkSpec{Action: contact.BulkTag, Tag: "Novo nome", Selection: contact.Selection{IDs: ids[:5]}}, 5, "tag:\"novo nome\"", 5},
			{contact.BulkSpec{Action: contact.BulkUntag, Tag: "lead", Selection: contact.Selection{Search: "pessoa", Except: ids[:100]}}, 550, "tag:lead", 52},
			{contact.BulkSpec{Action: contact.BulkGroup, Target: dois, Selection: contact.Selection{}}, 605, "group:dois", 1205},
			{contact.BulkSpec{Action: contact.BulkUngroup, Target: dois, Selection: contact.Selection{Filter: "group:dois and group:um"}}, 0, "", 1205},
			{contact.BulkSpec{Action: contact.BulkOwner, Target: 2, Selection: contact.Selection{IDs: ids}}, 1200, "owner:\"Rafael Lima\"", 1201},
			{contact.BulkSpec{Action: contact.BulkOwner, Target: 0, Selection: contact.Selection{Filter: "has:owner"}}, 2, "not has:owner", 1205},
			{contact.BulkSpec{Action: contact.BulkDelete, Selection: contact.Selection{Filter: "name:pessoa*"}}, 1200, "", 5},
		} {
			before := w.dump()
			b := start(c.spec)
			if c.changed > 0 && (b.Changed != c.changed || b.State != contact.BulkDone || b.Done != b.Total || tally(c.filter) != c.want) {
				w.Fatalf("%s: %+v, %s: %d", c.spec.Action, b, c.filter, tally(c.filter))
			}
			u, err := w.s.UndoBulk(w.ctx, ws, b.ID)
			if b.Changed == 0 {
				w.want(err, "bulk.not_undoable")
				continue
			}
			u = w.finish(w.ctx, u, err)
			if after := w.dump(); u.State != contact.BulkUndone || u.Kept != 0 || !slices.Equal(before, after) {
				w.Fatalf("%s: undone: %+v", c.spec.Action, u)
			}
		}
		// What was edited since stays, and is told.
		b := start(contact.BulkSpec{Action: contact.BulkOwner, Target: 1, Selection: contact.Selection{IDs: ids[:3]}})
		c, err := w.s.Get(w.ctx, ws, ids[0])
		w.must(err)
		_, err = w.s.Save(w.ctx, ws, c.ID, c.Version, contact.Input{Fields: map[string]string{"owner": "2"}})
		w.must(err)
		u, err := w.s.UndoBulk(w.ctx, ws, b.ID)
		if u = w.finish(w.ctx, u, err); u.Kept != 1 || tally("owner:#2") != 2 || tally("owner:#1") != 1 {
			w.Errorf("%+v, %d, %d", u, tally("owner:#2"), tally("owner:#1"))
		}
		// Restore, and a cancel between two parts.
		start(contact.BulkSpec{Action: contact.BulkDelete, Selection: contact.Selection{IDs: ids}})
		b, err = w.s.StartBulk(w.ctx, ws, contact.BulkSpec{Action: contact.BulkRestore})
		w.must(err)
		if _, err := w.s.RunBulk(w.ctx, ws, b.ID); err != nil {
			w.Fatal(err)
		}
		_, err = w.s.CancelBulk(w.ctx, ws, b.ID)
		if b = w.finish(w.ctx, b, err); b.State != contact.BulkCancelled || b.Done != 1000 || tally("") != 1005 {
			w.Errorf("%+v %d", b, tally(""))
		}
		b, err = w.s.StartBulk(w.ctx, ws, contact.BulkSpec{Action: contact.BulkRestore})
		w.must(err)
		b, err = w.s.CancelBulk(w.ctx, ws, b.ID)
		if err != nil || b.State != contact.BulkCancelled || w.count("SELECT COUNT(*) FROM job WHERE kind = 'contact.bulk' AND state = 'waiting'") == 0 {
			w.Errorf("%v %+v", err, b)
		}
		for spec, code := range map[string]contact.BulkSpec{
			"tag.name_bad": {Action: contact.BulkTag, Tag: " "}, "tag.not_found": {Action: contact.BulkUntag, Tag: "x"}, "group.not_found": {Action: contact.BulkGroup, Target: 99},
			"auth.member_unknown": {Action: contact.BulkOwner, Target: 99}, "bulk.action_unknown": {Action: "burn"}, "filter.field_unknown": {Action: contact.BulkDelete, Selection: contact.Selection{Filter: "x:y"}},
			"selection.nothing": {Action: contact.BulkDelete, Selection: contact.Selection{IDs: []contact.ID{}}},
		} {
			_, err := w.s.StartBulk(w.ctx, ws, code)
			w.want(err, spec)
		}
		all, err := w.s.Bulks(w.ctx, ws, 3)
		if err != nil || len(all) != 3 || all[0].ID < all[1].ID {
			w.Errorf("%v %+v", err, all)
		}
	})
}

// TestBulkAsActor: a job acts for who asked, with what they may do when it runs.
func TestBulkAsActor(t *testing.T) {
	each(t, func(w *world) {
		w.town()
		w.exec("UPDATE contact_group SET restricted = TRUE WHERE name = 'Diretoria'")
		agent := w.as(2, auth.Agent)
		b, err := w.s.StartBulk(agent, ws, contact.BulkSpec{Action: contact.BulkTag, Tag: "Visto"})
		if b = w.finish(agent, b, err); b.Changed != 4 || b.Actor != "member 2" {
			w.Errorf("%+v", b)
		}
		_, err = w.s.StartBulk(agent, ws, contact.BulkSpec{Action: contact.BulkDelete})
		w.want(err, "auth.forbidden")
		_, err = w.s.StartBulk(agent, ws, contact.BulkSpec{Action: contact.BulkUngroup, Target: 1})
		w.want(err, "group.not_found")
		own, err := w.s.StartBulk(w.ctx, ws, contact.BulkSpec{Action: contact.BulkTag, Tag: "Outro"})
		w.must(err)
		_, err = w.s.GetBulk(agent, ws, own.ID)
		w.want(err, "bulk.not_found")
		if list, err := w.s.Bulks(agent, ws, 10); err != nil || len(list) != 1 {
			w.Errorf("%v %+v", err, list)
		}
		b, err = w.s.StartBulk(agent, ws, contact.BulkSpec{Action: contact.BulkUntag, Tag: "visto"})
		w.must(err)
		w.exec("UPDATE member SET removed_at = 1 WHERE id = 2")
		_, err = w.s.RunBulk(w.ctx, ws, b.ID)
		w.want(err, "auth.forbidden")
		// The worker writes that down.
		r := job.New(w.d, slog.New(slog.NewTextHandler(io.Discard, nil)), job.Config{Poll: 10 * time.Millisecond})
		for _, k := range w.s.Workers() {
			r.Handle(k)
		}
		w.must(r.Start(w.ctx))
		for w.count("SELECT COUNT(*) FROM bulk WHERE state IN ('waiting', 'running')") > 0 {
			time.Sleep(5 * time.Millisecond)
		}
		w.must(r.Stop(w.ctx))
		if b, err = w.s.GetBulk(w.ctx, ws, b.ID); err != nil || b.State != contact.BulkFailed || b.Error != "auth.forbidden" {
			w.Errorf("%v %+v", err, b)
		}
		if own, err = w.s.GetBulk(w.ctx, ws, own.ID); err != nil || own.State != contact.BulkDone || own.Changed != 5 {
			w.Errorf("%v %+v", err, own)
		}
	})
}

// TestSight: no exported way of reading shows a contact of a restricted group to one who is not let in, counts it, or
// tells of the group.
func TestSight(t *testing.T) {
	each(t, func(w *world) {
		ids := w.town()
		secret := w.put("name=Secreta Pessoa;phone=+5511977770000;email=secreta@example.com;groups=Conselho;tags=VIP;owner=2")[0]
		mixed := w.put("name=Secreta Mista;groups=Conselho,Equipe")[0]
		w.must(w.d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			for _, q := range []string{"UPDATE contact_group SET restricted = TRUE WHERE name <> 'Diretoria'",
				"INSERT INTO group_access (workspace_id, group_id, team_id, member_id) SELECT 1, id, 0, 2 FROM contact_group WHERE name = 'Equipe'"} {
				if _, err := tx.Exec(ctx, q); err != nil {
					return err
				}
			}
			return nil
		}))
		agent := w.as(2, auth.Agent)
		token := auth.With(context.Background(), auth.Actor{Kind: auth.Token, Workspace: ws, Token: 1, Role: auth.Admin, Scopes: auth.AllScopes, Group: 1})
		elsewhere := auth.With(context.Background(), auth.ConsoleActor(2))
		for _, f := range []string{"", "secreta", "tag:vip", "owner:#2", "phone:97777", "phone=11977770000", "email:secreta", "name=\"secreta pessoa\"", "created:today", "not city:x"} {
			for _, sort := range []contact.Sort{contact.SortName, contact.SortUpdated, contact.SortCreated} {
				if got := w.names(agent, contact.ListQuery{Filter: f, Sort: sort}); slices.Contains(got, "Secreta Pessoa") || f == "secreta" && !slices.Equal(got, []string{"Secreta Mista"}) {
					w.Errorf("%s: %q", f, got)
				}
				if got := w.names(token, contact.ListQuery{Filter: f, Sort: sort}); len(got) > 1 || len(got) == 1 && got[0] != "100% Suco_x" {
					w.Errorf("%s: token: %q", f, got)
				}
			}
			a, err := w.s.CountOf(agent, ws, contact.ListQuery{Filter: f})
			w.must(err)
			if names := w.names(agent, contact.ListQuery{Filter: f}); int(a.N) != len(names) {
				w.Errorf("%s: counts %d of %d", f, a.N, len(names))
			}
		}
		if n, err := w.s.Count(agent, ws); err != nil || n != 6 {
			w.Errorf("%d, %v", n, err)
		}
		_, err := w.s.Get(agent, ws, mixed)
		w.must(err)
		// Everything that takes a contact's id answers as for one that is not there.
		for name, f := range map[string]func(ctx context.Context, id contact.ID) error{
			"Get": func(ctx context.Context, id contact.ID) error { _, err := w.s.Get(ctx, ws, id); return err },
			"History": func(ctx context.Context, id contact.ID) error {
				_, _, err := w.s.History(ctx, ws, id, 0, 9)
				return err
			},
			"Sources": func(ctx context.Context, id contact.ID) error { _, err := w.s.Sources(ctx, ws, id); return err },
			"Save": func(ctx context.Context, id contact.ID) error {
				_, err := w.s.Save(ctx, ws, id, 1, contact.Input{Fields: map[string]string{"name": "X"}})
				return err
			},
		} {
			for _, ctx := range []context.Context{agent, token} {
				err, none := f(ctx, secret), f(ctx, 9999)
				if errs.CodeOf(err) != "contact.not_found" || strings.ReplaceAll(err.Error(), fmt.Sprint(secret), "9999") != none.Error() {
					w.Errorf("%s: %v, %v", name, err, none)
				}
			}
			if err := f(elsewhere, secret); errs.KindOf(err) != errs.Forbidden {
				w.Errorf("%s elsewhere: %v", name, err)
			}
			if err := f(context.Background(), secret); errs.CodeOf(err) != "auth.signed_out" {
				w.Errorf("%s as nobody: %v", name, err)
			}
		}
		manager := w.as(2, auth.Manager)
		for _, f := range []func(context.Context, int64, []contact.ID) (int, error){w.s.Restore, func(ctx context.Context, _ int64, ids []contact.ID) (int, error) {
			return w.s.Delete(ctx, ws, "x", ids)
		}} {
			if n, err := f(manager, ws, []contact.ID{secret}); err != nil || n != 0 {
				w.Errorf("%d %v", n, err)
			}
		}
		if got, err := w.s.Check(agent, ws, "phone", "11977770000"); err != nil || len(got.Holders) != 0 {
			w.Errorf("%+v %v", got, err)
		}
		_, err = w.s.Parse(agent, ws, "group:conselho")
		w.want(err, "filter.name_unknown")
		_, err = w.s.Parse(agent, ws, "group:#2")
		w.want(err, "filter.name_unknown")
		cat, err := w.s.Catalogue(agent, ws)
		w.must(err)
		if _, ok := cat.Groups["conselho"]; ok || cat.GroupName(cat.Groups["equipe"].ID) == "" || len(cat.Groups) != 2 {
			w.Errorf("%+v", cat.Groups)
		}
		// A group that one does not see stays when one edits what one sees, and cannot be given.
		c, err := w.s.Get(agent, ws, mixed)
		w.must(err)
		saved, err := w.s.Save(agent, ws, mixed, c.Version, contact.Input{Groups: &[]int64{cat.Groups["equipe"].ID, cat.Groups["diretoria"].ID}})
		if err != nil || len(saved.Groups) != 3 {
			w.Errorf("%v %+v", err, saved)
		}
		_, err = w.s.Save(agent, ws, mixed, saved.Version, contact.Input{Groups: &[]int64{2}})
		w.want(err, "contact.faulty")
		list, _, err := w.s.History(agent, ws, mixed, 0, 9)
		w.must(err)
		for _, e := range list {
			for _, ch := range e.Changes {
				if strings.Contains(fmt.Sprint(ch), "Conselho") || strings.Contains(fmt.Sprint(ch), "#2") {
					w.Errorf("the history tells: %+v", ch)
				}
			}
		}
		// The seam for others.
		w.must(w.d.Read(agent, func(ctx context.Context, q db.Querier) error {
			v, err := new(auth.Service).Sight(ctx, q)
			w.must(err)
			seen, err := contact.Visible(ctx, q, ws, v, append(ids, secret, mixed, 9999))
			if len(seen) != len(ids)+1 || seen[secret] {
				w.Errorf("%v", seen)
			}
			return err
		}))
	})
}
