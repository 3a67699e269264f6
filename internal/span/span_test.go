package span

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"cadastro/internal/errs"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	coll "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// TestTree: spans of the work lie beneath those of requests and jobs, named by pattern and kind, without paths and texts of errors.
func TestTree(t *testing.T) {
	t.Parallel()
	to := tracetest.NewInMemoryExporter()
	p := newProvider(to, 1)
	r := httptest.NewRequest("GET", "/link/secret?q=private", nil)
	r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")

	ctx, end := p.Request(context.Background(), r, true)
	_, done := Start(ctx, "import.chunk", Attr{"rows", 5000})
	done(errs.New(errs.Invalid, "file.empty", "name", "private.csv"))
	end("/link/{secret}", 200)
	_, end = p.Request(context.Background(), r, false)
	end("", 500)
	_, done = p.Job(context.Background(), "import.apply", 7, 1)
	done(errors.New("private text"))
	if err := p.sdk.ForceFlush(context.Background()); err != nil {
		t.Fatal(err)
	}
	got := to.GetSpans()
	if len(got) != 4 {
		t.Fatalf("%d spans", len(got))
	}
	chunk, link, other, job := got[0], got[1], got[2], got[3]
	if chunk.Name != "import.chunk" || chunk.Parent.SpanID() != link.SpanContext.SpanID() || chunk.Status.Description != "file.empty" {
		t.Errorf("chunk: %+v", chunk)
	}
	if link.Name != "GET /link/{secret}" || link.SpanContext.TraceID().String() != "0af7651916cd43dd8448eb211c80319c" || link.Status.Code != codes.Unset {
		t.Errorf("request: %+v", link)
	}
	if other.Name != "GET" || other.Parent.IsValid() || other.Status.Code != codes.Error {
		t.Errorf("request of a stranger: %+v", other)
	}
	if job.Name != "job import.apply" || job.Status.Description != "internal" || job.Parent.IsValid() {
		t.Errorf("job: %+v", job)
	}
	if err := p.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

// TestNothing: without a provider nothing happens, and nothing fails.
func TestNothing(t *testing.T) {
	t.Parallel()
	p, err := Open(context.Background(), "", 1)
	if err != nil || p != nil {
		t.Fatal(p, err)
	}
	ctx, end := p.Request(context.Background(), httptest.NewRequest("GET", "/", nil), true)
	ctx, done := p.Job(ctx, "x", 1, 1)
	_, inner := Start(ctx, "y")
	inner(nil)
	done(nil)
	end("/", 200)
	if err := p.Close(ctx); err != nil {
		t.Error(err)
	}
}

// TestSent: a collector gets the spans, at the path that the protocol has for a base address.
func TestSent(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var names []string
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var req coll.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(body, &req)
		}
		if err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, rs := range req.ResourceSpans {
			service := rs.Resource.Attributes[0].Value.GetStringValue()
			for _, ss := range rs.ScopeSpans {
				for _, s := range ss.Spans {
					names = append(names, service+": "+s.Name)
				}
			}
		}
	}))
	defer collector.Close()
	p, err := Open(context.Background(), collector.URL, 1)
	if err != nil {
		t.Fatal(err)
	}
	_, done := p.Job(context.Background(), "import.apply", 1, 1)
	done(nil)
	if err := p.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(names) != 1 || names[0] != "cadastro: job import.apply" {
		t.Errorf("got %q", names)
	}
}
