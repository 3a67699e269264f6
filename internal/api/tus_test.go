package api_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
)

// TestUpload: by tus through the whole server, up to the import.
func TestUpload(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c := serve(t, k)
		tus := header("Tus-Resumable", "1.0.0")
		r := c.post("/uploads", nil, tus, header("Upload-Length", strconv.Itoa(len(people))), header("Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte("lista.csv")))).want(201)
		path := strings.TrimPrefix(r.Header.Get("Location"), api.Prefix)
		chunk := header("Content-Type", "application/offset+octet-stream")
		c.do(http.MethodPatch, path, people[:40], tus, chunk, header("Upload-Offset", "0")).want(204)
		if u := parsed[api.Upload](c.get(path).want(200)); u.Received != 40 || u.Import != 0 || u.Name != "lista.csv" {
			t.Errorf("%+v", u)
		}
		id := path[strings.LastIndexByte(path, '/')+1:]
		c.post("/imports/from-upload", map[string]any{"upload": id}).problem(409, "upload.not_whole")
		as(t, k, auth.Manager).do(http.MethodHead, path, nil, tus).want(404)
		as(t, k.Other(), auth.Admin).do(http.MethodHead, path, nil, tus).want(404)
		c.do(http.MethodPatch, path, people[41:], tus, chunk, header("Upload-Offset", "41")).problem(409, "upload.offset")
		r = c.do(http.MethodPatch, path, people[40:], tus, chunk, header("Upload-Offset", "40")).want(204)
		n, err := strconv.ParseInt(r.Header.Get("Import-Id"), 10, 64)
		if err != nil || r.Header.Get("Location") != at("/api/v1/imports", n) {
			t.Fatal(r.Header)
		}
		imp := parsed[*api.Import](c.get(at("/imports", n)).want(200))
		if imp.File.Name != "lista.csv" || imp.File.Bytes != int64(len(people)) {
			t.Errorf("%+v", imp.File)
		}
		if again := parsed[*api.Import](c.post("/imports/from-upload", map[string]any{"upload": id}).want(201)); again.ID != n {
			t.Errorf("another import: %d", again.ID)
		}
		c.do(http.MethodPatch, path, "x", tus, chunk, header("Upload-Offset", "0"), header("Tus-Resumable", "0.1")).problem(412, "upload.tus_version")
	})
}

// clientEnv names a folder with tus-js-client in its node_modules: "npm install tus-js-client" makes one.
const clientEnv = "CADASTRO_TEST_TUS_CLIENT"

const clientScript = `
const tus = require('tus-js-client'), fs = require('fs');
const [, file, endpoint, token] = process.argv;
let cut = 0;
const upload = new tus.Upload(fs.createReadStream(file), {
  endpoint, chunkSize: 70000, uploadSize: fs.statSync(file).size, retryDelays: [0, 50, 100],
  metadata: {filename: 'relação.csv'}, headers: {Authorization: 'Bearer ' + token},
  onBeforeRequest(req) {
    // The second chunk is aborted on its way, so that the client has to ask where to go on.
    if (req.getMethod() === 'PATCH' && ++cut === 2) setTimeout(() => req.getUnderlyingObject().destroy(new Error('cable')), 0);
  },
  onError(e) { console.error(String(e)); process.exit(1); },
  onSuccess({lastResponse}) { console.log(lastResponse.getHeader('Import-Id')); },
});
upload.start();
`

// TestOfficialClient: the protocol's own client gets a file through, over a connection that breaks once.
func TestOfficialClient(t *testing.T) {
	t.Parallel()
	folder := os.Getenv(clientEnv)
	if folder == "" {
		t.Skip(clientEnv + " names no folder with tus-js-client")
	}
	c := serve(t, apptest.New(t))
	content := []byte("Nome;Celular\n" + strings.Repeat("Ana Prado;(11) 98765-4321\n", 20_000))
	file := filepath.Join(t.TempDir(), "lista.csv")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "-e", clientScript, file, c.kit.URL+api.Prefix+"/uploads", c.token)
	cmd.Dir = folder
	var out, fault bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &fault
	if err := cmd.Run(); err != nil {
		t.Fatal(err, fault.String())
	}
	id, err := strconv.ParseInt(strings.TrimSpace(out.String()), 10, 64)
	if err != nil {
		t.Fatal(err, out.String())
	}
	if imp := parsed[*api.Import](c.get(at("/imports", id)).want(200)); imp.File.Name != "relação.csv" || imp.File.Bytes != int64(len(content)) {
		t.Errorf("%+v", imp.File)
	}
}
