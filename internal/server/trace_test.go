package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/importer"
	"cadastro/internal/server/route"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// TestTraces: a collector gets a span for a request, and for the job of an import with its chunks beneath it, without a path, a query or
// a word of the file.
func TestTraces(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var spans []*trace.Span
	var raw []byte
	to := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var in collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(body, &in)
		}
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		raw = append(raw, body...)
		for _, rs := range in.ResourceSpans {
			for _, ss := range rs.ScopeSpans {
				spans = append(spans, ss.Spans...)
			}
		}
	}))
	defer to.Close()

	t.Run("work", func(t *testing.T) { // the app ends with it, and sends what is left
		k := apptest.New(t, func(c *config.Config) { c.Trace.Endpoint = to.URL })
		k.Serve([]route.Route{{Method: "GET", Pattern: "/pages/{id}", Access: route.Public(), Handler: http.HandlerFunc(greet)}}, nil)
		do(t, "GET", k.URL+"/pages/secret-path?q=secret-query", nil)
		imp := k.Reviewed("secret-name.csv", "Nome;Celular\r\nSecret Person;(11) 98765-4321\r\n")
		if _, err := k.App.Imports.Start(k.As(auth.Manager), k.Workspace, imp.ID); err != nil {
			t.Fatal(err)
		}
		for imp.State != importer.Done {
			var err error
			if imp, err = k.App.Imports.Get(k.As(auth.Manager), k.Workspace, imp.ID); err != nil {
				t.Fatal(err)
			}
			if imp.State == importer.Failed {
				t.Fatal(imp.Err)
			}
		}
	})
	mu.Lock()
	defer mu.Unlock()
	find := func(name string) *trace.Span {
		t.Helper()
		i := slices.IndexFunc(spans, func(s *trace.Span) bool { return s.Name == name })
		if i < 0 {
			var names []string
			for _, s := range spans {
				names = append(names, s.Name)
			}
			t.Fatalf("no span %q among %q", name, names)
		}
		return spans[i]
	}
	find("GET /pages/{id}")
	apply, chunk := find("job import.apply"), find("import.chunk")
	if string(chunk.TraceId) != string(apply.TraceId) || len(chunk.ParentSpanId) == 0 {
		t.Error("the chunk does not lie beneath its job")
	}
	if strings.Contains(strings.ToLower(string(raw)), "secret") || strings.Contains(string(raw), "98765") {
		t.Error("a span tells what is nobody's business")
	}
}
