package mapping

import "slices"

// A column is one column of the file on its way to a suggestion.
type column struct {
	header       string
	tokens       []token
	atoms        []atom
	reading      reading
	profile      *profile
	head         concept
	field        string
	score        float64
	reason       Reason
	alternatives []Alternative
	combine      int
	fit          verdict
}

// set gives a column its field by head h, with score s weighed against the values.
func (c *column) set(h concept, s float64) {
	field := h.field()
	if h == cWildcard {
		field = ""
		if n := max(c.reading.ordinal, 1); n <= 5 {
			field = FieldWildcard1[:len(FieldWildcard1)-1] + string(rune('0'+n))
		}
	}
	c.setField(h, field, s)
}

func (c *column) setField(h concept, field string, s float64) {
	c.head, c.field, c.score, c.reason = h, field, s, Synonym
	if field == "" {
		c.clear()
		return
	}
	c.fit = fit(field, c.profile)
	switch c.fit {
	case inFavor:
		c.score += (1 - c.score) * 0.4
	case against:
		if s < 0.85 {
			c.clear()
			return
		}
		c.score = 0.45
	}
	if sameName(field, c.reading.plain) {
		c.reason = SameName
		c.score = max(c.score, min(c.score*1.05, 1))
	}
}

// clear leaves a column without a field.
func (c *column) clear() {
	if c.field != "" {
		c.alternatives = append(c.alternatives, Alternative{c.field, 0.3})
	}
	c.field, c.score, c.reason = "", 0, NoMatch
}

// sameName tells whether a header is what the product itself calls the field, in one of its languages.
func sameName(field, plain string) bool {
	var names []string
	switch field {
	case FieldName:
		names = []string{"name", "nome", "nombre"}
	case FieldFirstName:
		names = []string{"firstname", "primeironome", "nombre", "primernombre"}
	case FieldLastName:
		names = []string{"lastname", "sobrenome", "apellidos", "apellido"}
	case FieldPhone:
		names = []string{"phone", "telefone", "telefono"}
	case FieldEmail:
		names = []string{"email", "correo", "correoelectronico"}
	case FieldCompany:
		names = []string{"company", "empresa"}
	case FieldJobTitle:
		names = []string{"jobtitle", "cargo"}
	case FieldTaxID:
		names = []string{"taxid", "cpf", "cnpj", "cpfcnpj", "identificacionfiscal"}
	case FieldBirthDate:
		names = []string{"birthdate", "datadenascimento", "fechadenacimiento"}
	case FieldExternalID:
		names = []string{"externalid", "codigoexterno", "idexterno"}
	case FieldTags:
		names = []string{"tags", "etiquetas"}
	case FieldGroups:
		names = []string{"groups", "grupos"}
	case FieldOwner:
		names = []string{"owner", "carteira", "propietario"}
	case FieldNotes:
		names = []string{"notes", "observacoes", "notas"}
	case FieldCity:
		names = []string{"city", "cidade", "ciudad"}
	case FieldState:
		names = []string{"state", "estado", "uf"}
	case FieldCountry:
		names = []string{"country", "pais"}
	case FieldPostalCode:
		names = []string{"postalcode", "cep", "codigopostal"}
	case FieldStreet:
		names = []string{"street", "logradouro", "rua", "calle"}
	case FieldDistrict:
		names = []string{"district", "bairro", "barrio", "colonia"}
	case FieldComplement:
		names = []string{"complement", "complemento"}
	case FieldNumber:
		names = []string{"number", "numero"}
	default:
		return plain == field
	}
	return slices.Contains(names, plain)
}
