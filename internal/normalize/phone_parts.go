package normalize

// phonePart is one run of digits and phone punctuation in a cleaned cell.
type phonePart struct {
	digits   [24]byte
	n        int  // digits; more than len(digits) where the run is longer
	plus     bool // "+" stands before it
	from, to int  // where in the text
	hard     bool // a separator (comma, slash, "e", line break), not only words, is between it and the part before
	glued    bool // it touches letters that are no label: "abc123"
	other    bool // follows a word such as "CPF"
	named    bool // a word stands between it and what is before: "Tel 2"
	behind   int  // digits before a bracket with digits that opens late: "98765-4321 (11)"; 0 for none
	ext      string
}

// text of the digits kept.
func (p *phonePart) number() []byte { return p.digits[:min(p.n, len(p.digits))] }

func (p *phonePart) add(c byte) {
	if p.n < len(p.digits) {
		p.digits[p.n] = c
	}
	p.n++
}

// phoneMaxParts bounds the parts of one cell; what follows is not read.
const phoneMaxParts = 16

// phoneScan is what a cleaned cell consists of.
type phoneScan struct {
	parts   []phonePart
	letters int
	digits  int
	unknown bool // holds words that say nothing of phones
}

// phoneSplit takes a cleaned text apart.
func phoneSplit(t []byte) phoneScan {
	var s phoneScan
	var p phonePart
	open, hard, other, glue, named := false, false, false, false, false
	late := 0 // digits before a bracket that opens behind most of the number
	end := func() {
		if open && p.n > 0 && len(s.parts) < phoneMaxParts {
			s.parts = append(s.parts, p)
			hard, named = false, false
		}
		open, late = false, 0
	}
	for i := 0; i < len(t); {
		c := t[i]
		switch {
		case c-'0' < 10:
			if !open {
				p = phonePart{from: i, hard: hard, other: other, named: named, glued: glue}
				open, other = true, false
			}
			if late > 0 && p.behind == 0 {
				p.behind = late
			}
			s.digits++
			p.add(c)
			p.to = i + 1
			glue = false
			i++
		case c == '+':
			if open && p.n > 0 {
				end()
			}
			if !open {
				p = phonePart{from: i, hard: hard, other: other, named: named}
				open, other = true, false
			}
			p.plus = true
			glue = false
			i++
		case c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '[' || c == ']' || c == '_' || c == '*' || c == '~' || c == '\'':
			if c == '-' && open && p.n >= 10 && phoneNumberFollows(t, i) {
				end()
				hard, named = true, false
			}
			if (c == '(' || c == '[') && open && p.n >= 6 {
				late = p.n
			}
			glue = false
			i++
		case phoneIsLetter(c):
			j := i + 1
			for j < len(t) && phoneIsLetter(t[j]) {
				j++
			}
			i = s.word(t, i, j, &p, &open, &hard, &other, &glue, end)
			named = true
		case c == '#':
			if ext, to := phoneExtAt(t, i+1); to > 0 && open && p.n >= 7 {
				p.ext = ext
				end()
				i = to
				continue
			}
			i++
		default: // , ; : / | & line break and all the rest
			end()
			if c != ':' || i+1 < len(t) && t[i+1] == ':' {
				hard, named = true, false
			}
			glue = false
			i++
		}
	}
	end()
	return s
}

// phoneNumberFollows tells that the hyphen at t[i] stands free, "11 98765-4321 - 3333-4444", with digits for a number
// of its own behind it.
func phoneNumberFollows(t []byte, i int) bool {
	if t[i-1] != ' ' || i+1 == len(t) || t[i+1] != ' ' {
		return false
	}
	n := 0
	for _, c := range t[i:] {
		switch {
		case c-'0' < 10:
			n++
		case c != ' ' && c != '-' && c != '.' && c != '(' && c != ')' && c != '+':
			return n >= 7
		}
	}
	return n >= 7
}

// word deals with the letters t[i:j] and gives the place to go on.
func (s *phoneScan) word(t []byte, i, j int, p *phonePart, open, hard, other, glue *bool, end func()) int {
	w := string(t[i:j])
	if *open && p.n == 1 && p.digits[0] == '0' && (w == "xx" || w == "x" || w == "xxx") {
		return j // (0xx11): the carrier is left open
	}
	if !*open && (w == "xx" || w == "xxx") && j < len(t) && t[j]-'0' < 10 {
		return j // (xx11)
	}
	if i > 0 && j == i+1 && (w == "a" || w == "o") && t[i-1]-'0' < 10 && *open && p.n == 1 { // 1º, 2ª: no phone
		p.n = 0
		return j
	}
	kind := phoneWordOf(w)
	s.letters += j - i
	switch kind {
	case phoneWordExtension:
		if ext, to := phoneExtAt(t, j); to > 0 {
			if *open && p.n >= 7 {
				p.ext = ext
				end()
				return to
			}
			if k := len(s.parts); !*open && k > 0 && s.parts[k-1].n >= 7 && s.parts[k-1].ext == "" {
				s.parts[k-1].ext = ext
				return to
			}
		}
	case phoneWordAnd:
		end()
		*hard = true
		return j
	case phoneWordOther:
		end()
		*other = true
		return j
	}
	touches := *open && p.n > 4 && p.to == i
	if touches && kind == phoneWordUnknown {
		p.glued = true
	}
	end()
	s.unknown = s.unknown || kind == phoneWordUnknown
	*other = false
	*glue = kind == phoneWordUnknown
	return j
}

// phoneExtAt reads an extension at t[i:]: at most one mark, blanks, one to six digits and then no digit; to is 0 for
// none.
func phoneExtAt(t []byte, i int) (ext string, to int) {
	for i < len(t) && (t[i] == ' ' || t[i] == '.' || t[i] == ':' || t[i] == '=' || t[i] == '#') {
		i++
	}
	j := i
	for j < len(t) && t[j]-'0' < 10 {
		j++
	}
	if j == i || j-i > 6 || j < len(t) && phoneIsLetter(t[j]) {
		return "", 0
	}
	if j+1 < len(t) && (t[j] == '-' || t[j] == ' ' || t[j] == '.') && t[j+1]-'0' < 10 {
		return "", 0 // more digits: a number of its own
	}
	return string(t[i:j]), j
}

func phoneIsLetter(c byte) bool { return 'a' <= c && c <= 'z' || c == phoneForeign }
