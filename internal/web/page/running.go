package page

import (
	"context"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/importer"
)

// running gives the import under way, or the first in line, for the navigation: nil where there is none, where the
// reader may not see imports, and on the page of that import itself. The frame does without where it cannot be had.
func (k *Kit) running(ctx context.Context, b *Base) *Running {
	if !b.May("imports.read") {
		return nil
	}
	imp, err := k.App.Imports.Running(ctx, b.Me.actor.Workspace)
	if err != nil || imp == nil {
		return nil
	}
	r := &Running{URL: "/imports/" + strconv.FormatInt(int64(imp.ID), 10), Title: b.T("import.state." + string(imp.State))}
	if path, _, _ := strings.Cut(b.Path, "?"); path == r.URL {
		return nil
	}
	r.Ribbon = b.Ribbon(imp.Counts, "s")
	r.Line = imp.FileName
	if step := imp.Progress; step.Total > 0 && imp.State != importer.Queued {
		r.Percent = strconv.FormatInt(100*step.Done/step.Total, 10) + "%"
	}
	if _, left, ok := imp.Pace(); ok {
		r.Line = b.T("web.runs.now_left", "file", imp.FileName, "left", max(left.Round(time.Second), time.Second))
	}
	return r
}
