package charset

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// A scan gathers, within the bounds of [Detect], the evidence of one file.
type scan struct {
	r     io.ReaderAt
	size  int64
	start int64
	buf   []byte

	firstHigh  int64
	complete   bool
	validLines int // lines with high bytes that are UTF-8
	badLines   int // lines with high bytes that are not
	valid      int // sequences beyond ASCII in all lines
	strayBytes int // bytes of no sequence
	stray      *evidence
	samples    [][]byte // the first lines of bad UTF-8, and of places apart
}

// maxSamples bounds the lines kept for the alternatives.
const maxSamples = 40

// newScan returns a scan of the file past its first start bytes.
func newScan(r io.ReaderAt, size, start int64) *scan {
	return &scan{r: r, size: size, start: start, buf: make([]byte, chunk), firstHigh: -1, stray: newEvidence()}
}

// run reads the file: all in a row until enough was seen, then probes.
func (s *scan) run() {
	at := s.start
	for at < s.size && at < maxScan {
		b := s.read(at, chunk)
		if len(b) == 0 {
			return
		}
		whole := at+int64(len(b)) >= s.size
		n := len(b)
		if high := ASCIIPrefix(b); high < len(b) {
			if s.firstHigh < 0 {
				s.firstHigh = at + int64(high)
			}
			if i := bytes.LastIndexByte(b, '\n'); !whole && i >= high {
				n = i + 1 // the last line belongs to the next chunk
			} else if !whole {
				n = s.lineBreak(b)
			}
			s.look(b[:n], at)
		} else if s.stray.wantsASCII() {
			s.stray.addASCII(b[:min(len(b), probeSize)])
		}
		at += int64(n)
		if s.firstHigh >= 0 && at-s.firstHigh > fullLook {
			break
		}
	}
	if at >= s.size {
		s.complete = true
		return
	}
	s.probe(at)
}

// lineBreak cuts a chunk without a line end where no UTF-8 sequence is cut.
func (s *scan) lineBreak(b []byte) int {
	n := len(b)
	for n > len(b)-utf8.UTFMax && n > 1 && !utf8.RuneStart(b[n-1]) {
		n--
	}
	if b[n-1] >= 0xC0 && n > 1 {
		n--
	}
	return n
}

// probe looks at places spread evenly from offset from to the end.
func (s *scan) probe(from int64) {
	step := max((s.size-from)/probes, probeSize)
	for at := from; at < s.size; at += step {
		b := s.read(at, probeSize)
		// The ends may be in the midst of a line.
		start := int64(0)
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			b, start = b[i+1:], int64(i+1)
			if j := bytes.LastIndexByte(b, '\n'); j >= 0 {
				b = b[:j+1]
			}
		} else {
			for len(b) > 0 && !utf8.RuneStart(b[0]) && start < utf8.UTFMax {
				b, start = b[1:], start+1
			}
			if len(b) > 0 {
				b = b[:s.lineBreak(b)]
			}
		}
		if high := ASCIIPrefix(b); high < len(b) {
			if s.firstHigh < 0 {
				s.firstHigh = at + start + int64(high)
			}
			s.look(b, at+start)
		}
	}
}

func (s *scan) read(at int64, n int) []byte {
	n, _ = s.r.ReadAt(s.buf[:min(int64(n), s.size-at)], at)
	return s.buf[:n]
}

// look judges the lines of b, which starts at offset at.
func (s *scan) look(b []byte, at int64) {
	if s.strayBytes == 0 && utf8.Valid(b) {
		s.countValid(b)
		return
	}
	limit := s.stray.highSeen + maxSeen/8
	for pos := 0; pos < len(b); {
		end := len(b)
		if i := bytes.IndexByte(b[pos:], '\n'); i >= 0 {
			end = pos + i + 1
		}
		line := b[pos:end]
		valid, stray := validUTF8(line)
		s.valid += valid
		s.strayBytes += stray
		switch {
		case stray > 0:
			s.badLines++
			s.keep(line)
			if s.stray.highSeen < limit {
				s.stray.add(line, at+int64(pos))
			}
		case valid > 0:
			s.validLines++
		case s.stray.wantsASCII():
			s.stray.add(line, at+int64(pos))
		}
		pos = end
	}
}

// countValid counts the lines with high bytes of a piece that is UTF-8 throughout.
func (s *scan) countValid(b []byte) {
	for {
		n := ASCIIPrefix(b)
		if n == len(b) {
			return
		}
		s.validLines++
		s.valid++
		i := bytes.IndexByte(b[n:], '\n')
		if i < 0 {
			return
		}
		b = b[n+i+1:]
	}
}

// keep holds a line as a sample for the alternatives.
func (s *scan) keep(line []byte) {
	if len(s.samples) < maxSamples {
		s.samples = append(s.samples, around120(line))
	}
}

// isUTF8 says that most lines with high bytes are UTF-8. In a file of few lines, or of one, the sequences decide:
// text of another charset hardly ever holds a valid one.
func (s *scan) isUTF8() bool {
	if s.strayBytes == 0 {
		return true
	}
	if s.validLines == s.badLines || s.validLines+s.badLines < 4 {
		return s.valid > 2*s.strayBytes
	}
	return s.validLines > s.badLines
}

// around120 cuts a copy of at most 120 bytes out of the line, the first high byte in its first third.
func around120(line []byte) []byte {
	const width = 120
	line = bytes.TrimRight(line, "\r\n")
	start := max(0, min(ASCIIPrefix(line)-width/3, len(line)-width))
	return bytes.Clone(line[start:min(len(line), start+width)])
}
