package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cadastro/internal/errs"
)

// Clean gives free text without its invisible faults; line breaks stay, as "\n".
//
// Spaces, tabs, line breaks and invisible padding (no-break and zero-width spaces, byte order marks, soft
// hyphens, direction marks) go from both ends. Inside, only control characters and byte order marks go, so
// emoji sequences, right-to-left text and combining accents stay as they are. Bytes that are no UTF-8 become
// U+FFFD. Warnings: value.control_characters {count}, value.invalid_text {count}.
func Clean(s string) (string, []errs.Issue) {
	if isPlain(s, false) {
		return s, nil
	}
	return cleanSlow(s, false)
}

// CleanLine is [Clean] for a value of one line, such as a name: every run of white space becomes one space.
func CleanLine(s string) (string, []errs.Issue) {
	if isPlain(s, true) {
		return s, nil
	}
	return cleanSlow(s, true)
}

// IsBlank tells whether a person would see nothing in s.
func IsBlank(s string) bool {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c > ' ' && c != 0x7f {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !isPadding(r) || (r == utf8.RuneError && n == 1) {
			return false
		}
		i += n
	}
	return true
}

// Trim gives s without white space and invisible padding at its ends; it never allocates.
func Trim(s string) string {
	for len(s) > 0 {
		if c := s[0]; c < utf8.RuneSelf {
			if c > ' ' && c != 0x7f {
				break
			}
			s = s[1:]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		if !isPadding(r) {
			break
		}
		s = s[n:]
	}
	for len(s) > 0 {
		if c := s[len(s)-1]; c < utf8.RuneSelf {
			if c > ' ' && c != 0x7f {
				break
			}
			s = s[:len(s)-1]
			continue
		}
		r, n := utf8.DecodeLastRuneInString(s)
		if !isPadding(r) {
			break
		}
		s = s[:len(s)-n]
	}
	return s
}

// isPlain tells that s is printable ASCII without outer spaces; line also refuses runs of spaces.
func isPlain(s string, line bool) bool {
	if s == "" {
		return true
	}
	if s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c >= 0x7f || (line && c == ' ' && s[i+1] == ' ') {
			return false
		}
	}
	return true
}

func cleanSlow(s string, line bool) (string, []errs.Issue) {
	orig := s
	s = Trim(s)
	if keepsAsIs(s, line) {
		return s, lostControls(orig, 0, 0)
	}
	var b strings.Builder
	b.Grow(len(s))
	var controls, invalid int
	space := false
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case line && isSpace(r):
			space = b.Len() > 0
			continue
		case r == '\r':
			if i < len(s) && s[i] == '\n' {
				continue
			}
			r = '\n'
		case isControl(r):
			controls++
			continue
		case r == '\ufeff':
			continue
		case r == utf8.RuneError && n == 1:
			invalid++
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return Trim(b.String()), lostControls(orig, controls, invalid)
}

// keepsAsIs tells that nothing inside s, already trimmed, has to change.
func keepsAsIs(s string, line bool) bool {
	prev := false
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		sp := isSpace(r)
		switch {
		case line && sp && (prev || r != ' '):
			return false
		case r == '\r' || isControl(r) || r == '\ufeff':
			return false
		case r == utf8.RuneError && n == 1:
			return false
		}
		prev = sp
		i += n
	}
	return true
}

// lostControls tells of the control characters and bad bytes that were taken out of orig; those at its ends
// are counted here, those inside were counted by the caller.
func lostControls(orig string, controls, invalid int) []errs.Issue {
	if controls == 0 {
		for i := 0; i < len(orig); i++ {
			if c := orig[i]; (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f {
				controls++
			}
		}
	}
	var out []errs.Issue
	if controls > 0 {
		out = append(out, errs.NewIssue(errs.Warning, "value.control_characters", strings.ToValidUTF8(orig, "\ufffd"), "count", controls))
	}
	if invalid > 0 {
		out = append(out, errs.NewIssue(errs.Warning, "value.invalid_text", strings.ToValidUTF8(orig, "\ufffd"), "count", invalid))
	}
	return out
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000:
		return true
	}
	return r >= 0x2000 && r <= 0x200a
}

func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0
}

// isPadding tells runes that show nothing at the end of a text. Variation selectors and emoji tags are no
// padding: they belong to the sign before them.
func isPadding(r rune) bool {
	if r <= 0xad {
		return isSpace(r) || isControl(r) || r == 0xad
	}
	switch r {
	case 0x034f, 0x061c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180e, 0x2800, 0x3164, 0xfeff, 0xffa0:
		return true
	}
	if r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x206f {
		return true
	}
	return isSpace(r)
}

// hasContent tells whether s says anything: "-", "..." and " / / " do not, "∞" does.
func hasContent(s string) bool {
	for _, r := range s {
		if r < utf8.RuneSelf && (r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z') {
			return true
		}
		if !isPadding(r) && !unicode.IsPunct(r) {
			return true
		}
	}
	return false
}
