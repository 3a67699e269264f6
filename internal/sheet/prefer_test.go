package sheet

import "testing"

func TestPreferShown(t *testing.T) {
	t.Parallel()
	tests := []struct{ plain, shown, want string }{
		{"1310100", "01310-100", "01310-100"},
		{"12345678909", "123.456.789-09", "123.456.789-09"},
		{"42", "0042", "0042"},
		{"11987654321", "(11) 98765-4321", "(11) 98765-4321"},
		{"5511987654321", "5,51199E+12", "5511987654321"},
		{"1234", "1.234", "1234"},
		{"1234567", "1 234 567", "1234567"},
		{"1234.5", "1.234,50", "1234.5"},
		{"5", "R$ 5", "5"},
		{"5", "5,00", "5"},
		{"-12", "-12", "-12"},
		{"-12", "(12)", "-12"},
		{"0", "0", "0"},
		{"0", "000", "000"},
		{"7", "", "7"},
		{"7", "7 un", "7"},
	}
	for _, tt := range tests {
		if got := PreferShown(tt.plain, tt.shown); got != tt.want {
			t.Errorf("%q shown as %q: got %q, want %q", tt.plain, tt.shown, got, tt.want)
		}
	}
}

func TestColumnName(t *testing.T) {
	t.Parallel()
	for col, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := ColumnName(col); got != want {
			t.Errorf("%d: got %s, want %s", col, got, want)
		}
	}
}
