package importer

import (
	"bufio"
	"context"
	"fmt"

	"cadastro/internal/blob"
	"cadastro/internal/table"
)

// resultJob writes the result file of an import while it is being applied: each chunk's rows as soon as their
// transaction is committed, on a goroutine of its own. A run that goes on where another stopped begins the file
// anew, with the outcomes that the base holds.
type resultJob struct {
	s      *Service
	imp    Import // as it was when the run began
	key    string
	blob   blob.Writer
	plan   *planReader
	chunks chan appliedChunk
	done   chan error
	ended  bool // chunks is closed
	stop   context.CancelFunc
}

type appliedChunk struct {
	rows []PlanRow
	out  []applied
}

func (s *Service) openResultJob(ctx context.Context, imp *Import) (*resultJob, error) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	j := &resultJob{s: s, imp: *imp, key: fmt.Sprintf("w%d/imports/%d/result.csv", imp.Workspace, imp.ID),
		chunks: make(chan appliedChunk, 1), done: make(chan error, 1), stop: stop}
	var err error
	if j.plan, err = s.openPlan(ctx, imp); err != nil {
		stop()
		return nil, err
	}
	if j.blob, err = s.Blobs.Create(ctx, j.key); err != nil {
		j.plan.Close()
		stop()
		return nil, err
	}
	go func() { j.done <- j.run(ctx) }()
	return j, nil
}

// applied hands over a chunk whose transaction is committed.
func (j *resultJob) applied(rows []PlanRow, out []applied) { j.chunks <- appliedChunk{rows, out} }

// finish completes the file and makes it durable.
func (j *resultJob) finish() error {
	close(j.chunks)
	j.ended = true
	if err := <-j.done; err != nil {
		return err
	}
	return j.blob.Commit()
}

// abort ends the job where finish did not.
func (j *resultJob) abort() {
	if !j.ended {
		close(j.chunks)
		j.stop()
		<-j.done
	}
	j.stop()
	_ = j.blob.Abort() // nothing of it was to be kept
	j.plan.Close()
}

// run writes the rows of the chunks that earlier runs applied, of those that come in, and of those that never came.
// After a fault it goes on taking chunks, so that the import is not held up; the fault is told at the end.
func (j *resultJob) run(ctx context.Context) error {
	err := j.write(ctx)
	for range j.chunks {
	}
	return err
}

func (j *resultJob) write(ctx context.Context) error {
	buf := bufio.NewWriterSize(j.blob, 256<<10)
	tw, err := table.NewWriter(buf, resultDialect(&j.imp), table.WriterOptions{BOM: true, Guard: true})
	if err != nil {
		return err
	}
	w, err := j.s.newResultWriter(&j.imp, j.plan, tw, false)
	if err != nil {
		return err
	}
	next := j.imp.NextChunk
	for i := range next {
		rows, out, err := j.s.chunkResults(ctx, &j.imp, j.plan, i)
		if err != nil {
			return err
		}
		if err := j.rows(w, rows, out); err != nil {
			return err
		}
	}
	for c := range j.chunks {
		if err := j.rows(w, c.rows, c.out); err != nil {
			return err
		}
		next++
	}
	rest := j.imp
	rest.NextChunk = 0 // no chunk from here on was applied
	if err := j.s.results(ctx, &rest, j.plan, next, w.row); err != nil {
		return err
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	return buf.Flush()
}

func (j *resultJob) rows(w *resultWriter, rows []PlanRow, out []applied) error {
	for i := range rows {
		r := resultOf(&j.imp, &rows[i], out, i)
		if err := w.row(&r); err != nil {
			return err
		}
	}
	return nil
}
