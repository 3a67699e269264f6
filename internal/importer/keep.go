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

// KeptUntil tells until when the file and the plan of an import that has ended are kept: as long as it can be undone.
func (s *Service) KeptUntil(imp *Import) time.Time {
	_, undo := s.kept(imp.Workspace)
	return imp.FinishedAt.Add(undo)
}
