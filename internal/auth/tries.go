package auth

import (
	"context"
	"net/netip"
	"strconv"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// tryLimit bounds failures: so many are free, then each one doubles the wait, from a second up to most. A quiet time of
// forget clears the count.
type tryLimit struct {
	free   int64
	most   time.Duration
	forget time.Duration
}

// The limits of a sign-in. An account is never closed as such, or anybody could lock out its owner: who fails is an
// account seen from an address ("pair") or an address over all accounts ("ip", with room for an office behind one
// address). An account that is tried from everywhere only leaves each new address a single free try.
//
// The second step is closed per account, since who gets there has the password: six digits cannot be left to many
// addresses with a few tries each.
var (
	pairLimit    = tryLimit{free: 5, most: 15 * time.Minute, forget: time.Hour}
	ipLimit      = tryLimit{free: 30, most: 15 * time.Minute, forget: time.Hour}
	accountLimit = tryLimit{free: 1 << 40, forget: longestMemory}
	secondLimit  = tryLimit{free: 5, most: time.Hour, forget: longestMemory}
	resetLimit   = tryLimit{free: 3, most: time.Hour, forget: longestMemory}
	resetIPLimit = tryLimit{free: 20, most: time.Hour, forget: longestMemory}
	crowdedPair  = tryLimit{free: 1, most: 15 * time.Minute, forget: time.Hour}
)

const (
	crowdedAt     = 50             // failures of an account from where each new address has one free try
	longestMemory = 24 * time.Hour // no limit remembers longer
)

// try is one count that an attempt is charged to. Tries come in the order account, ip, pair: transactions that lock in
// one order do not deadlock.
type try struct {
	kind    string
	subject string
	limit   tryLimit
}

func signInTries(account, ip string) []try {
	net := network(ip)
	return []try{
		{"account", subject("account", account), accountLimit},
		{"ip", subject("ip", net), ipLimit},
		{"pair", subject("pair", account+" "+net), pairLimit},
	}
}

func secondTries(id LoginID) []try {
	return []try{{"second", subject("second", strconv.FormatInt(int64(id), 10)), secondLimit}}
}

func resetTries(account, ip string) []try {
	return []try{{"reset", subject("reset", account), resetLimit}, {"reset_ip", subject("reset_ip", network(ip)), resetIPLimit}}
}

// subject hides what was tried: people type passwords into the field of the address.
func subject(kind, value string) string { return hashOf(kind + " " + value)[:32] }

// network gives what counts as one address: an IPv4 address, or the /64 that an IPv6 customer has all of.
func network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	if addr = addr.Unmap().WithZone(""); addr.Is6() {
		p, _ := addr.Prefix(64)
		return p.String()
	}
	return addr.String()
}

// charge counts an attempt as a failure before it is made, so that many at once are as few as one after another;
// [Service.forgive] takes it back. Error: auth.too_many_tries {seconds}, Busy, which counts nothing.
func (s *Service) charge(ctx context.Context, tries []try) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := s.micros()
		var wait int64
		counts := make([]int64, len(tries))
		for i := range tries {
			t := &tries[i]
			if _, err := tx.Exec(ctx, `INSERT INTO sign_in_try (kind, subject, failures, last_at, blocked_until) VALUES ($1, $2, 0, $3, 0)
				ON CONFLICT (kind, subject) DO NOTHING`, t.kind, t.subject, now); err != nil {
				return err
			}
			var last, until int64
			if err := tx.QueryRow(ctx, `SELECT failures, last_at, blocked_until FROM sign_in_try WHERE kind = $1 AND subject = $2`+tx.ForUpdate(),
				t.kind, t.subject).Scan(&counts[i], &last, &until); err != nil {
				return err
			}
			if t.kind == "pair" && counts[0] >= crowdedAt {
				t.limit = crowdedPair
			}
			if now-last >= t.limit.forget.Microseconds() {
				counts[i] = 0
			}
			wait = max(wait, until-now)
		}
		if wait > 0 {
			return errs.New(errs.Busy, "auth.too_many_tries", "seconds", (wait+999_999)/1_000_000)
		}
		for i, t := range tries {
			if _, err := tx.Exec(ctx, `UPDATE sign_in_try SET failures = $3, last_at = $4, blocked_until = $5 WHERE kind = $1 AND subject = $2`,
				t.kind, t.subject, counts[i]+1, now, now+t.limit.wait(counts[i]+1).Microseconds()); err != nil {
				return err
			}
		}
		return nil
	})
}

// forgive takes back what charge counted for an attempt that was right. The pair starts anew; the address keeps its
// other failures, or an attacker would clear them with an account of his own.
func (s *Service) forgive(ctx context.Context, tx *db.Tx, tries []try) error {
	for _, t := range tries {
		query := `UPDATE sign_in_try SET failures = failures - 1, blocked_until = 0 WHERE kind = $1 AND subject = $2 AND failures > 0`
		if t.kind == "pair" || t.kind == "second" {
			query = `DELETE FROM sign_in_try WHERE kind = $1 AND subject = $2`
		}
		if _, err := tx.Exec(ctx, query, t.kind, t.subject); err != nil {
			return err
		}
	}
	return nil
}

// wait gives how long the next attempt waits after n failures.
func (l tryLimit) wait(n int64) time.Duration {
	if n <= l.free {
		return 0
	}
	return min(time.Second<<min(n-l.free-1, 20), l.most)
}
