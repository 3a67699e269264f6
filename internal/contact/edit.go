package contact

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
	"cadastro/internal/normalize"
)

// Faults are all that is wrong with an Input, each with its Field: the cause (errors.As) of the Invalid "contact.faulty"
// {count} of Add and Save. Field of an address is "phone.0": kind and place.
type Faults []Issue

// Error implements error without the values.
func (f Faults) Error() string { return "faulty fields" }

// Changed tells what others changed since the version that an editor saw: the cause (errors.As) of contact.changed.
type Changed struct {
	Now    *Contact
	Fields []string // keys that differ; nil where the history does not tell
}

// Error implements error.
func (c *Changed) Error() string { return "changed since" }

// Bases gives the legal bases of LGPD art. 7 that a consent may name.
func Bases() []string {
	return []string{"consent", "legitimate_interest", "contract", "legal_duty", "credit_protection", "other"}
}

// Add makes a contact. Errors: Invalid contact.faulty, contact.empty.
func (s *Service) Add(ctx context.Context, workspace int64, in Input) (*Contact, error) {
	var out *Contact
	err := s.act(ctx, workspace, auth.ContactsWrite, func(ctx context.Context, tx *db.Tx, a *act) error {
		c := &Contact{Version: 1, Source: a.source()}
		if err := a.fill(ctx, tx, c, &in); err != nil {
			return err
		}
		if c.Scalars[Name] == "" && len(c.Channels) == 0 {
			return errs.New(errs.Invalid, "contact.empty")
		}
		c.MarkTyped(Diff(&Contact{}, c), true)
		id, err := tx.Reserve(ctx, workspace, "contact", 1)
		if err != nil {
			return err
		}
		c.ID, c.CreatedAt, c.UpdatedAt = ID(id), a.now, a.now
		if err := a.open(ctx, tx, journal.KindEdit); err != nil {
			return err
		}
		c.CreatedBy, c.ChangedBy = int64(a.set), int64(a.set)
		blocked := c.DoNotContact
		if err := Write(ctx, tx, a.stamp(), NewAdded([]*Contact{c}), nil); err != nil {
			return err
		}
		if blocked {
			_, err = tx.Exec(ctx, "UPDATE contact SET do_not_contact = TRUE WHERE workspace_id = $1 AND id = $2", workspace, id)
		}
		out = c
		return err
	})
	return out, err
}

// Save changes a contact as one act. version is the one that the editor saw. Errors: Conflict contact.changed {id, version}
// with [Changed] as its cause; Invalid contact.faulty, contact.empty; NotFound contact.not_found.
func (s *Service) Save(ctx context.Context, workspace int64, id ID, version int64, in Input) (*Contact, error) {
	var out *Contact
	err := s.act(ctx, workspace, auth.ContactsWrite, func(ctx context.Context, tx *db.Tx, a *act) error {
		old, err := loadSeen(ctx, tx, workspace, id, a.sight, true)
		if err != nil {
			return err
		}
		if old.Deleted {
			return notFound(id)
		}
		if old.Version != version {
			fields, err := changedSince(ctx, tx, workspace, old, version)
			if err != nil {
				return err
			}
			return errs.Wrap(&Changed{old, fields}, errs.Conflict, "contact.changed", "id", int64(id), "version", old.Version)
		}
		c := old.Clone()
		if err := a.fill(ctx, tx, c, &in); err != nil {
			return err
		}
		if c.Scalars[Name] == "" && len(c.Channels) == 0 && (old.Scalars[Name] != "" || len(old.Channels) > 0) {
			return errs.New(errs.Invalid, "contact.empty")
		}
		out = old
		if changes := Diff(old, c); len(changes) > 0 {
			c.MarkTyped(changes, true)
			out = c
			return a.change(ctx, tx, journal.KindEdit, old, c)
		}
		return nil
	})
	return out, err
}

// changedSince gives the fields that were changed since a version, each change having made one more; nil where the
// history does not reach back that far.
func changedSince(ctx context.Context, q db.Querier, workspace int64, c *Contact, version int64) ([]string, error) {
	steps := c.Version - version
	if steps < 1 || steps > 100 {
		return nil, nil
	}
	list, err := journal.OfContact(ctx, q, workspace, int64(c.ID), 0, int(steps))
	if err != nil || int64(len(list)) < steps {
		return nil, err
	}
	fields := map[string]bool{}
	for _, p := range list {
		for _, ch := range p.Changes {
			if ch.Field != FieldTyped {
				fields[ch.Field] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(fields)), nil
}

// act is one act of the actor of a context, in a transaction.
type act struct {
	s         *Service
	workspace int64
	actor     auth.Actor
	sight     auth.Sight
	now       int64
	set       journal.SetID
}

// act runs f in a write transaction once the actor holds p.
func (s *Service) act(ctx context.Context, workspace int64, p auth.Permission, f func(ctx context.Context, tx *db.Tx, a *act) error) error {
	if err := auth.RequireIn(ctx, workspace, p); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		sight, err := sightOf(ctx, tx, workspace, p)
		if err != nil {
			return err
		}
		actor, _ := auth.From(ctx) // sightOf has seen it
		return f(ctx, tx, &act{s: s, workspace: workspace, actor: actor, sight: sight, now: s.Now().UnixMicro()})
	})
}

func (a *act) source() string {
	if a.actor.Kind == auth.Token {
		return "api"
	}
	return "manual"
}

func (a *act) open(ctx context.Context, tx *db.Tx, kind string) (err error) {
	a.set, err = journal.Open(ctx, tx, a.workspace, journal.Set{Kind: kind, Actor: a.actor.String(), MadeAt: a.now})
	return err
}

