package db

import (
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// busyMillis is how long a connection waits for another process's write lock.
const busyMillis = 30_000

// openSQLite opens the writing and the reading handle of one file. The write-ahead log with synchronous=FULL
// keeps every acknowledged transaction over a power cut; the writer takes its lock at BEGIN, so that two
// writers never meet halfway.
func openSQLite(path string) (write, read *sql.DB, err error) {
	if path, err = filepath.Abs(path); err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, nil, err
	}
	stageModule()
	eachFunction()
	foldFunction()
	if write, err = sql.Open("sqlite", sqliteDSN(path, "immediate", 32768)); err != nil {
		return nil, nil, err
	}
	write.SetMaxOpenConns(1)
	if read, err = sql.Open("sqlite", sqliteDSN(path, "deferred", 8192)); err != nil {
		write.Close()
		return nil, nil, err
	}
	read.SetMaxOpenConns(readers())
	read.SetMaxIdleConns(readers())
	return write, read, nil
}

func sqliteDSN(path, txlock string, cacheKiB int) string {
	v := url.Values{"_txlock": {txlock}}
	for _, p := range []string{
		"busy_timeout(" + strconv.Itoa(busyMillis) + ")",
		"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "temp_store(MEMORY)",
		"cache_size(-" + strconv.Itoa(cacheKiB) + ")", "secure_delete(FAST)",
		"wal_autocheckpoint(4000)",
	} {
		v.Add("_pragma", p)
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: v.Encode()}).String()
}

// sqliteCode gives the primary result code of err, 0 where it is not SQLite's.
func sqliteCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

func sqliteFull(err error) bool {
	c := sqliteCode(err)
	return c == sqlite3.SQLITE_FULL || c == sqlite3.SQLITE_IOERR
}
