package main

// The words that people are made of: common names, so that no combination points at anybody.

func firstNames() []string {
	return []string{
		"Adriana", "Aline", "Álvaro", "Amélia", "Ana", "André", "Ângela", "Antônia", "Antônio", "Aparecida", "Beatriz", "Benício", "Bruna",
		"Caetano", "Camila", "Carlos", "Cecília", "Cíntia", "Clóvis", "Conceição", "Cristóvão", "Daniela", "Dário", "Débora", "Eduardo",
		"Élcio", "Fabiana", "Fátima", "Felipe", "Flávia", "Francisca", "Gabriel", "Geraldo", "Glória", "Gonçalo", "Heloísa", "Hugo", "Inácio",
		"Inês", "Iracema", "Isaías", "Jacira", "João", "Joaquim", "Jorge", "José", "Júlio", "Laís", "Letícia", "Luís", "Luíza", "Magnólia",
		"Marcelo", "Márcio", "Maria", "Mário", "Mateus", "Moisés", "Nádia", "Natália", "Noêmia", "Otávia", "Patrícia", "Paulo", "Pedro",
		"Raíssa", "Raquel", "Regina", "Rogério", "Rômulo", "Sandra", "Sebastião", "Simão", "Sônia", "Tânia", "Tereza", "Thaís", "Ubirajara",
		"Valéria", "Verônica", "Vítor", "Wagner", "Yasmin", "Zélia", "Agustina", "Begoña", "Ezequiel", "Íñigo", "Jesús", "Joaquín", "Lucía",
		"Martín", "Nicolás", "Ramón", "Rocío", "Sofía", "Ximena", "Yolanda",
	}
}

func lastNames() []string {
	return []string{
		"Abreu", "Aguiar", "Alencar", "Almeida", "Amaral", "Anjos", "Antunes", "Aragão", "Araújo", "Assunção", "Azevedo", "Barbosa", "Barros",
		"Bastos", "Batista", "Bragança", "Brandão", "Brito", "Caldeira", "Câmara", "Cardoso", "Carvalho", "Castro", "Coelho", "Conceição", "Corrêa",
		"Costa", "Damião", "Dias", "Duarte", "Esteves", "Falcão", "Faria", "Ferraz", "Figueirêdo", "Fonseca", "Franco", "Freitas", "Galvão",
		"Garcês", "Gonçalves", "Guimarães", "Jordão", "Lacerda", "Leão", "Lima", "Lobão", "Macêdo", "Magalhães", "Malta", "Mendonça", "Moraes",
		"Neves", "Nóbrega", "Oliveira", "Pacheco", "Paixão", "Pinhão", "Prado", "Queirós", "Ramalho", "Rebouças", "Ribeiro", "Salomão", "Santana",
		"Seixas", "Silva", "Simões", "Souza", "Tavares", "Teixeira", "Uchôa", "Valadão", "Varejão", "Vasconcelos", "Xavier", "Acuña", "Cárdenas",
		"Domínguez", "Fernández", "Gutiérrez", "Ibáñez", "Muñoz", "Núñez", "Ordóñez", "Peñaloza", "Sánchez", "Velázquez", "Yáñez", "Zúñiga",
	}
}

func companies() []string {
	return []string{
		"Açougue Boi Manso", "Academia Fôlego", "Armarinho Três Irmãs", "Ateliê Jacarandá", `Bazar "Bom e Barato"`, "Borracharia Pneu Novo",
		"Casa de Rações Focinho", "Clínica Bem Viver", "Colégio Sabiá", "Confeitaria Açúcar & Afeto", "Costa, Lima e Filhos Ltda.",
		"Distribuidora Água Clara", "Farmácia Boa Saúde", "Floricultura Ipê-Amarelo", "Gráfica Traço Fino", "Hotel Maré Alta", "Lavanderia Espuma",
		"Mercearia São Bento", "Oficina do Tonhão", "Ótica Pupila", "Padaria Pão da Hora", "Papelaria Lápis de Cor", "Restaurante Colher de Pau",
		"Salão Beleza Pura", "Sítio Olho d'Água", "Transportes Estradão S.A.", `Tintas "Arco-Íris"`, "Vidraçaria Cristal",
	}
}

func cities() []string {
	return []string{
		"Aracaju", "Bagé", "Belém", "Blumenau", "Brasília", "Cáceres", "Caxias do Sul", "Chapecó", "Cuiabá", "Curitiba", "Feira de Santana",
		"Florianópolis", "Goiânia", "Ilhéus", "Ji-Paraná", "João Pessoa", "Joinville", "Jundiaí", "Maceió", "Marabá", "Maringá", "Mossoró", "Niterói",
		"Olinda", "Petrópolis", "Poços de Caldas", "Ribeirão Preto", "Rondonópolis", "Santarém", "São Luís", "São Paulo", "Sobral", "Teresina",
		"Uberlândia", "Vitória da Conquista", "Volta Redonda",
	}
}

func tagWords() []string {
	return []string{"ativo", "atacado", "boleto", "cliente", "fidelidade", "indicação", "lead", "loja física", "newsletter", "orçamento", "promoção", "reativar", "varejo", "vip"}
}

func plans() []string { return []string{"Básico", "Família", "Grátis", "Premium", "Pro"} }

func origins() []string {
	return []string{"Balcão", "Feira", "Indicação", "Instagram", "Panfleto", "Rádio", "Site"}
}

// domains are kept for examples (RFC 2606, RFC 6761).
func domains() []string {
	return []string{"example.com", "example.net", "example.org", "correio.example", "loja.example", "posta.example"}
}

// areaCodes of Brazil, in use by Anatel's numbering plan (Resolução 749/2022).
func areaCodes() []string {
	return []string{
		"11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "22", "24", "27", "28", "31", "32", "33", "34", "35", "37", "38", "41", "42",
		"43", "44", "45", "46", "47", "48", "49", "51", "53", "54", "55", "61", "62", "63", "64", "65", "66", "67", "68", "69", "71", "73", "74",
		"75", "77", "79", "81", "82", "83", "84", "85", "86", "87", "88", "89", "91", "92", "93", "94", "95", "96", "97", "98", "99",
	}
}
