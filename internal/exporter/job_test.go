package exporter_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/blob"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/exporter"
	"cadastro/internal/i18n"
	"cadastro/internal/job"
	"cadastro/internal/table"
	"cadastro/internal/vcard"
)

const ws = 1

type world struct {
	testing.TB
	d        *db.DB
	s        *exporter.Service
	contacts *contact.Service
	ctx      context.Context
	now      time.Time
}

func each(t *testing.T, body func(w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		blobs, err := blob.NewLocal(t.TempDir(), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { blobs.Close() })
		texts, err := i18n.New()
		if err != nil {
			t.Fatal(err)
		}
		w := &world{TB: t, d: d, now: time.Date(2026, 3, 18, 15, 0, 0, 0, time.UTC), ctx: auth.With(context.Background(), auth.ConsoleActor(ws))}
		clock := func() time.Time { return w.now }
		w.contacts = &contact.Service{DB: d, Now: clock}
		w.s = &exporter.Service{DB: d, Texts: texts, Contacts: w.contacts, Blobs: blobs, Now: clock}
		w.exec("INSERT INTO workspace (id, name, created_at) VALUES (1, 'w', 0)")
		w.exec("INSERT INTO member (workspace_id, id, name, email, role, created_at) VALUES (1, 1, 'Ana', 'ana@example.com', 'manager', 0), (1, 2, 'Rui', 'rui@example.com', 'manager', 0)")
		body(w)
	})
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) exec(query string, args ...any) {
	w.Helper()
	w.must(w.d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	}))
}

func (w *world) as(id auth.MemberID, role auth.Role) context.Context {
	return auth.With(context.Background(), auth.Actor{Kind: auth.Person, Workspace: ws, Member: id, Role: role, Scopes: auth.AllScopes})
}

func (w *world) add(name string, more func(in *contact.Input)) contact.ID {
	w.Helper()
	in := contact.Input{Fields: map[string]string{"name": name}, Channels: map[contact.Kind][]contact.ChannelInput{}}
	if more != nil {
		more(&in)
	}
	c, err := w.contacts.Add(w.ctx, ws, in)
	w.must(err)
	return c.ID
}

// file does an export to its end and gives what can be downloaded.
func (w *world) file(spec exporter.Spec) (*exporter.Export, []byte) {
	w.Helper()
	x, err := w.s.Start(w.ctx, ws, spec)
	w.must(err)
	w.must(w.s.Run(context.Background(), ws, x.ID))
	x, r, err := w.s.Open(w.ctx, ws, x.ID)
	w.must(err)
	defer r.Close()
	b, err := io.ReadAll(r)
	w.must(err)
	if int64(len(b)) != x.Size {
		w.Errorf("%d bytes, said to be %d", len(b), x.Size)
	}
	return x, b
}

func (w *world) people() {
	w.add("Ana; \"a primeira\"", func(in *contact.Input) {
		in.Channels[contact.Phone] = []contact.ChannelInput{{Value: "11987654321"}, {Value: "1133334444"}}
		in.Channels[contact.Email] = []contact.ChannelInput{{Value: "ana@example.com"}}
		in.Fields["notes"], in.Fields["birth_date"], in.Fields["address.city"], in.Fields["company"] = "linha 1\nlinha 2, fim", "1987-03-22", "São Paulo", strings.Repeat("Ação ", 30)+"Ltda"
		in.Tags = &[]string{"VIP", "a;b"}
	})
	w.add("=1+1", nil)
	w.add("Célia", func(in *contact.Input) { in.Tags = &[]string{"VIP"} })
}

