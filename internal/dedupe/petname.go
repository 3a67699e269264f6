package dedupe

import (
	"strings"

	"cadastro/internal/normalize"
)

// petName tells whether one folded first name is a usual short or pet form of the other: by the table, or as its
// beginning ("Rafa" and "Rafael", "Fer" and "Fernanda").
func petName(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) >= 3 && len(a) <= 4 && len(a) <= len(b)-2 && strings.HasPrefix(b, a) && !wholeNames[a] {
		return true
	}
	for _, full := range petNames[a] {
		if full == b {
			return true
		}
	}
	for _, full := range petNames[b] {
		if full == a {
			return true
		}
	}
	return false
}

// wholeNames are short names that are no short form of the longer ones that begin like them: Ana and Anabela, Luís and Luísa.
var wholeNames = map[string]bool{
	"ana": true, "eva": true, "lia": true, "ivo": true, "ada": true, "rui": true, "ivan": true, "davi": true, "joao": true, "jose": true, "luis": true, "luiz": true,
	"lara": true, "sara": true, "rosa": true, "rita": true, "levi": true, "juan": true, "joan": true, "iris": true, "jair": true, "igor": true, "hugo": true,
	"noe": true, "noel": true, "abel": true, "adao": true, "saul": true, "raul": true, "enzo": true, "nair": true, "alba": true, "elsa": true, "elza": true,
	"vera": true, "erik": true, "eric": true, "erica": true, "mara": true, "olga": true, "ines": true, "cleo": true, "clara": true, "carla": true, "mary": true,
	"jean": true, "ruth": true, "anna": true, "emma": true, "paul": true, "carl": true, "karl": true, "mark": true, "marc": true, "luca": true, "lucas": true,
}

// petNames are the short forms of Brazil, Spanish America and English that are no beginning of the name; some stand for
// several names.
var petNames = func() map[string][]string {
	m := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(petNameTable), "\n") {
		pet, full, _ := strings.Cut(normalize.Fold(line), ":")
		m[pet] = append(m[pet], strings.Fields(full)...)
	}
	return m
}()

const petNameTable = `
chico: francisco
chiquinho: francisco
paco: francisco
pancho: francisco
kiko: francisco enrique henrique
ze: jose
zeca: jose
zezinho: jose
zezé: jose
pepe: jose
toninho: antonio
tonho: antonio
tonico: antonio
toni: antonio anthony
tony: antonio anthony
tom: antonio thomas tomas
lula: luiz luis
luisinho: luis luiz
luizinho: luiz luis
lucho: luis
edu: eduardo
dudu: eduardo
lalo: eduardo
fe: fernanda felipe fernando
nanda: fernanda
nando: fernando
paty: patricia
pati: patricia
tricia: patricia
ju: juliana julia juliano
juju: juliana julia
rafa: rafael rafaela
biel: gabriel
gabi: gabriela gabriel
gabo: gabriel
bia: beatriz
bea: beatriz
dri: adriana adriano
drica: adriana
carlinhos: carlos
carlitos: carlos
celo: marcelo
celinho: marcelo
dani: daniel daniela danielle
cami: camila
mila: camila
malu: marialuisa marialuiza
lu: luciana lucia luisa luiza lucas luana
luci: luciana lucia
leo: leonardo leandro leonel
le: leticia leandro leonardo
leti: leticia
gui: guilherme
guga: gustavo guilherme
gugu: augusto gustavo
tavo: gustavo
beto: roberto alberto humberto norberto gilberto
betinho: roberto alberto
berto: roberto alberto humberto
tito: alberto roberto
neto: antonio
nei: valdinei claudinei
cacau: claudia carla
cau: claudia claudio
claudinha: claudia
mari: mariana marina maria mariane
nana: mariana ana juliana
tati: tatiana tatiane
tata: tatiana renata
re: renata renato
rena: renata renato
rê: renata
renatinha: renata
vivi: viviane vivian
vi: vitoria vinicius victor viviane
vini: vinicius
vico: vitor victor
tuca: arthur artur
tutu: arthur artur
nico: nicolas
xande: alexandre alexander
ale: alexandre alessandra alejandro alejandra alexandra
alex: alexandre alexander alexandra
sandra: alessandra alexandra
sandro: alessandro alexandro
sandrinha: sandra
manu: manuela emanuel manuel emanuela
maneco: manuel
manolo: manuel
manolito: manuel
duda: eduarda maria
bel: isabel isabela isabella
isa: isabel isabela isabella isadora
belinha: isabel isabela
cris: cristina cristiane cristiano christian
tina: cristina martina
nina: marina
lena: helena madalena
leninha: helena
mada: madalena
rosi: rosiane rosangela rosimeire
rosinha: rosa
didi: edilson diego
dede: andre debora
deco: andre
dinho: eduardo fernando
guto: augusto
kaka: ricardo carla
rico: ricardo henrique enrique
riqui: ricardo enrique
quique: enrique
rique: henrique
kike: enrique
memo: guillermo
beno: benedito
bene: benedito benedita
nico: nicolas
nacho: ignacio
nano: fernando
chelo: marcelo consuelo
chema: josemaria
chuy: jesus
jesusito: jesus
lola: dolores
lupe: guadalupe
meche: mercedes
concha: concepcion
charo: rosario
chayo: rosario
paca: francisca
chica: francisca
fran: francisco francisca
pili: pilar
tere: teresa
teté: teresa
maite: maria
mechi: mercedes
santi: santiago
tiago: santiago
sebas: sebastiao sebastian
tiao: sebastiao
bastiao: sebastiao
zico: arthur
zito: jose
juca: jose
joca: joao jose
joaozinho: joao
janjao: joao
jota: joao
pedrinho: pedro
paulinho: paulo
marquinhos: marcos
marquinho: marcos marco
lucinha: lucia
aninha: ana
teca: teresa
tete: teresa
terezinha: teresa tereza
nenê: nelson
lili: liliana liliane elisa
lica: angelica alice
geo: geovana giovana george
gi: giovana gisele gilberto
gil: gilberto gilson gilmar
jo: joana josiane joao jorge
jojo: joana
nelsinho: nelson
wandinho: wanderlei
vando: wanderlei evandro
bob: robert roberto
rob: robert
bill: william
will: william
liz: elizabeth
beth: elizabeth elisabete
bete: elisabete elizabete
betty: elizabeth
kate: katherine catherine
cathy: catherine
jim: james
jimmy: james
jack: john
johnny: john
mike: michael
nick: nicholas
dick: richard
rick: richard
peggy: margaret
meg: margaret
maggie: margaret
sue: susan
ted: edward theodore
ned: edward
ed: edward edgar
harry: harold henry
hank: henry
chuck: charles
charlie: charles
andy: andrew
drew: andrew
tony: anthony
steve: steven stephen
dave: david
jenny: jennifer
becky: rebecca
vicky: victoria
abby: abigail
`
