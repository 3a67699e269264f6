package journal

import (
	"encoding/json"
	"unicode/utf8"
)

// appendChanges writes changes as the JSON that encoding/json would, without its reflection: an import that
// updates a million contacts writes a million of these.
func appendChanges(b []byte, changes []Change) []byte {
	b = append(b, '[')
	for i, c := range changes {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		b = appendString(b, c.Field)
		b = append(b, ',')
		b = appendString(b, c.Old)
		b = append(b, ',')
		b = appendString(b, c.New)
		b = append(b, ']')
	}
	return append(b, ']')
}

func appendString(b []byte, s string) []byte {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] == '"' || s[i] == '\\' || s[i] >= utf8.RuneSelf {
			plain = false
			break
		}
	}
	if plain {
		b = append(b, '"')
		b = append(b, s...)
		return append(b, '"')
	}
	q, _ := json.Marshal(s) // a string always marshals
	return append(b, q...)
}
