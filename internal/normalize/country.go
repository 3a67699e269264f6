package normalize

import (
	"sync"

	"cadastro/internal/errs"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Country gives the ISO 3166 alpha-2 code of a country named in pt, es, en, de, fr or it, or by its alpha-2,
// alpha-3 or numeric code. Warning, with the tidy text kept: country.unknown.
func Country(raw string) (string, []errs.Issue) {
	if len(raw) == 2 && raw[0] >= 'A' && raw[0] <= 'Z' && raw[1] >= 'A' && raw[1] <= 'Z' {
		if code := CountryCode(raw); code != "" {
			return code, nil
		}
	}
	line, issues := CleanLine(raw)
	line = bare(line)
	if done, found := nothing(line); done {
		return "", append(issues, found...)
	}
	if code := CountryCode(line); code != "" {
		return code, issues
	}
	return line, append(issues, errs.NewIssue(errs.Warning, "country.unknown", line))
}

// CountryCode gives the alpha-2 code of a country's name or code, "" for none.
func CountryCode(s string) string {
	if len(s) > 80 {
		return ""
	}
	var buf [128]byte
	return countryTable()[string(trimMarks(AppendFold(buf[:0], s)))]
}

// countryTable is built at its first use (about 2 ms) and never changes.
var countryTable = sync.OnceValue(func() map[string]string {
	m := make(map[string]string, 2500)
	clash := map[string]bool{}
	put := func(name, code string) {
		if name == "" || clash[name] {
			return
		}
		if old := m[name]; old != "" && old != code {
			delete(m, name) // one name of two countries is no evidence
			clash[name] = true
			return
		}
		m[name] = code
	}
	namers := []display.Namer{
		display.Regions(language.BrazilianPortuguese), display.Regions(language.EuropeanPortuguese), display.Regions(language.Spanish),
		display.Regions(language.English), display.Regions(language.German), display.Regions(language.French), display.Regions(language.Italian),
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string(a) + string(b)
			r, err := language.ParseRegion(code)
			if err != nil || !r.IsCountry() || r.String() != code || r.ISO3() == "ZZZ" || skipRegion[code] {
				continue
			}
			for _, n := range namers {
				put(tableKey(n.Name(r)), code)
			}
			put(Fold(r.ISO3()), code)
			if id := r.M49(); id > 0 {
				put(string([]byte{byte('0' + id/100), byte('0' + id/10%10), byte('0' + id%10)}), code)
			}
		}
	}
	// codes and customary names win over everything
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			if r, err := language.ParseRegion(string(a) + string(b)); err == nil && r.IsCountry() && r.ISO3() != "ZZZ" && !skipRegion[r.String()] {
				m[string(a)+string(b)] = r.String()
			}
		}
	}
	for name, code := range countryAliases {
		m[tableKey(name)] = code
	}
	return m
})

// skipRegion are codes that name no country of a postal address.
var skipRegion = set("ZZ EU EZ UN QO XA XB AC CP DG EA IC TA XK AN BU CS DD FX NT SU TP YD YU ZR")

var countryAliases = map[string]string{
	"eua": "US", "usa": "US", "u.s.a": "US", "u.s": "US", "e.u.a": "US", "ee.uu": "US", "eeuu": "US", "ee. uu": "US", "ee uu": "US", "estados unidos da america": "US",
	"estados unidos de america": "US", "united states of america": "US", "america": "US", "uk": "GB", "u.k": "GB", "inglaterra": "GB", "england": "GB",
	"gra-bretanha": "GB", "gra bretanha": "GB", "great britain": "GB", "gran bretana": "GB", "escocia": "GB", "scotland": "GB", "pais de gales": "GB", "wales": "GB",
	"holanda": "NL", "holland": "NL", "coreia": "KR", "korea": "KR", "corea": "KR", "coreia do sul": "KR", "south korea": "KR", "corea del sur": "KR",
	"coreia do norte": "KP", "north korea": "KP", "corea del norte": "KP", "russia": "RU", "rusia": "RU", "brasil": "BR", "brazil": "BR", "brasil (br)": "BR",
	"republica federativa do brasil": "BR", "bra": "BR", "mejico": "MX", "mexico": "MX", "estados unidos mexicanos": "MX", "republica dominicana": "DO", "rep. dominicana": "DO",
	"rep dominicana": "DO", "tchequia": "CZ", "republica tcheca": "CZ", "republica checa": "CZ", "czech republic": "CZ", "emirados arabes": "AE",
	"emirados arabes unidos": "AE", "emiratos arabes": "AE", "emirates": "AE", "uae": "AE", "costa do marfim": "CI", "ivory coast": "CI", "cabo verde": "CV",
	"macau": "MO", "macao": "MO", "hong kong": "HK", "taiwan": "TW", "vietna": "VN", "vietnam": "VN", "vietnã": "VN", "suazilandia": "SZ", "swaziland": "SZ",
	"birmania": "MM", "burma": "MM", "palestina": "PS", "palestine": "PS", "ira": "IR", "iran": "IR", "siria": "SY", "syria": "SY", "moldavia": "MD",
	"moldova": "MD", "bolivia": "BO", "venezuela": "VE", "tanzania": "TZ", "laos": "LA", "brunei": "BN", "vaticano": "VA", "vatican": "VA", "turquia": "TR",
	"turkey": "TR", "macedonia": "MK", "congo-kinshasa": "CD", "congo-brazzaville": "CG", "timor leste": "TL", "timor-leste": "TL", "el salvador": "SV",
	"guine bissau": "GW", "guine-bissau": "GW", "kosovo": "XK", "islas malvinas": "FK", "malvinas": "FK", "porto rico": "PR", "puerto rico": "PR",
	"espana": "ES", "espanha": "ES", "alemanha": "DE", "alemania": "DE", "argentina": "AR", "uruguai": "UY", "paraguai": "PY",
}
