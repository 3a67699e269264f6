// Package safehttp asks web servers whose address somebody typed in, without being led into our own network.
//
// # What it holds
//
// A URL is http or https, on a port that is allowed, without a name or password in it. Where its host leads is not read
// off its spelling: the address is judged when the connection is made, behind DNS and for each attempt, so that
// decimal and octal hosts, names that point at private addresses, and resolvers that answer differently the second
// time all come to the same judge. Redirects are not followed, or each hop is judged like the first. The proxies of the
// environment are not asked. An answer has a bound in time and in bytes, counted after decompression.
package safehttp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"syscall"
	"time"

	"cadastro/internal/errs"
)

// Options bound what a client may do. The zero value is the strictest.
type Options struct {
	// Allow opens networks that are closed by default, e.g. the peer in one's own network that an administrator names.
	Allow     []netip.Prefix
	Ports     []int         // default 80 and 443
	Redirects int           // how many are followed; 0 gives the redirect itself to the caller
	Timeout   time.Duration // of the whole exchange, the body included; default 30 s
	MaxBody   int64         // bytes of an answer; default 10 MiB
	Resolver  *net.Resolver // default the system's
}

// Client asks web servers. It is safe for concurrent use.
type Client struct {
	opt  Options
	http *http.Client
}

// Faults as errors.Is finds them; what a caller gets is an [errs.Error] around one.
var (
	errAddress = errors.New("safehttp: address is not public")
	errTooLong = errors.New("safehttp: answer too long")
)

// New returns a client.
func New(opt Options) *Client {
	if len(opt.Ports) == 0 {
		opt.Ports = []int{80, 443}
	}
	opt.Timeout = cmp.Or(opt.Timeout, 30*time.Second)
	opt.MaxBody = cmp.Or(opt.MaxBody, 10<<20)
	c := &Client{opt: opt}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Resolver: opt.Resolver, ControlContext: c.control}
	c.http = &http.Client{
		Timeout: opt.Timeout,
		Transport: &http.Transport{
			Proxy: nil, DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: opt.Timeout,
			MaxResponseHeaderBytes: 64 << 10, MaxIdleConnsPerHost: 2, MaxIdleConns: 100, IdleConnTimeout: 30 * time.Second,
		},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if opt.Redirects == 0 {
				return http.ErrUseLastResponse
			}
			if len(via) > opt.Redirects {
				return errs.New(errs.Invalid, "url.redirects", "limit", opt.Redirects)
			}
			return c.Check(req.URL)
		},
	}
	return c
}

// Check tells what is wrong with a URL before any name is looked up, as an Invalid error: "url.scheme", "url.host",
// "url.userinfo", "url.port", and "url.private" where the host is an address that is plainly not public.
func (c *Client) Check(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return errs.New(errs.Invalid, "url.scheme")
	}
	if u.User != nil {
		return errs.New(errs.Invalid, "url.userinfo")
	}
	if u.Opaque != "" || u.Hostname() == "" {
		return errs.New(errs.Invalid, "url.host")
	}
	port := 443
	if u.Scheme == "http" {
		port = 80
	}
	if p := u.Port(); p != "" {
		var err error
		if port, err = strconv.Atoi(p); err != nil {
			return errs.New(errs.Invalid, "url.port", "port", p)
		}
	}
	if !slices.Contains(c.opt.Ports, port) {
		return errs.New(errs.Invalid, "url.port", "port", strconv.Itoa(port))
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil && !c.allowed(a) {
		return errs.Wrap(errAddress, errs.Invalid, "url.private")
	}
	return nil
}

// CheckText parses a URL and checks it.
func (c *Client) CheckText(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		// Without the cause, whose text holds the URL and maybe a password in it.
		return nil, errs.New(errs.Invalid, "url.host")
	}
	return u, c.Check(u)
}

// Do sends a request. The caller closes the body of the response; reading more of it than Options allow fails with TooLarge
// "url.too_large". A server that cannot be reached is Busy "url.unreachable", one in a network that is none of its
// caller's business Invalid "url.private".
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	if err := c.Check(req.URL); err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, told(err)
	}
	if resp.ContentLength > c.opt.MaxBody {
		resp.Body.Close()
		return nil, errs.Wrap(errTooLong, errs.TooLarge, "url.too_large", "limit", c.opt.MaxBody)
	}
	resp.Body = &bounded{resp.Body, c.opt.MaxBody, c.opt.MaxBody}
	return resp, nil
}

// told turns an error of net/http, whose text holds the whole URL, into one of ours.
func told(err error) error {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e
	}
	if errors.Is(err, context.Canceled) {
		return context.Canceled
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return errs.Wrap(err, errs.Busy, "url.unreachable")
}

// control judges an address that is about to be connected to; nothing has been sent yet.
func (c *Client) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return errs.Wrap(fmt.Errorf("%w: %s", errAddress, network), errs.Invalid, "url.private")
	}
	if !slices.Contains(c.opt.Ports, int(ap.Port())) {
		return errs.New(errs.Invalid, "url.port", "port", strconv.Itoa(int(ap.Port())))
	}
	if !c.allowed(ap.Addr()) {
		return errs.Wrap(errAddress, errs.Invalid, "url.private")
	}
	return nil
}

func (c *Client) allowed(a netip.Addr) bool {
	if Public(a) {
		return true
	}
	a = a.Unmap().WithZone("")
	for _, p := range c.opt.Allow {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// bounded is a body that ends in an error where it is longer than allowed.
type bounded struct {
	io.ReadCloser
	left, limit int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errs.Wrap(errTooLong, errs.TooLarge, "url.too_large", "limit", b.limit)
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return max(0, n-1), errs.Wrap(errTooLong, errs.TooLarge, "url.too_large", "limit", b.limit)
	}
	return n, err
}
