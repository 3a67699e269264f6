package i18n

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func printers(t testing.TB) (pt, es, en *Printer) {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return c.Printer(Portuguese), c.Printer(Spanish), c.Printer(English)
}

func TestNumber(t *testing.T) {
	t.Parallel()
	pt, es, en := printers(t)
	for _, tt := range []struct {
		n          int64
		pt, es, en string
	}{
		{0, "0", "0", "0"},
		{7, "7", "7", "7"},
		{999, "999", "999", "999"},
		{1000, "1.000", "1000", "1,000"},
		{-1000, "-1.000", "-1000", "-1,000"},
		{18412, "18.412", "18.412", "18,412"},
		{200000, "200.000", "200.000", "200,000"},
		{10000000, "10.000.000", "10.000.000", "10,000,000"},
		{math.MaxInt64, "9.223.372.036.854.775.807", "9.223.372.036.854.775.807", "9,223,372,036,854,775,807"},
		{math.MinInt64, "-9.223.372.036.854.775.808", "-9.223.372.036.854.775.808", "-9,223,372,036,854,775,808"},
	} {
		if a, b, c := pt.Number(tt.n), es.Number(tt.n), en.Number(tt.n); a != tt.pt || b != tt.es || c != tt.en {
			t.Errorf("Number(%d) = %s, %s, %s; want %s, %s, %s", tt.n, a, b, c, tt.pt, tt.es, tt.en)
		}
	}
}

func TestNumberKeepsItsDigits(t *testing.T) {
	t.Parallel()
	pt, es, en := printers(t)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		for _, p := range []*Printer{pt, es, en} {
			s := p.Number(n)
			if back, err := strconv.ParseInt(strings.NewReplacer(".", "", ",", "").Replace(s), 10, 64); err != nil || back != n {
				t.Fatalf("%s: Number(%d) = %q", p.Lang, n, s)
			}
		}
	})
}

func TestDecimal(t *testing.T) {
	t.Parallel()
	pt, _, en := printers(t)
	for _, tt := range []struct {
		f      float64
		places int
		pt, en string
	}{
		{0, -1, "0", "0"},
		{0.5, -1, "0,5", "0.5"},
		{-0.25, 2, "-0,25", "-0.25"},
		{1234.5, 2, "1.234,50", "1,234.50"},
		{1e21, 0, "1000000000000000000000", "1000000000000000000000"},
		{math.Inf(1), -1, "+Inf", "+Inf"},
	} {
		if a, b := pt.Decimal(tt.f, tt.places), en.Decimal(tt.f, tt.places); a != tt.pt || b != tt.en {
			t.Errorf("Decimal(%v, %d) = %s, %s; want %s, %s", tt.f, tt.places, a, b, tt.pt, tt.en)
		}
	}
}

func TestUnits(t *testing.T) {
	t.Parallel()
	pt, es, en := printers(t)
	for _, tt := range []struct{ got, want string }{
		{pt.Percent(0.9742), "97,4 %"},
		{en.Percent(0.9742), "97.4%"},
		{pt.Percent(1), "100 %"},
		{pt.Bytes(0), "0 B"},
		{pt.Bytes(1023), "1.023 B"},
		{pt.Bytes(1024), "1 KiB"},
		{pt.Bytes(21_900_000), "20,9 MiB"},
		{en.Bytes(2 << 30), "2 GiB"},
		{en.Bytes(1<<20 - 1), "1 MiB"},
		{en.Bytes(math.MaxInt64), "8 EiB"},
		{pt.Duration(0), "0 ms"},
		{pt.Duration(850 * time.Millisecond), "850 ms"},
		{pt.Duration(999600 * time.Microsecond), "1 s"},
		{pt.Duration(2400 * time.Millisecond), "2,4 s"},
		{en.Duration(2400 * time.Millisecond), "2.4 s"},
		{pt.Duration(9960 * time.Millisecond), "10 s"},
		{pt.Duration(59600 * time.Millisecond), "1 min"},
		{pt.Duration(200 * time.Second), "3 min 20 s"},
		{pt.Duration(time.Hour - time.Millisecond), "1 h"},
		{pt.Duration(65 * time.Minute), "1 h 05 min"},
		{pt.Duration(24*time.Hour - time.Second), "1 d"},
		{pt.Duration(51 * time.Hour), "2 d 3 h"},
		{pt.Duration(-2 * time.Second), "-2 s"},
		{pt.Date(time.Date(2026, 4, 5, 0, 0, 0, 0, time.UTC)), "05/04/2026"},
		{en.Date(time.Date(2026, 4, 5, 0, 0, 0, 0, time.UTC)), "5 Apr 2026"},
		{en.Time(time.Date(2026, 4, 5, 9, 7, 0, 0, time.UTC)), "5 Apr 2026, 09:07"},
		{pt.List(nil), ""},
		{pt.List([]string{"a"}), "a"},
		{pt.List([]string{"a", "b"}), "a e b"},
		{en.List([]string{"a", "b", "c"}), "a, b and c"},
		{en.List([]string{"a", "Instagram"}), "a and Instagram"},
		{pt.List([]string{"a", "Instagram"}), "a e Instagram"},
		{es.List([]string{"a", "b"}), "a y b"},
		{es.List([]string{"Facebook", "Instagram"}), "Facebook e Instagram"},
		{es.List([]string{"padres", "hijos"}), "padres e hijos"},
		{es.List([]string{"Ana", "Íñigo"}), "Ana e Íñigo"},
		{es.List([]string{"agua", "hielo"}), "agua y hielo"},
		{es.List([]string{"a", "Uber"}), "a y Uber"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
