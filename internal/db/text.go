package db

import (
	"context"
	"database/sql/driver"
	"strconv"
	"strings"
	"sync"

	"cadastro/internal/normalize"

	sqlite "modernc.org/sqlite"
)

// Folded gives the SQL expression of a text without regard to case and accents, as [normalize.Fold] has it: a function of
// ours on SQLite; on PostgreSQL, which has none, the letters of Western and Central Europe.
func Folded(e Engine, expr string) string {
	if e == SQLite {
		return foldName + "(" + expr + ")"
	}
	return "lower(translate(replace(replace(replace(replace(normalize(" + expr + `, NFC), 'ß', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), '` + accented + "', '" + plain + "'))"
}

const (
	accented = "áàâãäåāăąÁÀÂÃÄÅĀĂĄçćčĉċÇĆČĈĊďđĎĐéèêëēĕėęěÉÈÊËĒĔĖĘĚğĝġģĞĜĠĢíìîïīĭįıÍÌÎÏĪĬĮİłľĺļŁĽĹĻñńňņÑŃŇŅóòôõöøōŏőÓÒÔÕÖØŌŎŐŕřŗŔŘŖśšŝşŚŠŜŞťţŤŢúùûüūŭůűųÚÙÛÜŪŬŮŰŲýÿÝŸžźżŽŹŻ"
	plain    = "aaaaaaaaaaaaaaaaaacccccccccc" + "dddd" + "eeeeeeeeeeeeeeeeee" + "gggggggg" + "iiiiiiiiiiiiiiii" + "llllllll" + "nnnnnnnn" + "oooooooooooooooooo" + "rrrrrr" + "ssssssss" + "tttt" + "uuuuuuuuuuuuuuuuuu" + "yyyy" + "zzzzzz"
)

// JSONText gives the SQL expression of one member of a text column with a JSON object in it, NULL where it is not there.
// key is made of digits.
func JSONText(e Engine, column, key string) string {
	if e == SQLite {
		return "json_extract(NULLIF(" + column + `, ''), '$."` + key + `"')`
	}
	return "(NULLIF(" + column + ", '')::json ->> '" + key + "')"
}

// Decimal gives the SQL expression of decimal text as a number, NULL where it is none.
func Decimal(e Engine, expr string) string {
	if e == SQLite {
		return "CAST(" + expr + " AS REAL)"
	}
	return "(CASE WHEN " + expr + ` ~ '^-?[0-9]+([.][0-9]+)?$' THEN (` + expr + ")::numeric END)"
}

// IDList gives numbers as the inside of an IN.
func IDList(ids []int64) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(parts, ", ")
}

// InOrder has the queries of f walk an index in the order that they ask for, where there is one, for as long as f takes.
// PostgreSQL would rather read everything and sort it where it takes a filter to leave little, and then a page of fifty costs
// as much as the whole list. SQLite walks by itself.
func InOrder(ctx context.Context, q Querier, f func() error) error {
	if q.Engine() == SQLite {
		return f()
	}
	set := func(sort, jit string) error {
		return q.QueryRow(ctx, "SELECT set_config('enable_sort', $1, TRUE), set_config('jit', $2, TRUE)", sort, jit).Scan(&sort, &jit)
	}
	// A sort that cannot be done without is said to cost so much then that the engine would compile the query first.
	var jit string
	if err := q.QueryRow(ctx, "SELECT current_setting('jit')").Scan(&jit); err != nil {
		return err
	}
	if err := set("off", "off"); err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	return set("on", jit)
}

const foldName = "cadastro_fold"

// foldFunction registers the function once for the process, since the driver keeps functions for all its connections.
var foldFunction = sync.OnceFunc(func() {
	err := sqlite.RegisterDeterministicScalarFunction(foldName, 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		s, ok := args[0].(string)
		if !ok {
			return args[0], nil
		}
		return normalize.Fold(s), nil
	})
	if err != nil {
		panic("db: register " + foldName + ": " + err.Error())
	}
})
