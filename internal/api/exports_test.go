package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
)

// TestExports: contacts go out in each format, and a file that is imported again changes nothing.
func TestExports(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c := serve(t, k)
		for _, name := range []string{"Ana Prado", "Beto Lima"} {
			c.post("/contacts", object{"fields": object{"name": name, "notes": "=1+1"}, "channels": object{"email": []object{{"value": strings.ToLower(name[:3]) + "@example.com"}}}}).want(201)
		}
		export := func(in object) (*api.Export, *reply) {
			t.Helper()
			r := c.post("/exports", in).want(202)
			e := parsed[*api.Export](r)
			for deadline := time.Now().Add(20 * time.Second); e.State != "done"; time.Sleep(20 * time.Millisecond) {
				if e = parsed[*api.Export](c.get(at("/exports", e.ID)).want(200)); e.State == "failed" || time.Now().After(deadline) {
					t.Fatalf("%+v", e)
				}
			}
			return e, c.get(at("/exports", e.ID, "/file")).want(200)
		}
		for format, begins := range map[string]string{"csv": "\ufeff", "xlsx": "PK", "vcf": "BEGIN:VCARD", "ndjson": "{"} {
			e, file := export(object{"format": format})
			if e.Total != 2 || e.Done != 2 || e.Bytes != int64(len(file.Body)) || e.ExpiresAt == nil || !strings.HasPrefix(string(file.Body), begins) {
				t.Errorf("%s: %+v %q", format, e, file.Body[:min(len(file.Body), 60)])
			}
			if d := file.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") || !strings.Contains(d, "."+format) {
				t.Errorf("%s: %q", format, d)
			}
		}
		_, some := export(object{"format": "csv", "search": "ana", "fields": []string{"name", "email"}, "keys": true, "delimiter": "semicolon"})
		if got := strings.TrimPrefix(string(some.Body), "\ufeff"); got != "name;email\r\nAna Prado;ana@example.com\r\n" {
			t.Errorf("%q", got)
		}
		_, whole := export(object{"format": "csv"})
		imp := parsed[*api.Import](c.post("/imports?name=volta.csv", whole.Body).want(201))
		c.post(at("/imports", imp.ID, "/review"), nil).want(202)
		if imp = c.wait(imp.ID, "review"); imp.Review.Skipped != 2 || imp.Review.Rows != 2 {
			t.Errorf("%+v", imp.Review)
		}
		if list := parsed[api.Page[*api.Export]](c.get("/exports").want(200)).Items; len(list) != 6 {
			t.Errorf("%d exports", len(list))
		}
		c.post("/exports", object{"fields": []string{"moon"}}).want(422)
		c.post("/exports", object{"format": "pdf"}).problem(422, "api.invalid")
		first := at("/exports", 1)
		as(t, k.Other(), auth.Admin).get(first).want(404)
		as(t, k, auth.Agent).get(first).problem(403, "auth.forbidden")
		(&client{t: t, kit: k, token: k.Token(auth.Manager, auth.ScopeRead|auth.ScopeImport), lang: "en"}).do(http.MethodGet, first+"/file", nil).problem(403, "auth.forbidden")
	})
}
