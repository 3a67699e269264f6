package auth

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Time-based one-time passwords after RFC 6238 with the values that every authenticator app knows: SHA-1, 6 digits,
// steps of 30 s, a secret of 160 bits (RFC 4226, section 4, R6).
const (
	totpStep   = 30 * time.Second
	totpDigits = 6
	totpWindow = 1 // steps that a clock may be off, either way
	totpSize   = 20
)

var base32Plain = base32.StdEncoding.WithPadding(base32.NoPadding)

// totpCode gives the code of a step: HOTP of RFC 4226, section 5.3.
func totpCode(secret []byte, step uint64, digits int) string {
	mac := hmac.New(sha1.New, secret)
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], step)
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	n := binary.BigEndian.Uint32(sum[at:at+4]) & 0x7fffffff
	mod := uint32(1)
	for range digits {
		mod *= 10
	}
	return fmt.Sprintf("%0*d", digits, n%mod)
}

// matchTOTP gives the step near now whose code this is. It looks at all of them, whichever fits.
func matchTOTP(secret []byte, code string, now time.Time) (step int64, ok bool) {
	middle := now.Unix() / int64(totpStep/time.Second)
	for s := middle - totpWindow; s <= middle+totpWindow; s++ {
		if s >= 0 && subtle.ConstantTimeCompare([]byte(totpCode(secret, uint64(s), totpDigits)), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// totpURI gives what an authenticator app reads as a QR code ("Key Uri Format" of Google Authenticator).
func totpURI(secret []byte, app, account string) string {
	v := url.Values{"secret": {base32Plain.EncodeToString(secret)}, "issuer": {app}, "algorithm": {"SHA1"},
		"digits": {fmt.Sprint(totpDigits)}, "period": {fmt.Sprint(int(totpStep / time.Second))}}
	// Apps read %20, not every one reads +.
	return "otpauth://totp/" + url.PathEscape(app) + ":" + url.PathEscape(account) + "?" + strings.ReplaceAll(v.Encode(), "+", "%20")
}

// plainCode takes out what people put between the digits and letters of a code.
func plainCode(code string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\t' || r == '\u00a0' {
			return -1
		}
		return r
	}, strings.TrimSpace(code)))
}
