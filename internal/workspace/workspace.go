// Package workspace keeps what the members of a workspace agree on: its name, and the settings that imports, lists and
// files go by.
//
// What nobody has set is the server's own setting, so that a change of the server's reaches every workspace that has
// not chosen otherwise. The settings stand as one JSON object in workspace.settings; only what was chosen is in it.
package workspace

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"

	"golang.org/x/text/language"
)

// The orders in which a date may be written; "" leaves it to the values of the column.
const (
	DayFirst   = "dmy"
	MonthFirst = "mdy"
	YearFirst  = "ymd"
)

// Bounds of what may be set.
const (
	maxName = 120  // bytes
	maxDays = 3650 // ten years
)

// Settings are what a workspace goes by.
type Settings struct {
	Name          string `json:"-"`
	Country       string `json:"country,omitempty"`    // of phones and documents that name none: ISO 3166, two letters
	Language      string `json:"language,omitempty"`   // of who is invited: pt-BR, es, en
	TimeZone      string `json:"time_zone,omitempty"`  // of times shown, for members who chose none: IANA name
	DateOrder     string `json:"date_order,omitempty"` // where a file's dates leave it open
	AskBasis      bool   `json:"ask_basis,omitempty"`  // an import has to name its legal basis
	GroupRequired bool   `json:"group_required,omitempty"`
	Keep          Keep   `json:"keep,omitzero"`
}

// Keep says for how many days things are kept before they go by themselves.
type Keep struct {
	Results int `json:"results,omitempty"` // result files
	Exports int `json:"exports,omitempty"` // export files
	Undo    int `json:"undo,omitempty"`    // how long an import can be undone
	Bin     int `json:"bin,omitempty"`     // deleted contacts
}

// Service keeps settings. It is safe for concurrent use.
type Service struct {
	DB     *db.DB
	Server Settings // what goes for what a workspace has not set; complete, but for the name
}

// Get gives the settings in force in a workspace. Every actor of the workspace may know them: pages, imports and files
// go by them, whoever starts these. Errors: auth.signed_out, auth.forbidden.
func (s *Service) Get(ctx context.Context, workspace int64) (out Settings, err error) {
	a, ok := auth.From(ctx)
	if !ok {
		return out, errs.New(errs.Unauthenticated, "auth.signed_out")
	}
	if a.Workspace != workspace {
		return out, errs.New(errs.Forbidden, "auth.forbidden", "permission", auth.SettingsRead.String())
	}
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		out, err = s.Read(ctx, q, workspace)
		return err
	})
	return out, err
}

// Read is [Service.Get] inside a transaction, for work that has asked already who may do it. Error: workspace.unknown,
// NotFound.
func (s *Service) Read(ctx context.Context, q db.Querier, workspace int64) (Settings, error) {
	out, err := stored(ctx, q, workspace, "")
	if err != nil {
		return out, err
	}
	return out.over(s.Server), nil
}

// Chosen gives what a workspace chose itself of how long things are kept; 0 where it goes by the server. It is for work of the
// program's own, which asks nobody for leave.
func (s *Service) Chosen(ctx context.Context, workspace int64) (out Keep, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		set, err := stored(ctx, q, workspace, "")
		out = set.Keep
		return err
	})
	return out, err
}

// Set changes the settings of a workspace. Settings that are the server's are not written down, so that they follow it.
// All that is wrong is told at once, joined: the Invalid errors workspace.name {max}, workspace.country, workspace.language,
// auth.time_zone_unknown, workspace.date_order {value}, workspace.days {setting, max}.
func (s *Service) Set(ctx context.Context, workspace int64, to Settings) error {
	if err := auth.RequireIn(ctx, workspace, auth.SettingsManage); err != nil {
		return err
	}
	if err := to.check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := stored(ctx, tx, workspace, tx.ForUpdate()); err != nil {
			return err
		}
		text, err := json.Marshal(to.without(s.Server))
		if err != nil {
			return fmt.Errorf("workspace %d: settings: %w", workspace, err)
		}
		_, err = tx.Exec(ctx, "UPDATE workspace SET name = $2, settings = $3 WHERE id = $1", workspace, to.Name, string(text))
		return err
	})
}

func stored(ctx context.Context, q db.Querier, workspace int64, lock string) (out Settings, err error) {
	var text string
	err = q.QueryRow(ctx, "SELECT name, settings FROM workspace WHERE id = $1"+lock, workspace).Scan(&out.Name, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return out, errs.New(errs.NotFound, "workspace.unknown")
	}
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		return out, fmt.Errorf("workspace %d: settings: %w", workspace, err)
	}
	return out, nil
}

// check puts the settings into normal form and tells all that is wrong with them.
func (s *Settings) check() error {
	var found []error
	wrong := func(field, code string, args ...any) {
		found = append(found, &FieldError{field, errs.New(errs.Invalid, code, args...)})
	}
	s.Name = strings.Join(strings.Fields(strings.ToValidUTF8(s.Name, "")), " ")
	if s.Name == "" || len(s.Name) > maxName {
		wrong("name", "workspace.name", "max", maxName)
	}
	s.Country = strings.ToUpper(strings.TrimSpace(s.Country))
	if r, err := language.ParseRegion(s.Country); err != nil || len(s.Country) != 2 || !r.IsCountry() {
		wrong("country", "workspace.country", "value", errs.Clip(s.Country, 40))
	}
	switch s.Language {
	case "pt-BR", "es", "en":
	default:
		wrong("language", "workspace.language", "value", errs.Clip(s.Language, 40))
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "" || s.TimeZone == "Local" {
		wrong("time_zone", "auth.time_zone_unknown", "value", errs.Clip(s.TimeZone, 80))
	}
	switch s.DateOrder {
	case "", DayFirst, MonthFirst, YearFirst:
	default:
		wrong("date_order", "workspace.date_order", "value", errs.Clip(s.DateOrder, 40))
	}
	for _, d := range []struct {
		field string
		days  int
	}{{"keep_results", s.Keep.Results}, {"keep_exports", s.Keep.Exports}, {"keep_undo", s.Keep.Undo}, {"keep_bin", s.Keep.Bin}} {
		if d.days < 1 || d.days > maxDays {
			wrong(d.field, "workspace.days", "max", maxDays)
		}
	}
	return errors.Join(found...)
}

// FieldError says which setting an error is about, by its name in the JSON object; those of Keep begin with "keep_".
type FieldError struct {
	Field string
	Err   error
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Err.Error() }

// Unwrap gives the error itself.
func (e *FieldError) Unwrap() error { return e.Err }
