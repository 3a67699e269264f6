package normalize

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cadastro/internal/errs"
	"pgregory.net/rapid"
)

func today() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

func TestDate(t *testing.T) {
	t.Parallel()
	dmy := DateReader{Order: OrderDMY, Today: today()}
	for _, c := range []struct{ in, want, issue string }{
		{"", "", ""},
		{"  /  /    ", "", ""},
		{"-", "", ""},
		{"não informado", "", "value.none_word"},
		{"#VALOR!", "", "value.formula_error"},
		{"31/12/2025", "2025-12-31", ""},
		{"1/2/2025", "2025-02-01", ""},
		{"01-02-2025", "2025-02-01", ""},
		{"01.02.2025", "2025-02-01", ""},
		{"01 02 2025", "2025-02-01", ""},
		{"1. 2. 2025", "2025-02-01", ""},
		{" 31/12/2025 ", "2025-12-31", ""},
		{"'31/12/2025", "2025-12-31", ""},
		{"31\u201112\u20112025", "2025-12-31", ""},
		{"３１/１２/２０２５", "2025-12-31", ""},
		{"31\\12\\2025", "2025-12-31", ""},
		{"2025-12-31", "2025-12-31", ""},
		{"2025/12/31", "2025-12-31", ""},
		{"2025.12.31", "2025-12-31", ""},
		{"2025-1-5", "2025-01-05", ""},
		{"2025-12-31T13:45:10.123Z", "2025-12-31", ""},
		{"2025-12-31T13:45:10-03:00", "2025-12-31", ""},
		{"2025-12-31 13:45:10.123456-03", "2025-12-31", ""},
		{"2025-12-31 13:45:10 +0000 UTC", "2025-12-31", ""},
		{"2025-12-31T13:45", "2025-12-31", ""},
		{"31/12/2025 13:45", "2025-12-31", ""},
		{"31/12/2025 às 14h30", "2025-12-31", ""},
		{"31/12/2025, 1:45:00 PM", "2025-12-31", ""},
		{"31/12/2025 01:45 p. m.", "2025-12-31", ""},
		{"20251231", "2025-12-31", ""},
		{"31122025", "2025-12-31", ""},
		{"20251231T134510Z", "2025-12-31", ""},
		{"20251231 13:45", "2025-12-31", ""},
		{"20251231134510", "2025-12-31", ""},
		{"202512311345", "2025-12-31", ""},
		{"99999999999999", "", "date.unreadable"},
		{"1122025", "2025-12-01", ""},
		{"31 de dezembro de 2025", "2025-12-31", ""},
		{"31 de Dezembro, 2025", "2025-12-31", ""},
		{"1º de janeiro de 2025", "2025-01-01", ""},
		{"1° de janeiro de 2025", "2025-01-01", ""},
		{"1o de janeiro de 2025", "2025-01-01", ""},
		{"31-dez-2025", "2025-12-31", ""},
		{"31/dez/2025", "2025-12-31", ""},
		{"31-dez.-2025", "2025-12-31", ""},
		{"31dez2025", "2025-12-31", ""},
		{"31 DEZ 2025", "2025-12-31", ""},
		{"31-dez-25", "2025-12-31", "date.two_digit_year"},
		{"31 de diciembre del 2025", "2025-12-31", ""},
		{"miércoles, 31 de diciembre de 2025", "2025-12-31", ""},
		{"quarta-feira, 31 de dezembro de 2025", "2025-12-31", ""},
		{"mar 30 dic 2025", "2025-12-30", ""},
		{"martes 4 de marzo de 2025", "2025-03-04", ""},
		{"Dec 31, 2025", "2025-12-31", ""},
		{"December 31st, 2025", "2025-12-31", ""},
		{"31st of December 2025", "2025-12-31", ""},
		{"Wed, 31 Dec 2025 00:00:00 GMT", "2025-12-31", ""},
		{"Wed Dec 31 2025 00:00:00 GMT-0300 (Horário Padrão de Brasília)", "2025-12-31", ""},
		{"Wed Dec 31 13:45:10 BRT 2025", "2025-12-31", ""},
		{"2025 December 31", "2025-12-31", ""},
		{"3. März 2025", "2025-03-03", ""},
		{"1er janvier 2025", "2025-01-01", ""},
		{"14 août 2025", "2025-08-14", ""},
		{"14 juil. 2025", "2025-07-14", ""},
		{"2 giugno 2025", "2025-06-02", ""},
		{"2 lug 2025", "2025-07-02", ""},
		{"15 ene 2025", "2025-01-15", ""},
		{"15-sept-2025", "2025-09-15", ""},
		{"5/6/25", "2025-06-05", "date.two_digit_year"},
		{"5/6/69", "1969-06-05", "date.two_digit_year"},
		{"45000", "2023-03-15", "date.serial"},
		{"45000.5", "2023-03-15", "date.serial"},
		{"45000,75", "2023-03-15", "date.serial"},
		{"1767187512", "2025-12-31", "date.serial"},
		{"1767187512000", "2025-12-31", "date.serial"},
		{"29/02/2024", "2024-02-29", ""},
		{"29/02/2025", "", "date.impossible"},
		{"29/02/1900", "", "date.impossible"},
		{"31/02/1990", "", "date.impossible"},
		{"31 de fevereiro de 2025", "", "date.impossible"},
		{"00/00/0000", "", "date.out_of_range"},
		{"01/01/0000", "", "date.out_of_range"},
		{"0000-00-00", "", "date.out_of_range"},
		{"0001-01-01", "", "date.out_of_range"},
		{"275760-09-13", "", "date.out_of_range"},
		{"13/09/275760", "", "date.out_of_range"},
		{"12/31/2025", "", "date.other_order"},
		{"32/12/2025", "", "date.impossible"},
		{"45/45/2025", "", "date.impossible"},
		{"31/12", "", "date.no_year"},
		{"31.12", "", "date.no_year"},
		{"31 de dezembro", "", "date.no_year"},
		{"12/2025", "", "date.no_day"},
		{"dez/2025", "", "date.no_day"},
		{"dez-25", "", "date.no_day"},
		{"1990", "", "date.year_only"},
		{"35", "", "date.unreadable"},
		{"amanhã", "", "date.unreadable"},
		{"maria", "", "date.unreadable"},
		{"31 de foo de 2025", "", "date.unreadable"},
		{"1/2/3/2025", "", "date.unreadable"},
		{"11 98765-4321", "", "date.unreadable"},
		{"14 jui 2025", "", "date.unreadable"},
	} {
		got, issues := dmy.Read(c.in)
		if got != c.want {
			t.Errorf("Read(%q) = %q, want %q", c.in, got, c.want)
		}
		wantIssue(t, c.in, issues, c.issue)
	}
}

