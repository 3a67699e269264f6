package workspace

import "cmp"

// over gives the settings with the server's where nothing was chosen.
func (s Settings) over(server Settings) Settings {
	s.Country = cmp.Or(s.Country, server.Country)
	s.Language = cmp.Or(s.Language, server.Language)
	s.TimeZone = cmp.Or(s.TimeZone, server.TimeZone)
	k, d := &s.Keep, server.Keep
	k.Results, k.Exports = cmp.Or(k.Results, d.Results), cmp.Or(k.Exports, d.Exports)
	k.Undo, k.Bin = cmp.Or(k.Undo, d.Undo), cmp.Or(k.Bin, d.Bin)
	return s
}

// without leaves out what is as the server has it.
func (s Settings) without(server Settings) Settings {
	for _, t := range []struct {
		own    *string
		server string
	}{{&s.Country, server.Country}, {&s.Language, server.Language}, {&s.TimeZone, server.TimeZone}} {
		if *t.own == t.server {
			*t.own = ""
		}
	}
	for _, d := range []struct {
		own    *int
		server int
	}{{&s.Keep.Results, server.Keep.Results}, {&s.Keep.Exports, server.Keep.Exports}, {&s.Keep.Undo, server.Keep.Undo}, {&s.Keep.Bin, server.Keep.Bin}} {
		if *d.own == d.server {
			*d.own = 0
		}
	}
	return s
}
