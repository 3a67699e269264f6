package contact_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
)

const ws = 1

// world is a base with a service and somebody who may do everything.
type world struct {
	testing.TB
	d   *db.DB
	s   *contact.Service
	ctx context.Context
	now time.Time
}

func each(t *testing.T, body func(w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &world{TB: t, d: d, now: time.Date(2026, 3, 18, 15, 0, 0, 0, time.UTC)}
		w.ctx = auth.With(context.Background(), auth.ConsoleActor(ws))
		w.s = &contact.Service{DB: d, Now: func() time.Time { return w.now }}
		for _, q := range []string{
			"INSERT INTO workspace (id, name, created_at) VALUES (1, 'w', 0)",
			"INSERT INTO workspace (id, name, created_at) VALUES (2, 'x', 0)",
			"INSERT INTO member (workspace_id, id, name, email, role, created_at) VALUES (1, 1, 'Ana Beatriz', 'ana@example.com', 'admin', 0)",
			"INSERT INTO member (workspace_id, id, name, email, role, created_at) VALUES (1, 2, 'Rafael Lima', 'rafa@example.com', 'agent', 0)",
			"INSERT INTO sequence (workspace_id, name, next) VALUES (1, 'member', 3)",
		} {
			w.exec(q)
		}
		body(w)
	})
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) want(err error, code string) {
	w.Helper()
	if errs.CodeOf(err) != code {
		w.Errorf("%v, want %s", err, code)
	}
}

func (w *world) exec(query string, args ...any) {
	w.Helper()
	w.must(w.d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	}))
}

func (w *world) count(query string, args ...any) (n int) {
	w.Helper()
	w.must(w.d.Read(context.Background(), func(ctx context.Context, q db.Querier) error { return q.QueryRow(ctx, query, args...).Scan(&n) }))
	return n
}

// as gives the context of a member.
func (w *world) as(id auth.MemberID, role auth.Role) context.Context {
	return auth.With(context.Background(), auth.Actor{Kind: auth.Person, Workspace: ws, Member: id, Role: role, Scopes: auth.AllScopes})
}

// put adds contacts in one batch, as an import does, from words of "field=value".
func (w *world) put(lines ...string) []contact.ID {
	w.Helper()
	var ids []contact.ID
	w.must(w.d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		ids = nil
		first, err := tx.Reserve(ctx, ws, "contact", int64(len(lines)))
		if err != nil {
			return err
		}
		set, err := journal.Open(ctx, tx, ws, journal.Set{Kind: journal.KindEdit, Actor: "cli", MadeAt: w.now.UnixMicro()})
		if err != nil {
			return err
		}
		var list []*contact.Contact
		for i, line := range lines {
			c := &contact.Contact{ID: contact.ID(first + int64(i))}
			for word := range strings.SplitSeq(line, ";") {
				key, value, _ := strings.Cut(word, "=")
				switch {
				case key == "tags":
					names := strings.Split(value, ",")
					if c.Tags, err = contact.EnsureTags(ctx, tx, ws, names, 1); err != nil {
						return err
					}
					slices.Sort(c.Tags)
				case key == "groups":
					if c.Groups, err = contact.EnsureGroups(ctx, tx, ws, strings.Split(value, ","), 1); err != nil {
						return err
					}
					slices.Sort(c.Groups)
				case contact.IsChannel(key):
					c.Channels = append(c.Channels, contact.Channel{Kind: contact.Kind(key), Value: value})
				default:
					if err := c.SetText(key, value); err != nil {
						return err
					}
				}
			}
			contact.SortChannels(c.Channels)
			ids = append(ids, c.ID)
			list = append(list, c)
		}
		return contact.Write(ctx, tx, contact.Stamp{Workspace: ws, Set: set, Now: w.now.UnixMicro(), Source: "manual"}, contact.NewAdded(list), nil)
	}))
	return ids
}

func (w *world) catchUp() {
	w.Helper()
	for more := true; more; {
		var err error
		more, err = w.s.CatchUp(context.Background(), ws)
		w.must(err)
	}
}

