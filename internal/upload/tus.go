package upload

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/http"
	"strconv"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
)

// The tus protocol as it is spoken here (tus.io/protocols/resumable-upload, version 1.0.0).
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,creation-with-upload,expiration,checksum,termination"
	tusAlgorithms = "sha1,sha256"
	tusType       = "application/offset+octet-stream"

	maxMetadata = 4 << 10 // bytes of Upload-Metadata
)

// statusChecksum is what tus answers where a checksum differs.
const statusChecksum = 460

// Tus answers the requests of the protocol, for whom ctx says. The server has to hand it requests that it lets in only.
type Tus struct {
	Service *Service
	Base    string // path under which uploads stand, e.g. "/api/v1/uploads"
	Imports string // path under which imports stand
	// Problem answers with an error; status 0 stands for that of its kind.
	Problem func(w http.ResponseWriter, r *http.Request, status int, err error)
}

// Options tells what the server can do.
func (t *Tus) Options(w http.ResponseWriter, _ *http.Request) {
	h := t.header(w)
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", tusExtensions)
	h.Set("Tus-Checksum-Algorithm", tusAlgorithms)
	h.Set("Tus-Max-Size", strconv.FormatInt(t.Service.MaxSize, 10))
	w.WriteHeader(http.StatusNoContent)
}

// Create begins an upload, and takes the first bytes where the request has some.
func (t *Tus) Create(w http.ResponseWriter, r *http.Request) {
	if !t.version(w, r) {
		return
	}
	size, ok := t.number(w, r, "Upload-Length")
	if !ok {
		return
	}
	metadata := r.Header.Get("Upload-Metadata")
	fields, ok := parseMetadata(metadata)
	if !ok {
		t.Problem(w, r, http.StatusBadRequest, errs.New(errs.Invalid, "upload.tus_header", "header", "Upload-Metadata"))
		return
	}
	name := fields["filename"]
	if name == "" {
		name = fields["name"]
	}
	with := r.Header.Get("Content-Type") == tusType
	if !with && r.ContentLength > 0 {
		t.Problem(w, r, http.StatusUnsupportedMediaType, errs.New(errs.Invalid, "upload.tus_type", "type", tusType))
		return
	}
	u, err := t.Service.Create(r.Context(), workspace(r), name, metadata, size)
	if err != nil {
		t.Problem(w, r, 0, err)
		return
	}
	h := t.header(w)
	h.Set("Location", t.Base+"/"+u.ID)
	if with && !t.append(w, r, u, 0) {
		return
	}
	if u.Whole() && !t.complete(w, r, u) {
		return
	}
	t.state(w, u)
	w.WriteHeader(http.StatusCreated)
}

// Head tells how much has arrived.
func (t *Tus) Head(w http.ResponseWriter, r *http.Request) {
	if !t.version(w, r) {
		return
	}
	t.header(w).Set("Cache-Control", "no-store")
	u, err := t.Service.Get(r.Context(), workspace(r), r.PathValue("id"))
	if err != nil {
		t.Problem(w, r, 0, err)
		return
	}
	// All bytes had arrived and the answer had not: here the client gets it.
	if u.Whole() && !t.complete(w, r, u) {
		return
	}
	t.state(w, u)
	w.Header().Set("Upload-Length", strconv.FormatInt(u.Size, 10))
	if u.Metadata != "" {
		w.Header().Set("Upload-Metadata", u.Metadata)
	}
	w.WriteHeader(http.StatusOK)
}

// Patch adds to an upload. The last one opens the import: its answer has Import-Id, and Location leads there.
func (t *Tus) Patch(w http.ResponseWriter, r *http.Request) {
	if !t.version(w, r) {
		return
	}
	if r.Header.Get("Content-Type") != tusType {
		t.Problem(w, r, http.StatusUnsupportedMediaType, errs.New(errs.Invalid, "upload.tus_type", "type", tusType))
		return
	}
	offset, ok := t.number(w, r, "Upload-Offset")
	if !ok {
		return
	}
	u := &Upload{ID: r.PathValue("id"), Workspace: workspace(r)}
	if !t.append(w, r, u, offset) || u.Whole() && !t.complete(w, r, u) {
		return
	}
	t.state(w, u)
	if u.Import != 0 {
		w.Header().Set("Location", t.Imports+"/"+strconv.FormatInt(u.Import, 10))
	}
	w.WriteHeader(http.StatusNoContent)
}

// Delete ends an upload.
func (t *Tus) Delete(w http.ResponseWriter, r *http.Request) {
	if !t.version(w, r) {
		return
	}
	if err := t.Service.Remove(r.Context(), workspace(r), r.PathValue("id")); err != nil {
		t.Problem(w, r, 0, err)
		return
	}
	t.header(w)
	w.WriteHeader(http.StatusNoContent)
}

