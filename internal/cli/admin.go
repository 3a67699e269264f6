package cli

import (
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"cadastro/internal/app"
)

type migrateCmd struct{}

// Run brings the schema up to date, which opening does.
func (*migrateCmd) Run(s *session) error {
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	s.say("cli.migrated")
	return nil
}

type versionCmd struct{}

// Run tells the version: that of the module, and the commit it was built from.
func (*versionCmd) Run(s *session) error {
	version, commit := "(devel)", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				commit = " " + setting.Value[:min(12, len(setting.Value))]
			}
		}
	}
	s.line("cadastro %s%s %s %s/%s", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

type mappingsCmd struct {
	Limit int  `help:"How many to list." default:"50" placeholder:"N"`
	JSON  bool `help:"Write one JSON object."`
}

// mappingJSON is a saved mapping.
type mappingJSON struct {
	ID      int64        `json:"id"`
	Name    string       `json:"name"`
	UsedAt  time.Time    `json:"used_at"`
	Columns []columnJSON `json:"columns"`
}

// Run lists saved mappings.
func (c *mappingsCmd) Run(s *session) error {
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	list, err := a.Mappings.Recent(s.ctx, app.FirstWorkspace, nil, min(max(c.Limit, 1), 1000))
	if err != nil {
		return err
	}
	if c.JSON {
		out := struct {
			Mappings []mappingJSON `json:"mappings"`
		}{[]mappingJSON{}}
		for _, m := range list {
			one := mappingJSON{ID: m.ID, Name: m.Name, UsedAt: m.UsedAt.UTC()}
			for i := range m.Mapping.Columns {
				col := columnJSON{Header: m.Mapping.Columns[i].Header, Confidence: 1, DoNotOverwrite: m.Mapping.Columns[i].DoNotOverwrite}
				if f := m.Mapping.Columns[i].Field; f != "" {
					col.Field = &f
				}
				one.Columns = append(one.Columns, col)
			}
			out.Mappings = append(out.Mappings, one)
		}
		return s.json(out)
	}
	if len(list) == 0 {
		s.say("cli.no_mappings")
		return nil
	}
	cat, err := a.Contacts.Catalogue(s.ctx, app.FirstWorkspace)
	if err != nil {
		return err
	}
	zone, err := s.cfg.Location()
	if err != nil {
		return err
	}
	for _, m := range list {
		s.line("%s  %s  %s", strconv.FormatInt(m.ID, 10), s.text.Time(m.UsedAt.In(zone)), oneLine(m.Name, 60))
		g := &grid{}
		header := m.Mapping.Headers()
		for i, col := range m.Mapping.Columns {
			if col.Field != "" {
				g.add(oneLine(s.columnName(header, i), 32), "→ "+oneLine(s.fieldName(col.Field, cat), 40))
			}
		}
		g.print(s.out, "    ")
	}
	return nil
}
