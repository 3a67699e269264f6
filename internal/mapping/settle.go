package mapping

import "strings"

// settle gives each column the field that its header, its values and its neighbours agree on.
func (t *table) settle() {
	for i := range t.cols {
		c := &t.cols[i]
		if len(c.reading.heads) == 0 {
			v := c.reading.variant
			if (v == homeVariant || v == workVariant) && c.reading.unknown == 0 && !c.reading.blocked && c.profile.most(vPhone, vPlus) {
				c.set(cPhone, 0.7) // "Home", "Particular"
			}
			continue
		}
		h := c.reading.heads[0]
		if len(c.reading.heads) > 1 {
			h = c.choose()
		}
		if c.reading.area && c.profile.filled > 0 && c.profile.share(vShort) > 0.7 {
			c.reading.block(cDDD) // "DDD Celular" with two digits: the area code alone
			continue
		}
		switch h {
		case cID, cPerson, cNr, cTitle, cRole, cEstado, cRegion, cDepto, cComuna, cDDD, cCategory:
			c.head = h // settled below, when the clear ones stand
		case cCompany:
			if c.profile.most(vState) && c.reading.words == 1 && !t.holds(cState, cEstado) {
				c.set(cState, 0.7) // "Entidad" may be a state
				continue
			}
			c.set(h, c.reading.score)
		default:
			c.set(h, c.reading.score)
		}
	}
	for i := range t.cols {
		t.settleLate(i)
	}
	t.settlePersons()
	t.settleNames()
	t.settleBirth()
	t.settleConsent()
	t.settleGuardians()
	t.settleAddress()
}

// choose picks, of several heads, the first that the values speak for. Where they speak against all others,
// that is the one.
func (c *column) choose() concept {
	best, others := cNone, 0
	for _, h := range c.reading.heads {
		switch v := fit(h.field(), c.profile); {
		case h.field() == "":
		case v == inFavor && best == cNone:
			best = h
		case v != against:
			others++
		}
	}
	if best == cNone {
		return c.reading.heads[0]
	}
	if others == 0 {
		c.reading.score = max(c.reading.score, 0.8)
	}
	return best
}

// settleLate decides about the words that mean one thing beside these neighbours and another beside those.
func (t *table) settleLate(i int) {
	c := &t.cols[i]
	if c.field != "" || len(c.reading.heads) == 0 {
		return
	}
	p, s := c.profile, c.reading.score
	place := t.holds(cCity, cZip, cStreet, cAddress, cDistrict)
	switch c.head {
	case cID:
		c.set(cID, s)
	case cPerson:
		switch {
		case p.most(vEmail):
			c.set(cEmail, 0.7)
		case p.most(vPhone, vPlus) && !p.most(vShort):
			c.set(cPhone, 0.7)
		case t.holds(cName, cFullname, cFirst, cLast):
		default:
			c.setField(cPerson, FieldName, s)
		}
	case cNr:
		switch {
		case p.most(vPlus) || p.most(vPhone):
			c.set(cPhone, s+0.2)
		case c.reading.unknown > 0 || t.counts(i) || !t.holds(cStreet, cAddress):
		default:
			c.set(cNumber, 0.72)
		}
	case cTitle:
		if c.reading.unknown == 0 && !t.holds(cJob, cHonorific) && !p.most(vHonorific) {
			c.set(cTitle, 0.6)
		}
	case cRole:
		if !t.holds(cJob) {
			c.set(cRole, s)
		}
	case cEstado:
		switch {
		case t.holds(cState) && !p.most(vState):
		case p.most(vState):
			c.set(cState, 0.95*s/0.7)
		case p.most(vStatus, vBool):
		case place:
			c.set(cState, 0.9*s/0.7)
		default:
			c.set(cState, 0.5)
		}
	case cRegion:
		switch {
		case t.holds(cState, cEstado):
		case p.most(vState):
			c.set(cState, 0.9)
		case place && t.lang == langPT:
			c.set(cState, 0.6)
		case place:
			c.set(cState, 0.8)
		}
	case cDepto:
		switch {
		case t.lang == langES && t.holds(cDistrict) && t.holds(cState) && !t.holds(cCity):
			t.peru(c)
		case p.most(vState) && !t.holds(cState):
			c.set(cState, 0.85)
		case t.lang == langES && place && !t.holds(cState, cEstado, cJob):
			c.set(cState, 0.6)
		}
	case cComuna:
		switch {
		case !t.holds(cCity) && place:
			c.set(cCity, 0.75)
		case t.holds(cDistrict):
		default:
			c.set(cDistrict, 0.8)
		}
	case cCategory:
		if t.holds(cTag) || p.most(vStatus, vBool) {
			return
		}
		if t.listed(i) {
			s = 0.75
		}
		c.set(cCategory, s)
	}
}

