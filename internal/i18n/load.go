package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
)

//go:embed locales/*.json
var locales embed.FS

// load reads every locales/<topic>.<language>.json of files.
func load(files fs.FS) (*Catalogue, error) {
	c := &Catalogue{printers: map[Lang]*Printer{}, missing: map[string]int64{}}
	for _, l := range Langs() {
		c.printers[l] = newPrinter(c, l)
	}
	names, err := fs.Glob(files, "locales/*.json")
	if err != nil {
		return nil, err
	}
	from := map[string]string{}
	for _, name := range names {
		p := c.printers[langOf(name)]
		if p == nil {
			return nil, fmt.Errorf("catalogue %s: the name must be <topic>.<language>.json with one of the languages %v", name, Langs())
		}
		buf, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", name, err)
		}
		parsed, err := goi18n.ParseMessageFileBytes(buf, name, nil)
		if err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", name, err)
		}
		for _, m := range parsed.Messages {
			id := string(p.Lang) + " " + m.ID
			if first, twice := from[id]; twice {
				return nil, fmt.Errorf("catalogue %s: key %q stands in %s too", name, m.ID, first)
			}
			from[id] = name
			msg, err := compile(m)
			if err != nil {
				return nil, fmt.Errorf("catalogue %s: key %q: %w", name, m.ID, err)
			}
			p.add(m.ID, msg)
		}
	}
	return c, nil
}

// langOf gives the language in a catalogue's file name: the part between the topic and the extension.
func langOf(name string) Lang {
	stem := strings.TrimSuffix(path.Base(name), ".json")
	_, lang, _ := strings.Cut(stem, ".")
	return Lang(lang)
}

// compile turns the plural forms of m into templates.
func compile(m *goi18n.Message) (*message, error) {
	msg := &message{}
	for form, text := range map[plural.Form]string{
		plural.Zero: m.Zero, plural.One: m.One, plural.Two: m.Two,
		plural.Few: m.Few, plural.Many: m.Many, plural.Other: m.Other,
	} {
		if text == "" {
			continue
		}
		t, err := parse(text)
		if err != nil {
			return nil, err
		}
		msg.forms[form] = t
		msg.counted = msg.counted || form != plural.Other
	}
	if msg.forms[plural.Other] == nil {
		return nil, fmt.Errorf("the text is empty")
	}
	return msg, nil
}
