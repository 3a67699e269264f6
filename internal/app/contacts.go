package app

import (
	"errors"
	"time"

	"cadastro/internal/contact"
	"cadastro/internal/exporter"
	"cadastro/internal/job"
)

// contactJobs sets what contacts and exports know of the settings, and what does their jobs.
func (a *App) contactJobs() (err error) {
	if a.Contacts.Zone, err = a.Config.Location(); err != nil {
		return err
	}
	keep := &a.Config.Keep
	a.Contacts.Country, a.Contacts.Bin, a.Contacts.Wake = a.Config.Country, time.Duration(keep.Bin), a.Jobs.Wake
	a.Exports.Contacts, a.Exports.Blobs, a.Exports.Now = a.Contacts, a.Blobs, time.Now
	a.Exports.Keep, a.Exports.Wake = time.Duration(keep.Exports), a.Jobs.Wake
	for _, w := range append(a.Contacts.Workers(), a.Exports.Workers()...) {
		a.handle(w)
	}
	return errors.Join(
		a.Jobs.Every(contact.KindIndex, "@every 5m", job.Spec{Workspace: FirstWorkspace, Kind: contact.KindIndex, Once: contact.KindIndex}),
		a.Jobs.Every(contact.KindPurge, "20 3 * * *", job.Spec{Workspace: FirstWorkspace, Kind: contact.KindPurge}),
		a.Jobs.Every(exporter.KindTidy, "@hourly", job.Spec{Workspace: FirstWorkspace, Kind: exporter.KindTidy}),
	)
}