// peru reads "Departamento, Provincia, Distrito" as the three levels that Peru has: state, city, district.
func (t *table) peru(depto *column) {
	t.each(func(c *column) {
		if c.reading.plain == "provincia" {
			c.setField(cCity, FieldCity, 0.7)
			depto.set(cState, 0.85)
		}
	}, cState)
}

// settleNames tells first name, last name and whole name apart. A plain "Nome" or "Nombre" beside a
// "Sobrenome" or "Apellidos" is the first name; a plain "Nom" or "Name" beside "Prénom" or "Vorname" is the
// last one.
func (t *table) settleNames() {
	first, last, full := t.holds(cFirst), t.holds(cLast), t.holds(cFullname)
	t.each(func(c *column) {
		if c.reading.variant != plainVariant && c.reading.variant != billingVariant || c.reading.words > 1 && c.reading.variant == plainVariant {
			return
		}
		switch {
		case last && !first && !full && !c.profile.most(vCompany) && !t.wholeNames(c):
			c.setField(cFirst, FieldFirstName, c.reading.score)
		case first && !last && t.lang&(langFR|langDE|langNL|langCA) != 0:
			c.setField(cLast, FieldLastName, c.reading.score)
		}
	}, cName)
	for i := range t.cols {
		c := &t.cols[i]
		if c.head != cLast2 || c.field != "" {
			continue
		}
		if !last && len(c.reading.heads) > 0 {
			c.setField(cLast, FieldLastName, c.reading.score)
		}
	}
}

// settleConsent leaves out what was said when, not whether ("Subscribed": 12/07/2024).
func (t *table) settleConsent() {
	t.each(func(c *column) {
		if c.profile.most(vDate) && c.reason != SameName {
			c.clear()
			c.reading.block(cCreated)
		}
	}, cConsent)
}

// settleGuardians leaves a plain "Responsável" out where the table speaks of parents or pupils: it is the
// guardian then, and not the member who answers for the contact.
func (t *table) settleGuardians() {
	family := false
	for i := range t.cols {
		for _, a := range t.cols[i].atoms {
			switch a.text {
			case "aluno", "alumno", "estudante", "estudiante", "paciente", "crianca", "student", "pupil", "aluna", "educando",
				"nomedoaluno", "nomealuno", "nomedopaciente", "patient", "turma", "matricula", "eleve", "alunno", "schuler", "leerling", "child",
				"mae", "pai", "madre", "padre", "mother", "father", "filiacao", "mere", "pere", "mutter", "vater":
				family = true
			}
		}
	}
	for i := range t.cols {
		if c := &t.cols[i]; family && c.field != "" && c.reading.set.has(cResponsible) {
			c.clear()
			c.reading.block(cOther)
		}
	}
}

// wholeNames tells whether the values of a name column hold those of the last name column.
func (t *table) wholeNames(name *column) bool {
	at, last := -1, -1
	for i := range t.cols {
		if c := &t.cols[i]; c == name {
			at = i
		} else if c.field == FieldLastName {
			last = i
		}
	}
	if at < 0 || last < 0 {
		return false
	}
	both, whole := 0, 0
	for _, row := range t.rows {
		if max(at, last) >= len(row) || row[at] == "" || row[last] == "" {
			continue
		}
		both++
		if strings.HasSuffix(fold(row[at]), " "+fold(row[last])) {
			whole++
		}
	}
	return whole > 0 && whole*2 >= both
}

// settleBirth drops a birth column that no value speaks for where day, month or year of birth have columns
// of their own: "Birth Day" is the day of the month there.
func (t *table) settleBirth() {
	parts := false
	for i := range t.cols {
		s := t.cols[i].reading.set
		parts = parts || s.has(cBirth) && s.has(cDatepart)
	}
	t.each(func(c *column) {
		if parts && c.fit == against {
			c.clear()
		}
	}, cBirth)
}
