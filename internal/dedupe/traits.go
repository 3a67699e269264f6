package dedupe

import (
	"strings"

	"cadastro/internal/normalize"
)

// traits is a person in the form in which it is compared: numbers of texts, without a pointer for the collector to follow.
type traits struct {
	id    int64
	words uint32 // where its words begin in the finder's
	keys  uint32 // where its phones begin in the finder's keys; then come addresses, then numbers

	taxID, external, birth, company, street, house, city, state, postal uint32

	nWords, nPhones, nEmails, nNumbers uint8
	suffix                             uint8
}

// mostOf is how many words, phones, addresses or numbers of a person are compared.
const mostOf = 200

// read takes a person apart.
func (f *finder) read(p *Person) traits {
	n := readName(p.Name)
	line, house := readStreet(p.Street, p.Number)
	t := traits{
		id: p.ID, suffix: n.suffix, words: uint32(len(f.nameWords)), keys: uint32(len(f.keys)),
		taxID: f.texts.number(p.TaxID), birth: f.texts.number(p.Birth), company: f.texts.number(normalize.Fold(p.Company)),
		street: f.texts.number(line), house: f.texts.number(house), city: f.texts.number(normalize.Fold(p.City)),
		state: f.texts.number(normalize.Fold(p.State)), postal: f.texts.number(p.Postal),
	}
	for _, w := range n.words[:min(len(n.words), mostOf)] {
		f.nameWords = append(f.nameWords, f.words.number(w.text, f.texts))
		t.nWords++
	}
	for _, k := range p.Phones[:min(len(p.Phones), mostOf)] {
		f.keys = append(f.keys, f.texts.number(k))
		t.nPhones++
	}
	for _, k := range p.Emails[:min(len(p.Emails), mostOf)] {
		f.keys = append(f.keys, f.texts.number(k))
		t.nEmails++
	}
	if p.ExternalID != "" {
		t.external = f.texts.number(p.ExternalID)
		f.numbers.add(externalField, p.ExternalID)
	}
	for _, k := range p.Numbers[:min(len(p.Numbers), mostOf)] {
		if text := plainNumber(k.Text); text != "" {
			f.keys = append(f.keys, f.texts.number(numberKey(k.Field, text)))
			f.numbers.add(k.Field, text)
			t.nNumbers++
		}
	}
	return t
}

func (f *finder) phonesOf(t *traits) []uint32 { return f.keys[t.keys : t.keys+uint32(t.nPhones)] }

func (f *finder) emailsOf(t *traits) []uint32 {
	at := t.keys + uint32(t.nPhones)
	return f.keys[at : at+uint32(t.nEmails)]
}

func (f *finder) numbersOf(t *traits) []uint32 {
	at := t.keys + uint32(t.nPhones) + uint32(t.nEmails)
	return f.keys[at : at+uint32(t.nNumbers)]
}

// wordsOf gives the words of a person's name by number.
func (f *finder) wordsOf(t *traits) []uint32 { return f.nameWords[t.words : t.words+uint32(t.nWords)] }

// nameOf gives the name in words, which stand in buf where there is room.
func (f *finder) nameOf(t *traits, buf []word) name {
	n := name{suffix: t.suffix, words: buf[:0]}
	for _, w := range f.wordsOf(t) {
		n.words = append(n.words, word{text: f.words.texts.text(w), sound: f.texts.text(f.words.sounds[w]), count: f.words.counts[w]})
	}
	return n
}

// firstSound is how the first word of a name sounds.
func (f *finder) firstSound(t *traits) string {
	if t.nWords == 0 {
		return ""
	}
	return f.texts.text(f.words.sounds[f.nameWords[t.words]])
}

// streetKinds are words that people abbreviate, leave out or change for one another.
var streetKinds = map[string]bool{
	"rua": true, "r": true, "avenida": true, "av": true, "ave": true, "travessa": true, "tv": true, "trav": true, "alameda": true, "al": true, "rodovia": true, "rod": true,
	"estrada": true, "est": true, "praca": true, "pca": true, "pc": true, "largo": true, "lgo": true, "via": true, "viela": true, "beco": true, "calle": true, "c": true,
	"carrera": true, "cra": true, "cr": true, "street": true, "st": true, "road": true, "rd": true, "place": true, "pl": true, "drive": true, "dr": true, "crescent": true,
	"close": true, "court": true, "ct": true, "circuit": true, "n": true, "no": true, "nr": true, "num": true, "numero": true, "marginal": true, "blvd": true, "boulevard": true,
}

// readStreet takes an address line apart, into its words without the kind and the number of the house; number is that where it
// stands in a field of its own.
func readStreet(line, number string) (text, house string) {
	house = strings.TrimLeft(normalize.Fold(number), "0")
	var words []string
	for _, w := range strings.FieldsFunc(normalize.Fold(line), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127) }) {
		switch {
		case streetKinds[w] || particles[w]:
		case w[0] >= '0' && w[0] <= '9' && house == "":
			house = strings.TrimLeft(w, "0")
		default:
			words = append(words, w)
		}
	}
	return strings.Join(words, " "), house
}
