package cli

import (
	"time"

	"cadastro/internal/importer"

	"github.com/schollz/progressbar/v3"
)

// meter shows how far a piece of work is, on a terminal: share, rows, rows a second, time left. It is for one goroutine.
type meter struct {
	s     *session
	size  int64 // of the file, for the upload, whose total nobody else knows
	phase importer.Phase
	bar   *progressbar.ProgressBar
	began time.Time
	shown time.Time
}

// progress gives a progress to pass on, nil where nobody watches, and what ends it.
func (s *session) progress(size int64) (importer.Progress, func()) {
	if !isTerminal(s.std.Err) {
		return nil, func() {}
	}
	m := &meter{s: s, size: size}
	return m.show, m.end
}

// every is how often the bar is drawn, patience how long a phase may take without one.
const (
	every    = 100 * time.Millisecond
	patience = 300 * time.Millisecond
)

func (m *meter) show(phase importer.Phase, done, total, rows int64) {
	now := time.Now()
	if phase != m.phase {
		m.end()
		m.phase, m.began = phase, now
		if phase == importer.PhaseUpload {
			total = m.size
		}
		if total <= 0 {
			total = -1
		}
		m.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(m.s.std.Err), progressbar.OptionSetWidth(24),
			progressbar.OptionSetPredictTime(true), progressbar.OptionSetElapsedTime(false), progressbar.OptionClearOnFinish(),
			progressbar.OptionThrottle(every), progressbar.OptionSetDescription(m.s.text.T("cli.phase."+string(phase))))
	}
	if now.Sub(m.began) < patience || now.Sub(m.shown) < every {
		return
	}
	m.shown = now
	text := m.s.text.T("cli.phase." + string(phase))
	if seconds := now.Sub(m.began).Seconds(); rows > 0 && seconds > 0 {
		text += " · " + m.s.text.T("cli.rows_a_second", "rows", rows, "rate", int64(float64(rows)/seconds))
	}
	m.bar.Describe(text)
	_ = m.bar.Set64(done) // only the picture is lost
}

func (m *meter) end() {
	if m.bar != nil {
		_ = m.bar.Clear()
		m.bar = nil
	}
}
