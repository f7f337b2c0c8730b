package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// stepColumns head what slinga bench map prints.
var stepColumns = []string{"map", "step", "rep", "seconds", "peak_bytes", "nodes", "arcs"}

// stepRow is one step as the process that did it reports it. The order of the
// graph is a stage of the import, and is named for itself.
type stepRow struct {
	Step    string  `json:"step"`
	Seconds float64 `json:"seconds"`
	Peak    int64   `json:"peak"` // bytes of memory at most; 0: the system does not tell
	Nodes   int     `json:"nodes"`
	Arcs    int     `json:"arcs"`
}

func benchMapCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:  "map",
		Usage: "seconds and peak memory of making a map, opening it and weighting it",
		Description: "Each of these steps runs in a process of its own, so that each has its own peak of memory:\n" +
			"  import     from the OSM file to the region file; its stages are listed too\n" +
			"  open       the region file, all of it verified\n" +
			"  customise  the weights of a mode, ready to query; \"customise again\" are those of one more scenario\n" +
			"  close      ten roads closed by changing these weights\n" +
			"  snap       ten thousand points put on their roads; \"snap again\" with what the first time found out\n" +
			"One CSV line a step: map, step, rep, seconds, peak_bytes, nodes, arcs. The peak is the largest resident memory,\n" +
			"with what is touched of the memory-mapped file; it is empty where the system does not tell it.\n\n" +
			"Example:\n  slinga bench map --file isle-of-man.osm.pbf",
		Flags: []ucli.Flag{
			&ucli.StringFlag{Name: "file", Usage: "the OSM `FILE` (PBF or XML)"}, modeFlag(),
			&ucli.IntFlag{Name: "reps", Usage: "`NUMBER` of repetitions", Value: 1},
		},
		Action: func(c *ucli.Context) error { return runBenchMap(c, s) },
	}
}

func runBenchMap(c *ucli.Context, s *session) error {
	if err := noArguments(c); err != nil {
		return err
	}
	file, reps := c.String("file"), c.Int("reps")
	if file == "" {
		return badInput("no file: give --file with an OSM file")
	}
	if reps < 1 || reps > 10_000 {
		return badInput("--reps %d: must be from 1 to 10000", reps)
	}
	if _, err := modeProfile(c); err != nil {
		return err
	}
	if err := mustOpen("the map", file); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "slinga-bench-")
	if err != nil {
		return badInput("cannot make a temporary folder: %w", plain(err))
	}
	defer func() { _ = os.RemoveAll(dir) }()
	region := filepath.Join(dir, mapName(file)+".region")
	out := csv.NewWriter(s.Out)
	if err := out.Write(stepColumns); err != nil {
		return err
	}
	for rep := range reps {
		for _, step := range [][]string{
			{"--step", "import", "--file", file, "--region", region},
			{"--step", "open", "--region", region},
			{"--step", "customise", "--region", region, "--mode", c.String("mode")},
			{"--step", "close", "--region", region, "--mode", c.String("mode")},
			{"--step", "snap", "--region", region, "--mode", c.String("mode")},
		} {
			rows, err := runStep(c, step)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if err := out.Write([]string{
					mapName(file), r.Step, strconv.Itoa(rep + 1), strconv.FormatFloat(r.Seconds, 'f', 6, 64),
					known(r.Peak), known(int64(r.Nodes)), known(int64(r.Arcs)),
				}); err != nil {
					return err
				}
			}
			out.Flush()
		}
	}
	return out.Error()
}

// known writes a count, and nothing for one that is not known.
func known(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// runStep runs this program again for one step. What the step says on standard
// error is the user's to read.
func runStep(c *ucli.Context, args []string) ([]stepRow, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("cannot find this program: %w", err)
	}
	cmd := exec.CommandContext(c.Context, self, append([]string{"bench", "step"}, args...)...)
	cmd.Env = append(os.Environ(), stepVariable+"=1")
	var out, messages bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &messages
	if err := cmd.Run(); err != nil {
		if ctx := c.Context.Err(); ctx != nil {
			return nil, ctx
		}
		said := strings.TrimPrefix(strings.TrimSpace(messages.String()), "slinga: ")
		if cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == ExitInput {
			return nil, badInput("%s", said)
		}
		return nil, fmt.Errorf("step %s: %w: %s", args[1], err, said)
	}
	var rows []stepRow
	if err := json.Unmarshal(out.Bytes(), &rows); err != nil {
		return nil, fmt.Errorf("step %s: %w", args[1], err)
	}
	return rows, nil
}

