package account_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	netmail "net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/config"
	"cadastro/internal/server"
	"cadastro/internal/server/route"
	"cadastro/internal/web/account"
	"cadastro/internal/web/notices"
	"cadastro/internal/web/page"
	"cadastro/internal/web/settings"

	"github.com/emersion/go-smtp"
)

// serve puts the pages of accounts, settings and notices on the network, and a page where one lands after the sign-in.
func serve(t *testing.T, change ...func(*config.Config)) *apptest.Kit {
	t.Helper()
	k := apptest.New(t, change...)
	kit, err := page.NewKit(k.App)
	if err != nil {
		t.Fatal(err)
	}
	routes := kit.Routes()
	for _, group := range []func(*page.Kit) ([]route.Route, error){account.Routes, settings.Routes, notices.Routes} {
		list, err := group(kit)
		if err != nil {
			t.Fatal(err)
		}
		routes = append(routes, list...)
	}
	routes = append(routes, route.Route{Method: http.MethodGet, Pattern: "/contacts", Access: route.Person(), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><html lang="pt-BR"><title>Contatos</title><h1>Contatos</h1>`)
	})})
	k.Serve(routes, func(w http.ResponseWriter, r *http.Request, status int, err error) {
		kit.Fail(server.WithStatus(w, status), r, err)
	})
	return k
}

// post is a server for mail that keeps what it takes.
type post struct {
	mu    sync.Mutex
	mails []letter
}

type letter struct{ to, subject, text string }

// mailTo starts a mail server and has the app send through it.
func mailTo(t *testing.T) (*post, func(*config.Config)) {
	t.Helper()
	p := &post{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(p)
	s.Domain = "mail.example.com"
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return p, func(c *config.Config) {
		c.SMTP.Host, c.SMTP.Port, c.SMTP.Security, c.SMTP.From = "127.0.0.1", l.Addr().(*net.TCPAddr).Port, "none", "cadastro@example.com"
	}
}

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) { return &delivery{p: p}, nil }

type delivery struct {
	p  *post
	to string
}

func (d *delivery) Reset()                                    {}
func (d *delivery) Logout() error                             { return nil }
func (d *delivery) Mail(string, *smtp.MailOptions) error      { return nil }
func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error { d.to = to; return nil }
func (d *delivery) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return err
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	part, err := multipart.NewReader(m.Body, params["boundary"]).NextRawPart()
	if err != nil {
		return err
	}
	var body io.Reader = part
	if part.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		body = quotedprintable.NewReader(part)
	}
	text, err := io.ReadAll(body)
	d.p.mu.Lock()
	defer d.p.mu.Unlock()
	d.p.mails = append(d.p.mails, letter{d.to, subject, string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))})
	return err
}

// next waits for the next mail.
func (p *post) next(t *testing.T) letter {
	t.Helper()
	for range 600 {
		p.mu.Lock()
		if len(p.mails) > 0 {
			m := p.mails[0]
			p.mails = p.mails[1:]
			p.mu.Unlock()
			return m
		}
		p.mu.Unlock()
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("no mail came")
	return letter{}
}

var linkIn = regexp.MustCompile(`https?://\S+(/link/\S+)`)

// link gives the path of the link in a mail.
func (m letter) link(t *testing.T) string {
	t.Helper()
	found := linkIn.FindStringSubmatch(m.text)
	if found == nil {
		t.Fatalf("no link in\n%s", m.text)
	}
	return found[1]
}

// totp gives the code of a secret, as an authenticator app shows it (RFC 6238, SHA-1, 30 seconds, 6 digits).
func totp(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(secret, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	if err := binary.Write(mac, binary.BigEndian, uint64(at.Unix()/30)); err != nil {
		t.Fatal(err)
	}
	sum := mac.Sum(nil)
	o := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[o:])&0x7fffffff)%1_000_000)
}
