package server_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/server"
	"cadastro/internal/server/route"
)

// pipes is a network in memory, whose deadlines go by the clock of the test.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }
func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	p.conns <- there
	return here, nil
}

// slowly gives a body in pieces, with a wait before each.
type slowly struct {
	pieces int
	size   int
	wait   time.Duration
}

func (s *slowly) Read(p []byte) (int, error) {
	if s.pieces == 0 {
		return 0, io.EOF
	}
	s.pieces--
	time.Sleep(s.wait)
	return copy(p, strings.Repeat("x", s.size)), nil
}

// TestPatience: what goes on may go on for as long as it likes, in both directions and on both versions of the protocol; what falls
// silent is cut, and a small body that dribbles in is, too. The clock is the test's own.
func TestPatience(t *testing.T) {
	t.Parallel()
	k := apptest.New(t)
	count := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			w.WriteHeader(http.StatusRequestTimeout)
		}
		fmt.Fprint(w, n)
	})
	var wrote chan error // of the bubble that the test is in
	s, err := server.New(server.Options{App: k.App, Routes: []route.Route{
		{Method: "POST", Pattern: "/form", Access: route.Public(), Handler: count},
		{Method: "POST", Pattern: "/upload", Access: route.Public(), Handler: count, MaxBody: -1},
		{Method: "GET", Pattern: "/late", Access: route.Public(), Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "begun, ")
			time.Sleep(time.Hour)
			io.WriteString(w, "ended")
			time.Sleep(time.Hour)
		})},
		{Method: "GET", Pattern: "/events", Access: route.Public(), Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			for i := range 10 {
				fmt.Fprintf(w, "data: %d\n\n", i)
				w.(http.Flusher).Flush()
				time.Sleep(10 * time.Minute)
			}
		})},
		{Method: "GET", Pattern: "/endless", Access: route.Public(), Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/octet-stream")
			for {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					wrote <- err
					return
				}
			}
		})},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []int{1, 2} {
		t.Run(fmt.Sprint("HTTP/", version), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				wrote = make(chan error, 1)
				var speak http.Protocols
				speak.SetHTTP1(version == 1)
				speak.SetUnencryptedHTTP2(version == 2)
				network := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
				srv := &http.Server{Handler: s, Protocols: &speak, IdleTimeout: 2 * time.Minute}
				go srv.Serve(network)
				transport := &http.Transport{DialContext: network.dial, Protocols: &speak, DisableCompression: true}
				web := &http.Client{Transport: transport}
				defer func() {
					transport.CloseIdleConnections()
					srv.Close()
				}()
				post := func(path string, body io.Reader) (*http.Response, error) {
					return web.Post("http://cadastro.test"+path, "application/octet-stream", body)
				}
				get := func(path string) io.ReadCloser {
					t.Helper()
					res, err := web.Get("http://cadastro.test" + path)
					if err != nil {
						t.Fatal(err)
					}
					if res.ProtoMajor != version {
						t.Fatalf("spoke %s", res.Proto)
					}
					return res.Body
				}

				// 30 pieces, one every 50 s: 25 minutes.
				res, err := post("/upload", &slowly{30, 1000, 50 * time.Second})
				if err != nil {
					t.Fatal(err)
				}
				if got := text(t, res.Body); got != "30000" {
					t.Errorf("a long upload: %s %s", res.Status, got)
				}
				if body := text(t, get("/late")); body != "begun, ended" {
					t.Errorf("a late answer: %q", body)
				}
				events := get("/events")
				n := 0
				for lines := bufio.NewScanner(events); lines.Scan(); {
					if lines.Text() == fmt.Sprintf("data: %d", n) {
						n++
					}
				}
				if n != 10 {
					t.Errorf("%d events came", n)
				}
				// Silent for longer than the server waits.
				if res, err := post("/upload", &slowly{2, 1000, 61 * time.Second}); err == nil && res.StatusCode != http.StatusRequestTimeout {
					t.Errorf("an upload that fell silent: %s", res.Status)
				}
				// Never silent, and never done.
				if res, err := post("/form", &slowly{1000, 1, 5 * time.Second}); err == nil && res.StatusCode != http.StatusRequestTimeout {
					t.Errorf("a form that dribbles in: %s", res.Status)
				}
				// A client that takes nothing.
				began := time.Now()
				body := get("/endless")
				if err := <-wrote; err == nil || time.Since(began) > 2*time.Minute {
					t.Errorf("a client that takes nothing: %v after %s", err, time.Since(began))
				}
				body.Close()
			})
		})
	}
}
