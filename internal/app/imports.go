package app

import (
	"cadastro/internal/importer"
	"cadastro/internal/job"
)

// importJobs sets who is told of the end of imports, and what does their jobs.
func (a *App) importJobs() (err error) {
	if a.Imports.Zone, err = a.Config.Location(); err != nil {
		return err
	}
	a.Imports.Tell, a.Imports.Wake, a.Imports.Sight = a.Notify.ImportEnded, a.Jobs.Wake, a.Auth.Sight
	for _, w := range a.Imports.Workers() {
		a.handle(w)
	}
	return a.Jobs.Every(importer.KindSweep, "@every 10m", job.Spec{Workspace: FirstWorkspace, Kind: importer.KindSweep})
}