func TestFormats(t *testing.T) {
	each(t, func(w *world) {
		w.people()
		x, b := w.file(exporter.Spec{Language: i18n.English, Fields: []string{"id", "name", "phone", "tags"}})
		if x.FileName != "contacts-2026-03-18-1.csv" || x.Done != 3 || x.Total != 3 || x.State != exporter.Done || !x.ExpiresAt.Equal(w.now.Add(exporter.DefaultKeep)) {
			w.Errorf("%+v", x)
		}
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))))
		r.Comma = ';'
		rows, err := r.ReadAll()
		w.must(err)
		if len(rows) != 4 || rows[1][2] != "+5511987654321" || rows[1][3] != "+551133334444" || rows[0][3] != "Phone 2" || rows[2][1] == "=1+1" || !strings.HasSuffix(rows[2][1], "=1+1") {
			w.Errorf("%q", rows)
		}
		_, b = w.file(exporter.Spec{Format: exporter.CSV, Charset: "windows-1252", Delimiter: ",", Selection: contact.Selection{Filter: "tag:vip", Except: []contact.ID{1}}, Fields: []string{"name"}})
		if string(b) != "Nome\r\nC\xe9lia\r\n" {
			w.Errorf("%q", b)
		}
		_, b = w.file(exporter.Spec{Format: exporter.NDJSON})
		var first map[string]any
		w.must(json.Unmarshal(b[:bytes.IndexByte(b, '\n')], &first))
		if first["name"] != "Ana; \"a primeira\"" || fmt.Sprint(first["phone"]) != "[+5511987654321 +551133334444]" || fmt.Sprint(first["tags"]) != "[VIP a;b]" || first["notes"] != "linha 1\nlinha 2, fim" || bytes.Count(b, []byte("\n")) != 3 {
			w.Errorf("%s", b)
		}
		_, b = w.file(exporter.Spec{Format: exporter.VCard})
		for line := range strings.SplitSeq(string(b), "\r\n") {
			if len(line) > 75 {
				w.Errorf("a line of %d bytes", len(line))
			}
		}
		cards, err := vcard.Open(func() (io.Reader, error) { return bytes.NewReader(b), nil }, vcard.Limits{CardBytes: 1 << 20, CellBytes: 1 << 16, Columns: 100})
		w.must(err)
		_, cells, issues, err := cards.Next()
		w.must(err)
		got := map[string]string{}
		for i, h := range cards.Header() {
			got[h] = cells[i]
		}
		if all := fmt.Sprint(got); len(issues) > 0 || !strings.Contains(all, "Ana; \"a primeira\"") || !strings.Contains(all, "+551133334444") || !strings.Contains(all, "linha 1\nlinha 2, fim") ||
			!strings.Contains(all, strings.Repeat("Ação ", 30)) || !strings.Contains(all, "1987-03-22") || !strings.Contains(all, "São Paulo") {
			w.Errorf("%v %q", issues, got)
		}
		_, b = w.file(exporter.Spec{Format: exporter.XLSX, Fields: []string{"name", "phone"}, Selection: contact.Selection{IDs: []contact.ID{2, 1, 99}}})
		f, err := table.Open(w.ctx, table.Source{Name: "x.xlsx", Size: int64(len(b)), Data: bytes.NewReader(b)}, table.Dialect{Format: table.XLSX, Header: 1}, table.Limits{})
		w.must(err)
		defer f.Close()
		names := []string{}
		for {
			var row table.Row
			err := f.Read(&row)
			if err == io.EOF {
				break
			}
			w.must(err)
			names = append(names, row.Cells[0]+"|"+row.Cells[1])
		}
		if !slices.Equal(names, []string{"Ana; \"a primeira\"|+5511987654321", "=1+1|"}) {
			w.Errorf("%q", names)
		}
	})
}

