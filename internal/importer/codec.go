package importer

import (
	"encoding/binary"
	"encoding/json"
	"errors"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
)

// PlanRow is one row of a plan: the record in normal form and what the review decided.
type PlanRow struct {
	Record  Record
	Outcome Outcome
	Reason  Reason
	Target  contact.ID
	Changes []journal.Change
	Issues  []errs.Issue // what matching had to say, beside the record's own
}

// The wire form of plan rows: unsigned varints, and strings as length and bytes. A chunk is decoded into one
// string, of which all texts are slices.

type encoder struct{ b []byte }

func (e *encoder) uint(v uint64)   { e.b = binary.AppendUvarint(e.b, v) }
func (e *encoder) int(v int64)     { e.b = binary.AppendVarint(e.b, v) }
func (e *encoder) byte(v byte)     { e.b = append(e.b, v) }
func (e *encoder) string(s string) { e.uint(uint64(len(s))); e.b = append(e.b, s...) }
func (e *encoder) ints(v []int64) {
	e.uint(uint64(len(v)))
	for _, x := range v {
		e.int(x)
	}
}

func (e *encoder) row(p *PlanRow) {
	r := &p.Record
	e.uint(uint64(r.Line))
	e.byte(byte(p.Outcome))
	e.byte(byte(p.Reason))
	e.uint(uint64(p.Target))
	e.byte(keyByte(r.Identity.Kind))
	e.string(r.Identity.Text)
	e.issues(r.Issues)
	e.issues(p.Issues)
	if p.Outcome == RowError && p.Reason == BadCells {
		return // a row that cannot go in has no use for its values
	}
	for _, v := range r.Values {
		e.string(v)
	}
	e.uint(uint64(len(r.Channels)))
	for i := range r.Channels {
		c := &r.Channels[i]
		e.byte(kindByte(c.Kind))
		e.string(c.Value)
		e.string(c.Raw)
		e.string(c.Label)
	}
	e.ints(r.Tags)
	e.ints(r.Groups)
	e.byte(byte(r.Consent) | byte(r.Choice)<<choiceShift)
	e.uint(uint64(r.ContactID))
	e.uint(uint64(len(p.Changes)))
	for _, c := range p.Changes {
		e.string(c.Field)
		e.string(c.Old)
		e.string(c.New)
	}
}

func (e *encoder) issues(list []errs.Issue) {
	e.uint(uint64(len(list)))
	for i := range list {
		is := &list[i]
		e.byte(byte(is.Severity))
		e.string(is.Code)
		e.int(int64(is.Column))
		e.string(is.Field)
		e.string(is.Value)
		args := ""
		if len(is.Args) > 0 {
			b, _ := json.Marshal(is.Args) // numbers and strings always marshal
			args = string(b)
		}
		e.string(args)
	}
}

func kindByte(k contact.Kind) byte {
	for i, kind := range contact.ChannelKinds() {
		if kind == k {
			return byte(i)
		}
	}
	return 0xff
}

// choiceShift is where the choice stands in the byte of the consent.
const choiceShift = 3

// Keys that are no channel's.
const (
	taxIDByte      = 0x40
	externalIDByte = 0x41
	noKind         = 0xff
)

func keyByte(k contact.Kind) byte {
	switch k {
	case "":
		return noKind
	case contact.KeyTaxID:
		return taxIDByte
	case contact.KeyExternalID:
		return externalIDByte
	}
	return kindByte(k)
}

func keyKind(b byte) contact.Kind {
	kinds := contact.ChannelKinds()
	switch {
	case b == taxIDByte:
		return contact.KeyTaxID
	case b == externalIDByte:
		return contact.KeyExternalID
	case int(b) < len(kinds):
		return kinds[b]
	}
	return ""
}

var errPlan = errors.New("plan is damaged")

// decoder reads what encoder wrote. After a fault every read gives zero values and err is set, so callers look
// once, at the end.
type decoder struct {
	s   string
	err error
}

