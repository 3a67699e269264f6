package normalize

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// phoneColumn makes a column as a Brazilian company exports it: four in five Brazilian, in five spellings, then
// Mexican, Argentine and Malaysian numbers.
func phoneColumn(rows int) []string {
	rnd := rand.New(rand.NewPCG(7, 8))
	areas := []int{11, 15, 21, 32, 44, 48, 53, 55, 65, 71, 79, 85, 91, 99}
	out := make([]string, rows)
	for i := range out {
		area, a, b := areas[rnd.IntN(len(areas))], 90000+rnd.IntN(10000), rnd.IntN(10000)
		switch k := rnd.IntN(100); {
		case k < 80:
			out[i] = fmt.Sprintf([]string{"(%02d) %05d-%04d", "%02d%05d%04d", "+55 %02d %05d-%04d", "55%02d%05d%04d", "+55%02d%05d%04d"}[k%5], area, a, b)
		case k < 90:
			out[i] = fmt.Sprintf("+52 81 %04d %04d", 2000+rnd.IntN(7000), b)
		case k < 96:
			out[i] = fmt.Sprintf("+54 9 11 %04d-%04d", 2000+rnd.IntN(4000), b)
		default:
			out[i] = fmt.Sprintf("+60 11%08d", 10000000+rnd.IntN(40000000))
		}
	}
	return out
}

func BenchmarkPhones(b *testing.B) {
	column := phoneColumn(10000)
	for _, c := range []struct {
		name  string
		cells []string
	}{
		{"column", column},
		{"brazil", []string{"(11) 98765-4321", "11987654321", "+55 11 98765-4321", "5511987654321", "+5511987654321"}},
		{"ninth", []string{"(11) 8765-4321"}},
		{"labels", []string{"Cel: (11) 98765-4321"}},
		{"two", []string{"11 98765-4321 / 11 3333-4444"}},
		{"scientific", []string{"5,511987654321E+12"}},
		{"words", []string{"não tem"}},
		{"foreign trunk", []string{"+54 11 15 2268-7340"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			var dst []Phone
			for i := 0; b.Loop(); i++ {
				dst, _ = Phones(dst[:0], c.cells[i%len(c.cells)], "BR", PresetAny)
			}
		})
	}
}

func BenchmarkPhoneKeyNumber(b *testing.B) {
	for b.Loop() {
		PhoneKeyNumber("+551187654321")
	}
}
