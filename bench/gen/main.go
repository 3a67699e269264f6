// Gen writes contact files for benchmarks: made-up people of Brazil and Latin America, spelt as people spell.
//
//	go run ./bench/gen -rows 200000 -seed 1 -dup 0.03 -bad 0.02 -o contacts.csv
//	go run ./bench/gen -rows 200000 -seed 1 -update 0.5 -o changed.csv   # the same people, half of them changed
//	go run ./bench/gen -rows 200000 -seed 1 -from 100000 -o half.csv     # half of them known, half new
//
// Every value depends on the seed and the person's number alone, so two runs with the same flags give the same
// bytes, on every machine and with every release of Go. No value is a real person's: numbers are drawn by
// arithmetic, addresses are on the domains that RFC 2606 keeps for examples.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run writes the file that args ask for, and one line of JSON with what is in it to info.
func run(args []string, stdout, info io.Writer) error {
	var o options
	flags := flag.NewFlagSet("gen", flag.ContinueOnError)
	flags.SetOutput(info)
	flags.IntVar(&o.rows, "rows", 200000, "data rows")
	flags.Uint64Var(&o.seed, "seed", 1, "seed")
	flags.IntVar(&o.from, "from", 0, "number of the first person")
	flags.Float64Var(&o.dup, "dup", 0, "fraction of rows that repeat an earlier person in another spelling")
	flags.Float64Var(&o.bad, "bad", 0, "fraction of rows that cannot be imported as they are")
	flags.Float64Var(&o.update, "update", 0, "fraction of people of whom some values have changed")
	flags.Float64Var(&o.email, "email", 0.75, "fraction of people with an e-mail")
	flags.Float64Var(&o.fill, "fill", 0.25, "fraction of people with a company, a CPF, a birth date (each)")
	delimiter := flags.String("delim", ",", `delimiter, one character; "tab" for a tab`)
	flags.StringVar(&o.charset, "enc", "utf-8", "utf-8, utf-16le or windows-1252")
	flags.BoolVar(&o.bom, "bom", false, "begin with a byte order mark (utf-16le always does)")
	flags.BoolVar(&o.crlf, "crlf", false, "end lines with CR LF")
	out := flags.String("o", "-", "file to write, - for the standard output")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *delimiter == "tab" {
		*delimiter = "\t"
	}
	if len(*delimiter) != 1 {
		return fmt.Errorf("-delim %q: want one character", *delimiter)
	}
	o.delimiter = (*delimiter)[0]

	w := stdout
	if *out != "-" {
		f, err := os.Create(*out)
		if err != nil {
			return err
		}
		defer f.Close()
		w = f
	}
	made, err := write(w, o)
	if err != nil {
		return err
	}
	if f, ok := w.(*os.File); ok && *out != "-" {
		if err := f.Close(); err != nil {
			return err
		}
	}
	return json.NewEncoder(info).Encode(made)
}
