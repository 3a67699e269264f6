package secret

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"cadastro/internal/errs"
)

// FileName is the name of the key file in the data directory.
const FileName = "secret.keys"

const fileHead = "# The keys of the sealed values in the base. Keep a copy apart from the base's: without it they are lost.\n"

// OpenFile reads the keys in the file at path, and makes the file with one new key where there is none. Of
// several programs that start at once all get the same key. Errors, of kind Invalid: secret.key_file {path},
// secret.key_file_open {path} where others than its owner may read the file.
func OpenFile(path string) (*Keyring, error) {
	keys, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, errs.Wrap(err, errs.Invalid, "secret.key_file", "path", path)
		}
		keys, err = readFile(path)
	}
	if err != nil {
		return nil, err
	}
	return newKeyring(keys)
}

// Rotate adds a new key to the file at path, which seals from the next [OpenFile] on. One program rotates at a time.
func Rotate(path string) (*Keyring, error) {
	keys, err := readFile(path)
	if err != nil {
		return nil, err
	}
	keys = append(keys, newKey())
	if err := replace(path, keys); err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "secret.key_file", "path", path)
	}
	return newKeyring(keys)
}

// DropOld leaves only the current key in the file at path. Values that were not resealed before do not open any more.
func DropOld(path string) error {
	keys, err := readFile(path)
	if err != nil {
		return err
	}
	if err := replace(path, keys[len(keys)-1:]); err != nil {
		return errs.Wrap(err, errs.Invalid, "secret.key_file", "path", path)
	}
	return nil
}

func newKey() key {
	var k key
	rand.Read(k.id[:])
	rand.Read(k.bytes[:])
	return k
}

// readFile reads a key file; where there is none the error is fs.ErrNotExist.
func readFile(path string) ([]key, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "secret.key_file", "path", path)
	}
	// Windows has no such bits: there the folder's rights are all there is.
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, errs.New(errs.Invalid, "secret.key_file_open", "path", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "secret.key_file", "path", path)
	}
	keys, err := parse(text)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "secret.key_file", "path", path)
	}
	return keys, nil
}

// parse reads lines of "id key": 8 hexadecimal digits, 32 bytes in base64. Empty lines and lines behind # are passed over.
func parse(text []byte) ([]key, error) {
	var keys []key
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		id, value, _ := strings.Cut(line, " ")
		rawID, err1 := hex.DecodeString(id)
		rawKey, err2 := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
		if err1 != nil || err2 != nil || len(rawID) != idSize || len(rawKey) != keySize {
			return nil, fmt.Errorf("line %d is no key", n) // without its text, which may be most of one
		}
		keys = append(keys, key{[idSize]byte(rawID), [keySize]byte(rawKey)})
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return nil, errors.New("no key")
	}
	return keys, nil
}

func format(keys []key) []byte {
	b := []byte(fileHead)
	for i := range keys {
		b = append(b, hex.EncodeToString(keys[i].id[:])+" "+base64.StdEncoding.EncodeToString(keys[i].bytes[:])+"\n"...)
	}
	return b
}

// create makes the file with one key, whole or not at all. A file that another program made meanwhile stays.
func create(path string) error {
	tmp, err := writeBeside(path, []key{newKey()})
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	if err := os.Link(tmp, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func replace(path string, keys []key) error {
	tmp, err := writeBeside(path, keys)
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		os.Remove(tmp)
		return err
	}
	return nil
}

// writeBeside writes a key file that only its owner may read next to path and gives its name.
func writeBeside(path string, keys []key) (name string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = f.Write(format(keys))
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}
