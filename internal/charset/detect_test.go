package charset

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// encoded gives text in the charset, and whether the charset has all of it.
func encoded(t interface{ Fatal(...any) }, name, text string) ([]byte, bool) {
	e, err := NewEncoder(name)
	if err != nil {
		t.Fatal(err)
	}
	b, lost := e.AppendEncode(nil, text)
	return b, lost == 0
}

// decoded gives the text that a file has in the charset.
func decoded(t interface{ Fatal(...any) }, name string, b []byte) string {
	r, err := NewReader(bytes.NewReader(b), name)
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestDetect: the text counts, not the name; each is tried in every charset that has its letters.
func TestDetect(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"nome;cidade\r\nJoão;Belem\r\n",
		"nome;cidade\r\nJOÃO DA CONCEIÇÃO;BELÉM\r\n",
		"Nome;Endereço;Município\r\nMárcia Gonçalves;Rua São João, 12;Maringá\r\nÉrica Araújo;Praça Mauá;Goiânia\r\n",
		"cliente;obs\nAna;não ligar\nBia;ação à vista\n",
		"Flávia;Av. Getúlio, 3º andar\nLúcia;R. Antônio, nº 5\n",
		"nombre\nMuñoz\n",
		"nombre;nota\nIBÁÑEZ;año\nPEÑA;mañana\n",
		"Nombre;Teléfono\nJosé Ángel Núñez;¿otro?\nBegoña Sáez;¡sí!\n",
		"nom\nFrançois Lefèvre\nHélène Côté\nJérôme Forêt\n",
		"Prénom;Ville\nZoé;Orléans\nAnaïs;Nîmes\n",
		"Name;Ort\nMüller;Köln\nJürgen Weiß;Düsseldorf\nBärbel;Gießen\n",
		"name\nSchröder\n",
		"Nome;Città\nNiccolò;Forlì\nperché no;lunedì\n",
		"navn;by\nSøren Østergaard;Århus\nKjær;Helsingør\n",
		"namn;ort\nÅsa Sjöberg;Malmö\nBjörn;Västerås\n",
		"name;note\nAnn;“VIP” – call\nBob;10 € – later\n",
	} {
		for _, name := range Names() {
			raw, ok := encoded(t, name, text)
			if !ok {
				continue
			}
			g := DetectBytes(raw)
			if got := decoded(t, g.Name, raw); got != text {
				t.Errorf("%s taken for %s: %q", name, g.Name, got)
			}
		}
	}
}

func TestDetectGuess(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, name string
		bom      int
		ascii    bool
		bad      int
	}{
		{"", UTF8, 0, true, 0},
		{"a;b\n1;2\n", UTF8, 0, true, 0},
		{"\xef\xbb\xbfa;b\n", UTF8, 3, true, 0},
		{"\xef\xbb\xbf\xef\xbb\xbfJoão\n", UTF8, 6, false, 0},
		{"\xef\xbb\xbfJoão\nJos\xe9\nMarc\xe9lo\nFl\xe1via\n", UTF8, 3, false, 3},
		{"\xff\xfea\x00", UTF16LE, 2, false, 0},
		{"\xfe\xff\x00a", UTF16BE, 2, false, 0},
		{"\xff\xfe\x00\x00a\x00\x00\x00", "utf-32le", 4, false, 0},
		{"a\x00;\x00b\x00\n\x00\xe3\x00", UTF16LE, 0, false, 0},
		{"a\x00;\x00b\x00\n\x00\xe3\x00x", UTF16LE, 0, false, 0},
		{"\x00a\x00;\x00b\x00\n\x00\xe3", UTF16BE, 0, false, 0},
		{"João\nJosé\nFlávia\nJos\xe9\n", UTF8, 0, false, 1},
		{"Jo\xe3o\nJos\xe9\nFl\xe1via\nJosé\n", Windows1252, 0, false, 0},
		{"São Paulo, João, José, Conceição e um byte \xff", UTF8, 0, false, 1},
		{"nome;\x00\x00nota\nJoão;x\n", UTF8, 0, false, 0},
		{"\x1b$BF|K\\\x1b(B,1\n", "iso-2022-jp", 0, false, 0},
		{"Иванов\n", UTF8, 0, false, 0},
	} {
		g := DetectBytes([]byte(c.in))
		if g.Name != c.name || g.BOM != c.bom || g.ASCIIOnly != c.ascii || g.BadLines != c.bad {
			t.Errorf("%q: %+v", c.in, g)
		}
		if g.Confidence <= 0 || g.Confidence > 1 {
			t.Errorf("%q: confidence %v", c.in, g.Confidence)
		}
	}
}

