package api

import (
	"context"
	"net/http"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/server/route"
)

// uploads registers resumable uploads: the requests of the tus protocol, which are no JSON, and one that is.
func (a *API) uploads() {
	for _, r := range []struct {
		method, path string
		handle       http.HandlerFunc
	}{
		{http.MethodOptions, "/uploads", a.tus.Options},
		{http.MethodPost, "/uploads", a.tus.Create},
		{http.MethodHead, "/uploads/{id}", a.tus.Head},
		{http.MethodPatch, "/uploads/{id}", a.tus.Patch},
		{http.MethodDelete, "/uploads/{id}", a.tus.Delete},
		{http.MethodPost, "/uploads/{id}", a.tus.Override},
	} {
		one := route.Route{Method: r.method, Pattern: Prefix + r.path, API: true, Access: route.Needs(auth.ImportsRun), Handler: r.handle, MaxBody: -1}
		if r.path != "/uploads" {
			one.Object = "upload"
		}
		a.routes = append(a.routes, one)
	}
	add(a, op{id: "get-upload", method: http.MethodGet, path: "/uploads/{id}", tag: "Uploads", may: auth.ImportsRun, object: "upload", summary: "Get a resumable upload",
		text: "Uploads speak the tus protocol 1.0.0 (creation, creation-with-upload, expiration, checksum, termination) at `/uploads`: any tus client will do. " +
			"The last PATCH opens the import: its answer has the header Import-Id."}, a.getUpload)
}

// Upload is a file that comes in parts.
type Upload struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Size     int64     `json:"size"`
	Received int64     `json:"received"`
	Import   int64     `json:"import_id,omitempty" doc:"The import that was opened for it, once it was whole."`
	Expires  time.Time `json:"expires_at" doc:"When it is dropped if nothing comes any more."`
}

type uploadPath struct {
	ID string `path:"id" maxLength:"64"`
}

func (a *API) getUpload(ctx context.Context, in *uploadPath) (*struct{ Body Upload }, error) {
	u, err := a.tus.Service.Get(ctx, workspace(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Upload }{Upload{u.ID, u.Name, u.Size, u.Received, u.Import, u.ExpiresAt.UTC()}}, nil
}
