package server_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/server"
)

// BenchmarkChain is what a request costs before its handler gets it: without anybody, with a session, with a token.
func BenchmarkChain(b *testing.B) {
	k := apptest.New(b, unlimited)
	s, err := server.New(server.Options{App: k.App, Routes: table()})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name, path string
		with       func(*http.Request)
	}{
		{"static", "/static", func(*http.Request) {}},
		{"nobody", "/public", func(*http.Request) {}},
		{"session", "/imports/7", cookie(k.Session(auth.Manager))},
		{"token", "/api/imports/7", header("Authorization", "Bearer "+k.Token(auth.Manager, auth.ScopeImport))},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := httptest.NewRequest("GET", c.path, nil)
			c.with(r)
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				if s.ServeHTTP(w, r); w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}
