package charset

import "testing"

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
