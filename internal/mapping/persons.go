package mapping

// settlePersons finds the person that most columns speak of ("Cliente e-mail", "Cliente fone") and leaves out
// what is said of another one ("Afiliado e-mail"), where the first has the same field.
func (t *table) settlePersons() {
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
	if most == "" {
		return
	}
	has := make(map[string]bool)
	for i := range t.cols {
		if c := &t.cols[i]; c.reading.person == most {
			has[c.field] = true
		}
	}
	for i := range t.cols {
		c := &t.cols[i]
		if c.field != "" && c.reading.person != most && !general(c.reading.person) && has[c.field] {
			c.clear()
			c.reading.block(cOther)
		}
	}
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