// names lists the names that a query finds, over all pages.
func (w *world) names(ctx context.Context, lq contact.ListQuery) []string {
	w.Helper()
	out := []string{}
	for {
		p, err := w.s.List(ctx, ws, lq)
		if err != nil {
			w.Fatalf("%+v: %v", lq, err)
		}
		for _, c := range p.Contacts {
			out = append(out, c.Scalars[contact.Name])
		}
		if lq.After = p.Next; p.Next == "" {
			return out
		}
	}
}

var people = []string{
	"name=Ana Souza;phone=+5511987654321;email=Ana.Souza@example.com;address.city=São Paulo;tags=VIP,Lead;owner=1;birth_date=1987-07-22;custom.1=100;custom.2=Gold;custom.3=2026-02-01;custom.4=true",
	"name=Bruno Álvares;phone=+552133334444;address.city=Rio de Janeiro;tags=Lead;custom.1=9.5;custom.2=Silver",
	"name=Célia (Ana);email=celia@example.org;address.city=Sao Paulo;birth_date=1990-07-01;custom.3=2025-12-31;custom.4=false",
	"name=Öl Nuñez;telegram=@olnunez;tax_id=52998224725;external_id=AN-0042;owner=2",
	"name=100% Suco_x;phone=+12025550143;groups=Diretoria",
}

func (w *world) town() []contact.ID {
	for i, f := range []contact.CustomField{{Label: "Limite", Type: contact.TypeNumber}, {Label: "Plano", Type: contact.TypeText}, {Label: "Adesão", Type: contact.TypeDate}, {Label: "Ativo", Type: contact.TypeBoolean}} {
		w.must(w.d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			id, err := contact.DefineField(ctx, tx, ws, f, 1)
			if err == nil && id != int64(i+1) {
				err = fmt.Errorf("field %d", id)
			}
			return err
		}))
	}
	return w.put(people...)
}

