package safehttp

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"cadastro/internal/errs"
)

// canary is a server on the loopback of both families that counts who comes.
type canary struct {
	port int
	hits atomic.Int32
}

func newCanary(t *testing.T, h http.Handler) *canary {
	t.Helper()
	c := &canary{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.port = l.Addr().(*net.TCPAddr).Port
	serve := func(l net.Listener) {
		s := &httptest.Server{Listener: l, Config: &http.Server{Handler: h, ConnState: func(_ net.Conn, st http.ConnState) {
			if st == http.StateNew {
				c.hits.Add(1)
			}
		}}}
		s.Start()
		t.Cleanup(s.Close)
	}
	serve(l)
	if l6, err := net.Listen("tcp", "[::1]:"+strconv.Itoa(c.port)); err == nil {
		serve(l6)
	}
	return c
}

func ok(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "secret") }

func get(c *Client, text string) error {
	req, err := http.NewRequest("GET", text, nil)
	if err != nil {
		return err
	}
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// names is a DNS server that answers from a table; where a name has several answers they are given in turn.
func names(t *testing.T, table map[string][]string) *net.Resolver {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	asked := map[string]int{}
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			name := strings.TrimSuffix(strings.ToLower(q.Name.String()), ".")
			if answers := table[name]; len(answers) > 0 {
				a := netip.MustParseAddr(answers[min(asked[name], len(answers)-1)])
				h := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
				switch {
				case q.Type == dnsmessage.TypeA && a.Is4():
					asked[name]++
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: a.As4()}})
				case q.Type == dnsmessage.TypeAAAA && a.Is6():
					asked[name]++
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
				}
			} else {
				m.RCode = dnsmessage.RCodeNameError
			}
			if out, err := m.Pack(); err == nil {
				_, _ = pc.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", pc.LocalAddr().String())
	}}
}

// TestNothingInside: no spelling of an address within reaches the canary.
func TestNothingInside(t *testing.T) {
	t.Parallel()
	c := newCanary(t, http.HandlerFunc(ok))
	p := ":" + strconv.Itoa(c.port)
	cl := New(Options{Ports: []int{80, 443, c.port}, Timeout: 3 * time.Second, Resolver: names(t, map[string][]string{
		"inside.example.com": {"127.0.0.1"}, "lan.example.com": {"192.168.1.1"}, "meta.example.com": {"169.254.169.254"},
		"six.example.com": {"::1"}, "mapped.example.com": {"::ffff:127.0.0.1"}, "ula.example.com": {"fd00::1"}, "zero.example.com": {"0.0.0.0"},
		"nat64.example.com": {"64:ff9b::7f00:1"}, "cgnat.example.com": {"100.64.0.1"}, "sixto4.example.com": {"2002:7f00:1::1"},
		"2130706433": {"127.0.0.1"}, "0177.0.0.1": {"127.0.0.1"}, "0x7f.0.0.1": {"127.0.0.1"}, "127.1": {"127.0.0.1"}, "localhost": {"127.0.0.1"},
	})})
	for _, u := range []string{
		"http://127.0.0.1" + p, "http://127.0.0.1" + p + "/x?y", "http://127.255.255.254" + p, "http://0.0.0.0" + p, "http://0.1.2.3" + p,
		"http://[::1]" + p, "http://[::]" + p, "http://[::ffff:127.0.0.1]" + p, "http://[::ffff:7f00:1]" + p, "http://[::127.0.0.1]" + p,
		"http://[0:0:0:0:0:0:0:1]" + p, "http://[fe80::1]" + p, "http://[fe80::1%25lo]" + p, "http://[::1%25lo]" + p, "http://[fc00::1]" + p, "http://[fd12:3456::1]" + p,
		"http://[64:ff9b::7f00:1]" + p, "http://[64:ff9b:1::7f00:1]" + p, "http://[2002:7f00:1::]" + p, "http://[2001:0:7f00:1::]" + p, "http://[ff02::1]" + p,
		"http://169.254.169.254/latest/meta-data/", "http://168.63.129.16/", "http://100.100.100.200/", "http://[fd00:ec2::254]/",
		"http://10.0.0.1" + p, "http://172.16.0.1" + p, "http://172.31.255.255" + p, "http://192.168.0.1" + p, "http://100.64.0.1" + p, "http://100.127.255.255" + p,
		"http://192.0.0.192" + p, "http://198.18.0.1" + p, "http://224.0.0.1" + p, "http://240.0.0.1" + p, "http://255.255.255.255" + p,
		"http://2130706433" + p, "http://0177.0.0.1" + p, "http://0x7f.0.0.1" + p, "http://0x7f000001" + p, "http://127.1" + p, "http://017700000001" + p,
		"http://127.0.0.1." + p, "http://localhost" + p, "http://LOCALHOST" + p, "http://localhost." + p, "http://①②⑦.⓪.⓪.①" + p,
		"http://user:pw@example.com" + p, "http://example.com@127.0.0.1" + p, "http://127.0.0.1" + p + "@example.com/",
		"http://inside.example.com" + p, "http://lan.example.com" + p, "http://meta.example.com/", "http://six.example.com" + p, "http://mapped.example.com" + p,
		"http://ula.example.com" + p, "http://zero.example.com" + p, "http://nat64.example.com" + p, "http://cgnat.example.com" + p, "http://sixto4.example.com" + p,
		"file:///etc/passwd", "gopher://127.0.0.1" + p, "ftp://127.0.0.1" + p, "http:127.0.0.1" + p, "//127.0.0.1" + p, "http://", "unix:///run/x", "http://example.com:22/", "http://example.com:0/",
		"https://127.0.0.1" + p, "http://127.0.0.1:443", "http://127.0.0.1",
	} {
		if err := get(cl, u); err == nil {
			t.Errorf("%s was reached", u)
		}
	}
	if n := c.hits.Load(); n != 0 {
		t.Errorf("%d connections", n)
	}
}

