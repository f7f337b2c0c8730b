package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slinga-se/slinga/benchmarks"
)

// What the tables of the engines hold.
const (
	timesAndDistances = "times and distances"
	timesAlone        = "times"
)

// The figures of memory: of a step, and of the process that answered, to its
// last table.
const (
	peakMemory   = ", peak memory"
	wholeProcess = "whole process"
)

// ourName stands for this repository among the engines.
const ourName = "Slinga"

// contest measures engines in turns on one map.
type contest struct {
	ctx      context.Context
	out      io.Writer
	dir      string // for files made on the way
	mapFile  string
	name     string // of the map
	sizes    []int
	threads  []int
	reps     int
	seed     uint64
	anywhere bool

	binary  string // of Slinga
	region  string // file
	points  string // file
	begun   time.Time
	engines []*engine // the first is Slinga
	rows    []row
}

// enter builds Slinga, makes the region file and the points, and starts all
// engines. The single steps of each on its way there become rows.
func (r *contest) enter(beside []string, routingkit, osrm string) error {
	r.begun = time.Now().UTC()
	r.binary = filepath.Join(r.dir, "slinga")
	if err := r.build(r.binary, ""); err != nil {
		return err
	}
	if err := r.ourSteps(); err != nil {
		return err
	}
	r.region = filepath.Join(r.dir, r.name+".region")
	if _, err := r.command(r.binary, "map", "build", "--out", r.region, r.mapFile); err != nil {
		return err
	}
	points, err := r.command(r.binary, append([]string{"bench", "points"}, r.draw()...)...)
	if err != nil {
		return err
	}
	r.points = filepath.Join(r.dir, fmt.Sprintf("%s-%d.csv", r.name, r.seed))
	if err := os.WriteFile(r.points, points, 0o644); err != nil {
		return err
	}
	if err := r.enterOurs(ourName, r.binary); err != nil {
		return err
	}
	for i, tag := range beside {
		binary := filepath.Join(r.dir, fmt.Sprintf("slinga-%d", i))
		if err := r.build(binary, tag); err != nil {
			return err
		}
		if err := r.enterOurs(ourName+", "+tag, binary); err != nil {
			return err
		}
	}
	if !strings.HasSuffix(r.mapFile, ".osm.pbf") && routingkit+osrm != "" {
		fmt.Fprintln(r.out, "RoutingKit and OSRM are left out: they are measured on files whose name ends in .osm.pbf")
		return nil
	}
	if routingkit == "" {
		fmt.Fprintln(r.out, "RoutingKit is left out: --routingkit names no binary (benchmarks/peers/routingkit/README.md)")
	} else if err := r.enterRoutingKit(routingkit); err != nil {
		return err
	}
	if osrm == "" {
		fmt.Fprintln(r.out, "OSRM is left out: --osrm names no Python with osrm-bindings (benchmarks/peers/osrm/README.md)")
		return nil
	}
	return r.enterOSRM(osrm)
}

// draw are the flags by which Slinga draws the points.
func (r *contest) draw() []string {
	flags := []string{"--map", r.region, "--seed", strconv.FormatUint(r.seed, 10), "--size", strconv.Itoa(slices.Max(r.sizes))}
	if r.anywhere {
		flags = append(flags, "--anywhere")
	}
	return flags
}

// command runs a program to its end and returns what it printed.
func (r *contest) command(program string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(r.ctx, program, args...)
	var messages bytes.Buffer
	cmd.Stderr = &messages
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s", filepath.Base(program), strings.Join(args, " "), err, messages.String())
	}
	return out, nil
}

func (r *contest) build(binary, tags string) error {
	_, err := r.command("go", "build", "-tags", tags, "-o", binary, "./cli/slinga")
	return err
}

func (r *contest) enterOurs(name, binary string) error {
	e := &engine{name: name, figure: timesAndDistances}
	r.engines = append(r.engines, e)
	return e.start(r.ctx, binary, append([]string{"bench", "matrix", "--paced"}, r.draw()...)...)
}

