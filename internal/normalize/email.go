package normalize

import (
	"strings"
	"unicode/utf8"

	"cadastro/internal/errs"
)

// Limits of RFC 5321, section 4.5.3.1, in bytes, with the 254 that a path of 256 leaves to an address.
const (
	MaxEmail       = 254
	maxEmailLocal  = 64
	maxEmailDomain = 253
	maxEmailCell   = 4096 // of all addresses in one cell
)

// Email reads a cell that should hold one e-mail address; of several it gives the first. See [Emails].
func Email(raw string) (string, []errs.Issue) {
	var buf [2]string
	list, issues := Emails(buf[:0], raw)
	if len(list) == 0 {
		return "", issues
	}
	return list[0], issues
}

// Emails appends the addresses in one cell to dst, each once, in the cell's order.
//
// The local part keeps its case; the domain is lower case, with its accents where it has any ([EmailKey] is what
// to compare by). Understood: mailto:, "Name <a@b>", labels, comments in parentheses, several addresses with any
// separator, spaces around @ and dots, a trailing dot or comma, @@. What cannot be an address is a Reject and
// costs the cell: email.no_at, email.many_at, email.no_local, email.no_domain, email.bad_local, email.bad_domain,
// email.space_inside, email.too_long {limit}. Warnings: email.repaired {result}, email.extra_text {result},
// email.typo {suggestion}, email.accent {suggestion}, email.unknown_tld {tld}. A suggestion is never applied.
func Emails(dst []string, raw string) ([]string, []errs.Issue) {
	s := bare(raw)
	if isPlainEmail(s) {
		if issues := doubtDomain(s, s[strings.IndexByte(s, '@')+1:]); issues != nil {
			return append(dst, s), issues
		}
		return append(dst, s), nil
	}
	if done, issues := nothing(s); done {
		return dst, issues
	}
	if len(s) > maxEmailCell {
		return dst, reject("email.too_long", s, "limit", maxEmailCell)
	}
	return splitEmails(dst, s)
}

// EmailKey gives the form by which addresses are compared: all lower case, the domain in its ASCII form (IDNA,
// RFC 5891). Two spellings of one address have one key. It is "" for what is no address.
func EmailKey(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at <= 0 {
		return ""
	}
	plain := true
	for i := 0; i < len(email); i++ {
		if c := email[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return email
	}
	domain, ok := asciiDomain(strings.ToLower(email[at+1:]))
	if !ok {
		return ""
	}
	return strings.ToLower(email[:at]) + "@" + domain
}

// isPlainEmail accepts addresses that need no change: ASCII, dot-atom local part, lower-case domain.
func isPlainEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	if at <= 0 || at > maxEmailLocal || len(s) > MaxEmail || !isASCII(s[:at]) || !isDotAtom(s[:at]) {
		return false
	}
	return isHostName(s[at+1:])
}

// isDotAtom accepts the unquoted local parts of RFC 5322, section 3.2.3.
func isDotAtom(s string) bool {
	dot := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '.' {
			if dot {
				return false
			}
			dot = true
			continue
		}
		if !isAtomByte(c) {
			return false
		}
		dot = false
	}
	return !dot
}

func isAtomByte(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c >= utf8.RuneSelf:
		return true
	}
	switch c {
	case '!', '#', '$', '%', '&', '\'', '*', '+', '-', '/', '=', '?', '^', '_', '`', '{', '|', '}', '~':
		return true
	}
	return false
}

// isHostName accepts lower-case ASCII names of two labels or more whose last one is no number (RFC 1123, 2.1).
func isHostName(s string) bool {
	if len(s) > maxEmailDomain {
		return false
	}
	labels, start := 1, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '.':
			if !isLabel(s[start:i]) {
				return false
			}
			labels++
			start = i + 1
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-':
		default:
			return false
		}
	}
	tld := s[start:]
	return labels > 1 && isLabel(tld) && len(tld) > 1 && !isDigits(tld)
}

func isLabel(s string) bool {
	return s != "" && len(s) <= 63 && s[0] != '-' && s[len(s)-1] != '-'
}

// finishEmail reads one address that stands by itself. repaired tells that something was changed on the way.
func finishEmail(s, raw string, repaired bool) (string, []errs.Issue) {
	if strings.Contains(s, "@@") {
		for strings.Contains(s, "@@") {
			s = strings.ReplaceAll(s, "@@", "@")
		}
		repaired = true
	}
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return "", reject("email.no_at", raw)
	}
	local, domain := s[:at], s[at+1:]
	if strings.IndexByte(local, '@') >= 0 && local[0] != '"' {
		return "", reject("email.many_at", raw)
	}
	if t := strings.Trim(local, ".,"); t != local && local[0] != '"' {
		local, repaired = t, true
	}
	if t := strings.Trim(domain, ".,-"); t != domain {
		domain, repaired = t, true
	}
	switch {
	case local == "":
		return "", reject("email.no_local", raw)
	case domain == "":
		return "", reject("email.no_domain", raw)
	}
	domain, changed := lowerDomain(domain)
	repaired = repaired || changed
	if strings.IndexByte(domain, '.') < 0 {
		return "", reject("email.no_domain", raw)
	}
	ascii, ok := asciiDomain(domain)
	switch {
	case !ok || !isHostName(ascii):
		return "", reject("email.bad_domain", raw)
	case len(local) > maxEmailLocal:
		return "", reject("email.too_long", raw, "limit", maxEmailLocal)
	case len(local)+1+len(ascii) > MaxEmail:
		return "", reject("email.too_long", raw, "limit", MaxEmail)
	case !isDotAtom(local) && !isQuotedLocal(local) || !utf8.ValidString(local) || hasInvisible(local):
		return "", reject("email.bad_local", raw)
	}
	email := local + "@" + domain
	var issues []errs.Issue
	if repaired {
		issues = warn("email.repaired", raw, "result", email)
	}
	return email, append(issues, doubtDomain(email, domain)...)
}

// lowerDomain gives the domain in lower case without doubled dots; changed tells of the dots only.
func lowerDomain(s string) (domain string, changed bool) {
	s = strings.ToLower(s)
	for strings.Contains(s, "..") {
		s, changed = strings.ReplaceAll(s, "..", "."), true
	}
	if t := strings.Replace(s, ",", ".", 1); t != s && strings.IndexByte(t, ',') < 0 {
		s, changed = t, true
	}
	return s, changed
}

// isQuotedLocal accepts a quoted local part: RFC 5321, section 4.1.2, Quoted-string.
func isQuotedLocal(s string) bool {
	if len(s) < 3 || s[0] != '"' || s[len(s)-1] != '"' {
		return false
	}
	for i := 1; i < len(s)-1; i++ {
		switch c := s[i]; {
		case c == '\\':
			if i++; i >= len(s)-1 {
				return false
			}
		case c == '"' || c < ' ' || c == 0x7f:
			return false
		}
	}
	return true
}

func hasInvisible(s string) bool {
	for _, r := range s {
		if r >= utf8.RuneSelf && (isPadding(r) || isControl(r)) {
			return true
		}
	}
	return false
}
