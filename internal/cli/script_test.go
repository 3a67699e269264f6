package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run the program: the test binary is it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"cadastro": func() { os.Exit(Main(os.Args[1:], Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})) },
	})
}

// TestScripts runs testdata/*.txtar. Beside the commands of testscript there are: "code N cadastro ...", which wants
// that exit code; "json PATH VALUE", a value in the JSON object of the last standard output; "fields FILE", the paths of all its fields.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			zone, err := time.LoadLocation("America/Sao_Paulo")
			if err != nil {
				return err
			}
			e.Setenv("DATE", time.Now().In(zone).Format(time.DateOnly))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": scriptCode, "json": scriptJSON, "fields": scriptFields,
		},
	})
}

func scriptCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command args...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if exit, ok := err.(interface{ ExitCode() int }); ok {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s\n%s", code, args[0], ts.ReadFile("stderr"))
	}
}

func scriptJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: json PATH VALUE")
	}
	got := at(ts, decode(ts), args[0])
	if (got == args[1]) == neg {
		ts.Fatalf("%s is %s, want %s (negated: %v)", args[0], got, args[1], neg)
	}
}

func decode(ts *testscript.TestScript) (v any) {
	d := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	d.UseNumber()
	ts.Check(d.Decode(&v))
	if d.More() {
		ts.Fatalf("more than one JSON object on the standard output")
	}
	return v
}

// at gives the value at a path such as "columns.0.field" as text.
func at(ts *testscript.TestScript, v any, path string) string {
	for part := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[part]
		case []any:
			if part == "len" {
				return strconv.Itoa(len(x))
			}
			i, err := strconv.Atoi(part)
			ts.Check(err)
			if i >= len(x) {
				ts.Fatalf("%s: only %d elements", path, len(x))
			}
			v = x[i]
		default:
			ts.Fatalf("%s: nothing at %s", path, part)
		}
	}
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	ts.Check(err)
	return string(b)
}

func scriptFields(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: fields FILE")
	}
	paths := map[string]bool{}
	gather(decode(ts), "", paths)
	var list []string
	for p := range paths {
		list = append(list, p)
	}
	slices.Sort(list)
	got := strings.Join(list, "\n") + "\n"
	if want := ts.ReadFile(args[0]); got != want {
		ts.Fatalf("fields are\n%s\nwant\n%s", got, want)
	}
}

func gather(v any, path string, into map[string]bool) {
	switch x := v.(type) {
	case map[string]any:
		for k, e := range x {
			gather(e, strings.TrimPrefix(path+"."+k, "."), into)
		}
	case []any:
		for _, e := range x {
			gather(e, path+"[]", into)
		}
	default:
		into[fmt.Sprintf("%s %s", path, kindOf(v))] = true
	}
}

func kindOf(v any) string {
	switch v.(type) {
	case json.Number:
		return "number"
	case bool:
		return "boolean"
	case nil:
		return "null"
	}
	return "string"
}
