package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cadastro/internal/errs"

	"github.com/alecthomas/kong"
	"pgregory.net/rapid"
)

// fill does what the command line does: flags, environment, file, defaults.
func fill(t *testing.T, file string, args ...string) (*Config, error) {
	t.Helper()
	var cli struct {
		Config
		File kong.ConfigFlag `name:"config"`
		Sub  struct {
			Yes bool
		} `cmd:"" default:"1"`
	}
	k, err := kong.New(&cli, kong.Name("test"), kong.Configuration(File))
	if err != nil {
		t.Fatal(err)
	}
	if file != "" {
		name := filepath.Join(t.TempDir(), "cadastro.conf")
		if err := os.WriteFile(name, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--config", name)
	}
	_, err = k.Parse(args)
	return &cli.Config, err
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c, err := fill(t, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Error(err)
	}
	if !filepath.IsAbs(c.Data) || filepath.Base(c.Data) != "cadastro-data" {
		t.Errorf("Data = %q", c.Data)
	}
	if c.DatabaseURL() != filepath.Join(c.Data, "cadastro.db") || c.Postgres() || c.BlobDir() != filepath.Join(c.Data, "blobs") {
		t.Errorf("base %q, blobs %q", c.DatabaseURL(), c.BlobDir())
	}
	got := fmt.Sprintf("%v %v %v %v %v", c.Max, c.Keep, c.Language, c.Country, c.Log)
	if want := "{2GiB 20GiB 10000000 16384 1MiB 1MiB} {7d 7d 30d 30d 1h} pt-BR BR {info text}"; got != want {
		t.Errorf("defaults %s, want %s", got, want)
	}
}

// TestPrecedence: a flag beats the environment, the environment beats the file, the file beats the default.
func TestPrecedence(t *testing.T) {
	t.Setenv("CADASTRO_MAX_ROWS", "30")
	t.Setenv("CADASTRO_COUNTRY", "mx")
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example.com:4318")
	c, err := fill(t, "# remark\r\n\ufeffmax-rows = 20\nmax-columns=21\n country = AR \nkeep-undo = \"14d\"\n", "--country=cl")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Error(err)
	}
	if c.Max.Rows != 30 || c.Max.Columns != 21 || c.Country != "CL" || c.Keep.Undo.Duration() != 14*24*time.Hour || c.Keep.Bin != Span(30*day) {
		t.Errorf("%+v", c)
	}
	if c.Trace.Endpoint != "http://collector.example.com:4318" {
		t.Errorf("traces go to %q", c.Trace.Endpoint)
	}
}

func TestFileRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"max-rows":                      "config.line",
		"= 3":                           "config.line",
		"ok":                            "config.line",
		"max-rows = 1\n\nmax-rows = 2":  "config.twice",
		"max-row = 1":                   "config.unknown",
		"max-file-size = lots":          "config.size",
		"keep-undo = soon":              "config.span",
		strings.Repeat("x", 1<<17):      "config.unreadable",
		"max-rows = many":               "",
		"language = fr":                 "",
		"log-level = loud\nmax-rows= 1": "",
	} {
		_, err := fill(t, text)
		if err == nil {
			t.Errorf("%.40q: taken", text)
			continue
		}
		if want != "" && !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %s", text, err, want)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		spoil func(*Config)
		want  string
	}{
		{func(c *Config) { c.Data = " " }, "config.data"},
		{func(c *Config) { c.Database = "postgres://" }, "config.database"},
		{func(c *Config) { c.Database = "postgres://u:secret@[::1" }, "config.database"},
		{func(c *Config) { c.Database = "postgres:///db?host=/run/pg" }, ""},
		{func(c *Config) { c.Database = "/var/lib/x.db" }, ""},
		{func(c *Config) { c.Country = "Brasil" }, "config.country"},
		{func(c *Config) { c.Country = "ZZ" }, "config.country"},
		{func(c *Config) { c.Country = "419" }, "config.country"},
		{func(c *Config) { c.Country = " pe " }, ""},
		{func(c *Config) { c.TimeZone = "Local" }, "config.time_zone"},
		{func(c *Config) { c.TimeZone = "Brasilia" }, "config.time_zone"},
		{func(c *Config) { c.TimeZone = "America/Lima" }, ""},
		{func(c *Config) { c.URL = "cadastro.example.com" }, "config.url"},
		{func(c *Config) { c.URL = "ftp://example.com" }, "config.url"},
		{func(c *Config) { c.Max.Rows = 0 }, "config.not_positive"},
		{func(c *Config) { c.Limit.API = 0 }, "config.not_positive"},
		{func(c *Config) { c.Listen = "8080" }, "config.address"},
		{func(c *Config) { c.Listen = "" }, "config.address"},
		{func(c *Config) { c.Listen = "[::1]:0" }, ""},
		{func(c *Config) { c.Metrics.Listen = "localhost" }, "config.address"},
		{func(c *Config) { c.TLS.Cert = "/x" }, "config.tls_pair"},
		{func(c *Config) { c.TLS = TLS{Cert: "/x", Key: "/y", Redirect: ":80"} }, ""},
		{func(c *Config) { c.TLS, c.ACME.Domains = TLS{Cert: "/x", Key: "/y"}, []string{"a.example.com"} }, "config.tls_twice"},
		{func(c *Config) { c.TLS.Redirect = ":80" }, "config.tls_redirect"},
		{func(c *Config) { c.ACME.Domains = []string{"a.example.com", "b.example.com"} }, ""},
		{func(c *Config) { c.ACME.Domains = []string{"*.example.com"} }, "config.domain"},
		{func(c *Config) { c.ACME.Domains = []string{"192.0.2.1"} }, "config.domain"},
		{func(c *Config) { c.ACME.Domains = []string{"https://a.example.com"} }, "config.domain"},
		{func(c *Config) { c.ACME.Directory = "letsencrypt" }, "config.web_address"},
		{func(c *Config) { c.OIDC.Issuer = "id.example.com" }, "config.web_address"},
		{func(c *Config) { c.OIDC.Issuer = "https://id.example.com" }, "config.oidc_client"},
		{func(c *Config) { c.OIDC = OIDC{Issuer: "https://id.example.com", ClientID: "x"} }, ""},
		{func(c *Config) { c.Outgoing.Ports = []int{443, 70000} }, "config.port"},
		{func(c *Config) { c.Trace.Endpoint = "collector:4318" }, "config.web_address"},
		{func(c *Config) { c.Trace.Share = 1.5 }, "config.share"},
		{func(c *Config) { c.Metrics.Token = "short" }, "config.metrics_token"},
		{func(c *Config) { c.SMTP.Host = "mail.example.com" }, "config.smtp_from"},
		{func(c *Config) { c.Keep.Review = 0 }, "config.not_positive"},
	} {
		c, err := fill(t, "")
		if err != nil {
			t.Fatal(err)
		}
		tt.spoil(c)
		err = c.Check()
		if errs.CodeOf(err) != tt.want {
			t.Errorf("%+v: %v, want %q", c, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the password is told: %v", err)
		}
	}
	c := &Config{TimeZone: "nowhere"}
	if err := c.Check(); strings.Count(err.Error(), "config.") < 5 {
		t.Errorf("not all faults told: %v", err)
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	c, err := fill(t, "", "--log-level=warn", "--log-format=json", "--database=postgres://u:secret@db.example.com/c")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	log := c.Log.Logger(&out)
	log.Info("quiet")
	log.Warn("start", "config", c)
	if s := out.String(); strings.Contains(s, "quiet") || !strings.Contains(s, `"engine":"postgres"`) || strings.Contains(s, "secret") {
		t.Errorf("logged %s", s)
	}
	out.Reset()
	Log{Level: "debug"}.Logger(&out).Debug("seen")
	if s := out.String(); !strings.Contains(s, "level=DEBUG msg=seen") {
		t.Errorf("logged %s", s)
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0": 0, "1048576": 1 << 20, "1MiB": 1 << 20, "1 mb": 1e6, "2g": 2 << 30, " 20 GiB ": 20 << 30, "7b": 7, "8388607TiB": 8388607 << 40,
		"": -1, "MiB": -1, "-1": -1, "1.5GiB": -1, "1 XB": -1, "8388608TiB": -1, "99999999999999999999": -1, "1 000": -1,
	} {
		var s Size
		err := s.UnmarshalText([]byte(text))
		if want < 0 && errs.CodeOf(err) != "config.size" || want >= 0 && (err != nil || int64(s) != want) {
			t.Errorf("%q = %d, %v; want %d", text, s, err, want)
		}
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"7d": 7 * day, "0d": 0, "1h": time.Hour, "90m": 90 * time.Minute, "1h30m": 90 * time.Minute,
		"12h0m0s": 12 * time.Hour, "": -1, "d": -1, "-1d": -1, "-1h": -1, "1.5d": -1, "9999999999d": -1, "week": -1,
	} {
		var s Span
		err := s.UnmarshalText([]byte(text))
		if want < 0 && errs.CodeOf(err) != "config.span" || want >= 0 && (err != nil || s.Duration() != want) {
			t.Errorf("%q = %v, %v; want %v", text, s, err, want)
		}
	}
}

// TestRoundTrip: what String writes, UnmarshalText reads.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size, span := Size(rapid.Int64Min(0).Draw(t, "size")), Span(rapid.Int64Min(0).Draw(t, "span"))
		var a Size
		var b Span
		text, _ := size.MarshalText()
		other, _ := span.MarshalText()
		if err := errors.Join(a.UnmarshalText(text), b.UnmarshalText(other)); err != nil || a != size || b != span {
			t.Fatalf("%s %s: %d %d, %v", text, other, a, b, err)
		}
	})
}

