package contact

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The text forms in which set-valued fields are stored, compared and journalled.

// FormatIDs writes ids as "3,17".
func FormatIDs(ids []int64) string {
	if len(ids) == 0 {
		return ""
	}
	b := make([]byte, 0, 8*len(ids))
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, id, 10)
	}
	return string(b)
}

// ParseIDs reads what FormatIDs writes.
func ParseIDs(s string) ([]int64, error) {
	if s == "" {
		return nil, nil
	}
	ids := make([]int64, 0, strings.Count(s, ",")+1)
	for p := range strings.SplitSeq(s, ",") {
		id, err := strconv.ParseInt(p, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("list of ids: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// FormatCustom writes custom values as a JSON object of id and value, "" where there are none.
func FormatCustom(vs []CustomValue) string {
	if len(vs) == 0 {
		return ""
	}
	b := make([]byte, 0, 24*len(vs))
	for i, v := range vs {
		if i == 0 {
			b = append(b, '{', '"')
		} else {
			b = append(b, ',', '"')
		}
		b = strconv.AppendInt(b, v.ID, 10)
		b = append(b, '"', ':')
		b = appendJSONString(b, v.Value)
	}
	return string(append(b, '}'))
}

// ParseCustom reads what FormatCustom writes, and any other JSON object of ids and strings.
func ParseCustom(s string) ([]CustomValue, error) {
	if s == "" {
		return nil, nil
	}
	if vs, ok := parseCustomPlain(s); ok {
		return vs, nil
	}
	var m map[string]string
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		return nil, fmt.Errorf("custom values: %w", err)
	}
	vs := make([]CustomValue, 0, len(m))
	for k, v := range m {
		id, err := strconv.ParseInt(k, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("custom values: %w", err)
		}
		vs = append(vs, CustomValue{id, v})
	}
	slices.SortFunc(vs, func(a, b CustomValue) int { return int(a.ID - b.ID) })
	return vs, nil
}

// parseCustomPlain reads the common case, sorted ids and values without an escape, as slices of s.
func parseCustomPlain(s string) ([]CustomValue, bool) {
	if strings.IndexByte(s, '\\') >= 0 || len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
		return nil, false
	}
	var vs []CustomValue
	for rest := s[1 : len(s)-1]; rest != ""; {
		if len(vs) > 0 {
			if rest[0] != ',' {
				return nil, false
			}
			rest = rest[1:]
		}
		key, after, ok := strings.Cut(strings.TrimPrefix(rest, `"`), `":"`)
		if !ok || rest[0] != '"' {
			return nil, false
		}
		id, err := strconv.ParseInt(key, 10, 64)
		end := strings.IndexByte(after, '"')
		if err != nil || end < 0 || (len(vs) > 0 && vs[len(vs)-1].ID >= id) {
			return nil, false
		}
		vs = append(vs, CustomValue{id, after[:end]})
		rest = after[end+1:]
	}
	return vs, true
}

// FormatChannels writes the channels of one kind as a JSON array of arrays, empty tails left off, so that a
// journal can bring an address back with its consent. "" where there are none.
func FormatChannels(cs []Channel, kind Kind) string {
	var b []byte
	for i := range cs {
		c := &cs[i]
		if c.Kind != kind {
			continue
		}
		if b == nil {
			b = append(b, '[')
		} else {
			b = append(b, ',')
		}
		parts := []string{c.Value, c.Raw, c.Label, c.Basis, c.BasisSource, micros(c.BasisAt), micros(c.OptedOutAt)}
		for len(parts) > 1 && parts[len(parts)-1] == "" {
			parts = parts[:len(parts)-1]
		}
		for j, p := range parts {
			b = append(b, "[,"[min(j, 1)])
			b = appendJSONString(b, p)
		}
		b = append(b, ']')
	}
	if b == nil {
		return ""
	}
	return string(append(b, ']'))
}

// ParseChannels reads what FormatChannels writes.
func ParseChannels(s string, kind Kind) ([]Channel, error) {
	if s == "" {
		return nil, nil
	}
	var rows [][]string
	if err := json.Unmarshal([]byte(s), &rows); err != nil {
		return nil, fmt.Errorf("channels: %w", err)
	}
	out := make([]Channel, len(rows))
	for i, r := range rows {
		var p [7]string
		copy(p[:], r)
		out[i] = Channel{Kind: kind, Value: p[0], Raw: p[1], Label: p[2], Basis: p[3], BasisSource: p[4]}
		out[i].BasisAt, _ = strconv.ParseInt(p[5], 10, 64) // "" is 0
		out[i].OptedOutAt, _ = strconv.ParseInt(p[6], 10, 64)
	}
	return out, nil
}

func micros(t int64) string {
	if t == 0 {
		return ""
	}
	return strconv.FormatInt(t, 10)
}

func appendJSONString(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] == '"' || s[i] == '\\' || s[i] >= utf8.RuneSelf && !utf8.ValidString(s) {
			q, _ := json.Marshal(s) // a string always marshals
			return append(b, q...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
