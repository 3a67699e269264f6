package mail

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/job"
	"cadastro/internal/job/jobtest"
)

// server is an SMTP server that keeps what it takes.
type server struct {
	mu    sync.Mutex
	mails []received
	calls int
	fault func(call int, step, arg string) error // asked at each MAIL, RCPT and end of DATA
	auth  bool
	tls   *tls.Config // for clients
}

type received struct {
	from string
	to   []string
	data string
}

func (s *server) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{s: s}, nil }

func (s *server) check(step, arg string) error {
	if s.fault == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault(s.calls, step, arg)
}

type session struct {
	s      *server
	m      received
	authed bool
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "cadastro" || password != "right" {
			return &smtp.SMTPError{Code: 535, Message: "no"}
		}
		s.authed = true
		return nil
	}), nil
}
func (s *session) Reset()        { s.m = received{} }
func (s *session) Logout() error { return nil }
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.s.auth && !s.authed {
		return &smtp.SMTPError{Code: 530, Message: "sign in first"}
	}
	s.s.mu.Lock()
	s.s.calls++
	s.s.mu.Unlock()
	s.m.from = from
	return s.s.check("MAIL", from)
}
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.m.to = append(s.m.to, to)
	return s.s.check("RCPT", to)
}
func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.m.data = string(b)
	if err := s.s.check("DATA", ""); err != nil {
		return err
	}
	s.s.mu.Lock()
	defer s.s.mu.Unlock()
	s.s.mails = append(s.s.mails, s.m)
	return nil
}

func (s *server) got() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.mails...)
}

func serve(t *testing.T, s *server) *SMTP {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := smtp.NewServer(s)
	srv.Domain, srv.AllowInsecureAuth = "mail.example.com", true
	srv.TLSConfig, s.tls = certificate(t)
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { srv.Close() })
	return &SMTP{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: Plain, FromName: "Cadastro", From: "aviso@example.com", Timeout: 5 * time.Second, TLSConfig: s.tls}
}

func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(crand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, &tls.Config{RootCAs: roots}
}

// parts decodes a mail to its header and its text and HTML.
func parts(t *testing.T, data string) (h netmail.Header, text, page string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	typ, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || typ != "multipart/alternative" {
		t.Fatalf("%s %v", typ, err)
	}
	mr := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := mr.NextRawPart()
		if err == io.EOF {
			return m.Header, text, page
		}
		if err != nil {
			t.Fatal(err)
		}
		var r io.Reader = p
		if p.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			r = quotedprintable.NewReader(p)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			page = string(b)
		} else {
			text = string(b)
		}
	}
}

func texts(t testing.TB) *Texts {
	t.Helper()
	cat, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	tx, err := NewTexts(cat)
	if err != nil {
		t.Fatal(err)
	}
	return tx
}

func example() Finished {
	return Finished{Workspace: "Padaria Girassol", File: "clientes <b>.csv", State: "done", Rows: 18412, Imported: 15000, Updated: 3000, Skipped: 400, Errors: 12,
		Took: 3200 * time.Millisecond, Link: "https://cadastro.example.com/imports/7?a=1&b=2", ErrorsLink: "https://cadastro.example.com/imports/7/errors",
		Reasons: []Reason{{"Falta o DDD <script>alert(1)</script>", 9}, {"E-mail inválido", 3}, {"c", 1}, {"d", 1}, {"e", 1}, {"left out", 1}}}
}

// TestOverSMTP: from the outbox to the server's hands, in each language, with what a reader has to see.
func TestOverSMTP(t *testing.T) {
	t.Parallel()
	tx := texts(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		srv := &server{}
		send := serve(t, srv)
		box := &Outbox{Domain: "cadastro.example.com", Now: time.Now}
		for _, lang := range i18n.Langs() {
			m, err := tx.Finished(lang, example())
			if err != nil {
				t.Fatal(err)
			}
			m.Name, m.Email, m.Once = "Ana Conceição", "ana@example.com", string(lang)
			queue(t, d, box, m)
			queue(t, d, box, m) // once is enough
		}
		startSender(t, d, &Sender{DB: d, Transport: send, Now: time.Now})
		until(t, func() bool { return len(srv.got()) == 3 && mailsIn(t, d, "sent") == 3 })
		subjects := map[string]bool{}
		for _, r := range srv.got() {
			if r.from != "aviso@example.com" || len(r.to) != 1 || r.to[0] != "ana@example.com" {
				t.Errorf("envelope %+v", r)
			}
			h, text, page := parts(t, r.data)
			subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
			if err != nil || !strings.Contains(subject, "clientes <b>.csv") {
				t.Errorf("subject %q %v", subject, err)
			}
			subjects[subject] = true
			if to, err := h.AddressList("To"); err != nil || to[0].Name != "Ana Conceição" {
				t.Errorf("to %v %v", to, err)
			}
			if !strings.HasSuffix(h.Get("Message-Id"), "@cadastro.example.com>") || h.Get("Auto-Submitted") != "auto-generated" || h.Get("Date") == "" {
				t.Errorf("headers %v", h)
			}
			for _, want := range []string{"412", "https://cadastro.example.com/imports/7", "Padaria Girassol", "DDD"} {
				if !strings.Contains(text, want) || !strings.Contains(page, want) {
					t.Errorf("%q is missing in\n%s", want, text)
				}
			}
			if strings.Contains(page, "<script") || strings.Contains(page, "<b>") || strings.Contains(page, "left out") || strings.Contains(text, "[mail.") {
				t.Errorf("not escaped, cut or translated:\n%s", page)
			}
		}
		if len(subjects) != 3 {
			t.Errorf("subjects %v", subjects)
		}
		var kept int
		err := d.Read(t.Context(), func(ctx context.Context, q db.Querier) error {
			return q.QueryRow(ctx, "SELECT count(*) FROM mail_outbox WHERE text <> '' OR html <> ''").Scan(&kept)
		})
		if err != nil || kept != 0 {
			t.Errorf("%d bodies kept, %v", kept, err)
		}
	})
}

