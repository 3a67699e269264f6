package cli

import (
	"cadastro/internal/importer"
	"cadastro/internal/layout"
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
}
