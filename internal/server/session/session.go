// Package session keeps the secret of a session in a cookie, and those of a sign-in that is half done.
//
// Over TLS the names begin with "__Host-" (RFC 6265bis, section 4.1.3.2): the browser takes such a cookie from this very host
// alone, so that no neighbouring domain can slip one in. Without TLS browsers refuse that name.
package session

import (
	"net/http"
	"time"

	"cadastro/internal/server/request"
)

// name is the cookie's, without the prefix of TLS.
const name = "cadastro"

// defaultLife is how long a cookie is kept where no server says it; the session behind it ends sooner or later by itself.
const defaultLife = 14 * 24 * time.Hour

// Set keeps the secret of a session.
func Set(w http.ResponseWriter, r *http.Request, secret string) {
	life := request.Of(r.Context()).SessionLife
	if life <= 0 {
		life = defaultLife
	}
	set(w, r, name, secret, life)
}

// Read gives the secret of the session that the request is in, "" where there is none.
func Read(r *http.Request) string { return read(r, name) }

// Clear has the browser forget the session.
func Clear(w http.ResponseWriter, r *http.Request) { set(w, r, name, "", -1) }

// Keep keeps a secret of a short life under a name of its own: that of the second step of a sign-in ("second"), that of a
// sign-in which is away at a provider ("oidc").
func Keep(w http.ResponseWriter, r *http.Request, what, secret string, life time.Duration) {
	set(w, r, name+"-"+what, secret, life)
}

// Kept gives what Keep kept, "" where there is nothing.
func Kept(r *http.Request, what string) string { return read(r, name+"-"+what) }

// Drop forgets what Keep kept.
func Drop(w http.ResponseWriter, r *http.Request, what string) { set(w, r, name+"-"+what, "", -1) }

func set(w http.ResponseWriter, r *http.Request, name, value string, life time.Duration) {
	seconds := -1 // has it forgotten
	if life > 0 {
		seconds = max(1, int(life/time.Second)) // 0 would be a cookie without an end
	}
	http.SetCookie(w, &http.Cookie{Name: full(r, name), Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteLaxMode})
	// What is told to one is not for a cache between.
	w.Header().Set("Cache-Control", "no-store")
}

func read(r *http.Request, name string) string {
	c, err := r.Cookie(full(r, name))
	if err != nil {
		return ""
	}
	return c.Value
}

func full(r *http.Request, name string) string {
	if secure(r) {
		return "__Host-" + name
	}
	return name
}

func secure(r *http.Request) bool { return r.TLS != nil || request.Of(r.Context()).Secure }
