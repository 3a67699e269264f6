package normalize

import (
	"strconv"
	"sync"

	"github.com/nyaruka/phonenumbers"
)

// phonePlans are the numbering plans of the world, as phonenumbers v1.8 (libphonenumber's metadata) has them.
type phonePlans struct {
	byCode   [1000]*phonePlan // the plan of every number that begins with these three digits
	byRegion map[string]*phoneRegion
}

// phonePlan is one calling code with the regions that share it, in the library's order: the main one first.
type phonePlan struct {
	code    string
	regions []*phoneRegion
}

// phoneRegion is the plan of one region. Its tables are made when they are first asked for: no file needs all 245.
type phoneRegion struct {
	id   string // ISO 3166-1 alpha-2, or "001" for a code that belongs to no country
	plan *phonePlan
	meta *phonenumbers.PhoneMetadata
	once sync.Once

	kinds   *phoneDFA            // one pattern per phoneDesc bit
	lengths [phoneLengths]uint16 // length of a national number -> the descriptions that allow it
	longest int                  // digits of the longest national number
	same    bool                 // mobile and landline numbers look alike
	leading *phoneDFA            // the beginnings that mark this region among those of its calling code; nil for none
	idd     *phoneDFA            // what is dialled before a foreign number, "00"
	trunk   *phoneDFA            // what is dialled before a national number and is no part of it, "0"
	digit   byte                 // the trunk prefix where it is one digit and nothing else; 0 otherwise
}

// phoneLengths bounds a national number: libphonenumber allows 17 digits.
const phoneLengths = 18

// The descriptions of a region's numbers, in the library's order of precedence.
const (
	phoneDescGeneral = iota
	phoneDescPremium
	phoneDescTollFree
	phoneDescSharedCost
	phoneDescVoIP
	phoneDescPersonal
	phoneDescPager
	phoneDescUAN
	phoneDescVoicemail
	phoneDescLandline
	phoneDescMobile
)

// phoneWorld gives the plans, made at the first call (about a millisecond).
var phoneWorld = sync.OnceValue(newPhonePlans)

func newPhonePlans() *phonePlans {
	w := &phonePlans{byRegion: map[string]*phoneRegion{}}
	coll, err := phonenumbers.MetadataCollection()
	if err != nil { // the metadata is linked into the binary, and the library's own init has read it already
		panic("normalize: phone metadata: " + err.Error())
	}
	type place struct {
		region string
		code   int32
	}
	metas := make(map[place]*phonenumbers.PhoneMetadata, len(coll.GetMetadata()))
	for _, m := range coll.GetMetadata() {
		metas[place{m.GetId(), m.GetCountryCode()}] = m
	}
	for code := range phonenumbers.GetSupportedCallingCodes() {
		p := &phonePlan{code: strconv.Itoa(code)}
		for _, id := range phonenumbers.GetRegionCodesForCountryCode(code) {
			m := metas[place{id, int32(code)}]
			if m == nil {
				continue
			}
			r := &phoneRegion{id: id, plan: p, meta: m}
			p.regions = append(p.regions, r)
			if id != "001" {
				w.byRegion[id] = r
			}
		}
		from, width := code, 1
		for range 3 - len(p.code) {
			from, width = from*10, width*10
		}
		for i := from; i < from+width; i++ {
			w.byCode[i] = p
		}
	}
	return w
}

// region gives the plan of an ISO 3166-1 alpha-2 code, in either case; nil for an unknown one.
func (w *phonePlans) region(id string) *phoneRegion {
	if r, ok := w.byRegion[id]; ok {
		return r.ready()
	}
	if len(id) == 2 {
		if r, ok := w.byRegion[string([]byte{id[0] &^ 0x20, id[1] &^ 0x20})]; ok {
			return r.ready()
		}
	}
	return nil
}

// split finds the calling code at the beginning of digits; nil where there is no such code.
func (w *phonePlans) split(digits []byte) (p *phonePlan, national []byte) {
	if len(digits) < 4 {
		return nil, nil
	}
	p = w.byCode[int(digits[0]-'0')*100+int(digits[1]-'0')*10+int(digits[2]-'0')]
	if p == nil {
		return nil, nil
	}
	return p, digits[len(p.code):]
}