// stepVariable is set in the environment of a step's process.
const stepVariable = "SLINGA_BENCH_STEP"

// benchStepCommand is the other side of runStep.
func benchStepCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name: "step", Hidden: true,
		Usage:       "one step of bench map, which runs it",
		Description: "Example:\n  slinga bench step --step import --file isle-of-man.osm.pbf --region isle.region",
		Flags: []ucli.Flag{
			&ucli.StringFlag{Name: "step", Usage: "`STEP`: import, open, customise, close or snap"},
			&ucli.StringFlag{Name: "file", Usage: "the OSM `FILE`"},
			&ucli.StringFlag{Name: "region", Usage: "the region `FILE`"},
			modeFlag(),
		},
		Action: func(c *ucli.Context) error {
			var rows []stepRow
			var err error
			switch step := c.String("step"); step {
			case "import":
				rows, err = stepImport(c)
			case "open":
				rows, err = stepOpen(c)
			case "customise":
				rows, err = onRegion(c, stepCustomise)
			case "close":
				rows, err = onRegion(c, stepClose)
			case "snap":
				rows, err = onRegion(c, stepSnap)
			default:
				return badInput("--step %q: must be import, open, customise, close or snap", step)
			}
			if err != nil {
				return err
			}
			return json.NewEncoder(s.Out).Encode(rows)
		},
	}
}

// stepImport builds a region file and times the stages of that.
func stepImport(c *ucli.Context) ([]stepRow, error) {
	var stages []stepRow
	var begun time.Time
	finish := func() {
		if n := len(stages); n > 0 {
			stages[n-1].Seconds = time.Since(begun).Seconds()
			stages[n-1].Peak = benchmarks.PeakMemory()
		}
	}
	begin := func(stage string) {
		if n := len(stages); n > 0 && stages[n-1].Step == stage {
			return // progress within it
		}
		finish()
		benchmarks.ResetPeakMemory()
		stages = append(stages, stepRow{Step: stage})
		begun = time.Now()
	}
	start := time.Now()
	region, err := geo.BuildFiles(c.Context, geo.BuildOptions{
		Name: mapName(c.String("file")), Source: osmSource,
		OnProgress: func(p geo.Progress) { begin(p.Stage) },
	}, c.String("file"))
	if err != nil {
		return nil, inputError{err}
	}
	defer region.Close() //nolint:errcheck // nothing is mapped
	begin("save")
	if err := region.Save(c.String("region")); err != nil {
		return nil, cannotWrite(c.String("region"), err)
	}
	finish()
	whole := stepRow{Step: "import", Seconds: time.Since(start).Seconds()}
	whole.count(region, "car")
	for i := range stages {
		whole.Peak = max(whole.Peak, stages[i].Peak)
		if !strings.HasPrefix(stages[i].Step, "order") {
			stages[i].Step = "import: " + stages[i].Step
		}
	}
	return append([]stepRow{whole}, stages...), nil
}

// stepOpen opens and verifies a region file that the system holds in memory.
func stepOpen(c *ucli.Context) ([]stepRow, error) {
	begun := time.Now()
	region, err := geo.Open(c.String("region"))
	if err != nil {
		return nil, inputError{err}
	}
	row := stepRow{Step: "open", Seconds: time.Since(begun).Seconds()}
	defer region.Close() //nolint:errcheck // only read
	row.count(region, "car")
	row.Peak = benchmarks.PeakMemory()
	return []stepRow{row}, nil
}

