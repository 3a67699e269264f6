package cli

import (
	"strings"

	"cadastro/internal/app"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/layout"
	"cadastro/internal/table"
)

// recognised is the system that wrote a file, as JSON. PhonePreset and Strict are the system's own strictness, which
// an import may choose.
type recognised struct {
	Key         string             `json:"key"`
	Name        string             `json:"name"`
	PhonePreset string             `json:"phone_preset,omitempty"`
	Strict      *layout.Strictness `json:"strict,omitempty"`
}

func (s *session) recognised(in *importer.Inspection) *recognised {
	if in.Layout == nil {
		return nil
	}
	r := &recognised{Key: in.Layout.Key, Name: s.text.T("layout.name." + in.Layout.Key), PhonePreset: in.Layout.Preset}
	if !in.Layout.Strictness.Zero() {
		r.Strict = &in.Layout.Strictness
	}
	return r
}

// printLayout tells which system wrote a file and, where offers is set, which strictness of its own could be asked for.
func (s *session) printLayout(in *importer.Inspection, offers bool) {
	r := s.recognised(in)
	if r == nil {
		return
	}
	s.line("%s", s.text.T("layout.recognised", "name", r.Name))
	if offers && r.PhonePreset != "" {
		s.line("%s", s.text.T("layout.offer."+r.PhonePreset, "name", r.Name))
	}
	if offers && r.Strict != nil {
		s.line("%s", s.text.T("layout.offer_strict", "name", r.Name, "key", r.Key))
	}
}

// strictly reads a file as the system with the layout does, which refuses it whole for a fault in one place.
func (s *session) strictly(src table.Source, in *importer.Inspection, key string) error {
	strict, ok := layout.StrictOf(key)
	if !ok {
		return errs.New(errs.Invalid, "layout.not_strict", "key", key, "keys", strings.Join(layout.StrictKeys(), ", "))
	}
	r, err := table.Open(s.ctx, src, in.Guess.Dialect, app.Limits(s.cfg))
	if err != nil {
		return err
	}
	defer r.Close()
	return strict.Check(&in.Guess, r)
}