func TestExportIsOwn(t *testing.T) {
	each(t, func(w *world) {
		w.people()
		secret := w.add("Secreta", nil)
		w.exec("INSERT INTO contact_group (workspace_id, id, name, name_key, restricted, created_at) VALUES (1, 1, 'Conselho', 'conselho', TRUE, 0)")
		w.exec("INSERT INTO group_contact (workspace_id, group_id, contact_id) VALUES (1, 1, $1)", int64(secret))
		w.exec("UPDATE contact SET groups = '1' WHERE id = $1", int64(secret))
		manager, other, agent := w.as(1, auth.Manager), w.as(2, auth.Manager), w.as(2, auth.Agent)
		want := func(err error, code string) {
			w.Helper()
			if errs.CodeOf(err) != code {
				w.Errorf("%v, want %s", err, code)
			}
		}
		_, err := w.s.Start(agent, ws, exporter.Spec{})
		want(err, "auth.forbidden")
		x, err := w.s.Start(manager, ws, exporter.Spec{Fields: []string{"name"}})
		w.must(err)
		_, _, err = w.s.Open(manager, ws, x.ID)
		want(err, "export.not_done")
		w.must(w.s.Run(context.Background(), ws, x.ID))
		_, r, err := w.s.Open(manager, ws, x.ID)
		w.must(err)
		b, err := io.ReadAll(r)
		w.must(err)
		w.must(r.Close())
		if strings.Contains(string(b), "Secreta") || strings.Count(string(b), "\n") != 4 {
			w.Errorf("%s", b)
		}
		var direct sink
		if n, err := w.s.Export(manager, ws, exporter.Options{}, &direct); err != nil || n != 3 || strings.Contains(fmt.Sprint(direct), "Conselho") {
			w.Errorf("%d %v", n, err)
		}
		_, err = w.s.Export(agent, ws, exporter.Options{}, &direct)
		want(err, "auth.forbidden")
		_, err = w.s.Get(other, ws, x.ID)
		want(err, "export.not_found")
		_, _, err = w.s.Open(agent, ws, x.ID)
		want(err, "auth.forbidden")
		if list, err := w.s.List(other, ws, 9); err != nil || len(list) != 0 {
			w.Errorf("%v %v", list, err)
		}
		if list, err := w.s.List(w.ctx, ws, 9); err != nil || len(list) != 1 {
			w.Errorf("%v %v", list, err)
		}
		// Over its days the file is gone, first to readers, then from the disk.
		w.now = w.now.Add(exporter.DefaultKeep + time.Second)
		_, _, err = w.s.Open(manager, ws, x.ID)
		want(err, "export.expired")
		w.must(w.s.Tidy(w.ctx))
		for info, err := range w.s.Blobs.List(w.ctx, "") {
			w.Errorf("%v %v is left", info, err)
		}
		if x, err = w.s.Get(manager, ws, x.ID); err != nil || x.State != exporter.Expired || x.FileName == "" {
			w.Errorf("%+v %v", x, err)
		}
		for code, spec := range map[string]exporter.Spec{"export.format_unknown": {Format: "doc"}, "export.field_unknown": {Fields: []string{"shoe"}}, "charset.unknown": {Charset: "klingon"},
			"filter.field_unknown": {Selection: contact.Selection{Filter: "x:1"}}} {
			_, err := w.s.Start(manager, ws, spec)
			want(err, code)
		}
		// Cancelled before it ran, it does not run; one whose asker is gone fails and says so.
		x, err = w.s.Start(manager, ws, exporter.Spec{})
		w.must(err)
		_, err = w.s.Cancel(manager, ws, x.ID)
		w.must(err)
		w.must(w.s.Run(context.Background(), ws, x.ID))
		if x, err = w.s.Get(manager, ws, x.ID); err != nil || x.State != exporter.Cancelled {
			w.Errorf("%+v %v", x, err)
		}
		x, err = w.s.Start(manager, ws, exporter.Spec{})
		w.must(err)
		good, err := w.s.Start(w.ctx, ws, exporter.Spec{})
		w.must(err)
		w.exec("UPDATE member SET role = 'agent' WHERE id = 1")
		run := job.New(w.d, slog.New(slog.NewTextHandler(io.Discard, nil)), job.Config{Poll: 10 * time.Millisecond})
		for _, k := range w.s.Workers() {
			run.Handle(k)
		}
		w.must(run.Start(w.ctx))
		for live := true; live; time.Sleep(5 * time.Millisecond) {
			a, err := w.s.Get(w.ctx, ws, x.ID)
			w.must(err)
			b, err := w.s.Get(w.ctx, ws, good.ID)
			w.must(err)
			live = a.State == exporter.Waiting || a.State == exporter.Running || b.State != exporter.Done
			x = a
		}
		w.must(run.Stop(w.ctx))
		if x.State != exporter.Failed || x.Error != "auth.forbidden" {
			w.Errorf("%+v", x)
		}
	})
}

type sink struct{ rows [][]string }

func (s *sink) Write(cells []string) error {
	s.rows = append(s.rows, slices.Clone(cells))
	return nil
}