// onRegion runs a step that needs an open region, and completes its rows.
func onRegion(c *ucli.Context, step func(context.Context, *geo.Region, osm.Profile) ([]stepRow, error)) ([]stepRow, error) {
	profile, err := modeProfile(c)
	if err != nil {
		return nil, err
	}
	region, err := geo.Open(c.String("region"))
	if err != nil {
		return nil, inputError{err}
	}
	defer region.Close() //nolint:errcheck // only read
	rows, err := step(c.Context, region, profile)
	if err != nil {
		return nil, inputError{err}
	}
	for i := range rows {
		rows[i].count(region, c.String("mode"))
		if rows[i].Peak == 0 {
			rows[i].Peak = benchmarks.PeakMemory()
		}
	}
	return rows, nil
}

// timed runs something as a step.
func timed(name string, do func() error) (stepRow, error) {
	// What earlier steps left behind is not this one's cost.
	runtime.GC()
	benchmarks.ResetPeakMemory()
	begun := time.Now()
	err := do()
	return stepRow{Step: name, Seconds: time.Since(begun).Seconds(), Peak: benchmarks.PeakMemory()}, err
}

// stepCustomise makes the metric of a mode, ready to query, and once more as
// for another scenario over the same map.
func stepCustomise(ctx context.Context, region *geo.Region, profile osm.Profile) ([]stepRow, error) {
	var rows []stepRow
	for _, name := range []string{"customise", "customise again"} {
		row, err := timed(name, func() error {
			_, err := region.Metric(ctx, profile)
			return err
		})
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// stepClose closes ten roads by changing a metric that is in use.
func stepClose(ctx context.Context, region *geo.Region, profile osm.Profile) ([]stepRow, error) {
	metric, err := region.Metric(ctx, profile)
	if err != nil {
		return nil, err
	}
	var ways []int64
	for road := range region.Roads(geo.RoadOptions{}) {
		if road.Modes&profile.Mode != 0 && road.Class != osm.Ferry {
			ways = append(ways, road.Way)
		}
	}
	const roads, seed, stream = 10, 1, 0xc105e
	random := rand.New(rand.NewPCG(seed, stream))
	var storm geo.Condition
	for i := range min(roads, len(ways)) {
		at := i + random.IntN(len(ways)-i)
		ways[i], ways[at] = ways[at], ways[i]
		closure := geo.Closure{ID: strconv.Itoa(i)}
		closure.Ways = ways[i : i+1]
		storm.Closures = append(storm.Closures, closure)
	}
	row, err := timed("close", func() error { return metric.Change(ctx, storm) })
	if err != nil {
		return nil, err
	}
	reopen, err := timed("reopen", func() error { return metric.Change(ctx, geo.Condition{}) })
	return []stepRow{row, reopen}, err
}

// stepSnap puts points near roads on them: nodes of roads, each some metres
// off.
func stepSnap(ctx context.Context, region *geo.Region, profile osm.Profile) ([]stepRow, error) {
	metric, err := region.Metric(ctx, profile)
	if err != nil {
		return nil, err
	}
	var nodes []orb.Point
	for road := range region.Roads(geo.RoadOptions{}) {
		if road.Modes&profile.Mode != 0 && road.Class != osm.Ferry {
			nodes = append(nodes, road.Line...)
		}
	}
	const count, seed, stream, off = 10_000, 1, 0x54a9, 0.001 // degrees
	random := rand.New(rand.NewPCG(seed, stream))
	points := make([]orb.Point, 0, count)
	for range count {
		if len(nodes) == 0 {
			break
		}
		at := nodes[random.IntN(len(nodes))]
		points = append(points, orb.Point{
			min(max(at[0]+off*(2*random.Float64()-1), -180), 180), min(max(at[1]+off*(2*random.Float64()-1), -90), 90),
		})
	}
	var rows []stepRow
	for _, name := range []string{"snap", "snap again"} {
		row, err := timed(name, func() error {
			_, err := metric.Snap(points, geo.SnapOptions{})
			return err
		})
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// count notes the size of a mode's graph.
func (r *stepRow) count(region *geo.Region, mode string) {
	for _, t := range region.Info().Topologies {
		if t.Modes&modeBits[mode] != 0 {
			r.Nodes, r.Arcs = t.Nodes, t.Arcs
		}
	}
}
