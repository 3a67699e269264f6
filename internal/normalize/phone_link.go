package normalize

import (
	"bytes"

	"cadastro/internal/errs"
)

// phoneLink finds the number of a cell that is a WhatsApp link or id; such numbers are international without "+".
//
// Known are wa.me/N, whatsapp.com/send?phone=N, whatsapp://send?phone=N, N@s.whatsapp.net, N@c.us (with a device,
// "N:12@s.whatsapp.net") and viber's number=N. ok is also true for ids that hold no phone (@lid, @g.us).
func phoneLink(t []byte) (digits []byte, ok bool) {
	if at := bytes.IndexByte(t, '@'); at > 0 {
		switch string(bytes.TrimRight(t[at+1:], " /")) {
		case "s.whatsapp.net", "c.us":
			id, _, _ := bytes.Cut(t[:at], []byte(":"))
			id, _, _ = bytes.Cut(id, []byte("_"))
			return id, true
		case "lid", "g.us", "broadcast", "newsletter":
			return nil, true
		}
		return nil, false
	}
	for _, mark := range []string{"wa.me/", "whatsapp.com/send", "whatsapp://send", "viber://"} {
		i := bytes.Index(t, []byte(mark))
		if i < 0 {
			continue
		}
		rest := phoneUnescape(t[i+len(mark):])
		if mark != "wa.me/" {
			j := bytes.Index(rest, []byte("phone="))
			if j < 0 {
				if j = bytes.Index(rest, []byte("number=")); j < 0 {
					return nil, true
				}
				j++
			}
			rest = rest[j+len("phone="):]
		}
		if j := bytes.IndexAny(rest, "?&/#"); j >= 0 {
			rest = rest[:j]
		}
		return rest, true
	}
	return nil, false
}

// link keeps the number of a link.
func (r *phoneReader) link(t []byte) {
	s := phoneSplit(t)
	if len(s.parts) == 1 && s.letters == 0 {
		p := &s.parts[0]
		d := p.number()
		if p.n > 2 && d[0] == '0' && d[1] == '0' {
			d = d[2:]
		}
		var m phoneNumber
		if p.n <= len(p.digits) && r.world.international(d, &m) && !phoneFake(m.national(r.world)) {
			r.emit(&m, "", "")
			return
		}
		r.tell(errs.Reject, "phone.invalid")
		return
	}
	r.tell(errs.Reject, "phone.not_a_number")
}

// phoneDropLinks blanks out e-mail addresses and web links, so that their digits are read by nobody. It tells
// whether there was an address.
func phoneDropLinks(t []byte) (mail bool) {
	for i := 0; i < len(t); {
		j := i
		for j < len(t) && !bytes.ContainsRune([]byte(" \n,;|<>"), rune(t[j])) {
			j++
		}
		w := t[i:j]
		isMail := bytes.IndexByte(w, '@') >= 0
		if isMail || bytes.Contains(w, []byte("://")) || bytes.HasPrefix(w, []byte("www.")) {
			mail = mail || isMail && w[0] != '@'
			for k := range w {
				w[k] = 1
			}
		}
		i = j + 1
	}
	return mail
}

// vanity reads "1-800-FLOWERS", letters for digits as on a telephone's keys (ITU-T E.161), in North America only.
func (r *phoneReader) vanity(t []byte) bool {
	var p phonePart
	letters, early := 0, 0
	for i, c := range t {
		switch {
		case c-'0' < 10:
			p.add(c)
			if letters == 0 {
				early++
			}
		case 'a' <= c && c <= 'z':
			p.add("22233344455566677778889999"[c-'a'])
			letters++
		case c == '+' && i == 0, c == '-', c == ' ', c == '.', c == '(', c == ')':
		default:
			return false
		}
	}
	na := r.home != nil && r.home.plan.code == "1"
	plus := len(t) > 0 && t[0] == '+'
	d := p.number()
	if letters < 3 || letters > 7 || early < 3 || p.n != 10 && p.n != 11 || !na && !plus || p.n == 11 && d[0] != '1' {
		return false
	}
	var m phoneNumber
	plan := r.world.byCode[100]
	if p.n == 11 {
		d = d[1:]
	}
	if kind, region := plan.check(d); !m.set(plan, d, kind, region) {
		return false
	}
	r.emit(&m, "", "")
	r.tell(errs.Warning, "phone.letters_as_digits", "number", r.phones[len(r.phones)-1].E164)
	return true
}
