package app

import (
	"context"
	"time"

	"cadastro/internal/config"
	"cadastro/internal/db"
	"cadastro/internal/importer"
	"cadastro/internal/workspace"
)

// serverSettings gives what goes for a workspace that chose nothing.
func serverSettings(cfg *config.Config) workspace.Settings {
	k := &cfg.Keep
	return workspace.Settings{Country: cfg.Country, Language: cfg.Language, TimeZone: cfg.TimeZone,
		Keep: workspace.Keep{Results: days(k.Results), Exports: days(k.Exports), Undo: days(k.Undo), Bin: days(k.Bin)}}
}

// kept is for how long a workspace keeps things.
type kept struct{ results, exports, undo, bin time.Duration }

// kept gives what a workspace chose, else what the server says. Where the choice cannot be read nothing goes: what is deleted once
// does not come back.
func (a *App) kept(workspace int64) kept {
	k := &a.Config.Keep
	own, err := a.Workspaces.Chosen(context.Background(), workspace)
	if err != nil {
		a.Log.Warn("how long a workspace keeps things could not be read", "workspace_id", workspace, "error", err)
		longest := 100 * 365 * 24 * time.Hour
		return kept{longest, time.Duration(k.Exports), longest, longest}
	}
	pick := func(days int, server config.Span) time.Duration {
		if days > 0 {
			return time.Duration(days) * 24 * time.Hour
		}
		return time.Duration(server)
	}
	return kept{pick(own.Results, k.Results), pick(own.Exports, k.Exports), pick(own.Undo, k.Undo), pick(own.Bin, k.Bin)}
}

// house has the services ask what each workspace goes by.
func (a *App) house() {
	a.Imports.AsksOf = func(ctx context.Context, q db.Querier, workspace int64) (importer.Asks, error) {
		set, err := a.Workspaces.Read(ctx, q, workspace)
		return importer.Asks{Group: set.GroupRequired, Basis: set.AskBasis}, err
	}
	a.Contacts.HouseOf = func(ctx context.Context, q db.Querier, workspace int64) (*time.Location, string, error) {
		set, err := a.Workspaces.Read(ctx, q, workspace)
		if err != nil {
			return nil, "", err
		}
		zone, err := time.LoadLocation(set.TimeZone)
		return zone, set.Country, err
	}
	a.Imports.KeepOf = func(workspace int64) (results, undo time.Duration) {
		k := a.kept(workspace)
		return k.results, k.undo
	}
	a.Exports.KeepOf = func(workspace int64) time.Duration { return a.kept(workspace).exports }
	a.Contacts.BinOf = func(workspace int64) time.Duration { return a.kept(workspace).bin }
}

// days gives a time in whole days, at least one.
func days(s config.Span) int { return max(1, int(time.Duration(s)/(24*time.Hour))) }
