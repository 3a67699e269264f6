package mapping

import (
	"os"
	"strings"
	"testing"
)

// system is one header row of testdata/systems.txt.
type system struct {
	name    string
	headers []string
	want    [][]string // accepted fields of each column, "" for none
	rows    [][]string
}

// TestSystems maps header rows of many systems. A field that is offered for confirmation where another one is
// right counts as a question, not as wrong; neither may be frequent.
func TestSystems(t *testing.T) {
	t.Parallel()
	var columns, fields, right, wrong, asked, confirms int
	for _, s := range readSystems(t) {
		for _, g := range Suggest(s.headers, s.rows, SuggestOptions{}) {
			columns++
			want := s.want[g.Column]
			ok := accepted(want, g.Field)
			if want[0] != "" {
				fields++
				if ok {
					right++
				}
			}
			if g.Confirm {
				confirms++
			}
			switch {
			case ok:
			case g.Field == "":
				t.Logf("%s: %q is left out, want %v", s.name, g.Header, want)
			case g.Confirm:
				asked++
				t.Logf("%s: %q asks for %s, want %v", s.name, g.Header, g.Field, want)
			default:
				wrong++
				t.Logf("%s: %q is taken for %s, want %v", s.name, g.Header, g.Field, want)
			}
		}
	}
	recall := float64(right) / float64(fields)
	rate := float64(wrong) / float64(columns)
	t.Logf("%d columns, recall %.1f %%, wrong %d (%.2f %%), asked wrongly %d, questions %d", columns, 100*recall, wrong, 100*rate, asked, confirms)
	if recall < 0.98 || rate > 0.005 || asked > columns/100 {
		t.Errorf("recall %.3f, wrong %.4f, asked wrongly %d of %d columns", recall, rate, asked, columns)
	}
}

// accepted compares with WhatsApp and phone as one: which of the two a number is, the owner knows.
func accepted(want []string, got string) bool {
	for _, w := range want {
		if w == got || w == FieldPhone && got == FieldWhatsApp || w == FieldWhatsApp && got == FieldPhone {
			return true
		}
	}
	return false
}

func readSystems(t testing.TB) []system {
	t.Helper()
	text, err := os.ReadFile("testdata/systems.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []system
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, _ := strings.Cut(strings.TrimSpace(line), ": ")
		s := system{name: name, rows: make([][]string, 4)}
		for item := range strings.SplitSeq(rest, "; ") {
			i := strings.LastIndex(item, " = ")
			header, want := item[:i], strings.Split(item[i+3:], "/")
			pool := sample(want[0])
			for r := range s.rows {
				s.rows[r] = append(s.rows[r], pool[(r+len(header))%len(pool)])
			}
			for i, w := range want {
				if strings.HasPrefix(w, "-") {
					want[i] = ""
				}
			}
			s.headers, s.want = append(s.headers, header), append(s.want, want)
		}
		out = append(out, s)
	}
	return out
}

// sample gives made-up values of a field, or of a kind of columns that feed none.
func sample(field string) []string {
	m := map[string][]string{
		FieldName:       {"Marina Exemplo", "João Teste da Silva", "Lucía Prueba", "Ana Modelo"},
		FieldFirstName:  {"Marina", "João", "Lucía", "Ana"},
		FieldLastName:   {"Exemplo", "Teste da Silva", "Prueba", "Modelo"},
		FieldPhone:      {"(11) 98765-0001", "11 3555-0102", "+55 21 99999-0103", "", "+54 9 351 555-0104"},
		FieldWhatsApp:   {"5511987650001", "+5521999990103", "", "11987650004"},
		FieldEmail:      {"marina@example.com", "joao.teste@example.org", "", "lucia@example.net"},
		FieldCompany:    {"Padaria Exemplo Ltda", "Teste Comercio SA", "", "Modelo Corp"},
		FieldJobTitle:   {"Gerente", "Vendedora", "Analista de Sistemas", ""},
		FieldTaxID:      {"123.456.789-09", "11222333000181", "20-12345678-6", "XAXX010101000"},
		FieldBirthDate:  {"05/03/1985", "21/11/1990", "1978-12-30", ""},
		FieldExternalID: {"1001", "1002", "1003", "1004"},
		FieldTags:       {"vip", "vip, atacado", "", "lead"},
		FieldGroups:     {"Clientes", "Fornecedores", "", "Clientes"},
		FieldOwner:      {"Carla Vendas", "Pedro Vendas", "Carla Vendas", ""},
		FieldNotes:      {"Ligar depois das 17h", "", "Cliente desde sempre", "Prefere e-mail"},
		FieldStreet:     {"Rua das Flores, 10", "Av. Brasil 200", "Calle Falsa 123", "R. Sete 7"},
		FieldNumber:     {"10", "1500", "S/N", "123"},
		FieldComplement: {"Apto 12", "", "Bloco B", "Casa 2"},
		FieldDistrict:   {"Centro", "Jardim América", "", "Palermo"},
		FieldCity:       {"São Paulo", "Campinas", "Rosario", "Bogotá"},
		FieldState:      {"SP", "RJ", "MG", "Antioquia"},
		FieldPostalCode: {"01310-100", "13010000", "62701", "28001"},
		FieldCountry:    {"Brasil", "BR", "Argentina", "México"},
		FieldWebsite:    {"https://www.example.com", "example.org", "", "www.example.net"},
		FieldGender:     {"F", "M", "F", "Masculino"},
		FieldLanguage:   {"pt-BR", "es", "en", ""},
		FieldConsent:    {"sim", "não", "sim", "sim"},
		FieldMessage:    {"Olá, sua fatura venceu", "Oi, tudo bem por aí?", "", "Bom dia a todos"},
		"-phone":        {"(11) 98765-0009", "11 3555-0108", "+55 21 99999-0107", ""},
		"-email":        {"nfe@example.com", "", "fiscal@example.org", "contas@example.net"},
		"-name":         {"Teresa Exemplo", "", "José Teste", "Rosa Modelo"},
		"-honor":        {"Sr.", "Sra.", "", "Dr."},
		"-date":         {"12/07/2024", "01/02/2023", "", "30/05/2022"},
		"-money":        {"150,00", "1.200,50", "0,00", "33,10"},
		"-id":           {"12", "7", "31", "12"},
		"-ddd":          {"11", "21", "11", "85"},
		"-cpf":          {"123.456.789-09", "", "987.654.321-00", ""},
		"-url":          {"https://social.example.com/marina", "", "https://social.example.com/joao", ""},
		"-bool":         {"1", "0", "0", "1"},
		"-text":         {"Azul", "Verde claro", "", "Outra coisa"},
		"-none":         {"", "", "", ""},
		"-":             {"Ativo", "Pendente", "", "Novo"},

		FieldChannelType:  {"TELEFONE", "EMAIL", "TELEFONE", "TELEFONE"},
		FieldChannelValue: {"11987650001", "marina@example.com", "11987650003", "11987650004"},
		FieldPriority:     {"ALTA", "BAIXA", "MEDIA", "ALTA"},
	}
	if v := m[field]; v != nil {
		return v
	}
	return m["-text"]
}
