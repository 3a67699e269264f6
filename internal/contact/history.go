package contact

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/journal"
)

// KindAdd is the kind of the event that made a contact, whatever act that was.
const KindAdd = "add"

// Event is one act that made or changed a contact.
type Event struct {
	Set      journal.SetID
	Kind     string // as journal.Kind…, or "add"
	Actor    string // "member 3", "token 5", "cli", "system"
	Member   string // the member's name where the actor is one, "" where it is gone
	ImportID int64
	At       time.Time
	Changes  []Change
}

// Change is one field of an event, old and new as they are shown.
type Change struct {
	Field, Old, New string
	Added, Removed  []string // of tags, groups and addresses
}

// maxHistory bounds a page of history.
const maxHistory = 200

// History gives the acts of a contact, the newest first, those before the given set first (0 for all); more tells that
// there are older ones.
func (s *Service) History(ctx context.Context, workspace int64, id ID, before journal.SetID, limit int) (list []Event, more bool, err error) {
	if limit < 1 || limit > maxHistory {
		limit = DefaultPage
	}
	err = s.past(ctx, workspace, id, func(ctx context.Context, q db.Querier, p *past) error {
		parts, err := journal.OfContact(ctx, q, workspace, int64(id), before, limit+1)
		if err != nil {
			return err
		}
		if more = len(parts) > limit; more {
			parts = parts[:limit]
		}
		for _, part := range parts {
			if e := p.event(&part.Set, part.Changes); len(e.Changes) > 0 {
				list = append(list, e)
			}
		}
		made := journal.SetID(p.c.CreatedBy)
		if more || before != 0 && made >= before {
			return nil
		}
		set, ok, err := journal.Get(ctx, q, workspace, made)
		if err != nil {
			return err
		}
		if !ok {
			set = journal.Set{ID: made, MadeAt: p.c.CreatedAt}
		}
		e := p.event(&set, nil)
		e.Kind = KindAdd
		list = append(list, e)
		return nil
	})
	return list, more, err
}

// Source tells where a value came from.
type Source struct {
	Set      journal.SetID
	Kind     string
	Actor    string
	Member   string
	ImportID int64
	At       time.Time
	Before   string // the value before, as it is shown
}

// Sources tells for every field that has a value where it came from, by field key.
func (s *Service) Sources(ctx context.Context, workspace int64, id ID) (map[string]Source, error) {
	out := map[string]Source{}
	err := s.past(ctx, workspace, id, func(ctx context.Context, q db.Querier, p *past) error {
		missing := map[string]bool{}
		for _, ch := range Diff(&Contact{}, p.c) {
			if ch.Field != FieldTyped && ch.Field != FieldDeleted {
				missing[ch.Field] = true
			}
		}
		source := func(e Event, before string) Source {
			return Source{e.Set, e.Kind, e.Actor, e.Member, e.ImportID, e.At, before}
		}
		for before, more := journal.SetID(0), true; more && len(missing) > 0; {
			parts, err := journal.OfContact(ctx, q, workspace, int64(id), before, maxHistory)
			if err != nil {
				return err
			}
			for _, part := range parts {
				before = part.ID
				for _, ch := range part.Changes {
					if missing[ch.Field] {
						delete(missing, ch.Field)
						out[ch.Field] = source(p.event(&part.Set, nil), p.change(ch).Old)
					}
				}
			}
			more = len(parts) == maxHistory
		}
		if len(missing) == 0 {
			return nil
		}
		set, ok, err := journal.Get(ctx, q, workspace, journal.SetID(p.c.CreatedBy))
		if err != nil {
			return err
		}
		if !ok {
			set = journal.Set{MadeAt: p.c.CreatedAt}
		}
		e := p.event(&set, nil)
		e.Kind = KindAdd
		for field := range missing {
			out[field] = source(e, "")
		}
		return nil
	})
	return out, err
}

// past is what tells the history of one contact.
type past struct {
	c     *Contact
	cat   *Catalogue
	sight auth.Sight
}

