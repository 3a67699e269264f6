package exporter

import (
	"context"
	"errors"
	"time"

	"cadastro/internal/blob"
	"cadastro/internal/contact"
	"cadastro/internal/i18n"
)

var errNotYet = errors.New("exporter: being built")

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

// Spec says what a file holds. Fields as in [Options]; Delimiter and Charset are of CSV alone ("" for ; and UTF-8).
type Spec struct {
	contact.Selection
	Format    Format
	Fields    []string
	Keys      bool
	Language  i18n.Lang
	Delimiter string
	Charset   string
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
}

// Start begins an export in the background.
func (s *Service) Start(ctx context.Context, workspace int64, spec Spec) (*Export, error) {
	return nil, errNotYet
}

// Get tells how an export stands. Error: NotFound export.not_found {id}.
func (s *Service) Get(ctx context.Context, workspace int64, id ID) (*Export, error) {
	return nil, errNotYet
}

// List gives the newest exports: all for admins, else the actor's own.
func (s *Service) List(ctx context.Context, workspace int64, limit int) ([]Export, error) {
	return nil, errNotYet
}

// Open gives the file of an export. Errors: NotFound export.not_found, export.expired; Conflict export.not_done. The caller
// closes it.
func (s *Service) Open(ctx context.Context, workspace int64, id ID) (*Export, blob.Reader, error) {
	return nil, nil, errNotYet
}

// Cancel ends an export that waits or runs.
func (s *Service) Cancel(ctx context.Context, workspace int64, id ID) (*Export, error) {
	return nil, errNotYet
}
