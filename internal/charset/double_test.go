package charset

import (
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestRepair(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"JosÃ©", "José"},
		{"JoÃ£o", "João"},
		{"JoÃƒÂ£o", "João"},
		{"JosÃƒÆ’Ã‚Â© da Silva", "José da Silva"},
		{"SÃ£o Paulo", "São Paulo"},
		{"SÃƒO PAULO", "SÃO PAULO"},
		{"ConceiÃ§Ã£o", "Conceição"},
		{"MuÃ±oz", "Muñoz"},
		{"MUÃ‘OZ", "MUÑOZ"},
		{"MÃ¼ller", "Müller"},
		{"JÃ–RG", "JÖRG"},
		{"EDIÃ‡Ã•ES", "EDIÇÕES"},
		{"NiccolÃ²", "Niccolò"},
		{"AndrÃ©", "André"},
		{"FranÃ§ois", "François"},
		{"StraÃŸe", "Straße"},
		{"cittÃ\u00a0", "città"},
		{"Ã\u00a0 vista no cartÃ£o", "à vista no cartão"},
		{"dâ€™Ã\u0081vila", "d’Ávila"},
		{"â€œVIPâ€\u009d â€“ ligar amanhÃ£", "“VIP” – ligar amanhã"},
		{"Plano â‚¬ 49", "Plano € 49"},
		{"nÂº 12", "nº 12"},
		{"Av. Brasil, nÂ° 4", "Av. Brasil, n° 4"},
		{"Jo├úo", "João"},
		{"Jos├®", "José"},
		{"Mu├▒oz", "Muñoz"},
		{"S├úo Jo├úo da Boa Vista", "São João da Boa Vista"},
		{"Jo√£o", "João"},
		{"Andr√©", "André"},
		{"M√ºller", "Müller"},
		{"ConceiþÒo", "Conceição"},
		{"Concei‡Æo", "Conceição"},
		{"Gon‡alves", "Gonçalves"},
		{"ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"},
		{"ðŸ˜€", "😀"},
	} {
		got, ok := Repair(c.in)
		if got != c.want || !ok {
			t.Errorf("Repair(%q) = %q, %v; want %q", c.in, got, ok, c.want)
		}
	}
}

func TestRepairLeavesRightText(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "SÃO PAULO", "MAÇÃ", "Ã", "Â", "AMANHÃ…", "“MAÇÔ", "“MAÇÔ e “AVELÔ", "IRMÃ – TIA", "MANHÃ–TARDE", "MANHÃ/TARDE",
		"MAÇÃ®", "MAÇÃ™", "MAÇÃ©", "ROMÃ\u00a0E MAÇÃ", "Ñandú", "ÑUÑOA", "Ångström", "Åse", "Ärzte", "Ästhetik", "Âge", "Île", "ÂNGELA", "Ângela’s", "CIDADÃ’S",
		"McÉlroy", "DeÁvila", "d’Ávila", "D´Ávila", "“É”", "«Été»", "LEÃO & FILHOS", "João", "José", "São João", "Þórunn", "Æsir", "Søren Kierkegaard", "Łódź", "Žižek",
		"Иванов", "Ñ", "Ð", "½ kg", "1º", "nº 5", "n° 5", "1ª", "€ 49", "49€", "µg", "naïve", "L'Haÿ-les-Roses", "Noël", "Zoë", "Müller", "Groß", "STRAßE", "Weiß",
		"IRMÃS", "ALEMÃ", "ALEMÃ.", "ALEMÃ»", "«ALEMû", "R$ 10 – à vista", "¿Qué?", "¡Olé!", "Peña", "MUÑOZ", "CIGÜEÑA", "Gonçalves", "AÇÃO", "AÇÕES", "BÊNÇÃO", "ÓRFÃ", "ÓRFÃ\u00a0",
		"日本", "김철수", "محمد", "Nguyễn Văn Ấn", "Đặng", "İstanbul", "Ğ", "Şahin", "O’Brien", "100 % – ótimo", "café–bar", "•item", "a√b", "x ≈ y", "├── pasta",
	} {
		if got, ok := Repair(s); ok || got != s {
			t.Errorf("Repair(%q) = %q, want it left", s, got)
		}
	}
}

// accented gives the hand-written words beyond ASCII, of every language.
func accented(t *testing.T) []string {
	b, err := os.ReadFile("modelgen/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for line := range strings.Lines(string(b)) {
		_, text, ok := strings.Cut(line, ":")
		for _, w := range strings.Fields(text) {
			if ok && !isASCII(w) {
				words = append(words, w)
			}
		}
	}
	if len(words) < 1000 {
		t.Fatalf("only %d words", len(words))
	}
	return words
}

func title(w string) string {
	r, n := utf8.DecodeRuneInString(w)
	return string(unicode.ToUpper(r)) + w[n:]
}

// misread gives the text that s becomes when its UTF-8 is read in another charset.
func misread(s, charset string) string {
	d, _ := NewDecoder(charset, "")
	b, _ := d.AppendDecode(nil, []byte(s))
	return string(b)
}

// TestRepairNeverHarmsWords: no word that was encoded once is changed, in any use of capitals.
func TestRepairNeverHarmsWords(t *testing.T) {
	t.Parallel()
	for _, w := range accented(t) {
		for _, s := range []string{w, title(w), strings.ToUpper(w), "“" + title(w) + "”", strings.ToUpper(w) + "…", strings.ToUpper(w) + " – " + w, w + "-" + w} {
			if got, ok := Repair(s); ok || got != s {
				t.Errorf("%q became %q", s, got)
			}
		}
	}
}

// TestRepairUndoesWords: nearly every word read wrongly comes back, and hardly one comes back as another.
func TestRepairUndoesWords(t *testing.T) {
	t.Parallel()
	words := accented(t)
	for _, charset := range []string{Windows1252, ISO88591, CP850, MacRoman} {
		all, back, other := 0, 0, 0
		for i, w := range words {
			if i%3 != 0 {
				continue
			}
			for _, s := range []string{title(w), strings.ToUpper(w)} {
				bad := misread(s, charset)
				if strings.ContainsRune(bad, utf8.RuneError) {
					continue // a byte was lost in the reading
				}
				all++
				switch got, ok := Repair(bad); {
				case got == s:
					back++
				case ok:
					other++
					t.Logf("%s: %q became %q", s, bad, got)
				}
			}
		}
		if back*100 < all*95 || other*200 > all {
			t.Errorf("%s: %d of %d came back, %d as others", charset, back, all, other)
		}
	}
}

// TestRepairProperty: text of several right words is left alone, and is found again under one wrong reading.
func TestRepairProperty(t *testing.T) {
	t.Parallel()
	words := accented(t)
	rapid.Check(t, func(t *rapid.T) {
		var parts []string
		for range rapid.IntRange(1, 4).Draw(t, "words") {
			w := rapid.SampledFrom(words).Draw(t, "word")
			switch rapid.IntRange(0, 2).Draw(t, "capitals") {
			case 1:
				w = title(w)
			case 2:
				w = strings.ToUpper(w)
			}
			parts = append(parts, w)
		}
		s := strings.Join(parts, rapid.SampledFrom([]string{" ", ", ", "; ", "/", "-"}).Draw(t, "between"))
		if got, ok := Repair(s); ok || got != s {
			t.Fatalf("%q became %q", s, got)
		}
	})
}
