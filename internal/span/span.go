// Package span sends traces of the work to an OpenTelemetry collector, where one is configured.
//
// Work that begins something of its own (a request, a job) takes a root span from the [Provider]; work beneath it calls [Start], which
// finds the provider in the context and costs next to nothing where there is none. A span holds numbers and names of ours: the pattern
// of a route, the kind of a job, the id of an import. Paths, queries and values of contacts do not go out.
package span

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cadastro/internal/errs"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// name is that of the program in every span.
const name = "cadastro"

// Provider makes root spans and sends what ends. The nil Provider makes none.
type Provider struct {
	sdk    *sdk.TracerProvider
	tracer trace.Tracer
}

// Open gives a provider that sends to an OTLP/HTTP endpoint, the given share (0 to 1) of the roots that come with no decision of their
// own. "" gives the nil Provider. A collector that does not answer loses spans and holds up nothing. Headers and certificates are read
// from the OTEL_EXPORTER_OTLP_… variables of the environment.
func Open(ctx context.Context, endpoint string, share float64) (*Provider, error) {
	if endpoint == "" {
		return nil, nil
	}
	u, err := url.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/v1/traces" // OTLP specification, "OTLP/HTTP": the default path behind a base address
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(u.String()), otlptracehttp.WithTimeout(10*time.Second))
	if err != nil {
		return nil, err
	}
	return newProvider(exporter, share), nil
}

func newProvider(to sdk.SpanExporter, share float64) *Provider {
	res := resource.NewSchemaless(attribute.String("service.name", name))
	if env, err := resource.New(context.Background(), resource.WithFromEnv()); err == nil { // OTEL_SERVICE_NAME goes before ours
		if merged, err := resource.Merge(res, env); err == nil {
			res = merged
		}
	}
	p := sdk.NewTracerProvider(sdk.WithBatcher(to), sdk.WithResource(res), sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(share))))
	return &Provider{sdk: p, tracer: p.Tracer(name)}
}

// Close sends what is left, for as long as ctx lets it.
func (p *Provider) Close(ctx context.Context) error {
	if p == nil {
		return nil
	}
	return p.sdk.Shutdown(ctx)
}

// Request begins the span of a request; the trace goes on that the header traceparent names (W3C Trace Context), where a proxy that
// is trusted gave it. end is told the route's pattern and the status.
func (p *Provider) Request(ctx context.Context, r *http.Request, trusted bool) (_ context.Context, end func(pattern string, status int)) {
	if p == nil {
		return ctx, func(string, int) {}
	}
	if trusted {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
	}
	method := r.Method
	if !strings.Contains(" GET HEAD POST PUT PATCH DELETE OPTIONS ", " "+method+" ") {
		method = "_OTHER" // semantic conventions: what a client made up is no name
	}
	ctx, s := p.tracer.Start(ctx, method, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(attribute.String("http.request.method", method)))
	return ctx, func(pattern string, status int) {
		if pattern != "" {
			s.SetName(method + " " + pattern)
			s.SetAttributes(attribute.String("http.route", pattern))
		}
		s.SetAttributes(attribute.Int("http.response.status_code", status))
		if status >= 500 {
			s.SetStatus(codes.Error, "")
		}
		s.End()
	}
}

// Job begins the span of one start of a job.
func (p *Provider) Job(ctx context.Context, kind string, id int64, starts int) (_ context.Context, end func(error)) {
	if p == nil {
		return ctx, func(error) {}
	}
	ctx, s := p.tracer.Start(ctx, "job "+kind, trace.WithSpanKind(trace.SpanKindConsumer), trace.WithNewRoot(),
		trace.WithAttributes(attribute.String("job.kind", kind), attribute.Int64("job.id", id), attribute.Int("job.starts", starts)))
	return ctx, ender(s)
}

// Start begins a span beneath the one in ctx; where ctx has none, it does nothing. attrs are pairs of name and number.
func Start(ctx context.Context, what string, attrs ...Attr) (_ context.Context, end func(error)) {
	parent := trace.SpanFromContext(ctx)
	if !parent.IsRecording() {
		return ctx, func(error) {}
	}
	ctx, s := parent.TracerProvider().Tracer(name).Start(ctx, what)
	for _, a := range attrs {
		s.SetAttributes(attribute.Int64(a.Name, a.Value))
	}
	return ctx, ender(s)
}

// Attr is a number that a span tells.
type Attr struct {
	Name  string
	Value int64
}

// ender ends a span with an error's code; its text may hold what stands in a file.
func ender(s trace.Span) func(error) {
	return func(err error) {
		if err != nil && !errors.Is(err, context.Canceled) {
			code := errs.CodeOf(err)
			if code == "" {
				code = "internal"
			}
			s.SetStatus(codes.Error, code)
		}
		s.End()
	}
}
