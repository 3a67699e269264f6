// Package webtest tries the pages in a real browser: headless Chromium, driven through its own protocol.
//
// A test opens a [Browser] on the address of a running server, walks the pages as a person does, and asks what is seen. Each
// Browser is a tab with cookies of its own; the process is shared by the tests of a package. What a page asks of another host, and
// what it writes on the console as an error, fails the test by itself.
//
// CADASTRO_SCREENSHOTS names a folder that takes the pictures of [Browser.Picture]; without it none are taken.
// CADASTRO_CHROMIUM names the browser where it is not found by itself.
package webtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a thing may take to be seen: far more than it takes, since machines that test are busy.
const patience = 4 * time.Minute

// Look is what the browser is like.
type Look struct {
	Width, Height int64 // default 1440 × 900
	Dark          bool
	NoScript      bool
	Language      string // Accept-Language, default pt-BR
	Session       string // secret of a session to be signed in with, "" for nobody
	Cookie        string // name of the session's cookie, default "cadastro"
}

// Browser is one tab.
type Browser struct {
	T      testing.TB
	URL    string // of the server, without a slash at the end
	Clicks int    // how often a person would have clicked so far
	Typed  int    // how many keys a person would have typed so far
	ctx    context.Context
	look   Look

	mu     sync.Mutex
	faults []string
	quiet  bool
}

// Open opens a tab on the server at base. It is closed with the test.
func Open(t testing.TB, base string, look Look) *Browser {
	t.Helper()
	if look.Width == 0 {
		look.Width, look.Height = 1440, 900
	}
	if look.Language == "" {
		look.Language = "pt-BR"
	}
	if look.Cookie == "" {
		look.Cookie = "cadastro"
	}
	parent, err := process()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &Browser{T: t, URL: strings.TrimSuffix(base, "/"), ctx: ctx, look: look}
	b.do() // opens the tab
	b.listen()
	b.set()
	t.Cleanup(func() {
		for _, f := range b.Faults() {
			t.Error(f)
		}
	})
	return b
}

// process starts the browser once for the tests of a package; it dies with them.
var process = sync.OnceValues(func() (context.Context, error) {
	path := os.Getenv("CADASTRO_CHROMIUM")
	if path == "" {
		for _, p := range []string{"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"} {
			if _, err := os.Stat(p); err == nil {
				path = p
				break
			}
		}
	}
	if path == "" {
		return nil, fmt.Errorf("no Chromium: scripts/test-deps.sh installs it, or CADASTRO_CHROMIUM names one")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("force-prefers-reduced-motion", true), chromedp.Flag("disable-dev-shm-usage", true))
	alloc, _ := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, _ := chromedp.NewContext(alloc)
	return ctx, chromedp.Do(ctx, chromedp.Navigate("about:blank"))
})

// listen notes what no page of ours may do.
func (b *Browser) listen() {
	own, err := url.Parse(b.URL)
	if err != nil {
		b.T.Fatal(err)
	}
	err = chromedp.Listen(b.ctx, func(ev any) {
		switch ev := ev.(type) {
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(ev.Request.URL); err == nil && u.Host != own.Host && (u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "ws") {
				b.fault("asks another host: %s", u.Host)
			}
		case *runtime.EventExceptionThrown:
			text := ev.ExceptionDetails.Text
			if o := ev.ExceptionDetails.Exception; o != nil {
				text += " " + o.Description
			}
			b.fault("script: %s", text)
		case *log.EventEntryAdded:
			// The browser writes down every answer from 400 on; those a page asks for on purpose.
			if ev.Entry.Level == log.EntryLevelError && ev.Entry.Source != log.EntrySourceNetwork {
				b.fault("console: %s", ev.Entry.Text)
			}
		}
	})
	if err != nil {
		b.T.Fatal(err)
	}
}

func (b *Browser) fault(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.quiet {
		b.faults = append(b.faults, fmt.Sprintf(format, args...))
	}
}

// Faults gives, and forgets, what pages did that they may not.
func (b *Browser) Faults() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.faults
	b.faults = nil
	return list
}

func (b *Browser) set() {
	b.T.Helper()
	scheme := "light"
	if b.look.Dark {
		scheme = "dark"
	}
	steps := []chromedp.Action[chromedp.Void]{
		chromedp.EmulateViewport(b.look.Width, b.look.Height),
		media(scheme),
		command(network.Enable, network.EnableParams{}),
		command(log.Enable, cdp.Empty{}),
		command(network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": b.look.Language}}),
		command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: b.look.NoScript}),
		command(browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorDeny}),
	}
	if b.look.Session != "" {
		steps = append(steps, command(network.SetCookie, network.SetCookieParams{Name: b.look.Cookie, Value: b.look.Session, URL: b.URL}))
	}
	b.do(append([]chromedp.Action[chromedp.Void]{chromedp.Navigate("about:blank")}, steps...)...)
}

// command makes a command of the protocol an action that gives nothing.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, c, params)
		return err
	})
}

// media sets the colour scheme that the system asks for, and has nothing move.
func media(scheme string) chromedp.Action[chromedp.Void] {
	return command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
}

// do runs actions and ends the test where one fails, with a picture of the page at hand.
func (b *Browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.T.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.T.Fatalf("%v\nat %s", err, b.Path())
	}
}

// run is do for an action that gives something.
func run[T any](b *Browser, a chromedp.Action[T]) T {
	b.T.Helper()
	v, err := chromedp.Run(b.ctx, a)
	if err != nil {
		b.T.Fatalf("%v\nat %s", err, b.Path())
	}
	return v
}

// Path gives the path and query of the page at hand.
func (b *Browser) Path() string {
	at, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil {
		return "?"
	}
	return strings.TrimPrefix(at, b.URL)
}

// Picture takes a picture of the whole page into the folder of CADASTRO_SCREENSHOTS, named after name, width and theme.
func (b *Browser) Picture(name string) {
	b.T.Helper()
	dir := os.Getenv("CADASTRO_SCREENSHOTS")
	if dir == "" {
		return
	}
	theme := "light"
	if b.look.Dark {
		theme = "dark"
	}
	buf := run(b, chromedp.CaptureScreenshot())
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.T.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, b.look.Width, theme)), buf, 0o644); err != nil {
		b.T.Fatal(err)
	}
}
