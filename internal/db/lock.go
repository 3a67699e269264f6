package db

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
)

// TryLock takes the named lock for this process if nobody has it. The lock dies with its holder, however that
// ends, so the next process can go on at once: a locked file beside a SQLite base, an advisory lock of a
// session of its own on PostgreSQL. ok is false where another holder has it.
func (d *DB) TryLock(ctx context.Context, name string) (release func(), ok bool, err error) {
	if d.engine == SQLite {
		return lockFile(d.url + "-" + name + ".lock")
	}
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("lock %s: %w", name, err)
	}
	h := fnv.New32a()
	h.Write([]byte("cadastro:" + name))
	key := int32(h.Sum32())
	// Advisory locks are the database's; two bases in two schemas of it are none of each other's business.
	if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock(hashtext(current_schema()), $1)", key).Scan(&ok); err != nil || !ok {
		conn.Close()
		return nil, false, err
	}
	return func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(hashtext(current_schema()), $1)", key)
		conn.Close()
	}, true, nil
}

func lockFile(path string) (release func(), ok bool, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, err
	}
	if ok, err = flock(f); err != nil || !ok {
		f.Close()
		return nil, false, err
	}
	// The file stays: removing it would let two holders lock two files of one name.
	return func() {
		unlock(f)
		f.Close()
	}, true, nil
}
