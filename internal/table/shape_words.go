package table

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// headerWord gives how much the words of h speak for the name of a column, 0 to 1.2: words that people and
// systems use for columns in pt, es, en, de, fr and it.
func headerWord(h string) float64 {
	if h == "" || len(h) > 60 || strings.ContainsAny(h, "@=<>{}|\\") {
		return 0
	}
	known, words := 0, 0
	rest := h
	for rest != "" {
		var w string
		w, rest = nextWord(rest)
		if w == "" {
			continue
		}
		if glueWords[w] {
			continue
		}
		words++
		if columnWords[w] || len(w) > 3 && strings.HasSuffix(w, "s") && columnWords[w[:len(w)-1]] {
			known++
		}
		if words > 8 {
			break
		}
	}
	if known == 0 {
		return 0
	}
	v := 1.2 * float64(known) / float64(words)
	if strings.ContainsRune(h, ',') {
		v /= 2
	}
	return v
}

// nextWord cuts one lower-case word without accents from s: at signs, digits, and capitals behind small letters.
func nextWord(s string) (word, rest string) {
	var b [24]byte
	n := 0
	lower := false
	for i, r := range s {
		if !unicode.IsLetter(r) {
			_, size := utf8.DecodeRuneInString(s[i:])
			return string(b[:n]), s[i+size:]
		}
		if unicode.IsUpper(r) {
			if lower {
				return string(b[:n]), s[i:]
			}
			r = unicode.ToLower(r)
		} else {
			lower = true
		}
		if r = plainLetter(r); n < len(b) && r < 0x80 {
			b[n] = byte(r)
			n++
		}
	}
	return string(b[:n]), ""
}

// plainLetter takes the accent off a letter of the western languages.
func plainLetter(r rune) rune {
	if r < 0x80 {
		return r
	}
	const from, to = "áàâãäåçéèêëíìîïñóòôõöúùûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy"
	i := 0
	for _, f := range from {
		if f == r {
			return rune(to[i])
		}
		i++
	}
	return r
}

func wordSet(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, l := range lists {
		for w := range strings.FieldsSeq(l) {
			set[w] = true
		}
	}
	return set
}

// glueWords do not count either way.
var glueWords = wordSet("de da do das dos del la el los las le les du des of the per por para e y and et und der die das di a o in em en no na to for")

// columnWords are words in names of columns, singular, without accents.
var columnWords = wordSet(
	// people
	"name nome nombre nom cognome vorname nachname apellido sobrenome prenom surname firstname lastname fullname first last middle given family nickname apelido contato contacto contact cliente client customer lead pessoa persona person aluno alumno paciente funcionario empleado employee titular responsavel socio membro member usuario user username login author autor owner",
	// reaching them
	"phone telefone telefono tel fone celular cel movil mobile whatsapp whats wpp zap fax ddd ddi ramal extension email mail correo emails telefon handy skype instagram facebook linkedin twitter site website web url link homepage",
	// places
	"address endereco direccion domicilio adresse indirizzo strasse logradouro rua calle street avenida bairro barrio colonia complemento cidade city ciudad municipio town ort stadt ville citta estado state provincia province uf county region regiao pais country land pays cep zip zipcode postcode postal cp plz latitude longitude lat lng lon location local localidade place lugar district distrito area zona zone",
	// papers
	"cpf cnpj rg ie dni rut rfc curp cuit cuil nit ruc cedula documento document doc passport passaporte inscricao matricula identifier identificador identificacion uuid guid id ids key chave clave codigo code cod codice sku ean isbn ref reference referencia ticket",
	// time
	"data date fecha datum datetime timestamp time hora heure uhrzeit hour year ano anio jahr annee anno month mes monat mois day dia tag jour nascimento nacimiento birth birthday birthdate dob aniversario cumpleanos created updated modified criado criacao cadastro creation inicio start fim fin end ende validade vencimento vigencia periodo period semana week quarter season",
	// things and amounts
	"valor value wert valeur valore price preco precio preis prix amount monto importe betrag montant total subtotal saldo balance quantidade quantity qty qtd cantidad menge anzahl number numero num nr nro count contagem custo cost desconto discount taxa rate imposto tax peso weight altura height width size tamanho unit unidade moeda currency percent percentual percentage score pontos points rank ranking position posicao frequency min max mean average media median sum std speed length distance duration duracao temperature volume",
	// classes
	"type tipo typ kind category categoria kategorie class classe clase group grupo gruppe tags label etiqueta status situacao situacion estatus ativo active flag sexo gender genero sex idade age edad alter profissao profesion cargo job title titulo role funcao position department departamento setor sector empresa company compania firma organization organizacao organisation razao social fantasia filial branch segmento segment canal channel source origem origen fonte campaign campanha plano plan produto product producto produkt item servico service servicio modelo model marca brand version versao level nivel language idioma lingua nationality nacionalidade escolaridade",
	// texts
	"descricao description descripcion beschreibung desc notes note nota observacao observacion obs comentario comment comments bemerkung remarks message mensagem mensaje text texto subject assunto asunto detail detalhe detalle summary history historico motivo reason question answer",
	// open data
	"indicator measure series variable variavel field campo column coluna columna table file path filename directory ip host domain port method protocol request response error event action sample subject species gene protein sequence school escola team player game match home away goals vendor supplier fornecedor proveedor invoice nota fatura factura order pedido payment pagamento pago account conta cuenta bank banco agencia transaction expense organisation body entity directorate",
)
