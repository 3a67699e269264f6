package mapping

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kindsOf tells what a trimmed, non-empty cell looks like.
func kindsOf(s string) kinds {
	var k kinds
	set := func(v kind, ok bool) {
		if ok {
			k |= 1 << v
		}
	}
	c := countChars(s)
	set(vShort, c.runes <= 4)
	set(vSpace, c.spaces > 0)
	set(vDigits, c.digits > 0)
	set(vLong, c.runes > 60)
	set(vEmail, looksEmail(s))
	set(vURL, looksURL(s))
	k |= numericKinds(s, c)
	f := fold(s)
	words := wordKinds()
	k |= words[f] & wholeCell
	set(vNoNumber, f == "s/n" || f == "sn" || f == "s/nº" || f == "s.n.")
	if c.spaces > 0 || c.runes < 25 {
		for w := range strings.FieldsSeq(f) {
			k |= words[w] &^ wholeCell
			k |= words[strings.TrimRight(w, ",;")] &^ wholeCell
		}
		if i := strings.LastIndexByte(f, ' '); i < 0 || !strings.Contains(f, "strass") && !strings.Contains(f, "straat") {
			set(vStreet, k.has(vStreet) && c.spaces > 0)
		} else {
			set(vStreet, true)
		}
		if c.spaces == 0 {
			k &^= 1<<vCompany | 1<<vStreet
		}
	}
	if c.digits == 0 && c.letters > 0 && !k.has(vEmail, vURL, vStatus, vBool) && nameLike(s) {
		set(vName, true)
		set(vTwoWords, c.spaces > 0)
	}
	return k
}

type chars struct {
	runes, letters, digits, spaces, capitals, signs int
}

func countChars(s string) chars {
	var c chars
	for _, r := range s {
		c.runes++
		switch {
		case r >= '0' && r <= '9':
			c.digits++
		case unicode.IsLetter(r):
			c.letters++
			if unicode.IsUpper(r) {
				c.capitals++
			}
		case unicode.IsSpace(r):
			c.spaces++
		default:
			c.signs++
		}
	}
	return c
}

// looksEmail tells whether s holds an address: a local part, one "@", and a domain with a dot.
func looksEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	if at < 1 || at == len(s)-1 {
		return false
	}
	dot := strings.IndexByte(s[at+2:], '.')
	return dot >= 0 && s[at-1] != ' ' && s[at+1] != ' ' && len(s[at+2:])-dot > 1
}

// looksURL tells whether s is a web address, with or without scheme.
func looksURL(s string) bool {
	if strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "www.") {
		return true
	}
	if strings.ContainsAny(s, " @,;()") {
		return false
	}
	host, _, _ := strings.Cut(s, "/")
	dot := strings.LastIndexByte(host, '.')
	if dot < 2 || len(host)-dot < 3 || len(host)-dot > 8 {
		return false
	}
	for i := range len(host) {
		c := host[i] | 0x20
		if !(c >= 'a' && c <= 'z' || host[i] >= '0' && host[i] <= '9' && i < dot || host[i] == '-' || host[i] == '.') {
			return false
		}
	}
	return strings.ContainsAny(host[:dot], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

// nameLike tells whether s is one to six words of letters, the first of them starting with a capital.
func nameLike(s string) bool {
	words := 0
	for w := range strings.FieldsSeq(s) {
		words++
		r, _ := utf8.DecodeRuneInString(w)
		if words > 6 || !unicode.IsLetter(r) || words == 1 && !unicode.IsUpper(r) {
			return false
		}
		for _, r := range w {
			if !unicode.IsLetter(r) && !strings.ContainsRune(".'’-,&/", r) {
				return false
			}
		}
	}
	return utf8.RuneCountInString(s) > 1
}
