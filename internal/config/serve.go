package config

import (
	"cmp"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"cadastro/internal/errs"
)

// TLS is the certificate of the web server, from files or from a certificate authority.
type TLS struct {
	Cert     string `help:"File of the certificate with its chain (PEM). Read again when it changes." env:"CADASTRO_TLS_CERT" type:"path" placeholder:"FILE"`
	Key      string `help:"File of the certificate's private key (PEM)." env:"CADASTRO_TLS_KEY" type:"path" placeholder:"FILE"`
	Redirect string `help:"Address where plain HTTP is led to TLS, usually :80. Empty: none." env:"CADASTRO_TLS_REDIRECT" placeholder:"HOST:PORT"`
}

// ACME is how certificates come by themselves (RFC 8555).
type ACME struct {
	Domains   []string `help:"Domains to get certificates for. Empty: none." env:"CADASTRO_ACME_DOMAINS" placeholder:"NAME,..."`
	Email     string   `help:"Where the authority writes about certificates." env:"CADASTRO_ACME_EMAIL" placeholder:"ADDRESS"`
	Directory string   `help:"Directory of the authority." default:"https://acme-v02.api.letsencrypt.org/directory" env:"CADASTRO_ACME_DIRECTORY" placeholder:"URL"`
	Roots     string   `help:"Roots to trust at the authority (PEM), for one of your own. Empty: the system's." env:"CADASTRO_ACME_ROOTS" type:"path" placeholder:"FILE"`
}

// OIDC is the provider that people may sign in through. Without an issuer there is none.
type OIDC struct {
	Issuer       string `help:"Address of an OpenID Connect provider that people sign in through. Empty: none." env:"CADASTRO_OIDC_ISSUER" placeholder:"URL"`
	ClientID     string `help:"Our identifier at the provider." env:"CADASTRO_OIDC_CLIENT_ID" placeholder:"ID"`
	ClientSecret string `help:"Our secret at the provider. Empty: a public client." env:"CADASTRO_OIDC_CLIENT_SECRET" placeholder:"SECRET" secret:""`
	Name         string `help:"Name of the provider, as the button says it." default:"OpenID" env:"CADASTRO_OIDC_NAME" placeholder:"NAME"`
}

// Outgoing bounds where webhooks and imports from an address may lead, beside the internet at large.
type Outgoing struct {
	Allow []Network `help:"Networks of one's own that webhooks and imports from an address may reach." env:"CADASTRO_OUTGOING_ALLOW" placeholder:"NET,..."`
	Ports []int     `help:"Ports that they may reach." default:"80,443" env:"CADASTRO_OUTGOING_PORTS" placeholder:"N,..."`
}

// Metrics is where measurements can be had. With neither an address nor a token, nowhere.
type Metrics struct {
	Listen string `help:"Address of a second server that answers /metrics, /healthz and /readyz, for the inner network alone." env:"CADASTRO_METRICS_LISTEN" placeholder:"HOST:PORT"`
	Token  string `help:"Bearer token that opens /metrics on the main server." env:"CADASTRO_METRICS_TOKEN" placeholder:"TOKEN" secret:""`
}

// Trace is where spans go.
type Trace struct {
	Endpoint string  `help:"OTLP/HTTP address that traces are sent to. Empty: none." env:"CADASTRO_TRACE_ENDPOINT,OTEL_EXPORTER_OTLP_ENDPOINT" placeholder:"URL"`
	Share    float64 `help:"Share of requests that are traced, 0 to 1." default:"1" env:"CADASTRO_TRACE_SHARE" placeholder:"SHARE"`
}

// Limit bounds how often programs ask.
type Limit struct {
	API     int `help:"Requests a minute for one token or session on the API." default:"600" env:"CADASTRO_LIMIT_API" placeholder:"N"`
	Address int `help:"Requests a minute for one address on the API without a good token." default:"60" env:"CADASTRO_LIMIT_ADDRESS" placeholder:"N"`
}

