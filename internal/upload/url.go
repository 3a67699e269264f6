package upload

import (
	"context"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"

	"cadastro/internal/errs"
	"cadastro/internal/safehttp"
)

// FromURL fetches a file from somebody else's server. client bounds where that may be, how long it may take and how much
// it may send. The caller closes body. Errors: those of the client ("url.private", "url.unreachable", "url.too_large", …)
// and url.status {status} (Invalid) where the server has no file to give.
func FromURL(ctx context.Context, client *safehttp.Client, text string) (name string, body io.ReadCloser, err error) {
	u, err := client.CheckText(text)
	if err != nil {
		return "", nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", nil, errs.Wrap(err, errs.Invalid, "url.host")
	}
	req.Header.Set("User-Agent", "Cadastro")
	resp, err := client.Do(req)
	if err != nil {
		return "", nil, err
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return "", nil, errs.New(errs.Invalid, "url.status", "status", resp.StatusCode)
	}
	return nameOf(resp), &closer{&told{resp.Body}, resp.Body}, nil
}

// nameOf gives the name that the server says the file has, else the last element of the URL that it came from.
func nameOf(resp *http.Response) string {
	if _, params, err := mime.ParseMediaType(resp.Header.Get("Content-Disposition")); err == nil && params["filename"] != "" {
		return CleanName(params["filename"])
	}
	last, err := url.PathUnescape(path.Base(resp.Request.URL.EscapedPath()))
	if err != nil || last == "/" || last == "." {
		last = resp.Request.URL.Hostname()
	}
	return CleanName(last)
}

type closer struct {
	io.Reader
	io.Closer
}
