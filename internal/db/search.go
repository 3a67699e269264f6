package db

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Texts that are searched by any part of them are kept in a table of trigrams, one text for each number of a workspace:
// FTS5 without the texts themselves on SQLite, a table under pg_trgm on PostgreSQL. What is searched for has to be in the
// same form as what was kept, e.g. folded.

// trigram is the shortest text that the index finds.
const trigram = 3

// searchShift leaves 40 bits of a rowid to the number within a workspace.
const searchShift = 40

// IndexTexts keeps texts under numbers of a workspace, in the place of what is there under them.
func (tx *Tx) IndexTexts(ctx context.Context, table string, workspace int64, ids []int64, texts []string) error {
	if err := tx.UnindexTexts(ctx, table, workspace, ids); err != nil {
		return err
	}
	b := &Batch{Width: 2}
	if tx.engine == SQLite {
		for i, id := range ids {
			b.Add(workspace<<searchShift|id, texts[i])
		}
		return tx.InsertRows(ctx, table, nil, Cols("rowid BIGINT", "text TEXT"), b)
	}
	for i, id := range ids {
		b.Add(id, texts[i])
	}
	return tx.InsertRows(ctx, table, []Fixed{{"workspace_id", workspace}}, Cols("contact_id BIGINT", "text TEXT"), b)
}

// UnindexTexts lets go of the texts under numbers.
func (tx *Tx) UnindexTexts(ctx context.Context, table string, workspace int64, ids []int64) error {
	b := &Batch{Width: 1}
	for _, id := range ids {
		if tx.engine == SQLite {
			id |= workspace << searchShift
		}
		b.Add(id)
	}
	if err := tx.Stage(ctx, "unindex", Cols("id BIGINT"), b); err != nil {
		return err
	}
	var err error
	if tx.engine == SQLite {
		_, err = tx.Exec(ctx, "DELETE FROM "+table+" WHERE rowid IN (SELECT id FROM stage_unindex)")
	} else {
		_, err = tx.Exec(ctx, "DELETE FROM "+table+" WHERE workspace_id = $1 AND contact_id IN (SELECT id FROM stage_unindex)", workspace)
	}
	return err
}

// SearchTexts gives the query for the numbers whose text may hold, of each group, one of its texts; who asks looks at the
// text itself then. arg adds an argument and gives its mark. ok is false where the index cannot answer, since a text is
// shorter than three characters.
func SearchTexts(e Engine, table string, workspace int64, groups [][]string, arg func(any) string) (query string, ok bool) {
	if len(groups) == 0 {
		return "", false
	}
	for _, g := range groups {
		for _, text := range g {
			if utf8.RuneCountInString(text) < trigram {
				return "", false
			}
		}
	}
	if e == SQLite {
		all := make([]string, len(groups))
		for i, g := range groups {
			some := make([]string, len(g))
			for j, text := range g {
				some[j] = "(" + strings.Join(trigrams(text), " AND ") + ")"
			}
			all[i] = "(" + strings.Join(some, " OR ") + ")"
		}
		base := strconv.FormatInt(workspace<<searchShift, 10)
		return "SELECT rowid - " + base + " FROM " + table + " WHERE " + table + " MATCH " + arg(strings.Join(all, " AND ")) +
			" AND rowid BETWEEN " + base + " AND " + strconv.FormatInt((workspace+1)<<searchShift-1, 10), true
	}
	query = "SELECT contact_id FROM " + table + " WHERE workspace_id = $1"
	for _, g := range groups {
		some := make([]string, len(g))
		for j, text := range g {
			some[j] = "text LIKE " + arg("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)+"%")
		}
		query += " AND (" + strings.Join(some, " OR ") + ")"
	}
	return query, true
}

// trigrams gives the runs of three characters of a text as words of FTS5, each once.
func trigrams(text string) []string {
	runes := []rune(text)
	var out []string
	seen := map[string]bool{}
	for i := 0; i+trigram <= len(runes); i++ {
		t := string(runes[i : i+trigram])
		if !seen[t] {
			seen[t] = true
			out = append(out, `"`+strings.ReplaceAll(t, `"`, `""`)+`"`)
		}
	}
	return out
}
