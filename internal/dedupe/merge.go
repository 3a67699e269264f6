package dedupe

import (
	"cmp"
	"context"
	"slices"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
)

// maxMerge is the most contacts of one merge.
const maxMerge = 50

// Proposal is what a merge would come to, before anything is written.
type Proposal struct {
	Survivor contact.ID
	Contacts []*contact.Contact    // the survivor first, the others by age
	Result   *contact.Contact      // the survivor as it would be
	From     map[string]contact.ID // for each field with one value whose contacts differ: whose value the result has
}

// Choices are what a person decided: the contact that stays (0: the oldest), and for fields with one value the
// contact whose value stays. A field without a choice keeps the survivor's value, and where that is empty takes the one that was
// changed last. Channels, tags and groups are joined, whatever is chosen; Primary says whose first phone or address
// of a kind comes first.
type Choices struct {
	Survivor contact.ID
	Fields   map[string]contact.ID // by field key: "name", "custom.3", "phone" for the primary of a kind
}

// Propose tells what a merge of contacts would come to. Errors: dedupe.too_few, dedupe.too_many {most}, contact.not_found.
func (s *Service) Propose(ctx context.Context, workspace int64, ids []contact.ID, ch Choices) (*Proposal, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, err
	}
	var p *Proposal
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		p, err = s.propose(ctx, q, workspace, ids, ch, false)
		return err
	})
	return p, err
}

