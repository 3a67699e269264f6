package config

import (
	"math"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/errs"
)

// Size is a number of bytes, written "2GiB", "500 MB" or "1048576".
type Size int64

// sizeUnits: the binary units of IEC 80000-13 and the decimal ones; a bare letter is binary, as people mean it.
func sizeUnit(s string) (int64, bool) {
	switch strings.ToLower(s) {
	case "", "b":
		return 1, true
	case "k", "kib":
		return 1 << 10, true
	case "m", "mib":
		return 1 << 20, true
	case "g", "gib":
		return 1 << 30, true
	case "t", "tib":
		return 1 << 40, true
	case "kb":
		return 1e3, true
	case "mb":
		return 1e6, true
	case "gb":
		return 1e9, true
	case "tb":
		return 1e12, true
	}
	return 0, false
}

// UnmarshalText reads a size; Invalid "config.size" where text is none.
func (s *Size) UnmarshalText(text []byte) error {
	in := strings.TrimSpace(string(text))
	digits := len(in) - len(strings.TrimLeft(in, "0123456789"))
	n, err := strconv.ParseInt(in[:digits], 10, 64)
	unit, known := sizeUnit(strings.TrimSpace(in[digits:]))
	if err != nil || !known || n > math.MaxInt64/unit {
		return errs.New(errs.Invalid, "config.size", "value", in)
	}
	*s = Size(n * unit)
	return nil
}

// MarshalText writes the size with the largest binary unit that divides it.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String writes the size with the largest binary unit that divides it: "2GiB".
func (s Size) String() string {
	n, unit := int64(s), ""
	for _, u := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if n == 0 || n%1024 != 0 {
			break
		}
		n, unit = n/1024, u
	}
	return strconv.FormatInt(n, 10) + unit
}

// Span is a length of time, written as Go writes durations, or in days: "7d", "1h", "90m".
type Span time.Duration

const day = 24 * time.Hour

// UnmarshalText reads a span; Invalid "config.span" where text is none.
func (s *Span) UnmarshalText(text []byte) error {
	in := strings.TrimSpace(string(text))
	if days, ok := strings.CutSuffix(in, "d"); ok {
		n, err := strconv.ParseInt(days, 10, 64)
		if err != nil || n < 0 || n > int64(math.MaxInt64/day) {
			return errs.New(errs.Invalid, "config.span", "value", in)
		}
		*s = Span(time.Duration(n) * day)
		return nil
	}
	d, err := time.ParseDuration(in)
	if err != nil || d < 0 {
		return errs.New(errs.Invalid, "config.span", "value", in)
	}
	*s = Span(d)
	return nil
}

// MarshalText writes the span as [Span.UnmarshalText] reads it.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String writes the span in days where it is whole days, else as Go writes durations, without the units that are zero: "12h".
func (s Span) String() string {
	if d := time.Duration(s); d != 0 && d%day == 0 {
		return strconv.FormatInt(int64(d/day), 10) + "d"
	}
	text := time.Duration(s).String()
	if short, ok := strings.CutSuffix(text, "m0s"); ok {
		text = short + "m"
	}
	if short, ok := strings.CutSuffix(text, "h0m"); ok {
		text = short + "h"
	}
	return text
}

// Duration gives the span as Go's type.
func (s Span) Duration() time.Duration { return time.Duration(s) }
