package normalize

import "cadastro/internal/errs"

// PhonePreset says how strictly a phone cell is read.
type PhonePreset uint8

// The presets. All but PresetExact give E.164.
const (
	PresetAny   PhonePreset = iota // every spelling that has one meaning
	PresetPlus                     // "+" and the country code have to be there
	Preset13                       // 13 digits and nothing else: 55, DDD, 9 and eight digits
	PresetDDI                      // country code, area code and number, with or without "+"; in Brazil a mobile of nine digits
	PresetExact                    // the text as it stands; identical text is the identity
)

// PhoneKind is what a number is for, by its country's numbering plan.
type PhoneKind uint8

// The kinds, as libphonenumber tells them apart. A number under PresetExact has kind 0.
const (
	PhoneMobile PhoneKind = iota + 1
	PhoneLandline
	PhoneLandlineOrMobile // the plan does not tell (Mexico, United States)
	PhoneTollFree
	PhonePremium
	PhoneSharedCost
	PhoneVoIP
	PhonePersonal
	PhonePager
	PhoneCompany // "UAN": one number for all the sites of a company
	PhoneVoicemail
)

// String gives the stable lower-case name, as in JSON.
func (k PhoneKind) String() string {
	names := [...]string{"", "mobile", "landline", "landline_or_mobile", "toll_free", "premium", "shared_cost", "voip",
		"personal", "pager", "company", "voicemail"}
	if int(k) < len(names) {
		return names[k]
	}
	return ""
}

// Phone is one number.
//
// E164 is "+" and 7 to 15 digits (ITU-T E.164), e.g. "+5511987654321"; under PresetExact the text as typed.
// Country is the ISO 3166-1 alpha-2 code, "001" for numbers of no country. Ext is the extension, digits only.
// Repaired tells that digits were added, removed or restored; an issue says which.
type Phone struct {
	E164     string
	Country  string
	Ext      string
	Kind     PhoneKind
	Repaired bool
}

// PhoneOptions say how a phone column is read.
//
// Country is the default country (ISO 3166-1 alpha-2, e.g. "BR") of numbers that name none; "" for no default.
// Area is the area code, digits only, of numbers that lack theirs; "" makes those an error.
type PhoneOptions struct {
	Country string
	Area    string
	Preset  PhonePreset
}

// Phones reads a cell of phone numbers; see [PhonesWith].
func Phones(dst []Phone, raw string, country string, preset PhonePreset) (phones []Phone, issues []errs.Issue) {
	return PhonesWith(dst, raw, PhoneOptions{Country: country, Preset: preset})
}

// PhonesWith appends to dst the numbers that the cell raw holds, each once.
//
// A cell that holds nothing (empty, blanks, dashes) gives nothing and no issue. Otherwise no number comes with a
// Reject that says why; that of a short service number, which is nobody's contact, is phone.short_code.
// What cannot be read in one way only is rejected, not guessed. The judge of validity is libphonenumber's metadata,
// with four rules of the numbering plans on top: Brazilian mobiles have nine digits (Anatel, Resolution 553/2010;
// all of Brazil since November 2016), Brazil's service numbers 0300 to 0900 have their 0 or the country code, Mexico
// dials ten digits without 1, 01, 044 or 045 (IFT, August 2019), and a country code typed twice counts once.
func PhonesWith(dst []Phone, raw string, o PhoneOptions) (phones []Phone, issues []errs.Issue) {
	if o.Preset == PresetExact {
		if phoneBlank(raw) {
			return dst, nil
		}
		return append(dst, Phone{E164: raw}), nil
	}
	r := phoneReader{PhoneOptions: o, world: phoneWorld(), raw: raw, phones: dst, from: len(dst)}
	r.home = r.world.region(o.Country)
	if !r.quick() {
		r.cell()
	}
	return r.phones, r.issues
}

// phoneReader reads one cell.
type phoneReader struct {
	PhoneOptions
	world  *phonePlans
	home   *phoneRegion // nil without a default country
	raw    string
	phones []Phone
	from   int // phones[from:] are this cell's
	issues []errs.Issue
}
