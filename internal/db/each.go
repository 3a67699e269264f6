package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// IsTrue reads a BOOLEAN value of [Querier.Each]: SQLite has numbers for them.
func IsTrue(v any) bool {
	b, _ := v.(bool)
	n, _ := v.(int64)
	return b || n != 0
}

// Each implements [Querier]. On SQLite it goes past database/sql, whose Scan costs as much as the query itself where
// rows are many and short.
func (tx *Tx) Each(ctx context.Context, f func(row []any) error, query string, args ...any) error {
	var err error
	if tx.engine == SQLite {
		err = tx.conn.Raw(func(dc any) error { return eachRaw(ctx, dc.(driver.QueryerContext), f, query, args) })
	} else {
		err = tx.eachRow(ctx, f, query, args)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", verb(query), err)
	}
	return nil
}

func eachRaw(ctx context.Context, q driver.QueryerContext, f func([]any) error, query string, args []any) error {
	named := make([]driver.NamedValue, len(args))
	for i, a := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return err
		}
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	rows, err := q.QueryContext(ctx, query, named)
	if err != nil {
		return err
	}
	defer rows.Close()
	values := make([]driver.Value, len(rows.Columns()))
	row := make([]any, len(values))
	for {
		if err := rows.Next(values); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		for i, v := range values {
			row[i] = v
		}
		if err := f(row); err != nil {
			return err
		}
	}
}

func (tx *Tx) eachRow(ctx context.Context, f func([]any) error, query string, args []any) error {
	rows, err := tx.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return err
	}
	row := make([]any, len(cols))
	dest := make([]any, len(cols))
	for i := range row {
		dest[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := f(row); err != nil {
			return err
		}
	}
	return rows.Err()
}
