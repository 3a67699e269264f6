// Command cadastro is the whole program.
package main

import (
	"os"
	"runtime/debug"

	"cadastro/internal/cli"
)

// garbagePercent keeps the peak of memory low: half of what lives is rows on their way, which are soon gone. It costs an
// import a few hundredths of its time. GOGC overrides it.
const garbagePercent = 45

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