// ourSteps measures the steps from the OSM file to a metric, each in a process
// of its own.
func (r *contest) ourSteps() error {
	text, err := r.command(r.binary, "bench", "map", "--file", r.mapFile, "--reps", strconv.Itoa(r.reps))
	if err != nil {
		return err
	}
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return err
	}
	var order []string
	seconds, peaks := make(map[string][]float64), make(map[string][]float64)
	for _, record := range records[1:] {
		name := record[1]
		if seconds[name] == nil {
			order = append(order, name)
		}
		s, err := strconv.ParseFloat(record[3], 64)
		if err != nil {
			return err
		}
		seconds[name] = append(seconds[name], s)
		if peak, err := strconv.ParseFloat(record[4], 64); err == nil {
			peaks[name] = append(peaks[name], peak/1e6)
		}
	}
	engine := &engine{name: ourName}
	for _, name := range order {
		r.add(engine, row{Figure: name, Unit: "s"}, seconds[name])
		if len(peaks[name]) > 0 {
			r.add(engine, row{Figure: name + peakMemory, Unit: "MB"}, peaks[name])
		}
	}
	return nil
}

// enterRoutingKit enters both of its hierarchies, each over junctions alone and
// over all nodes of the roads.
func (r *contest) enterRoutingKit(binary string) error {
	version, err := r.command(binary, "--version")
	if err != nil {
		return err
	}
	for _, hierarchy := range []string{"ch", "cch"} {
		for _, nodes := range []string{"junctions", "all"} {
			e := &engine{
				name:    fmt.Sprintf("RoutingKit %s, %s", strings.ToUpper(hierarchy), nodes),
				version: strings.TrimSpace(string(version)), figure: timesAlone,
			}
			r.engines = append(r.engines, e)
			if err := e.start(r.ctx, binary, hierarchy, nodes, r.mapFile, r.points); err != nil {
				return err
			}
		}
	}
	return nil
}

// enterOSRM prepares OSRM's files of the map, unless an earlier run left them
// in the folder, and enters its contraction hierarchy.
func (r *contest) enterOSRM(python string) error {
	const script = "benchmarks/peers/osrm/tables.py"
	about, err := r.command(python, "-c",
		"import importlib.metadata, pathlib, osrm; print(importlib.metadata.version('osrm-bindings')); print(pathlib.Path(osrm.__file__).parent / 'share' / 'profiles' / 'car.lua')")
	if err != nil {
		return err
	}
	version, profile, _ := strings.Cut(strings.TrimSpace(string(about)), "\n")
	e := &engine{name: "OSRM CH", version: version, figure: timesAlone, threads: 1}
	base := filepath.Join(r.dir, r.name+".osrm")
	if _, err := os.Stat(base + ".hsgr"); errors.Is(err, fs.ErrNotExist) {
		// OSRM writes its files beside the map.
		copied := filepath.Join(r.dir, r.name+".osm.pbf")
		text, err := os.ReadFile(r.mapFile)
		if err != nil {
			return err
		}
		if err := os.WriteFile(copied, text, 0o644); err != nil {
			return err
		}
		for _, step := range []struct {
			name string
			args []string
		}{
			{"import", []string{"extract", "-p", profile, copied}},
			{"contract", []string{"contract", base}},
		} {
			cmd := exec.CommandContext(r.ctx, python, append([]string{"-m", "osrm"}, step.args...)...)
			begun := time.Now()
			if text, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("osrm %s: %w\n%s", step.name, err, text)
			}
			r.add(e, row{Figure: step.name, Unit: "s"}, []float64{time.Since(begun).Seconds()})
			if peak := benchmarks.PeakMB(cmd.ProcessState); peak > 0 {
				r.add(e, row{Figure: step.name + peakMemory, Unit: "MB"}, []float64{peak})
			}
		}
	}
	r.engines = append(r.engines, e)
	return e.start(r.ctx, python, script, base, r.points)
}