// TestFilters: each condition finds whom it means and "not" the others, with the texts indexed and while they are due.
func TestFilters(t *testing.T) {
	each(t, func(w *world) {
		w.town()
		const a, b, c, o, s = "Ana Souza", "Bruno Álvares", "Célia (Ana)", "Öl Nuñez", "100% Suco_x"
		all := []string{s, a, b, c, o}
		cases := []struct {
			filter string
			want   []string
		}{
			{"", all},
			{"tag:vip", []string{a}},
			{"tag:(vip, lead)", []string{a, b}},
			{"tag:lead and not tag:VIP", []string{b}},
			{"etiqueta:lead city:rio", []string{b}},
			{"has:tag", []string{a, b}},
			{"group:diretoria", []string{s}},
			{"owner:\"Ana Beatriz\"", []string{a}},
			{"carteira:rafa@example.com", []string{o}},
			{"not has:owner", []string{s, b, c}},
			{"city:\"sao paulo\"", []string{a, c}},
			{"city=\"SÃO PAULO\"", []string{a, c}},
			{"city:são*", []string{a, c}},
			{"city:paulo*", nil},
			{"name:ana", []string{a, c}},
			{"name:ana*", []string{a}},
			{"name=\"öl nunez\"", []string{o}},
			{"name!=\"öl nunez\"", []string{s, a, b, c}},
			{"ana", []string{a, c}},
			{"nunez", []string{o}},
			{"alvares", []string{b}},
			{"\"(ana)\"", []string{c}},
			{"\"100%\"", []string{s}},
			{"suco_x", []string{s}},
			{"sucoxx", nil},
			{"phone:98765-4321", []string{a}},
			{"phone=\"(11) 98765-4321\"", []string{a}},
			{"phone=1187654321", []string{a}},
			{"phone:5511*", []string{a}},
			{"(11) 98765-4321", []string{a}},
			{"\"(011) 98765\"", []string{a}},
			{"email:souza", []string{a}},
			{"email=ANA.SOUZA@example.com", []string{a}},
			{"email:example*", nil},
			{"has:email", []string{a, c}},
			{"not has:phone", []string{c, o}},
			{"example.org", []string{c}},
			{"telegram:olnu", []string{o}},
			{"529.982.247-25", []string{o}},
			{"an-0042", []string{o}},
			{"birthday:07", []string{a, c}},
			{"birthday:07-22", []string{a}},
			{"birth_date<1990", []string{a}},
			{"birth_date:1987..1990-07-01", []string{a, c}},
			{"custom.Limite>10", []string{a}},
			{"custom.Limite:9.5", []string{b}},
			{"not custom.Limite>10", []string{s, b, c, o}},
			{"custom.1:0..99.99", []string{b}},
			{"custom.Plano:gol*", []string{a}},
			{"custom.Plano=SILVER", []string{b}},
			{"custom.\"Adesão\">=2026", []string{a}},
			{"custom.Ativo:sim", []string{a}},
			{"custom.Ativo:não", []string{c}},
			{"has:custom.Ativo", []string{a, c}},
			{"created:today", all},
			{"created<2026-03-18", nil},
			{"updated>=-6h", all},
			{"source:manual", all},
			{"blocked:no", all},
			{"(ana or bruno) and not tag:vip", []string{b, c}},
			{"import:1", nil},
			{"not import:1", all},
			{"has:import", nil},
			{"opted_out:yes", nil},
		}
		for _, due := range []bool{false, true} {
			if due {
				w.exec("DELETE FROM contact_order")
				w.exec("INSERT INTO search_due (workspace_id, id, low, high) VALUES (1, 900, 1, 3), (1, 901, 2, 99)")
				if w.d.Engine() == db.SQLite {
					w.exec("DELETE FROM contact_search WHERE rowid > 0")
				} else {
					w.exec("DELETE FROM contact_search")
				}
			}
			for _, k := range cases {
				want := k.want
				if want == nil {
					want = []string{}
				}
				got := w.names(w.ctx, contact.ListQuery{Filter: k.filter, Sort: contact.SortName, Asc: true, Limit: 2})
				if !slices.Equal(got, want) {
					w.Errorf("due %v, %s: %q, want %q", due, k.filter, got, want)
				}
				n, err := w.s.CountOf(w.ctx, ws, contact.ListQuery{Filter: k.filter})
				if err != nil || n.N != int64(len(want)) || n.More {
					w.Errorf("due %v, %s: counted %v, %v", due, k.filter, n, err)
				}
			}
		}
		for search, want := range map[string][]string{"souza ana": {a}, " (11) 98765-4321 ": {a}, "+55 21 3333": {b}, "celia": {c}, "zz": {}, "org": {c}, "%": {s}} {
			if got := w.names(w.ctx, contact.ListQuery{Search: search}); !slices.Equal(got, want) {
				w.Errorf("search %q: %q, want %q", search, got, want)
			}
		}
		_, err := w.s.List(w.ctx, ws, contact.ListQuery{Filter: "tag:ouro"})
		w.want(err, "filter.name_unknown")
		_, err = w.s.List(w.ctx, ws, contact.ListQuery{Sort: "size"})
		w.want(err, "contact.sort_unknown")
		_, err = w.s.List(w.ctx, ws, contact.ListQuery{After: "x"})
		w.want(err, "contact.cursor_bad")
		_, err = w.s.List(w.ctx, ws, contact.ListQuery{Fields: []string{"shoe_size"}})
		w.want(err, "contact.field_unknown")
	})
}

