package importer

import (
	"cmp"
	"slices"
	"strings"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
)

// build makes the contact that a row adds.
func (l *layout) build(r *Record) *contact.Contact {
	c := &contact.Contact{}
	for i, s := range l.slots {
		v := r.Values[i]
		if v == "" || v == clearMark {
			continue
		}
		if s.custom != 0 {
			c.SetCustom(s.custom, v)
		} else {
			c.Scalars[s.scalar] = v
		}
	}
	c.Scalars[contact.Name] = nameOf(c)
	c.Channels = r.Channels
	l.consent(c, r)
	c.Tags = union(union(nil, r.Tags), l.tags)
	if l.importTag != 0 {
		c.Tags = withID(c.Tags, l.importTag)
	}
	c.Groups = union(nil, r.Groups)
	if l.group != 0 {
		c.Groups = withID(c.Groups, l.group)
	}
	return c
}

// nameOf gives the name of a contact, or what stands for it where there is none: its parts, or the company.
func nameOf(c *contact.Contact) string {
	return cmp.Or(c.Scalars[contact.Name], fullName(c), c.Scalars[contact.Company])
}

func fullName(c *contact.Contact) string {
	return strings.TrimSpace(c.Scalars[contact.FirstName] + " " + c.Scalars[contact.LastName])
}

// merge changes c by what a row says. The slices of c are never changed in place.
func (l *layout) merge(c *contact.Contact, r *Record) (issues []errs.Issue) {
	before := fullName(c)
	named := false
	for i := range l.slots {
		s := &l.slots[i]
		cur := ""
		if s.custom != 0 {
			cur = c.CustomText(s.custom)
		} else {
			cur = c.Scalars[s.scalar]
			named = named || s.scalar == contact.Name
		}
		v := r.Values[i]
		switch {
		case v == cur:
			continue
		case v == clearMark:
			v = ""
		case v == "" && (s.keepEmpty || r.faulty(s.key)):
			continue // a cell that was left out for its fault is no empty cell
		}
		if s.keep && cur != "" || s.keepTyped && cur != "" && c.IsTyped(s.key) {
			continue
		}
		if s.custom != 0 {
			c.Custom = slices.Clone(c.Custom)
			c.SetCustom(s.custom, v)
		} else {
			c.Scalars[s.scalar] = v
		}
	}
	// The name follows its parts, unless it says something else than they did.
	if after := fullName(c); !named && after != before && after != "" && (c.Scalars[contact.Name] == before || c.Scalars[contact.Name] == "") {
		c.Scalars[contact.Name] = after
	}
	if named {
		c.Scalars[contact.Name] = nameOf(c)
	}
	for i := range l.kinds {
		l.mergeChannels(c, r, &l.kinds[i])
	}
	issues = l.consent(c, r)
	l.mergeSets(c, r)
	return issues
}

// faulty tells whether a cell of the field was dropped for a fault.
func (r *Record) faulty(field string) bool {
	for i := range r.Issues {
		if r.Issues[i].Field == field {
			return true
		}
	}
	return false
}

