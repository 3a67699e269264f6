package main

import (
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
	if err := run(context.Background(), c, engines); err != nil {
		t.Fatal(err)
	}
}
