// Command chaos kills an import again and again, at random moments and without warning, starts the program anew after
// each kill and compares what is left with an import that nobody disturbed: the contacts, every row's outcome, the
// result file, and every count that the base can be asked about. Then it does the same with an undo.
package main

import (
	"cadastro/internal/app"
	"cadastro/internal/auth"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	c := chaos{log: os.Stdout}
	flag.IntVar(&c.rows, "rows", 200_000, "rows of the file")
	flag.IntVar(&c.kills, "kills", 50, "least number of kills during the import")
	flag.Uint64Var(&c.seed, "seed", 1, "seed of the file and of the moments")
	flag.StringVar(&c.binary, "binary", "", "cadastro to run, built from the source where it is empty")
	engines := flag.String("engines", "", "sqlite, postgres or both; empty: both where CADASTRO_TEST_POSTGRES is set")
	flag.Parse()
	if *engines == "" {
		*engines = "sqlite"
		if os.Getenv(postgresEnv) != "" {
			*engines = "sqlite,postgres"
		}
	}
	if err := run(auth.With(context.Background(), auth.ConsoleActor(app.FirstWorkspace)), &c, strings.Split(*engines, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, c *chaos, engines []string) error {
	dir, err := os.MkdirTemp("", "cadastro-chaos-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c.dir = dir
	if c.binary == "" {
		c.binary = filepath.Join(dir, "cadastro")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", c.binary, "cadastro/cmd/cadastro").CombinedOutput(); err != nil {
			return fmt.Errorf("build: %w\n%s", err, out)
		}
	}
	c.file = filepath.Join(dir, "contacts.csv")
	gen := exec.CommandContext(ctx, "go", "run", "cadastro/bench/gen", "-rows", fmt.Sprint(c.rows), "-seed", fmt.Sprint(c.seed), "-dup", "0.03", "-bad", "0.02", "-o", c.file)
	if out, err := gen.CombinedOutput(); err != nil {
		return fmt.Errorf("make the file: %w\n%s", err, out)
	}
	for _, e := range engines {
		if err := c.engine(ctx, e); err != nil {
			return fmt.Errorf("%s: %w", e, err)
		}
	}
	return nil
}
