package main

// random is SplitMix64 (Steele, Lea, Flood 2014): one word of state, and the same numbers for ever, which
// math/rand does not promise.
type random uint64

// stream gives the numbers of one person for one purpose.
func stream(seed uint64, person int, purpose uint64) random {
	r := random(seed*0x9e3779b97f4a7c15 ^ purpose<<56)
	r = random(r.next() ^ uint64(person)*0xd1342543de82ef95)
	r.next()
	return r
}

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below gives a number from 0 to n-1.
func (r *random) below(n int) int { return int(r.next() >> 1 % uint64(n)) }

// chance is true in that fraction of calls.
func (r *random) chance(p float64) bool { return float64(r.next()>>11)/(1<<53) < p }

func (r *random) of(words []string) string { return words[r.below(len(words))] }

// shuffled maps the numbers 0 to modulus-1 onto themselves; the factor shares no divisor with the modulus.
func shuffled(n, seed, factor, modulus uint64) uint64 {
	return (n%modulus*factor + seed%9973*104729 + modulus/3) % modulus
}
