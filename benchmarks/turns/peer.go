package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/slinga-se/slinga/benchmarks/internal/program"
	"github.com/slinga-se/slinga/benchmarks/runs"
)

// peer is another solver behind a script, which prints what it found:
//
//	Solver NAME VERSION
//	Seconds SECONDS
//	Route #1: NODE NODE ...
//
// or "Unsupported WHAT". Nodes are numbered as in the routing sets' own form of
// solutions.
type peer struct{ name, python, script string }

// version asks the script who it is.
func (p *peer) version(ctx context.Context) (string, error) {
	if _, err := os.Stat(p.script); err != nil {
		return "", program.BadInput("no peer %q: %w; run this from the top of the repository", p.name, err)
	}
	out, err := p.call(ctx, "--version")
	if ctx.Err() != nil {
		return "", err
	}
	if err != nil {
		// Of a script's traceback the last line says what is missing.
		text := strings.TrimSpace(err.Error())
		return "", program.BadInput("%s does not run with %s: %s; benchmarks/peers/routing/README.md says how it is installed",
			p.script, p.python, text[strings.LastIndexByte(text, '\n')+1:])
	}
	version, ok := strings.CutPrefix(strings.TrimSpace(string(out)), "Solver ")
	if !ok {
		return "", fmt.Errorf("%s: prints %q where Solver NAME VERSION is due", p.script, out)
	}
	return version, nil
}

// run solves an instance.
func (p *peer) run(ctx context.Context, job *runs.Job) (runs.Row, error) {
	row := job.Row()
	info := job.Instance.Info()
	out, err := p.call(ctx, info.File, info.Set, info.Convention,
		strconv.FormatFloat(job.Time.Seconds(), 'f', -1, 64), strconv.FormatUint(job.Seed, 10), strconv.Itoa(job.Threads))
	if err != nil {
		return row, fmt.Errorf("%s: %w", job, err)
	}
	for line := range strings.Lines(string(out)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch key {
		case "Unsupported":
			row.Unsupported = value
			return row, nil
		case "Solver":
			row.Solver = value
		case "Seconds":
			if row.Seconds, err = strconv.ParseFloat(value, 64); err != nil || !(row.Seconds >= 0) {
				return row, fmt.Errorf("%s: %s: %q seconds", p.name, job, value)
			}
		}
	}
	if row.Solver == "" {
		return row, fmt.Errorf("%s: %s: does not say who it is", p.name, job)
	}
	plan, err := job.Instance.Read(bytes.NewReader(out))
	if err != nil {
		return row, fmt.Errorf("%s: %s: %w", p.name, job, err)
	}
	row.Judge(job.Instance, plan)
	return row, nil
}

// call runs the script. What it says on standard error is of interest when it
// fails.
func (p *peer) call(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, p.python, append([]string{p.script}, args...)...)
	var messages bytes.Buffer
	cmd.Stderr = &messages
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", p.script, err, strings.TrimSpace(messages.String()))
	}
	return out, nil
}
