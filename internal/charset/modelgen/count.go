package main

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// nameWeight is how often a hand-written word counts; a word of the translations counts log2(1+its number).
const nameWeight = 12

// counts are letter pairs; 0 stands for the border of a word.
type counts struct {
	pair   map[[2]rune]float64
	letter map[rune]float64
	total  float64
}

func newCounts() *counts {
	return &counts{pair: map[[2]rune]float64{}, letter: map[rune]float64{}}
}

func (c *counts) addAll(words map[string]int, names []string) {
	for w, n := range words {
		c.add(w, math.Log2(1+float64(n)))
	}
	for _, w := range names {
		c.add(w, nameWeight)
	}
}

func (c *counts) add(word string, weight float64) {
	prev := rune(0)
	for _, r := range word + "\x00" {
		c.pair[[2]rune{prev, r}] += weight
		c.letter[r] += weight
		c.total += weight
		prev = r
	}
}

// merge adds o, scaled so that every language counts alike.
func (c *counts) merge(o *counts) {
	scale := 1e5 / max(o.total, 1)
	for k, v := range o.pair {
		c.pair[k] += v * scale
	}
	for k, v := range o.letter {
		c.letter[k] += v * scale
	}
	c.total += o.total * scale
}

// A model is the cost of letter b after letter a, at cost[a*n+b], in eighths of a bit.
type model struct {
	tag      string
	family   byte
	alphabet []rune // 0, a to z, then the others by code point
	cost     []byte // East Asian: of each letter alone
}

// model drops letters rarer than 50 in a million, and smooths each row with the letters' own frequency.
func (c *counts) model(tag string, family byte) *model {
	m := &model{tag: tag, family: family, alphabet: []rune{0}}
	for r := 'a'; r <= 'z'; r++ {
		m.alphabet = append(m.alphabet, r)
	}
	var others []rune
	for r, n := range c.letter {
		if r >= 0x80 && n/c.total > 5e-5 && sameScript(family, r) {
			others = append(others, r)
		}
	}
	slices.Sort(others)
	m.alphabet = append(m.alphabet, others...)
	n := len(m.alphabet)
	m.cost = make([]byte, n*n)
	for i, a := range m.alphabet {
		row := 0.0
		for _, b := range m.alphabet {
			row += c.pair[[2]rune{a, b}]
		}
		const k = 20
		for j, b := range m.alphabet {
			own := (c.letter[b] + 1) / (c.total + float64(n))
			p := (c.pair[[2]rune{a, b}] + k*own) / (row + k)
			m.cost[i*n+j] = byte(min(255, math.Round(-8*math.Log2(p))))
		}
	}
	return m
}

// sameScript keeps the stray words of other scripts out of a language.
func sameScript(family byte, r rune) bool {
	switch family {
	case 'y':
		return r >= 0x400 && r < 0x500
	case 'g':
		return r >= 0x370 && r < 0x400
	case 'h':
		return r >= 0x590 && r < 0x600
	case 'a':
		return r >= 0x600 && r < 0x700
	case 'e':
		return r >= 0xE00 && r < 0xE80
	}
	return r < 0x250 || r == 'ș' || r == 'ț'
}

// maxCommon is how many characters of an East Asian language are kept.
const maxCommon = 900

// commonLetters is the model of an East Asian language: its commonest characters, each with the cost of itself.
func commonLetters(tag string, family byte, words map[string]int) *model {
	count, total := map[rune]float64{}, 0.0
	for w, n := range words {
		for _, r := range w {
			if r >= 0x3000 && r <= 0xFFFF {
				count[r] += math.Log2(1 + float64(n))
				total += math.Log2(1 + float64(n))
			}
		}
	}
	letters := slices.SortedFunc(maps.Keys(count), func(a, b rune) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	m := &model{tag: tag, family: family, alphabet: letters[:min(len(letters), maxCommon)]}
	for _, r := range m.alphabet {
		m.cost = append(m.cost, byte(math.Round(-8*math.Log2(count[r]/total))))
	}
	return m
}
