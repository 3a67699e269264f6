package importer

import (
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/charset"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/formula"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
	"cadastro/internal/table"
)

// cleaner takes rows through mapping and normalisation. It belongs to one goroutine.
type cleaner struct {
	l      *layout
	lists  []string // separator of each column
	phones []normalize.Phone
	emails []string
	values []string // arena of Values
	chans  []contact.Channel
	keys   []contact.Key
	drop   []int // columns whose faults are left out in the row at hand
}

func newCleaner(l *layout, ev *evidence) *cleaner {
	c := &cleaner{l: l, lists: make([]string, len(l.columns))}
	for i := range l.columns {
		if l.columns[i].to == toTags || l.columns[i].to == toGroups {
			c.lists[i] = ev.separator(&l.columns[i])
		}
	}
	return c
}

// reset lets go of the arenas, which records of the last chunk still use.
func (c *cleaner) reset(rows int) {
	c.values = make([]string, 0, rows*len(c.l.slots))
	c.chans = make([]contact.Channel, 0, rows*2)
	c.keys = make([]contact.Key, 0, rows*2)
}

// clean fills r from a row. The record keeps strings of the row and no slice.
func (c *cleaner) clean(r *Record, row *table.Row) {
	l := c.l
	r.Number, r.Line = row.Number, row.Line
	r.Issues = append(r.Issues, row.Issues...)
	n := len(c.values)
	c.values = append(c.values, make([]string, len(l.slots))...)
	r.Values = c.values[n : n+len(l.slots) : n+len(l.slots)]
	firstChan, firstKey := len(c.chans), len(c.keys)
	channelType := ""
	for i := range l.columns {
		col := &l.columns[i]
		if col.to == toNothing {
			continue
		}
		raw := cellAt(row.Cells, i)
		if raw == "" && col.Default != "" {
			raw = col.Default
		}
		if raw == "" {
			continue
		}
		if col.ClearWord != "" && strings.EqualFold(normalize.Trim(raw), col.ClearWord) {
			if col.to == toSlot {
				r.Values[col.slot] = clearMark
			}
			continue
		}
		if len(col.Choices) > 0 {
			if v, ok := col.Choices[normalize.Trim(raw)]; ok {
				if raw = v; raw == "" {
					continue
				}
			}
		}
		switch col.to {
		case toSlot:
			c.garbled(r, col, raw)
			c.slot(r, col, raw)
		case toPhone, toWhatsApp:
			if col.combine >= 0 {
				if area := normalize.Trim(cellAt(row.Cells, col.combine)); area != "" {
					raw = area + " " + normalize.Trim(raw)
				}
			}
			c.phone(r, col, raw)
		case toEmail:
			c.email(r, col, raw)
		case toTelegram:
			v, issues := normalize.Telegram(raw)
			if c.note(r, col, raw, issues) && v != "" {
				c.channel(contact.Telegram, v, raw, "")
			}
		case toTags:
			c.garbled(r, col, raw)
			v, issues := normalize.List(nil, formula.Unguard(raw), c.lists[i])
			if c.note(r, col, raw, issues) {
				r.TagNames = col.chosen(r.TagNames, v)
			}
		case toGroups:
			c.garbled(r, col, raw)
			v, issues := normalize.List(nil, formula.Unguard(raw), c.lists[i])
			if c.note(r, col, raw, issues) {
				r.GroupNames = col.chosen(r.GroupNames, v)
			}
		case toConsent:
			yes, set, issues := normalize.Bool(raw)
			if c.note(r, col, raw, issues) && set {
				r.Consent = ConsentRefused
				if yes {
					r.Consent = ConsentGiven
				}
			}
		case toContactID:
			c.contactID(r, col, raw)
		case toChannelType:
			channelType = normalize.Fold(raw)
		case toChannelValue:
			if channelType == "email" || channelType == "e-mail" || strings.IndexByte(raw, '@') > 0 {
				c.email(r, col, raw)
			} else {
				c.phone(r, col, raw)
			}
		}
	}
	c.finish(r, firstChan, firstKey)
}

// garbled tells of text that was decoded twice on its way into the file.
func (c *cleaner) garbled(r *Record, col *column, raw string) {
	if text, ok := charset.Repair(raw); ok {
		c.note(r, col, raw, []errs.Issue{errs.NewIssue(errs.Warning, "value.decoded_twice", raw, "result", errs.Clip(text, errs.MaxIssueValue))})
	}
}

// chosen appends the items of a list, with the column's words in the place of the file's; a word for nothing drops
// its item.
func (col *column) chosen(dst, items []string) []string {
	if len(col.Choices) == 0 {
		return append(dst, items...)
	}
	for _, it := range items {
		if v, ok := col.Choices[it]; ok {
			it = v
		}
		if it != "" {
			dst = append(dst, it)
		}
	}
	return dst
}

// slot reads a cell that feeds a scalar or a custom field. Of several columns with one target the first that
// has something counts, or their texts are joined.
func (c *cleaner) slot(r *Record, col *column, raw string) {
	v, issues := col.read(formula.Unguard(raw))
	if len(issues) > 0 && !c.note(r, col, raw, issues) || v == "" {
		return
	}
	switch cur, join := r.Values[col.slot], c.l.slots[col.slot].join; {
	case cur == "":
		r.Values[col.slot] = v
	case join != "" && cur != clearMark:
		r.Values[col.slot] = cur + join + v
	}
}