// run has every engine compute every matrix, in turns, and notes the medians.
func (r *contest) run() error {
	for _, size := range r.sizes {
		for _, threads := range r.threads {
			if err := r.load(size, threads); err != nil {
				return err
			}
		}
	}
	for _, e := range r.engines {
		steps, err := e.close()
		if err != nil {
			return err
		}
		for _, s := range steps {
			r.add(e, row{Figure: s.name, Unit: "s"}, []float64{s.seconds})
		}
		if e.peak > 0 {
			r.add(e, row{Figure: wholeProcess + peakMemory, Unit: "MB"}, []float64{e.peak})
		}
	}
	return nil
}

// warming is how long an engine works before a run that counts, at least.
const warming = 200 * time.Millisecond

// load measures one size on one number of threads. Before each run that counts
// the engine does the same uncounted, for a while: the one before it in the turn
// has left the processor's caches full of its own map, and the system starts
// new threads on the core of the old one and needs some milliseconds to part
// them. Neither is anybody's merit.
func (r *contest) load(size, threads int) error {
	seconds := make([][]float64, len(r.engines))
	last := make([]answer, len(r.engines))
	for range r.reps {
		for i, e := range r.engines {
			if e.threads != 0 && threads > e.threads {
				continue
			}
			for begun, first := time.Now(), true; first || time.Since(begun) < warming; first = false {
				if _, err := e.ask(size, threads); err != nil {
					return err
				}
			}
			a, err := e.ask(size, threads)
			if err != nil {
				return err
			}
			last[i], seconds[i] = a, append(seconds[i], a.seconds)
		}
	}
	ours := median(seconds[0])
	for i, e := range r.engines {
		if len(seconds[i]) > 0 {
			r.add(e, row{
				Figure: e.figure, Size: size, Threads: threads, Unit: "s",
				Ratio: round(median(seconds[i])/ours, 3), Nodes: last[i].nodes, Arcs: last[i].arcs,
			}, seconds[i])
		}
	}
	return nil
}

// add completes a row with what all have in common.
func (r *contest) add(e *engine, row row, values []float64) {
	where := benchmarks.NewRecord(r.name, r.seed, "")("", 0, "")
	row.Run, row.Version, row.Machine = r.begun.Format(time.RFC3339), where.Version, where.Machine
	row.Map, row.Engine, row.EngineVersion = r.name, e.name, e.version
	if strings.HasPrefix(e.name, ourName) {
		row.EngineVersion = row.Version
	}
	row.Reps, row.Seed = len(values), r.seed
	row.Median, row.Least, row.Most = round(median(values), 6), round(slices.Min(values), 6), round(slices.Max(values), 6)
	row.Command = "go run ./benchmarks/tables --reps " + strconv.Itoa(r.reps)
	if r.anywhere {
		row.Command += " --anywhere"
	}
	row.Command += " " + filepath.Base(r.mapFile)
	r.rows = append(r.rows, row)
}

// round keeps so many decimals: more is noise.
func round(v float64, decimals int) float64 {
	out, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', decimals, 64), 64)
	return out
}

// print shows the rows.
func (r *contest) print() {
	for _, row := range r.rows {
		what := row.Figure
		if row.Size > 0 {
			what = fmt.Sprintf("%d x %d, %d threads, %s", row.Size, row.Size, row.Threads, row.Figure)
		}
		ratio := ""
		if row.Ratio > 0 {
			ratio = fmt.Sprintf("%8.2f", row.Ratio)
		}
		fmt.Fprintf(r.out, "%-28s %-48s %12.4f %-2s %s\n", row.Engine, what, row.Median, row.Unit, ratio)
	}
}

// close ends what still runs.
func (r *contest) close() {
	for _, e := range r.engines {
		_, _ = e.close()
	}
}