// TestOrders: pages of every size put together are the whole list in its order, whichever way it is found.
func TestOrders(t *testing.T) {
	each(t, func(w *world) {
		var lines []string
		for i := range 230 { // more than are indexed at once
			lines = append(lines, fmt.Sprintf("name=%c Pessoa %03d", 'Z'-rune(i%26), i))
		}
		for _, part := range [][]string{lines[:150], lines[150:155], lines[155:]} {
			w.put(part...)
			w.now = w.now.Add(time.Second)
		}
		if n := w.count("SELECT COUNT(*) FROM search_due"); n == 0 {
			w.Error("nothing is due")
		}
		check := func(when string) {
			for _, by := range []contact.Sort{contact.SortName, contact.SortCreated, contact.SortUpdated} {
				for _, asc := range []bool{true, false} {
					for _, f := range []string{"", "pessoa"} {
						var first []string
						for _, limit := range []int{1000, 41} {
							got := w.names(w.ctx, contact.ListQuery{Filter: f, Sort: by, Asc: asc, Limit: limit, Fields: []string{"name"}})
							if first == nil {
								first = got
							}
							if len(got) != 230 || !slices.Equal(got, first) {
								w.Fatalf("%s: by %s, asc %v, filter %q, limit %d: %d", when, by, asc, f, limit, len(got))
							}
						}
						want := slices.Clone(lines)
						for i := range want {
							want[i] = want[i][len("name="):]
						}
						if by == contact.SortName {
							slices.Sort(want)
						}
						if !asc {
							slices.Reverse(want)
						}
						if !slices.Equal(first, want) {
							w.Fatalf("%s: by %s, asc %v: %.60q", when, by, asc, first)
						}
					}
				}
			}
		}
		check("due")
		w.catchUp()
		if n := w.count("SELECT COUNT(*) FROM contact_order"); n != 230 {
			w.Errorf("%d in the order of names", n)
		}
		check("caught up")
	})
}

// TestCount: the number of the whole base follows whatever changes it.
func TestCount(t *testing.T) {
	each(t, func(w *world) {
		check := func(want int64) {
			w.Helper()
			for range 2 {
				if n, err := w.s.Count(w.ctx, ws); err != nil || n != want {
					w.Errorf("%d contacts, want %d: %v", n, want, err)
				}
			}
			w.now = w.now.Add(time.Second)
		}
		check(0)
		ids := w.put("name=A", "name=B", "name=C")
		check(3)
		for _, n := range []int64{2, 1} {
			_, err := w.s.Delete(w.ctx, ws, "cli", ids[n:n+1])
			w.must(err)
			check(n)
		}
		_, err := w.s.Restore(w.ctx, ws, ids)
		w.must(err)
		check(3)
		b, err := w.s.StartBulk(w.ctx, ws, contact.BulkSpec{Action: contact.BulkDelete})
		w.finish(w.ctx, b, err)
		check(0)
	})
}

// TestSearchFollows: a changed name is found under its new form and no longer under the old one, changed one by one or
// in bulk.
func TestSearchFollows(t *testing.T) {
	each(t, func(w *world) {
		var lines []string
		for i := range 120 {
			lines = append(lines, fmt.Sprintf("name=Velho %03d;phone=+5511900000%03d", i, i))
		}
		ids := w.put(lines...)
		w.catchUp()
		rename := func(ids []contact.ID, to string) {
			w.must(w.d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
				found, err := contact.Load(ctx, tx, ws, ids, contact.Whole(), true)
				if err != nil {
					return err
				}
				set, err := journal.Open(ctx, tx, ws, journal.Set{Kind: journal.KindEdit, MadeAt: 1})
				if err != nil {
					return err
				}
				var ups []contact.Update
				for _, old := range found {
					c := old.Clone()
					c.Scalars[contact.Name] = to
					ups = append(ups, contact.Update{Old: old, New: c, Changes: contact.Diff(old, c)})
				}
				return contact.Write(ctx, tx, contact.Stamp{Workspace: ws, Set: set, Now: 2}, nil, ups)
			}))
		}
		rename(ids[:1], "Único")
		rename(ids[1:], "Todos")
		for _, when := range []string{"due", "caught up"} {
			for search, want := range map[string]int{"velho": 0, "unico": 1, "todos": 119, "+5511900000119": 1} {
				for _, by := range []contact.Sort{contact.SortName, contact.SortUpdated} {
					if got := w.names(w.ctx, contact.ListQuery{Search: search, Sort: by}); len(got) != want {
						w.Errorf("%s: %q by %s: %d, want %d", when, search, by, len(got), want)
					}
				}
			}
			w.catchUp()
		}
		if n := w.count("SELECT COUNT(*) FROM contact_order"); n != 120 {
			w.Errorf("%d in the order of names", n)
		}
		if n := w.count("SELECT COUNT(*) FROM search_due"); n != 0 {
			w.Errorf("%d runs are due", n)
		}
	})
}
