package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The header names and the form of signatures are those of the Standard Webhooks specification, so that its libraries
// in a dozen languages verify ours: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
const (
	headerID        = "Webhook-Id"
	headerTimestamp = "Webhook-Timestamp"
	headerSignature = "Webhook-Signature"
	secretPrefix    = "whsec_"
)

// Tolerance is how far a receiver should let the timestamp be from its clock, in both directions.
const Tolerance = 5 * time.Minute

// newSecret gives a key of 32 random bytes; the specification wants 24 to 64.
func newSecret() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails, by its documentation
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// sign gives the signature of one body by one secret: "v1," and the base64 of HMAC-SHA256 over "id.timestamp.body".
func sign(secret, id string, at time.Time, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil || len(key) < 24 {
		return "", errors.New("webhook: secret cannot be read")
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// Sign sets the headers that let a receiver know a body for ours, with one signature for each secret that is live.
func Sign(h http.Header, secrets []string, id string, at time.Time, body []byte) error {
	signatures := make([]string, len(secrets))
	for i, s := range secrets {
		var err error
		if signatures[i], err = sign(s, id, at, body); err != nil {
			return err
		}
	}
	h.Set(headerID, id)
	h.Set(headerTimestamp, strconv.FormatInt(at.Unix(), 10))
	h.Set(headerSignature, strings.Join(signatures, " "))
	return nil
}

// Verify tells whether the headers sign body by any of the secrets, at a time within [Tolerance] of now. It is what a
// receiver does, for peers that are this program too.
func Verify(h http.Header, secrets []string, now time.Time, body []byte) bool {
	seconds, err := strconv.ParseInt(h.Get(headerTimestamp), 10, 64)
	if err != nil {
		return false
	}
	at := time.Unix(seconds, 0)
	if d := now.Sub(at); d > Tolerance || d < -Tolerance {
		return false
	}
	for _, s := range secrets {
		want, err := sign(s, h.Get(headerID), at, body)
		if err != nil {
			continue
		}
		for _, got := range strings.Fields(h.Get(headerSignature)) {
			if hmac.Equal([]byte(got), []byte(want)) {
				return true
			}
		}
	}
	return false
}