func (s *Service) propose(ctx context.Context, q db.Querier, workspace int64, ids []contact.ID, ch Choices, lock bool) (*Proposal, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	switch {
	case len(ids) < 2:
		return nil, errs.New(errs.Invalid, "dedupe.too_few")
	case len(ids) > maxMerge:
		return nil, errs.New(errs.Invalid, "dedupe.too_many", "most", int64(maxMerge))
	}
	found, err := s.visible(ctx, q, workspace, ids, lock)
	if err != nil {
		return nil, err
	}
	p := &Proposal{Survivor: ch.Survivor, From: map[string]contact.ID{}}
	for _, id := range ids {
		p.Contacts = append(p.Contacts, found[id])
	}
	slices.SortStableFunc(p.Contacts, func(a, b *contact.Contact) int {
		return cmp.Or(cmp.Compare(a.CreatedAt, b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	if p.Survivor == 0 {
		p.Survivor = p.Contacts[0].ID
	}
	i := slices.IndexFunc(p.Contacts, func(c *contact.Contact) bool { return c.ID == p.Survivor })
	if i < 0 {
		return nil, errs.New(errs.Invalid, "dedupe.survivor")
	}
	first := p.Contacts[i]
	p.Contacts = slices.Insert(slices.Delete(p.Contacts, i, i+1), 0, first)
	p.join(ch.Fields)
	return p, nil
}

// join makes the result.
func (p *Proposal) join(chosen map[string]contact.ID) {
	r := p.Contacts[0].Clone()
	p.Result = r
	for _, key := range p.singleFields() {
		from := p.pick(key, chosen[key])
		if from == nil {
			continue
		}
		// The text was in normal form in another contact: it is in this one.
		_ = r.SetText(key, from.Text(key))
		if p.differ(key) {
			p.From[key] = from.ID
		}
	}
	for _, c := range p.Contacts[1:] {
		r.Tags = append(r.Tags, c.Tags...)
		r.Groups = append(r.Groups, c.Groups...)
		r.DoNotContact = r.DoNotContact || c.DoNotContact
	}
	slices.Sort(r.Tags)
	slices.Sort(r.Groups)
	r.Tags, r.Groups = slices.Compact(r.Tags), slices.Compact(r.Groups)
	r.Channels = p.channels(chosen)
}

// singleFields gives the keys of the fields with one value that any of the contacts has.
func (p *Proposal) singleFields() []string {
	var keys []string
	for s := range contact.NumScalars {
		keys = append(keys, contact.Scalar(s).Key())
	}
	var custom []int64
	for _, c := range p.Contacts {
		for _, v := range c.Custom {
			custom = append(custom, v.ID)
		}
	}
	slices.Sort(custom)
	for _, id := range slices.Compact(custom) {
		keys = append(keys, contact.CustomKey(id))
	}
	return keys
}

// pick gives the contact whose value of a field the result has, nil where none has any.
func (p *Proposal) pick(key string, chosen contact.ID) *contact.Contact {
	var best *contact.Contact
	for i, c := range p.Contacts {
		switch {
		case c.ID == chosen:
			return c // also where its value is empty: that was seen when it was chosen
		case c.Text(key) == "":
		case i == 0:
			best = c
		case best == nil || best != p.Contacts[0] && c.UpdatedAt > best.UpdatedAt:
			best = c
		}
	}
	return best
}

func (p *Proposal) differ(key string) bool {
	for _, c := range p.Contacts[1:] {
		if c.Text(key) != p.Contacts[0].Text(key) {
			return true
		}
	}
	return false
}

// channels joins the addresses of all: those of the survivor first, then by age, each identity once. Whoever opted out of
// one stays out.
func (p *Proposal) channels(chosen map[string]contact.ID) []contact.Channel {
	var out []contact.Channel
	for _, kind := range contact.ChannelKinds() {
		order := slices.Clone(p.Contacts)
		if id := chosen[string(kind)]; id != 0 {
			slices.SortStableFunc(order, func(a, b *contact.Contact) int {
				switch {
				case a.ID == id && b.ID != id:
					return -1
				case b.ID == id && a.ID != id:
					return 1
				}
				return 0
			})
		}
		start := len(out)
		for _, c := range order {
			for _, ch := range c.Channels {
				if ch.Kind != kind {
					continue
				}
				i := slices.IndexFunc(out[start:], func(have contact.Channel) bool { return sameAddress(have, ch) })
				if i < 0 {
					out = append(out, ch)
					continue
				}
				have := &out[start+i]
				if ch.OptedOutAt != 0 && (have.OptedOutAt == 0 || ch.OptedOutAt > have.OptedOutAt) {
					have.OptedOutAt = ch.OptedOutAt
				}
				if have.Basis == "" && ch.Basis != "" {
					have.Basis, have.BasisSource, have.BasisAt = ch.Basis, ch.BasisSource, ch.BasisAt
				}
				if have.Label == "" {
					have.Label = ch.Label
				}
			}
		}
	}
	contact.SortChannels(out)
	return out
}

func sameAddress(a, b contact.Channel) bool {
	ka, okA := contact.KeyOf(a.Kind, a.Value)
	kb, okB := contact.KeyOf(b.Kind, b.Value)
	if okA && okB {
		return ka == kb
	}
	return a.Value == b.Value
}

// Merge makes one contact of several: the survivor gets what [Service.Propose] shows, the others go to the bin. It gives the change
// set by which [Service.Unmerge] takes it apart again. versions, where given, are those that the person saw: where one has
// changed since, nothing is done and the error is dedupe.changed (Conflict).
func (s *Service) Merge(ctx context.Context, workspace int64, ids []contact.ID, ch Choices, versions map[contact.ID]int64) (journal.SetID, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return 0, err
	}
	var set journal.SetID
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		set, err = s.merge(ctx, tx, workspace, ids, ch, versions, 0)
		return err
	})
	return set, err
}

func (s *Service) merge(ctx context.Context, tx *db.Tx, workspace int64, ids []contact.ID, ch Choices, versions map[contact.ID]int64, batch int64) (journal.SetID, error) {
	p, err := s.propose(ctx, tx, workspace, ids, ch, true)
	if err != nil {
		return 0, err
	}
	for _, c := range p.Contacts {
		if v, ok := versions[c.ID]; ok && v != c.Version {
			return 0, errs.New(errs.Conflict, "dedupe.changed")
		}
	}
	st, err := s.open(ctx, tx, workspace, journal.KindMerge, 0)
	if err != nil {
		return 0, err
	}
	var gone []contact.ID
	for _, c := range p.Contacts[1:] {
		gone = append(gone, c.ID)
	}
	// The others go first, so that what is theirs alone (an external id) is free for the survivor.
	if err := contact.Bin(ctx, tx, st, gone); err != nil {
		return 0, err
	}
	if changes := contact.Diff(p.Contacts[0], p.Result); len(changes) > 0 {
		if err := contact.Write(ctx, tx, st, nil, []contact.Update{{Old: p.Contacts[0], New: p.Result, Changes: changes}}); err != nil {
			return 0, err
		}
	}
	for _, id := range gone {
		_, err := tx.Exec(ctx, "INSERT INTO contact_merge (workspace_id, set_id, merged, survivor, batch_id) VALUES ($1, $2, $3, $4, $5)",
			workspace, int64(st.Set), int64(id), int64(p.Survivor), batch)
		if err != nil {
			return 0, err
		}
	}
	return st.Set, forget(ctx, tx, workspace, gone, ids)
}
