package db

import (
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
