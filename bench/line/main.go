// Command line runs the line of a row, phase by phase, over one file and prints what each phase took.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"time"

	"cadastro/internal/app"
	"cadastro/internal/config"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
)

func main() {
	data := flag.String("data", "", "data directory; empty makes one that is removed")
	database := flag.String("database", "", "as cadastro's --database")
	purpose := flag.String("purpose", "upsert", "purpose of the import")
	phases := flag.String("phases", "parse,review,apply", "what to run: parse, review, apply, undo")
	profile := flag.String("cpuprofile", "", "write a CPU profile of the phase named in -profile to this file")
	which := flag.String("profile", "apply", "phase to profile")
	flag.Parse()
	if err := run(*data, *database, *purpose, *phases, *profile, *which, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(data, database, purpose, phases, profile, which string, files []string) error {
	ctx := context.Background()
	if data == "" {
		dir, err := os.MkdirTemp("", "cadastro-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		data = dir
	}
	cfg, err := config.Default()
	if err != nil {
		return err
	}
	cfg.Data, cfg.Database = data, database
	a, err := app.Open(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer a.Close()
	for _, name := range files {
		if err := one(ctx, a, name, purpose, phases, profile, which); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func one(ctx context.Context, a *app.App, name, purpose, phases, profile, which string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	lim := app.Limits(&a.Config)
	src := table.Source{Name: name, Size: info.Size(), Data: f}
	cat, err := a.Contacts.Catalogue(ctx, app.FirstWorkspace)
	if err != nil {
		return err
	}
	start := time.Now()
	in, err := importer.Inspect(ctx, src, table.Dialect{}, lim, a.Imports.KnownOf(ctx, app.FirstWorkspace, "BR", cat, nil))
	if err != nil {
		return err
	}
	fmt.Printf("inspect %6.0f ms\n", float64(time.Since(start).Microseconds())/1000)
	var rows int64
	measure := func(phase string, f func() error) error {
		if !strings.Contains(phases, phase) {
			return nil
		}
		if profile != "" && phase == which {
			p, err := os.Create(profile)
			if err != nil {
				return err
			}
			defer p.Close()
			if err := pprof.StartCPUProfile(p); err != nil {
				return err
			}
			defer pprof.StopCPUProfile()
		}
		c0, t0 := cpu(), time.Now()
		if err := f(); err != nil {
			return fmt.Errorf("%s: %w", phase, err)
		}
		wall := time.Since(t0).Seconds()
		fmt.Printf("%-8s %7.3f s  %9.0f rows/s  cpu %6.2f s  peak %s\n", phase, wall, float64(rows)/wall, cpu()-c0, peak())
		return nil
	}
	err = measure("parse", func() error {
		r, err := table.Open(ctx, src, in.Guess.Dialect, lim)
		if err != nil {
			return err
		}
		defer r.Close()
		var row table.Row
		for {
			if err := r.Read(&row); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			rows++
		}
	})
	if err != nil {
		return err
	}
	set := importer.Settings{Dialect: in.Guess.Dialect, Mapping: in.Mapping, Purpose: mapping.Purpose(purpose), Identifier: in.Identifier,
		Country: "BR", Language: "pt-BR", ImportTag: "import-" + strconv.FormatInt(time.Now().UnixMicro(), 36)}
	var imp *importer.Import
	err = measure("review", func() error {
		imp, err = a.Imports.Upload(ctx, app.FirstWorkspace, "bench", name, src.Reader(), nil)
		if err != nil {
			return err
		}
		if imp, err = a.Imports.Review(ctx, app.FirstWorkspace, imp.ID, set, nil); err != nil {
			return err
		}
		rows = imp.Rows
		return nil
	})
	if err != nil {
		return err
	}
	err = measure("apply", func() error {
		imp, err = a.Imports.Apply(ctx, app.FirstWorkspace, imp.ID, nil)
		return err
	})
	if err != nil {
		return err
	}
	if imp != nil {
		fmt.Printf("  %+v reasons %v\n", imp.Counts, imp.Summary.Reasons)
	}
	return measure("undo", func() error {
		_, err := a.Imports.Undo(ctx, app.FirstWorkspace, imp.ID, "bench", nil)
		return err
	})
}

func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// peak gives the largest resident size of this process so far.
func peak() string {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "?"
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	kib, _ := strconv.Atoi(strings.Fields(line)[0])
	return strconv.Itoa(kib/1024) + " MiB"
}
