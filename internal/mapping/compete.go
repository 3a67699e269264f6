package mapping

import (
	"cmp"
	"slices"
)

// compete lets one column keep a field that takes one only.
func (t *table) compete() {
	byField := make(map[string][]*column)
	for i := range t.cols {
		if c := &t.cols[i]; c.field != "" && !Multi(c.field) {
			byField[c.field] = append(byField[c.field], c)
		}
	}
	for _, cs := range byField {
		if len(cs) < 2 {
			continue
		}
		slices.SortStableFunc(cs, better)
		for _, c := range cs[1:] {
			c.clear()
		}
	}
}

// better orders columns that want the same field: the clearer header, then the fuller column, first. Position
// decides last, between equal headers.
func better(a, b *column) int {
	return cmp.Or(
		cmp.Compare(b.rank(), a.rank()),
		cmp.Compare(b.profile.filled, a.profile.filled),
		cmp.Compare(a.reading.words, b.reading.words),
		cmp.Compare(fold(a.header), fold(b.header)),
	)
}

// rank is the score less what speaks for a lesser column of the same kind.
func (c *column) rank() float64 {
	r := c.score
	switch c.reading.variant {
	case billingVariant, homeVariant, workVariant:
		r -= 0.02
	case companyVariant, shippingVariant:
		r -= 0.05
	case otherVariant:
		r -= 0.08
	}
	return r - 0.01*float64(max(c.reading.ordinal-1, 0))
}

// offerByContent looks at the columns whose headers said nothing. What can be told from values alone is
// offered, not taken. A file without any header that is understood is mapped from its values throughout.
func (t *table) offerByContent() {
	mute := true
	for i := range t.cols {
		if c := &t.cols[i]; c.field != "" || c.reading.known > 0 && c.reading.blocked {
			mute = false
		}
	}
	taken := make(map[string]bool)
	for i := range t.cols {
		taken[t.cols[i].field] = true
	}
	if !taken[FieldName] && !taken[FieldFirstName] && !taken[FieldLastName] && !taken[FieldCompany] {
		t.offerName()
	}
	for i := range t.cols {
		c := &t.cols[i]
		if c.field != "" || c.reading.blocked || c.profile.filled == 0 {
			continue
		}
		f := c.profile.certain()
		if f == "" && mute {
			f = c.profile.likely()
		}
		if f == "" || taken[f] && !Multi(f) || len(c.reading.heads) > 0 && f != FieldEmail && f != FieldPhone {
			continue
		}
		taken[f] = true
		c.field, c.score, c.reason = f, 0.5, Content
	}
}

// offerName offers, in a table without any name, the one column of unknown header whose values read like names
// of people, companies or offices: "Delegacia", "Unidade escolar".
func (t *table) offerName() {
	best := -1
	for i := range t.cols {
		c := &t.cols[i]
		p := c.profile
		if c.field != "" || c.reading.known > 0 || c.header == "" || p.share(vTwoWords) < 0.6 || p.unique*10 < p.filled*9 {
			continue
		}
		if best < 0 || better(c, &t.cols[best]) < 0 {
			best = i
		}
	}
	if best >= 0 {
		c := &t.cols[best]
		c.field, c.score, c.reason = FieldName, 0.5, Content
	}
}

// certain gives the field of values that are hardly anything else, "" where there is none.
func (p *profile) certain() string {
	switch {
	case p.share(vEmail) > 0.7:
		return FieldEmail
	case p.share(vCPF) > 0.7, p.share(vCNPJ) > 0.7:
		return FieldTaxID
	case p.share(vPlus) > 0.6 && !p.most(vDate):
		return FieldPhone
	}
	return ""
}

// likely gives the field of values in a file that has no headers to ask.
func (p *profile) likely() string {
	switch {
	case p.share(vPhone) > 0.7 && !p.most(vCPF, vCNPJ, vZip):
		return FieldPhone
	case p.share(vDate) > 0.7:
		return FieldBirthDate
	case p.share(vCompany) > 0.5 && p.most(vSpace):
		return FieldCompany
	case p.share(vStreet) > 0.5:
		return FieldStreet
	case p.share(vState) > 0.7 && !p.most(vGender):
		return FieldState
	case p.share(vGender) > 0.7:
		return FieldGender
	case p.share(vCountry) > 0.7:
		return FieldCountry
	case p.share(vTwoWords) > 0.6:
		return FieldName
	case p.share(vName) > 0.7:
		return FieldCity
	case p.share(vURL) > 0.7:
		return FieldWebsite
	case p.share(vZip) > 0.7 && !p.most(vShort):
		return FieldPostalCode
	}
	return ""
}
