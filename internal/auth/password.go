package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"cadastro/internal/errs"
	"cadastro/internal/normalize"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Limits of a password: the length of NIST SP 800-63B (at least 8; ours are not the only factor that few have) and a
// bound to what is hashed. There are no rules of composition, after the same source, section 3.1.1.2.
const (
	MinPassword   = 10   // characters
	maxPassword   = 1024 // bytes
	minDifferent  = 5    // different characters
	saltSize      = 16
	passwordBytes = 32
)

// hashCost is what an argon2id hash costs: passes, memory in KiB, lanes (RFC 9106; OWASP's second choice).
type hashCost struct {
	time, memory uint32
	threads      uint8
}

var (
	wantedCost = hashCost{time: 2, memory: 19 << 10, threads: 1}
	// maxCost bounds what a hash in the base can ask for, as a restored base may hold any.
	maxCost = hashCost{time: 16, memory: 256 << 10, threads: 8}
)

// hasher makes and checks password hashes, a few at a time: each takes 19 MiB.
type hasher struct {
	slots chan struct{}
	cost  hashCost
	dummy string // a hash that no password has, for accounts that are not there
}

func newHasher(atOnce int, cost hashCost) *hasher {
	h := &hasher{slots: make(chan struct{}, max(1, atOnce)), cost: cost}
	var salt, sum [passwordBytes]byte
	rand.Read(salt[:saltSize])
	rand.Read(sum[:])
	h.dummy = phc(cost, salt[:saltSize], sum[:])
	return h
}

// hash gives the PHC string of a password. It waits for a free slot; the error is that of ctx.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	sum, err := h.run(ctx, password, salt, h.cost, passwordBytes)
	if err != nil {
		return "", err
	}
	return phc(h.cost, salt, sum), nil
}

// check tells whether a password is the one of encoded, and whether it should be hashed again at today's cost. An
// empty encoded, which no account with a password has, costs as much time as any and is never right.
func (h *hasher) check(ctx context.Context, password, encoded string) (right, stale bool, err error) {
	known := encoded != ""
	if !known {
		encoded = h.dummy
	}
	cost, salt, want, err := parsePHC(encoded)
	if err != nil {
		return false, false, err
	}
	got, err := h.run(ctx, password, salt, cost, uint32(len(want)))
	if err != nil {
		return false, false, err
	}
	right = subtle.ConstantTimeCompare(got, want) == 1 && known
	return right, right && (cost != h.cost || len(want) != passwordBytes || len(salt) != saltSize), nil
}

func (h *hasher) run(ctx context.Context, password string, salt []byte, c hashCost, size uint32) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if len(password) > maxPassword {
		password = password[:maxPassword]
	}
	// One password typed on two keyboards is one password (SP 800-63B, section 3.1.1.2: NFKC).
	return argon2.IDKey(norm.NFKC.Bytes([]byte(password)), salt, c.time, c.memory, c.threads, size), nil
}

// phc writes a hash as the PHC string format says.
func phc(c hashCost, salt, sum []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

// parsePHC reads what phc writes, at any cost up to maxCost.
func parsePHC(s string) (c hashCost, salt, sum []byte, err error) {
	bad := fmt.Errorf("password hash of %d bytes is damaged", len(s))
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, bad
	}
	n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads)
	if err != nil || n != 3 || c.time < 1 || c.threads < 1 || c.memory < 8*uint32(c.threads) ||
		c.time > maxCost.time || c.threads > maxCost.threads || c.memory > maxCost.memory {
		return c, nil, nil, bad
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	sum, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(salt) < 8 || len(salt) > 64 || len(sum) < 16 || len(sum) > 64 {
		return c, nil, nil, bad
	}
	return c, salt, sum, nil
}

// checkPassword tells whether a new password will do. Errors, Invalid: auth.password_short {min}, auth.password_long
// {max}, auth.password_simple.
func checkPassword(password, email string) error {
	if utf8.RuneCountInString(password) < MinPassword {
		return errs.New(errs.Invalid, "auth.password_short", "min", MinPassword)
	}
	if len(password) > maxPassword {
		return errs.New(errs.Invalid, "auth.password_long", "max", maxPassword)
	}
	if isSimple(password, email) {
		return errs.New(errs.Invalid, "auth.password_simple")
	}
	return nil
}

// isSimple finds the passwords that are tried first: few different characters, one run of neighbours (of the alphabet,
// the digits, the keyboard), one word said twice or followed by a run, the own address, our own name.
func isSimple(password, email string) bool {
	folded := normalize.Fold(strings.TrimSpace(password))
	different := map[rune]bool{}
	for _, r := range folded {
		different[r] = true
	}
	if len(different) < minDifferent {
		return true
	}
	rest := folded
	local, _, _ := strings.Cut(normalize.Fold(email), "@")
	for _, word := range []string{normalize.Fold(email), local, "cadastro", "password", "senha", "contrasena", "clave", "admin", "mudar", "trocar", "welcome"} {
		if len(word) > 2 {
			rest = strings.ReplaceAll(rest, word, "")
		}
	}
	return len(withoutRuns(rest)) < minDifferent
}

// withoutRuns takes out what goes on a neighbour's way for three or more characters, or stands still for so long.
func withoutRuns(s string) string {
	const rows = "abcdefghijklmnopqrstuvwxyz 01234567890 qwertyuiop asdfghjkl zxcvbnm"
	follows := func(a, b byte) bool {
		return a == b || strings.Contains(rows, string([]byte{a, b})) || strings.Contains(rows, string([]byte{b, a}))
	}
	var out []byte
	for i := 0; i < len(s); {
		j := i + 1
		for j < len(s) && follows(s[j-1], s[j]) {
			j++
		}
		if j-i < 3 {
			out = append(out, s[i:j]...)
		}
		i = j
	}
	return string(out)
}
