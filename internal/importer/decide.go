package importer

import (
	"slices"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
	"cadastro/internal/mapping"
	"cadastro/internal/match"
)

// Decision is what is to become of one row.
//
// Target is the contact that an update changes or that a skip found. New is the contact as it will be, for
// added and updated ones, but nil of an added one while a plan is made; Changes lead from what is there to it.
type Decision struct {
	Outcome Outcome
	Reason  Reason
	Target  contact.ID
	Old     *contact.Contact
	New     *contact.Contact
	Changes []journal.Change
	Issues  []errs.Issue // what matching had to say, beside the record's own
}

// known is what the base says about the rows of one chunk.
type known struct {
	hits     match.Hits
	contacts map[contact.ID]*contact.Contact
	blocked  map[contact.Key]Reason // keys on the do-not-contact list or of erased people
	sight    auth.Sight             // of the import
	own      journal.SetID          // change set of this import: what it made itself is not "there already"
}

// live appends those of ids that can be recognised: not in the bin, and not made by this very import.
func (k *known) live(dst []contact.ID, ids []contact.ID) []contact.ID {
	for _, id := range ids {
		c := k.contacts[id]
		if c != nil && !c.Deleted && (k.own == 0 || c.CreatedBy != int64(k.own)) && !slices.Contains(dst, id) {
			dst = append(dst, id)
		}
	}
	return dst
}

// decide says what becomes of a row. It reads nothing but its arguments, so that review and apply agree.
func (l *layout) decide(r *Record, k *known) Decision {
	if r.Choice == ChooseLeaveOut {
		return Decision{Outcome: RowSkipped, Reason: LeftOut}
	}
	if errs.Worst(r.Issues) == errs.Reject {
		return Decision{Outcome: RowError, Reason: BadCells}
	}
	for _, key := range r.Keys {
		if why, ok := k.blocked[key]; ok {
			return Decision{Outcome: RowSkipped, Reason: why}
		}
	}
	if l.barred(r, k) {
		return Decision{Outcome: RowError, Reason: OutOfSight, Issues: []errs.Issue{errs.NewIssue(errs.Reject, "row.out_of_sight", "")}}
	}
	if l.purpose == mapping.PurposeAddAll {
		return l.add(r)
	}
	if !r.hasIdentity() {
		return Decision{Outcome: RowError, Reason: NoIdentifier,
			Issues: []errs.Issue{errs.NewIssue(errs.Reject, "row.no_identifier", "", "identifier", string(l.identifier))}}
	}
	var room [4]contact.ID
	ids := k.live(room[:0], k.candidates(r))
	switch {
	case r.Choice == ChooseNew && l.purpose != mapping.PurposeUpdate:
		return l.addUnlessKnown(r, k)
	case r.Choice == ChooseContact && len(ids) == 0:
		return Decision{Outcome: RowError, Reason: KeyConflict,
			Issues: []errs.Issue{errs.NewIssue(errs.Reject, "row.chosen_gone", "", "contact", int64(r.ContactID))}}
	case len(ids) > 1:
		return Decision{Outcome: RowError, Reason: SharedIdentifier,
			Issues: []errs.Issue{errs.NewIssue(errs.Reject, "row.shared_identifier", r.Identity.Text, "count", len(ids))}}
	case len(ids) == 0 && l.purpose == mapping.PurposeUpdate:
		return Decision{Outcome: RowSkipped, Reason: NotFound}
	case len(ids) == 0:
		return l.addUnlessKnown(r, k)
	}
	key, other, ok := k.conflict(r, ids[0])
	if ok && r.Choice == ChooseContact {
		d := l.known(r, k.contacts[ids[0]])
		d.Issues = append(d.Issues, errs.NewIssue(errs.Warning, "row.maybe_duplicate", key.Text, "field", string(key.Kind), "contact", int64(other)))
		return d
	}
	if ok {
		return Decision{Outcome: RowError, Reason: KeyConflict, Target: ids[0],
			Issues: []errs.Issue{errs.NewIssue(errs.Reject, "row.key_conflict", key.Text, "field", string(key.Kind), "contact", int64(ids[0]), "other", int64(other))}}
	}
	return l.known(r, k.contacts[ids[0]])
}

