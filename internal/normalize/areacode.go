package normalize

import (
	"strings"
	"sync"
)

// AreaCodes gives the 67 area codes (DDD) of Brazil in ascending order.
func AreaCodes() []string {
	out := make([]string, 0, 67)
	for i, s := range areaStates {
		if s != "" {
			out = append(out, string([]byte{byte('0' + i/10), byte('0' + i%10)}))
		}
	}
	return out
}

// StateOfAreaCode gives the letters of the state of a Brazilian area code ("11": "SP"), "" where there is no such
// code. A few codes reach over a border (61 into Goiás, 42 and 49 between Paraná and Santa Catarina).
func StateOfAreaCode(ddd string) string {
	if len(ddd) != 2 || !isDigits(ddd) {
		return ""
	}
	return areaStates[two(ddd)]
}

// AreaCodesOfState gives the area codes of a Brazilian state, by its letters.
func AreaCodesOfState(uf string) []string {
	var out []string
	for _, ddd := range AreaCodes() {
		if StateOfAreaCode(ddd) == uf {
			out = append(out, ddd)
		}
	}
	return out
}

// AreaCodeOfCity gives the area code (DDD) of a Brazilian city, "" where it is not known for certain. state is
// letters or a name; without it only the best-known cities are answered, as most names are borne by several. A
// state that has but one code answers for all of its cities. "Campinas - SP" and "Campinas/SP" are read too.
func AreaCodeOfCity(city, state string) string {
	name := Fold(city)
	uf := stateOf(state)
	if i := strings.LastIndexAny(name, "-/(,"); i > 0 {
		if tail := strings.Trim(name[i+1:], " )."); len(tail) == 2 && stateNames[tail] != "" {
			if uf == "" {
				uf = stateNames[tail]
			}
			name = strings.TrimSpace(name[:i])
		}
	}
	if uf == "" && state != "" && !IsNone(state) {
		return "" // a state that is none of Brazil's
	}
	name = cityKey(name)
	if uf != "" {
		if only := onlyAreaCode[uf]; only != "" {
			return only
		}
		return cityTable()[uf+name]
	}
	return cityTable()[aloneCities[name]+name]
}

