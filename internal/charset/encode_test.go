package charset

import "testing"

func TestAppendEncode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		charset, in, want string
		lost              int
	}{
		{Windows1252, "João", "Jo\xe3o", 0},
		{Windows1252, "Joa\u0303o", "Jo\xe3o", 0},
		{Windows1252, "€ “VIP” – d’Ávila", "\x80 \x93VIP\x94 \x96 d\x92\xc1vila", 0},
		{ISO88591, "€ “VIP” – d’Ávila…", "EUR \"VIP\" - d'\xc1vila...", 6},
		{ISO885915, "€ œuvre", "\xa4 \xbduvre", 0},
		{Windows1252, "Łódź, Erdős", "L\xf3dz, Erdos", 3},
		{Windows1252, "日本", "??", 2},
		{Windows1252, "a\u200bb\uFEFF", "ab", 0},
		{Windows1252, "\uFFFD\u0081", "??", 2},
		{CP850, "João Muñoz", "Jo\xc6o Mu\xa4oz", 0},
		{CP437, "João", "Joao", 1},
		{MacRoman, "João", "Jo\x8bo", 0},
		{UTF16LE, "Jã😀", "J\x00\xe3\x00=\xd8\x00\xde", 0},
		{UTF16BE, "A", "\x00A", 0},
		{UTF8, "João", "João", 0},
		{UTF8, "Joa\u0303o", "Joa\u0303o", 0},
		{"shift_jis", "日本 ã", "\x93\xfa\x96{ a", 1},
	} {
		e, err := NewEncoder(c.charset)
		if err != nil {
			t.Fatal(err)
		}
		if got, lost := e.AppendEncode([]byte(">"), c.in); string(got) != ">"+c.want || lost != c.lost {
			t.Errorf("%s %q: %q, %d lost; want %q, %d", c.charset, c.in, got[1:], lost, c.want, c.lost)
		}
	}
}

func TestBOM(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{UTF8: "\xef\xbb\xbf", UTF16LE: "\xff\xfe", UTF16BE: "\xfe\xff", Windows1252: ""} {
		e, _ := NewEncoder(name)
		if got := string(e.BOM()); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
