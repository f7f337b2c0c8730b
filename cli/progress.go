package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
)

// progress shows one line of what is going on, on a terminal and nowhere
// else, and only once something has taken a second.
type progress struct {
	mu    sync.Mutex
	out   io.Writer // nil: silent
	begun time.Time
	shown time.Time
	wide  int
}

func newProgress(s Streams) *progress {
	p := &progress{begun: time.Now()}
	if f, ok := s.Err.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		p.out = f
	}
	return p
}

// step begins a new thing to wait for.
func (p *progress) step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	p.begun = time.Now()
}

// show replaces the line, at most ten times a second.
func (p *progress) show(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.out == nil || now.Sub(p.begun) < time.Second || now.Sub(p.shown) < 100*time.Millisecond {
		return
	}
	p.shown = now
	text := fmt.Sprintf(format, args...)
	fmt.Fprintf(p.out, "\r%-*s", p.wide, text)
	p.wide = max(p.wide, len([]rune(text)))
}

// done takes the line away.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

func (p *progress) clear() {
	if p.out != nil && p.wide > 0 {
		fmt.Fprintf(p.out, "\r%*s\r", p.wide, "")
		p.wide = 0
	}
}