// known decides about a row whose contact is there.
func (l *layout) known(r *Record, old *contact.Contact) Decision {
	if l.purpose == mapping.PurposeAdd {
		return Decision{Outcome: RowSkipped, Reason: Exists, Target: old.ID}
	}
	return l.change(r, old)
}

func (k *known) candidates(r *Record) []contact.ID {
	if r.ContactID != 0 {
		return []contact.ID{r.ContactID}
	}
	return k.hits[r.Identity]
}

// conflict finds a key of the row that belongs to others, and not to the contact that its identifier names.
func (k *known) conflict(r *Record, target contact.ID) (contact.Key, contact.ID, bool) {
	for _, key := range r.Keys {
		if key == r.Identity {
			continue
		}
		var room [4]contact.ID
		ids := k.live(room[:0], k.hits[key])
		if len(ids) > 0 && !slices.Contains(ids, target) {
			return key, ids[0], true
		}
	}
	return contact.Key{}, 0, false
}

// addUnlessKnown adds the row's contact, and warns where a key of one person alone is somebody's already.
func (l *layout) addUnlessKnown(r *Record, k *known) Decision {
	d := l.add(r)
	if d.Outcome != RowImported {
		return d
	}
	for _, key := range r.Keys {
		if key == r.Identity || key.Kind != contact.KeyTaxID && key.Kind != contact.KeyExternalID {
			continue
		}
		var room [4]contact.ID
		if ids := k.live(room[:0], k.hits[key]); len(ids) > 0 {
			d.Issues = append(d.Issues, errs.NewIssue(errs.Warning, "row.maybe_duplicate", key.Text, "field", string(key.Kind), "contact", int64(ids[0])))
		}
	}
	return d
}

func (l *layout) add(r *Record) Decision {
	if l.plans && l.named(r) {
		return Decision{Outcome: RowImported}
	}
	c := l.build(r)
	if c.Scalars[contact.Name] == "" {
		return Decision{Outcome: RowError, Reason: NoName, Issues: []errs.Issue{errs.NewIssue(errs.Reject, "row.no_name", "")}}
	}
	return Decision{Outcome: RowImported, New: c}
}

// named tells whether a row has what stands for a name, see [nameOf].
func (l *layout) named(r *Record) bool {
	for i := range l.slots {
		s := &l.slots[i]
		if s.custom != 0 || r.Values[i] == "" || r.Values[i] == clearMark {
			continue
		}
		switch s.scalar {
		case contact.Name, contact.FirstName, contact.LastName, contact.Company:
			return true
		}
	}
	return false
}

// change merges the row into the contact that it names.
func (l *layout) change(r *Record, old *contact.Contact) Decision {
	l.scratch.Scalars = old.Scalars
	next := &l.scratch
	*next = *old
	issues := l.merge(next, r)
	changes := contact.Diff(old, next)
	if len(changes) == 0 {
		return Decision{Outcome: RowSkipped, Reason: Unchanged, Target: old.ID, Old: old, Issues: issues}
	}
	next = next.Clone()
	if l.importTag != 0 {
		next.Tags = withID(next.Tags, l.importTag)
	}
	next.MarkTyped(changes, false)
	changes = contact.Diff(old, next)
	return Decision{Outcome: RowUpdated, Target: old.ID, Old: old, New: next, Changes: changes, Issues: issues}
}

// withID gives ids with one more, in order, sharing no memory that the caller may still use.
func withID(ids []int64, id int64) []int64 {
	i, found := slices.BinarySearch(ids, id)
	if found {
		return ids
	}
	return slices.Insert(slices.Clone(ids), i, id)
}
