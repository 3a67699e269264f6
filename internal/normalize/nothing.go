package normalize

import (
	"strings"

	"cadastro/internal/errs"
)

// CellError gives the English name of the spreadsheet error that s shows, "" where it shows none.
//
// Known are the errors of Excel, LibreOffice and Google Sheets in Portuguese, Spanish, English, German, French
// and Italian: #N/D, #¡REF!, #VALUE!, Err:502. A run of # is what a column too narrow for its number shows.
func CellError(s string) string {
	s = Trim(s)
	if len(s) < 3 || len(s) > 40 || s[0] != '#' && s[0]|0x20 != 'e' {
		return ""
	}
	if strings.Trim(s, "#") == "" {
		return "####"
	}
	var buf [64]byte
	b := AppendFold(buf[:0], s)
	k := 0
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == 0xc2 && i+1 < len(b) && (b[i+1] == 0xa1 || b[i+1] == 0xbf): // ¡ ¿
			i++
		case b[i] == '!' || b[i] == '?':
		default:
			b[k] = b[i]
			k++
		}
	}
	b = b[:k]
	if len(b) == 7 && string(b[:4]) == "err:" && isDigits(string(b[4:])) {
		return "#VALUE!"
	}
	return cellErrors[string(b)]
}

// cellErrors has the folded names without exclamation and question marks.
var cellErrors = map[string]string{
	"#n/a": "#N/A", "#n/d": "#N/A", "#nd": "#N/A", "#nv": "#N/A", "#n/v": "#N/A",
	"#ref": "#REF!", "#bezug": "#REF!", "#rif": "#REF!",
	"#value": "#VALUE!", "#valor": "#VALUE!", "#wert": "#VALUE!", "#valeur": "#VALUE!", "#valore": "#VALUE!",
	"#div/0": "#DIV/0!",
	"#name":  "#NAME?", "#nome": "#NAME?", "#nombre": "#NAME?", "#nom": "#NAME?",
	"#num": "#NUM!", "#zahl": "#NUM!",
	"#null": "#NULL!", "#nulo": "#NULL!", "#nul": "#NULL!", "#nullo": "#NULL!",
	"#spill": "#SPILL!", "#despejar": "#SPILL!", "#desbordamiento": "#SPILL!", "#uberlauf": "#SPILL!", "#propagation": "#SPILL!",
	"#calc": "#CALC!", "#kalk": "#CALC!", "#error": "#ERROR!", "#erro": "#ERROR!", "#errore": "#ERROR!", "#erreur": "#ERROR!",
	"#getting_data": "#GETTING_DATA", "#obtendo_dados": "#GETTING_DATA", "#obteniendo_datos": "#GETTING_DATA",
	"#field": "#FIELD!", "#campo": "#FIELD!", "#blocked": "#BLOCKED!", "#bloqueado": "#BLOCKED!", "#connect": "#CONNECT!",
	"#conectar": "#CONNECT!", "#busy": "#BUSY!", "#unknown": "#UNKNOWN!", "#desconhecido": "#UNKNOWN!", "#python": "#PYTHON!",
}

// IsNone tells a cell of a typed column that says "nothing here" in words or by marks alone: "-", "não tem",
// "n/a", "null". Never ask it of a name: Mr Null exists.
func IsNone(s string) bool {
	if len(s) > 24 {
		return false
	}
	if !hasContent(s) {
		return true
	}
	var buf [64]byte
	return noneWords[string(AppendFold(buf[:0], strings.Trim(s, "-()[]<>. ")))]
}

var noneWords = map[string]bool{
	"n/a": true, "n.a": true, "na": true, "n/d": true, "n.d": true, "nd": true, "n/i": true, "n.i": true, "ni": true, "n/c": true, "s/n": true, "s/d": true, "s/i": true,
	"null": true, "nulo": true, "none": true, "nil": true, "nan": true, "undefined": true, "vazio": true, "vacio": true, "empty": true, "blank": true,
	"nao tem": true, "nao possui": true, "nao informado": true, "nao informada": true, "nao consta": true, "nao ha": true, "nao cadastrado": true,
	"nao disponivel": true, "nao aplicavel": true, "nao sei": true, "sem informacao": true, "sem dados": true, "nenhum": true, "nenhuma": true, "ausente": true,
	"sem email": true, "sem e-mail": true, "sem cpf": true, "sem cnpj": true, "sem data": true, "sem documento": true, "sem site": true, "isento": true, "isenta": true, "exento": true, "exenta": true,
	"no tiene": true, "no posee": true, "no informado": true, "no informa": true, "no disponible": true, "no aplica": true, "no consta": true,
	"sin datos": true, "sin dato": true, "sin informacion": true, "sin correo": true, "sin email": true, "ninguno": true, "ninguna": true,
	"not available": true, "not applicable": true, "not provided": true, "no email": true, "no data": true, "unknown": true, "no": false,
	"desconhecido": true, "desconhecida": true, "desconocido": true, "desconocida": true, "indefinido": true, "(null)": true, "\\n": true,
}

// nothing deals with the cells of a typed column that hold no value. done tells that there is no more to read:
// the cell is empty, says so in words (value.none_word) or shows an error of its spreadsheet (value.formula_error).
func nothing(s string) (done bool, issues []errs.Issue) {
	if s == "" {
		return true, nil
	}
	if s[0] == '#' || s[0]|0x20 == 'e' {
		if e := CellError(s); e != "" {
			return true, reject("value.formula_error", s, "error", e)
		}
	}
	if len(s) <= 24 && (s[0] < '0' || s[0] > '9') && IsNone(s) {
		if !hasContent(s) {
			return true, nil
		}
		return true, warn("value.none_word", s)
	}
	return false, nil
}

func reject(code, value string, args ...any) []errs.Issue {
	return []errs.Issue{errs.NewIssue(errs.Reject, code, value, args...)}
}

func warn(code, value string, args ...any) []errs.Issue {
	return []errs.Issue{errs.NewIssue(errs.Warning, code, value, args...)}
}

func note(code, value string, args ...any) []errs.Issue {
	return []errs.Issue{errs.NewIssue(errs.Note, code, value, args...)}
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
