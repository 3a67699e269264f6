package normalize

import (
	"strings"
	"testing"

	"cadastro/internal/errs"
)

// outcome writes a reading in one line: the numbers with their extension, then codes that are no note.
func outcome(phones []Phone, issues []errs.Issue) string {
	var out []string
	for _, p := range phones {
		s := p.E164
		if p.Ext != "" {
			s += "x" + p.Ext
		}
		out = append(out, s)
	}
	for _, i := range issues {
		switch i.Severity {
		case errs.Reject:
			out = append(out, "!"+strings.TrimPrefix(i.Code, "phone."))
		case errs.Warning:
			out = append(out, strings.TrimPrefix(i.Code, "phone."))
		}
	}
	return strings.Join(out, " ")
}

func TestPhones(t *testing.T) {
	t.Parallel()
	const m, l = "+5511987654321", "+551133334444"
	for _, c := range []struct{ country, raw, want string }{
		// One Brazilian mobile in many spellings.
		{"BR", "+5511987654321", m},
		{"BR", "5511987654321", m},
		{"BR", "+55 (11) 98765-4321", m},
		{"BR", "011 98765-4321", m},
		{"BR", "11987654321", m},
		{"BR", "0 15 11 98765-4321", m},
		{"BR", "0xx15 11 98765-4321", m},
		{"BR", "(0xx11) 98765-4321", m},
		{"BR", "(0XX11) 98765-4321", m},
		{"BR", "0**11 98765-4321", m},
		{"BR", "(xx11) 98765-4321", m},
		{"BR", "05511987654321", m},
		{"BR", "0055 11 98765-4321", m},
		{"BR", "+0055 11 98765-4321", m},
		{"BR", "+55 (0)11 98765-4321", m},
		{"BR", "+55 011 98765-4321", m},
		{"BR", "+55 0 15 11 98765-4321", m},
		{"BR", "(+55) (11) 9.8765.4321", m},
		{"BR", "+ 55  11987654321", m},
		{"BR", "11-9-8765-4321", m},
		{"BR", "11_98765_4321", m},
		{"BR", "11/98765-4321", m},
		{"BR", "11; 98765-4321", m},
		{"BR", "DDD 11 Tel 98765-4321", m},
		{"BR", "98765-4321 (11)", m},
		{"BR", "98765-4321 11", m},
		{"BR", "+55\u00a011\u00a098765\u20134321", m},
		{"BR", "\u200b+55 11 98765\u20114321\u200e", m},
		{"BR", "\u202a+55 11 98765-4321\u202c", m},
		{"BR", "＋５５１１９８７６５４３２１", m},
		{"BR", "٠١١٩٨٧٦٥٤٣٢١", m},
		{"BR", "1\ufe0f\u20e31\ufe0f\u20e3 98765-4321", m},
		{"BR", "📱 11 98765-4321", m},
		{"BR", "'5511987654321", m},
		{"BR", `="5511987654321"`, m},
		{"BR", `="+55 11 98765-4321"`, m},
		{"BR", "=5511987654321", m},
		{"BR", "5511987654321.0", m},
		{"BR", "5511987654321,00", m},
		{"BR", "5.511.987.654.321,00", m},
		{"BR", "5,511,987,654,321", m},
		{"BR", "tel:+5511987654321", m},
		{"BR", "whatsapp:+5511987654321", m},
		{"BR", "https://wa.me/5511987654321?text=Oi", m},
		{"BR", "wa.me/+5511987654321", m},
		{"BR", "https://api.whatsapp.com/send/?phone=%2B5511987654321&text=oi", m},
		{"BR", "whatsapp://send?phone=5511987654321", m},
		{"BR", "5511987654321@s.whatsapp.net", m},
		{"BR", "5511987654321:12@s.whatsapp.net", m},
		{"BR", "Cel: (11) 98765-4321", m},
		{"BR", "(11) 98765-4321 - recado com Maria", m},
		{"BR", "(11) 98765-4321 (mãe)", m},
		{"BR", "11 98765-4321 (após 18h)", m},
		{"BR", "Tel2: 11 98765-4321", m},
		{"BR", "11 98765-4321, 11 98765-4321", m},
		{"BR", "ana@example.com / 11 98765-4321", m},
		// The ninth digit.
		{"BR", "(11) 8765-4321", m + " ninth_digit_added"},
		{"BR", "551187654321", m + " ninth_digit_added"},
		{"BR", "01187654321", m + " ninth_digit_added"},
		{"BR", "0 41 11 8765-4321", m + " ninth_digit_added"},
		{"BR", "551187654321@c.us", m + " ninth_digit_added"},
		{"BR", "11 7765-4321", "+5511977654321 ninth_digit_added"},
		{"BR", "+55 11 7765-4321", "+5511977654321 ninth_digit_added"},
		{"MX", "+55 11 8765-4321", m + " ninth_digit_added"},
		{"BR", "(11) 3333-4444", l},
		{"BR", "+55 11 3333-4444", l},
		{"BR", "551133334444", l},
		// Area code 55 and country code 55.
		{"BR", "5599876543", "+5555999876543 ninth_digit_added"},
		{"BR", "5533334444", "+555533334444"},
		{"BR", "55 99876-5432", "+5555998765432"},
		{"BR", "5555998765432", "+5555998765432"},
		{"BR", "555533334444", "+555533334444"},
		{"BR", "+55 55 11 98765-4321", m + " country_code_twice"},
		{"BR", "+55 99876-5432", "!no_area_code"},
		// Spreadsheet damage.
		{"BR", "5.511987654321E+12", m + " scientific_recovered"},
		{"BR", "5,511987654321E+12", m + " scientific_recovered"},
		{"BR", "1.1987654321e10", m + " scientific_recovered"},
		{"BR", "5,511987654E+12", "+5511987654000 scientific_recovered"},
		{"BR", "5,51199E+12", "!digits_lost"},
		{"BR", "5,51E+12", "!digits_lost"},
		{"BR", "5.5119877E+12", "!digits_lost"},
		{"BR", "5511990000000", "!digits_lost"},
		{"BR", "4930943224.0", "+554930943224"},
		{"BR", "5511987654321.5", "!not_a_number"},
		// Extensions, and more than one number.
		{"BR", "11 3333-4444 ramal 12", l + "x12"},
		{"BR", "(11) 3333-4444 r. 205", l + "x205"},
		{"BR", "(11) 3333-4444 #205", l + "x205"},
		{"BR", "tel:+55-11-3333-4444;ext=12", l + "x12"},
		{"BR", "11 98765-4321 / 11 3333-4444", m + " " + l},
		{"BR", "(11) 98765-4321 / 3333-4444", m + " " + l + " area_code_added"},
		{"BR", "11 98765-4321 11 3333-4444", m + " " + l},
		{"BR", "(11)3333-4444 (11)98765-4321", l + " " + m},
		{"BR", "11 98765-4321 - 3333-4444", m + " " + l + " area_code_added"},
		{"DE", "+49 1512 345 67 - 89", "+4915123456789"},
		{"BR", "11987654321 1133334444", m + " " + l},
		{"BR", "+5511987654321+551133334444", m + " " + l},
		{"BR", "11 98765-4321 e 11 3333-4444 ramal 7", m + " " + l + "x7"},
		{"BR", "+55 11 98765-4321 ::: +55 11 3333-4444", m + " " + l},
		{"BR", "Tel1: (11) 98765-4321; Tel2: (11) 3333-4444", m + " " + l},
		{"BR", "11 3333-4444, 11 3333-4444 ramal 7", l + "x7"},
		{"MX", "+55 11 98765-4321 / 3333-4444", m + " part_unread"},
		{"BR", "11 98765-4321\n11 3333-4444", m + " " + l},
		{"BR", "11 3333-4444/4445", l + " part_unread"},
		{"BR", "11 98765-4321 / 12345678901234", m + " part_unread"},
		{"BR", "11 98765-4321 / não tem", m},
		// Service numbers.
		{"BR", "0800 123 4567", "+558001234567 toll_free"},
		{"BR", "4004-1234", "+5540041234 shared_cost"},
		{"BR", "0900 123 456", "+55900123456 premium"},
		{"BR", "190", "short_code"},
		{"US", "911", "short_code"},
		// No numbers.
		{"BR", "", ""},
		{"BR", " \u00a0\u200b", ""},
		{"BR", "-", ""},
		{"BR", "( )  -", ""},
		{"BR", "não tem", "!not_a_number"},
		{"BR", "N/A", "!not_a_number"},
		{"BR", "#REF!", "!not_a_number"},
		{"BR", "xxx", "!not_a_number"},
		{"BR", "A11987654321", "!not_a_number"},
		{"BR", "11987654321abc", "!not_a_number"},
		{"BR", "CPF 11987654321", "!not_a_number"},
		{"BR", "R$ 11.987.654,32", "!not_a_number"},
		{"BR", "-23.5505199,-46.6333094", "!not_a_number"},
		{"BR", "120363025555555555@g.us", "!not_a_number"},
		{"BR", "123456789012345@lid", "!not_a_number"},
		{"BR", "https://example.com/11987654321", "!not_a_number"},
		{"BR", "ana99@example.com", "!looks_like_email"},
		{"BR", "20/11/2026", "!looks_like_date"},
		{"BR", "2026-11-20 10:30", "!looks_like_date"},
		{"PY", "20.11.2026", "!looks_like_date"},
		{"BR", "529.982.247-25", "!looks_like_tax_id"},
		{"BR", "52998224725", "!looks_like_tax_id"},
		{"BR", "11.222.333/0001-81", "!looks_like_tax_id"},
		{"BR", "11222333000181", "!looks_like_tax_id"},
		{"BR", "12.345.678-9 SSP", "!looks_like_tax_id"},
		{"CL", "22.345.678-K", "!looks_like_tax_id"},
		{"CL", "22345678-5", "!looks_like_tax_id"},
		{"BR", "0000000000000", "!same_digits"},
		{"BR", "99999999999", "!same_digits"},
		{"BR", "(11) 99999-9999", "!same_digits"},
		{"BR", "+55 11 99999-9999", "!same_digits"},
		{"BR", "98765-4321", "!no_area_code"},
		{"BR", "3333-4444", "!no_area_code"},
		{"BR", "12345", "!too_short"},
		{"BR", "119876543", "!too_short"},
		{"BR", "11 98765-43210", "!too_long"},
		{"BR", "+5511987654321119876", "!too_long"},
		{"BR", "10 98765-4321", "!bad_area_code"},
		{"BR", "+55 10 98765-4321", "!bad_area_code"},
		{"BR", "+999 12345678", "!bad_country_code"},
		{"BR", "+11 98765-4321", "!invalid"},
		{"BR", "wa.me/11987654321", "!invalid"},
		{"BR", strings.Repeat("11 98765-4321 ", 30), "!not_a_number"},
		{"BR", "11 98765-432", "!too_short"},
		{"BR", "+55 11 98765 432", "!too_short"},
		{"BR", "Cel 11 98765-432", "!too_short"},
		// Two readings are none.
		{"BR", "3333-4444 11", "!invalid"},
		{"BR", "91 98765-43210", "!maybe_foreign"},
		{"BR", "1 212 555 2368", "!maybe_foreign"},
		// Other countries' numbers in a Brazilian column.
		{"BR", "5491122687340", "+5491122687340 read_as_foreign"},
		{"BR", "+54 11 15 2268-7340", "+5491122687340"},
		{"BR", "+52 1 55 1234 5678", "+525512345678 old_mexican_prefix"},
		{"BR", "00 21 1 212 555 2368", "+12125552368"},
		// Other countries.
		{"MX", "55 1234 5678", "+525512345678"},
		{"MX", "044 55 1234 5678", "+525512345678 old_mexican_prefix"},
		{"MX", "01 55 1234 5678", "+525512345678 old_mexican_prefix"},
		{"MX", "5215512345678", "+525512345678 old_mexican_prefix"},
		{"MX", "1234 5678", "!no_area_code"},
		{"AR", "011 15-2345-6789", "+5491123456789"},
		{"AR", "(0351) 15 234-5678", "+5493512345678"},
		{"AR", "011 4567-8901 int. 23", "+541145678901x23"},
		{"AR", "15-2345-6789", "!no_area_code"},
		{"CL", "9 6123 4567", "+56961234567"},
		{"CO", "300 123 4567", "+573001234567"},
		{"PE", "987 654 321", "+51987654321"},
		{"UY", "094 231 234", "+59894231234"},
		{"PY", "0961 456 789", "+595961456789"},
		{"PT", "912 345 678", "+351912345678"},
		{"ES", "0034 612 345 678", "+34612345678"},
		{"US", "(305) 555-0123 x12", "+13055550123x12"},
		{"US", "305-555-0123 or 786-555-0199", "+13055550123 +17865550199"},
		{"US", "1-800-FLOWERS", "+18003569377 toll_free letters_as_digits"},
		{"US", "011 55 11 98765-4321", m},
		{"DE", "030/1234567", "+49301234567"},
		{"FR", "+33/6/12/34/56/78", "+33612345678"},
		{"UY", "+598/2105/3809", "+59821053809"},
		{"BR", "5,511,987,654,321,00", "!too_short"},
		{"DE", "+49 (0)30 1234567", "+49301234567"},
		{"DE", "4915112345678", "+4915112345678"},
		{"IT", "+39 (0)6 69812345", "+390669812345"},
		// No default country.
		{"", "+55 11 98765-4321", m},
		{"", "5511987654321", m + " read_as_foreign"},
		{"", "11987654321", "!no_country_code"},
		{"ZZ", "11987654321", "!no_country_code"},
		{"br", "11987654321", m},
	} {
		phones, issues := Phones(nil, c.raw, c.country, PresetAny)
		if got := outcome(phones, issues); got != c.want {
			t.Errorf("%q (%s): %s, want %s", c.raw, c.country, got, c.want)
		}
	}
}