// Override does what X-HTTP-Method-Override says, for clients whose network lets GET and POST through only.
func (t *Tus) Override(w http.ResponseWriter, r *http.Request) {
	switch r.Header.Get("X-HTTP-Method-Override") {
	case http.MethodPatch:
		t.Patch(w, r)
	case http.MethodDelete:
		t.Delete(w, r)
	case http.MethodHead:
		t.Head(w, r)
	default:
		w.Header().Set("Allow", "DELETE, GET, HEAD, PATCH")
		t.Problem(w, r, http.StatusMethodNotAllowed, errs.New(errs.Invalid, "upload.tus_header", "header", "X-HTTP-Method-Override"))
	}
}

// append adds the body to an upload and brings u up to date; where it fails it has answered.
func (t *Tus) append(w http.ResponseWriter, r *http.Request, u *Upload, offset int64) bool {
	sum, ok := t.checksum(w, r)
	if !ok {
		return false
	}
	now, err := t.Service.Append(r.Context(), u.Workspace, u.ID, offset, Patient(w, r.Body), sum)
	if now != nil {
		*u = *now
	}
	if err != nil {
		status := 0
		if errs.CodeOf(err) == "upload.checksum" {
			status = statusChecksum
		}
		t.Problem(w, r, status, err)
		return false
	}
	return true
}

// complete opens the import of a whole upload; where it fails it has answered.
func (t *Tus) complete(w http.ResponseWriter, r *http.Request, u *Upload) bool {
	id, err := t.Service.Complete(r.Context(), u.Workspace, u.ID)
	if err != nil {
		t.Problem(w, r, 0, err)
		return false
	}
	u.Import = id
	w.Header().Set("Import-Id", strconv.FormatInt(id, 10))
	return true
}

func (t *Tus) state(w http.ResponseWriter, u *Upload) {
	h := t.header(w)
	h.Set("Upload-Offset", strconv.FormatInt(u.Received, 10))
	h.Set("Upload-Expires", u.ExpiresAt.UTC().Format(http.TimeFormat))
}

func (t *Tus) header(w http.ResponseWriter) http.Header {
	w.Header().Set("Tus-Resumable", tusVersion)
	return w.Header()
}

// version refuses a client of another version of the protocol.
func (t *Tus) version(w http.ResponseWriter, r *http.Request) bool {
	h := t.header(w)
	if r.Header.Get("Tus-Resumable") == tusVersion {
		return true
	}
	h.Set("Tus-Version", tusVersion)
	t.Problem(w, r, http.StatusPreconditionFailed, errs.New(errs.Invalid, "upload.tus_version", "version", tusVersion))
	return false
}

// number reads a header that has to hold a number of bytes.
func (t *Tus) number(w http.ResponseWriter, r *http.Request, name string) (int64, bool) {
	n, err := strconv.ParseInt(r.Header.Get(name), 10, 64)
	if err != nil || n < 0 {
		t.Problem(w, r, http.StatusBadRequest, errs.New(errs.Invalid, "upload.tus_header", "header", name))
		return 0, false
	}
	return n, true
}

// checksum reads what the client says of the body, nil where it says nothing.
func (t *Tus) checksum(w http.ResponseWriter, r *http.Request) (*Checksum, bool) {
	value := r.Header.Get("Upload-Checksum")
	if value == "" {
		return nil, true
	}
	algorithm, text, _ := strings.Cut(value, " ")
	var h hash.Hash
	switch algorithm {
	case "sha1":
		h = sha1.New()
	case "sha256":
		h = sha256.New()
	}
	want, err := base64.StdEncoding.DecodeString(text)
	if h == nil || err != nil || len(want) != h.Size() {
		t.header(w).Set("Tus-Checksum-Algorithm", tusAlgorithms)
		t.Problem(w, r, http.StatusBadRequest, errs.New(errs.Invalid, "upload.tus_header", "header", "Upload-Checksum"))
		return nil, false
	}
	return &Checksum{Hash: h, Want: want}, true
}

// parseMetadata reads Upload-Metadata: pairs of key and base64 with commas between, the value left out where it is empty.
func parseMetadata(s string) (map[string]string, bool) {
	fields := map[string]string{}
	if s == "" {
		return fields, true
	}
	if len(s) > maxMetadata {
		return nil, false
	}
	for pair := range strings.SplitSeq(s, ",") {
		key, text, _ := strings.Cut(strings.TrimSpace(pair), " ")
		value, err := base64.StdEncoding.DecodeString(text)
		if key == "" || err != nil {
			return nil, false
		}
		fields[key] = string(value)
	}
	return fields, true
}

// workspace is the actor's; requests without an actor do not get here, and would find nothing in workspace 0.
func workspace(r *http.Request) int64 {
	a, _ := auth.From(r.Context())
	return a.Workspace
}
