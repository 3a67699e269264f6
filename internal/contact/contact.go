package contact

import (
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/normalize"
)

// ID numbers contacts within a workspace.
type ID int64

// Contact is one person or company. Times are microseconds since 1970, UTC. Tags and Groups are ids in
// ascending order; Custom is sorted by field id; channels of one kind stand in their order, the primary first.
type Contact struct {
	ID           ID
	Scalars      [NumScalars]string
	Custom       []CustomValue
	Channels     []Channel
	Tags         []int64
	Groups       []int64
	Typed        string // keys of the fields that a person typed last, comma-separated
	DoNotContact bool
	Source       string
	Version      int64
	CreatedAt    int64
	UpdatedAt    int64
	CreatedBy    int64 // change set
	ChangedBy    int64 // change set
	Deleted      bool
}

// CustomValue is the value of one custom field.
type CustomValue struct {
	ID    int64
	Value string
}

// Channel is one address. Value is the normal form; Raw is what was typed, "" where it is the same.
type Channel struct {
	Kind        Kind
	Value       string
	Raw         string
	Label       string
	Basis       string // legal basis of LGPD art. 7 for writing to it
	BasisSource string
	BasisAt     int64
	OptedOutAt  int64 // 0: not opted out
}

// Key is what an address, a tax id or an external id is recognised by. Two spellings of one identity have
// equal keys; files, the base, search, merge and the API all compare these and nothing else.
type Key struct {
	Kind Kind
	Text string
}

// KeyOf gives the identity key of a value in normal form; ok is false where the value identifies nobody.
func KeyOf(kind Kind, value string) (k Key, ok bool) {
	switch kind {
	case Phone:
		value = normalize.PhoneKey(value)
	case Email:
		value = normalize.EmailKey(value)
	case WhatsApp, Telegram:
		value = normalize.Fold(value)
	case KeyExternalID:
		value = strings.TrimSpace(value)
	}
	return Key{kind, value}, value != ""
}

// Keys appends the identity keys of c to dst, each once.
func (c *Contact) Keys(dst []Key) []Key {
	start := len(dst)
	add := func(kind Kind, value string) {
		if value == "" {
			return
		}
		if k, ok := KeyOf(kind, value); ok && !slices.Contains(dst[start:], k) {
			dst = append(dst, k)
		}
	}
	for i := range c.Channels {
		add(c.Channels[i].Kind, c.Channels[i].Value)
	}
	add(KeyTaxID, c.Scalars[TaxID])
	add(KeyExternalID, c.Scalars[ExternalID])
	return dst
}

// Clone gives a copy that shares nothing which changes.
func (c *Contact) Clone() *Contact {
	d := *c
	d.Custom = slices.Clone(c.Custom)
	d.Channels = slices.Clone(c.Channels)
	d.Tags = slices.Clone(c.Tags)
	d.Groups = slices.Clone(c.Groups)
	return &d
}

// Primary gives the first channel of a kind, nil where there is none.
func (c *Contact) Primary(kind Kind) *Channel {
	for i := range c.Channels {
		if c.Channels[i].Kind == kind {
			return &c.Channels[i]
		}
	}
	return nil
}

// CustomText gives the value of a custom field, "" for none.
func (c *Contact) CustomText(id int64) string {
	if i, ok := c.customAt(id); ok {
		return c.Custom[i].Value
	}
	return ""
}

// SetCustom sets or, with "", clears a custom field.
func (c *Contact) SetCustom(id int64, value string) {
	i, ok := c.customAt(id)
	switch {
	case ok && value == "":
		c.Custom = slices.Delete(c.Custom, i, i+1)
	case ok:
		c.Custom[i].Value = value
	case value != "":
		c.Custom = slices.Insert(c.Custom, i, CustomValue{id, value})
	}
}

func (c *Contact) customAt(id int64) (int, bool) {
	return slices.BinarySearchFunc(c.Custom, id, func(v CustomValue, id int64) int {
		switch {
		case v.ID < id:
			return -1
		case v.ID > id:
			return 1
		}
		return 0
	})
}

// IsTyped tells whether a person typed the field last.
func (c *Contact) IsTyped(key string) bool {
	for k := range strings.SplitSeq(c.Typed, ",") {
		if k == key {
			return true
		}
	}
	return false
}

// String tells the id alone, so that no log holds what is known of a person.
func (c *Contact) String() string { return "contact " + strconv.FormatInt(int64(c.ID), 10) }
