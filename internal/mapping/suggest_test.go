package mapping

import (
	"slices"
	"strings"
	"testing"
)

// fieldsOf maps a table given as lines of cells parted by "|", the header first, and gives the fields joined
// by blanks: "-" for none, "?" behind one that is asked.
func fieldsOf(opt SuggestOptions, lines ...string) string {
	rows := make([][]string, len(lines))
	for i, l := range lines {
		rows[i] = strings.Split(l, "|")
	}
	var out []string
	for _, s := range Suggest(rows[0], rows[1:], opt) {
		f := s.Field
		if f == "" {
			f = "-"
		}
		if s.Confirm {
			f += "?"
		}
		out = append(out, f)
	}
	return strings.Join(out, " ")
}

func TestNeighboursAndValues(t *testing.T) {
	t.Parallel()
	tests := []struct {
		header, row, want string
	}{
		{"Nome|Sobrenome", "Ana|Exemplo", "first_name last_name"},
		{"Nome|Telefone", "Ana Exemplo|11987650001", "name phone"},
		{"Nombre|Apellidos", "Ana|Prueba Modelo", "first_name last_name"},
		{"Nom|Prénom", "Exemple|Camille", "last_name first_name"},
		{"Name|Vorname", "Beispiel|Anna", "last_name first_name"},
		{"Nome|Cognome", "Giulia|Esempio", "first_name last_name"},
		{"Estado|Cidade", "SP|Campinas", "address.state address.city"},
		{"Nome|Estado", "Ana Exemplo|Ativo", "name -"},
		{"Número|Nome", "+55 11 98765-0001|Ana Exemplo", "phone name"},
		{"Rua|Número", "Rua Sete|120", "address.street address.number"},
		{"Contato|E-mail", "Ana Exemplo|a@example.com", "name email"},
		{"Contato|Nome", "(11) 98765-0001|Ana Exemplo", "phone name"},
		{"Title|Name", "Mr.|Alex Example", "- name"},
		{"Title|Name", "Manager|Alex Example", "job_title name"},
		{"Telefone|Nome", "123.456.789-09|Ana Exemplo", "phone? name"},
		{"E-mail|Nome", "Ativo|Ana Exemplo", "email? name"},
		{"Nome da mãe|Nome do pai|Nome", "Rosa Exemplo|José Exemplo|Ana Exemplo", "- - name"},
		{"Telefone da mãe|Telefone", "11987650001|11987650002", "- phone"},
		{"Tipo de telefone|Telefone", "celular|11987650002", "- phone"},
		{"Data de cadastro|Data de nascimento", "01/02/2020|05/03/1985", "- birth_date"},
		{"Billing City|Shipping City|Billing Street|Shipping Street", "Austin|Leeds|1 Test St|2 Test St", "address.city - address.street -"},
		{"Address 1|Address 2", "1 Test St|Suite 4", "address.street address.complement"},
		{"Address 1 - City|Address 2 - City", "Austin|Leeds", "address.city -"},
		{"E-mail opt-in|E-mail|Email opt-in date", "yes|a@example.com|2024-01-05", "consent email -"},
		{"Fax|Tel/Fax", "1135550100|1135550101", "- phone"},
		{"cadastro_id|nome", "x|Ana Exemplo", "- name"},
		{"Telfone|Emial|Endreço", "11987650001|a@example.com|Rua Sete 10", "phone email address.street"},
	}
	for _, tt := range tests {
		if got := fieldsOf(SuggestOptions{}, tt.header, tt.row); got != tt.want {
			t.Errorf("%s\n\tgot  %s\n\twant %s", tt.header, got, tt.want)
		}
	}
}

func TestHeaderless(t *testing.T) {
	t.Parallel()
	got := fieldsOf(SuggestOptions{}, "|||||",
		"Ana Exemplo|(11) 98765-0001|ana@example.com|123.456.789-09|SP|05/03/1985",
		"João Teste|(21) 98765-0002|joao@example.com|987.654.321-00|RJ|21/11/1990",
		"Lia Modelo|(31) 98765-0003|lia@example.com|111.444.777-35|MG|30/12/1978")
	if want := "name? phone? email? tax_id? address.state? birth_date?"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := fieldsOf(SuggestOptions{}, "xqz|zzy", "a@example.com|blue", "b@example.com|red"); got != "email? -" {
		t.Errorf("unknown headers: %s", got)
	}
	if got := Suggest(nil, nil, SuggestOptions{}); len(got) != 0 {
		t.Errorf("no columns: %v", got)
	}
}

