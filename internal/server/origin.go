package server

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// origin tells where a request comes from: the address at the other end of the connection, or, where that is a trusted proxy, the
// last address in X-Forwarded-For that is none. What stands left of it the client may have written itself.
func (s *Server) origin(r *http.Request) (ip string, secure, trusted bool) {
	secure = r.TLS != nil
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return "", secure, false
	}
	client := at.Addr().Unmap().WithZone("")
	if !s.trusts(client) {
		return client.String(), secure, false
	}
	if proto := r.Header.Get("X-Forwarded-Proto"); proto != "" {
		secure = strings.EqualFold(proto, "https")
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusts(client); i-- {
		a, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		client = a.Unmap().WithZone("")
	}
	return client.String(), secure, true
}

func (s *Server) trusts(a netip.Addr) bool {
	for _, p := range s.proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// originOf gives scheme, host and port of an address, as a browser's Origin header has them.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + u.Host
}
