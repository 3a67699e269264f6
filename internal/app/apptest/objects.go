package apptest

import (
	"context"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/exporter"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/notify/notice"
	"cadastro/internal/table"
)

// firstID is where the ids of the second workspace begin, so that one of its things is not named by an id that the first one has too.
const firstID = 1_000_001

// apart moves the ids of a workspace away from those of the first.
func apart(ctx context.Context, tx *db.Tx, workspace int64) error {
	for _, name := range []string{"member", "team", "api_token", "contact", "import", "change_set", "tag", "contact_group", "custom_field", "mapping",
		"webhook_endpoint", "webhook_delivery", "notice", "bulk", "export", "contact_view", "merge_batch", "search_due"} {
		if _, err := tx.Reserve(ctx, workspace, name, firstID-1); err != nil {
			return err
		}
	}
	return nil
}

// Objects are the kinds of things that [Kit.Object] can make: those that {id} may name in a pattern, see route.Route.
func Objects() []string {
	return []string{"import", "review", "contact", "member", "team", "token", "tag", "group", "field", "mapping", "webhook", "delivery", "notice", "bulk", "export", "view", "upload"}
}

// Object makes a thing in the workspace and gives its id, as it stands in a path: "import" is one that is done, "review" one that is
// reviewed. ok is false for a kind that it does not know.
func (k *Kit) Object(kind string) (id string, ok bool) {
	k.t.Helper()
	admin := k.As(auth.Admin)
	number := func(n int64, err error) (string, bool) {
		k.t.Helper()
		if err != nil {
			k.t.Fatalf("%s: %v", kind, err)
		}
		return strconv.FormatInt(n, 10), true
	}
	switch kind {
	case "import":
		return number(int64(k.Applied("lista.csv", k.list()).ID), nil)
	case "review":
		return number(int64(k.Reviewed("lista.csv", k.list()).ID), nil)
	case "contact":
		k.Applied("lista.csv", k.list())
		var id int64
		err := k.App.DB.Read(admin, func(ctx context.Context, q db.Querier) error {
			return q.QueryRow(ctx, "SELECT MAX(id) FROM contact WHERE workspace_id = $1", k.Workspace).Scan(&id)
		})
		return number(id, err)
	case "member":
		m, _, err := k.App.Auth.AddMember(admin, auth.NewMember{Email: "convidada" + k.serial() + "@example.com", Name: "Convidada", Role: auth.Agent})
		return number(int64(m.ID), err)
	case "team":
		t, err := k.App.Auth.AddTeam(admin, "Equipe "+k.serial())
		return number(int64(t.ID), err)
	case "token":
		_, t, err := k.App.Auth.AddToken(admin, auth.NewToken{Name: "outro", Role: auth.Agent, Scopes: auth.ScopeRead, Life: time.Hour})
		return number(int64(t.ID), err)
	case "tag", "group", "field":
		return number(k.label(admin, kind))
	case "mapping":
		m := mapping.Mapping{Columns: []mapping.Column{{Header: "Nome" + k.serial(), Field: "name"}}}
		if err := k.App.Mappings.Save(admin, k.Workspace, "lista "+k.serial()+".csv", m, nil); err != nil {
			k.t.Fatal(err)
		}
		list, err := k.App.Mappings.Recent(admin, k.Workspace, nil, 1)
		if err != nil || len(list) == 0 {
			k.t.Fatalf("mappings: %v, %v", list, err)
		}
		return number(list[0].ID, nil)
	case "webhook":
		e, _, err := k.App.Notify.Webhooks.Add(admin, k.Workspace, "https://example.com/hook", nil)
		if err != nil {
			k.t.Fatal(err)
		}
		return number(int64(e.ID), nil)
	case "delivery":
		e, _, err := k.App.Notify.Webhooks.Add(admin, k.Workspace, "https://example.com/hook", nil)
		if err != nil {
			k.t.Fatal(err)
		}
		d, err := k.App.Notify.Webhooks.Try(admin, k.Workspace, e.ID)
		return number(int64(d), err)
	case "notice":
		return number(k.notice(admin))
	case "bulk":
		id, _ := k.Object("contact")
		n, _ := strconv.ParseInt(id, 10, 64)
		b, err := k.App.Contacts.StartBulk(admin, k.Workspace, contact.BulkSpec{Selection: contact.Selection{IDs: []contact.ID{contact.ID(n)}}, Action: contact.BulkTag, Tag: "marca " + k.serial()})
		if err != nil {
			k.t.Fatal(err)
		}
		return number(int64(b.ID), nil)
	case "export":
		e, err := k.App.Exports.Start(admin, k.Workspace, exporter.Spec{Format: exporter.CSV, Language: "pt-BR"})
		if err != nil {
			k.t.Fatal(err)
		}
		return number(int64(e.ID), nil)
	case "view":
		return number(k.App.Contacts.SaveView(admin, k.Workspace, contact.View{Name: "vista " + k.serial(), Filter: "has:phone", Sort: contact.SortName}))
	case "upload":
		u, err := k.App.Uploads.Create(admin, k.Workspace, "lista.csv", "", 100)
		if err != nil {
			k.t.Fatal(err)
		}
		return u.ID, true
	}
	return "", false
}

