package db

import (
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"cadastro/internal/errs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema up to this program's version. On PostgreSQL it holds a session lock meanwhile, so
// that of many nodes one migrates; a SQLite file that has data is copied beside itself first. A base newer
// than this program is refused with code "database.newer".
func (d *DB) Migrate(ctx context.Context) error {
	p, err := d.provider()
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if current > target {
		return errs.New(errs.Conflict, "database.newer", "have", current, "want", target)
	}
	if current == target {
		return nil
	}
	if d.engine == SQLite && current > 0 {
		if err := d.copyBeforeMigration(ctx, current); err != nil {
			return fmt.Errorf("copy before migration: %w", err)
		}
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate from version %d: %w", current, err)
	}
	return nil
}

func (d *DB) provider() (*goose.Provider, error) {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	opts := []goose.ProviderOption{goose.WithVerbose(false)}
	dialect := goose.DialectSQLite3
	if d.engine == Postgres {
		dialect = goose.DialectPostgres
		// Asked every second for five minutes, as long as the default, which asks every five seconds.
		l, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return nil, err
		}
		opts = append(opts, goose.WithSessionLocker(l))
	}
	return goose.NewProvider(dialect, d.write, engineFS{sub, d.engine}, opts...)
}

// copyBeforeMigration writes a consistent copy of the file, so that a failed upgrade can be gone back on.
func (d *DB) copyBeforeMigration(ctx context.Context, version int64) error {
	to := fmt.Sprintf("%s.v%d-%s.bak", d.url, version, time.Now().UTC().Format("20060102T150405"))
	if _, err := d.write.ExecContext(ctx, "VACUUM INTO $1", to); err != nil {
		return err
	}
	return os.Chmod(to, 0o600)
}

// engineFS shows the migrations as one engine is to read them: a comment /*sqlite: … */ or /*postgres: … */
// becomes its content for that engine and stays a comment for the other.
type engineFS struct {
	fs.FS
	engine Engine
}

// Open implements fs.FS.
func (e engineFS) Open(name string) (fs.File, error) {
	f, err := e.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return &textFile{strings.NewReader(engineText(string(text), e.engine)), info}, nil
}

// engineText opens the conditional comments of one engine.
func engineText(text string, e Engine) string {
	open := "/*" + string(e) + ":"
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, open)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		inside, after, _ := strings.Cut(rest, "*/")
		b.WriteString(strings.TrimSpace(inside))
		text = after
	}
}

type textFile struct {
	*strings.Reader
	info fs.FileInfo
}

func (t *textFile) Stat() (fs.FileInfo, error) { return t.info, nil }
func (t *textFile) Close() error               { return nil }