// TestDetectOtherFamilies: charsets beyond the product's are named where the text is plain.
func TestDetectOtherFamilies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ charset, text string }{
		{"windows-1251", "Фамилия;Город\nИванов Сергей;Москва\nПетрова Анна;Казань\nСидоров Алексей;Новосибирск\n"},
		{"koi8-r", "Фамилия;Город\nИванов Сергей;Москва\nПетрова Анна;Казань\nСидоров Алексей;Новосибирск\n"},
		{"ibm866", "Фамилия;Город\nИванов Сергей;Москва\nПетрова Анна;Казань\nСидоров Алексей;Новосибирск\n"},
		{"windows-1250", "Imię;Miasto\nŁukasz Wiśniewski;Łódź\nMałgorzata Dąbrowska;Gdańsk\nPaweł Kołodziej;Częstochowa\nGrażyna Zając;Białystok\n"},
		{"windows-1253", "Όνομα;Πόλη\nΓιώργος Παπαδόπουλος;Αθήνα\nΜαρία Νικολάου;Θεσσαλονίκη\n"},
		{"windows-1254", "Adı;Şehir\nAyşe Yılmaz;İstanbul\nMehmet Çağlar;Eskişehir\nOğuz Kılıç;Balıkesir\nGülşen Işık;Diyarbakır\n"},
		{"shift_jis", "氏名,住所\n田中太郎,東京都\nカタカナ,ひらがなの名前です\n"},
		{"euc-jp", "氏名,住所\n田中太郎,東京都\nカタカナ,ひらがなの名前です\n"},
		{"gb18030", "姓名,地址\n王小明,北京市中心\n李文,上海市新区,用户信息,电话号码\n"},
		{"big5", "姓名,地址\n王小明,台北市中心\n李文,新的使用者資料,電話號碼\n"},
		{"euc-kr", "이름,주소\n김철수,서울시\n이영희,부산에서 사용자 정보를 확인\n"},
		{UTF16LE, "Имя;Город\nИванов;Москва\nПетрова;Казань 2\n"},
	} {
		raw, ok := encoded(t, c.charset, c.text)
		if !ok {
			t.Fatalf("%s lacks its own letters", c.charset)
		}
		if g := DetectBytes(raw); decoded(t, g.Name, raw) != c.text {
			t.Errorf("%s taken for %s", c.charset, g.Name)
		}
	}
}

// TestDetectEachName: any one accented name among plain rows tells the charset, or at least nearly any.
func TestDetectEachName(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("modelgen/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	right, all := 0, 0
	for line := range strings.Lines(string(b)) {
		tag, text, ok := strings.Cut(line, ":")
		if !ok || !strings.Contains("pt es fr de it", tag) {
			continue
		}
		for i, w := range strings.Fields(text) {
			if isASCII(w) || i%4 != 0 {
				continue
			}
			file := "Name;Note\nAna Maria;hotel\n" + strings.ToUpper(w[:1]) + w[1:] + ";\nCarlos;central\n"
			for _, name := range []string{Windows1252, CP850, MacRoman} {
				raw, ok := encoded(t, name, file)
				if !ok {
					continue
				}
				all++
				if decoded(t, DetectBytes(raw).Name, raw) == file {
					right++
				}
			}
		}
	}
	if all < 500 || float64(right) < 0.97*float64(all) {
		t.Errorf("%d of %d right", right, all)
	}
	t.Logf("%d of %d right", right, all)
}

// A tall file is rows of ASCII and then a tail, without being held in memory.
type tall struct {
	row  string
	size int64
	tail string
}

func (f tall) ReadAt(p []byte, at int64) (int, error) {
	n := 0
	for n < len(p) {
		switch pos := at + int64(n); {
		case pos < f.size:
			p[n] = f.row[pos%int64(len(f.row))]
		case pos < f.size+int64(len(f.tail)):
			p[n] = f.tail[pos-f.size]
		default:
			return n, io.EOF
		}
		n++
	}
	return n, nil
}

// TestDetectLate: the first accent may come after megabytes of ASCII.
func TestDetectLate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ tail, name string }{
		{"Jo\xe3o;Bel\xe9m\r\n", Windows1252}, {"Jo\xc6o;Bel\x82m\r\n", CP850}, {"João;Belém\r\n", UTF8}, {"Jo\x8bo;Bel\x8em\r\n", MacRoman},
	} {
		f := tall{"Ana Maria;Santos;+5511987654321\r\n", 3 << 20, c.tail}
		g := Detect(f, f.size+int64(len(f.tail)))
		if g.Name != c.name || g.FirstHigh < f.size || !g.Complete || g.ASCIIOnly {
			t.Errorf("%q: %+v", c.tail, g)
		}
	}
}

// TestDetectMajority: what stands in the middle of a long file counts as well as its start.
func TestDetectMajority(t *testing.T) {
	t.Parallel()
	latin, utf := strings.Repeat("Jo\xe3o;S\xe3o Lu\xeds\n", 1000), strings.Repeat("João;São Luís;Conceição\n", 400_000)
	b := []byte(latin + utf)
	g := DetectBytes(b)
	if g.Name != UTF8 || g.BadLines == 0 || g.Fallback != Windows1252 || g.Complete {
		t.Errorf("%+v", g)
	}
}

func TestAlternatives(t *testing.T) {
	t.Parallel()
	g := DetectBytes([]byte("nome;nota\nAna;um\nJo\xe3o;dois\n"))
	if len(g.Alternatives) < 2 || g.Alternatives[0].Name != g.Name {
		t.Fatalf("%+v", g)
	}
	seen := map[string]bool{}
	sum := 0.0
	for _, a := range g.Alternatives {
		if len(a.Lines) != 1 || seen[a.Lines[0]] {
			t.Errorf("%+v", a)
		}
		seen[a.Lines[0]] = true
		sum += a.Confidence
	}
	if !seen["João;dois"] || sum < 0.99 || sum > 1.01 {
		t.Errorf("%v, sum %v", seen, sum)
	}
}

// TestDetectErrors: a source that cannot be read is an empty file here; its reader will tell.
func TestDetectErrors(t *testing.T) {
	t.Parallel()
	if g := Detect(bytes.NewReader(nil), 1<<30); g.Name != UTF8 || !g.ASCIIOnly {
		t.Errorf("%+v", g)
	}
}

// TestDetectUTF8Property: valid UTF-8 is always UTF-8, save where its NULs make it UTF-16.
func TestDetectUTF8Property(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := strings.NewReplacer("\x00", "", "\x1b", "", "~", "").Replace(rapid.StringN(0, 200, -1).Draw(t, "text"))
		if g := DetectBytes([]byte(s)); g.Name != UTF8 || g.BadLines != 0 {
			t.Fatalf("%q: %+v", s, g)
		}
	})
}
