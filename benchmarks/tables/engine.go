package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/slinga-se/slinga/benchmarks"
)

// engine is a running program that computes one matrix for each line that it
// is given, so that several can take turns without starting anew.
type engine struct {
	name    string // as in the results
	version string
	figure  string // what a table of it holds
	threads int    // at most; 0: any number

	peak     float64 // MB, when it has ended; 0: not known
	cmd      *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Reader
	messages bytes.Buffer // its standard error; complete when it has ended
}

// answer is one line of an engine.
type answer struct {
	seconds     float64
	nodes, arcs string // of its graph; empty: it does not tell
}

// answerColumns head what every engine prints.
const answerColumns = "map,size,threads,rep,seconds,nodes,arcs"

// start runs the program and waits until it is ready.
func (e *engine) start(ctx context.Context, program string, args ...string) error {
	e.cmd = exec.CommandContext(ctx, program, args...)
	e.cmd.Stderr = &e.messages
	var err error
	if e.in, err = e.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := e.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	e.out = bufio.NewReader(out)
	if err := e.cmd.Start(); err != nil {
		e.cmd = nil
		return fmt.Errorf("%s: %w", e.name, err)
	}
	header, err := e.out.ReadString('\n')
	if err != nil {
		return e.died(err)
	}
	if strings.TrimSpace(header) != answerColumns {
		return fmt.Errorf("%s: prints %q where %s is due", e.name, strings.TrimSpace(header), answerColumns)
	}
	return nil
}

// died ends a program that does not answer and tells what it said.
func (e *engine) died(err error) error {
	_ = e.in.Close()
	waited := e.cmd.Wait()
	e.cmd = nil
	return fmt.Errorf("%s: %w: %s", e.name, errors.Join(err, waited), strings.TrimSpace(e.messages.String()))
}

// ask has one matrix computed.
func (e *engine) ask(size, threads int) (answer, error) {
	if _, err := fmt.Fprintf(e.in, "%d %d\n", size, threads); err != nil {
		return answer{}, e.died(err)
	}
	line, err := e.out.ReadString('\n')
	if err != nil {
		return answer{}, e.died(err)
	}
	return readAnswer(line, size, threads)
}

// readAnswer reads a line that an engine printed, and sees that it answers
// what was asked.
func readAnswer(line string, size, threads int) (answer, error) {
	record, err := csv.NewReader(strings.NewReader(line)).Read()
	if err != nil || len(record) != strings.Count(answerColumns, ",")+1 {
		return answer{}, fmt.Errorf("bad answer %q", strings.TrimSpace(line))
	}
	if record[1] != strconv.Itoa(size) || record[2] != strconv.Itoa(threads) {
		return answer{}, fmt.Errorf("the answer %q is to another question than %d points on %d threads", strings.TrimSpace(line), size, threads)
	}
	seconds, err := strconv.ParseFloat(record[4], 64)
	if err != nil || seconds < 0 {
		return answer{}, fmt.Errorf("bad seconds in %q", strings.TrimSpace(line))
	}
	return answer{seconds, record[5], record[6]}, nil
}

// close lets the program end, and returns the steps that it told about on
// standard error, in their order.
func (e *engine) close() ([]step, error) {
	if e.cmd == nil {
		return nil, nil
	}
	_ = e.in.Close()
	err := e.cmd.Wait()
	e.peak = benchmarks.PeakMB(e.cmd.ProcessState)
	e.cmd = nil
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", e.name, err, strings.TrimSpace(e.messages.String()))
	}
	return readSteps(e.messages.String()), nil
}

// step is something that an engine did before it was ready.
type step struct {
	name    string
	seconds float64
}

// readSteps finds lines such as "order 1.234 s".
func readSteps(messages string) []step {
	var steps []step
	for line := range strings.Lines(messages) {
		var s step
		if n, err := fmt.Sscanf(line, "%s %f s", &s.name, &s.seconds); err == nil && n == 2 {
			steps = append(steps, s)
		}
	}
	return steps
}

// median is the middle of the values, and the mean of the two middle ones when
// their number is even.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	mid := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[mid]
	}
	return (sorted[mid-1] + sorted[mid]) / 2
}
