package auth

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"cadastro/internal/db"
)

// TestNoSecretInTheBase: after every flow, no secret that was handed out is in any column of any table.
func TestNoSecretInTheBase(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		secrets := map[string]string{"password": goodPassword, "wrong password": "typed into the wrong field"}
		m, link, err := w.AddMember(console(1), NewMember{Email: "ana@example.com", Role: Admin})
		w.must(err)
		secrets["invitation"] = link.Secret
		fresh, err := w.MemberLink(console(1), m.ID)
		w.must(err)
		in, err := w.Redeem(none, fresh.Secret, Redeem{Password: goodPassword}, home)
		w.must(err)
		secrets["used link"], secrets["session"] = fresh.Secret, in.Session
		ctx := w.as(in)
		reset, _, err := w.RequestReset(none, "ana@example.com", home)
		w.must(err)
		first, err := w.FirstLink(console(2))
		w.must(err)
		token, _, err := w.AddToken(ctx, NewToken{Name: "t", Role: Admin, Scopes: AllScopes})
		w.must(err)
		e, err := w.StartTOTP(ctx, goodPassword, home)
		w.must(err)
		key, err := base32Plain.DecodeString(e.Secret)
		w.must(err)
		secrets["reset"], secrets["first link"], secrets["token"], secrets["factor"], secrets["factor's bytes"] = reset.Link.Secret, first.Secret, token, e.Secret, string(key)
		codes, err := w.ConfirmTOTP(ctx, w.code(e))
		w.must(err)
		secrets["recovery code"], secrets["recovery code as kept"] = codes[0], plainCode(codes[0])
		_, err = w.SignIn(none, "typed into the wrong field", "x", home)
		w.want(err, "auth.wrong_credentials")
		in, err = w.SignIn(none, "ana@example.com", goodPassword, home)
		w.must(err)
		secrets["second step"] = in.Second

		cells := 0
		for _, table := range []string{"login", "login_member", "login_identity", "recovery_code", "session", "one_time", "sign_in_try", "api_token_hash", "api_token", "member"} {
			for _, cell := range w.dump(table) {
				cells++
				for name, s := range secrets {
					if bytes.Contains(cell, []byte(s)) {
						t.Errorf("%s: the %s is in it", table, name)
					}
				}
			}
		}
		if cells < 60 {
			t.Errorf("looked at %d cells only", cells)
		}
		if !strings.Contains(fmt.Sprintf("%s", w.dump("login")), "ana@example.com") {
			t.Error("the search finds nothing at all")
		}
	})
}

// dump gives every value of a table as bytes.
func (w *world) dump(table string) (cells [][]byte) {
	w.t.Helper()
	w.must(w.d.Read(context.Background(), func(ctx context.Context, q db.Querier) error {
		rows, err := q.Query(ctx, "SELECT * FROM "+table)
		if err != nil {
			return err
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil {
			return err
		}
		for rows.Next() {
			row := make([]sql.RawBytes, len(names))
			dest := make([]any, len(names))
			for i := range row {
				dest[i] = &row[i]
			}
			if err := rows.Scan(dest...); err != nil {
				return err
			}
			for _, cell := range row {
				cells = append(cells, bytes.Clone(cell))
			}
		}
		return rows.Err()
	}))
	return cells
}

func BenchmarkAuthenticate(b *testing.B) {
	w := benchWorld(b)
	_, link, err := w.AddMember(console(1), NewMember{Email: "ana@example.com", Role: Admin})
	if err != nil {
		b.Fatal(err)
	}
	in, err := w.Redeem(context.Background(), link.Secret, Redeem{Password: goodPassword}, home)
	if err != nil {
		b.Fatal(err)
	}
	token, _, err := w.AddToken(With(context.Background(), in.Actor), NewToken{Name: "t", Role: Agent, Scopes: ScopeRead})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("session", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.Authenticate(context.Background(), in.Session); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("token", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.AuthenticateToken(context.Background(), token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("password", func(b *testing.B) {
		h := newHasher(1, wantedCost)
		for b.Loop() {
			if _, _, err := h.check(context.Background(), "wrong", h.dummy); err != nil {
				b.Fatal(err)
			}
		}
	})
}
