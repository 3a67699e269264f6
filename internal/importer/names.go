package importer

import (
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

// namer turns names of tags and groups into ids: those of the base, or ids below zero for names that a plan brings.
type namer struct {
	cat    *contact.Catalogue
	known  map[string]int64 // "t" or "g" and folded name -> id below zero
	tags   []string         // names that do not exist yet
	groups []string
}

func newNamer(cat *contact.Catalogue, tags, groups []string) *namer {
	n := &namer{cat: cat, known: map[string]int64{}, tags: tags, groups: groups}
	for i, name := range tags {
		n.known["t"+normalize.Fold(name)] = -int64(i + 1)
	}
	for i, name := range groups {
		n.known["g"+normalize.Fold(name)] = -int64(i + 1)
	}
	return n
}

// wishes resolves the tags and the group for all contacts; those that do not exist yet are made at the start.
func (n *namer) wishes(l *layout, set *Settings) error {
	for _, name := range set.Tags {
		id, ok := n.tag(name)
		if !ok {
			return errs.New(errs.Invalid, "import.too_many_tags", "limit", maxNewNames)
		}
		l.tags = withID(l.tags, id)
	}
	if set.ImportTag != "" {
		l.importTag, _ = n.tag(set.ImportTag)
	}
	if set.Group != "" {
		l.group, _ = n.group(set.Group)
	}
	return nil
}

func (n *namer) tag(name string) (int64, bool) {
	if t, ok := n.cat.Tags[normalize.Fold(name)]; ok {
		return t.ID, true
	}
	return n.name("t", name, &n.tags)
}

func (n *namer) group(name string) (int64, bool) {
	if g, ok := n.cat.Groups[normalize.Fold(name)]; ok {
		return g.ID, true
	}
	return n.name("g", name, &n.groups)
}

// name gives the id below zero of a name that does not exist yet; ok is false where there are too many.
func (n *namer) name(kind, name string, list *[]string) (int64, bool) {
	key := kind + normalize.Fold(name)
	id, ok := n.known[key]
	if !ok {
		if len(*list) >= maxNewNames {
			return 0, false
		}
		*list = append(*list, name)
		id = -int64(len(*list))
		n.known[key] = id
	}
	return id, true
}

// names turns the row's tag and group names into ids.
func (n *namer) names(rec *Record) {
	if len(rec.TagNames)+len(rec.GroupNames) == 0 || errs.Worst(rec.Issues) == errs.Reject {
		return
	}
	tooMany := ""
	for _, name := range rec.TagNames {
		id, ok := n.tag(name)
		if !ok {
			tooMany = name
			continue
		}
		rec.Tags = withID(rec.Tags, id)
	}
	for _, name := range rec.GroupNames {
		id, ok := n.group(name)
		if !ok {
			tooMany = name
			continue
		}
		rec.Groups = withID(rec.Groups, id)
	}
	if tooMany != "" {
		rec.Issues = append(rec.Issues, errs.NewIssue(errs.Reject, "row.too_many_tags", tooMany, "limit", maxNewNames))
	}
}
