package server

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"cadastro/internal/app"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// stats is what is measured, in a registry of the server's own.
type stats struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	open     prometheus.Gauge
	handler  http.Handler
}

// latencies are the buckets of the time of a request, in seconds: 200 ms is what a page may take.
func latencies() []float64 {
	return []float64{.001, .005, .01, .025, .05, .1, .2, .5, 1, 2.5, 10, 60}
}

func newStats(a *app.App) *stats {
	s := &stats{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "cadastro_http_requests_total",
			Help: "Requests that were answered, by the pattern of their route (empty: no route), method and status."}, []string{"pattern", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "cadastro_http_request_seconds",
			Help: "Time to the end of the answer, by the pattern of the route.", Buckets: latencies()}, []string{"pattern"}),
		open: prometheus.NewGauge(prometheus.GaugeOpts{Name: "cadastro_http_requests_open", Help: "Requests that are being answered."}),
	}
	r := prometheus.NewRegistry()
	r.MustRegister(s.requests, s.seconds, s.open, newBaseStats(a), collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	s.handler = promhttp.HandlerFor(r, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
	return s
}

// ServeHTTP writes the measurements.
func (s *stats) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// begin counts a request as open until done is called.
func (s *stats) begin() (done func(pattern, method string, status int, took time.Duration)) {
	s.open.Inc()
	return func(pattern, method string, status int, took time.Duration) {
		s.open.Dec()
		if !slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, method) {
			method = "other" // a client can make up as many as it likes
		}
		s.requests.WithLabelValues(pattern, method, strconv.Itoa(status)).Inc()
		s.seconds.WithLabelValues(pattern).Observe(took.Seconds())
	}
}

// baseStats asks the base when the measurements are asked for.
type baseStats struct {
	app              *app.App
	rows, jobs, size *prometheus.Desc
	up               *prometheus.Desc

	mu   sync.Mutex
	at   time.Time
	last app.Measures
	err  error
}

// baseFresh is how long an answer of the base is good: several who ask do not cost more than one.
const baseFresh = 5 * time.Second

func newBaseStats(a *app.App) *baseStats {
	return &baseStats{app: a,
		rows: prometheus.NewDesc("cadastro_import_rows", "Rows of all imports that were begun, by outcome, over all nodes.", []string{"outcome"}, nil),
		jobs: prometheus.NewDesc("cadastro_jobs", "Jobs that are kept, by kind and state, over all nodes.", []string{"kind", "state"}, nil),
		size: prometheus.NewDesc("cadastro_database_bytes", "Size of the base on its disk.", nil, nil),
		up:   prometheus.NewDesc("cadastro_database_up", "1 where the base answered, else 0.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (b *baseStats) Describe(to chan<- *prometheus.Desc) {
	to <- b.rows
	to <- b.jobs
	to <- b.size
	to <- b.up
}

// Collect implements prometheus.Collector.
func (b *baseStats) Collect(to chan<- prometheus.Metric) {
	m, err := b.measure()
	if err != nil {
		to <- prometheus.MustNewConstMetric(b.up, prometheus.GaugeValue, 0)
		return
	}
	to <- prometheus.MustNewConstMetric(b.up, prometheus.GaugeValue, 1)
	to <- prometheus.MustNewConstMetric(b.size, prometheus.GaugeValue, float64(m.Size))
	for outcome, n := range m.Rows {
		to <- prometheus.MustNewConstMetric(b.rows, prometheus.GaugeValue, float64(n), outcome)
	}
	for _, j := range m.Jobs {
		to <- prometheus.MustNewConstMetric(b.jobs, prometheus.GaugeValue, float64(j.Count), strings.ToValidUTF8(j.Kind, "?"), j.State)
	}
}

func (b *baseStats) measure() (app.Measures, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := time.Now(); now.Sub(b.at) >= baseFresh {
		ctx, cancel := context.WithTimeout(context.Background(), readyTime)
		defer cancel()
		b.last, b.err = b.app.Measure(ctx)
		b.at = now
		if b.err != nil {
			b.app.Log.Warn("the base could not be measured", "error", b.err)
		}
	}
	return b.last, b.err
}
