package main

import (
	"cadastro/internal/app"
	"cadastro/internal/auth"
	"context"
	"os"
	"testing"
)

// TestChaos is the short form of "make chaos": real kills of the real program, fewer rows.
func TestChaos(t *testing.T) {
	engines := []string{"sqlite"}
	if os.Getenv(postgresEnv) != "" {
		engines = append(engines, "postgres")
	}
	c := &chaos{rows: 25_000, kills: 5, seed: 7, log: t.Output()}
	if err := run(auth.With(context.Background(), auth.ConsoleActor(app.FirstWorkspace)), c, engines); err != nil {
		t.Fatal(err)
	}
}
