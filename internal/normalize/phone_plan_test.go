package normalize

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// walk gives a random national number of the region, or "" after some tries: a walk through the table.
func (r *phoneRegion) walk(rnd *rand.Rand) string {
	for range 60 {
		s, d := 1, []byte{}
		for len(d) < phoneLengths-1 {
			var next []byte
			for c := byte('0'); c <= '9'; c++ {
				if r.kinds.next[s*10+int(c-'0')] != 0 {
					next = append(next, c)
				}
			}
			if len(next) == 0 {
				break
			}
			c := next[rnd.IntN(len(next))]
			d = append(d, c)
			s = int(r.kinds.next[s*10+int(c-'0')])
			if r.kind(d) != 0 && rnd.IntN(3) > 0 {
				return string(d)
			}
		}
		if r.kind(d) != 0 {
			return string(d)
		}
	}
	return ""
}

func phoneTestRegions() []*phoneRegion {
	var all []*phoneRegion
	seen := map[*phonePlan]bool{}
	for _, p := range phoneWorld().byCode {
		if p != nil && !seen[p] {
			seen[p] = true
			all = append(all, p.regions...)
		}
	}
	for _, r := range all {
		r.ready()
	}
	return all
}

// libraryReads is what the library alone makes of digits: E.164, "" for no valid number.
func libraryReads(digits, region string) string {
	n, err := phonenumbers.Parse(digits, region)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.E164)
}

// byRule tells a number on which we know better than the library: see brazil and mexico.
func byRule(e164 string) bool {
	return strings.HasPrefix(e164, "+55") && len(e164) == 13 && e164[5] >= '6'
}

// byChance tells a service number of Brazil that the library makes of digits which say none: see serviceWritten.
func byChance(raw, region, e164 string) bool {
	n, err := phonenumbers.Parse(e164, "")
	if err != nil || region != "BR" || len(e164) < len("+55800123456") || strings.HasPrefix(raw, "+") {
		return false
	}
	switch phonenumbers.GetNumberType(n) {
	case phonenumbers.TOLL_FREE, phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST:
		return raw == e164[3:] || raw == e164[1:] && len(raw) == len("55800123456")
	}
	return false
}

// Every plan of the world: the tables say what the library says, of numbers and of near misses.
func TestPhonePlansAgreeWithLibrary(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	kinds := map[phonenumbers.PhoneNumberType]PhoneKind{
		phonenumbers.FIXED_LINE: PhoneLandline, phonenumbers.MOBILE: PhoneMobile, phonenumbers.FIXED_LINE_OR_MOBILE: PhoneLandlineOrMobile,
		phonenumbers.TOLL_FREE: PhoneTollFree, phonenumbers.PREMIUM_RATE: PhonePremium, phonenumbers.SHARED_COST: PhoneSharedCost,
		phonenumbers.VOIP: PhoneVoIP, phonenumbers.PERSONAL_NUMBER: PhonePersonal, phonenumbers.PAGER: PhonePager,
		phonenumbers.UAN: PhoneCompany, phonenumbers.VOICEMAIL: PhoneVoicemail,
	}
	checked := 0
	for _, r := range phoneTestRegions() {
		for range 30 {
			nat := []byte(r.walk(rnd))
			if len(nat) == 0 {
				continue
			}
			switch rnd.IntN(3) {
			case 0:
				nat[rnd.IntN(len(nat))] = '0' + byte(rnd.IntN(10))
			case 1:
				nat = append(nat, '7')[rnd.IntN(2):]
			}
			n, err := phonenumbers.Parse("+"+r.plan.code+string(nat), "")
			if err != nil {
				continue
			}
			if got := phonenumbers.GetNationalSignificantNumber(n); got != string(nat) {
				nat = []byte(got) // the library took a prefix off
			}
			if len(nat) >= phoneLengths {
				continue
			}
			checked++
			kind, region := r.plan.check(nat)
			if want := kinds[phonenumbers.GetNumberType(n)]; kind != want || phonenumbers.IsValidNumber(n) != (kind != 0) {
				t.Errorf("+%s %s: kind %v, library %v", r.plan.code, nat, kind, want)
			}
			if kind != 0 && region.id != phonenumbers.GetRegionCodeForNumber(n) {
				t.Errorf("+%s %s: region %v, library %v", r.plan.code, nat, region.id, phonenumbers.GetRegionCodeForNumber(n))
			}
		}
	}
	if checked < 5000 {
		t.Errorf("only %d numbers checked", checked)
	}
}

