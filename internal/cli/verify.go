package cli

import (
	"cadastro/internal/app"
	"cadastro/internal/importer"
)

type verifyCmd struct {
	Digest bool `help:"Write a hash over all that the base says of its contacts: two bases with the same one hold the same."`
	JSON   bool `help:"Write one JSON object."`
}

// Run counts again what must agree. Faults end with exit code 1.
func (c *verifyCmd) Run(s *session) error {
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	var out struct {
		Faults []importer.Fault `json:"faults"`
		Digest string           `json:"digest,omitempty"`
	}
	if out.Faults, err = a.Imports.Verify(s.ctx, app.FirstWorkspace); err != nil {
		return err
	}
	if c.Digest {
		if out.Digest, err = a.Imports.Digest(s.ctx, app.FirstWorkspace); err != nil {
			return err
		}
	}
	switch {
	case c.JSON:
		if out.Faults == nil {
			out.Faults = []importer.Fault{}
		}
		err = s.json(out)
	default:
		for _, f := range out.Faults {
			s.line("%s: %s: %s, %s", f.Where, f.Rule, f.Have, f.Want)
		}
		if c.Digest {
			s.line("%s", out.Digest)
		} else if len(out.Faults) == 0 {
			s.say("cli.verified")
		}
	}
	if err != nil {
		return err
	}
	if n := len(out.Faults); n > 0 {
		s.tell("cli.faults", "count", n)
		return exitWith(exitInternal)
	}
	return nil
}
