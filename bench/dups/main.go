// Command dups finds duplicates in a CSV file of people, for scoring: it writes a,b,score,certainty,reasons for each pair.
//
// The columns are known by their names: ref;nome;telefone;email;cpf;nascimento;empresa;endereco;numero;cidade;estado;cep;documento, in any order; more
// phones or addresses in one cell are parted as an import parts them.
package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/contact"
	"cadastro/internal/dedupe"
	"cadastro/internal/normalize"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: dups FILE.csv > pairs.csv")
	}
	people, refs, err := read(args[0])
	if err != nil {
		return err
	}
	began := time.Now()
	pairs, err := dedupe.Find(context.Background(), people, dedupe.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%d people, %d pairs, %v\n", len(people), len(pairs), time.Since(began).Round(time.Millisecond))
	out := bufio.NewWriter(os.Stdout)
	fmt.Fprintln(out, "a,b,score,certainty,reasons")
	for _, p := range pairs {
		fmt.Fprintf(out, "%s,%s,%.1f,%s,%s\n", refs[p.A], refs[p.B], p.Score, p.Certainty, strings.Join(p.Reasons.Names(), " "))
	}
	return out.Flush()
}

func read(path string) (people []dedupe.Person, refs []string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	in := bufio.NewReader(file)
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		_, _ = in.Discard(3)
	}
	r := csv.NewReader(in)
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, nil, err
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[h] = i
	}
	for i, row := range rows[1:] {
		cell := func(name string) string {
			if j, ok := at[name]; ok {
				return row[j]
			}
			return ""
		}
		p := dedupe.Person{ID: int64(i), Name: cell("nome"), Company: cell("empresa"), Street: cell("endereco"), Number: cell("numero"), City: cell("cidade"), State: cell("estado"), Postal: cell("cep")}
		if doc := cell("documento"); doc != "" {
			p.Numbers = []dedupe.Number{{Field: 1, Text: doc}}
		}
		phones, _ := normalize.Phones(nil, cell("telefone"), "BR", 0)
		for _, ph := range phones {
			if k, ok := contact.KeyOf(contact.Phone, ph.E164); ok {
				p.Phones = append(p.Phones, k.Text)
			}
		}
		if e, _ := normalize.Email(cell("email")); e != "" {
			p.Emails = append(p.Emails, normalize.EmailKey(e))
		}
		if id, issues := normalize.ReadTaxID(cell("cpf"), "BR"); len(issues) == 0 {
			p.TaxID = id.Value
		}
		if d := strings.Split(cell("nascimento"), "/"); len(d) == 3 {
			p.Birth = d[2] + "-" + d[1] + "-" + d[0]
		}
		people = append(people, p)
		refs = append(refs, cell("ref"))
		if refs[i] == "" {
			refs[i] = strconv.Itoa(i + 1)
		}
	}
	return people, refs, nil
}
