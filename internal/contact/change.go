package contact

import (
	"fmt"
	"slices"
	"strings"

	"cadastro/internal/journal"
)

// Diff gives the changes that make old into new, fields in their order, none where they are equal.
func Diff(old, new *Contact) []journal.Change {
	var out []journal.Change
	add := func(field, a, b string) {
		if a != b {
			out = append(out, journal.Change{Field: field, Old: a, New: b})
		}
	}
	for s := range NumScalars {
		add(s.Key(), old.Scalars[s], new.Scalars[s])
	}
	if !slices.Equal(old.Channels, new.Channels) {
		for _, k := range ChannelKinds() {
			add(string(k), FormatChannels(old.Channels, k), FormatChannels(new.Channels, k))
		}
	}
	diffCustom(old.Custom, new.Custom, add)
	if !slices.Equal(old.Tags, new.Tags) {
		add(FieldTags, FormatIDs(old.Tags), FormatIDs(new.Tags))
	}
	if !slices.Equal(old.Groups, new.Groups) {
		add(FieldGroups, FormatIDs(old.Groups), FormatIDs(new.Groups))
	}
	add(FieldTyped, old.Typed, new.Typed)
	add(FieldBlocked, boolText(old.DoNotContact), boolText(new.DoNotContact))
	add(FieldDeleted, boolText(old.Deleted), boolText(new.Deleted))
	return out
}

func diffCustom(old, new []CustomValue, add func(field, a, b string)) {
	for len(old) > 0 || len(new) > 0 {
		switch {
		case len(new) == 0 || (len(old) > 0 && old[0].ID < new[0].ID):
			add(CustomKey(old[0].ID), old[0].Value, "")
			old = old[1:]
		case len(old) == 0 || new[0].ID < old[0].ID:
			add(CustomKey(new[0].ID), "", new[0].Value)
			new = new[1:]
		default:
			if old[0].Value != new[0].Value {
				add(CustomKey(old[0].ID), old[0].Value, new[0].Value)
			}
			old, new = old[1:], new[1:]
		}
	}
}

// Text gives the value of a field in its text form, as in a [journal.Change].
func (c *Contact) Text(key string) string {
	if s, ok := ScalarByKey(key); ok {
		return c.Scalars[s]
	}
	if id, ok := CustomID(key); ok {
		return c.CustomText(id)
	}
	switch key {
	case FieldTags:
		return FormatIDs(c.Tags)
	case FieldGroups:
		return FormatIDs(c.Groups)
	case FieldTyped:
		return c.Typed
	case FieldBlocked:
		return boolText(c.DoNotContact)
	case FieldDeleted:
		return boolText(c.Deleted)
	}
	return FormatChannels(c.Channels, Kind(key))
}

// SetText sets a field from its text form.
func (c *Contact) SetText(key, text string) error {
	if s, ok := ScalarByKey(key); ok {
		c.Scalars[s] = text
		return nil
	}
	if id, ok := CustomID(key); ok {
		c.SetCustom(id, text)
		return nil
	}
	var err error
	switch {
	case key == FieldTags:
		c.Tags, err = ParseIDs(text)
	case key == FieldGroups:
		c.Groups, err = ParseIDs(text)
	case key == FieldTyped:
		c.Typed = text
	case key == FieldBlocked:
		c.DoNotContact = text == "true"
	case key == FieldDeleted:
		c.Deleted = text == "true"
	case IsChannel(key):
		var cs []Channel
		if cs, err = ParseChannels(text, Kind(key)); err == nil {
			c.setChannels(Kind(key), cs)
		}
	default:
		err = fmt.Errorf("no field %q", key)
	}
	return err
}

// setChannels replaces the channels of one kind and keeps kinds in the order of ChannelKinds.
func (c *Contact) setChannels(kind Kind, cs []Channel) {
	all := slices.DeleteFunc(slices.Clone(c.Channels), func(ch Channel) bool { return ch.Kind == kind })
	c.Channels = append(all, cs...)
	SortChannels(c.Channels)
}

// SortChannels brings channels into the order of kinds, those of one kind staying as they are.
func SortChannels(cs []Channel) {
	order := ChannelKinds()
	slices.SortStableFunc(cs, func(a, b Channel) int {
		return slices.Index(order, a.Kind) - slices.Index(order, b.Kind)
	})
}

// Revert takes changes back from c where nobody has touched the field since, and gives the keys of the
// fields that were left alone. A set (tags, groups) is taken back member by member: what the changes
// added goes, what they removed returns, what came since stays.
func (c *Contact) Revert(changes []journal.Change) (kept []string, err error) {
	for _, ch := range changes {
		now := c.Text(ch.Field)
		switch {
		case now == ch.New:
			err = c.SetText(ch.Field, ch.Old)
		case ch.Field == FieldTags || ch.Field == FieldGroups:
			err = c.revertSet(ch)
		case now != ch.Old:
			kept = append(kept, ch.Field)
		}
		if err != nil {
			return kept, err
		}
	}
	return kept, nil
}

func (c *Contact) revertSet(ch journal.Change) error {
	before, err := ParseIDs(ch.Old)
	if err != nil {
		return err
	}
	after, err := ParseIDs(ch.New)
	if err != nil {
		return err
	}
	now, err := ParseIDs(c.Text(ch.Field))
	if err != nil {
		return err
	}
	var out []int64
	for _, id := range now {
		if slices.Contains(before, id) || !slices.Contains(after, id) {
			out = append(out, id)
		}
	}
	for _, id := range before {
		if !slices.Contains(after, id) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return c.SetText(ch.Field, FormatIDs(slices.Compact(out)))
}

// MarkTyped records which fields a person typed (on) or another source set (off), in the order of keys.
func (c *Contact) MarkTyped(changes []journal.Change, on bool) {
	var keys []string
	if c.Typed != "" {
		keys = strings.Split(c.Typed, ",")
	}
	for _, ch := range changes {
		i, found := slices.BinarySearch(keys, ch.Field)
		switch {
		case on && !found:
			keys = slices.Insert(keys, i, ch.Field)
		case !on && found:
			keys = slices.Delete(keys, i, i+1)
		}
	}
	c.Typed = strings.Join(keys, ",")
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return ""
}
