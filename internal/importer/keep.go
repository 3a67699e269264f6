package importer

import "time"

// kept gives for how long a workspace keeps result files, and for how long its imports can be undone.
func (s *Service) kept(workspace int64) (results, undo time.Duration) {
	if s.KeepOf != nil {
		return s.KeepOf(workspace)
	}
	return s.ResultExpiry, s.UndoExpiry
}

// ResultsUntil tells until when the result files of an import that has ended are kept.
func (s *Service) ResultsUntil(imp *Import) time.Time {
	results, _ := s.kept(imp.Workspace)
	return imp.FinishedAt.Add(results)
}

// KeptUntil tells until when the file and the plan of an import that has ended are kept: as long as it can be undone, and
// as long as results are where it never started.
func (s *Service) KeptUntil(imp *Import) time.Time {
	results, undo := s.kept(imp.Workspace)
	ended := imp.FinishedAt
	if ended.IsZero() {
		ended = imp.CreatedAt
	}
	if imp.NotStarted() {
		return ended.Add(results)
	}
	return ended.Add(undo)
}
