package api

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"cadastro/internal/importer"
	"cadastro/internal/server/request"
)

const watchText = "Server-sent events (text/event-stream). Each event `import` has the import as get-import gives it, whenever it has changed; `end` is the last one, when no work is " +
	"under way any more. A line with a colon comes every 15 seconds. A reader who comes back with Last-Event-ID is told what is new since; one who has seen the end gets 204, " +
	"which ends an EventSource."

// How often a watcher's import is looked at, and how often a watcher hears of us.
const (
	watchEvery = 500 * time.Millisecond
	heartbeat  = 15 * time.Second
)

type watchInput struct {
	ImportPath
	Last string `header:"Last-Event-ID" doc:"Id of the last event seen."`
}

type stream struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	NoBuffer     string `header:"X-Accel-Buffering"`
	Body         func(huma.Context)
}

func (a *API) watchImport(ctx context.Context, in *watchInput) (*stream, error) {
	first, err := a.find(ctx, in.ImportPath)
	if err != nil {
		return nil, err
	}
	return &stream{ContentType: "text/event-stream", CacheControl: "no-store", NoBuffer: "no", Body: func(hc huma.Context) {
		w := &watcher{api: a, ctx: ctx, in: in.ImportPath, last: in.Last}
		body, id, err := w.describe(first)
		if err == nil && !first.State.Running() && id == in.Last {
			hc.SetStatus(http.StatusNoContent)
			return
		}
		hc.SetStatus(http.StatusOK)
		w.out, w.control = hc.BodyWriter(), http.NewResponseController(callOf(ctx).w)
		if err == nil && w.tell(first, body, id) == nil {
			w.run()
		}
	}}, nil
}

// watcher tells one reader of one import.
type watcher struct {
	api     *API
	ctx     context.Context
	in      ImportPath
	last    string // id of the event told last
	out     io.Writer
	control *http.ResponseController
}

// run tells of each change until no work is under way, the reader is gone or the server ends.
func (w *watcher) run() {
	look, beat := time.NewTicker(watchEvery), time.NewTicker(heartbeat)
	defer look.Stop()
	defer beat.Stop()
	for {
		select {
		case <-w.ctx.Done():
			return
		case <-request.Of(w.ctx).Stopping:
			return // the reader comes back by itself, to whoever serves then
		case <-beat.C:
			if w.write(":\n\n") != nil {
				return
			}
		case <-look.C:
			imp, err := w.api.find(w.ctx, w.in)
			if err != nil {
				return
			}
			body, id, err := w.describe(imp)
			if err != nil || w.tell(imp, body, id) != nil {
				return
			}
		}
	}
}

// describe gives an import as an event, and the event's id: a hash of what it says.
func (w *watcher) describe(imp *importer.Import) (body []byte, id string, err error) {
	out, err := w.api.importOf(w.ctx, imp, true)
	if err != nil {
		return nil, "", err
	}
	if body, err = json.Marshal(out); err != nil {
		return nil, "", err
	}
	h := fnv.New64a()
	h.Write(body)
	return body, fmt.Sprintf("%016x", h.Sum64()), nil
}

// errOver ends a watch whose import has come to its end.
var errOver = fmt.Errorf("api: nothing more to tell")

// tell sends an event where it is news.
func (w *watcher) tell(imp *importer.Import, body []byte, id string) error {
	over := !imp.State.Running()
	if id == w.last && !over {
		return nil
	}
	w.last = id
	name := "import"
	if over {
		name = "end"
	}
	if err := w.write(fmt.Sprintf("event: %s\nid: %s\ndata: %s\n\n", name, id, body)); err != nil {
		return err
	}
	if over {
		return errOver
	}
	return nil
}

func (w *watcher) write(s string) error {
	_ = w.control.SetWriteDeadline(time.Now().Add(2 * heartbeat))
	if _, err := io.WriteString(w.out, s); err != nil {
		return err
	}
	return w.control.Flush()
}
