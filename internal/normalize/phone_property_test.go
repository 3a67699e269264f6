package normalize

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cadastro/internal/errs"
)

// brazilAreas are the 67 area codes of Brazil (Anatel, Resolution 749/2022).
func brazilAreas() []string {
	return strings.Fields(`11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49 51 53 54 55
		61 62 63 64 65 66 67 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 91 92 93 94 95 96 97 98 99`)
}

// Every spelling of a Brazilian number has one key, and a landline never gains a digit.
func TestPhoneSpellingsHaveOneKey(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		area := rapid.SampledFrom(brazilAreas()).Draw(t, "area")
		mobile := rapid.Bool().Draw(t, "mobile")
		a, b := rapid.IntRange(2000, 5999).Draw(t, "a"), rapid.IntRange(1, 9998).Draw(t, "b")
		if mobile {
			a = rapid.IntRange(6000, 9999).Draw(t, "a")
		}
		left, right := fmt.Sprintf("%04d", a), fmt.Sprintf("%04d", b)
		if phoneSame([]byte(left+right)) > 6 {
			t.Skip("a filler")
		}
		nine := ""
		if mobile {
			nine = "9"
		}
		want := "+55" + area + nine + left + right
		heads := []string{"(%s) %s-%s", "%s%s%s", "+55 %s %s-%s", "+55%s%s%s", "55%s%s%s", "0%s %s-%s", "0 15 %s %s-%s", "(0xx%s) %s-%s",
			"055%s%s%s", "0055 %s %s %s", "+55 (0)%s %s-%s", "tel:+55-%s-%s-%s", "https://wa.me/55%s%s%s", "55%s%s%s@s.whatsapp.net",
			"55%s%s%s.0", "'55%s%s%s", "=\"+55%s%s%s\"", "Cel: (%s) %s-%s", "(%s) %s-%s (casa)", "+55\u00a0%s\u00a0%s\u2011%s", "%s %s.%s",
			"whatsapp:+55%s%s%s", "  %s %s %s\t", "[%s] %s-%s", "+55 55 %s %s-%s"}
		form := rapid.SampledFrom(heads).Draw(t, "form")
		lefts := []string{nine + left}
		if mobile {
			lefts = append(lefts, left)
		}
		raw := fmt.Sprintf(form, area, rapid.SampledFrom(lefts).Draw(t, "left"), right)
		phones, issues := Phones(nil, raw, "BR", PresetAny)
		if len(phones) != 1 || phones[0].E164 != want || PhoneKey(phones[0].E164) != want {
			t.Fatalf("%q: %v %v, want %s", raw, phones, issues, want)
		}
		if short := "+55" + area + left + right; PhoneKey(short) != want || PhoneKeyNumber(short) != PhoneKeyNumber(want) {
			t.Fatalf("%s: key %s, want %s", short, PhoneKey(short), want)
		}
	})
}

// What Phones gives, it reads again as the same, whatever the default country; and the key likewise.
func TestPhonesIdempotent(t *testing.T) {
	t.Parallel()
	countries := []string{"BR", "MX", "AR", "CL", "CO", "PE", "UY", "PY", "PT", "ES", "US", "DE", "IT", "IN", ""}
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.StringMatching(`[+(]?[0-9]{0,4}[) ./-]{0,2}[0-9]{3,6}[ ./e,-]{0,2}[0-9]{3,8}( (ramal|/) ?[0-9]{1,9})?`).Draw(t, "raw")
		phones, issues := Phones(nil, raw, rapid.SampledFrom(countries).Draw(t, "country"), PresetAny)
		checkPhones(t, raw, phones, issues)
		for _, p := range phones {
			again, issues := Phones(nil, p.E164, rapid.SampledFrom(countries).Draw(t, "other"), PresetAny)
			if len(again) != 1 || again[0].E164 != p.E164 || again[0].Kind != p.Kind {
				t.Fatalf("%q gave %s, which gives %v %v", raw, p.E164, again, issues)
			}
			if k := PhoneKey(p.E164); PhoneKey(k) != k {
				t.Fatalf("key of %s: %s, again %s", p.E164, k, PhoneKey(k))
			}
		}
	})
}

