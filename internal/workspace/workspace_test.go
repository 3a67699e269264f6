package workspace

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
)

var server = Settings{Country: "BR", Language: "pt-BR", TimeZone: "America/Sao_Paulo", Keep: Keep{7, 7, 30, 30}}

func open(t *testing.T, d *db.DB) *Service {
	t.Helper()
	err := d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO workspace (id, name, created_at) VALUES (1, 'Loja Aurora', 0), (2, 'Other', 0)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return &Service{DB: d, Server: server}
}

func as(workspace int64, role auth.Role) context.Context {
	return auth.With(context.Background(), auth.Actor{Kind: auth.Person, Workspace: workspace, Role: role, Scopes: auth.AllScopes})
}

// TestSettings: what was set is in force and nothing else; what was not set follows the server.
func TestSettings(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		got, err := s.Get(as(1, auth.Agent), 1)
		want := server
		want.Name = "Loja Aurora"
		if err != nil || got != want {
			t.Fatalf("%+v, %v", got, err)
		}
		set := want
		set.Name, set.Country, set.DateOrder, set.GroupRequired, set.AskBasis, set.Keep.Undo = " Loja  Boreal ", "pe", MonthFirst, true, true, 90
		if err := s.Set(as(1, auth.Admin), 1, set); err != nil {
			t.Fatal(err)
		}
		set.Name, set.Country = "Loja Boreal", "PE"
		if got, err = s.Get(as(1, auth.Manager), 1); err != nil || got != set {
			t.Fatalf("%+v, %v", got, err)
		}
		s.Server.TimeZone, s.Server.Country, s.Server.Keep.Bin = "America/Lima", "MX", 60
		if got, err = s.Get(as(1, auth.Manager), 1); err != nil || got.TimeZone != "America/Lima" || got.Country != "PE" || got.Keep.Bin != 60 || got.Keep.Undo != 90 {
			t.Fatalf("%+v, %v", got, err)
		}
		if other, err := s.Get(as(2, auth.Agent), 2); err != nil || other.Name != "Other" || other.GroupRequired {
			t.Fatalf("%+v, %v", other, err)
		}
	})
}

// TestRefused: who may not, and what cannot be.
func TestRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		good := server
		good.Name = "X"
		for code, err := range map[string]error{
			"auth.forbidden":  errors.Join(nil, s.Set(as(1, auth.Manager), 1, good)),
			"auth.signed_out": s.Set(context.Background(), 1, good),
		} {
			if errs.CodeOf(err) != code {
				t.Errorf("%v, want %s", err, code)
			}
		}
		if err := s.Set(as(2, auth.Admin), 1, good); errs.CodeOf(err) != "auth.forbidden" {
			t.Error(err)
		}
		if _, err := s.Get(as(2, auth.Admin), 1); errs.CodeOf(err) != "auth.forbidden" {
			t.Error(err)
		}
		err := s.Set(as(1, auth.Admin), 1, Settings{Country: "ZZ", Language: "fr", TimeZone: "Local", DateOrder: "x", Keep: Keep{0, 1, 4000, 1}})
		var fields []string
		for _, line := range strings.Split(err.Error(), "\n") {
			name, _, _ := strings.Cut(line, ":")
			fields = append(fields, name)
		}
		if want := []string{"name", "country", "language", "time_zone", "date_order", "keep_results", "keep_undo"}; !slices.Equal(fields, want) {
			t.Errorf("%v, want %v", fields, want)
		}
	})
}

// TestComplete: every setting that the server has is filled in, and left out again, so that none is forgotten.
func TestComplete(t *testing.T) {
	t.Parallel()
	if got := (Settings{}).over(server); got != server {
		t.Errorf("%+v", got)
	}
	if got := server.without(server); !reflect.DeepEqual(got, Settings{}) {
		t.Errorf("%+v", got)
	}
}