// check is the library's IsValidNumber and GetNumberType: the kind and region of a national number, 0 where there
// is no such number.
func (p *phonePlan) check(national []byte) (PhoneKind, *phoneRegion) {
	if len(national) >= phoneLengths {
		return 0, nil
	}
	if len(p.regions) == 1 {
		r := p.regions[0].ready()
		return r.kind(national), r
	}
	for _, r := range p.regions {
		r.ready()
		if r.leading != nil {
			if r.leading.begins(national) {
				return r.kind(national), r
			}
		} else if k := r.kind(national); k != 0 {
			return k, r
		}
	}
	return 0, nil
}

// main is the region whose rules are used to read a number of this calling code.
func (p *phonePlan) main() *phoneRegion { return p.regions[0].ready() }

func (r *phoneRegion) ready() *phoneRegion {
	r.once.Do(r.compile)
	return r
}

// kind is the library's getNumberTypeHelper for a national number of at most 17 digits.
func (r *phoneRegion) kind(national []byte) PhoneKind {
	m := r.kinds.match(national) & r.lengths[len(national)]
	if m&(1<<phoneDescGeneral) == 0 {
		return 0
	}
	for d := phoneDescPremium; d <= phoneDescVoicemail; d++ {
		if m>>d&1 != 0 {
			return phoneKindOf(d)
		}
	}
	landline, mobile := m>>phoneDescLandline&1 != 0, m>>phoneDescMobile&1 != 0
	switch {
	case landline && (r.same || mobile):
		return PhoneLandlineOrMobile
	case landline:
		return PhoneLandline
	case mobile && !r.same:
		return PhoneMobile
	}
	return 0
}

// possible is the library's match with the general pattern, which does not look at the kind.
func (r *phoneRegion) possible(national []byte) bool {
	return len(national) < phoneLengths && r.kinds.match(national)&(1<<phoneDescGeneral) != 0
}

func (r *phoneRegion) compile() {
	m := r.meta
	descs := []*phonenumbers.PhoneNumberDesc{
		m.GetGeneralDesc(), m.GetPremiumRate(), m.GetTollFree(), m.GetSharedCost(), m.GetVoip(), m.GetPersonalNumber(),
		m.GetPager(), m.GetUan(), m.GetVoicemail(), m.GetFixedLine(), m.GetMobile(),
	}
	patterns := make([]string, len(descs))
	for i, d := range descs {
		patterns[i] = d.GetNationalNumberPattern()
		if len(d.GetPossibleLength()) == 0 { // not narrower than the pattern itself
			for n := range r.lengths {
				r.lengths[n] |= 1 << i
			}
		}
		for _, n := range d.GetPossibleLength() {
			if n > 0 && n < phoneLengths {
				r.lengths[n] |= 1 << i
			}
		}
	}
	r.kinds = newPhoneDFA(patterns...)
	r.same = m.GetSameMobileAndFixedLinePattern()
	for _, n := range m.GetGeneralDesc().GetPossibleLength() {
		r.longest = max(r.longest, int(n))
	}
	if s := m.GetLeadingDigits(); s != "" {
		r.leading = newPhoneDFA(s)
	}
	r.idd = newPhoneDFA(m.GetInternationalPrefix())
	r.trunk = newPhoneDFA(m.GetNationalPrefixForParsing())
	if s := m.GetNationalPrefixForParsing(); len(s) == 1 {
		r.digit = s[0]
	}
}

func phoneKindOf(desc int) PhoneKind {
	switch desc {
	case phoneDescPremium:
		return PhonePremium
	case phoneDescTollFree:
		return PhoneTollFree
	case phoneDescSharedCost:
		return PhoneSharedCost
	case phoneDescVoIP:
		return PhoneVoIP
	case phoneDescPersonal:
		return PhonePersonal
	case phoneDescPager:
		return PhonePager
	case phoneDescUAN:
		return PhoneCompany
	case phoneDescVoicemail:
		return PhoneVoicemail
	}
	return 0
}
