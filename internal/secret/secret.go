// Package secret seals the few values that must be kept and must not be read in a copy of the base: second
// factors, passwords of other services, keys of webhooks.
//
// # The envelope
//
// A sealed value is a version byte, the id of its key (4 bytes), a random nonce (12 bytes), and the text under
// AES-256-GCM with its tag (NIST SP 800-38D). Where it belongs ([Place]) is authenticated with it, so that a sealed
// value copied into another row, column or workspace does not open.
//
// # The keys
//
// Keys live in a file of their own beside the data ([OpenFile]), never in the base. The last key seals, all keys
// open: [Rotate] adds a key, [Keyring.Reseal] brings old values under it, then the old key can be dropped.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"cadastro/internal/errs"
)

const (
	version   = 1
	keySize   = 32
	idSize    = 4
	overhead  = 1 + idSize + 12 + 16
	aadPrefix = "cadastro sealed value"
)

// Place says where a sealed value belongs. Workspace is 0 for what belongs to none, Field is "table.column".
type Place struct {
	Workspace int64
	Field     string
	Row       int64
}

// Keyring holds the keys. It is safe for concurrent use.
type Keyring struct {
	keys    map[[idSize]byte]cipher.AEAD
	current [idSize]byte
}

// key is one line of the key file.
type key struct {
	id    [idSize]byte
	bytes [keySize]byte
}

func newKeyring(keys []key) (*Keyring, error) {
	k := &Keyring{keys: make(map[[idSize]byte]cipher.AEAD, len(keys))}
	for i := range keys {
		block, err := aes.NewCipher(keys[i].bytes[:])
		if err != nil {
			return nil, err
		}
		gcm, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, err
		}
		if _, twice := k.keys[keys[i].id]; twice {
			return nil, fmt.Errorf("key %x stands twice", keys[i].id)
		}
		k.keys[keys[i].id] = gcm
		k.current = keys[i].id
	}
	return k, nil
}

// KeyID gives the id of the key that seals, 8 hexadecimal digits.
func (k *Keyring) KeyID() string { return hex.EncodeToString(k.current[:]) }

// Seal gives plain sealed for its place, 33 bytes longer.
func (k *Keyring) Seal(at Place, plain []byte) []byte {
	out := make([]byte, 0, len(plain)+overhead)
	out = append(out, version)
	out = append(out, k.current[:]...)
	return k.keys[k.current].Seal(out, nil, plain, additional(at, k.current))
}

// Open gives the text of a sealed value. Errors, of kind Internal: secret.key_missing {key}, secret.damaged (which a
// value of another place is too).
func (k *Keyring) Open(at Place, sealed []byte) ([]byte, error) {
	if len(sealed) < overhead || sealed[0] != version {
		return nil, errs.New(errs.Internal, "secret.damaged")
	}
	id := [idSize]byte(sealed[1 : 1+idSize])
	gcm, ok := k.keys[id]
	if !ok {
		return nil, errs.New(errs.Internal, "secret.key_missing", "key", hex.EncodeToString(id[:]))
	}
	plain, err := gcm.Open(nil, nil, sealed[1+idSize:], additional(at, id))
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "secret.damaged")
	}
	return plain, nil
}

// Reseal brings a sealed value under the current key. changed is false where it was sealed by that key already.
func (k *Keyring) Reseal(at Place, sealed []byte) (out []byte, changed bool, err error) {
	if len(sealed) >= overhead && [idSize]byte(sealed[1:1+idSize]) == k.current {
		return sealed, false, nil
	}
	plain, err := k.Open(at, sealed)
	if err != nil {
		return nil, false, err
	}
	return k.Seal(at, plain), true, nil
}

// additional is what is authenticated with a value and not kept in it. The field comes last, so no two places are one.
func additional(at Place, id [idSize]byte) []byte {
	b := make([]byte, 0, len(aadPrefix)+1+idSize+16+len(at.Field))
	b = append(b, aadPrefix...)
	b = append(b, version)
	b = append(b, id[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(at.Workspace))
	b = binary.BigEndian.AppendUint64(b, uint64(at.Row))
	return append(b, at.Field...)
}
