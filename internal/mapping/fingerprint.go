package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Fingerprint identifies a header row, so that a saved mapping is found again. Case, accents, punctuation
// and spaces at word borders do not count; the order does. It is 32 hexadecimal digits.
func Fingerprint(headers []string) string {
	h := sha256.New()
	for _, s := range headers {
		h.Write([]byte(headerKey(s)))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Similarity is the part of the headers that two header rows share, from 0 to 1, whatever their order (the
// Jaccard index; repeated headers count as often as both rows have them; empty ones do not count).
func Similarity(a, b []string) float64 {
	count := make(map[string]int, len(a))
	all := 0
	for _, h := range a {
		if k := headerKey(h); k != "" {
			count[k]++
			all++
		}
	}
	shared := 0
	for _, h := range b {
		k := headerKey(h)
		if k == "" {
			continue
		}
		if count[k] > 0 {
			count[k]--
			shared++
		} else {
			all++
		}
	}
	if all == 0 {
		return 0
	}
	return float64(shared) / float64(all)
}

// Headers gives the header row of the file that the mapping was made for.
func (m Mapping) Headers() []string {
	out := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		out[i] = c.Header
	}
	return out
}

// headerKey is a header without what people change without meaning it.
func headerKey(h string) string {
	var b strings.Builder
	for i, t := range tokenize(h) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}
