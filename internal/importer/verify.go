package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
)

// Fault is a promise that the base does not keep, found by [Service.Verify].
type Fault struct {
	Rule  string `json:"rule"`
	Where string `json:"where"`
	Have  string `json:"have"`
	Want  string `json:"want"`
}

// Verify counts again what must agree: the outcomes of every import with its rows, its counters and the contacts
// that it made; the identity keys, tags and groups of all contacts with the tables that find contacts by them.
// It reads the whole base.
func (s *Service) Verify(ctx context.Context, workspace int64) ([]Fault, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
	imports, err := s.List(ctx, workspace, 0, 1<<31)
	if err != nil {
		return nil, err
	}
	v := &verifier{s: s, workspace: workspace}
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		for _, imp := range imports {
			if err := v.imp(ctx, q, imp); err != nil {
				return err
			}
		}
		return v.contacts(ctx, q)
	})
	return v.faults, err
}

type verifier struct {
	s         *Service
	workspace int64
	faults    []Fault
}

func (v *verifier) want(rule, where string, have, want int64) {
	if have != want {
		v.faults = append(v.faults, Fault{rule, where, strconv.FormatInt(have, 10), strconv.FormatInt(want, 10)})
	}
}

// imp checks one import that has been applied, as far as it has.
func (v *verifier) imp(ctx context.Context, q db.Querier, imp *Import) error {
	if imp.Set == 0 || imp.planKey == "" {
		return nil
	}
	where := fmt.Sprintf("import %d", imp.ID)
	plan, err := v.s.openPlan(ctx, imp)
	if err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	defer plan.Close()
	var rows, total int64
	var counts Counts
	made := map[contact.ID]struct{}{}
	for i, ref := range plan.index.Chunks {
		total += int64(ref.Rows)
		if int64(i) >= imp.NextChunk {
			continue
		}
		out, err := outcomes(ctx, q, imp, int64(i), ref.Rows)
		if err != nil {
			return fmt.Errorf("%s: chunk %d: %w", where, i, err)
		}
		for j := range out {
			rows++
			counts.add(out[j].outcome, 1)
			if out[j].outcome == RowImported {
				made[out[j].contact] = struct{}{}
			}
		}
	}
	v.want("rows of the plan = rows of the import", where, total, imp.Rows)
	v.want("every applied row has one outcome", where, counts.Sum(), rows)
	v.want("imported", where, imp.Counts.Imported, counts.Imported)
	v.want("updated", where, imp.Counts.Updated, counts.Updated)
	v.want("skipped", where, imp.Counts.Skipped, counts.Skipped)
	v.want("errors", where, imp.Counts.Errors, counts.Errors)
	v.want("a contact for every imported row", where, int64(len(made)), counts.Imported)
	if imp.State == Done {
		v.want("no row without outcome", where, rows, total)
	}
	var created, journalled int64
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM contact WHERE workspace_id = $1 AND created_by = $2", v.workspace, int64(imp.Set)).Scan(&created)
	if err != nil {
		return err
	}
	v.want("contacts made", where, created, counts.Imported)
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM journal WHERE workspace_id = $1 AND change_set_id = $2", v.workspace, int64(imp.Set)).Scan(&journalled)
	if err != nil {
		return err
	}
	v.want("journal entries", where, journalled, counts.Updated)
	var chunks int64
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM import_chunk WHERE workspace_id = $1 AND import_id = $2", v.workspace, int64(imp.ID)).Scan(&chunks)
	v.want("chunks", where, chunks, imp.NextChunk)
	return err
}

// contacts checks that what finds contacts agrees with the contacts.
func (v *verifier) contacts(ctx context.Context, q db.Querier) error {
	var keys, tags, groups int64
	err := contact.Each(ctx, q, v.workspace, func(c *contact.Contact) error {
		keys += int64(len(c.Keys(nil)))
		tags += int64(len(c.Tags))
		groups += int64(len(c.Groups))
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range []struct {
		rule, table, match string
		want               int64
	}{
		{"identity keys", "contact_key", "", keys},
		{"members of tags", "tag_contact", "c.tags || ',' LIKE '%,' || t.tag_id || ',%'", tags},
		{"members of groups", "group_contact", "c.groups || ',' LIKE '%,' || t.group_id || ',%'", groups},
	} {
		var n int64
		if err := q.QueryRow(ctx, "SELECT COUNT(*) FROM "+t.table+" WHERE workspace_id = $1", v.workspace).Scan(&n); err != nil {
			return err
		}
		v.want(t.rule, t.table, n, t.want)
		if t.match == "" {
			continue
		}
		err := q.QueryRow(ctx, "SELECT COUNT(*) FROM "+t.table+" t JOIN contact c ON c.workspace_id = t.workspace_id AND c.id = t.contact_id WHERE t.workspace_id = $1 AND ',' || "+t.match, v.workspace).Scan(&n)
		if err != nil {
			return err
		}
		v.want(t.rule+" that the contact knows of", t.table, n, t.want)
	}
	return nil
}

// Digest is a hash over all that the base says of its contacts: fields, addresses, tags and groups by name and the
// bin, but no times, versions and change sets, which differ from run to run. Two bases with equal digests hold
// the same contacts under the same ids.
func (s *Service) Digest(ctx context.Context, workspace int64) (string, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRead); err != nil {
		return "", err
	}
	h := sha256.New()
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		cat, err := contact.LoadCatalogue(ctx, q, workspace)
		if err != nil {
			return err
		}
		return contact.Each(ctx, q, workspace, func(c *contact.Contact) error {
			digestContact(h, c, cat)
			return nil
		})
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

func digestContact(h hash.Hash, c *contact.Contact, cat *contact.Catalogue) {
	fmt.Fprintf(h, "%d|%q|%v|%v|", c.ID, c.Scalars, c.Custom, c.Deleted)
	for i := range c.Channels {
		ch := c.Channels[i]
		fmt.Fprintf(h, "%q%q%q%q%q%v%v,", ch.Kind, ch.Value, ch.Raw, ch.Label, ch.Basis, ch.BasisAt != 0, ch.OptedOutAt != 0)
	}
	names := func(ids []int64, name func(int64) string) string {
		list := make([]string, len(ids))
		for i, id := range ids {
			list[i] = name(id)
		}
		slices.Sort(list)
		return strings.Join(list, "\x00")
	}
	fmt.Fprintf(h, "|%q|%q\n", names(c.Tags, cat.TagName), names(c.Groups, cat.GroupName))
}
