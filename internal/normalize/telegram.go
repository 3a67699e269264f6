package normalize

import (
	"strings"

	"cadastro/internal/errs"
)

// Telegram reads a Telegram user: a numeric id ("123456789", negative for groups) or a user name ("@maria_silva",
// stored in lower case with its @), also as a t.me link. User names have 5 to 32 letters, digits and underscores
// (4 where they were bought) and start with a letter: Telegram's rule. Reject: telegram.unreadable.
func Telegram(raw string) (string, []errs.Issue) {
	s := bare(raw)
	if done, issues := nothing(s); done {
		return "", issues
	}
	digits, _, isNumber := spreadsheetInteger(s)
	if isNumber && digits != "" {
		s = digits
	}
	if id := strings.TrimPrefix(s, "-"); isDigits(id) && len(id) <= 19 && (len(id) >= 4 || id == s) {
		if id = strings.TrimLeft(id, "0"); id == "" {
			return "", reject("telegram.unreadable", s)
		}
		if s[0] == '-' {
			return "-" + id, nil
		}
		return id, nil
	}
	name := strings.ToLower(s)
	for _, p := range [...]string{"https://", "http://", "www."} {
		name = strings.TrimPrefix(name, p)
	}
	for _, p := range [...]string{"t.me/", "telegram.me/", "telegram.dog/", "@"} {
		name = strings.TrimPrefix(name, p)
	}
	name = strings.TrimSuffix(name, "/")
	if len(name) < 4 || len(name) > 32 || name[0] < 'a' || name[0] > 'z' || name[len(name)-1] == '_' {
		return "", reject("telegram.unreadable", s)
	}
	for i := 0; i < len(name); i++ {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return "", reject("telegram.unreadable", s)
		}
	}
	return "@" + name, nil
}
