package contact

import (
	"context"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
	"cadastro/internal/normalize"
)

// Service reads and edits contacts one by one. It is safe for concurrent use.
type Service struct {
	DB      *db.DB
	Now     func() time.Time
	Zone    *time.Location // of the dates in filters; nil for UTC
	Country string         // of phone numbers that name none; "" for BR
	// HouseOf gives zone and country for a workspace, where they are not the same for all; nil for Zone and Country.
	HouseOf func(ctx context.Context, q db.Querier, workspace int64) (zone *time.Location, country string, err error)
	Bin     time.Duration // how long a deleted contact can be restored; 0 for 30 days
	// BinOf gives that for a workspace, where it is not the same for all; nil for Bin.
	BinOf func(workspace int64) time.Duration
	Wake  func() // called when a job was enqueued, to save the wait for the runner's next look; nil for none

	counts counts
}

// Get gives one contact that the actor sees, also one in the bin.
func (s *Service) Get(ctx context.Context, workspace int64, id ID) (*Contact, error) {
	var c *Contact
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		sight, err := sightOf(ctx, q, workspace, auth.ContactsRead)
		if err != nil {
			return err
		}
		c, err = loadSeen(ctx, q, workspace, id, sight, false)
		return err
	})
	return c, err
}

// Query says which contacts to list. Text is a part of a name in any case, with or without accents, a part of a
// phone in any spelling, or of an e-mail, tax id or external id; "" for all. After is the id behind which to go
// on, Bin lists the bin instead.
type Query struct {
	Text  string
	After ID
	Limit int
	Bin   bool
}

// Find lists contacts in the order of their ids.
func (s *Service) Find(ctx context.Context, workspace int64, query Query) ([]Contact, error) {
	if query.Limit < 1 || query.Limit > 1000 {
		query.Limit = 50
	}
	where := "c.id > $2 AND c.deleted_at IS NULL"
	if query.Bin {
		where = "c.id > $2 AND c.deleted_at IS NOT NULL"
	}
	args := []any{int64(query.After), query.Limit}
	if text := strings.TrimSpace(query.Text); text != "" {
		args = append(args, like(normalize.Fold(text)), like(keyText(text)))
		where += ` AND (c.name_key LIKE $4 ESCAPE '\' OR c.id IN (SELECT contact_id FROM contact_key
			WHERE workspace_id = $1 AND key LIKE $5 ESCAPE '\'))`
	}
	var list []Contact
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		sight, err := sightOf(ctx, q, workspace, auth.ContactsRead)
		if err != nil {
			return err
		}
		if seen := Seen(sight); seen != "" {
			where += " AND " + seen
		}
		list, err = page(ctx, q, workspace, Whole(), where+" ORDER BY c.id LIMIT $3", args...)
		return err
	})
	return list, err
}

// keyText gives the part of an identity key that a person's search text speaks of: the digits of what looks like
// a phone or a document, else the text in lower case.
func keyText(text string) string {
	if d := normalize.PhoneSearchDigits(text); len(d) >= 3 {
		return d
	}
	return strings.ToLower(text)
}

func like(part string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(part) + "%"
}

// Edit sets fields of a contact, each from its text form, as one person's act. version is the one that the person
// saw; where the contact has moved on since, nothing changes and the error is a Conflict.
func (s *Service) Edit(ctx context.Context, workspace int64, actor string, id ID, version int64, values map[string]string) (*Contact, error) {
	var out *Contact
	err := s.act(ctx, workspace, auth.ContactsWrite, func(ctx context.Context, tx *db.Tx, a *act) error {
		old, err := loadSeen(ctx, tx, workspace, id, a.sight, true)
		if err != nil {
			return err
		}
		if old.Deleted {
			return notFound(id)
		}
		if old.Version != version {
			return errs.New(errs.Conflict, "contact.changed", "id", int64(id), "version", old.Version)
		}
		c := old.Clone()
		for key, text := range values {
			if key == FieldDeleted || key == FieldTyped {
				return errs.New(errs.Invalid, "contact.field_unknown", "field", key)
			}
			if err := c.SetText(key, text); err != nil {
				return errs.Wrap(err, errs.Invalid, "contact.field_unknown", "field", key)
			}
		}
		out = old
		changes := Diff(old, c)
		if len(changes) == 0 {
			return nil
		}
		c.MarkTyped(changes, true)
		now := s.Now().UnixMicro()
		set, err := journal.Open(ctx, tx, workspace, journal.Set{Kind: journal.KindEdit, Actor: actor, MadeAt: now})
		if err != nil {
			return err
		}
		c.Version, c.ChangedBy, c.UpdatedAt = old.Version+1, int64(set), now
		out = c
		return Write(ctx, tx, Stamp{Workspace: workspace, Set: set, Now: now}, nil, []Update{{Old: old, New: c, Changes: Diff(old, c)}})
	})
	return out, err
}

// Catalogue gives the tags, custom fields and members of a workspace and the groups that the actor sees.
func (s *Service) Catalogue(ctx context.Context, workspace int64) (*Catalogue, error) {
	var cat *Catalogue
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		sight, err := sightOf(ctx, q, workspace, auth.ContactsRead)
		if err != nil {
			return err
		}
		if cat, err = LoadCatalogue(ctx, q, workspace); err != nil {
			return err
		}
		cat.Hide(sight)
		return nil
	})
	return cat, err
}
