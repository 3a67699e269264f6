package normalize

import (
	"net/url"
	"strings"

	"cadastro/internal/errs"
)

// MaxURL is the longest web address taken, in bytes.
const MaxURL = 2048

// URL gives the web address in raw with its scheme: "example.com/a" becomes "https://example.com/a". Scheme and
// host come in lower case, the rest as it was. Only http and https are taken, so that no stored address can run
// anything. Rejects: url.unreadable, url.scheme {scheme}, url.too_long {limit}.
func URL(raw string) (string, []errs.Issue) {
	s := bare(raw)
	if done, issues := nothing(s); done {
		return "", issues
	}
	s = strings.Trim(s, "<>\"")
	switch {
	case len(s) > MaxURL:
		return "", reject("url.too_long", s, "limit", MaxURL)
	case strings.ContainsAny(s, " \t\r\n\x00\\"), strings.IndexByte(s, '@') >= 0 && !strings.Contains(s, "/"):
		return "", reject("url.unreadable", s)
	}
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		if head, tail, found := strings.Cut(s, ":"); found && isScheme(head) && !isPort(tail) {
			return "", reject("url.scheme", s, "scheme", strings.ToLower(head))
		}
		scheme, rest = "https", strings.TrimPrefix(s, "//")
	}
	if scheme = strings.ToLower(scheme); scheme != "http" && scheme != "https" {
		return "", reject("url.scheme", s, "scheme", scheme)
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host := strings.ToLower(rest[:end])
	u, err := url.Parse(scheme + "://" + host + rest[end:])
	if err != nil || !isWebHost(u.Hostname()) || u.User != nil {
		return "", reject("url.unreadable", s)
	}
	return scheme + "://" + host + rest[end:], nil
}

// isWebHost accepts names with a dot (accents too) and IPv4 addresses.
func isWebHost(host string) bool {
	host = strings.TrimSuffix(host, ".")
	ascii, ok := asciiDomain(host)
	if !ok {
		return false
	}
	if isHostName(ascii) {
		return true
	}
	parts := strings.Split(ascii, ".")
	for _, p := range parts {
		if !isDigits(p) || len(p) > 3 {
			return false
		}
	}
	return len(parts) == 4
}

func isScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c|0x20 < 'a' || c|0x20 > 'z' {
			return false
		}
	}
	return s != ""
}

// isPort tells that what follows a colon is a port: "localhost:8080/x".
func isPort(s string) bool {
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		s = s[:i]
	}
	return isDigits(s)
}
