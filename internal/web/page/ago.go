package page

import "time"

// Ago writes how long ago something was, as people say it; from a week on the day.
func (b Base) Ago(t time.Time) string {
	d := time.Since(t)
	switch {
	case t.IsZero():
		return ""
	case d < time.Minute:
		return b.Text.T("web.ago.now")
	case d < time.Hour:
		return b.Text.T("web.ago.minutes", "count", int(d/time.Minute))
	case d < 24*time.Hour:
		return b.Text.T("web.ago.hours", "count", int(d/time.Hour))
	case d < 7*24*time.Hour:
		return b.Text.T("web.ago.days", "count", int(d/(24*time.Hour)))
	}
	return b.Day(t)
}
