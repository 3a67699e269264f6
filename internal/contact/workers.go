package contact

import "cadastro/internal/job"

// Workers gives the workers of the jobs that this package enqueues.
func (s *Service) Workers() []job.Worker {
	return []job.Worker{s.indexWorker(), s.purgeWorker(), s.bulkWorker()}
}
