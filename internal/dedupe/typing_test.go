package dedupe

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// register makes people as a register of residents has them (name, address, birth date, national id; no phone and no mail) and
// badly copied doubles of some of them: up to two slips in a field, fields missing, first name and surname changed
// over, moved. It is the kind of data that research on record linkage is tested with.
type register struct {
	*rand.Rand
	people []Person
	truth  map[int64]int // which person a record is of
}

var (
	registerFirst = strings.Fields(`jack emily joshua sophie lachlan olivia thomas chloe benjamin jessica samuel isabella william georgia daniel hannah james charlotte
		matthew ella ethan lauren nicholas sarah liam grace ryan emma jacob mia luke zoe alexander amelia harrison ruby cooper lucy bailey caitlin connor maddison
		jordan abbey kyle alana blake holly riley jasmine dylan imogen mitchell erin oliver brianna harry tahlia noah bethany max paige angus tara`)
	registerHead = strings.Fields("clar web mor har don pet ro hen mat will ander john thomp rich ed mc al bar bell camp cole dun fish fos gard hamp hol hughe jef ken lang mar nor park rey sand strat tay wal wat")
	registerTail = strings.Fields("ke ster ris per nelly ers binson derson thews iams son ston kins ards wards donald len low ton field man bury ley worth ford dale wick mont shaw lock")
	registerRoad = strings.Fields("street place crescent circuit avenue close drive court")
)

func (r *register) pick(list []string) string { return list[r.IntN(len(list))] }

func (r *register) maker(n int) {
	for i := range n {
		p := Person{
			Name: r.pick(registerFirst) + " " + r.pick(registerHead) + r.pick(registerTail), Number: strconv.Itoa(1 + r.IntN(200)),
			Street: r.pick(registerHead) + r.pick(registerTail) + " " + r.pick(registerRoad), City: r.pick(registerHead) + r.pick(registerTail), State: r.pick([]string{"nsw", "vic", "qld", "wa", "sa", "act"}),
			Postal: strconv.Itoa(2000 + r.IntN(6000)), Birth: fmt.Sprintf("%d-%02d-%02d", 1910+r.IntN(90), 1+r.IntN(12), 1+r.IntN(28)),
			Numbers: []Number{{1, strconv.Itoa(1_000_000 + r.IntN(9_000_000))}},
		}
		r.blank(&p, 0.04)
		r.put(p, i)
	}
}

func (r *register) put(p Person, who int) {
	p.ID = int64(len(r.people) + 1)
	p.Numbers = slices.Clone(p.Numbers)
	r.truth[p.ID] = who
	r.people = append(r.people, p)
}

// blank forgets fields.
func (r *register) blank(p *Person, share float64) {
	for _, s := range []*string{&p.Street, &p.Number, &p.City, &p.State, &p.Postal, &p.Birth} {
		if r.Float64() < share {
			*s = ""
		}
	}
	if r.Float64() < share {
		p.Numbers = nil
	}
	if first, last, _ := strings.Cut(p.Name, " "); r.Float64() < share {
		p.Name = r.pick([]string{first, last})
	}
}

// slip makes one typing error in a text, of digits in one of digits.
func (r *register) slip(s string) string {
	if len(s) < 2 {
		return s
	}
	letter := func() string {
		if s[0] >= '0' && s[0] <= '9' {
			return string(rune('0' + r.IntN(10)))
		}
		return string(rune('a' + r.IntN(26)))
	}
	i := r.IntN(len(s) - 1)
	if s[0] >= '0' && s[0] <= '9' && r.IntN(2) == 0 {
		return s[:i] + letter() + s[i+1:]
	}
	switch r.IntN(4) {
	case 0:
		return s[:i] + s[i+1:]
	case 1:
		return s[:i] + s[i+1:i+2] + s[i:i+1] + s[i+2:]
	case 2:
		return s[:i] + letter() + s[i:]
	}
	return s[:i] + letter() + s[i+1:]
}

// double adds a badly copied double of a record: errors fields are touched.
func (r *register) double(of int64, errors int) {
	p := r.people[of-1]
	p.Numbers = slices.Clone(p.Numbers)
	for range errors {
		switch r.IntN(9) {
		case 0:
			first, last, _ := strings.Cut(p.Name, " ")
			p.Name = strings.TrimSpace(r.slip(first) + " " + last)
		case 1:
			first, last, _ := strings.Cut(p.Name, " ")
			p.Name = strings.TrimSpace(first + " " + r.slip(last))
		case 2:
			first, last, _ := strings.Cut(p.Name, " ")
			p.Name = strings.TrimSpace(last + " " + first)
		case 3:
			p.Street = r.slip(p.Street)
		case 4:
			p.City = r.slip(p.City)
		case 5:
			p.Postal = r.slip(p.Postal)
		case 6:
			if len(p.Birth) == 10 {
				day := r.slip(strings.ReplaceAll(p.Birth, "-", ""))
				if p.Birth = ""; len(day) == 8 && day[4:6] <= "12" && day[6:] <= "28" {
					p.Birth = day[:4] + "-" + day[4:6] + "-" + day[6:]
				}
			}
		case 7:
			if len(p.Numbers) > 0 {
				p.Numbers[0].Text = r.slip(p.Numbers[0].Text)
			}
		case 8:
			r.blank(&p, 0.2)
		}
	}
	r.put(p, r.truth[of])
}

// TestRegister: records of names, addresses, dates and numbers with typing errors find one another, and those of two people do not.
func TestRegister(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		people, doubled  int
		doubles, errors  int // at most
		precision, found float64
	}{
		{"one double, few errors", 2000, 2000, 1, 3, 0.99, 0.97},
		{"several doubles, many errors", 2000, 600, 5, 8, 0.99, 0.84},
	} {
		r := &register{Rand: rand.New(rand.NewPCG(7, 1)), truth: map[int64]int{}}
		r.maker(c.people)
		for i := range c.doubled {
			for range 1 + r.IntN(c.doubles) {
				r.double(int64(i+1), 1+r.IntN(c.errors))
			}
		}
		pairs, err := Find(context.Background(), r.people, Options{})
		if err != nil {
			t.Fatal(err)
		}
		size := map[int]int{}
		for _, who := range r.truth {
			size[who]++
		}
		all, right, certain, wrong := 0, 0, 0, 0
		for _, n := range size {
			all += n * (n - 1) / 2
		}
		had := map[[2]int64]bool{}
		for _, p := range pairs {
			had[[2]int64{p.A, p.B}] = true
			same := r.truth[p.A] == r.truth[p.B]
			if same {
				right++
			}
			if p.Certainty == Certain {
				if certain++; !same {
					wrong++
					t.Errorf("certain, and two people: %+v\n%+v\n%+v", p, r.people[p.A-1], r.people[p.B-1])
				}
			}
		}
		precision, recall := float64(right)/float64(len(pairs)), float64(right)/float64(all)
		t.Logf("%s: %d records, precision %.4f, recall %.4f; %d certain, %d of them wrong", c.name, len(r.people), precision, recall, certain, wrong)
		if precision < c.precision || recall < c.found {
			t.Errorf("%s: precision %.4f, recall %.4f; want %.2f, %.2f", c.name, precision, recall, c.precision, c.found)
		}
		shown := 0
		for i, a := range r.people {
			for _, b := range r.people[i+1:] {
				if r.truth[a.ID] == r.truth[b.ID] && !had[[2]int64{a.ID, b.ID}] && shown < 14 {
					shown++
					t.Logf("missed\n%+v\n%+v", a, b)
				}
			}
		}
	}
}