// cityKey brings the ways of writing one city's name together: d'Oeste, d Oeste, do Oeste.
func cityKey(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == '\'' || r == '’' || r == '´' || r == '`' || r == '-' || r == '.'
	})
	out := words[:0]
	for _, w := range words {
		switch w {
		case "d", "de", "da", "do", "das", "dos":
			continue
		case "sto":
			w = "santo"
		case "sta":
			w = "santa"
		case "s":
			w = "sao"
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

// onlyAreaCode has the states of one code (Anatel, Plano Geral de Códigos Nacionais).
var onlyAreaCode = map[string]string{
	"AC": "68", "AL": "82", "AP": "96", "DF": "61", "MS": "67", "PB": "83", "RN": "84", "RO": "69", "RR": "95", "SE": "79", "TO": "63",
}

// areaStates has the state of each code: Anatel, Plano Geral de Códigos Nacionais (Resolução 263 of 2001 and its
// changes).
var areaStates = [100]string{
	11: "SP", 12: "SP", 13: "SP", 14: "SP", 15: "SP", 16: "SP", 17: "SP", 18: "SP", 19: "SP", 21: "RJ", 22: "RJ", 24: "RJ", 27: "ES", 28: "ES",
	31: "MG", 32: "MG", 33: "MG", 34: "MG", 35: "MG", 37: "MG", 38: "MG", 41: "PR", 42: "PR", 43: "PR", 44: "PR", 45: "PR", 46: "PR",
	47: "SC", 48: "SC", 49: "SC", 51: "RS", 53: "RS", 54: "RS", 55: "RS", 61: "DF", 62: "GO", 63: "TO", 64: "GO", 65: "MT", 66: "MT", 67: "MS",
	68: "AC", 69: "RO", 71: "BA", 73: "BA", 74: "BA", 75: "BA", 77: "BA", 79: "SE", 81: "PE", 82: "AL", 83: "PB", 84: "RN", 85: "CE", 86: "PI",
	87: "PE", 88: "CE", 89: "PI", 91: "PA", 92: "AM", 93: "PA", 94: "PA", 95: "RR", 96: "AP", 97: "AM", 98: "MA", 99: "MA",
}

// aloneCities are those that people name without their state, with the state meant: the capitals (but Palmas) and
// other large cities whose name no other one of size has.
var aloneCities = func() map[string]string {
	m := map[string]string{}
	for uf, list := range map[string]string{
		"SP": "São Paulo,Guarulhos,Campinas,São Bernardo do Campo,Santo André,Osasco,Sorocaba,Ribeirão Preto,São José dos Campos,São José do Rio Preto,Santos,Mogi das Cruzes,Diadema,Jundiaí,Piracicaba,Carapicuíba,Bauru,Itaquaquecetuba,Franca,Guarujá,Taubaté,Limeira,Suzano,Taboão da Serra,Sumaré,Barueri,Indaiatuba,Americana,Presidente Prudente,Marília,Araraquara,Araçatuba,Jacareí,Hortolândia,São Caetano do Sul",
		"RJ": "Rio de Janeiro,São Gonçalo,Duque de Caxias,Nova Iguaçu,Niterói,Belford Roxo,São João de Meriti,Campos dos Goytacazes,Petrópolis,Volta Redonda,Macaé,Cabo Frio,Angra dos Reis,Nova Friburgo,Teresópolis",
		"ES": "Vitória,Vila Velha,Cariacica,Cachoeiro de Itapemirim,Linhares,Guarapari",
		"MG": "Belo Horizonte,Uberlândia,Contagem,Juiz de Fora,Betim,Montes Claros,Ribeirão das Neves,Uberaba,Governador Valadares,Ipatinga,Sete Lagoas,Divinópolis,Poços de Caldas,Patos de Minas,Pouso Alegre,Varginha,Barbacena",
		"PR": "Curitiba,Londrina,Maringá,Ponta Grossa,São José dos Pinhais,Foz do Iguaçu,Guarapuava,Paranaguá,Apucarana,Umuarama",
		"SC": "Florianópolis,Joinville,Blumenau,Chapecó,Criciúma,Itajaí,Jaraguá do Sul,Lages,Balneário Camboriú,Brusque",
		"RS": "Porto Alegre,Caxias do Sul,Canoas,Pelotas,Gravataí,Novo Hamburgo,São Leopoldo,Passo Fundo,Uruguaiana,Santa Cruz do Sul,Bento Gonçalves",
		"DF": "Brasília,Taguatinga,Ceilândia", "GO": "Goiânia,Aparecida de Goiânia,Anápolis,Rio Verde", "MT": "Cuiabá,Várzea Grande,Rondonópolis,Sinop", "MS": "Campo Grande,Dourados,Três Lagoas,Corumbá",
		"BA": "Salvador,Feira de Santana,Vitória da Conquista,Camaçari,Itabuna,Lauro de Freitas,Ilhéus,Juazeiro,Porto Seguro", "SE": "Aracaju", "AL": "Maceió,Arapiraca",
		"PE": "Recife,Jaboatão dos Guararapes,Olinda,Caruaru,Petrolina,Garanhuns", "PB": "João Pessoa,Campina Grande", "RN": "Natal,Mossoró,Parnamirim", "CE": "Fortaleza,Caucaia,Juazeiro do Norte,Maracanaú,Sobral",
		"PI": "Teresina,Parnaíba", "MA": "São Luís,Imperatriz", "PA": "Belém,Ananindeua,Santarém,Marabá,Parauapebas,Castanhal", "AP": "Macapá", "AM": "Manaus", "RR": "Boa Vista", "AC": "Rio Branco", "RO": "Porto Velho,Ji-Paraná", "TO": "Araguaína",
	} {
		for _, city := range strings.Split(list, ",") {
			m[cityKey(Fold(city))] = uf
		}
	}
	return m
}()

// cityTable maps letters and name to the code. It is built at its first
// use and never changes.
var cityTable = sync.OnceValue(func() map[string]string {
	m := make(map[string]string, 2000)
	for _, line := range strings.Split(strings.TrimSpace(cityLines), "\n") {
		head, list, _ := strings.Cut(line, ":")
		ddd, uf, _ := strings.Cut(head, " ")
		for _, city := range strings.Split(list, ",") {
			m[uf+cityKey(Fold(city))] = ddd
		}
	}
	return m
})