func TestDateOrders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		order           DateOrder
		in, want, issue string
	}{
		{OrderMDY, "12/31/2025", "2025-12-31", ""},
		{OrderMDY, "1/2/2025", "2025-01-02", ""},
		{OrderMDY, "31/12/2025", "", "date.other_order"},
		{OrderMDY, "12312025", "2025-12-31", ""},
		{OrderMDY, "1/2/25", "2025-01-02", "date.two_digit_year"},
		{OrderYMD, "25/12/31", "2025-12-31", "date.two_digit_year"},
		{OrderYMD, "25-1-5", "2025-01-05", "date.two_digit_year"},
		{OrderUnknown, "31/12/2025", "2025-12-31", ""},
		{OrderUnknown, "12/31/2025", "2025-12-31", ""},
		{OrderUnknown, "5/5/2025", "2025-05-05", ""},
		{OrderUnknown, "1/2/2025", "", "date.ambiguous_order"},
		{OrderUnknown, "2025-02-01", "2025-02-01", ""},
	} {
		got, issues := DateReader{Order: c.order, Today: today()}.Read(c.in)
		if got != c.want {
			t.Errorf("%v %q = %q, want %q", c.order, c.in, got, c.want)
		}
		wantIssue(t, c.in, issues, c.issue)
	}
	for _, o := range []DateOrder{OrderUnknown, OrderDMY, OrderMDY, OrderYMD} {
		if ParseDateOrder(o.String()) != o {
			t.Errorf("order %d", o)
		}
	}
}

func TestBirthDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want, issue string }{
		{"01/02/1990", "1990-02-01", ""},
		{"01/02/90", "1990-02-01", "date.two_digit_year"},
		{"01/02/26", "2026-02-01", "date.two_digit_year"},
		{"01/02/27", "1927-02-01", "date.two_digit_year"},
		{"21/11/2026", "2026-11-21", "date.future"},
		{"20/11/2026", "2026-11-20", ""},
		{"01/02/1890", "1890-02-01", "date.too_old"},
		{"1890-02-01", "1890-02-01", "date.too_old"},
	} {
		got, issues := DateReader{Order: OrderDMY, Birth: true, Today: today()}.Read(c.in)
		if got != c.want {
			t.Errorf("%q = %q, want %q", c.in, got, c.want)
		}
		wantIssue(t, c.in, issues, c.issue)
	}
	if got, _ := (DateReader{Date1904: true}).Read("43538"); got != "2023-03-15" {
		t.Errorf("1904: %s", got)
	}
}

