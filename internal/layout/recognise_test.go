package layout

import (
	"os"
	"slices"
	"strings"
	"testing"

	"cadastro/internal/mapping"

	"pgregory.net/rapid"
)

func TestRecognise(t *testing.T) {
	t.Parallel()
	tests := []struct{ header, row, want string }{
		{"First Name,Middle Name,Last Name,Phonetic First Name,File As,Birthday,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value", "", "google_contacts"},
		{"Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value", "", "google_contacts"},
		{"Nome,Nome do meio,Sobrenome,Etiquetas,E-mail 1 – Valor,Telefone 1 – Rótulo,Telefone 1 – Valor", "", "google_contacts"},
		{"Nombre,Segundo nombre,Apellidos,Etiquetas,Correo electrónico 1 - Valor,Teléfono 1 - Etiqueta,Teléfono 1 - Valor", "", "google_contacts"},
		{"First Name,Last Name,Company,Business Street,Business City,Business Fax,Business Phone,Mobile Phone,E-mail Address", "", "outlook"},
		{"Título,Nome,Segundo Nome,Sobrenome,Rua do Endereço Comercial,Fax comercial,Telefone comercial,Endereço de email", "", "outlook"},
		{"Título,Nombre,Segundo nombre,Apellidos,Calle del trabajo,Fax del trabajo,Teléfono móvil,Dirección de correo electrónico", "", "outlook"},
		{"Primeiro nome,Sobrenome,E-mail Address,Endereço de email 2,Telefone Comercial,Telefone celular,Fax Comercial,Business Street,Rua do endereço comercial 2,Business City,Página da Web", "", "outlook"},
		{"id,name,email,identifier,document_number,phone_number,labels,ip_address,company_name", "", "chatwoot"},
		{"name,phone_number,email", "", "chatwoot"},
		{"Name,Phone Number,Email", "", ""},
		{"id,name,email,identifier,phone_number,ip_address,custom_attribute_1,custom_attribute_2", "", "chatwoot"},
		{"ContactID,FirstName,LastName,PhoneNumber,Email,Country,Tags,Status,Assignee,DateTimeCreated,Channels", "", "respondio"},
		{"First Name,Last Name,Phone Number,Email,Language,Country,Tags,Assignee", "", "respondio"},
		{"Nome,Número,E-mail,CPF/CNPJ,Data de Nascimento,Primeiro Nome,Sobrenome,Empresa,Carteira,Etiqueta", "", "ticket_panel"},
		{"Foto,Nome,Whatsapp,Carteira,Id Telegram,E-mail", "", "ticket_panel"},
		{"nome,numero,email", "", "ticket_panel"},
		{"TIPO_DE_REGISTRO,VALOR_DO_REGISTRO,MENSAGEM,NOME_CLIENTE,CPFCNPJ,CODCLIENTE,TAG,CORINGA1,CORINGA2,CORINGA3,CORINGA4,CORINGA5,PRIORIDADE", "", "invenio"},
		{"Tipo de registro,Valor do registro,Nome", "", "invenio"},
		{"nome,numero,empresa", "Ana Souza,5511987650001,Loja", "conecta"},
		{"nome,numero,empresa", "Ana Souza,(11) 98765-0001,Loja", ""},
		{",,", "Ana Souza,5511987650001,Loja", "conecta"},
		{",,", "Ana Souza,1187650001,Loja", ""},
		{",", "5511987650001,Ana Souza", "conecta"},
		{",", "5511987650001,Ana Souza 2", "conecta"},
		{",", "C-1001,5511987650001", ""},
		{",,", "101,5511987650001,Loja", ""},
		{"Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status", "", "hubspot"},
		{"ID do registro,Nome,Sobrenome,E-mail,Número de telefone,Proprietário do contato,Status do lead", "", "hubspot"},
		{"Email,Nome,Telefone,Celular,Estágio no funil,Data da primeira conversão,Dono do Lead", "", "rdstation"},
		{"Persona - Nombre,Persona - Organización,Persona - Teléfono - Trabajo", "", "pipedrive"},
		{"EMAIL,FNAME,LNAME,PHONE,MEMBER_RATING,OPTIN_TIME,LEID,EUID", "", "mailchimp"},
		{"First Name,Last Name,Email,Accepts Marketing,Total Spent,Total Orders,Tags", "", "shopify"},
		{"billing_first_name,billing_last_name,billing_email,billing_phone", "", "woocommerce"},
		{"Name,Username,Last Active,Sign Up,Email,Orders,Total Spend,AOV,Country / Region,City,Region,Postal Code", "", "woocommerce"},
		{"Nombre,E-mail,Teléfono,DNI/CUIT,Total gastado,Última compra", "", "nuvemshop"},
		{"ID,Código,Nome,Fantasia,Fone,Celular,E-mail,Tipo pessoa,CNPJ / CPF,Situação", "", "bling"},
		{"Nome,Telefone,Email", "", ""},
		{"First Name,Last Name,Phone,Email", "", ""},
		{"Nombre,Apellidos,Teléfono,Correo electrónico,Empresa", "", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		header := strings.Split(tt.header, ",")
		var rows [][]string
		if tt.row != "" {
			rows = [][]string{strings.Split(tt.row, ",")}
		}
		got := ""
		if m, ok := Recognise(header, rows); ok {
			got = m.Key
		}
		if got != tt.want {
			t.Errorf("%s | %s\n\tgot %q, want %q", tt.header, tt.row, got, tt.want)
		}
	}
}

// TestBeliedHeaders: a column whose values are not what its header says is left to the mapping of any file.
func TestBeliedHeaders(t *testing.T) {
	t.Parallel()
	header := []string{"nome", "numero", "email"}
	tests := []struct {
		row  string
		want string
	}{
		{"Ana Souza|11987650001|ana@example.com", "name phone email"},
		{"Ana Souza||", "name phone email"},
		{"Ana Souza|123|ana@example.com", "name - email"},
		{"Ana Souza|11987650001|não tem", "name phone -"},
	}
	for _, tt := range tests {
		m, ok := Recognise(header, [][]string{strings.Split(tt.row, "|")})
		if !ok {
			t.Fatal(tt.row)
		}
		var got []string
		for _, u := range m.columns {
			f := "-"
			if u.known {
				f = u.field
			}
			got = append(got, f)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, want %s", tt.row, got, tt.want)
		}
	}
}

// TestOthersAreNotRecognised takes the header rows of many systems: each is found as its own or not at all.
func TestOthersAreNotRecognised(t *testing.T) {
	t.Parallel()
	own := map[string]string{
		"google": "google_contacts", "outlook": "outlook", "hubspot": "hubspot", "pipedrive": "pipedrive", "rdstation": "rdstation", "bling": "bling",
		"mailchimp": "mailchimp", "shopify": "shopify", "woocommerce": "woocommerce", "nuvemshop": "nuvemshop", "tiendanube": "nuvemshop",
		"chatwoot": "chatwoot", "respondio": "respondio", "invenio": "invenio", "layout": "invenio",
	}
	text, err := os.ReadFile("../mapping/testdata/systems.txt")
	if err != nil {
		t.Fatal(err)
	}
	rows, found := 0, 0
	for line := range strings.Lines(string(text)) {
		name, rest, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || name[0] == '#' {
			continue
		}
		rows++
		var header []string
		for item := range strings.SplitSeq(rest, "; ") {
			header = append(header, item[:strings.LastIndex(item, " = ")])
		}
		m, ok := Recognise(header, nil)
		if !ok {
			continue
		}
		found++
		system, _, _ := strings.Cut(name, "-")
		if own[system] != m.Key {
			t.Errorf("%s is taken for %s (%s)\n\t%q", name, m.Key, m.Variant, header)
		}
	}
	if rows < 150 || found < 15 {
		t.Errorf("%d of %d header rows are recognised", found, rows)
	}
}

// headerRow draws a header row of a layout: its needs, its marks, and some of its columns.
func headerRow(t *rapid.T) (*vendor, []string) {
	l := rapid.SampledFrom(known()).Draw(t, "layout")
	v := &l.variants[rapid.IntRange(0, len(l.variants)-1).Draw(t, "variant")]
	var header []string
	seen := map[string]bool{}
	add := func(h string) {
		if h = strings.ReplaceAll(h, "#", "1"); h != "" && !seen[keyOf(h)] {
			seen[keyOf(h)] = true
			header = append(header, h)
		}
	}
	for _, list := range v.texts {
		add(list[0])
	}
	for _, m := range v.marks {
		add(m)
	}
	if v.few == 0 {
		for _, columns := range []map[string]feed{l.columns, v.columns} {
			for k := range columns {
				if rapid.IntRange(0, 3).Draw(t, "also") == 0 {
					add(k)
				}
			}
		}
	}
	return l, header
}

// TestOrderAndStrangers: neither the order of the columns, nor capitals, nor columns of others hide a layout that
// says nothing of them; and no field that takes one column gets two.
func TestOrderAndStrangers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, header := headerRow(t)
		m, ok := Recognise(header, nil)
		if !ok {
			return
		}
		mixed := rapid.Permutation(header).Draw(t, "order")
		if n, ok := Recognise(mixed, nil); !ok || n.Key != m.Key {
			t.Fatalf("%q is %s, in another order %q it is %v", header, m.Key, mixed, n)
		}
		l := known()[slices.Index(Keys(), m.Key)]
		if v := l.variants[slices.IndexFunc(l.variants, func(v variant) bool { return v.name == m.Variant })]; !v.only && v.few == 0 {
			more := append(slices.Clone(mixed), rapid.SampledFrom([]string{"Coluna extra", "Nota interna", "xyz_1"}).Draw(t, "stranger"))
			for i := range more {
				more[i] = strings.ToUpper(more[i])
			}
			if n, ok := Recognise(more, nil); !v.exact && (!ok || n.Key != m.Key) {
				t.Fatalf("%q is %s, with a column more %q it is %v", header, m.Key, more, n)
			}
		}
		list := mapping.Suggest(mixed, nil, mapping.SuggestOptions{})
		n, _ := Recognise(mixed, nil)
		n.Settle(list)
		used := map[string]string{}
		for _, s := range list {
			if first, twice := used[s.Field]; twice && s.Field != "" && !mapping.Multi(s.Field) {
				t.Fatalf("%q and %q both feed %s", first, s.Header, s.Field)
			}
			used[s.Field] = s.Header
			if s.CombineWith >= 0 && list[s.CombineWith].Proposal != mapping.ProposeCombined {
				t.Fatalf("%q combines with a column that feeds %q", s.Header, list[s.CombineWith].Field)
			}
		}
	})
}

