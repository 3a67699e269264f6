package main

import (
	"encoding/binary"
	"errors"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The places in a .mo file of the tables of strings.
const (
	originals    = 12
	translations = 16
)

// readMO counts the words of every original, or every translation, in a gettext .mo file (format: GNU gettext manual, 10.3).
func readMO(path string, part int, words map[string]int) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if len(b) < 20 {
		return errors.New("too short")
	}
	var order binary.ByteOrder = binary.LittleEndian
	if order.Uint32(b) != 0x950412de {
		order = binary.BigEndian
	}
	n, at := int(order.Uint32(b[8:])), int(order.Uint32(b[part:]))
	for i := range n {
		size, pos := int(order.Uint32(b[at+8*i:])), int(order.Uint32(b[at+8*i+4:]))
		if pos+size > len(b) {
			return errors.New("string beyond the end")
		}
		s := string(b[pos : pos+size])
		if strings.Contains(s, "Content-Type:") || !utf8.ValidString(s) {
			continue
		}
		addWords(s, words)
	}
	return nil
}

// addWords counts the words of s; mnemonic marks of menus ("_Abrir") are no part of a word.
func addWords(s string, words map[string]int) {
	s = strings.ReplaceAll(s, "_", "")
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return (!unicode.IsLetter(r) || r == 'ª' || r == 'º') && !unicode.IsMark(r) }) {
		if utf8.RuneCountInString(w) <= 24 {
			words[strings.Map(fold, w)]++
		}
	}
}

// fold is the lower case of r, save where a letter beyond ASCII would become an ASCII one.
func fold(r rune) rune {
	if l := unicode.ToLower(r); l >= utf8.RuneSelf || r < utf8.RuneSelf {
		return l
	}
	return r
}

func readNames(path string) (map[string][]string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for line := range strings.Lines(string(b)) {
		tag, text, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		words := map[string]int{}
		addWords(text, words)
		for w := range words {
			out[tag] = append(out[tag], w)
		}
	}
	return out, nil
}