// Session says how long a sign-in lasts.
type Session struct {
	Idle Span `help:"A session that is not used for so long ends." default:"12h" env:"CADASTRO_SESSION_IDLE" placeholder:"TIME"`
	Life Span `help:"A session ends after so long, however much it is used." default:"14d" env:"CADASTRO_SESSION_LIFE" placeholder:"TIME"`
}

// Network is a range of addresses: "10.0.0.0/8", "fd00::/8", or one address alone.
type Network netip.Prefix

// UnmarshalText reads a range; Invalid "config.network" where text is none.
func (n *Network) UnmarshalText(text []byte) error {
	in := strings.TrimSpace(string(text))
	if a, err := netip.ParseAddr(in); err == nil && a.Zone() == "" {
		*n = Network(netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()))
		return nil
	}
	p, err := netip.ParsePrefix(in)
	if err != nil {
		return errs.New(errs.Invalid, "config.network", "value", in)
	}
	*n = Network(p.Masked())
	return nil
}

// MarshalText writes the range as [Network.UnmarshalText] reads it.
func (n Network) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// String writes the range.
func (n Network) String() string { return netip.Prefix(n).String() }

// Prefixes gives ranges as package netip has them.
func Prefixes(list []Network) []netip.Prefix {
	out := make([]netip.Prefix, 0, len(list))
	for _, n := range list {
		out = append(out, netip.Prefix(n))
	}
	return out
}

// HasTLS tells whether the web server speaks TLS itself.
func (c *Config) HasTLS() bool { return c.TLS.Cert != "" || len(c.ACME.Domains) > 0 }

// checkServe tells what is wrong with the settings of the server.
func (c *Config) checkServe(wrong func(code string, args ...any)) {
	for _, a := range []struct{ setting, value string }{
		{"listen", c.Listen}, {"tls-redirect", c.TLS.Redirect}, {"metrics-listen", c.Metrics.Listen},
	} {
		if a.value == "" && a.setting != "listen" {
			continue
		}
		if _, port, err := net.SplitHostPort(a.value); err != nil || port == "" {
			wrong("config.address", "setting", a.setting, "value", a.value)
		}
	}
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		wrong("config.tls_pair")
	}
	if c.TLS.Cert != "" && len(c.ACME.Domains) > 0 {
		wrong("config.tls_twice")
	}
	if c.TLS.Redirect != "" && !c.HasTLS() {
		wrong("config.tls_redirect")
	}
	for _, d := range c.ACME.Domains {
		if !strings.Contains(d, ".") || strings.ContainsAny(d, "*/: ") || net.ParseIP(d) != nil {
			wrong("config.domain", "value", d)
		}
	}
	for _, a := range []struct{ setting, value string }{
		{"acme-directory", c.ACME.Directory}, {"oidc-issuer", c.OIDC.Issuer}, {"trace-endpoint", c.Trace.Endpoint},
	} {
		if a.value != "" && !webAddress(a.value) {
			wrong("config.web_address", "setting", a.setting, "value", a.value)
		}
	}
	if c.OIDC.Issuer != "" && c.OIDC.ClientID == "" {
		wrong("config.oidc_client")
	}
	if i := slices.IndexFunc(c.Outgoing.Ports, func(p int) bool { return p < 1 || p > 65535 }); i >= 0 {
		wrong("config.port", "setting", "outgoing-ports", "value", c.Outgoing.Ports[i])
	}
	if c.Trace.Share < 0 || c.Trace.Share > 1 {
		wrong("config.share", "setting", "trace-share")
	}
	if t := c.Metrics.Token; t != "" && len(t) < 16 {
		wrong("config.metrics_token")
	}
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// addressOf gives the address under which a server that nobody named can be reached from its own machine.
func (c *Config) addressOf() string {
	scheme, usual := "http", "80"
	if c.HasTLS() {
		scheme, usual = "https", "443"
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return scheme + "://localhost"
	}
	if a, err := netip.ParseAddr(host); err == nil && (a.IsUnspecified() || a.IsLoopback()) {
		host = ""
	}
	host = cmp.Or(host, "localhost")
	if len(c.ACME.Domains) > 0 {
		host = c.ACME.Domains[0]
	}
	if port == usual {
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		return scheme + "://" + host
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}
