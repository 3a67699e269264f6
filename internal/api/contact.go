package api

import (
	"context"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
)

// Contact is one person or company.
type Contact struct {
	ID           int64             `json:"id"`
	Version      int64             `json:"version" doc:"Grows with every change. Send it as If-Match to change the contact."`
	Fields       map[string]string `json:"fields" nullable:"false" doc:"Field key to value, those that have one: name, company, address.city, custom.12 and so on. Dates are 2026-11-21."`
	Channels     []Channel         `json:"channels" nullable:"false" doc:"Addresses, the primary one of a kind first."`
	Tags         []Named           `json:"tags" nullable:"false"`
	Groups       []Named           `json:"groups" nullable:"false"`
	Owner        *Named            `json:"owner,omitempty" doc:"The member who answers for the contact."`
	DoNotContact bool              `json:"do_not_contact"`
	Source       string            `json:"source" doc:"Where it came from: import, manual, api, inbound."`
	Deleted      bool              `json:"deleted,omitempty" doc:"It is in the bin."`
	CreatedAt    time.Time         `json:"created_at"`
	UpdatedAt    time.Time         `json:"updated_at"`
}

// Channel is one address of a contact.
type Channel struct {
	Kind        string     `json:"kind" enum:"phone,email,whatsapp,bsuid,telegram"`
	Value       string     `json:"value" doc:"In normal form; phones as E.164."`
	Raw         string     `json:"raw,omitempty" doc:"As it was typed, where that is something else."`
	Label       string     `json:"label,omitempty"`
	Basis       string     `json:"basis,omitempty" doc:"Legal basis for writing to it (LGPD art. 7)."`
	BasisSource string     `json:"basis_source,omitempty"`
	BasisAt     *time.Time `json:"basis_at,omitempty"`
	OptedOutAt  *time.Time `json:"opted_out_at,omitempty"`
}

// Named is a thing with a number and a name.
type Named struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

func contactOf(c *contact.Contact, cat *contact.Catalogue) *Contact {
	out := &Contact{ID: int64(c.ID), Version: c.Version, Fields: map[string]string{}, Channels: []Channel{}, Tags: []Named{}, Groups: []Named{},
		DoNotContact: c.DoNotContact, Source: c.Source, Deleted: c.Deleted, CreatedAt: time.UnixMicro(c.CreatedAt).UTC(), UpdatedAt: time.UnixMicro(c.UpdatedAt).UTC()}
	for s := range contact.NumScalars {
		if v := c.Scalars[s]; v != "" && s != contact.Owner {
			out.Fields[s.Key()] = v
		}
	}
	for _, v := range c.Custom {
		out.Fields[contact.CustomKey(v.ID)] = v.Value
	}
	for i := range c.Channels {
		ch := &c.Channels[i]
		out.Channels = append(out.Channels, Channel{Kind: string(ch.Kind), Value: ch.Value, Raw: ch.Raw, Label: ch.Label, Basis: ch.Basis, BasisSource: ch.BasisSource,
			BasisAt: micros(ch.BasisAt), OptedOutAt: micros(ch.OptedOutAt)})
	}
	for _, id := range c.Tags {
		out.Tags = append(out.Tags, Named{id, cat.TagName(id)})
	}
	for _, id := range c.Groups {
		if name := cat.GroupName(id); name != "" {
			out.Groups = append(out.Groups, Named{id, name})
		}
	}
	if id, err := strconv.ParseInt(c.Scalars[contact.Owner], 10, 64); err == nil {
		out.Owner = &Named{id, cat.MemberName(c.Scalars[contact.Owner])}
	}
	return out
}

// ContactInput is what a contact is to be. What is left out stays as it is.
type ContactInput struct {
	Fields       map[string]string         `json:"fields,omitempty" doc:"Field key to text as people write it; empty clears. owner is a member's number or name."`
	Channels     map[string][]ChannelInput `json:"channels,omitempty" doc:"Kind to all addresses of the kind, the primary first; an empty list clears."`
	Tags         *[]string                 `json:"tags,omitempty" doc:"Names of all its tags; those that do not exist are made."`
	Groups       *[]int64                  `json:"groups,omitempty" doc:"Numbers of all its groups."`
	DoNotContact *bool                     `json:"do_not_contact,omitempty"`
}

// ChannelInput is one address as typed.
type ChannelInput struct {
	Value       string `json:"value" maxLength:"500"`
	Label       string `json:"label,omitempty" maxLength:"100"`
	Basis       string `json:"basis,omitempty" maxLength:"100" doc:"Left out, the consent of an address that is there already stays."`
	BasisSource string `json:"basis_source,omitempty" maxLength:"500"`
	OptedOut    *bool  `json:"opted_out,omitempty"`
}

func (in *ContactInput) input() contact.Input {
	out := contact.Input{Fields: in.Fields, Tags: in.Tags, Groups: in.Groups, Blocked: in.DoNotContact}
	if in.Channels != nil {
		out.Channels = map[contact.Kind][]contact.ChannelInput{}
	}
	for kind, list := range in.Channels {
		to := []contact.ChannelInput{}
		for _, c := range list {
			to = append(to, contact.ChannelInput{Value: c.Value, Label: c.Label, Basis: c.Basis, BasisSource: c.BasisSource, OptedOut: c.OptedOut})
		}
		out.Channels[contact.Kind(kind)] = to
	}
	return out
}

// etag writes a version as an entity tag.
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// versionOf reads the version that the caller saw. Error: api.version_missing, api.version_bad.
func versionOf(match string) (int64, error) {
	match = strings.TrimPrefix(strings.TrimSpace(match), "W/")
	if match == "" {
		return 0, at("header.If-Match", errs.New(errs.Invalid, "api.version_missing"))
	}
	n, err := strconv.ParseInt(strings.Trim(match, `"`), 10, 64)
	if err != nil || n < 0 {
		return 0, at("header.If-Match", errs.New(errs.Invalid, "api.version_bad"))
	}
	return n, nil
}

// oneContact is the answer with one contact.
type oneContact struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     *Contact
}

func (a *API) contactAnswer(ctx context.Context, c *contact.Contact) (*oneContact, error) {
	cat, err := a.app.Contacts.Catalogue(ctx, workspace(ctx))
	if err != nil {
		return nil, err
	}
	return &oneContact{ETag: etag(c.Version), Body: contactOf(c, cat)}, nil
}
