package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
)

// event is one server-sent event.
type event struct {
	name, id string
	imp      *api.Import
}

// watch reads the events of an import until the stream ends; last is the id of the last one seen before.
func (c *client) watch(id int64, last string) (int, []event) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.kit.URL+api.Prefix+at("/imports", id, "/events"), nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Accept-Encoding", "gzip")
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return res.StatusCode, nil
	}
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" || res.Header.Get("Content-Encoding") != "" {
		c.t.Errorf("content type %q, encoding %q", got, res.Header.Get("Content-Encoding"))
	}
	var all []event
	var e event
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "event":
			e.name = value
		case "id":
			e.id = value
		case "data":
			if err := json.Unmarshal([]byte(value), &e.imp); err != nil {
				c.t.Fatal(err)
			}
		case "":
			if e.name != "" {
				sums(c.t, e.imp)
				all = append(all, e)
			}
			e = event{}
		}
	}
	if err := lines.Err(); err != nil {
		c.t.Fatal(err)
	}
	return res.StatusCode, all
}

// TestEvents: a watcher hears how the work goes and that it has ended, and is not told the end twice.
func TestEvents(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c := serve(t, k)
		var b strings.Builder
		b.WriteString("Nome;Celular\n")
		for i := range 12_000 {
			fmt.Fprintf(&b, "Pessoa %d;(11) 9%08d\n", i, 10_000_000+i)
		}
		imp := parsed[*api.Import](c.post("/imports?name=muitos.csv", b.String()).want(201))
		c.post(at("/imports", imp.ID, "/review"), map[string]any{}).want(202)
		_, events := c.watch(imp.ID, "")
		last := events[len(events)-1]
		if last.name != "end" || last.imp.State != "review" || last.imp.Rows != 12_000 {
			t.Fatalf("%+v", last)
		}
		for _, e := range events[:len(events)-1] {
			if e.name != "import" || e.id == "" || e.imp.State != "validating" {
				t.Errorf("%+v", e)
			}
		}
		if status, events := c.watch(imp.ID, last.id); status != http.StatusNoContent {
			t.Errorf("behind the end: %d %v", status, events)
		}
		c.post(at("/imports", imp.ID, "/start"), nil).want(202)
		_, events = c.watch(imp.ID, last.id)
		if end := events[len(events)-1]; end.name != "end" || end.imp.State != "done" || end.imp.Imported != 12_000 {
			t.Fatalf("%+v", end)
		}
		ids := map[string]bool{}
		for _, e := range events {
			if ids[e.id] {
				t.Errorf("event %s twice", e.id)
			}
			ids[e.id] = true
		}
	})
}