func (d *decoder) uint() uint64 {
	var v uint64
	for i := 0; i < len(d.s) && i < binary.MaxVarintLen64; i++ {
		b := d.s[i]
		v |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			d.s = d.s[i+1:]
			return v
		}
	}
	d.fail()
	return 0
}

func (d *decoder) int() int64 {
	u := d.uint()
	return int64(u>>1) ^ -int64(u&1)
}

func (d *decoder) fail() { d.err, d.s = errPlan, "" }

func (d *decoder) byte() byte {
	if d.s == "" {
		d.fail()
		return 0
	}
	b := d.s[0]
	d.s = d.s[1:]
	return b
}

func (d *decoder) string() string {
	n := d.uint()
	if n > uint64(len(d.s)) {
		d.fail()
		return ""
	}
	v := d.s[:n]
	d.s = d.s[n:]
	return v
}

// count reads the length of a list, whose elements have at least one byte each.
func (d *decoder) count() int {
	n := d.uint()
	if n > uint64(len(d.s)) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) ints() []int64 {
	n := d.count()
	if n == 0 {
		return nil
	}
	v := make([]int64, n)
	for i := range v {
		v[i] = d.int()
	}
	return v
}

// row reads a row of a layout with the given number of slots.
func (d *decoder) row(p *PlanRow, slots int) {
	if d.head(p) {
		d.rest(p, slots)
	}
}

// head reads what a row comes to, and tells whether its values follow.
func (d *decoder) head(p *PlanRow) bool {
	r := &p.Record
	r.Line = int64(d.uint())
	p.Outcome = Outcome(d.byte())
	p.Reason = Reason(d.byte())
	p.Target = contact.ID(d.uint())
	r.Identity.Kind = keyKind(d.byte())
	r.Identity.Text = d.string()
	r.Issues = d.issues()
	p.Issues = d.issues()
	return p.Outcome != RowError || p.Reason != BadCells
}

// rest reads a row's values and changes.
func (d *decoder) rest(p *PlanRow, slots int) {
	r := &p.Record
	r.Values = make([]string, slots)
	for i := range r.Values {
		r.Values[i] = d.string()
	}
	if n := d.count(); n > 0 {
		kinds := contact.ChannelKinds()
		r.Channels = make([]contact.Channel, n)
		for i := range r.Channels {
			k := int(d.byte())
			if k >= len(kinds) {
				d.fail()
				return
			}
			r.Channels[i] = contact.Channel{Kind: kinds[k], Value: d.string(), Raw: d.string(), Label: d.string()}
		}
	}
	r.Tags = d.ints()
	r.Groups = d.ints()
	b := d.byte()
	r.Consent, r.Choice = Consent(b&(1<<choiceShift-1)), Choice(b>>choiceShift)
	r.ContactID = contact.ID(d.uint())
	if n := d.count(); n > 0 {
		p.Changes = make([]journal.Change, n)
		for i := range p.Changes {
			p.Changes[i] = journal.Change{Field: d.string(), Old: d.string(), New: d.string()}
		}
	}
}

// skip passes a row's values and changes by.
func (d *decoder) skip(slots int) {
	for range slots {
		d.string()
	}
	for range d.count() {
		d.byte()
		d.string()
		d.string()
		d.string()
	}
	for range 2 {
		for range d.count() {
			d.uint()
		}
	}
	d.byte()
	d.uint()
	for range 3 * d.count() {
		d.string()
	}
}

func (d *decoder) issues() []errs.Issue {
	n := d.count()
	if n == 0 {
		return nil
	}
	list := make([]errs.Issue, n)
	for i := range list {
		is := &list[i]
		is.Severity = errs.Severity(d.byte())
		is.Code = d.string()
		is.Column = int(d.int())
		is.Field = d.string()
		is.Value = d.string()
		if args := d.string(); args != "" {
			if err := json.Unmarshal([]byte(args), &is.Args); err != nil {
				d.fail()
			}
		}
	}
	return list
}
