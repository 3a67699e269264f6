package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cadastro/internal/errs"
)

// MaxName is the longest name taken, in runes.
const MaxName = 500

// Name gives the name of a person or company on one line, its case and accents kept.
//
// Words for nothing are names here: Mr Null exists. Rejects: name.too_long {limit, length},
// value.formula_error {error}. Warning: name.no_letters.
func Name(raw string) (string, []errs.Issue) {
	s, issues := CleanLine(raw)
	if s == "" {
		return "", issues
	}
	if len(s) > MaxName {
		if n := utf8.RuneCountInString(s); n > MaxName {
			return "", reject("name.too_long", s, "limit", MaxName, "length", n)
		}
	}
	if s[0] == '#' {
		if e := CellError(s); e != "" {
			return "", reject("value.formula_error", s, "error", e)
		}
	}
	if !saysName(s) {
		issues = append(issues, errs.NewIssue(errs.Warning, "name.no_letters", s))
	}
	return s, issues
}

// saysName tells whether s has a letter or a sign beyond ASCII (a heart is somebody's name).
func saysName(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || c|0x20 >= 'a' && c|0x20 <= 'z' {
			return true
		}
	}
	return false
}

// SplitName cuts a full name into what a person is greeted by and the rest: "Dra. Maria da Silva" gives "Maria",
// "da Silva"; "SILVA, João" gives "João", "SILVA". A company is never cut: it is all first.
func SplitName(full string) (first, last string) {
	full, _ = CleanLine(full)
	if full == "" {
		return "", ""
	}
	if IsCompanyName(full) {
		return full, ""
	}
	if family, given, ok := strings.Cut(full, ","); ok && !strings.Contains(given, ",") {
		given, family = strings.TrimSpace(given), strings.TrimSpace(family)
		if given != "" && family != "" && strings.IndexByte(given, '.') != len(given)-1 && !nameSuffixes[Fold(given)] {
			first, middle := SplitName(given)
			return first, strings.TrimSpace(middle + " " + family)
		}
		full = family
	}
	rest := full
	for {
		word, after, _ := strings.Cut(rest, " ")
		if !isTitle(word) {
			break
		}
		if after == "" {
			return full, "" // nothing but titles
		}
		rest = after
	}
	first, last, _ = strings.Cut(rest, " ")
	return first, last
}

// FirstName gives the part of a full name that a person is greeted by.
func FirstName(full string) string {
	first, _ := SplitName(full)
	return first
}

// Initials gives one or two upper-case letters for the place of a photo: "Maria da Silva" gives "MS".
// It is "" where the name has neither letter nor digit.
func Initials(full string) string {
	first, last := SplitName(full)
	if IsCompanyName(full) {
		first, last, _ = strings.Cut(first, " ")
	}
	a := initial(first)
	b := ""
	for rest := last; rest != ""; {
		i := strings.LastIndexByte(rest, ' ')
		word := rest[i+1:]
		rest = rest[:max(i, 0)]
		if f := Fold(word); nameParticles[f] || nameSuffixes[f] || companyForms[strings.Trim(f, ".")] {
			continue
		}
		if b = initial(word); b != "" {
			break
		}
	}
	if a == "" {
		return b
	}
	return a + b
}

func initial(word string) string {
	for _, r := range word {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return ""
}

// IsCompanyName tells names that carry a company's legal form or trade: "Padaria São José", "X Ltda".
func IsCompanyName(s string) bool {
	if strings.ContainsAny(s, "&/") {
		return true
	}
	var buf [96]byte
	words := string(AppendFold(buf[:0], s))
	for i := 0; words != ""; i++ {
		word, rest, _ := strings.Cut(words, " ")
		words = rest
		plain := strings.Trim(word, ".,-()")
		if companyForms[plain] && i > 0 && (rest == "" || len(plain) > 2) || companyWords[plain] && i == 0 && rest != "" {
			return true
		}
	}
	return false
}

func isTitle(word string) bool {
	if len(word) > 16 {
		return false
	}
	if word == "D." || word == "d." {
		return true // dom, dona, don, doña
	}
	var buf [32]byte
	b := AppendFold(buf[:0], strings.TrimRight(word, "."))
	return nameTitles[string(b)]
}

var (
	nameTitles = set(`sr sra srta srs dr dra drs profa prof profo eng enga arq arqa adv pe pr pra rev revdo dom frei ir mr mrs ms miss
		sir don dona senhor senhora senhorita doutor doutora professor professora engenheiro engenheira pastor pastora padre
		senor senora senorita doctor doctora ing lic licda lcdo lcda arq cpa ctr ctra maestro maestra cap cel ten sgt sargento
		exmo exma ilmo ilma mme mlle herr frau sig dott dottssa a/c ac sres sr(a) dr(a)`)
	nameSuffixes  = set(`jr jr. junior filho filha neto neta netto sobrinho sobrinha segundo ii iii iv phd ph.d. md m.d. esq esq. hijo hija`)
	nameParticles = set(`da de do das dos di du del della der den van von e y la las los el le bin ibn al d' dal`)
	companyForms  = set(`ltda me epp mei eireli s/a s.a sas s.a.s srl s.r.l sl s.l slu cia inc llc ltd corp corporation gmbh bv nv
		spa s.p.a limitada sociedade sociedad company comercio industria servicos servicios transportes construtora consultoria
		distribuidora importadora empreendimentos participacoes advogados advogadas associados asociados contabilidade solutions`)
	companyWords = set(`padaria clinica auto mercado supermercado otica construcoes construtora studio estudio escola colegio imobiliaria
		farmacia drogaria restaurante lanchonete pizzaria hotel pousada oficina loja lojas comercial industria associacao condominio
		igreja instituto fundacao prefeitura secretaria ministerio universidade faculdade hospital laboratorio consultorio academia
		grupo banco empresa sindicato cooperativa transportadora distribuidora atelier bar cafe salao barbearia petshop posto
		panaderia tienda taller inmobiliaria constructora ferreteria libreria peluqueria zapateria carniceria asociacion fundacion
		municipalidad ayuntamiento colegio hostal the company`)
)

// set makes a look-up table of the words in s.
func set(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}