// TestAllowed: what is named by Allow is reached, and by its name too.
func TestAllowed(t *testing.T) {
	t.Parallel()
	c := newCanary(t, http.HandlerFunc(ok))
	cl := New(Options{Ports: []int{c.port}, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Resolver: names(t, map[string][]string{"peer.example.com": {"127.0.0.1"}})})
	for _, host := range []string{"127.0.0.1", "peer.example.com", "[::ffff:127.0.0.1]"} {
		if err := get(cl, "http://"+host+":"+strconv.Itoa(c.port)); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if err := get(cl, "http://[::1]:"+strconv.Itoa(c.port)); errs.CodeOf(err) != "url.private" {
		t.Errorf("an address that was not named: %v", err)
	}
}

// TestRebinding: a name that is public when asked first and private the second time is judged at each connection.
func TestRebinding(t *testing.T) {
	t.Parallel()
	c := newCanary(t, http.HandlerFunc(ok))
	r := names(t, map[string][]string{"rebind.example.com": {"127.0.0.2", "127.0.0.1"}})
	// 127.0.0.2 plays the public address.
	cl := New(Options{Ports: []int{c.port}, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}, Resolver: r, Timeout: 3 * time.Second})
	u := "http://rebind.example.com:" + strconv.Itoa(c.port)
	if err := get(cl, u); errs.CodeOf(err) != "url.unreachable" {
		t.Errorf("first: %v", err)
	}
	for range 3 {
		if err := get(cl, u); errs.CodeOf(err) != "url.private" {
			t.Errorf("again: %v", err)
		}
	}
	if n := c.hits.Load(); n != 0 {
		t.Errorf("%d connections", n)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	inside := newCanary(t, http.HandlerFunc(ok))
	target := "http://[::1]:" + strconv.Itoa(inside.port)
	var self string
	c := newCanary(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := map[string]string{"/in": target, "/file": "file:///etc/passwd", "/gopher": "gopher://127.0.0.1", "/loop": self + "/loop",
			"/once": self + "/end", "/user": strings.Replace(self, "http://", "http://a:b@", 1)}[r.URL.Path]
		if to == "" {
			ok(w, r)
			return
		}
		http.Redirect(w, r, to, http.StatusFound)
	}))
	self = "http://127.0.0.1:" + strconv.Itoa(c.port)
	opt := Options{Ports: []int{c.port, inside.port}, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Redirects: 3}
	follows := New(opt)
	for path, code := range map[string]string{"/in": "url.private", "/file": "url.scheme", "/gopher": "url.scheme", "/loop": "url.redirects", "/once": "", "/user": "url.userinfo"} {
		if err := get(follows, self+path); errs.CodeOf(err) != code || code == "" && err != nil {
			t.Errorf("%s: %v, want %q", path, err, code)
		}
	}
	if n := inside.hits.Load(); n != 0 {
		t.Errorf("%d connections inside", n)
	}
	opt.Redirects = 0
	resp, err := New(opt).Do(must(http.NewRequest("GET", self+"/once", nil)))
	if err != nil || resp.StatusCode != http.StatusFound {
		t.Fatalf("a redirect that is not to be followed: %v %v", resp, err)
	}
	resp.Body.Close()
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestBounds: long bodies, plain, without a length and compressed, end in an error; so do slow ones.
func TestBounds(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	zw := gzip.NewWriter(&bomb)
	_, _ = zw.Write(make([]byte, 1<<20))
	zw.Close()
	c := newCanary(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/length":
			w.Header().Set("Content-Length", "1048576")
			_, _ = w.Write(make([]byte, 1<<20))
		case "/chunked":
			for range 64 {
				_, _ = w.Write(make([]byte, 16<<10))
				w.(http.Flusher).Flush()
			}
		case "/gzip":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		case "/slow":
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		case "/exact":
			_, _ = w.Write(make([]byte, 10_000))
		}
	}))
	cl := New(Options{Ports: []int{c.port}, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, MaxBody: 10_000, Timeout: 500 * time.Millisecond})
	base := "http://127.0.0.1:" + strconv.Itoa(c.port)
	for _, path := range []string{"/length", "/chunked", "/gzip"} {
		if err := get(cl, base+path); errs.CodeOf(err) != "url.too_large" {
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := get(cl, base+"/slow"); err == nil {
		t.Error("a body without end was read to its end")
	}
	if err := get(cl, base+"/exact"); err != nil {
		t.Errorf("a body of just the limit: %v", err)
	}
}

// TestNoProxy: the environment's proxy is not asked.
func TestNoProxy(t *testing.T) {
	proxy := newCanary(t, http.HandlerFunc(ok))
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:"+strconv.Itoa(proxy.port))
	cl := New(Options{Timeout: time.Second, Resolver: names(t, map[string][]string{"a.example.com": {"10.0.0.1"}})})
	if err := get(cl, "http://a.example.com/"); errs.CodeOf(err) != "url.private" || !errors.Is(err, errAddress) {
		t.Error(err)
	}
	if proxy.hits.Load() != 0 {
		t.Error("the proxy was asked")
	}
}

func TestPublic(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"1.1.1.1", "8.8.8.8", "200.160.2.3", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2001:4860:4860::8888", "::ffff:8.8.8.8", "2800::1"} {
		if !Public(netip.MustParseAddr(s)) {
			t.Errorf("%s is public", s)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"http://127.0.0.1", "https://example.com", "http://[::1%25lo]:80/", "http:///", "http://a@b"} {
		f.Add(s)
	}
	cl := New(Options{})
	f.Fuzz(func(t *testing.T, text string) {
		u, err := cl.CheckText(text)
		if err != nil {
			return
		}
		if u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
			t.Errorf("%q passed", text)
		}
		if a, err := netip.ParseAddr(u.Hostname()); err == nil && !Public(a) {
			t.Errorf("%q passed", text)
		}
	})
}
