package mapping

import (
	"context"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
)

// TestSaved: saved mappings are listed, renamed and forgotten, by who may import, in their own workspace alone.
func TestSaved(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := time.Unix(1_000_000, 0)
		s := &Store{DB: d, Now: func() time.Time { now = now.Add(time.Minute); return now }}
		as := func(workspace int64, role auth.Role) context.Context {
			return auth.With(context.Background(), auth.Actor{Kind: auth.Person, Workspace: workspace, Role: role, Scopes: auth.AllScopes})
		}
		a := Mapping{Columns: []Column{{Header: "Nome", Field: "name"}}}
		b := Mapping{Columns: []Column{{Header: "Celular", Field: "phone"}}}
		for _, v := range []struct {
			name string
			m    Mapping
		}{{"one", a}, {"two", a}, {"three", b}} {
			if err := s.Save(context.Background(), 1, v.name, v.m, nil); err != nil {
				t.Fatal(err)
			}
		}
		ctx := as(1, auth.Manager)
		list, err := s.List(ctx, 1, 2)
		if err != nil || len(list) != 2 || list[0].Name != "three" || list[1].Name != "two" || list[1].Mapping.Columns[0].Header != "Nome" {
			t.Fatalf("%+v, %v", list, err)
		}
		two := list[1].ID
		for want, err := range map[string]error{
			"mapping.name":       s.Rename(ctx, 1, two, " \t "),
			"mapping.name_taken": s.Rename(ctx, 1, two, "one"),
			"mapping.unknown":    s.Rename(as(2, auth.Admin), 2, two, "x"),
			"auth.forbidden":     s.Rename(as(1, auth.Agent), 1, two, "x"),
		} {
			if errs.CodeOf(err) != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if err := s.Rename(ctx, 1, two, " three "); err != nil { // of other headers: no clash
			t.Fatal(err)
		}
		if got, err := s.Get(ctx, 1, two); err != nil || got.Name != "three" {
			t.Fatalf("%+v, %v", got, err)
		}
		if err := s.Delete(as(1, auth.Agent), 1, two); errs.CodeOf(err) != "auth.forbidden" {
			t.Error(err)
		}
		if err := s.Delete(ctx, 1, two); err != nil {
			t.Fatal(err)
		}
		if err := s.Delete(ctx, 1, two); errs.CodeOf(err) != "mapping.unknown" {
			t.Error(err)
		}
		if _, err := s.Get(ctx, 1, two); errs.CodeOf(err) != "mapping.unknown" {
			t.Error(err)
		}
	})
}
