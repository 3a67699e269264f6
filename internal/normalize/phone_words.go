package normalize

// phoneWord is what a word in a phone cell is there for.
type phoneWord uint8

const (
	phoneWordUnknown   phoneWord = iota
	phoneWordLabel               // "cel", "casa", "vivo": says what number it is
	phoneWordExtension           // "ramal": an extension follows
	phoneWordAnd                 // "e", "ou": another number follows
	phoneWordOther               // "cpf", "pedido": what follows is no phone
)

// phoneWordOf sorts a word of a cleaned cell, in Portuguese, Spanish and English.
func phoneWordOf(w string) phoneWord {
	switch w {
	case "ramal", "ramais", "rml", "ram", "r", "ext", "extn", "exten", "extension", "extensao", "extensions", "int",
		"interno", "anexo", "anx", "anex", "x":
		return phoneWordExtension
	case "e", "y", "ou", "o", "or", "and", "und", "et", "u":
		return phoneWordAnd
	case "cpf", "cnpj", "rg", "cep", "pedido", "protocolo", "processo", "nota", "nf", "matricula", "codigo", "cod", "conta",
		"agencia", "senha", "nasc", "nascimento", "data", "date", "order", "invoice", "account", "rut", "dni", "nit", "ruc",
		"curp", "rfc", "cuit", "cuil", "cedula", "ci", "nie", "nif", "cif", "factura", "cuenta", "ssn", "imei", "chassi",
		"placa", "boleto", "cartao", "tarjeta", "card", "id":
		return phoneWordOther
	case "tel", "tels", "telef", "telefone", "telefones", "telefono", "telefonos", "telephone", "tlf", "tlfn", "tfno", "tfn",
		"fone", "fones", "fon", "phone", "phones", "ph", "cel", "cels", "celular", "celulares", "cell", "cellphone", "movil",
		"movel", "mobile", "mob", "moviles", "whatsapp", "whatsap", "whats", "wpp", "zap", "zapzap", "wsp", "wap", "wp", "wa",
		"fax", "casa", "trabalho", "trabajo", "trab", "work", "home", "house", "res", "resid", "residencial", "residencia",
		"com", "comercial", "coml", "recado", "recados", "contato", "contatos", "contacto", "contact", "mae", "pai", "madre",
		"padre", "mama", "papa", "esposa", "esposo", "marido", "filho", "filha", "hijo", "hija", "irmao", "irma", "hermano",
		"hermana", "numero", "num", "nro", "no", "n", "ddd", "ddi", "tim", "vivo", "claro", "oi", "nextel", "telcel", "movistar",
		"personal", "pessoal", "entel", "tigo", "principal", "main", "office", "oficina", "escritorio", "empresa", "fixo",
		"fijo", "landline", "particular", "type", "pref", "voice", "sms", "callto", "smsto", "ligar", "falar", "hablar",
		"llamar", "call", "t", "c", "m", "f", "w", "h", "p", "tf", "cl", "br", "brasil", "mx", "ar", "us", "usa":
		return phoneWordLabel
	}
	return phoneWordUnknown
}
