package server

import (
	"fmt"
	"testing"
	"time"
)

// TestBuckets: a bucket gives its quota at once, then as much as a minute brings, and says exactly when there is one again.
func TestBuckets(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	b := newBuckets(30, func() time.Time { return now })
	for i := range 30 {
		if left, _, wait := b.take("a"); wait != 0 || left != 29-i {
			t.Fatalf("request %d: %d left, wait %d", i, left, wait)
		}
	}
	left, reset, wait := b.take("a")
	if left != 0 || reset != 60 || wait != 2 {
		t.Fatalf("one too many: %d left, reset %d, wait %d", left, reset, wait)
	}
	if _, _, wait := b.take("b"); wait != 0 {
		t.Error("another key waits")
	}
	now = now.Add(time.Duration(wait)*time.Second - time.Millisecond)
	if _, _, wait := b.take("a"); wait == 0 {
		t.Error("granted before the time that was told")
	}
	now = now.Add(time.Millisecond)
	if _, _, wait := b.take("a"); wait != 0 {
		t.Error("not granted at the time that was told")
	}
}

// TestForget: buckets that are full again are forgotten, those in use are not.
func TestForget(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	b := newBuckets(60, func() time.Time { return now })
	for i := range firstSweep {
		b.take(fmt.Sprint("idle ", i))
	}
	now = now.Add(time.Second)
	for range 60 {
		b.take("busy")
	}
	b.take("one more")
	if n := len(b.all); n != 2 {
		t.Errorf("%d buckets are kept, want 2", n)
	}
	if _, _, wait := b.take("busy"); wait == 0 {
		t.Error("forgotten while it was in use")
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3::4": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "": "", "x": "",
	} {
		if got := network(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
