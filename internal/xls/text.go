package xls

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
)

// text reads a string with its length in front, of two bytes or of one. BIFF8: characters of 8 or 16 bits, perhaps with
// formatting and phonetic data, which are passed over (MS-XLS 2.5.293); BIFF5: bytes in the workbook's charset.
func (b *Book) text(f *fields, long bool) (string, error) {
	n := 0
	if long {
		v, err := f.u16()
		if err != nil {
			return "", err
		}
		n = v
	} else {
		v, err := f.u8()
		if err != nil {
			return "", err
		}
		n = int(v)
	}
	if b.version == biff5 {
		raw, err := f.next(n)
		if err != nil {
			return "", err
		}
		text, err := b.charset.NewDecoder().Bytes(raw)
		if err != nil {
			return strings.ToValidUTF8(string(raw), "\uFFFD"), nil
		}
		return string(text), nil
	}
	text, err := rich(nil, f, n)
	return string(text), err
}

// rich reads the rest of a BIFF8 string of n characters, whose length has been read.
func rich(dst []byte, f *fields, n int) ([]byte, error) {
	flags, err := f.u8()
	if err != nil {
		if n == 0 {
			return dst, nil // some writers leave the flags out where there is no text
		}
		return dst, err
	}
	runs, extra := 0, 0
	if flags&0x08 != 0 {
		if runs, err = f.u16(); err != nil {
			return dst, err
		}
	}
	if flags&0x04 != 0 {
		if extra, err = f.u32(); err != nil {
			return dst, err
		}
	}
	if dst, err = f.chars(dst, n, flags&1 != 0); err != nil {
		return dst, err
	}
	return dst, f.skip(4*runs + extra)
}

// sst reads the table of shared strings, which nearly always goes on in further records.
func (b *Book) sst(f *fields) error {
	if err := f.skip(4); err != nil {
		return err
	}
	n, err := f.u32()
	if err != nil {
		return err
	}
	var item []byte
	total := int64(0)
	for range n {
		size, err := f.u16()
		if err != nil {
			return err
		}
		if item, err = rich(item[:0], f, size); err != nil {
			return err
		}
		if total += int64(len(item)) + sheet.StringCost; total > b.lim.SharedBytes {
			return errs.New(errs.TooLarge, "sheet.strings_too_large", "limit", b.lim.SharedBytes)
		}
		if err := b.strings.Add(item); err != nil {
			return err
		}
	}
	return nil
}

// charset gives the encoding of a Windows code page number, Windows-1252 for unknown ones.
func charset(page int) encoding.Encoding {
	switch page {
	case 437:
		return charmap.CodePage437
	case 850:
		return charmap.CodePage850
	case 852:
		return charmap.CodePage852
	case 860:
		return charmap.CodePage860
	case 866:
		return charmap.CodePage866
	case 874:
		return charmap.Windows874
	case 932:
		return japanese.ShiftJIS
	case 936:
		return simplifiedchinese.GBK
	case 949:
		return korean.EUCKR
	case 950:
		return traditionalchinese.Big5
	case 1250:
		return charmap.Windows1250
	case 1251:
		return charmap.Windows1251
	case 1253:
		return charmap.Windows1253
	case 1254:
		return charmap.Windows1254
	case 1255:
		return charmap.Windows1255
	case 1256:
		return charmap.Windows1256
	case 1257:
		return charmap.Windows1257
	case 1258:
		return charmap.Windows1258
	case 10000, 32768:
		return charmap.Macintosh
	}
	return charmap.Windows1252
}
