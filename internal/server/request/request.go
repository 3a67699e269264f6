// Package request tells what the server found out about a request before a face got it: its id, where it comes from, whether
// it came over TLS, and when the server wants to end.
package request

import (
	"context"
	"net/http"
	"time"

	"cadastro/internal/auth"
)

// Info is what is known of a request. The zero value is that of a request that no server of ours took, as in the test of a
// handler alone.
type Info struct {
	ID          string          // names it in the log, in the answer (X-Request-Id) and on pages that say that something failed
	IP          string          // of the client, by the list of trusted proxies; "" where it is not known
	Secure      bool            // the client's connection is TLS, here or at a trusted proxy
	SessionLife time.Duration   // how long the cookie of a session is kept
	Stopping    <-chan struct{} // closed when the server wants to end: answers that go on and on (events) end then
}

type key struct{}

// With gives a context that carries what is known of a request.
func With(ctx context.Context, i Info) context.Context { return context.WithValue(ctx, key{}, i) }

// Of gives what is known of a request by its context.
func Of(ctx context.Context) Info {
	i, _ := ctx.Value(key{}).(Info)
	return i
}

// Client gives where a request comes from, as package auth takes it.
func Client(r *http.Request) auth.Client {
	return auth.Client{IP: Of(r.Context()).IP, UserAgent: r.UserAgent()}
}
