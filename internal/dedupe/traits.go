package dedupe

import (
	"slices"
	"strings"

	"cadastro/internal/normalize"
)

// traits is a person in the form in which it is compared.
type traits struct {
	id       int64
	name     name
	phones   []string
	emails   []string
	taxID    string
	external string
	birth    string
	company  string
	street   street
	city     string
	postal   string
}

// street is a street as words without its kind, and the number of the house.
type street struct {
	text   string
	number string
}

// streetKinds are words that people abbreviate, leave out or change for one another.
var streetKinds = map[string]bool{
	"rua": true, "r": true, "avenida": true, "av": true, "ave": true, "travessa": true, "tv": true, "trav": true, "alameda": true, "al": true, "rodovia": true, "rod": true,
	"estrada": true, "est": true, "praca": true, "pca": true, "pc": true, "largo": true, "lgo": true, "via": true, "viela": true, "beco": true, "calle": true, "c": true,
	"carrera": true, "cra": true, "cr": true, "street": true, "st": true, "road": true, "rd": true, "place": true, "pl": true, "drive": true, "dr": true, "crescent": true,
	"close": true, "court": true, "ct": true, "circuit": true, "n": true, "no": true, "nr": true, "num": true, "numero": true, "marginal": true, "blvd": true, "boulevard": true,
}

// readStreet takes an address line apart; number is the house number where it stands in a field of its own.
func readStreet(line, number string) street {
	var s street
	s.number = strings.TrimLeft(normalize.Fold(number), "0")
	var words []string
	for _, w := range strings.FieldsFunc(normalize.Fold(line), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127) }) {
		switch {
		case streetKinds[w] || particles[w]:
		case w[0] >= '0' && w[0] <= '9' && s.number == "":
			s.number = strings.TrimLeft(w, "0")
		default:
			words = append(words, w)
		}
	}
	s.text = strings.Join(words, " ")
	return s
}

func readPerson(p *Person) traits {
	return traits{
		id: p.ID, name: readName(p.Name), phones: p.Phones, emails: p.Emails, taxID: p.TaxID, external: p.ExternalID, birth: p.Birth,
		company: normalize.Fold(p.Company), street: readStreet(p.Street, p.Number), city: normalize.Fold(p.City), postal: p.Postal,
	}
}

// intern keeps one copy of each text: names, streets and cities repeat, and a million people have to fit into memory.
type intern map[string]string

func (in intern) of(s string) string {
	if s == "" {
		return ""
	}
	if t, ok := in[s]; ok {
		return t
	}
	s = strings.Clone(s) // it may be a piece of a longer text
	in[s] = s
	return s
}

func (t *traits) share(in intern) {
	t.name.words = slices.Clip(t.name.words)
	for i := range t.name.words {
		w := &t.name.words[i]
		w.text, w.sound = in.of(w.text), in.of(w.sound)
	}
	t.company, t.city, t.postal, t.birth = in.of(t.company), in.of(t.city), in.of(t.postal), in.of(t.birth)
	t.street.text, t.street.number = in.of(t.street.text), in.of(t.street.number)
}
