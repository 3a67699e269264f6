package app

import (
	"time"

	"cadastro/internal/config"
	"cadastro/internal/workspace"
)

// serverSettings gives what goes for a workspace that chose nothing.
func serverSettings(cfg *config.Config) workspace.Settings {
	k := &cfg.Keep
	return workspace.Settings{Country: cfg.Country, Language: cfg.Language, TimeZone: cfg.TimeZone,
		Keep: workspace.Keep{Results: days(k.Results), Exports: days(k.Exports), Undo: days(k.Undo), Bin: days(k.Bin)}}
}

// days gives a time in whole days, at least one.
func days(s config.Span) int { return max(1, int(time.Duration(s)/(24*time.Hour))) }
