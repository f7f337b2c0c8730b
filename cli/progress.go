package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/mattn/go-isatty"
)

const (
	progressAfter = time.Second            // what is quicker shows nothing
	progressEvery = 200 * time.Millisecond // between two drawings of the line
)

// progress shows one line of what is going on and for how long, on a terminal
// and nowhere else, and only once something has taken a second. A goroutine
// draws it from step to done, so that a single long call shows life too.
type progress struct {
	out io.Writer // nil: silent

	mu   sync.Mutex
	text string

	stop, stopped chan struct{} // nil between done and step
}

// newProgress is silent unless the error stream is a terminal.
func newProgress(s *session) *progress {
	terminal := s.hooks.terminal
	if f, ok := s.Err.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		terminal = true
	}
	if !terminal {
		return &progress{}
	}
	return &progress{out: s.Err}
}

// step begins a new thing to wait for.
func (p *progress) step(format string, args ...any) {
	if p.out == nil {
		return
	}
	p.done()
	p.show(format, args...)
	p.stop, p.stopped = make(chan struct{}), make(chan struct{})
	go p.draw(p.stop, p.stopped)
}

// show says what the step is at.
func (p *progress) show(format string, args ...any) {
	if p.out == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = fmt.Sprintf(format, args...)
}

// done ends the step and takes its line away. When it returns the goroutine
// has ended. Without a step it does nothing.
func (p *progress) done() {
	if p.stop == nil {
		return
	}
	close(p.stop)
	<-p.stopped
	p.stop, p.stopped = nil, nil
}

func (p *progress) draw(stop <-chan struct{}, stopped chan<- struct{}) {
	defer close(stopped)
	begun, wide := time.Now(), 0
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			if wide > 0 {
				fmt.Fprintf(p.out, "\r%*s\r", wide, "")
			}
			return
		case <-tick.C:
		}
		elapsed := time.Since(begun)
		if elapsed < progressAfter {
			continue
		}
		p.mu.Lock()
		line := fmt.Sprintf("%s (%d s)", p.text, int(elapsed.Seconds()))
		p.mu.Unlock()
		fmt.Fprintf(p.out, "\r%-*s", wide, line)
		wide = max(wide, utf8.RuneCountInString(line))
	}
}