func (a *act) stamp() Stamp {
	return Stamp{Workspace: a.workspace, Set: a.set, Now: a.now, Source: a.source()}
}

// change writes one changed contact as a change set of its own.
func (a *act) change(ctx context.Context, tx *db.Tx, kind string, old, c *Contact) error {
	if err := a.open(ctx, tx, kind); err != nil {
		return err
	}
	c.Version, c.ChangedBy, c.UpdatedAt = old.Version+1, int64(a.set), a.now
	return Write(ctx, tx, a.stamp(), nil, []Update{{Old: old, New: c, Changes: Diff(old, c)}})
}

// fill puts an input into a contact, or tells all that is wrong with it.
func (a *act) fill(ctx context.Context, tx *db.Tx, c *Contact, in *Input) error {
	cat, err := LoadCatalogue(ctx, tx, a.workspace)
	if err != nil {
		return err
	}
	r, err := a.s.reading(ctx, tx, a.workspace, cat)
	if err != nil {
		return err
	}
	var faults Faults
	note := func(field string, issues []Issue) bool {
		ok := true
		for _, is := range issues {
			if is.Severity == errs.Reject {
				is.Field = field
				faults = append(faults, is)
				ok = false
			}
		}
		return ok
	}
	for _, key := range slices.Sorted(maps.Keys(in.Fields)) {
		if v, issues := r.value(key, in.Fields[key]); note(key, issues) {
			if err := c.SetText(key, v); err != nil {
				return err
			}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(in.Channels)) {
		if !IsChannel(string(kind)) {
			note(string(kind), []Issue{errs.NewIssue(errs.Reject, "field.unknown", string(kind))})
			continue
		}
		a.channels(c, r, kind, in.Channels[kind], note)
	}
	if in.Blocked != nil {
		c.DoNotContact = *in.Blocked
	}
	if in.Tags != nil {
		var names []string
		for _, t := range *in.Tags {
			list, issues := normalize.List(nil, t, "\n") // one name: no sign parts it
			if note(FieldTags, issues) {
				names = append(names, list...)
			}
		}
		if len(faults) == 0 {
			ids, err := EnsureTags(ctx, tx, a.workspace, names, a.now)
			if err != nil {
				return err
			}
			c.Tags = sortedSet(ids)
		}
	}
	if in.Groups != nil {
		note(FieldGroups, a.groups(c, cat, *in.Groups))
	}
	if len(faults) > 0 {
		return errs.Wrap(faults, errs.Invalid, "contact.faulty", "count", len(faults))
	}
	return nil
}

// channels replaces the addresses of a kind. An address that was there keeps its consent and what was typed first.
func (a *act) channels(c *Contact, r *reading, kind Kind, list []ChannelInput, note func(string, []Issue) bool) {
	before := ofKind(c.Channels, kind)
	var out []Channel
	for i, in := range list {
		v, issues := r.address(kind, in.Value)
		if !note(string(kind)+"."+strconv.Itoa(i), issues) || v == "" {
			continue
		}
		ch := Channel{Kind: kind, Value: v}
		if in.Value != v && len(in.Value) <= maxLine {
			ch.Raw = in.Value
		}
		key, _ := KeyOf(kind, v)
		same := func(o Channel) bool { k, _ := KeyOf(kind, o.Value); return k == key }
		if slices.ContainsFunc(out, same) {
			continue
		}
		if j := slices.IndexFunc(before, same); j >= 0 {
			was := before[j]
			if was.Value == v {
				ch.Raw = was.Raw
			}
			ch.Basis, ch.BasisSource, ch.BasisAt, ch.OptedOutAt = was.Basis, was.BasisSource, was.BasisAt, was.OptedOutAt
		}
		ch.Label, _ = limited(normalize.CleanLine, in.Label, 100)
		if in.Basis != "" && (in.Basis != ch.Basis || in.BasisSource != ch.BasisSource) {
			if !slices.Contains(Bases(), in.Basis) {
				note(string(kind)+"."+strconv.Itoa(i), []Issue{errs.NewIssue(errs.Reject, "channel.basis_unknown", in.Basis)})
			}
			source, _ := limited(normalize.CleanLine, in.BasisSource, 200)
			ch.Basis, ch.BasisSource, ch.BasisAt = in.Basis, source, a.now
		}
		if in.OptedOut != nil && *in.OptedOut != (ch.OptedOutAt != 0) {
			ch.OptedOutAt = 0
			if *in.OptedOut {
				ch.OptedOutAt = a.now
			}
		}
		out = append(out, ch)
	}
	c.setChannels(kind, out)
}

// groups sets the groups of a contact. Those that the actor does not see stay as they are, and cannot be chosen.
func (a *act) groups(c *Contact, cat *Catalogue, ids []int64) []Issue {
	var out []int64
	for _, g := range c.Groups {
		if slices.Contains(a.sight.Hidden, g) {
			out = append(out, g)
		}
	}
	for _, g := range ids {
		if cat.GroupName(g) == "" || slices.Contains(a.sight.Hidden, g) {
			return []Issue{errs.NewIssue(errs.Reject, "group.unknown", strconv.FormatInt(g, 10))}
		}
		out = append(out, g)
	}
	c.Groups = sortedSet(out)
	return nil
}

func sortedSet(ids []int64) []int64 {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// FaultsOf gives what is wrong with an input, from the error of Add or Save; nil where that is something else.
func FaultsOf(err error) Faults {
	var f Faults
	errors.As(err, &f)
	return f
}