// TestRetry: a server that is away, greylists or breaks off gets the mail again under one Message-ID; one that
// refuses does not.
func TestRetry(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		srv := &server{fault: func(call int, step, arg string) error {
			switch {
			case strings.HasPrefix(arg, "nobody@"):
				return &smtp.SMTPError{Code: 550, Message: "no such user"}
			case step == "DATA" && call == 1:
				return &smtp.SMTPError{Code: 451, Message: "try later"}
			}
			return nil
		}}
		away := &flaky{Transport: serve(t, srv), fail: 2, after: 1}
		box := &Outbox{Domain: "cadastro.example.com", Now: time.Now}
		queue(t, d, box, Message{Name: "Ana", Email: "ana@example.com", Subject: "s", Text: "t", HTML: "<p>t</p>"})
		startSender(t, d, &Sender{DB: d, Transport: away, Now: time.Now, Backoff: func(int) time.Duration { return time.Millisecond }})
		until(t, func() bool { return mailsIn(t, d, "sent") == 1 })
		away.mu.Lock()
		ids := map[string]bool{}
		for _, id := range away.ids {
			ids[id] = true
		}
		// Two times away, one greylisted, one taken whose answer was lost, one taken.
		if len(away.ids) != 5 || len(ids) != 1 || len(srv.got()) != 2 {
			t.Errorf("%d attempts under %d ids, %d taken", len(away.ids), len(ids), len(srv.got()))
		}
		away.mu.Unlock()
		queue(t, d, box, Message{Email: "nobody@example.com", Subject: "s", Text: "t"})
		until(t, func() bool { return mailsIn(t, d, "failed") == 1 })
	})
}

// flaky is away for the first calls, and loses the answer to one success.
type flaky struct {
	Transport
	mu    sync.Mutex
	fail  int
	after int
	ids   []string
}

func (f *flaky) Send(ctx context.Context, id string, at time.Time, m Message) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ids = append(f.ids, id)
	if f.fail > 0 {
		f.fail--
		return &net.OpError{Op: "dial", Err: errors.New("refused")}
	}
	err := f.Transport.Send(ctx, id, at, m)
	if err == nil && f.after > 0 && !strings.HasPrefix(m.Email, "nobody@") {
		f.after--
		return io.ErrUnexpectedEOF
	}
	return err
}

// TestGivesUp: after two days nobody wants the mail.
func TestGivesUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		queue(t, d, &Outbox{Domain: "example.com", Now: func() time.Time { return time.Now().Add(-49 * time.Hour) }}, Message{Email: "ana@example.com", Subject: "s", Text: "t"})
		startSender(t, d, &Sender{DB: d, Transport: &flaky{fail: 100}, Now: time.Now})
		until(t, func() bool { return mailsIn(t, d, "failed") == 1 })
		err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error { return Prune(ctx, tx, time.Now()) })
		if err != nil || mailsIn(t, d, "failed") != 0 {
			t.Errorf("not pruned: %v", err)
		}
	})
}

// TestNoAddressInErrors: what a server says of a reader does not reach the log.
func TestNoAddressInErrors(t *testing.T) {
	t.Parallel()
	for _, code := range []int{450, 550} {
		send := serve(t, &server{fault: func(_ int, step, arg string) error {
			if step == "RCPT" {
				return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: "nobody here called " + arg}
			}
			return nil
		}})
		err := send.Send(t.Context(), "a@example.com", time.Now(), Message{Email: "ana.secreta@example.com", Subject: "s", Text: "t"})
		_, refused := errors.AsType[*Refused](err)
		if err == nil || refused != (code == 550) || strings.Contains(err.Error(), "ana.secreta") {
			t.Errorf("%d: %v", code, err)
		}
	}
}