// serial gives a text that no other call gives.
func (k *Kit) serial() string { return strconv.FormatInt(k.count.Add(1), 10) }

// list is a file of three rows with phones that no other call gives; the last has none and is an error.
func (k *Kit) list() string {
	n := k.count.Add(1)
	phone := func(i int64) string { return "(11) 9" + strconv.FormatInt(50_000_000+2*n+i, 10) }
	return "Nome;Celular\r\nAna Lima;" + phone(0) + "\r\nRui Sá;" + phone(1) + "\r\nSem Número;\r\n"
}

// Uploaded opens an import of a file for the administrator.
func (k *Kit) Uploaded(name, text string) *importer.Import {
	k.t.Helper()
	imp, err := k.App.Imports.Upload(k.As(auth.Admin), k.Workspace, name, strings.NewReader(text), nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return imp
}

// Reviewed opens an import of a semicolon file with the columns Nome and Celular, and reviews it.
func (k *Kit) Reviewed(name, text string) *importer.Import {
	k.t.Helper()
	set := importer.Settings{
		Dialect: table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Quote: '"', Header: 1}, Purpose: mapping.PurposeUpsert,
		Identifier: mapping.ByPhone, Country: "BR", Language: "pt-BR",
		Mapping: mapping.Mapping{Columns: []mapping.Column{{Header: "Nome", Field: "name"}, {Header: "Celular", Field: "phone"}}},
	}
	imp, err := k.App.Imports.Review(k.As(auth.Admin), k.Workspace, k.Uploaded(name, text).ID, set, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return imp
}

// Applied is Reviewed, and what was reviewed carried out.
func (k *Kit) Applied(name, text string) *importer.Import {
	k.t.Helper()
	imp, err := k.App.Imports.Apply(k.As(auth.Admin), k.Workspace, k.Reviewed(name, text).ID, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return imp
}

func (k *Kit) label(ctx context.Context, kind string) (id int64, err error) {
	err = k.App.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		var ids []int64
		var err error
		now := time.Now().UnixMicro()
		switch kind {
		case "tag":
			ids, err = contact.EnsureTags(ctx, tx, k.Workspace, []string{"etiqueta " + k.serial()}, now)
		case "group":
			ids, err = contact.EnsureGroups(ctx, tx, k.Workspace, []string{"grupo " + k.serial()}, now)
		default:
			var id int64
			id, err = contact.DefineField(ctx, tx, k.Workspace, contact.CustomField{Label: "Campo " + k.serial(), Type: "text"}, now)
			ids = []int64{id}
		}
		if err == nil {
			id = ids[0]
		}
		return err
	})
	return id, err
}

// notice tells the administrator something and gives the number of what was told.
func (k *Kit) notice(ctx context.Context) (int64, error) {
	me := int64(k.Person(auth.Admin).Actor.Member)
	err := k.App.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return k.App.Notify.Notices.Give(ctx, tx, k.Workspace, []int64{me}, notice.New{Kind: notice.ImportUndone, Subject: 1, Once: k.serial()})
	})
	if err != nil {
		return 0, err
	}
	list, err := k.App.Notify.Notices.List(ctx, k.Workspace, me, 0, 1)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return int64(list[0].ID), nil
}
