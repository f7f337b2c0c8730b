package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slinga-se/slinga/benchmarks"
)

// bench runs the binary in a folder of its own and gathers records.
type bench struct {
	ctx     context.Context
	dir     string // for the binary and all that it writes
	seed    uint64
	runs    int
	records []benchmarks.Record
}

// run is one run of the binary.
type run struct {
	seconds float64
	peakMB  float64 // largest memory in use; 0: the system does not tell
	out     []byte
	laps    map[string]float64 // seconds by step, as printed with --times
}

// slinga runs the binary. It fails with what the binary said.
func (b *bench) slinga(args ...string) (run, error) {
	cmd := exec.CommandContext(b.ctx, filepath.Join(b.dir, "slinga"), args...)
	cmd.Dir = b.dir
	var out, messages bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &messages
	begun := time.Now()
	if err := cmd.Run(); err != nil {
		return run{}, fmt.Errorf("slinga %s: %w\n%s", strings.Join(args, " "), err, messages.String())
	}
	r := run{seconds: time.Since(begun).Seconds(), peakMB: benchmarks.PeakMB(cmd.ProcessState), out: out.Bytes(), laps: map[string]float64{}}
	for line := range strings.Lines(messages.String()) {
		var name string
		var seconds float64
		if n, err := fmt.Sscanf(line, "%s %f s", &name, &seconds); err == nil && n == 2 {
			r.laps[name] = seconds
		}
	}
	return r, nil
}

// repeat runs the binary as often as asked and returns the runs by seconds.
func (b *bench) repeat(args ...string) ([]run, error) {
	runs := make([]run, 0, b.runs)
	for range b.runs {
		r, err := b.slinga(args...)
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, nil
}

func median(runs []run, value func(run) float64) float64 {
	values := make([]float64, len(runs))
	for i, r := range runs {
		values[i] = value(r)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func seconds(r run) float64 { return r.seconds }

func largest(runs []run) float64 {
	peak := 0.0
	for _, r := range runs {
		peak = max(peak, r.peakMB)
	}
	return peak
}

// add records figures of one command; zero memory means that it is not known.
func (b *bench) add(subject, command, budget string, figures ...benchmarks.Record) {
	b.addSeed(b.seed, subject, command, budget, figures...)
}

func (b *bench) addSeed(seed uint64, subject, command, budget string, figures ...benchmarks.Record) {
	record := benchmarks.NewRecord(subject, seed, command)
	for _, f := range figures {
		if f.Unit == "MB" && f.Value == 0 {
			continue
		}
		r := record(f.Figure, rounded(f.Value), f.Unit)
		r.Budget = budget
		b.records = append(b.records, r)
	}
}

// rounded keeps four figures behind the point: more is noise.
func rounded(value float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(value, 'f', 4, 64), 64)
	return r
}

func (b *bench) medianOf() string { return fmt.Sprintf("median of %d runs", b.runs) }

func (b *bench) buildBinary() error {
	begun := time.Now()
	cmd := exec.CommandContext(b.ctx, "go", "build", "-o", filepath.Join(b.dir, "slinga"), "./cli/slinga")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build ./cli/slinga: %w\n%s", err, text)
	}
	info, err := os.Stat(filepath.Join(b.dir, "slinga"))
	if err != nil {
		return err
	}
	b.add("binary", "go build ./cli/slinga", "warm build cache",
		benchmarks.Record{Figure: "build", Value: time.Since(begun).Seconds(), Unit: "s"},
		benchmarks.Record{Figure: "size", Value: float64(info.Size()) / 1e6, Unit: "MB"})
	return nil
}

func (b *bench) importMap(path string) error {
	full, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	runs, err := b.repeat("map", "build", "--out", "map.region", full)
	if err != nil {
		return err
	}
	info, err := os.Stat(filepath.Join(b.dir, "map.region"))
	if err != nil {
		return err
	}
	b.add(subject(path), "slinga map build --out map.region "+filepath.Base(path), b.medianOf(),
		benchmarks.Record{Figure: "import", Value: median(runs, seconds), Unit: "s"},
		benchmarks.Record{Figure: "import, peak memory", Value: largest(runs), Unit: "MB"},
		benchmarks.Record{Figure: "region file", Value: float64(info.Size()) / 1e6, Unit: "MB"})
	return nil
}

func (b *bench) matrix(path string, points int) error {
	if err := writePoints(b.ctx, path, filepath.Join(b.dir, "points.csv"), points, b.seed); err != nil {
		return err
	}
	args := []string{"matrix", "--map", "map.region", "--points", "points.csv", "--times"}
	runs, err := b.repeat(args...)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("matrix %d x %d", points, points)
	figures := []benchmarks.Record{
		{Figure: name + ", whole command", Value: median(runs, seconds), Unit: "s"},
		{Figure: name + ", peak memory", Value: largest(runs), Unit: "MB"},
	}
	for _, lap := range []string{"map", "metric", "snap", "table"} {
		if _, known := runs[0].laps[lap]; known {
			figures = append(figures, benchmarks.Record{
				Figure: name + ", " + lap, Value: median(runs, func(r run) float64 { return r.laps[lap] }), Unit: "s",
			})
		}
	}
	b.add(subject(path), "slinga "+strings.Join(args, " "), b.medianOf(), figures...)
	return nil
}

// roster is what of a roster's JSON matters here.
type roster struct {
	Run struct {
		Iterations float64
		Options    string
	}
	Figures struct {
		Total struct {
			Visits, Unserved, Shifts   float64
			ShiftSeconds, DriveSeconds float64
			Metres                     float64
		}
		Cost float64
	}
}

// demo plans the demo day; no time means the time that the demo grants itself.
func (b *bench) demo(seed uint64, time time.Duration) error {
	args := []string{"demo", "--json", "--out", "demo"}
	if seed != 1 {
		args = append(args, "--seed", strconv.FormatUint(seed, 10))
	}
	if time != 0 {
		args = append(args, "--time", time.String())
	}
	r, err := b.slinga(args...)
	if err != nil {
		return err
	}
	var plan roster
	if err := json.Unmarshal(r.out, &plan); err != nil {
		return fmt.Errorf("the demo's roster: %w", err)
	}
	total := &plan.Figures.Total
	share := func(part, whole float64) float64 { return 100 * part / max(whole, 1) }
	b.addSeed(seed, "demo day", "slinga "+strings.Join(args, " "), plan.Run.Options,
		benchmarks.Record{Figure: "demo, whole command", Value: r.seconds, Unit: "s"},
		benchmarks.Record{Figure: "demo, peak memory", Value: r.peakMB, Unit: "MB"},
		benchmarks.Record{Figure: "iterations", Value: plan.Run.Iterations},
		benchmarks.Record{Figure: "visits served", Value: total.Visits},
		benchmarks.Record{Figure: "visits unserved", Value: total.Unserved},
		benchmarks.Record{Figure: "visits unserved, share", Value: share(total.Unserved, total.Visits+total.Unserved), Unit: "%"},
		benchmarks.Record{Figure: "shifts used", Value: total.Shifts},
		benchmarks.Record{Figure: "driving of paid time", Value: share(total.DriveSeconds, total.ShiftSeconds), Unit: "%"},
		benchmarks.Record{Figure: "driving", Value: total.Metres / 1000, Unit: "km"},
		benchmarks.Record{Figure: "cost", Value: plan.Figures.Cost})
	return nil
}
