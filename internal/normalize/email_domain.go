package normalize

import (
	"strings"
	"unicode/utf8"

	"cadastro/internal/errs"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"
)

// asciiDomain gives the form of a domain that DNS knows.
func asciiDomain(domain string) (string, bool) {
	for i := 0; i < len(domain); i++ {
		if domain[i] >= utf8.RuneSelf {
			ascii, err := idna.Lookup.ToASCII(norm.NFC.String(domain))
			return ascii, err == nil
		}
	}
	return domain, true
}

// doubtDomain warns of a domain that is hardly what was meant. It costs nothing for the well-known ones.
func doubtDomain(email, domain string) []errs.Issue {
	switch domain {
	case "gmail.com", "hotmail.com", "outlook.com", "yahoo.com.br", "yahoo.com", "icloud.com", "live.com", "uol.com.br",
		"bol.com.br", "terra.com.br", "example.com":
		if isASCII(email) {
			return nil
		}
	}
	local := email[:len(email)-len(domain)]
	plainLocal, plainDomain := stripAccents(local), stripAccents(domain)
	better := suggestDomain(plainDomain)
	switch {
	case better != "":
		return warn("email.typo", email, "suggestion", plainLocal+better)
	case plainLocal != local || plainDomain != domain && knownProvider(plainDomain):
		return warn("email.accent", email, "suggestion", plainLocal+plainDomain)
	}
	tld := domain[strings.LastIndexByte(domain, '.')+1:]
	if !knownTLD(tld) {
		return warn("email.unknown_tld", email, "tld", tld)
	}
	return nil
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// stripAccents gives s without accents, its case kept; ASCII comes back as it is.
func stripAccents(s string) string {
	if isASCII(s) {
		return s
	}
	out := make([]byte, 0, len(s))
	for _, r := range norm.NFD.String(s) {
		if !isAccent(r) {
			out = utf8.AppendRune(out, r)
		}
	}
	return string(out)
}

// knownTLD asks the public suffix list; the names that RFC 2606 and RFC 6762 set aside count as known.
func knownTLD(tld string) bool {
	switch tld {
	case "com", "br", "net", "org", "example", "test", "invalid", "localhost", "local", "internal", "lan", "arpa":
		return true
	}
	if ascii, ok := asciiDomain(tld); ok {
		tld = ascii
	}
	if _, icann := publicsuffix.PublicSuffix("a." + tld); icann {
		return true
	}
	// a second level may be listed where the top level is not
	_, icann := publicsuffix.PublicSuffix(tld)
	return icann
}

// A provider is a mailbox service of the many, with the endings under which it gives addresses.
type provider struct {
	label   string
	endings []string
}

// providers lists services whose name is long and odd enough to tell a slip from another company's name.
var providers = []provider{
	{"gmail", []string{"com"}},
	{"hotmail", []string{"com", "com.br", "com.ar", "es", "co.uk", "fr", "it", "de", "cl", "com.mx", "com.tr"}},
	{"outlook", []string{"com", "com.br", "es", "com.ar", "cl", "pt", "fr", "de", "it"}},
	{"yahoo", []string{"com", "com.br", "com.ar", "com.mx", "es", "co.uk", "fr", "it", "de", "cl", "com.co", "com.pe", "com.ve", "pt", "ca", "co.in", "co.jp"}},
	{"icloud", []string{"com"}},
	{"protonmail", []string{"com", "ch"}},
	{"ymail", []string{"com"}},
	{"rocketmail", []string{"com"}},
}

// realLabels are names one letter away from a provider that are companies of their own.
var realLabels = set(`email mail ymail fmail zmail vmail rmail tmail imail amail emails gmai cloud cloud2 outlooks hotmall yahu yoho iclou
	gmall gail mymail gmx`)

// typoLabels are slips of more than one letter that people do make.
var typoLabels = map[string]string{
	"gmai": "gmail", "gail": "gmail", "gmall": "gmail", "gml": "gmail", "gmsl": "gmail", "hotmal": "hotmail", "homail": "hotmail", "hotmall": "hotmail",
	"htmail": "hotmail", "hotmil": "hotmail", "hormial": "hotmail", "homtial": "hotmail", "rotmail": "hotmail", "hotmaiil": "hotmail",
	"otlook": "outlook", "outlok": "outlook", "oulook": "outlook", "outllok": "outlook", "otulook": "outlook", "outloock": "outlook",
	"otlok": "outlook", "outluk": "outlook", "autlok": "outlook", "iclou": "icloud", "icoud": "icloud", "yahu": "yahoo", "iahoo": "yahoo", "yhaoo": "yahoo",
}

func knownProvider(domain string) bool {
	label, ending, _ := strings.Cut(domain, ".")
	for _, p := range providers {
		if p.label == label {
			return contains(p.endings, ending)
		}
	}
	return false
}

// suggestDomain gives the well-known domain that domain is a slip of, "" where there is none.
func suggestDomain(domain string) string {
	label, ending, _ := strings.Cut(domain, ".")
	fixed, typoOf, real := fixEnding(ending), typoLabels[label], realLabels[label]
	for i := range providers {
		p := &providers[i]
		if label != p.label && typoOf != p.label && (real || !oneSlip(label, p.label)) {
			continue
		}
		switch {
		case contains(p.endings, ending):
			if label == p.label {
				return "" // one of the service's own domains
			}
			return p.label + "." + ending
		case contains(p.endings, fixed):
			return p.label + "." + fixed
		case len(p.endings) == 1 || ending == "co" || ending == "cm" || ending == "om" || ending == "br" && !contains(p.endings, "com.br"):
			if knownTLD(ending) && label != p.label {
				continue // a company of its own under its country's ending
			}
			return p.label + "." + p.endings[0]
		}
	}
	if better := wholeSlips[domain]; better != "" {
		return better
	}
	if fixed != ending {
		return label + "." + fixed
	}
	return ""
}

// fixEnding mends the endings that nobody owns: .con, .com.bt, .combr.
func fixEnding(ending string) string {
	switch ending {
	case "com", "com.br", "net", "org", "br", "com.ar", "com.mx", "cl", "es", "org.br", "net.br":
		return ending
	}
	if e, ok := endingSlips[ending]; ok {
		return e
	}
	if i := strings.LastIndexByte(ending, '.'); i >= 0 {
		if e, ok := endingSlips[ending[i+1:]]; ok && !strings.Contains(e, ".") {
			return ending[:i+1] + e
		}
		head, tail := ending[:i], ending[i+1:]
		if e, ok := endingSlips[head]; ok && tail == "br" && e == "com" {
			return "com.br"
		}
	}
	return ending
}

var endingSlips = map[string]string{
	"con": "com", "cmo": "com", "ocm": "com", "comm": "com", "coom": "com", "vom": "com", "xom": "com", "cpm": "com", "clm": "com", "cim": "com",
	"c0m": "com", "comn": "com", "coml": "com", "comr": "com", "conm": "com", "cok": "com", "con.br": "com.br", "combr": "com.br", "com.b": "com.br",
	"com.bt": "com.br", "com.be": "com.br", "com.vr": "com.br", "com.nr": "com.br", "com.rb": "com.br", "com.brr": "com.br", "com.bbr": "com.br", "com.com.br": "com.br", "com.com": "com", "co.br": "com.br", "cm.br": "com.br", "om.br": "com.br", "com.br.br": "com.br",
	"ccom": "com", "como": "com", "comb": "com.br", "nte": "net", "nett": "net", "ogr": "org", "orgg": "org",
}

// wholeSlips are domains that lack the end which the service needs.
var wholeSlips = map[string]string{
	"uol.com": "uol.com.br", "uol.br": "uol.com.br", "bol.com": "bol.com.br", "bol.br": "bol.com.br", "ig.com": "ig.com.br",
	"terra.br": "terra.com.br", "globo.com.br": "globo.com", "live.com.b": "live.com",
}

// oneSlip tells that a becomes b by one letter more, less or other, or by two neighbours changing places.
func oneSlip(a, b string) bool {
	if len(a) > len(b)+1 || len(b) > len(a)+1 || a == b {
		return false
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	j := 0
	for j < len(a)-i && j < len(b)-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	ra, rb := a[i:len(a)-j], b[i:len(b)-j]
	switch {
	case len(ra) <= 1 && len(rb) <= 1:
		// the first letter is seldom the wrong one, and another one often makes another name
		return i > 0 || len(a) != len(b) || len(a) > 5
	case len(ra) == 2 && len(rb) == 2:
		return ra[0] == rb[1] && ra[1] == rb[0]
	}
	return false
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}
