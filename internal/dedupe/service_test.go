package dedupe_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/dedupe"
	"cadastro/internal/errs"
	"cadastro/internal/job"
	"cadastro/internal/journal"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const ws = 1

func service(d *db.DB) *dedupe.Service {
	return &dedupe.Service{DB: d, Log: slog.New(slog.DiscardHandler), Now: time.Now}
}

func admin() context.Context { return auth.With(context.Background(), auth.ConsoleActor(ws)) }

// base empties the workspace's contacts and puts those given in, with ids from 1 on.
func base(t interface{ Fatal(...any) }, d *db.DB, list []*contact.Contact) {
	err := d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		for _, table := range []string{"contact", "channel", "contact_key", "tag_contact", "group_contact", "journal", "duplicate_pair", "duplicate_group", "duplicate_apart", "contact_merge"} {
			if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE workspace_id = $1", ws); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
		set, err := journal.Open(ctx, tx, ws, journal.Set{Kind: journal.KindImport, Actor: "test", MadeAt: 1})
		if err != nil {
			return err
		}
		for i, c := range list {
			c.ID = contact.ID(i + 1)
		}
		return contact.Write(ctx, tx, contact.Stamp{Workspace: ws, Set: set, Now: 1, Source: "import"}, contact.NewAdded(list), nil)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// all gives the contacts of the base, without what a change leaves behind by itself.
func all(t interface{ Fatal(...any) }, d *db.DB) []contact.Contact {
	var out []contact.Contact
	err := d.Read(context.Background(), func(ctx context.Context, q db.Querier) error {
		return contact.Each(ctx, q, ws, func(c *contact.Contact) error {
			c.Version, c.UpdatedAt, c.ChangedBy = 0, 0, 0
			out = append(out, *c.Clone())
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func person(name string, channels ...string) *contact.Contact {
	c := new(contact.Contact)
	c.Scalars[contact.Name] = name
	for _, v := range channels {
		kind := contact.Email
		if v[0] == '+' {
			kind = contact.Phone
		}
		c.Channels = append(c.Channels, contact.Channel{Kind: kind, Value: v})
	}
	contact.SortChannels(c.Channels)
	return c
}

// TestMerge: what a merge makes of two contacts, and what is refused.
func TestMerge(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		a, b := person("Ana Lima", "+5511987650001"), person("Ana L.", "+5511987650002", "ana@example.com")
		a.Scalars[contact.City], b.Scalars[contact.City], b.Scalars[contact.Company] = "Recife", "Natal", "Ateliê"
		b.Channels[0].OptedOutAt = 5
		base(t, d, []*contact.Contact{a, b, person("Rui Dias", "+5511987650003")})
		p, err := s.Propose(admin(), ws, []contact.ID{2, 1}, dedupe.Choices{})
		if err != nil {
			t.Fatal(err)
		}
		r := p.Result
		if p.Survivor != 1 || r.Scalars[contact.Name] != "Ana Lima" || r.Scalars[contact.City] != "Recife" || r.Scalars[contact.Company] != "Ateliê" || len(r.Channels) != 3 ||
			p.From["company"] != 2 || p.From["address.city"] != 1 || r.Channels[1].OptedOutAt != 5 {
			t.Errorf("%+v %v", r, p.From)
		}
		set, err := s.Merge(admin(), ws, []contact.ID{1, 2}, dedupe.Choices{Fields: map[string]contact.ID{"address.city": 2, "phone": 2}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := all(t, d)
		if c := got[0]; c.Scalars[contact.City] != "Natal" || c.Primary(contact.Phone).Value != "+5511987650002" || c.Deleted || !got[1].Deleted {
			t.Errorf("%+v", got)
		}
		for want, err := range map[string]error{
			"contact.not_found": second(s.Merge(admin(), ws, []contact.ID{1, 2}, dedupe.Choices{}, nil)),
			"dedupe.too_few":    second(s.Merge(admin(), ws, []contact.ID{1, 1}, dedupe.Choices{}, nil)),
			"dedupe.survivor":   second(s.Merge(admin(), ws, []contact.ID{1, 3}, dedupe.Choices{Survivor: 9}, nil)),
			"dedupe.changed":    second(s.Merge(admin(), ws, []contact.ID{1, 3}, dedupe.Choices{}, map[contact.ID]int64{3: 77})),
			"dedupe.no_merge":   second(s.Unmerge(admin(), ws, set+100)),
			"auth.forbidden":    second(s.Merge(auth.With(context.Background(), auth.ConsoleActor(2)), ws, []contact.ID{1, 3}, dedupe.Choices{}, nil)),
			"auth.signed_out":   second(s.Merge(context.Background(), ws, []contact.ID{1, 3}, dedupe.Choices{}, nil)),
		} {
			if errs.CodeOf(err) != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		merges, err := s.MergesOf(admin(), ws, 1)
		if err != nil || len(merges) != 1 || merges[0].Set != set || merges[0].Undone || !slices.Equal(merges[0].Gone, []contact.ID{2}) {
			t.Errorf("%+v %v", merges, err)
		}
		if kept, err := s.Unmerge(admin(), ws, set); err != nil || len(kept) > 0 {
			t.Fatal(kept, err)
		}
		if err := second(s.Unmerge(admin(), ws, set)); errs.CodeOf(err) != "dedupe.unmerged" {
			t.Error(err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// TestUnmergeIsWhole: taking a merge apart gives back what was, whatever was merged and chosen.
func TestUnmergeIsWhole(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		rapid.Check(t, func(t *rapid.T) {
			var list []*contact.Contact
			for range rapid.IntRange(2, 5).Draw(t, "contacts") {
				c := person(rapid.SampledFrom([]string{"", "Ana", "Ana Lima", "Rui"}).Draw(t, "name"),
					rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"+5511987650001", "+5511987650002", "+551187650001", "ana@example.com", "rui@example.com"}), 0, 4, rapid.ID).Draw(t, "channels")...)
				for _, f := range []contact.Scalar{contact.City, contact.TaxID, contact.ExternalID, contact.Notes} {
					c.Scalars[f] = rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, f.Key())
				}
				for i := range c.Channels {
					c.Channels[i].OptedOutAt = rapid.SampledFrom([]int64{0, 0, 7}).Draw(t, "opted out")
				}
				list = append(list, c)
			}
			base(t, d, list)
			before := all(t, d)
			ids := rapid.SliceOfNDistinct(rapid.SampledFrom([]contact.ID{1, 2, 3, 4, 5}[:len(list)]), 2, len(list), rapid.ID).Draw(t, "ids")
			ch := dedupe.Choices{Survivor: rapid.SampledFrom(ids).Draw(t, "survivor"), Fields: map[string]contact.ID{}}
			for _, f := range []string{"name", "address.city", "tax_id", "phone"} {
				if rapid.Bool().Draw(t, f) {
					ch.Fields[f] = rapid.SampledFrom(ids).Draw(t, "of")
				}
			}
			set, err := s.Merge(admin(), ws, ids, ch, nil)
			if err != nil {
				t.Fatal(err)
			}
			if kept, err := s.Unmerge(admin(), ws, set); err != nil || len(kept) > 0 {
				t.Fatal(kept, err)
			}
			if diff := gocmp.Diff(before, all(t, d)); diff != "" {
				t.Fatal(diff)
			}
		})
	})
}

// TestGroups: a search, its groups, what was said to be two people, and all certain ones in one go and back.
func TestGroups(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		list := []*contact.Contact{
			person("Otávio Prates", "+5511987650001"), person("OTAVIO PRATES", "+5511987650001"),
			person("Helena Dias", "helena@example.com"), person("Helena Dias", "helena@example.com", "+5511987650009"), person("Helena Diaz", "+5511987650009"),
			person("Vera Leal", "+5511987650005"),
		}
		base(t, d, list)
		if _, err := s.Scan(admin(), ws, nil); err != nil {
			t.Fatal(err)
		}
		groups, next, err := s.Groups(admin(), ws, dedupe.Query{})
		if err != nil || next != nil || len(groups) != 2 || !groups[0].Certain || groups[1].Certain || !slices.Equal(groups[1].Members, []contact.ID{3, 4, 5}) {
			t.Fatalf("%+v %v %v", groups, next, err)
		}
		paged := 0
		for at := new(dedupe.Cursor); at != nil; paged++ {
			q := dedupe.Query{Limit: 1, After: at}
			if *at == (dedupe.Cursor{}) {
				q.After = nil
			}
			if _, at, err = s.Groups(admin(), ws, q); err != nil {
				t.Fatal(err)
			}
		}
		if paged != 3 { // two pages with one each, and the empty end
			t.Errorf("%d pages", paged)
		}
		if err := s.Apart(admin(), ws, []contact.ID{5, 3}); err != nil {
			t.Fatal(err)
		}
		if err := s.Apart(admin(), ws, []contact.ID{4, 5}); err != nil {
			t.Fatal(err)
		}
		if g, err := s.Group(admin(), ws, 3); err != nil || !slices.Equal(g.Members, []contact.ID{3, 4}) || !g.Certain {
			t.Errorf("%+v %v", g, err)
		}
		if st, err := s.Scan(admin(), ws, nil); err != nil || st.Groups != 2 || st.Certain != 2 || st.People != 6 || st.Running() {
			t.Errorf("%+v %v", st, err)
		}

		before := all(t, d)
		runner := job.New(d, slog.New(slog.DiscardHandler), job.Config{Poll: 10 * time.Millisecond})
		for _, w := range s.Workers() {
			runner.Handle(w)
		}
		if err := runner.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		defer runner.Stop(context.Background())
		b, err := s.MergeCertain(admin(), ws)
		if err != nil {
			t.Fatal(err)
		}
		b = await(t, s, b.ID, dedupe.BatchDone)
		if b.Groups != 2 || b.Merged != 2 {
			t.Errorf("%+v", b)
		}
		if st, err := s.Status(admin(), ws); err != nil || st.Groups != 0 {
			t.Errorf("%+v %v", st, err)
		}
		if _, err := s.UndoBatch(admin(), ws, b.ID); err != nil {
			t.Fatal(err)
		}
		await(t, s, b.ID, dedupe.BatchUndone)
		if diff := gocmp.Diff(before, all(t, d)); diff != "" {
			t.Error(diff)
		}
		if err := s.StartScan(admin(), ws); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			st, err := s.Status(admin(), ws)
			if err != nil {
				t.Fatal(err)
			}
			if !st.Running() {
				if st.Groups != 2 {
					t.Errorf("%+v", st)
				}
				return
			}
			if time.Now().After(end) {
				t.Fatal("the search does not end")
			}
		}
	})
}

func await(t *testing.T, s *dedupe.Service, id dedupe.BatchID, state string) *dedupe.Batch {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		b, err := s.Batch(admin(), ws, id)
		if err != nil {
			t.Fatal(err)
		}
		if b.State == state {
			return b
		}
		if time.Now().After(end) {
			t.Fatalf("%+v", b)
		}
	}
}

// TestSight: who does not see a contact of a group does not learn of it, and cannot merge it.
func TestSight(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		base(t, d, []*contact.Contact{person("Otávio Prates", "+5511987650001"), person("Otávio Prates", "+5511987650001")})
		err := d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			groups, err := contact.EnsureGroups(ctx, tx, ws, []string{"Diretoria"}, 1)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, "UPDATE contact_group SET restricted = TRUE WHERE workspace_id = $1", ws); err != nil {
				return err
			}
			found, err := contact.Load(ctx, tx, ws, []contact.ID{2}, contact.Whole(), true)
			if err != nil {
				return err
			}
			set, err := journal.Open(ctx, tx, ws, journal.Set{Kind: journal.KindEdit, MadeAt: 2})
			if err != nil {
				return err
			}
			c := found[2].Clone()
			c.Groups = groups
			return contact.Write(ctx, tx, contact.Stamp{Workspace: ws, Set: set, Now: 2}, nil, []contact.Update{{Old: found[2], New: c, Changes: contact.Diff(found[2], c)}})
		})
		if err != nil {
			t.Fatal(err)
		}
		if st, err := s.Scan(admin(), ws, nil); err != nil || st.Groups != 1 {
			t.Fatalf("%+v %v", st, err)
		}
		manager := auth.With(context.Background(), auth.Actor{Kind: auth.Person, Workspace: ws, Member: 5, Role: auth.Manager, Scopes: auth.AllScopes})
		groups, _, err := s.Groups(manager, ws, dedupe.Query{})
		if err != nil || len(groups) != 0 {
			t.Errorf("%+v %v", groups, err)
		}
		if _, err := s.Group(manager, ws, 1); errs.CodeOf(err) != "dedupe.group_not_found" {
			t.Error(err)
		}
		if _, err := s.Merge(manager, ws, []contact.ID{1, 2}, dedupe.Choices{}, nil); errs.CodeOf(err) != "contact.not_found" {
			t.Error(err)
		}
		if _, err := s.MergesOf(manager, ws, 2); errs.CodeOf(err) != "contact.not_found" {
			t.Error(err)
		}
		if err := s.Apart(manager, ws, []contact.ID{1, 2}); errs.CodeOf(err) != "contact.not_found" {
			t.Error(err)
		}
		agent := auth.With(context.Background(), auth.Actor{Kind: auth.Person, Workspace: ws, Member: 5, Role: auth.Agent, Scopes: auth.AllScopes})
		if _, _, err := s.Groups(agent, ws, dedupe.Query{}); errs.KindOf(err) != errs.Forbidden {
			t.Error(err)
		}
	})
}
