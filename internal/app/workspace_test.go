package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
)

// TestKeep: things are kept as long as their workspace says, and where it says nothing, as long as the server does.
func TestKeep(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		a, other := k.App, k.Other()
		set, err := a.Workspaces.Get(k.As(auth.Admin), k.Workspace)
		if err != nil {
			t.Fatal(err)
		}
		set.Keep.Results, set.Keep.Exports, set.Keep.Undo, set.Keep.Bin = 2, 3, 4, 1
		if err := a.Workspaces.Set(k.As(auth.Admin), k.Workspace, set); err != nil {
			t.Fatal(err)
		}
		const day = 24 * time.Hour
		end := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		for w, want := range map[int64][3]time.Duration{k.Workspace: {2 * day, 4 * day, 3 * day}, other.Workspace: {7 * day, 30 * day, 7 * day}} {
			imp := &importer.Import{Workspace: w, State: importer.Done, Set: 1, FinishedAt: end}
			if got := [3]time.Duration{a.Imports.ResultsUntil(imp).Sub(end), a.Imports.KeptUntil(imp).Sub(end), a.Exports.KeepOf(w)}; got != want {
				t.Errorf("workspace %d: %v, want %v", w, got, want)
			}
			a.Imports.Now = func() time.Time { return end.Add(5 * day) }
			if _, ok := a.Imports.MayUndo(imp); ok != (w == other.Workspace) {
				t.Errorf("workspace %d may undo after five days: %v", w, ok)
			}
		}

		ids := map[*apptest.Kit]contact.ID{}
		for _, kit := range []*apptest.Kit{k, other} {
			ctx := kit.As(auth.Admin)
			c, err := a.Contacts.Add(ctx, kit.Workspace, contact.Input{Fields: map[string]string{"name": "Ana"}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := a.Contacts.Delete(ctx, kit.Workspace, "", []contact.ID{c.ID}); err != nil {
				t.Fatal(err)
			}
			ids[kit] = c.ID
		}
		a.Contacts.Now = func() time.Time { return time.Now().Add(2 * day) }
		if n, err := a.Contacts.Purge(context.Background()); err != nil || n != 1 {
			t.Fatalf("%d went, %v", n, err)
		}
		for kit, id := range ids {
			n, err := a.Contacts.Restore(kit.As(auth.Admin), kit.Workspace, []contact.ID{id})
			if (n == 1 && err == nil) != (kit == other) {
				t.Errorf("workspace %d: %d came back, %v", kit.Workspace, n, err)
			}
		}
	})
}

// TestAsks: an import without what its workspace asks for does not begin, whichever face it comes by.
func TestAsks(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		a, ctx := k.App, k.As(auth.Manager)
		set, err := a.Workspaces.Get(ctx, k.Workspace)
		if err != nil {
			t.Fatal(err)
		}
		set.GroupRequired, set.AskBasis = true, true
		if err := a.Workspaces.Set(k.As(auth.Admin), k.Workspace, set); err != nil {
			t.Fatal(err)
		}
		for _, kit := range []*apptest.Kit{k, k.Other()} {
			ctx := kit.As(auth.Manager)
			imp, err := a.Imports.Upload(ctx, kit.Workspace, "clientes.csv", strings.NewReader("Nome;Telefone\r\nAna;(11) 98765-4321\r\n"), nil)
			if err != nil {
				t.Fatal(err)
			}
			chosen := importer.Settings{Mapping: mapping.Mapping{Columns: []mapping.Column{{Header: "Nome", Field: "name"}, {Header: "Telefone", Field: "phone"}}},
				Dialect: table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Quote: '"', Header: 1}, Purpose: mapping.PurposeUpsert, Identifier: mapping.ByPhone, Country: "BR", Language: "pt-BR"}
			for _, step := range []struct{ group, basis, want string }{{"", "", "import.group_needed"}, {"Clientes", "", "import.basis_needed"}, {"Clientes", "consent", ""}} {
				chosen.Group, chosen.LegalBasis = step.group, step.basis
				want := step.want
				if kit != k {
					want = ""
				}
				if _, err := a.Imports.StartReview(ctx, kit.Workspace, imp.ID, chosen); errs.CodeOf(err) != want || err != nil && want == "" {
					t.Errorf("workspace %d, %q %q: %v, want %q", kit.Workspace, step.group, step.basis, err, want)
				}
			}
		}
	})
}

// TestCountry: a number that names no country is of the workspace's.
func TestCountry(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		a := k.App
		set, err := a.Workspaces.Get(k.As(auth.Admin), k.Workspace)
		if err != nil {
			t.Fatal(err)
		}
		set.Country, set.TimeZone = "PE", "America/Lima"
		if err := a.Workspaces.Set(k.As(auth.Admin), k.Workspace, set); err != nil {
			t.Fatal(err)
		}
		for kit, want := range map[*apptest.Kit]string{k: "+51987654321", k.Other(): ""} {
			got, err := a.Contacts.Check(kit.As(auth.Manager), kit.Workspace, "phone", "987 654 321")
			if err != nil || got.Value != want {
				t.Errorf("workspace %d: %q, %v; want %q", kit.Workspace, got.Value, err, want)
			}
			if _, err := a.Contacts.List(kit.As(auth.Manager), kit.Workspace, contact.ListQuery{Search: "987 654 321", Limit: 10}); err != nil {
				t.Error(err)
			}
		}
		if res, err := a.Contacts.AddDoNotContact(k.As(auth.Manager), k.Workspace, []string{"987654321"}, ""); err != nil || res.Added != 1 {
			t.Errorf("%+v, %v", res, err)
		}
	})
}
