package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that makes the schemas

	"cadastro/internal/app"
	"cadastro/internal/config"
	"cadastro/internal/importer"
)

const postgresEnv = "CADASTRO_TEST_POSTGRES"

// chaos is one run of the command.
type chaos struct {
	rows, kills int
	seed        uint64
	binary      string
	dir, file   string
	log         io.Writer
}

// base is one base under test.
type base struct {
	data, url string
}

// picture is all that two runs must agree on.
type picture struct {
	contacts, result string
	counts           importer.Counts
	state            importer.State
}

func (c *chaos) engine(ctx context.Context, engine string) error {
	calm, err := c.newBase(engine, "calm")
	if err != nil {
		return err
	}
	began := time.Now()
	if err := c.whole(ctx, calm, "import", c.file, "--yes"); err != nil {
		return err
	}
	took := time.Since(began)
	want, err := c.look(ctx, calm)
	if err != nil {
		return err
	}
	wild, err := c.newBase(engine, "wild")
	if err != nil {
		return err
	}
	kills, err := c.disturb(ctx, wild, took, importer.Done)
	if err != nil {
		return err
	}
	got, err := c.look(ctx, wild)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.log, "%s: %d rows in %.1f s undisturbed; %d kills; %+v\n", engine, c.rows, took.Seconds(), kills, got.counts)
	if got != want {
		return fmt.Errorf("after %d kills %+v, want %+v", kills, got, want)
	}
	if kills < c.kills {
		return fmt.Errorf("the import was done after %d kills of %d: take more rows", kills, c.kills)
	}
	if err := c.whole(ctx, calm, "undo", "1", "--yes"); err != nil {
		return err
	}
	if want, err = c.look(ctx, calm); err != nil {
		return err
	}
	kills, err = c.disturb(ctx, wild, took/2, importer.Undone)
	if err != nil {
		return err
	}
	if got, err = c.look(ctx, wild); err != nil {
		return err
	}
	fmt.Fprintf(c.log, "%s: undone, %d kills\n", engine, kills)
	if got.contacts != want.contacts || got.state != want.state {
		return fmt.Errorf("undo after %d kills %+v, want %+v", kills, got, want)
	}
	return nil
}

// disturb starts the program and kills it, until the last import is in the wanted state. Once there were kills enough
// the moments come later and later, so that it comes to an end.
func (c *chaos) disturb(ctx context.Context, b base, whole time.Duration, until importer.State) (kills int, err error) {
	rnd := rand.New(rand.NewPCG(c.seed, uint64(len(until))))
	longest := whole / 10
	for {
		imp, err := c.last(ctx, b)
		if err != nil {
			return kills, err
		}
		if imp != nil && imp.State == until {
			return kills, nil
		}
		if kills >= c.kills {
			longest += longest / 4
		}
		wait := time.Duration(rnd.Int64N(int64(max(longest, 50*time.Millisecond))))
		killed, err := c.kill(ctx, b, wait, c.next(imp, until)...)
		if err != nil {
			return kills, err
		}
		if killed {
			kills++
		}
		if kills > 100*c.kills+1000 {
			return kills, fmt.Errorf("no end after %d kills", kills)
		}
	}
}

// next gives the command that a person would type now.
func (c *chaos) next(imp *importer.Import, until importer.State) []string {
	switch {
	case until == importer.Undone && imp.State == importer.Done:
		return []string{"undo", fmt.Sprint(imp.ID), "--yes"}
	case imp != nil && (imp.State == importer.Importing || imp.State == importer.Undoing):
		return []string{"imports", "resume"}
	}
	return []string{"import", c.file, "--yes"} // killed before anything was written
}

// kill runs a command and kills it after wait; killed is false where it ended before.
func (c *chaos) kill(ctx context.Context, b base, wait time.Duration, args ...string) (killed bool, err error) {
	cmd := c.command(ctx, b, args...)
	if err := cmd.Start(); err != nil {
		return false, err
	}
	timer := time.AfterFunc(wait, func() { _ = cmd.Process.Kill() }) // it may have ended already
	err = cmd.Wait()
	timer.Stop()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && !exit.Exited() {
		return true, nil
	}
	return false, fine(err)
}

func (c *chaos) whole(ctx context.Context, b base, args ...string) error {
	out, err := c.command(ctx, b, args...).CombinedOutput()
	if err := fine(err); err != nil {
		return fmt.Errorf("%v: %w\n%s", args, err, out)
	}
	return nil
}

func (c *chaos) command(ctx context.Context, b base, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.binary, append(args, "--data", b.data, "--database", b.url, "--import-tag", "none")...)
	if args[0] != "import" {
		cmd.Args = cmd.Args[:len(cmd.Args)-2]
	}
	cmd.Env = append(os.Environ(), "CADASTRO_LOG_LEVEL=error")
	return cmd
}

// fine takes an end with row errors (exit code 8) for success.
func fine(err error) error {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 8 {
		return nil
	}
	return err
}

// newBase gives an empty data directory, and on PostgreSQL an empty schema.
func (c *chaos) newBase(engine, name string) (base, error) {
	b := base{data: filepath.Join(c.dir, engine+"-"+name)}
	if engine != "postgres" {
		return b, nil
	}
	server := os.Getenv(postgresEnv)
	u, err := url.Parse(server)
	if err != nil || server == "" {
		return b, fmt.Errorf("%s must hold the URL of a server", postgresEnv)
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		return b, err
	}
	defer db.Close()
	schema := fmt.Sprintf("chaos_%s_%d", name, os.Getpid())
	if _, err := db.Exec("CREATE SCHEMA " + schema); err != nil {
		return b, err
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	b.url = u.String()
	return b, nil
}

func (b base) open(ctx context.Context) (*app.App, error) {
	cfg, err := config.Default()
	if err != nil {
		return nil, err
	}
	cfg.Data, cfg.Database = b.data, b.url
	return app.Open(ctx, cfg, slog.New(slog.DiscardHandler))
}

// last gives the newest import of a base that was made, nil where there is none.
func (c *chaos) last(ctx context.Context, b base) (*importer.Import, error) {
	a, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	list, err := a.Imports.List(ctx, app.FirstWorkspace, 0, 1)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// look checks every promise and takes the picture.
func (c *chaos) look(ctx context.Context, b base) (p picture, err error) {
	a, err := b.open(ctx)
	if err != nil {
		return p, err
	}
	defer a.Close()
	faults, err := a.Imports.Verify(ctx, app.FirstWorkspace)
	if err != nil {
		return p, err
	}
	if len(faults) > 0 {
		return p, fmt.Errorf("broken promises: %+v", faults)
	}
	if p.contacts, err = a.Imports.Digest(ctx, app.FirstWorkspace); err != nil {
		return p, err
	}
	list, err := a.Imports.List(ctx, app.FirstWorkspace, 0, 1)
	if err != nil {
		return p, err
	}
	imp := list[0]
	p.counts, p.state = imp.Counts, imp.State
	r, err := a.Imports.OpenResult(ctx, imp)
	if err != nil {
		return p, err
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return p, err
	}
	p.result = hex.EncodeToString(h.Sum(nil))
	return p, nil
}
