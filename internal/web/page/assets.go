package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"

	"cadastro/internal/server/route"
)

//go:embed static
var static embed.FS

// Assets are the static files: style, scripts, fonts and icons. Their address holds a hash of all of them, so that a
// browser keeps them for good and a new version is loaded at once.
type Assets struct {
	files   fs.FS
	version string
}

func newAssets() (*Assets, error) {
	files, err := fs.Sub(static, "static")
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		buf, err := fs.ReadFile(files, name)
		fmt.Fprintf(sum, "%s %d\n", name, len(buf))
		sum.Write(buf)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Assets{files: files, version: hex.EncodeToString(sum.Sum(nil))[:12]}, nil
}

// URL gives the address of a file.
func (a *Assets) URL(name string) string { return "/assets/" + a.version + "/" + name }

// Route gives the entry of the route table that serves the files.
func (a *Assets) Route() route.Route {
	return route.Route{Method: http.MethodGet, Pattern: "/assets/{version}/{name...}", Access: route.Static(), Handler: http.HandlerFunc(a.serve)}
}

func (a *Assets) serve(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	info, err := fs.Stat(a.files, name)
	if err != nil || info.IsDir() {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	if r.PathValue("version") == a.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache") // a page of another version, while the program is replaced
	}
	switch ext := path.Ext(name); ext {
	case ".woff2":
		h.Set("Content-Type", "font/woff2") // not every system's table has it
	default:
		h.Set("Content-Type", mime.TypeByExtension(ext))
	}
	http.ServeFileFS(w, r, a.files, name)
}

// Icon draws one of the icons of static/icons.svg; size is "" for 16 px, "s" for 14, "l" for 20. Icons say nothing to a
// screen reader: the words beside them do.
func (b Base) Icon(name string, size ...string) template.HTML {
	class := "i"
	if len(size) > 0 {
		class += " " + size[0]
	}
	return template.HTML(`<svg class="` + template.HTMLEscapeString(class) + `" aria-hidden="true"><use href="` +
		template.HTMLEscapeString(b.kit.Assets.URL("icons.svg")+"#"+name) + `"/></svg>`)
}