func (s *Service) past(ctx context.Context, workspace int64, id ID, f func(ctx context.Context, q db.Querier, p *past) error) error {
	return s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		sight, err := sightOf(ctx, q, workspace, auth.ContactsRead)
		if err != nil {
			return err
		}
		c, err := loadSeen(ctx, q, workspace, id, sight, false)
		if err != nil {
			return err
		}
		cat, err := LoadCatalogue(ctx, q, workspace)
		if err != nil {
			return err
		}
		return f(ctx, q, &past{c, cat, sight})
	})
}

func (p *past) event(s *journal.Set, changes []journal.Change) Event {
	e := Event{Set: s.ID, Kind: s.Kind, Actor: s.Actor, ImportID: s.ImportID, At: time.UnixMicro(s.MadeAt).UTC()}
	if id, ok := strings.CutPrefix(s.Actor, "member "); ok {
		e.Member = p.cat.MemberName(id)
	}
	for _, ch := range changes {
		if shown := p.change(ch); shown.Field != FieldTyped && (shown.Old != shown.New || len(shown.Added)+len(shown.Removed) > 0) {
			e.Changes = append(e.Changes, shown)
		}
	}
	return e
}

// change gives a change as it is shown: names in the place of ids, addresses without their consent. Groups that the
// reader does not see are left out.
func (p *past) change(ch journal.Change) Change {
	out := Change{Field: ch.Field, Old: ch.Old, New: ch.New}
	var before, after []string
	switch {
	case ch.Field == FieldTags:
		before, after = p.names(ch.Old, p.cat.TagName), p.names(ch.New, p.cat.TagName)
	case ch.Field == FieldGroups:
		name := func(id int64) string {
			if slices.Contains(p.sight.Hidden, id) {
				return ""
			}
			return p.cat.GroupName(id)
		}
		before, after = p.names(ch.Old, name), p.names(ch.New, name)
	case IsChannel(ch.Field):
		before, after = addresses(ch.Old, Kind(ch.Field)), addresses(ch.New, Kind(ch.Field))
		if slices.Equal(before, after) { // consent or label alone
			out.Old, out.New = consents(ch.Old, Kind(ch.Field)), consents(ch.New, Kind(ch.Field))
			return out
		}
	case ch.Field == Owner.Key():
		out.Old, out.New = p.cat.MemberName(ch.Old), p.cat.MemberName(ch.New)
		return out
	default:
		out.Old, out.New = display(ch.Field, ch.Old), display(ch.Field, ch.New)
		return out
	}
	out.Old, out.New = strings.Join(before, ", "), strings.Join(after, ", ")
	out.Added = slices.DeleteFunc(slices.Clone(after), func(s string) bool { return slices.Contains(before, s) })
	out.Removed = slices.DeleteFunc(before, func(s string) bool { return slices.Contains(after, s) })
	return out
}

// names gives the names of ids in their text form, those without one as "#3".
func (p *past) names(ids string, name func(int64) string) []string {
	list, _ := ParseIDs(ids) // of our own writing
	var out []string
	for _, id := range list {
		if n := name(id); n != "" {
			out = append(out, n)
		} else if !slices.Contains(p.sight.Hidden, id) {
			out = append(out, "#"+strconv.FormatInt(id, 10))
		}
	}
	return out
}

func addresses(text string, kind Kind) []string {
	list, _ := ParseChannels(text, kind) // of our own writing
	out := make([]string, len(list))
	for i := range list {
		out[i] = display(string(kind), list[i].Value)
	}
	return out
}

// consents tells of addresses by their labels, legal bases and opt-outs.
func consents(text string, kind Kind) string {
	list, _ := ParseChannels(text, kind) // of our own writing
	var out []string
	for i := range list {
		c := &list[i]
		words := []string{display(string(kind), c.Value)}
		for _, w := range []string{c.Label, c.Basis, c.BasisSource} {
			if w != "" {
				words = append(words, w)
			}
		}
		if c.OptedOutAt != 0 {
			words = append(words, "opt-out "+time.UnixMicro(c.OptedOutAt).UTC().Format(dayForm))
		}
		out = append(out, strings.Join(words, " "))
	}
	return strings.Join(out, ", ")
}
