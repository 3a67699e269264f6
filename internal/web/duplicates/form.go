package duplicates

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"cadastro/internal/contact"
	"cadastro/internal/dedupe"
)

// chosen reads the form of a merge: id is every contact, survivor the one that stays, f.<field> whose value stays, v.<id> the
// version that was seen. What is no number is left out; the service refuses what is then missing.
func chosen(form url.Values) (ids []contact.ID, ch dedupe.Choices, versions map[contact.ID]int64) {
	for _, text := range form["id"] {
		if id, ok := number(text); ok {
			ids = append(ids, contact.ID(id))
		}
	}
	ch.Fields = map[string]contact.ID{}
	versions = map[contact.ID]int64{}
	if id, ok := number(form.Get("survivor")); ok {
		ch.Survivor = contact.ID(id)
	}
	for key, values := range form {
		n, ok := number(values[0])
		if !ok {
			continue
		}
		if field, is := strings.CutPrefix(key, "f."); is {
			ch.Fields[field] = contact.ID(n)
		} else if id, is := strings.CutPrefix(key, "v."); is {
			if id, ok := number(id); ok {
				versions[contact.ID(id)] = n
			}
		}
	}
	return ids, ch, versions
}

func next(form url.Values) contact.ID {
	id, _ := number(form.Get("next"))
	return contact.ID(id)
}

func number(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n > 0
}

// cursorText writes a place in the list for a URL.
func cursorText(c *dedupe.Cursor) string {
	if c == nil {
		return ""
	}
	sure := 0
	if c.Certain {
		sure = 1
	}
	return fmt.Sprintf("%d.%d.%d", sure, c.Score, c.Group)
}

// cursorOf reads it; what is no place is the beginning.
func cursorOf(text string) *dedupe.Cursor {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return nil
	}
	var c dedupe.Cursor
	var err error
	c.Certain = parts[0] == "1"
	if c.Score, err = strconv.ParseInt(parts[1], 10, 64); err != nil {
		return nil
	}
	if c.Group, err = strconv.ParseInt(parts[2], 10, 64); err != nil {
		return nil
	}
	return &c
}

// with adds a parameter to an address.
func with(address, key, value string) string {
	sep := "?"
	if strings.Contains(address, "?") {
		sep = "&"
	}
	return address + sep + url.Values{key: {value}}.Encode()
}
