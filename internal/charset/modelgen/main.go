// Command modelgen counts which letters stand beside which in some forty languages and writes the table by which
// package charset tells one single-byte charset from another.
//
// Its sources are the translated messages of installed free programs (gettext .mo files, one folder for each
// language, as Debian lays them out under /usr/share/locale) and names.txt. Only the counts of letter pairs are
// kept, as costs in eighths of a bit, and the hashes of the commonest words with accents.
//
//	go run ./internal/charset/modelgen -locale /usr/share/locale -o internal/charset/model.bin
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"sort"
)

// A language is one model: its tag, the locale folders that feed it and the family of charsets it is written in.
type language struct {
	tag     string
	family  byte // as in package charset: 'w'estern, 'c'entral, 't'urkish, 'b'altic, 'y' Cyrillic, 'g'reek, 'h'ebrew, 'a'rabic, 'e' Thai; East Asian: 'j', 'k', 's', 'H'
	folders []string
}

func languages() []language {
	return []language{
		{"pt", 'w', []string{"pt_BR", "pt"}}, {"es", 'w', []string{"es", "es_MX"}}, {"fr", 'w', []string{"fr"}},
		{"de", 'w', []string{"de"}}, {"it", 'w', []string{"it"}}, {"en", 'w', nil},
		{"ca", 'w', []string{"ca"}}, {"gl", 'w', []string{"gl"}}, {"nl", 'w', []string{"nl"}}, {"da", 'w', []string{"da"}},
		{"sv", 'w', []string{"sv"}}, {"nb", 'w', []string{"nb", "nn"}}, {"fi", 'w', []string{"fi"}}, {"is", 'w', []string{"is"}},
		{"ga", 'w', []string{"ga"}}, {"pl", 'c', []string{"pl"}}, {"cs", 'c', []string{"cs"}}, {"sk", 'c', []string{"sk"}},
		{"hu", 'c', []string{"hu"}}, {"ro", 'c', []string{"ro"}}, {"hr", 'c', []string{"hr"}}, {"sl", 'c', []string{"sl"}},
		{"tr", 't', []string{"tr"}}, {"lt", 'b', []string{"lt"}}, {"lv", 'b', []string{"lv"}}, {"et", 'b', []string{"et"}},
		{"ru", 'y', []string{"ru"}}, {"uk", 'y', []string{"uk"}}, {"bg", 'y', []string{"bg"}}, {"sr", 'y', []string{"sr"}},
		{"mk", 'y', []string{"mk"}}, {"be", 'y', []string{"be"}}, {"el", 'g', []string{"el"}}, {"he", 'h', []string{"he"}},
		{"ar", 'a', []string{"ar"}}, {"fa", 'a', []string{"fa"}}, {"th", 'e', []string{"th"}},
	}
}

func main() {
	locale := flag.String("locale", "/usr/share/locale", "folder of the translated messages")
	names := flag.String("names", "internal/charset/modelgen/names.txt", "hand-written words")
	out := flag.String("o", "internal/charset/model.bin", "file to write")
	flag.Parse()
	log.SetFlags(0)
	if err := run(*locale, *names, *out); err != nil {
		log.Fatal(err)
	}
}

func run(locale, names, out string) error {
	extra, err := readNames(names)
	if err != nil {
		return err
	}
	var models []*model
	pool, known := newCounts(), map[string]bool{}
	for _, l := range languages() {
		words, err := l.read(locale)
		if err != nil {
			return err
		}
		c := newCounts()
		c.addAll(words, extra[l.tag])
		if l.family == 'w' {
			pool.merge(c)
			chooseWords(known, words, extra[l.tag])
		}
		m := c.model(l.tag, l.family)
		models = append(models, m)
		log.Printf("%s: %d words, letters %s", l.tag, len(words), string(m.alphabet))
	}
	for _, l := range []language{{"ja", 'j', []string{"ja"}}, {"ko", 'k', []string{"ko"}}, {"zh", 's', []string{"zh_CN"}}, {"zh-tw", 'h' - 32, []string{"zh_TW"}}} {
		words, err := l.read(locale)
		if err != nil {
			return err
		}
		models = append(models, commonLetters(l.tag, l.family, words))
	}
	models = append([]*model{pool.model("*", 'w')}, models...)
	return os.WriteFile(out, encode(models, known), 0o644)
}

// read counts the words of the language's folders.
func (l language) read(locale string) (map[string]int, error) {
	folders, part := l.folders, translations
	if l.tag == "en" { // the language that programs are translated from
		folders, part = []string{"de"}, originals
	}
	words := map[string]int{}
	for _, f := range folders {
		files, err := filepath.Glob(filepath.Join(locale, f, "LC_MESSAGES", "*.mo"))
		if err != nil {
			return nil, err
		}
		sort.Strings(files)
		for _, file := range files {
			if err := readMO(file, part, words); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return words, nil
}
