package mapping

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// A language is one bit, so that a sense can belong to several.
type language uint16

const (
	langEN language = 1 << iota
	langPT
	langES
	langDE
	langFR
	langIT
	langNL
	langPL
	langCA
	langAny language = 0
)

// sense is one meaning of a word, in some languages (langAny: in all).
type sense struct {
	concept concept
	langs   language
}

// lexicon holds the words of headers by their folded spelling without spaces.
type lexicon struct {
	words map[string][]sense
	long  []string // the single words of five letters and more, sorted: for abbreviations and slips of the pen
}

// maxPhrase bounds the number of tokens of one entry.
const maxPhrase = 8

// theLexicon reads the word lists once; they are part of the program, so a fault in them is a programmer's.
var theLexicon = sync.OnceValue(func() *lexicon {
	l := &lexicon{words: make(map[string][]sense, 8192)}
	for _, name := range []string{"any", "en", "pt", "es", "eu"} {
		text, err := lexiconFiles.ReadFile("lexicon/" + name + ".txt")
		if err != nil {
			panic(err)
		}
		if err := l.read(string(text)); err != nil {
			panic(fmt.Sprintf("lexicon %s: %v", name, err))
		}
	}
	slices.Sort(l.long)
	l.long = slices.Compact(l.long)
	return l
})

func (l *lexicon) read(text string) error {
	lang := langAny
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#' && !strings.Contains(line, ":"):
			continue
		case line[0] == '#':
			continue
		case line[0] == '@':
			lang = langOf(line[1:])
			continue
		}
		name, words, ok := strings.Cut(line, ":")
		c, known := conceptOf(name)
		if !ok || !known {
			return fmt.Errorf("no concept in %q", line)
		}
		for w := range strings.SplitSeq(words, ",") {
			w = strings.TrimSpace(w)
			if len(w) >= 5 && !strings.Contains(w, " ") {
				l.long = append(l.long, w)
			}
			l.add(strings.ReplaceAll(w, " ", ""), c, lang)
		}
	}
	return nil
}

func (l *lexicon) add(key string, c concept, lang language) {
	if key == "" {
		return
	}
	for i, s := range l.words[key] {
		if s.concept == c {
			if s.langs != langAny {
				l.words[key][i].langs |= lang
			}
			return
		}
	}
	l.words[key] = append(l.words[key], sense{c, lang})
}

func langOf(s string) language {
	i := slices.Index([]string{"en", "pt", "es", "de", "fr", "it", "nl", "pl", "ca"}, s)
	if i < 0 {
		return langAny
	}
	return 1 << i
}

// find gives the senses of a folded word; a plural is found by its singular.
func (l *lexicon) find(w string) []sense {
	if s := l.words[w]; s != nil {
		return s
	}
	if n := len(w); n > 4 && w[n-1] == 's' {
		if s := l.words[w[:n-1]]; s != nil {
			return s
		}
		if w[n-2] == 'e' && n > 5 {
			return l.words[w[:n-2]]
		}
	}
	return nil
}

// pick chooses the sense for a table in the languages given (langAny: not known), the first one failing that.
func pick(senses []sense, lang language) concept {
	for _, s := range senses {
		if s.langs&lang != 0 {
			return s.concept
		}
	}
	if len(senses) > 1 && lang != langAny { // a sense of no language goes before one of a foreign language
		for _, s := range senses {
			if s.langs == langAny {
				return s.concept
			}
		}
	}
	return senses[0].concept
}
