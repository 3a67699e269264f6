package cli

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// interrupts turns Ctrl-C into a stop at a safe point. Where the work at hand has a soft way to end, the first
// Ctrl-C takes it; the next one, or the first where there is none, ends the context; one more kills the program.
// SIGTERM ends the context at once.
type interrupts struct {
	ctx    context.Context
	cancel context.CancelFunc
	got    chan os.Signal
	done   chan struct{}

	mu   sync.Mutex
	soft func()
}

func newInterrupts(parent context.Context) *interrupts {
	i := &interrupts{got: make(chan os.Signal, 4), done: make(chan struct{})}
	i.ctx, i.cancel = context.WithCancel(parent)
	signal.Notify(i.got, os.Interrupt, syscall.SIGTERM)
	go i.listen()
	return i
}

func (i *interrupts) listen() {
	for {
		select {
		case <-i.done:
			return
		case sig := <-i.got:
			i.mu.Lock()
			soft := i.soft
			i.soft = nil
			i.mu.Unlock()
			if soft != nil && sig == os.Interrupt {
				soft()
				continue
			}
			signal.Stop(i.got)
			i.cancel()
		}
	}
}

// softly sets what the first Ctrl-C does; nil for nothing.
func (i *interrupts) softly(f func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.soft = f
}

func (i *interrupts) close() {
	signal.Stop(i.got)
	i.cancel()
	close(i.done)
}
