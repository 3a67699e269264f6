package charset

import (
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// The canonical names of the product's charsets.
const (
	UTF8        = "utf-8"
	UTF16LE     = "utf-16le"
	UTF16BE     = "utf-16be"
	Windows1252 = "windows-1252"
	ISO88591    = "iso-8859-1"
	ISO885915   = "iso-8859-15"
	CP850       = "cp850"
	CP437       = "cp437"
	MacRoman    = "macroman"
)

// Names lists the charsets that faces offer, the likeliest first.
func Names() []string {
	return []string{UTF8, Windows1252, ISO88591, ISO885915, UTF16LE, UTF16BE, CP850, CP437, MacRoman}
}

// Label names a charset for people, e.g. "Windows-1252 (ANSI)"; it is the same in every language. A charset
// beyond [Names] is labelled by its canonical name in capitals.
func Label(name string) string {
	switch name {
	case UTF8:
		return "UTF-8"
	case UTF16LE:
		return "UTF-16 LE (Unicode)"
	case UTF16BE:
		return "UTF-16 BE (Unicode big endian)"
	case Windows1252:
		return "Windows-1252 (ANSI)"
	case ISO88591:
		return "ISO-8859-1 (Latin-1)"
	case ISO885915:
		return "ISO-8859-15 (Latin-9)"
	case CP850:
		return "CP850 (DOS)"
	case CP437:
		return "CP437 (DOS US)"
	case MacRoman:
		return "Mac Roman (Mac OS)"
	}
	return strings.ToUpper(name)
}

// Lookup gives the canonical name of a charset called by any of its usual names ("latin1", "ANSI", "cp1252",
// "Mac", "IBM850"), whatever the case, spaces and hyphens. Beyond [Names] it knows what the WHATWG Encoding
// Standard and the IANA registry name and x/text can decode. ok is false for an unknown charset.
func Lookup(name string) (canonical string, ok bool) {
	key := squeeze(name)
	if c := alias(key); c != "" {
		return c, true
	}
	if c := extra(key); c != "" {
		return c, true
	}
	trimmed := strings.ToLower(strings.TrimSpace(name))
	if e, err := htmlindex.Get(trimmed); err == nil {
		if c, err := htmlindex.Name(e); err == nil && c != "replacement" && c != "x-user-defined" {
			if own := alias(squeeze(c)); own != "" {
				c = own
			}
			return c, true
		}
	}
	if e, err := ianaindex.IANA.Encoding(trimmed); err == nil && e != nil {
		if c, err := ianaindex.IANA.Name(e); err == nil {
			return strings.ToLower(c), true
		}
	}
	return "", false
}

// squeeze keeps the lower-case letters and digits of a charset's name: "Windows-1252" becomes "windows1252".
func squeeze(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
}

// alias knows the spellings of the product's charsets. What the Encoding Standard reads as windows-1252
// ("ascii", "us-ascii") is UTF-8 here, since pure ASCII is; "latin1" keeps its own name.
func alias(key string) string {
	switch key {
	case "utf8", "utf8bom", "utf8sig", "unicode11utf8", "ascii", "usascii", "ansix341968", "cp65001", "65001", "unicodeutf8":
		return UTF8
	case "utf16le", "utf16", "unicode", "ucs2", "ucs2le", "cp1200", "1200", "unicodelittleendian", "iso10646ucs2":
		return UTF16LE
	case "utf16be", "ucs2be", "cp1201", "1201", "unicodebigendian", "unicodefffe":
		return UTF16BE
	case "windows1252", "cp1252", "1252", "ansi", "windows", "win1252", "win", "msansi", "xcp1252", "westerneuropean", "windowslatin1":
		return Windows1252
	case "iso88591", "latin1", "l1", "8859", "88591", "iso885911987", "cp819", "ibm819", "isoir100", "28591", "csisolatin1":
		return ISO88591
	case "iso885915", "latin9", "l9", "885915", "latin0", "28605", "cp923", "ibm923", "csisolatin9":
		return ISO885915
	case "cp850", "ibm850", "850", "dos850", "oem850", "dos", "oem", "pc850", "msdos", "pcmultilingual850", "cspc850multilingual":
		return CP850
	case "cp437", "ibm437", "437", "dos437", "oem437", "dosus", "pc437", "pc8", "cspc8codepage437":
		return CP437
	case "macroman", "mac", "macintosh", "xmacroman", "macosroman", "macos", "apple", "csmacintosh", "10000":
		return MacRoman
	}
	return ""
}

// extra knows charsets beyond the product's that neither index names well.
func extra(key string) string {
	switch key {
	case "cp852", "ibm852", "852":
		return "cp852"
	case "cp855", "ibm855", "855":
		return "cp855"
	case "cp858", "ibm858", "858", "ibm00858", "pc850multilingualeuro":
		return "cp858"
	case "cp860", "ibm860", "860":
		return "cp860"
	case "cp862", "ibm862", "862":
		return "cp862"
	case "cp863", "ibm863", "863":
		return "cp863"
	case "cp865", "ibm865", "865":
		return "cp865"
	case "cp866", "ibm866", "866":
		return "ibm866"
	case "utf32le", "utf32", "ucs4", "ucs4le":
		return "utf-32le"
	case "utf32be", "ucs4be":
		return "utf-32be"
	}
	if n, ok := strings.CutPrefix(key, "cp125"); ok && len(n) == 1 {
		return "windows-125" + n
	}
	return ""
}

// encodingOf gives the x/text encoding of a canonical name, nil for an unknown one. UTF-8 is encoding.Nop.
func encodingOf(name string) encoding.Encoding {
	if c := single(name); c != nil {
		return c
	}
	switch name {
	case UTF8:
		return encoding.Nop
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case "utf-32le":
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)
	case "utf-32be":
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)
	}
	if e, err := htmlindex.Get(name); err == nil {
		return e
	}
	if e, err := ianaindex.IANA.Encoding(name); err == nil {
		return e
	}
	return nil
}

// single gives the table of a single-byte charset by its canonical name, nil for any other charset.
func single(name string) *charmap.Charmap {
	switch name {
	case Windows1252:
		return charmap.Windows1252
	case ISO88591:
		return charmap.ISO8859_1
	case ISO885915:
		return charmap.ISO8859_15
	case CP850:
		return charmap.CodePage850
	case CP437:
		return charmap.CodePage437
	case MacRoman:
		return charmap.Macintosh
	case "cp852":
		return charmap.CodePage852
	case "cp855":
		return charmap.CodePage855
	case "cp858":
		return charmap.CodePage858
	case "cp860":
		return charmap.CodePage860
	case "cp862":
		return charmap.CodePage862
	case "cp863":
		return charmap.CodePage863
	case "cp865":
		return charmap.CodePage865
	case UTF8, UTF16LE, UTF16BE:
		return nil
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		if e, err = ianaindex.IANA.Encoding(name); err != nil {
			return nil
		}
	}
	c, _ := e.(*charmap.Charmap)
	if c != nil && !asciiCompatible(c) {
		return nil
	}
	return c
}

// asciiCompatible tells EBCDIC from the rest.
func asciiCompatible(c *charmap.Charmap) bool {
	return !slices.ContainsFunc([]byte("\n\",;A"), func(b byte) bool { return c.DecodeByte(b) != rune(b) })
}

// ASCIICompatible tells whether, in the named charset, every byte below 0x80 stands for its ASCII character and
// for nothing else, so that a file can be cut into records and cells before it is decoded: UTF-8 and all the
// single-byte charsets, but neither UTF-16 nor Shift JIS.
func ASCIICompatible(name string) bool {
	return name == UTF8 || single(name) != nil
}
