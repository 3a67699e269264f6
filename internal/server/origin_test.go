package server

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// TestOrigin: only what a trusted proxy wrote counts, and of a chain only what lies right of the first stranger.
func TestOrigin(t *testing.T) {
	t.Parallel()
	s := &Server{proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}
	for _, tt := range []struct {
		remote  string
		headers http.Header
		ip      string
		secure  bool
		trusted bool
	}{
		{"203.0.113.9:4000", nil, "203.0.113.9", false, false},
		{"203.0.113.9:4000", http.Header{"X-Forwarded-For": {"198.51.100.1"}, "X-Forwarded-Proto": {"https"}}, "203.0.113.9", false, false},
		{"10.0.0.1:4000", nil, "10.0.0.1", false, true},
		{"10.0.0.1:4000", http.Header{"X-Forwarded-For": {"198.51.100.1"}, "X-Forwarded-Proto": {"https"}}, "198.51.100.1", true, true},
		{"10.0.0.1:4000", http.Header{"X-Forwarded-For": {"1.2.3.4, 198.51.100.1, 10.0.0.7"}}, "198.51.100.1", false, true},
		{"10.0.0.1:4000", http.Header{"X-Forwarded-For": {"1.2.3.4", "198.51.100.1", "10.0.0.7"}}, "198.51.100.1", false, true},
		{"10.0.0.1:4000", http.Header{"X-Forwarded-For": {"1.2.3.4, nonsense, 10.0.0.7"}}, "10.0.0.7", false, true},
		{"10.0.0.1:4000", http.Header{"X-Forwarded-For": {"10.0.0.9"}}, "10.0.0.9", false, true},
		{"[fd00::1]:4000", http.Header{"X-Forwarded-For": {"2001:db8::5"}}, "2001:db8::5", false, true},
		{"[::ffff:10.0.0.1]:4000", http.Header{"X-Forwarded-For": {"::ffff:198.51.100.1"}}, "198.51.100.1", false, true},
		{"nonsense", http.Header{"X-Forwarded-For": {"198.51.100.1"}}, "", false, false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.remote
		if tt.headers != nil {
			r.Header = tt.headers
		}
		if ip, secure, trusted := s.origin(r); ip != tt.ip || secure != tt.secure || trusted != tt.trusted {
			t.Errorf("%s %v: %s, %v, %v; want %+v", tt.remote, tt.headers, ip, secure, trusted, tt)
		}
	}
}

// TestRequestID: an id of a trusted proxy is taken over where it can stand in a line of the log.
func TestRequestID(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		given   string
		trusted bool
		taken   bool
	}{
		{"7f3e-AB_c.d9", true, true}, {"7f3e-AB_c.d9", false, false}, {"short", true, false}, {"with space here", true, false},
		{"line\nline-line", true, false}, {"", true, false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("X-Request-Id", tt.given)
		if got := requestID(r, tt.trusted); (got == tt.given) != tt.taken || got == "" {
			t.Errorf("%q (trusted: %v): %q", tt.given, tt.trusted, got)
		}
	}
}