// mergeChannels lets the n columns of one kind speak of the first n addresses of the contact. An address that
// is there already stays where it is. A new one takes the place of one that the file no longer has, or goes to
// the end. Without "do not overwrite", an address whose cell is empty goes, but never one of the kind by which
// the row was recognised.
func (l *layout) mergeChannels(c *contact.Contact, r *Record, rule *channelRule) {
	given, has := ofKind(r.Channels, rule.kind), ofKind(c.Channels, rule.kind)
	if slices.EqualFunc(given, has, sameAddress) {
		return
	}
	if rule.keepTyped && len(has) > 0 && c.IsTyped(string(rule.kind)) {
		return
	}
	var incoming []contact.Channel
	for _, g := range given {
		if !slices.ContainsFunc(has, func(h contact.Channel) bool { return sameAddress(h, g) }) {
			incoming = append(incoming, g)
		}
	}
	out := slices.Clone(has)
	columns := rule.columns
	if l.joins {
		columns = max(columns, len(given)) // as if each row had brought a column
	}
	if rule.keep {
		for _, g := range incoming {
			if len(out) < columns {
				out = append(out, g)
			}
		}
	} else {
		empties := columns - len(given)
		if rule.keepEmpty || string(l.identifier) == string(rule.kind) || r.faulty(string(rule.kind)) {
			empties = 0
		}
		kept := out[:0:0]
		for i, h := range out {
			displaced := i < columns && !slices.ContainsFunc(given, func(g contact.Channel) bool { return sameAddress(h, g) })
			switch {
			case displaced && len(incoming) > 0:
				kept = append(kept, incoming[0])
				incoming = incoming[1:]
			case displaced && empties > 0:
				empties--
			default:
				kept = append(kept, h)
			}
		}
		out = append(kept, incoming...)
	}
	if !slices.Equal(out, has) {
		all := slices.DeleteFunc(slices.Clone(c.Channels), func(ch contact.Channel) bool { return ch.Kind == rule.kind })
		c.Channels = append(all, out...)
		contact.SortChannels(c.Channels)
	}
}

func sameAddress(a, b contact.Channel) bool {
	if a.Value == b.Value {
		return true
	}
	ka, _ := contact.KeyOf(a.Kind, a.Value)
	kb, _ := contact.KeyOf(b.Kind, b.Value)
	return ka == kb
}

func ofKind(cs []contact.Channel, kind contact.Kind) []contact.Channel {
	lo := slices.IndexFunc(cs, func(c contact.Channel) bool { return c.Kind == kind })
	if lo < 0 {
		return nil
	}
	hi := lo
	for hi < len(cs) && cs[hi].Kind == kind {
		hi++
	}
	return cs[lo:hi]
}

// consent puts what the row says of consent, and the legal basis of the import, on the contact's addresses. An
// opt-out is never undone by a file.
func (l *layout) consent(c *contact.Contact, r *Record) (issues []errs.Issue) {
	if r.Consent == ConsentUnknown && l.basis == "" {
		return nil
	}
	out := slices.Clone(c.Channels)
	for i := range out {
		ch := &out[i]
		switch {
		case r.Consent == ConsentRefused:
			if ch.OptedOutAt == 0 {
				ch.OptedOutAt = importTime
			}
		case ch.OptedOutAt != 0:
			if r.Consent == ConsentGiven && issues == nil {
				issues = append(issues, errs.NewIssue(errs.Warning, "row.opt_out_kept", ""))
			}
		case r.Consent == ConsentGiven && ch.Basis != "consent":
			ch.Basis, ch.BasisSource, ch.BasisAt = "consent", "import", importTime
		case r.Consent == ConsentUnknown && ch.Basis == "":
			ch.Basis, ch.BasisSource, ch.BasisAt = l.basis, "import", importTime
		}
	}
	if !slices.Equal(out, c.Channels) {
		c.Channels = out
	}
	return issues
}

// importTime stands for the time of the import in a decision, which must not depend on the clock, or a review and
// the start after it would differ. [Service.Apply] writes the import's change set's time instead.
const importTime = int64(1)

func (l *layout) mergeSets(c *contact.Contact, r *Record) {
	tags := c.Tags
	if rule := l.setRules.tags; rule.mapped {
		switch {
		case rule.keep:
			tags = union(tags, r.Tags)
		case len(r.Tags) > 0 || !rule.keepEmpty && !r.faulty(contact.FieldTags):
			tags = union(nil, r.Tags)
			for _, t := range c.Tags {
				if l.marks[t] {
					tags = withID(tags, t)
				}
			}
		}
	}
	c.Tags = union(tags, l.tags)
	if l.setRules.groups.mapped {
		c.Groups = union(c.Groups, r.Groups)
	}
	if l.group != 0 {
		c.Groups = withID(c.Groups, l.group)
	}
}

// union gives the ids of both, in order, each once. It shares memory with a where b adds nothing.
func union(a, b []int64) []int64 {
	for _, id := range b {
		a = withID(a, id)
	}
	return a
}