func FuzzFile(f *testing.F) {
	f.Add("max-rows = 1\n# x\n\"a\" = \"b\"")
	f.Add("=\n==\n\ufeff#")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := File(strings.NewReader(text))
		if err != nil && errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q: %v", text, err)
		}
	})
}

// TestAddress: without an address for links they get the one that the server listens on.
func TestAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{nil, "http://localhost:8080"},
		{[]string{"--listen=:80"}, "http://localhost"},
		{[]string{"--listen=0.0.0.0:8081"}, "http://localhost:8081"},
		{[]string{"--listen=192.0.2.7:8081"}, "http://192.0.2.7:8081"},
		{[]string{"--listen=[2001:db8::7]:80"}, "http://[2001:db8::7]"},
		{[]string{"--listen=[2001:db8::7]:81"}, "http://[2001:db8::7]:81"},
		{[]string{"--listen=:443", "--tls-cert=/x", "--tls-key=/y"}, "https://localhost"},
		{[]string{"--listen=:443", "--acme-domains=contacts.example.com,other.example.com"}, "https://contacts.example.com"},
		{[]string{"--listen=:443", "--url=https://behind.example.com"}, "https://behind.example.com"},
	} {
		c, err := fill(t, "", tt.args...)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Check(); err != nil || c.URL != tt.want {
			t.Errorf("%v: %s, %v; want %s", tt.args, c.URL, err, tt.want)
		}
	}
}

// TestNetworks: lists of networks come from every place, in every spelling, and are written as they are read.
func TestNetworks(t *testing.T) {
	t.Parallel()
	c, err := fill(t, "trusted-proxies = 10.1.2.3/8, fd00::1\noutgoing-ports = 80,8443")
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(Prefixes(c.TrustedProxies), c.Outgoing.Ports); got != "[10.0.0.0/8 fd00::1/128] [80 8443]" {
		t.Errorf("got %s", got)
	}
	for _, bad := range []string{"10.0.0.0/33", "intranet", "fe80::1%eth0", "10.0.0"} {
		var n Network
		if err := n.UnmarshalText([]byte(bad)); errs.CodeOf(err) != "config.network" {
			t.Errorf("%s: %v", bad, err)
		}
	}
	var n Network
	text, err := c.TrustedProxies[0].MarshalText()
	if err != nil || n.UnmarshalText(text) != nil || n != c.TrustedProxies[0] {
		t.Errorf("%s comes back as %s", text, n)
	}
}
