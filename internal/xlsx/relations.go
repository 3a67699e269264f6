package xlsx

import (
	"net/url"
	"path"
	"strings"

	"cadastro/internal/sheet"
	"cadastro/internal/sheet/xmlscan"
)

// relation is a link from one part to another. kind is the last word of its type, which strict and transitional
// files share; target is the name of the part, without a slash in front.
type relation struct{ kind, target string }

type relations struct {
	byID map[string]relation
	list []relation
}

// relations reads the relations of a part ("" for the package); no file of relations is no error. External targets
// are left out: they are never followed.
func (b *Book) relations(part string) (relations, error) {
	out := relations{byID: map[string]relation{}}
	dir, base := path.Split(part)
	name := dir + "_rels/" + base + ".rels"
	if b.zip.Find(name) == nil {
		return out, nil
	}
	s, done, err := b.scan(name)
	if err != nil {
		return out, err
	}
	defer done()
	for {
		tok, err := s.Next()
		if err != nil || tok == xmlscan.EOF {
			return out, err
		}
		if tok != xmlscan.Start || !s.Is("Relationship") || strings.EqualFold(s.Attr("TargetMode"), "External") {
			continue
		}
		if len(out.list) == 1<<16 {
			return out, sheet.Corrupt(errManyRels)
		}
		kind := s.Attr("Type")
		rel := relation{kind: kind[strings.LastIndexByte(kind, '/')+1:], target: resolve(dir, s.Attr("Target"))}
		out.byID[s.Attr("Id")] = rel
		out.list = append(out.list, rel)
	}
}

// resolve gives the part that a target names, seen from the folder dir: absolute or relative, with slashes of both
// kinds. It cannot leave the package: names are keys of the archive only.
func resolve(dir, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if plain, err := url.PathUnescape(target); err == nil {
		target = plain
	}
	if !strings.HasPrefix(target, "/") {
		target = "/" + dir + target
	}
	return strings.TrimPrefix(path.Clean(target), "/")
}
