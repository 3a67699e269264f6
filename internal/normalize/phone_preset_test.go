package normalize

import (
	"strings"
	"testing"
)

func TestPhonePresets(t *testing.T) {
	t.Parallel()
	const m = "+5511987654321"
	for _, c := range []struct {
		preset    PhonePreset
		raw, want string
	}{
		{PresetPlus, "+55 11 98765-4321", m},
		{PresetPlus, "+551187654321", m + " ninth_digit_added"},
		{PresetPlus, "5511987654321", "!preset_plus"},
		{PresetPlus, "11987654321", "!preset_plus"},
		{PresetPlus, "0055 11 98765-4321", "!preset_plus"},
		{PresetPlus, "não tem", "!not_a_number"},
		{PresetPlus, "", ""},
		{Preset13, "5511987654321", m},
		{Preset13, " 5511987654321 ", m},
		{Preset13, "+5511987654321", "!preset_13"},
		{Preset13, "55 11 98765-4321", "!preset_13"},
		{Preset13, "551133334444", "!preset_13"},
		{Preset13, "5510987654321", "!preset_13"},
		{Preset13, "5491122687340", "!preset_13"},
		{Preset13, "", ""},
		{PresetDDI, "5511987654321", m},
		{PresetDDI, "+55 (11) 98765-4321", m},
		{PresetDDI, "5491122687340", "+5491122687340"},
		{PresetDDI, "11987654321", "!preset_ddi"},
		{PresetDDI, "551187654321", "!preset_ddi"},
		{PresetDDI, "+55 11 8765-4321", "!preset_ddi"},
		{PresetDDI, "551133334444", "!preset_ddi"},
		{PresetExact, "11 98765-4321", "11 98765-4321"},
		{PresetExact, "abc 1", "abc 1"},
		{PresetExact, " ", ""},
	} {
		phones, issues := Phones(nil, c.raw, "BR", c.preset)
		if got := outcome(phones, issues); got != c.want {
			t.Errorf("preset %d %q: %s, want %s", c.preset, c.raw, got, c.want)
		}
	}
}

func TestPhonesWithArea(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ country, area, raw, want string }{
		{"BR", "11", "98765-4321", "+5511987654321 area_code_added"},
		{"BR", "11", "8765-4321", "+5511987654321 ninth_digit_added area_code_added"},
		{"BR", "85", "3333-4444", "+558533334444 area_code_added"},
		{"BR", "85", "(11) 3333-4444", "+551133334444"},
		{"BR", "11", "90012-3456", "+5511900123456 area_code_added"},
		{"BR", "85", "12345", "!too_short"},
		{"MX", "55", "1234 5678", "+525512345678 area_code_added"},
		{"AR", "11", "15-2345-6789", "+5491123456789 area_code_added"},
	} {
		phones, issues := PhonesWith(nil, c.raw, PhoneOptions{Country: c.country, Area: c.area})
		if got := outcome(phones, issues); got != c.want {
			t.Errorf("%q (%s %s): %s, want %s", c.raw, c.country, c.area, got, c.want)
		}
	}
}

func TestPhonesAppend(t *testing.T) {
	t.Parallel()
	dst, _ := Phones(nil, "11 98765-4321", "BR", PresetAny)
	dst, _ = Phones(dst, "11 98765-4321", "BR", PresetAny)
	if len(dst) != 2 {
		t.Errorf("the numbers of an earlier cell are no repetitions: %v", dst)
	}
	if dst[0].Kind != PhoneMobile || dst[0].Country != "BR" || dst[0].Repaired || dst[0].Kind.String() != "mobile" {
		t.Errorf("%+v", dst[0])
	}
}

func TestPhoneKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"+551187654321", "+5511987654321"},
		{"+551177654321", "+5511977654321"},
		{"+5511987654321", "+5511987654321"},
		{"+551133334444", "+551133334444"},
		{"+5540041234", "+5540041234"},
		{"+5215512345678", "+525512345678"},
		{"+525512345678", "+525512345678"},
		{"+5491122687340", "+541122687340"},
		{"+541122687340", "+541122687340"},
		{"+12125552368", "+12125552368"},
		{"", ""},
		{"ramal 5", "ramal 5"},
	} {
		got := PhoneKey(c.in)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.in, got, c.want)
		}
		if n := PhoneKeyNumber(c.in); n != PhoneKeyNumber(c.want) || n == 0 && strings.HasPrefix(c.in, "+") {
			t.Errorf("%s: key number %d, of %s %d", c.in, n, c.want, PhoneKeyNumber(c.want))
		}
	}
}

func TestPhoneSearchDigits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ q, want string }{
		{"(011) 98765", "1198765"},
		{"98765-4321", "987654321"},
		{"+55 11 98765 4321", "5511987654321"},
		{"0055 11", "5511"},
		{"tel: 4321", "4321"},
		{"wa.me/5511987654321", "5511987654321"},
		{"５５１１", "5511"},
		{"Maria", ""},
		{"maria 11", ""},
		{"ana99@example.com", ""},
		{"", ""},
		{"000", ""},
	} {
		if got := PhoneSearchDigits(c.q); got != c.want {
			t.Errorf("%q: %q, want %q", c.q, got, c.want)
		}
	}
	if got := strings.Join(PhoneSearchForms("(11) 8765-4321", "BR"), " "); got != "1187654321 5511987654321" {
		t.Errorf("forms: %s", got)
	}
}
