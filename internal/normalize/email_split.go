package normalize

import (
	"strings"

	"cadastro/internal/errs"
)

// splitEmails takes a cell apart that is not one plain address.
func splitEmails(dst []string, cell string) ([]string, []errs.Issue) {
	text := tidyEmailText(cell)
	if strings.IndexByte(text, '@') < 0 {
		return dst, reject("email.no_at", cell)
	}
	words := emailWords(text)
	joined, repaired := joinLooseEmails(words)
	start := len(dst)
	var issues []errs.Issue
	var before, after []string
	for _, w := range joined {
		if strings.IndexByte(w, '@') < 0 {
			switch {
			case emailFiller[Fold(strings.Trim(w, ".,:-()[]{}\"'*"))] || !hasContent(w):
			case len(dst) == start:
				before = append(before, w)
			default:
				after = append(after, w)
			}
			continue
		}
		if label, rest, ok := strings.Cut(w, ":"); ok && strings.IndexByte(label, '@') < 0 {
			w = rest
		}
		w = strings.Trim(w, ",;:()[]{}'`´“”‘’*!?<>")
		email, found := finishEmail(w, cell, repaired)
		if errs.Worst(found) == errs.Reject {
			return dst[:start], found
		}
		key, seen := EmailKey(email), false
		for _, d := range dst[start:] {
			seen = seen || EmailKey(d) == key
		}
		if !seen {
			dst = append(dst, email)
			issues = append(issues, found...)
		}
	}
	if len(dst) == start {
		return dst, reject("email.no_domain", cell)
	}
	if len(before) > 0 && !strings.ContainsAny(cell, "<(") && !nameBefore(before, dst[start]) {
		return dst[:start], reject("email.space_inside", cell)
	}
	if len(before)+len(after) > 0 && strings.IndexByte(cell, '<') < 0 {
		issues = append(issues, errs.NewIssue(errs.Warning, "email.extra_text", cell, "result", strings.Join(dst[start:], ", ")))
	}
	return dst, issues
}

// tidyEmailText brings the look-alikes of @ and white space to their plain form and takes mailto: off.
func tidyEmailText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '＠' || r == '﹫':
			return '@'
		case r == '．' || r == '。':
			return '.'
		case isSpace(r):
			return ' '
		case isPadding(r) || isControl(r):
			return -1
		}
		return r
	}, s)
	for i := 0; i+7 <= len(s); i++ {
		if n := linkPrefix(s[i:]); n > 0 {
			s = s[:i] + " " + s[i+n:]
		}
	}
	if q := strings.IndexByte(s, '?'); q > 0 && strings.IndexByte(s[:q], '@') > 0 && strings.IndexByte(s[q:], '=') > 0 {
		s = s[:q] // mailto:a@b?subject=...
	}
	return s
}

// linkPrefix gives the length of what makes a link of an address, 0 for none.
func linkPrefix(s string) int {
	for _, p := range [...]string{"mailto:", "http://", "https://"} {
		if len(s) >= len(p) && strings.EqualFold(s[:len(p)], p) {
			return len(p)
		}
	}
	return 0
}

// emailWords cuts at separators; what stands in quotes stays whole where an @ follows it.
func emailWords(s string) []string {
	var out []string
	start := 0
	cut := func(end int) {
		if end > start {
			out = append(out, s[start:end])
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"':
			if end := strings.IndexByte(s[i+1:], '"'); end >= 0 {
				end += i + 1
				if end+1 < len(s) && s[end+1] == '@' {
					if i > start {
						cut(i)
						start = i
					}
					i = end
					continue
				}
			}
			cut(i)
			start = i + 1
		case ' ', ';', '<', '>', '|', '\\':
			cut(i)
			start = i + 1
		case ',', '/':
			// a comma inside a domain is a slip for a dot: gmail,com
			word := s[start:i]
			if c == ',' && strings.IndexByte(word, '@') >= 0 && !strings.Contains(restOfWord(s[i+1:]), "@") && startsTLD(s[i+1:]) {
				continue
			}
			if c == '/' && strings.IndexByte(word, '@') < 0 && strings.IndexByte(word, ':') < 0 && !strings.Contains(s[:i], "@") && strings.Count(s, "@") == 1 {
				continue // a slash is a legal letter of a local part
			}
			cut(i)
			start = i + 1
		}
	}
	cut(len(s))
	return out
}

func restOfWord(s string) string {
	if i := strings.IndexAny(s, " ;<>|"); i >= 0 {
		return s[:i]
	}
	return s
}

// startsTLD tells that s goes on like the end of a domain name.
func startsTLD(s string) bool {
	s = strings.ToLower(restOfWord(s))
	return s == "com" || s == "net" || s == "org" || s == "br" || strings.HasPrefix(s, "com.")
}

// joinLooseEmails puts an address together that has spaces around its @ or its dots.
func joinLooseEmails(words []string) (out []string, repaired bool) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		if len(out) > 0 {
			last := out[len(out)-1]
			opens := strings.HasSuffix(last, "@") && w[0] != '@' || w[0] == '@' && strings.IndexByte(last, '@') < 0 && !strings.HasSuffix(last, ":")
			inDomain := strings.IndexByte(last, '@') > 0 && strings.IndexByte(w, '@') < 0 &&
				(strings.HasSuffix(last, ".") && len(w) <= 6 && startsTLD(w) || w[0] == '.' && len(w) > 2)
			if opens || inDomain {
				out[len(out)-1] = last + w
				repaired = true
				continue
			}
		}
		out = append(out, w)
	}
	return out, repaired
}

// nameBefore tells that the words in front of an address are its owner's name or a label, not a part of it.
func nameBefore(before []string, email string) bool {
	local := Fold(email[:strings.LastIndexByte(email, '@')])
	if strings.HasSuffix(before[len(before)-1], ":") {
		return true
	}
	for _, w := range before {
		w = Fold(strings.Trim(w, ".,:-\"'"))
		if len(w) >= 3 && strings.Contains(local, w) {
			return true
		}
	}
	return false
}

var emailFiller = set(`e y and ou o or u et und email e-mail mail correo correio emails e-mails eletronico electronico contato contacto
	nfe nf-e cc cco bcc para to trabalho trabajo work casa home pessoal personal comercial financeiro principal 1 2 3`)
