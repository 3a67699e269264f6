package exporter

import (
	"bufio"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/blob"
	"cadastro/internal/charset"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/job"
)

// ID numbers exports within a workspace.
type ID int64

// Format is a format of files.
type Format string

// The formats.
const (
	CSV    Format = "csv"
	XLSX   Format = "xlsx"
	VCard  Format = "vcf"
	NDJSON Format = "ndjson"
)

// State is where an export stands.
type State string

// The states. Of an export that is over its days only the history is left.
const (
	Waiting   State = "waiting"
	Running   State = "running"
	Done      State = "done"
	Cancelled State = "cancelled"
	Failed    State = "failed"
	Expired   State = "expired"
)

// Spec says what a file holds. Fields as in [Options]; Delimiter and Charset are of CSV alone ("" for ; and UTF-8). A
// vCard has its own fields.
type Spec struct {
	contact.Selection
	Format    Format    `json:"format"`
	Fields    []string  `json:"fields,omitempty"`
	Keys      bool      `json:"keys,omitempty"`
	Language  i18n.Lang `json:"language,omitempty"`
	Delimiter string    `json:"delimiter,omitempty"`
	Charset   string    `json:"charset,omitempty"`
}

// Export is an export as it stands.
type Export struct {
	ID                               ID
	Spec                             Spec
	State                            State
	Actor                            string
	FileName                         string // for the download
	Total, Done, Size                int64
	Error                            string // code
	CreatedAt, FinishedAt, ExpiresAt time.Time

	workspace int64
	key       string
	job       job.ID
}

// The kinds of jobs: an export, and the removal of files that are over their days.
const (
	KindRun  = "export.run"
	KindTidy = "export.tidy"
)

// DefaultKeep is how long a file can be downloaded.
const DefaultKeep = 7 * 24 * time.Hour

// Start begins an export in the background. Errors: those of [contact.Service.Fix]; Invalid export.format_unknown {value},
// export.field_unknown {field}, charset.unknown, write.charset_lacks.
func (s *Service) Start(ctx context.Context, workspace int64, spec Spec) (*Export, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ExportsRun); err != nil {
		return nil, err
	}
	spec.Format = cmp.Or(spec.Format, CSV)
	spec.Bin = false
	if _, err := s.open(io.Discard, &spec); err != nil {
		return nil, err
	}
	actor, _ := auth.From(ctx) // RequireIn has seen it
	now := s.Now()
	x := &Export{State: Waiting, Actor: actor.String(), CreatedAt: now, workspace: workspace}
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		cat, err := contact.LoadCatalogue(ctx, tx, workspace)
		if err != nil {
			return err
		}
		check := &export{cat: cat}
		for _, f := range spec.Fields {
			if err := check.check(f); err != nil {
				return err
			}
		}
		x.Spec = spec
		if x.Spec.Selection, err = s.Contacts.Fix(ctx, tx, workspace, spec.Selection, auth.ExportsRun); err != nil {
			return err
		}
		id, err := tx.Reserve(ctx, workspace, "export", 1)
		if err != nil {
			return err
		}
		x.ID = ID(id)
		x.FileName = fmt.Sprintf("%s-%s-%d.%s", s.Texts.Printer(spec.Language).T("export.file_name"), now.UTC().Format("2006-01-02"), id, spec.Format)
		if x.job, err = job.Enqueue(ctx, tx, workspace, KindRun, id); err != nil {
			return err
		}
		text, err := json.Marshal(&x.Spec)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO export (workspace_id, id, spec, actor, state, file_name, job_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			workspace, id, string(text), x.Actor, string(x.State), x.FileName, int64(x.job), now.UnixMicro())
		return err
	})
	if err == nil && s.Wake != nil {
		s.Wake()
	}
	return x, err
}

// Get tells how an export stands; others' are the admins' to see. Error: NotFound export.not_found {id}.
func (s *Service) Get(ctx context.Context, workspace int64, id ID) (*Export, error) {
	var x *Export
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		x, err = s.seen(ctx, q, workspace, id, "")
		return err
	})
	return x, err
}

// List gives the newest exports: all for admins, else the actor's own.
func (s *Service) List(ctx context.Context, workspace int64, limit int) ([]Export, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ExportsRun); err != nil {
		return nil, err
	}
	if limit < 1 || limit > contact.MaxPage {
		limit = contact.DefaultPage
	}
	a, _ := auth.From(ctx) // RequireIn has seen it
	var out []Export
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		out, err = db.Collect(ctx, q, func(r *sql.Rows) (x Export, err error) { return x, x.scan(r, s.Now()) },
			"SELECT "+exportCols+" FROM export WHERE workspace_id = $1 AND (actor = $2 OR $3) ORDER BY id DESC LIMIT $4", workspace, a.String(), all(a), limit)
		return err
	})
	return out, err
}

