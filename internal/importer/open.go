package importer

import (
	"context"
	"io"

	"cadastro/internal/auth"
	"cadastro/internal/table"
)

// Source opens the file of an import, for a look at it before a review. The caller closes it. It is gone, with
// import.source_gone, when its days are over.
func (s *Service) Source(ctx context.Context, imp *Import) (table.Source, io.Closer, error) {
	if err := auth.RequireIn(ctx, imp.Workspace, auth.ImportsRead); err != nil {
		return table.Source{}, nil, err
	}
	return s.source(ctx, imp)
}
