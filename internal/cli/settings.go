package cli

import (
	"fmt"
	"net/url"
	"os"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

type settingsCmd struct {
	JSON bool `help:"Write one JSON object."`
}

// settingJSON is a setting. Value and Default are as one would write them.
type settingJSON struct {
	Name        string `json:"name"`
	Value       string `json:"value"`
	Source      string `json:"source"` // flag, environment, file or default
	Default     string `json:"default"`
	Environment string `json:"environment"`
	Help        string `json:"help"`
}

// Run lists the settings in force. What is secret is masked.
func (c *settingsCmd) Run(s *session, parsed *kong.Context) error {
	var list []settingJSON
	for _, f := range parsed.Model.Flags {
		if f.Group == nil || f.Group.Key != "settings" || len(f.Envs) == 0 {
			continue
		}
		list = append(list, settingJSON{Name: f.Name, Value: shown(f), Source: sourceOf(parsed, f), Default: f.Default,
			Environment: strings.Join(f.Envs, ", "), Help: f.Help})
	}
	if c.JSON {
		return s.json(struct {
			Settings []settingJSON `json:"settings"`
		}{list})
	}
	g := &grid{}
	g.add(s.text.T("settings.name"), s.text.T("settings.value"), s.text.T("settings.source"), s.text.T("settings.default"))
	for _, one := range list {
		g.add(one.Name, orDash(oneLine(one.Value, 60)), s.text.T("settings.from."+one.Source), orDash(one.Default))
	}
	g.print(s.out, "")
	return nil
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// mask stands for a secret that is set.
const mask = "********"

// shown gives the value of a flag as one would write it: lists with commas, secrets masked, an address without its password.
func shown(f *kong.Flag) string {
	var text string
	if v := f.Target; v.Kind() == reflect.Slice {
		var parts []string
		for i := range v.Len() {
			parts = append(parts, fmt.Sprint(v.Index(i).Interface()))
		}
		text = strings.Join(parts, ",")
	} else {
		text = fmt.Sprint(v.Interface())
	}
	if text == "" {
		return ""
	}
	if len(f.Tag.GetAll("secret")) > 0 {
		return mask
	}
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		return masked(u)
	}
	return text
}

// masked gives an address without the passwords that stand in it: before the host, or as a parameter (as PostgreSQL takes it).
func masked(u *url.URL) string {
	copied, q := *u, u.Query()
	if _, has := u.User.Password(); has {
		copied.User = url.UserPassword(u.User.Username(), mask)
	}
	if _, has := q["password"]; has {
		q.Set("password", mask)
		copied.RawQuery = q.Encode()
	}
	return strings.ReplaceAll(copied.String(), url.QueryEscape(mask), mask)
}

// sourceOf tells where the value of a flag comes from, in the order of strength.
func sourceOf(parsed *kong.Context, f *kong.Flag) string {
	resolved := false
	for _, p := range parsed.Path {
		if p.Flag == f {
			if !p.Resolved {
				return "flag"
			}
			resolved = true
		}
	}
	for _, env := range f.Envs {
		if _, set := os.LookupEnv(env); set {
			return "environment"
		}
	}
	if resolved {
		return "file"
	}
	return "default"
}
