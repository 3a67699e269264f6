// Command line runs the line of a row, phase by phase, over files one after another ("label=path") into one base and
// prints what each phase took.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"cadastro/internal/app"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
)

func main() {
	data := flag.String("data", "", "data directory; empty makes one that is removed")
	database := flag.String("database", "", "as cadastro's --database")
	phases := flag.String("phases", "parse,review,apply", "what to run: parse, review, apply, undo (of the last file)")
	profile := flag.String("cpuprofile", "", "write a CPU profile of the phase named in -profile to this file")
	which := flag.String("profile", "apply", "phase to profile")
	flag.Parse()
	if err := run(*data, *database, *phases, *profile, *which, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(data, database, phases, profile, which string, files []string) error {
	ctx := auth.With(context.Background(), auth.ConsoleActor(app.FirstWorkspace))
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
	for i, arg := range files {
		label, name, ok := strings.Cut(arg, "=")
		if !ok {
			label, name = "file", arg
		}
		list := phases
		if i < len(files)-1 {
			list = strings.Replace(phases, "undo", "", 1)
		}
		if err := one(ctx, a, label, name, list, profile, which); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func one(ctx context.Context, a *app.App, label, name, phases, profile, which string) error {
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
	s := &stage{name: label, profile: profile, which: which, phases: strings.Split(phases, ",")}
	var in *importer.Inspection
	err = s.run("inspect", func() (err error) {
		in, err = importer.Inspect(ctx, src, table.Dialect{}, lim, a.Imports.KnownOf(ctx, app.FirstWorkspace, "BR", cat, nil))
		return err
	})
	if err != nil {
		return err
	}
	err = s.run("parse", func() error {
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
			s.rows++
		}
	})
	if err != nil {
		return err
	}
	set := importer.Settings{Dialect: in.Guess.Dialect, Mapping: in.Mapping, Purpose: mapping.PurposeUpsert, Identifier: in.Identifier,
		Country: "BR", Language: "pt-BR", ImportTag: "import-" + label}
	var imp *importer.Import
	err = s.run("review", func() error {
		imp, err = a.Imports.Upload(ctx, app.FirstWorkspace, name, src.Reader(), nil)
		if err == nil {
			imp, err = a.Imports.Review(ctx, app.FirstWorkspace, imp.ID, set, nil)
		}
		if err == nil {
			s.rows = imp.Rows
		}
		return err
	})
	if err != nil {
		return err
	}
	err = s.run("apply", func() error {
		imp, err = a.Imports.Apply(ctx, app.FirstWorkspace, imp.ID, nil)
		return err
	})
	if err != nil {
		return err
	}
	if imp != nil {
		fmt.Fprintf(os.Stderr, "%s: %+v\n", label, imp.Counts)
	}
	return s.run("undo", func() error {
		_, err := a.Imports.Undo(ctx, app.FirstWorkspace, imp.ID, nil)
		return err
	})
}

// stage runs and measures the phases over one file.
type stage struct {
	name, profile, which string
	phases               []string
	rows                 int64
}

// run prints "file phase<TAB>seconds<TAB>rows<TAB>peak MiB<TAB>CPU seconds" of a phase that was asked for. The peak is the
// largest resident size during the phase.
func (s *stage) run(phase string, f func() error) error {
	if phase != "inspect" && !slices.Contains(s.phases, phase) {
		return nil
	}
	if s.profile != "" && phase == s.which {
		p, err := os.Create(s.profile)
		if err != nil {
			return err
		}
		defer p.Close()
		if err := pprof.StartCPUProfile(p); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // where the kernel lets us not, the peak is that of all phases so far
	c0, t0 := cpu(), time.Now()
	if err := f(); err != nil {
		return fmt.Errorf("%s: %w", phase, err)
	}
	fmt.Printf("%s %s\t%.3f\t%d\t%d\t%.2f\n", s.name, phase, time.Since(t0).Seconds(), s.rows, peak(), cpu()-c0)
	return nil
}

func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// peak gives the largest resident size since the last reset, in MiB; 0 where the system does not tell.
func peak() int {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	kib, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(line), " kB"))
	return kib / 1024
}