func TestReasonAndProposal(t *testing.T) {
	t.Parallel()
	s := Suggest([]string{"Nome", "Fone", "", "Senha", "Criado em", "Cor"},
		[][]string{{"Ana Exemplo", "11987650001", "ana@example.com", "x", "01/02/2020", "azul"}}, SuggestOptions{})
	reasons := []Reason{SameName, Synonym, Content, NoMatch, NoMatch, NoMatch}
	proposals := []string{"", "", "", ProposeIgnore, ProposeCreatedAt, ProposeCustom}
	for i := range s {
		if s[i].Reason != reasons[i] || s[i].Proposal != proposals[i] {
			t.Errorf("%q: reason %q, proposal %q, want %q, %q", s[i].Header, s[i].Reason, s[i].Proposal, reasons[i], proposals[i])
		}
	}
	if s[0].Level != High || s[2].Level != Doubtful || s[5].Level != None {
		t.Errorf("levels %v %v %v", s[0].Level, s[2].Level, s[5].Level)
	}
}

func TestAreaCodes(t *testing.T) {
	t.Parallel()
	headers := []string{"Nome", "DDD1", "Fone1", "DDD2", "Fone2", "DDD Celular", "Celular"}
	rows := [][]string{{"Ana Exemplo", "11", "3555-0001", "21", "3555-0002", "11", "98765-0003"}}
	want := []int{-1, -1, 1, -1, 3, -1, 5}
	for i, s := range Suggest(headers, rows, SuggestOptions{}) {
		if s.CombineWith != want[i] {
			t.Errorf("%s combines with %d, want %d", s.Header, s.CombineWith, want[i])
		}
		if strings.HasPrefix(s.Header, "DDD") && (s.Field != "" || s.Proposal != ProposeCombined) {
			t.Errorf("%s: field %q, proposal %q", s.Header, s.Field, s.Proposal)
		}
	}
	whole := Suggest([]string{"Nome", "DDD", "Telefone"}, [][]string{{"Ana Exemplo", "11", "+55 (11) 98765-0003"}}, SuggestOptions{})
	if whole[2].CombineWith != -1 {
		t.Errorf("a whole number is combined with an area code")
	}
}

func TestWorkspaceKnowledge(t *testing.T) {
	t.Parallel()
	opt := SuggestOptions{
		CustomFields: []CustomField{{Key: "shirt", Label: "Tamanho da camiseta", Type: "choice", Headers: []string{"T-shirt"}}},
		Owners:       []string{"Carla Vendas", "pedro@example.com"},
	}
	if got := fieldsOf(opt, "Nome|t_shirt|Quem", "Ana Exemplo|M|Carla Vendas", "Lia Modelo|G|pedro@example.com"); got != "name custom.shirt owner?" {
		t.Errorf("custom field and owner: %s", got)
	}
	saved := Mapping{Columns: []Column{{Header: "Nome", Field: FieldCompany}, {Header: "Cor", Field: "custom.color"}, {Header: "Obs"}}}
	opt = SuggestOptions{Saved: []Mapping{saved}}
	s := Suggest([]string{"NOME", "Côr", "obs", "Email"}, [][]string{{"Ana Exemplo", "azul", "nada", "a@example.com"}}, opt)
	got := []string{s[0].Field, s[1].Field, s[2].Field, s[3].Field}
	if want := []string{FieldCompany, "custom.color", "", FieldEmail}; !slices.Equal(got, want) || s[0].Reason != UsedBefore {
		t.Errorf("saved mapping: %v (%s), want %v", got, s[0].Reason, want)
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	a := []string{"Nome Completo", "E-mail", "Endereço"}
	if Fingerprint(a) != Fingerprint([]string{" nome_completo ", "E MAIL", "endereco*"}) {
		t.Error("spelling changes the fingerprint")
	}
	for _, b := range [][]string{{"E-mail", "Nome Completo", "Endereço"}, {"Nome Completo", "E-mail"}, {"Nome", "Completo E-mail", "Endereço"}} {
		if Fingerprint(a) == Fingerprint(b) {
			t.Errorf("%v has the fingerprint of %v", b, a)
		}
	}
	if s := Similarity(a, []string{"E-mail", "Nome completo", "Telefone"}); s != 0.5 {
		t.Errorf("similarity %v, want 0.5", s)
	}
	if s := Similarity([]string{"", ""}, []string{""}); s != 0 {
		t.Errorf("similarity of empty rows %v", s)
	}
}
