package mapping

// settlePersons finds the person that most columns speak of ("Cliente e-mail", "Cliente fone") and leaves out
// what is said of another one ("Afiliado e-mail"), where the first has the same field. A payer, a user or an
// affiliate gives way to columns that speak of nobody in particular, too ("E-mail", "E-mail do pagador").
func (t *table) settlePersons() {
	most := t.mainPerson()
	has, plain := make(map[string]bool), make(map[string]bool)
	for i := range t.cols {
		c := &t.cols[i]
		if c.reading.person == most && most != "" {
			has[c.field] = true
		}
		if general(c.reading.person) {
			plain[c.field] = true
		}
	}
	if secondary(most) && (plain[FieldName] || plain[FieldFirstName] || plain[FieldLastName]) {
		most = ""
		clear(has)
	}
	for i := range t.cols {
		c := &t.cols[i]
		p := c.reading.person
		if c.field == "" || general(p) || p == most && most != "" {
			continue
		}
		if has[c.field] || plain[c.field] && secondary(p) {
			c.clear()
			c.reading.block(cOther)
		}
	}
}

// mainPerson gives the word for the person that two columns or more, and more than of any other, speak of.
func (t *table) mainPerson() string {
	count := make(map[string]int)
	for i := range t.cols {
		if c := &t.cols[i]; c.field != "" && !general(c.reading.person) {
			count[c.reading.person]++
		}
	}
	most, n := "", 1
	for p, k := range count {
		if k > n {
			most, n = p, k
		} else if k == n {
			most = ""
		}
	}
	return most
}

// general tells whether a word for a person may mean anyone.
func general(person string) bool {
	switch person {
	case "", "contact", "contato", "contacto", "kontakt", "contatto", "person", "pessoa", "persona", "personne",
		"individual", "personal", "people", "contatos", "contactos", "contacts", "cont", "pes", "cntct":
		return true
	}
	return false
}

// secondary tells whether a word stands for someone beside the contact, more often than not.
func secondary(person string) bool {
	switch person {
	case "payer", "pagador", "payeur", "pagante", "sacado", "afiliado", "sender", "requester", "reporter", "business partner":
		return true
	}
	return false
}
