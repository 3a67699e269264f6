package notice

import (
	"context"
	"strings"
	"testing"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
)

func TestCenter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
		c := &Center{DB: d, Now: func() time.Time { return at }}
		give := func(workspace int64, members []int64, n New) {
			t.Helper()
			if err := d.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return c.Give(ctx, tx, workspace, members, n) }); err != nil {
				t.Fatal(err)
			}
		}
		list := func(workspace, member int64, before ID, limit int) []*Notice {
			t.Helper()
			l, err := c.List(ctx, workspace, member, before, limit)
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		unread := func(workspace, member int64) int {
			t.Helper()
			n, err := c.Unread(ctx, workspace, member)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		args := errs.Args{"file": "clientes.csv", "imported": 15000, "updated": 2, "skipped": 3, "errors": 4}
		for i := range 5 {
			give(1, []int64{1, 2}, New{Kind: ImportFinished, Subject: int64(i), Args: args, Once: "import " + string(rune('0'+i))})
		}
		give(1, []int64{1, 2, 3}, New{Kind: ImportFinished, Subject: 4, Args: args, Once: "import 4"}) // again
		give(1, nil, New{Kind: ImportFailed})
		give(2, []int64{1}, New{Kind: ImportFailed, Args: errs.Args{"file": "b.csv"}})
		if a, b, o := len(list(1, 1, 0, 50)), len(list(1, 3, 0, 50)), len(list(2, 1, 0, 50)); a != 5 || b != 1 || o != 1 {
			t.Fatalf("%d, %d, %d notices", a, b, o)
		}
		var seen []int64
		for before := ID(0); ; { // pages of two, the newest first
			page := list(1, 1, before, 2)
			for _, n := range page {
				seen = append(seen, n.Subject)
				before = n.ID
			}
			if len(page) < 2 {
				break
			}
		}
		if len(seen) != 5 || seen[0] != 4 || seen[4] != 0 {
			t.Errorf("pages give %v", seen)
		}
		newest := list(1, 1, 0, 1)[0]
		if got := newest.Text(printer(t, i18n.Portuguese)); got != "clientes.csv: 15.000 importados, 2 atualizados, 3 ignorados, 4 com erro." {
			t.Errorf("text %q", got)
		}
		if !newest.CreatedAt.Equal(at) || !newest.ReadAt.IsZero() || unread(1, 1) != 5 {
			t.Errorf("%+v, %d unread", newest, unread(1, 1))
		}
		for _, read := range []bool{true, true, false, true} {
			if err := c.MarkRead(ctx, 1, 1, newest.ID, read); err != nil {
				t.Fatal(err)
			}
		}
		if unread(1, 1) != 4 || unread(1, 2) != 5 || !list(1, 1, 0, 1)[0].ReadAt.Equal(at) {
			t.Errorf("%d and %d unread", unread(1, 1), unread(1, 2))
		}
		// Another's notice is not there, whether by member or by workspace.
		for _, who := range [][2]int64{{1, 2}, {2, 1}} {
			if err := c.MarkRead(ctx, who[0], who[1], newest.ID, true); errs.CodeOf(err) != "notice.not_found" {
				t.Errorf("%v: %v", who, err)
			}
		}
		give(1, []int64{1}, New{Kind: ImportFailed, Args: errs.Args{"file": "c.csv"}})
		if err := c.MarkAllRead(ctx, 1, 1, newest.ID); err != nil {
			t.Fatal(err)
		}
		if unread(1, 1) != 1 || unread(1, 2) != 5 || unread(2, 1) != 1 {
			t.Errorf("unread %d %d %d", unread(1, 1), unread(1, 2), unread(2, 1))
		}
		if err := d.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return Prune(ctx, tx, at.Add(time.Second)) }); err != nil || len(list(1, 1, 0, 9)) != 0 {
			t.Error("not pruned", err)
		}
	})
}

// TestTexts: every kind has its sentence in every language, with every argument.
func TestTexts(t *testing.T) {
	t.Parallel()
	args := errs.Args{"file": "a.csv", "imported": int64(1), "updated": int64(2), "skipped": int64(3), "errors": int64(4), "unprocessed": int64(5)}
	for _, l := range i18n.Langs() {
		p := printer(t, l)
		for _, kind := range []string{ImportFinished, ImportCancelled, ImportFailed, ImportUndone, "later.kind"} {
			s := (&Notice{Kind: kind, Args: args}).Text(p)
			if s == "" || s[0] == '[' {
				t.Errorf("%s %s: %q", l, kind, s)
			}
			for _, bad := range []string{"?", "["} {
				if kind != "later.kind" && strings.Contains(s, bad) {
					t.Errorf("%s %s: %q", l, kind, s)
				}
			}
		}
	}
}

func printer(t *testing.T, l i18n.Lang) *i18n.Printer {
	t.Helper()
	c, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	return c.Printer(l)
}