func TestSecurity(t *testing.T) {
	t.Parallel()
	srv := &server{auth: true}
	send := serve(t, srv)
	m := Message{Email: "ana@example.com", Subject: "s", Text: "t"}
	for _, c := range []struct {
		name     string
		security Security
		user, pw string
		ok       bool
	}{
		{"starttls", StartTLS, "cadastro", "right", true},
		{"default is starttls", "", "cadastro", "right", true},
		{"wrong password", StartTLS, "cadastro", "wrong", false},
		{"plain with password", Plain, "cadastro", "right", true},
	} {
		s := *send
		s.Security, s.User, s.Password = c.security, c.user, c.pw
		err := s.Send(t.Context(), "a@example.com", time.Now(), m)
		if _, refused := errors.AsType[*Refused](err); (err == nil) != c.ok || refused {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	s := *send
	s.Security, s.TLSConfig = StartTLS, nil
	if err := s.Send(t.Context(), "a@example.com", time.Now(), m); err == nil {
		t.Error("a certificate that nobody vouches for is taken")
	}
}

// TestHeaderInjection: whatever stands in names, subjects and addresses, the mail has one reader and no header of theirs.
func TestHeaderInjection(t *testing.T) {
	t.Parallel()
	s := &SMTP{FromName: "Cadastro", From: "aviso@example.com"}
	for _, evil := range []string{"a\r\nBcc: evil@example.com", "a\nX-Evil: 1", "a\rX-Evil: 1", "a\r\n\r\n<script>", "=?utf-8?q?a=0D=0AX-Evil:_1?=", "a\u2028X-Evil: 1", "a\x00b", "\u202Egpj.exe", "\"a\" <evil@example.com>, b"} {
		m := Message{Name: Line(evil, 120), Email: "ana@example.com", Subject: Line(evil, 250), Text: "t"}
		msg, err := s.message("id@example.com", time.Now(), m)
		if err != nil {
			t.Errorf("%q: %v", evil, err)
			continue
		}
		var b strings.Builder
		if _, err := msg.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		got, err := netmail.ReadMessage(strings.NewReader(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		to, err := got.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "ana@example.com" {
			t.Errorf("%q: to %v %v", evil, to, err)
		}
		if got.Header.Get("Bcc") != "" || got.Header.Get("X-Evil") != "" {
			t.Errorf("%q: %v", evil, got.Header)
		}
	}
	for _, bad := range []string{"", "ana", "ana@example.com\r\nBcc: x@example.com", "Ana <ana@example.com>", "a@example.com, b@example.com", "ana@example.com\n", " ana@example.com"} {
		if _, err := Address(bad); errs.CodeOf(err) != "mail.address" {
			t.Errorf("%q is taken: %v", bad, err)
		}
	}
}

func TestLineProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := Line(rapid.String().Draw(t, "s"), 80)
		if strings.ContainsAny(s, "\r\n\x00\u2028") || len(s) > 80 || s != Line(s, 80) {
			t.Fatalf("%q", s)
		}
	})
}

// TestShares: the ribbon is whole, and nothing that happened is invisible in it.
func TestShares(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.Int64Range(0, 1<<50), 1, 5).Draw(t, "counts")
		sum, any := 0, false
		for i, n := range Shares(counts...) {
			sum += n
			any = any || counts[i] > 0
			if (counts[i] > 0) != (n > 0) {
				t.Fatalf("%v: %v", counts, Shares(counts...))
			}
		}
		if any && sum != 100 || !any && sum != 0 {
			t.Fatalf("%v: %v", counts, Shares(counts...))
		}
	})
}

// TestEveryState: each way to end, in each language, without a gap; the ribbon's cells sum to 100 %.
func TestEveryState(t *testing.T) {
	t.Parallel()
	tx := texts(t)
	for _, lang := range i18n.Langs() {
		for _, state := range []string{"done", "cancelled", "failed", "undone"} {
			for _, f := range []Finished{{File: "a.csv", State: state}, func() Finished { f := example(); f.State, f.Unprocessed, f.Fault = state, 5, "!"; return f }()} {
				f.State = state
				m, err := tx.Finished(lang, f)
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range []string{m.Subject, m.Text, m.HTML} {
					if strings.Contains(s, "[mail.") || strings.Contains(s, "[import.") || strings.Contains(s, "?>") || strings.Contains(s, "<no value>") || strings.Contains(s, "ZgotmplZ") {
						t.Errorf("%s %s: %s", lang, state, s)
					}
				}
				if _, err := html.Parse(strings.NewReader(m.HTML)); err != nil {
					t.Error(err)
				}
				if len(m.HTML) > 20<<10 {
					t.Errorf("%d bytes", len(m.HTML))
				}
			}
		}
	}
}

func queue(t *testing.T, d *db.DB, box *Outbox, m Message) {
	t.Helper()
	err := d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := box.Queue(ctx, tx, 1, m)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func startSender(t *testing.T, d *db.DB, s *Sender) {
	t.Helper()
	r := job.New(d, slog.New(slog.DiscardHandler), jobtest.Quick())
	r.Handle(s.Worker())
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Stop(context.Background()) })
}

func mailsIn(t *testing.T, d *db.DB, state string) (n int) {
	t.Helper()
	err := d.Read(context.Background(), func(ctx context.Context, q db.Querier) error {
		return q.QueryRow(ctx, "SELECT count(*) FROM mail_outbox WHERE state = $1", state).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func until(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("not in time")
		}
	}
}
