package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"
	"gonum.org/v1/gonum/stat"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/benchmarks/internal/program"
	"github.com/slinga-se/slinga/geo"
)

// measureCommand imports countries of several sizes as anybody would, with the
// built program, and appends what it took to country.csv.
func measureCommand(seed cli.Flag) *cli.Command {
	return &cli.Command{
		Name: "measure", Usage: "how time and memory of the import grow with the country",
		Flags: []cli.Flag{
			seed,
			&cli.Float64SliceFlag{Name: "sizes", Value: cli.NewFloat64Slice(2.5, 5, 10, 20), Usage: "in millions of nodes"},
			&cli.IntFlag{Name: "runs", Value: 3, Usage: "of each size; the median counts, and the largest memory"},
			&cli.StringFlag{Name: "out", Value: filepath.Join("benchmarks", "results"), Usage: "`FOLDER` for results"},
		},
		Action: func(c *cli.Context) error {
			if c.Int("runs") < 1 || len(c.Float64Slice("sizes")) == 0 {
				return program.BadInput("at least one run of one size")
			}
			results := filepath.Join(c.String("out"), "country.csv")
			if err := benchmarks.CanAppend(results); err != nil {
				return err
			}
			dir, err := os.MkdirTemp("", "slinga-country-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
			binary := filepath.Join(dir, "slinga")
			if text, err := exec.CommandContext(c.Context, "go", "build", "-o", binary, "./cli/slinga").CombinedOutput(); err != nil {
				return fmt.Errorf("go build ./cli/slinga: %w\n%s", err, text)
			}
			m := measurement{ctx: c.Context, dir: dir, program: binary, seed: c.Uint64("seed"), runs: c.Int("runs")}
			var failed error
			for _, millions := range c.Float64Slice("sizes") {
				if failed = m.size(int64(millions * 1e6)); failed != nil {
					break
				}
			}
			m.growth()
			for _, r := range m.records {
				fmt.Fprintf(c.App.Writer, "%-22s %-32s %12.6g %s\n", r.Subject, r.Figure, r.Value, r.Unit)
			}
			return errors.Join(failed, benchmarks.Append(results, m.records))
		},
	}
}

// measurement gathers the figures of several sizes.
type measurement struct {
	ctx     context.Context
	dir     string
	program string
	seed    uint64
	runs    int

	nodes, seconds, peaks []float64 // by size
	records               []benchmarks.Record
}

// size generates one country and imports it so many times.
func (m *measurement) size(nodes int64) error {
	extract, region := filepath.Join(m.dir, "country.osm.pbf"), filepath.Join(m.dir, "country.region")
	if err := generate(m.ctx, extract, m.seed, nodes, 0); err != nil {
		return err
	}
	var seconds []float64
	peak := 0.0
	for range m.runs {
		command := exec.CommandContext(m.ctx, m.program, "map", "build", "--out", region, extract)
		var messages bytes.Buffer
		command.Stderr = &messages
		begun := time.Now()
		if err := command.Run(); err != nil {
			return fmt.Errorf("slinga map build: %w\n%s", err, messages.String())
		}
		seconds = append(seconds, time.Since(begun).Seconds())
		peak = max(peak, peakMB(command.ProcessState))
	}
	slices.Sort(seconds)
	var sizes [2]float64
	for i, path := range [...]string{extract, region} {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		sizes[i] = float64(info.Size()) / 1e6
	}
	r, err := geo.Open(region)
	if err != nil {
		return err
	}
	info := r.Info()
	if err := r.Close(); err != nil {
		return err
	}
	subject := fmt.Sprintf("country of %g M nodes", float64(nodes)/1e6)
	record := benchmarks.NewRecord(subject, m.seed, "slinga map build country.osm.pbf")
	add := func(figure string, value float64, unit string) {
		r := record(figure, value, unit)
		r.Budget = fmt.Sprintf("median of %d runs", m.runs)
		m.records = append(m.records, r)
	}
	median := seconds[len(seconds)/2]
	add("import", rounded(median), "s")
	if peak > 0 {
		add("import, peak memory", rounded(peak), "MB")
	}
	add("extract", rounded(sizes[0]), "MB")
	add("region file", rounded(sizes[1]), "MB")
	add("nodes on roads", float64(info.Nodes), "")
	add("ways that are roads", float64(info.Ways), "")
	add("turn restrictions", float64(info.Restrictions), "")
	m.nodes, m.seconds, m.peaks = append(m.nodes, float64(nodes)), append(m.seconds, median), append(m.peaks, peak)
	return nil
}

// growth fits value = a * nodes^b over the sizes and records b: 1 is linear.
func (m *measurement) growth() {
	record := benchmarks.NewRecord("country, growth", m.seed, "go run ./benchmarks/country measure")
	add := func(figure string, values []float64) {
		if slope, ok := exponent(m.nodes, values); ok {
			r := record(figure, rounded(slope), "")
			r.Budget = strconv.Itoa(len(values)) + " sizes"
			m.records = append(m.records, r)
		}
	}
	add("import, exponent", m.seconds)
	add("import, peak memory, exponent", m.peaks)
}

// exponent is the slope of a line through the logarithms.
func exponent(x, y []float64) (slope float64, ok bool) {
	if len(x) < 2 {
		return 0, false
	}
	logX, logY := make([]float64, len(x)), make([]float64, len(y))
	for i := range x {
		if y[i] <= 0 {
			return 0, false
		}
		logX[i], logY[i] = math.Log(x[i]), math.Log(y[i])
	}
	_, slope = stat.LinearRegression(logX, logY, nil, false)
	return slope, !math.IsNaN(slope)
}

// rounded keeps four figures behind the point: more is noise.
func rounded(value float64) float64 { return math.Round(value*1e4) / 1e4 }
