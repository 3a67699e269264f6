package server

import (
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/server/request"

	"golang.org/x/time/rate"
)

// limits bounds how often programs ask, each node for itself. Who has a good credential is counted by it, everybody else by address,
// so that one who guesses tokens slows nobody else behind the same address.
type limits struct {
	known   *buckets
	unknown *buckets
}

func newLimits(c config.Limit, now func() time.Time) limits {
	return limits{known: newBuckets(c.API, now), unknown: newBuckets(c.Address, now)}
}

// take counts a request, and gives how many seconds to wait where it is one too many. The headers tell what is left, as
// draft-ietf-httpapi-ratelimit-headers-10 has them.
func (l *limits) take(w http.ResponseWriter, r *http.Request, who caller) int {
	b, key := l.of(r, who)
	left, reset, wait := b.take(key)
	h := w.Header()
	h.Set("RateLimit-Policy", fmt.Sprintf(`"default";q=%d;w=60`, b.quota))
	h.Set("RateLimit", fmt.Sprintf(`"default";r=%d;t=%d`, left, reset))
	if wait > 0 {
		h.Set("Retry-After", strconv.Itoa(wait))
	}
	return wait
}

func (l *limits) of(r *http.Request, who caller) (*buckets, string) {
	switch {
	case who.token:
		return l.known, "t" + strconv.FormatInt(int64(who.actor.Token), 10)
	case who.ok && who.actor.Kind == auth.Person:
		return l.known, "p" + strconv.FormatInt(int64(who.actor.Login), 10)
	}
	return l.unknown, network(request.Of(r.Context()).IP)
}

// network gives what counts as one address: an IPv4 address, or the /64 that an IPv6 customer has all of.
func network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	if a = a.Unmap().WithZone(""); a.Is6() {
		p, _ := a.Prefix(64)
		return p.String()
	}
	return a.String()
}

// buckets is one token bucket for each key. Those that are full are as good as none and are forgotten.
type buckets struct {
	quota int // requests a minute, and at once
	now   func() time.Time

	mu    sync.Mutex
	all   map[string]*rate.Limiter
	sweep int // number of buckets at which full ones are looked for
}

const firstSweep = 1024

func newBuckets(quota int, now func() time.Time) *buckets {
	return &buckets{quota: quota, now: now, all: map[string]*rate.Limiter{}, sweep: firstSweep}
}

// take takes one request from a bucket. left is how many more there are now, reset how many seconds until the bucket is full,
// wait how many until there is one again, 0 where this one was granted.
func (b *buckets) take(key string) (left, reset, wait int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	l := b.all[key]
	if l == nil {
		b.forget(now)
		l = rate.NewLimiter(rate.Limit(float64(b.quota)/60), b.quota)
		b.all[key] = l
	}
	granted := l.AllowN(now, 1)
	has := l.TokensAt(now)
	seconds := func(tokens float64) int { return int(math.Ceil(tokens / float64(l.Limit()))) }
	if !granted {
		wait = max(1, seconds(1-has))
	}
	return max(0, int(has)), max(0, seconds(float64(b.quota)-has)), wait
}

// forget drops the full buckets once there are many, and looks again when there are twice as many as were left.
func (b *buckets) forget(now time.Time) {
	if len(b.all) < b.sweep {
		return
	}
	for key, l := range b.all {
		if l.TokensAt(now) >= float64(b.quota) {
			delete(b.all, key)
		}
	}
	b.sweep = max(firstSweep, 2*len(b.all))
}
