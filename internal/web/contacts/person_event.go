package contacts

import (
	"strconv"
	"strings"
	"time"

	"cadastro/internal/contact"
	"cadastro/internal/journal"
)

// eventRow is one act of the history.
type eventRow struct {
	Icon    string
	What    string
	Import  string // address of the import
	File    string
	Who     string
	At      time.Time
	Changes []changeRow
}

type changeRow struct {
	Field, Old, New string
	Added, Removed  string
}

// event writes an act of the history in words.
func (d *personData) event(cat *contact.Catalogue, e *contact.Event) eventRow {
	icons := map[string]string{journal.KindImport: "upload", journal.KindUndo: "undo-2", journal.KindEdit: "pencil", journal.KindDelete: "trash-2",
		journal.KindRestore: "archive-restore", journal.KindMerge: "git-merge", contact.KindAdd: "user-plus"}
	row := eventRow{Icon: icons[e.Kind], At: e.At, Who: d.who(e.Actor, e.Member)}
	if row.Icon == "" {
		row.Icon = "pencil"
	}
	kind := e.Kind
	if kind == contact.KindAdd && e.ImportID != 0 {
		kind = "add_import"
	}
	if d.Base.Text.Has("web.contacts.event." + kind) {
		row.What = d.Base.Text.T("web.contacts.event." + kind)
	} else {
		row.What = d.T("web.contacts.event.edit")
	}
	if e.ImportID != 0 {
		row.Import = "/imports/" + strconv.FormatInt(e.ImportID, 10)
		row.File = d.T("web.contacts.import_n", "id", strconv.FormatInt(e.ImportID, 10))
	}
	for _, ch := range e.Changes {
		if ch.Field == contact.FieldDeleted || ch.Field == contact.FieldTyped {
			continue
		}
		c := changeRow{Field: d.FieldName(cat, ch.Field), Old: ch.Old, New: ch.New, Added: strings.Join(ch.Added, ", "), Removed: strings.Join(ch.Removed, ", ")}
		if c.Added != "" || c.Removed != "" {
			c.Old, c.New = "", ""
		}
		row.Changes = append(row.Changes, c)
	}
	return row
}

// who names an actor.
func (d *personData) who(actor, member string) string {
	switch {
	case member != "":
		return member
	case strings.HasPrefix(actor, "member "):
		return d.T("web.contacts.former_member")
	case strings.HasPrefix(actor, "token "):
		return d.T("web.contacts.by_token")
	case actor == "cli":
		return d.T("web.contacts.by_console")
	}
	return ""
}

// source says in a line where a value came from.
func (d *personData) source(s contact.Source) string {
	if s.At.IsZero() {
		return ""
	}
	text := ""
	switch who := d.who(s.Actor, s.Member); {
	case s.ImportID != 0:
		text = d.T("web.contacts.from_import", "id", strconv.FormatInt(s.ImportID, 10), "day", d.Day(s.At))
	case who != "":
		text = d.T("web.contacts.from_person", "name", who, "day", d.Day(s.At))
	default:
		text = d.T("web.contacts.from_day", "day", d.Day(s.At))
	}
	if s.Before != "" {
		text += " " + d.T("web.contacts.before", "value", s.Before)
	}
	return text
}