// Every country as default: numbers as the library reads them, in international and national digits.
func TestPhonesAgreeWithLibrary(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, r := range phoneTestRegions() {
		for range 12 {
			nat := r.walk(rnd)
			if nat == "" || r.id == "001" {
				continue
			}
			trunk := phonenumbers.GetNddPrefixForRegion(r.id, true)
			for _, raw := range []string{"+" + r.plan.code + nat, nat, trunk + nat, r.plan.code + nat, r.plan.code + trunk + nat} {
				agree(t, raw, r.id)
			}
		}
	}
}

// The countries that matter most, over all the beginnings of their numbers.
func TestPhonesAgreeWithLibraryByPrefix(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5, 6))
	for _, c := range []struct {
		id      string
		lengths []int
	}{
		{"BR", []int{10, 11}}, {"MX", []int{10}}, {"AR", []int{10, 11}}, {"CL", []int{9}}, {"CO", []int{10}}, {"PE", []int{8, 9}},
		{"UY", []int{8}}, {"PY", []int{8, 9}}, {"PT", []int{9}}, {"ES", []int{9}}, {"US", []int{10}}, {"MY", []int{9, 10}},
	} {
		code := phoneWorld().region(c.id).plan.code
		for prefix := range 1000 {
			for _, n := range c.lengths {
				d := []byte{'0' + byte(prefix/100), '0' + byte(prefix/10%10), '0' + byte(prefix%10)}
				for len(d) < n {
					d = append(d, '0'+byte(rnd.IntN(10)))
				}
				agree(t, "+"+code+string(d), c.id)
				if rnd.IntN(4) == 0 {
					agree(t, string(d), c.id)
					agree(t, code+string(d), c.id)
				}
			}
		}
	}
}

// Argentine mobiles as dialled at home, 15 and all: the table's answer is the library's.
func TestPhonesArgentina(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(9, 10))
	r := phoneWorld().region("AR")
	for range 2000 {
		n, err := phonenumbers.Parse("+54"+r.walk(rnd), "")
		if err != nil {
			t.Fatal(err)
		}
		home := string(phoneDigits([]byte(phonenumbers.Format(n, phonenumbers.NATIONAL))))
		for _, raw := range []string{home, strings.TrimPrefix(home, "0"), "+54" + home, "54" + home, "+54" + strings.TrimPrefix(home, "0")} {
			agree(t, raw, "AR")
		}
	}
}

// agree checks that a valid number of the library is ours, and that ours is valid for the library.
func agree(t *testing.T, raw, region string) {
	t.Helper()
	want := libraryReads(raw, region)
	got := ""
	phones, issues := Phones(nil, raw, region, PresetAny)
	if len(phones) > 0 {
		got = phones[0].E164
	}
	if len(want) < 8 || len(want) > 16 { // E.164 has no such numbers
		want = ""
	}
	switch {
	case got == want:
	case got == "" && want != "":
		for _, i := range issues {
			if slices.Contains([]string{"phone.same_digits", "phone.digits_lost"}, i.Code) {
				return // valid by its pattern, but no person's number
			}
		}
		if byChance(raw, region, want) {
			return
		}
		t.Errorf("%s (%s): refused %v, library %s", raw, region, issues, want)
	case want == "":
		if len(phones) > 1 || !phones[0].Repaired && libraryReads(got, "") != got {
			t.Errorf("%s (%s): %v, library refuses", raw, region, phones)
		}
	case byRule(want) && PhoneKey(want) == got:
	case phones[0].Kind == PhoneMobile && got == "+"+raw && len(raw) >= 12: // mobileAbroad
	default:
		t.Errorf("%s (%s): %s, library %s", raw, region, got, want)
	}
}
