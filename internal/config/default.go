package config

import "github.com/alecthomas/kong"

// Default gives the settings of a program that nobody told anything: the defaults of the tags, and the environment.
func Default() (Config, error) {
	var c struct {
		Config Config `embed:""`
	}
	k, err := kong.New(&c, kong.Name("cadastro"))
	if err != nil {
		return Config{}, err
	}
	_, err = k.Parse(nil)
	return c.Config, err
}