// note keeps what a normaliser had to say, placed in its column, and tells whether its value may be used. A
// column that drops its faults turns them into warnings.
func (c *cleaner) note(r *Record, col *column, raw string, issues []errs.Issue) bool {
	ok := true
	for _, is := range issues {
		is.Column, is.Field = col.index, col.Field
		if is.Severity == errs.Reject {
			ok = false
			if col.DropInvalid || slices.Contains(c.drop, col.index) {
				is.Severity = errs.Warning
			}
		}
		r.Issues = append(r.Issues, is)
	}
	return ok
}

func (c *cleaner) phone(r *Record, col *column, raw string) {
	var issues []errs.Issue
	c.phones, issues = normalize.Phones(c.phones[:0], raw, col.country, c.l.preset)
	if len(issues) > 0 && !c.note(r, col, raw, issues) {
		return
	}
	for _, p := range c.phones {
		label := col.label
		if p.Ext != "" {
			label = strings.TrimSpace(label + " ext. " + p.Ext)
		}
		c.channel(contact.Phone, p.E164, raw, label)
	}
}

func (c *cleaner) email(r *Record, col *column, raw string) {
	var issues []errs.Issue
	c.emails, issues = normalize.Emails(c.emails[:0], formula.Unguard(raw))
	if len(issues) > 0 && !c.note(r, col, raw, issues) {
		return
	}
	for _, e := range c.emails {
		c.channel(contact.Email, e, raw, "")
	}
}

// channel adds an address. What was typed is kept where it says more than the normal form.
func (c *cleaner) channel(kind contact.Kind, value, raw, label string) {
	if raw == value || len(raw) > maxLine {
		raw = ""
	}
	c.chans = append(c.chans, contact.Channel{Kind: kind, Value: value, Raw: raw, Label: label})
}

func (c *cleaner) contactID(r *Record, col *column, raw string) {
	id, err := strconv.ParseInt(normalize.Trim(raw), 10, 64)
	if err != nil || id < 1 {
		c.note(r, col, raw, []errs.Issue{errs.NewIssue(errs.Reject, "contact_id.unreadable", raw)})
		return
	}
	r.ContactID = contact.ID(id)
}

// finish sorts the channels into their kinds, drops repeated ones, fills the name from its parts and finds the
// row's keys.
func (c *cleaner) finish(r *Record, firstChan, firstKey int) {
	chans := c.chans[firstChan:]
	if len(chans) > 1 {
		contact.SortChannels(chans)
	}
	kept := chans[:0]
	for i := range chans {
		key, ok := contact.KeyOf(chans[i].Kind, chans[i].Value)
		if !ok || hasKey(c.keys[firstKey:], key) {
			continue
		}
		c.keys = append(c.keys, key)
		kept = append(kept, chans[i])
	}
	c.chans = c.chans[:firstChan+len(kept)]
	r.Channels = kept[:len(kept):len(kept)]
	c.keys = c.l.appendSlotKeys(c.keys, r)
	r.Keys = c.keys[firstKey:len(c.keys):len(c.keys)]
	r.Identity = identityOf(r.Keys, c.l.identifier)
	if c.l.joins && r.Identity.Text == "" {
		r.Identity = c.l.nextBest(r.Keys)
	}
	c.spareServiceNumbers(r)
}

// spareServiceNumbers makes a warning of a short service number such as 190 in a row that says without it whom it
// speaks of. It is nobody's phone and stays out of the contact in any case; in other rows it is the fault.
func (c *cleaner) spareServiceNumbers(r *Record) {
	if !r.hasIdentity() && (c.l.purpose != mapping.PurposeAddAll || len(r.Keys) == 0) {
		return
	}
	for i := range r.Issues {
		if is := &r.Issues[i]; is.Code == "phone.short_code" && is.Severity == errs.Reject {
			is.Severity = errs.Warning
		}
	}
}

// nextBest gives what a row is recognised by that lacks the import's identifier, where rows are joined: a file with a
// row for each address has rows of clients without a code.
func (l *layout) nextBest(keys []contact.Key) contact.Key {
	for _, id := range [...]mapping.Identifier{mapping.ByExternalID, mapping.ByTaxID, mapping.ByPhone, mapping.ByEmail} {
		if key := identityOf(keys, id); key.Text != "" {
			return key
		}
	}
	return contact.Key{}
}

// appendSlotKeys appends the keys that are no addresses.
func (l *layout) appendSlotKeys(dst []contact.Key, r *Record) []contact.Key {
	for i := range l.slots {
		kind := contact.Kind(l.slots[i].key)
		if (kind != contact.KeyTaxID && kind != contact.KeyExternalID) || i >= len(r.Values) || r.Values[i] == clearMark {
			continue
		}
		if key, ok := contact.KeyOf(kind, r.Values[i]); ok {
			dst = append(dst, key)
		}
	}
	return dst
}

// appendKeys appends all keys of a record that comes from a plan.
func (l *layout) appendKeys(dst []contact.Key, r *Record) []contact.Key {
	for i := range r.Channels {
		if key, ok := contact.KeyOf(r.Channels[i].Kind, r.Channels[i].Value); ok {
			dst = append(dst, key)
		}
	}
	return l.appendSlotKeys(dst, r)
}

// identityOf gives the first key of the identifier's kind: a second phone is an address of the contact, not
// what it is recognised by, or families with one landline would be one another's repetition.
func identityOf(keys []contact.Key, id mapping.Identifier) contact.Key {
	for _, k := range keys {
		if string(k.Kind) == string(id) {
			return k
		}
	}
	return contact.Key{}
}

func hasKey(keys []contact.Key, k contact.Key) bool {
	for i := range keys {
		if keys[i] == k {
			return true
		}
	}
	return false
}
