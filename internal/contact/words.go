package contact

import (
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/filter"
	"cadastro/internal/normalize"
)

// The fields of the filter language beyond the contact's own.
const (
	wordTag       = "tag"
	wordGroup     = "group"
	wordOwner     = "owner"
	wordHas       = "has"
	wordCreated   = "created"
	wordUpdated   = "updated"
	wordBirthday  = "birthday"
	wordImport    = "import"
	wordAdded     = "import.added"
	wordChanged   = "import.changed"
	wordBlocked   = "blocked"
	wordOptedOut  = "opted_out"
	wordSource    = "source"
	addressPrefix = "address."
)

// Words is the vocabulary of the filter language in one workspace, for one who has a sight: groups that are hidden from
// them have no name.
type Words struct {
	cat    *Catalogue
	hidden []int64
}

// NewWords makes the vocabulary of a catalogue.
func NewWords(cat *Catalogue, sight auth.Sight) *Words { return &Words{cat, sight.Hidden} }

// aliases are the words of fields in the other languages and by habit, folded.
var aliases = map[string]string{
	"etiqueta": wordTag, "etiquetas": wordTag, "tags": wordTag, "grupo": wordGroup, "grupos": wordGroup, "groups": wordGroup,
	"carteira": wordOwner, "propietario": wordOwner, "responsavel": wordOwner, "tem": wordHas, "tiene": wordHas,
	"criado": wordCreated, "creado": wordCreated, "atualizado": wordUpdated, "actualizado": wordUpdated,
	"aniversario": wordBirthday, "cumpleanos": wordBirthday, "importacao": wordImport, "importacion": wordImport,
	"bloqueado": wordBlocked, "nome": "name", "nombre": "name", "telefone": "phone", "telefono": "phone", "celular": "phone",
	"correo": "email", "e-mail": "email", "cidade": "city", "ciudad": "city", "bairro": "district", "barrio": "district",
	"estado": "state", "uf": "state", "pais": "country", "empresa": "company", "cargo": "job_title", "cpf": "tax_id", "cnpj": "tax_id",
	"nascimento": "birth_date", "nacimiento": "birth_date", "codigo": "external_id", "cep": "postal_code", "notas": "notes",
	"observacoes": "notes", "prioridade": "priority", "prioridad": "priority", "idioma": "language", "do_not_contact": wordBlocked,
}

// Field finds a field by its word: a key, a key without "address.", or the word of another language.
func (w *Words) Field(word string) (filter.Field, bool) {
	word = normalize.Fold(word)
	if a, ok := aliases[word]; ok {
		word = a
	}
	if label, ok := strings.CutPrefix(word, customPrefix); ok {
		return w.custom(label)
	}
	switch word {
	case wordTag, wordGroup, wordOwner:
		return filter.Field{Key: word, Type: filter.Named}, true
	case wordHas:
		return filter.Field{Key: word, Type: filter.Presence}, true
	case wordCreated, wordUpdated:
		return filter.Field{Key: word, Type: filter.Instant}, true
	case wordBirthday:
		return filter.Field{Key: word, Type: filter.Birthday}, true
	case wordImport, wordAdded, wordChanged:
		return filter.Field{Key: word, Type: filter.Import}, true
	case wordBlocked, wordOptedOut:
		return filter.Field{Key: word, Type: filter.Bool}, true
	case wordSource:
		return filter.Field{Key: word, Type: filter.Text}, true
	case BirthDate.Key():
		return filter.Field{Key: word, Type: filter.Day}, true
	}
	if IsChannel(word) {
		return filter.Field{Key: word, Type: filter.Text}, true
	}
	if s, ok := scalarOfWord(word); ok {
		return filter.Field{Key: wordOf(s), Type: filter.Text}, true
	}
	return filter.Field{}, false
}

func (w *Words) custom(label string) (filter.Field, bool) {
	f, ok := CustomField{}, false
	if id, err := strconv.ParseInt(label, 10, 64); err == nil {
		f, ok = w.cat.Field(id)
	}
	if !ok {
		f, ok = w.cat.FieldByLabel(label)
	}
	if !ok {
		return filter.Field{}, false
	}
	t := filter.Text
	switch f.Type {
	case TypeNumber:
		t = filter.Number
	case TypeDate:
		t = filter.Day
	case TypeBoolean:
		t = filter.Bool
	}
	return filter.Field{Key: CustomKey(f.ID), Type: t}, true
}

// ID implements [filter.Vocabulary].
func (w *Words) ID(f filter.Field, name string) (id int64, ok bool) {
	key := normalize.Fold(name)
	switch f.Key {
	case wordTag:
		var n Named
		n, ok = w.cat.Tags[key]
		id = n.ID
	case wordGroup:
		var n Named
		n, ok = w.cat.Groups[key]
		id = n.ID
		ok = ok && !slices.Contains(w.hidden, id)
	case wordOwner:
		id, ok = w.cat.Members[key]
	}
	return id, ok
}

// Name implements [filter.Vocabulary].
func (w *Words) Name(f filter.Field, id int64) string {
	switch f.Key {
	case wordTag:
		return w.cat.TagName(id)
	case wordGroup:
		if slices.Contains(w.hidden, id) {
			return ""
		}
		return w.cat.GroupName(id)
	}
	return w.cat.MemberName(strconv.FormatInt(id, 10))
}

// wordOf gives the word of a scalar: its key, shorter for an address.
func wordOf(s Scalar) string {
	if s == StreetNumber {
		return s.Key()
	}
	return strings.TrimPrefix(s.Key(), addressPrefix)
}

func scalarOfWord(word string) (Scalar, bool) {
	for s := range NumScalars {
		if s != Owner && (s.Key() == word || wordOf(s) == word) {
			return s, true
		}
	}
	return 0, false
}
