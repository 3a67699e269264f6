package contact

import "context"

// RunBulk does the next part of a bulk act, as its job does.
func (s *Service) RunBulk(ctx context.Context, workspace int64, id BulkID) (bool, error) {
	return s.runBulk(ctx, workspace, id)
}

// CatchUp makes the next contacts searchable, as the job does.
func (s *Service) CatchUp(ctx context.Context, workspace int64) (bool, error) {
	return s.indexSome(ctx, workspace)
}
