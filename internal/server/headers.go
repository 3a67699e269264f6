package server

import (
	"mime"
	"net/http"
	"strings"

	"cadastro/internal/server/request"

	"github.com/klauspost/compress/gzhttp"
)

// contentPolicy lets a page load from this server alone, and be shown in no other page. Nothing inline runs.
const contentPolicy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// hsts has browsers that have been here over TLS never come without it, for a year. Neighbouring hosts are none of our business.
const hsts = "max-age=31536000"

// headers sets what every answer says to a browser, whatever it is. A handler may be stricter, e.g. with a file that somebody uploaded.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()")
		if request.Of(r.Context()).Secure {
			h.Set("Strict-Transport-Security", hsts)
		}
		next.ServeHTTP(w, r)
	})
}

// compressMin is the length from which an answer is compressed: one packet takes it either way.
const compressMin = 1400

// compression gives the link that compresses what can be. The jitter of a few bytes hides the length from who makes a browser
// ask again and again to guess what stands in the answer (BREACH).
func compression() (func(http.Handler) http.HandlerFunc, error) {
	return gzhttp.NewWrapper(gzhttp.MinSize(compressMin), gzhttp.ContentTypeFilter(compressible), gzhttp.SuffixETag("-gz"),
		gzhttp.RandomJitter(32, 0, false))
}

// compressible tells whether an answer of a type is smaller compressed. Events go out one by one; archives, workbooks, pictures and
// web fonts are compressed already.
func compressible(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil || kind == "text/event-stream" {
		return false
	}
	switch kind {
	case "application/json", "application/javascript", "application/yaml", "application/x-ndjson", "application/xml", "application/vnd.oai.openapi":
		return true
	}
	for _, suffix := range []string{"+json", "+yaml", "+xml"} { // RFC 6839: what the syntax beneath is
		if strings.HasSuffix(kind, suffix) {
			return true
		}
	}
	return strings.HasPrefix(kind, "text/")
}