// all tells whether an actor sees the exports of others.
func all(a auth.Actor) bool { return a.Role == auth.Admin && a.Group == 0 }

// Open gives the file of an export. Errors: NotFound export.not_found, export.expired {id}; Conflict export.not_done {id}.
// The caller closes it.
func (s *Service) Open(ctx context.Context, workspace int64, id ID) (*Export, blob.Reader, error) {
	x, err := s.Get(ctx, workspace, id)
	if err != nil {
		return nil, nil, err
	}
	switch x.State {
	case Done:
	case Expired:
		return nil, nil, errs.New(errs.NotFound, "export.expired", "id", int64(id))
	default:
		return nil, nil, errs.New(errs.Conflict, "export.not_done", "id", int64(id))
	}
	r, err := s.Blobs.Open(ctx, x.key)
	if errs.KindOf(err) == errs.NotFound {
		err = errs.Wrap(err, errs.NotFound, "export.expired", "id", int64(id))
	}
	return x, r, err
}

// Cancel ends an export that waits or runs.
func (s *Service) Cancel(ctx context.Context, workspace int64, id ID) (*Export, error) {
	var x *Export
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if x, err = s.seen(ctx, tx, workspace, id, tx.ForUpdate()); err != nil || x.State != Waiting && x.State != Running {
			return err
		}
		if _, err := job.Cancel(ctx, tx, workspace, x.job); err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		x.State, x.FinishedAt = Cancelled, s.Now()
		_, err = tx.Exec(ctx, "UPDATE export SET state = $3, finished_at = $4 WHERE workspace_id = $1 AND id = $2", workspace, int64(id), string(Cancelled), x.FinishedAt.UnixMicro())
		return err
	})
	return x, err
}

const exportCols = "workspace_id, id, spec, actor, state, file_name, file_key, file_size, total, done, error_code, job_id, created_at, COALESCE(finished_at, 0), COALESCE(expires_at, 0)"

func (x *Export) scan(r interface{ Scan(...any) error }, now time.Time) error {
	var spec string
	var created, finished, expires int64
	err := r.Scan(&x.workspace, &x.ID, &spec, &x.Actor, &x.State, &x.FileName, &x.key, &x.Size, &x.Total, &x.Done, &x.Error, &x.job, &created, &finished, &expires)
	if err != nil {
		return err
	}
	x.CreatedAt = time.UnixMicro(created).UTC()
	for at, to := range map[*time.Time]int64{&x.FinishedAt: finished, &x.ExpiresAt: expires} {
		if to != 0 {
			*at = time.UnixMicro(to).UTC()
		}
	}
	if x.State == Done && x.ExpiresAt.Before(now) {
		x.State = Expired
	}
	return json.Unmarshal([]byte(spec), &x.Spec)
}

func (s *Service) get(ctx context.Context, q db.Querier, workspace int64, id ID, lock string) (*Export, error) {
	var x Export
	err := x.scan(q.QueryRow(ctx, "SELECT "+exportCols+" FROM export WHERE workspace_id = $1 AND id = $2"+lock, workspace, int64(id)), s.Now())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errs.New(errs.NotFound, "export.not_found", "id", int64(id))
	}
	return &x, err
}

func (s *Service) seen(ctx context.Context, q db.Querier, workspace int64, id ID, lock string) (*Export, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ExportsRun); err != nil {
		return nil, err
	}
	x, err := s.get(ctx, q, workspace, id, lock)
	if a, _ := auth.From(ctx); err == nil && x.Actor != a.String() && !all(a) {
		return nil, errs.New(errs.NotFound, "export.not_found", "id", int64(id))
	}
	return x, err
}

// formats lists what there is.
func formats() []Format { return []Format{CSV, XLSX, VCard, NDJSON} }

// open begins a file of a format.
func (s *Service) open(to io.Writer, spec *Spec) (form, error) {
	if !slices.Contains(formats(), spec.Format) {
		return nil, errs.New(errs.Invalid, "export.format_unknown", "value", errs.Clip(string(spec.Format), 40))
	}
	name, ok := charset.Lookup(cmp.Or(spec.Charset, "utf-8"))
	if !ok {
		return nil, errs.New(errs.Invalid, "charset.unknown", "value", errs.Clip(spec.Charset, 40))
	}
	switch spec.Format {
	case XLSX:
		return newWorkbook(to, s.Texts.Printer(spec.Language).T("export.sheet")), nil
	case VCard:
		return &cards{to: bufio.NewWriterSize(to, 64<<10)}, nil
	case NDJSON:
		return &lines{to: bufio.NewWriterSize(to, 64<<10)}, nil
	}
	return newText(to, name, cmp.Or(spec.Delimiter, ";"))
}
