package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// secretBytes is the size of every secret that we make: 256 bits, which nobody guesses, so a plain hash of it is
// enough and can be looked up.
const secretBytes = 32

// secretLen is the length of a secret as text: base64 for URLs, unpadded (RFC 4648, section 5).
const secretLen = (secretBytes*8 + 5) / 6

// newSecret gives a secret as text and the hash that is kept of it.
func newSecret() (secret, hash string) {
	var b [secretBytes]byte
	rand.Read(b[:])
	secret = base64.RawURLEncoding.EncodeToString(b[:])
	return secret, hashOf(secret)
}

// hashOf gives SHA-256 in hexadecimal.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