func TestDateColumn(t *testing.T) {
	t.Parallel()
	many := func(n int, s string) []string { return strings.Split(strings.Repeat(s+"|", n-1)+s, "|") }
	for _, c := range []struct {
		name    string
		values  []string
		country string
		order   DateOrder
		ask     bool
	}{
		{"empty", nil, "BR", OrderDMY, false},
		{"proved dmy", []string{"01/02/2025", "25/12/2025", "x", ""}, "US", OrderDMY, false},
		{"proved mdy", []string{"01/02/2025", "12/25/2025"}, "BR", OrderMDY, false},
		{"iso", []string{"2025-01-02", "2025-05-06"}, "BR", OrderYMD, false},
		{"open BR", []string{"01/02/2025", "03/04/2025"}, "BR", OrderDMY, true},
		{"open US", []string{"01/02/2025", "03/04/2025"}, "US", OrderMDY, true},
		{"same day and month", []string{"05/05/2025", "07/07/2020"}, "US", OrderMDY, false},
		{"dots", []string{"01.02.2025", "03.04.2025"}, "US", OrderDMY, false},
		{"mixed", []string{"25/12/2025", "12/25/2025", "1/2/2025"}, "BR", OrderDMY, true},
		{"one slip", append(many(30, "25/12/2025"), "12/25/2025"), "BR", OrderDMY, false},
		{"one slip the other way", append(many(30, "12/25/2025"), "25/12/2025"), "BR", OrderMDY, false},
		{"month names and serials", []string{"31 dez 2025", "45000"}, "BR", OrderDMY, false},
		{"two-digit years", []string{"25/12/25", "1/2/25"}, "US", OrderDMY, false},
		{"yy/mm/dd", []string{"99/12/31"}, "BR", OrderYMD, false},
		{"with time", []string{"12/25/2025 1:30 PM"}, "BR", OrderMDY, false},
	} {
		var whole, a, b DateColumn
		for i, v := range c.values {
			whole.Add(v)
			if i%2 == 0 {
				a.Add(v)
			} else {
				b.Add(v)
			}
		}
		d := whole.Decide(c.country)
		if d.Order != c.order || d.Ask != c.ask {
			t.Errorf("%s: %v ask %v, want %v %v", c.name, d.Order, d.Ask, c.order, c.ask)
		}
		a.Merge(b)
		if m := a.Decide(c.country); m.Order != d.Order || m.Ask != d.Ask || m.Conflicts != d.Conflicts {
			t.Errorf("%s: in parts %+v, whole %+v", c.name, m, d)
		}
	}
}

func TestDateRoundTrip(t *testing.T) {
	t.Parallel()
	months := []string{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"}
	meses := []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 70000).Draw(t, "day"))
		iso := day.Format(time.DateOnly)
		serial := int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours()) / 24
		forms := []string{iso, day.Format("02/01/2006"), day.Format("2-1-2006"), day.Format("02.01.2006 15:04"), day.Format("20060102"), day.Format("02012006"),
			day.Format("Jan 2, 2006"), day.Format("Monday, January 2, 2006"), day.Format(time.RFC1123Z), day.Format(time.RFC3339), day.Format(time.UnixDate),
			fmt.Sprintf("%d de %s de %d", day.Day(), months[day.Month()-1], day.Year()), fmt.Sprintf("%d-%s-%d", day.Day(), months[day.Month()-1][:3], day.Year()),
			fmt.Sprintf("%d %s %d", day.Day(), meses[day.Month()-1][:3], day.Year())}
		if serial >= 10000 && serial < 100000 {
			forms = append(forms, fmt.Sprint(serial), fmt.Sprintf("%d.5", serial))
		}
		for _, f := range forms {
			got, issues := DateReader{Order: OrderDMY}.Read(f)
			if got != iso || errs.Worst(issues) == errs.Reject {
				t.Fatalf("%q: %q %v, want %s", f, got, issues, iso)
			}
		}
		if got, _ := (DateReader{Order: OrderMDY}).Read(day.Format("1/2/2006 3:04:05 PM")); got != iso {
			t.Fatalf("mdy: %q, want %s", got, iso)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"31/12/2025", "2025-12-31T13:45:10-03:00", "31 de dezembro de 2025", "45000,5", "Wed Dec 31 2025 00:00:00 GMT-0300 (X)", "14 juil. 25", "1767187512000", "0000-00-00", "(1", "12h"} {
		f.Add(s, uint8(1))
		f.Add(s, uint8(0))
	}
	f.Fuzz(func(t *testing.T, s string, order uint8) {
		dr := DateReader{Order: DateOrder(order % 4), Birth: order&8 != 0, Today: today()}
		got, issues := dr.Read(s)
		var dc DateColumn
		dc.Add(s)
		dc.Decide("BR")
		if got == "" {
			return
		}
		if _, err := time.Parse(time.DateOnly, got); err != nil || errs.Worst(issues) == errs.Reject {
			t.Errorf("%q: %q %v %v", s, got, err, issues)
		}
		if again, _ := dr.Read(got); again != got {
			t.Errorf("%q gave %q, which gives %q", s, got, again)
		}
	})
}

func BenchmarkDate(b *testing.B) {
	dr := DateReader{Order: OrderDMY, Birth: true, Today: today()}
	for _, s := range []string{"31/12/1985", "1985-12-31", "31 de dezembro de 1985", "1/2/1985"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				dr.Read(s)
			}
		})
	}
}