func TestEveryVariantIsFound(t *testing.T) {
	t.Parallel()
	for _, l := range known() {
		for i := range l.variants {
			v := &l.variants[i]
			if v.headerless || len(v.digits13) > 0 || v.exact && v.only {
				continue // by values, or the shape of another
			}
			var header []string
			for _, list := range v.texts {
				header = append(header, strings.ReplaceAll(list[0], "#", "1"))
			}
			for _, m := range v.marks {
				header = append(header, strings.ReplaceAll(m, "#", "1"))
			}
			if m, ok := Recognise(header, nil); !ok || m.Key != l.key {
				t.Errorf("%s %s: %q is %v", l.key, v.name, header, m)
			}
		}
	}
}

func TestParseFaults(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"Nome = name", "layout x\nNome = nome", "layout x\nonly", "layout x\nvariant y\nmarks z A", "layout x\nvariant y\nNome = name size=3", "layout x\nstrict mind", "layout x\nvariant y\nword", "layout x\n- = name"} {
		if _, err := parse(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func FuzzRecognise(f *testing.F) {
	f.Add("name,phone_number,email\nAna,+5511987650001,a@example.com")
	f.Add(",,\nAna Souza,5511987650001,Loja")
	f.Add("Telefone (2),Telefone (x),(2),#,1\n")
	f.Fuzz(func(t *testing.T, text string) {
		var rows [][]string
		for line := range strings.SplitSeq(text, "\n") {
			rows = append(rows, strings.Split(line, ","))
		}
		m, ok := Recognise(rows[0], rows[1:])
		if !ok {
			return
		}
		list := mapping.Suggest(rows[0], rows[1:], mapping.SuggestOptions{})
		m.Settle(list)
		to := mapping.Mapping{Columns: make([]mapping.Column, len(rows[0]))}
		m.Complete(&to)
		if len(list) != len(rows[0]) {
			t.Fatalf("%d suggestions for %d columns", len(list), len(rows[0]))
		}
	})
}