// A Brazilian mobile or landline without its area code is told so, however it is grouped, and with the area it is that
// number; the area codes 30, 50, 80 and 90, which do not exist, make no service number. 4004 and 3003 have no area.
func TestPhonesNoServiceByChance(t *testing.T) {
	t.Parallel()
	service := func(list []Phone) bool {
		return len(list) > 0 && (list[0].Kind == PhoneTollFree || list[0].Kind == PhonePremium || list[0].Kind == PhoneSharedCost)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.StringMatching(`(90[0-9]|[358]0[03]|[2-9][0-9][0-9])[0-9]{5,8}`).Draw(t, "digits")
		cut := rapid.SampledFrom([]int{1, 2, 3, len(d) - 4}).Draw(t, "cut")
		form := rapid.SampledFrom([]string{"%s%s%s", "%s-%s%s", "%s %s%s", "%s %s-%s", "(%s) %s-%s", "%s.%s%s", "Cel: %s%s-%s", "%s%s%s.0"}).Draw(t, "form")
		head, mid := d[:cut], d[cut:max(cut, len(d)-4)]
		raw := fmt.Sprintf(form, head, mid, d[len(head)+len(mid):])
		phones, issues := Phones(nil, raw, "BR", PresetAny)
		if service(phones) && len(d) > 8 && !strings.HasPrefix(d, "55") {
			t.Fatalf("%q: %+v", raw, phones)
		}
		if len(phones) == 0 && errs.Worst(issues) != errs.Reject {
			t.Fatalf("%q: no number, and no reject: %v", raw, issues)
		}
		if len(d) != 9 || d[0] != '9' || phoneSame([]byte(d)) > 5 {
			return
		}
		for _, raw := range []string{d, d[:5] + "-" + d[5:], d[:1] + " " + d[1:5] + " " + d[5:], "+55 " + d[:5] + "-" + d[5:]} {
			if phones, issues := Phones(nil, raw, "BR", PresetAny); len(phones) > 0 || issues[0].Code != "phone.no_area_code" {
				t.Fatalf("%q: %+v %v", raw, phones, issues)
			}
		}
		if phones, _ := PhonesWith(nil, d, PhoneOptions{Country: "BR", Area: "11"}); len(phones) != 1 || phones[0].E164 != "+5511"+d {
			t.Fatalf("%s with area 11: %+v", d, phones)
		}
	})
}

var phoneE164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// checkPhones checks what holds for every cell: E.164 only, no number twice, and a reason where there is none.
func checkPhones(t interface{ Fatalf(string, ...any) }, raw string, phones []Phone, issues []errs.Issue) {
	seen := map[string]bool{}
	for _, p := range phones {
		if !phoneE164.MatchString(p.E164) || seen[p.E164+"x"+p.Ext] || p.Kind == 0 || p.Country == "" {
			t.Fatalf("%q: %+v of %v, %v", raw, p, phones, issues)
		}
		seen[p.E164+"x"+p.Ext] = true
	}
}

// Every code has its sentence in every language, and no sentence is left over.
func TestPhoneCatalogues(t *testing.T) {
	t.Parallel()
	var codes []string
	files, _ := filepath.Glob("phone*.go")
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(f, "_test.go") {
			for _, m := range regexp.MustCompile(`"(phone\.[a-z0-9_]+)"`).FindAllStringSubmatch(string(text), -1) {
				codes = append(codes, "issue."+m[1])
			}
		}
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	for _, lang := range []string{"pt-BR", "es", "en"} {
		text, err := os.ReadFile("../i18n/locales/phone." + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var catalogue map[string]string
		if err := json.Unmarshal(text, &catalogue); err != nil {
			t.Fatal(err)
		}
		for _, c := range codes {
			if !strings.Contains(catalogue[c], "{{.value}}") {
				t.Errorf("%s: %s: %q", lang, c, catalogue[c])
			}
		}
		if len(catalogue) != len(codes) {
			t.Errorf("%s: %d sentences for %d codes", lang, len(catalogue), len(codes))
		}
	}
}

func FuzzPhones(f *testing.F) {
	for _, s := range []string{"", "+5511987654321", "(11) 8765-4321", "5,51199E+12", "5.511987654321e12", "11 98765-4321 / 11 3333-4444 ramal 12",
		"98765-4321 (11)", "=\"+55 11 98765-4321\"", "https://wa.me/5511987654321?text=%2B", "5511987654321:1@s.whatsapp.net", "(0xx11) 98765-4321",
		"tel:+1-800-FLOWERS;ext=5", "20/11/2026 10:30", "529.982.247-25", "+44 (0)20 7946 0958", "1,1,1,1,1,1", "\xff\xfe\x00", "１１　９８７６５", "R$ 1.000,00",
		"5.511.987.654.321,00", "#", "+", "0", "e", "1e", "1e9", ".0", "((((((1", "+0", "00", "0000000", "011 15-2345-6789", "%2", "@", "x1", "1x1", "½", strings.Repeat(" ", 400) + "0"} {
		for i := range 4 {
			f.Add(s, uint8(i), uint8(i))
		}
	}
	countries := []string{"BR", "MX", "AR", "US", "DE", "IT", "CO", "", "zz", "\x00"}
	f.Fuzz(func(t *testing.T, raw string, country, preset uint8) {
		o := PhoneOptions{Country: countries[int(country)%len(countries)], Preset: PhonePreset(preset % 4)}
		if preset&8 != 0 {
			o.Area = "11"
		}
		phones, issues := PhonesWith(nil, raw, o)
		checkPhones(t, raw, phones, issues)
		if len(phones) == 0 && errs.Worst(issues) != errs.Reject && !phoneBlank(raw) {
			t.Fatalf("%q: no number, and no reject: %v", raw, issues)
		}
		for _, p := range phones {
			again, _ := Phones(nil, p.E164, "", PresetAny)
			if len(again) != 1 || again[0].E164 != p.E164 {
				t.Fatalf("%q gave %s, which gives %v", raw, p.E164, again)
			}
		}
		PhoneSearchForms(raw, o.Country)
		if key := PhoneKey(raw); PhoneKey(key) != key {
			t.Fatalf("the key of %q, %s, has another key", raw, key)
		}
		if n := PhoneKeyNumber(raw); n >= 1e15 {
			t.Fatalf("%q: %d has more than 15 digits", raw, n)
		}
	})
}
