package cli

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// benchColumns head what slinga bench matrix prints; the peers of package
// benchmarks print the same.
var benchColumns = []string{"map", "size", "threads", "rep", "seconds", "nodes", "arcs"}

const (
	mostBenchSize = 16_384 // points of the largest square matrix within mostPairs
	mostThreads   = 1024
)

func benchCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:        "bench",
		Usage:       "measure this machine on a map, and the search on public sets",
		Description: "Example:\n  slinga bench matrix --map isle.region --size 500\n  slinga bench map --file isle-of-man.osm.pbf\n  slinga bench solve --set sets/vrptw-solomon --time 5s",
		Subcommands: []*ucli.Command{benchMatrixCommand(s), benchPointsCommand(s), benchMapCommand(s), benchSolveCommand(s), benchJudgeCommand(s), benchTableCommand(s), benchStepCommand(s)},
		Action: func(c *ucli.Context) error {
			if c.Args().Present() {
				return badInput("no command bench %q; see slinga bench --help", c.Args().First())
			}
			return ucli.ShowSubcommandHelp(c)
		},
	}
}

func sizeFlag() ucli.Flag {
	return &ucli.IntFlag{Name: "size", Usage: "`POINTS` from and to which is measured", Value: 500}
}

func drawFlag() ucli.Flag {
	return &ucli.Uint64Flag{Name: "seed", Usage: "`SEED` of the draw of points", Value: 1}
}

func anywhereFlag() ucli.Flag {
	return &ucli.BoolFlag{Name: "anywhere", Usage: "draw points from every part of the map, also where no way leads from one to the other"}
}

func benchMatrixCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:  "matrix",
		Usage: "seconds of a square matrix of times and distances",
		Description: "Draws nodes of roads from a seed, in the part of the map where every road leads to every other, computes\n" +
			"the matrix of times and distances between them, and prints one CSV line a repetition:\n" +
			"map, size, threads, rep, seconds, nodes, arcs. The seconds are those of the matrix alone, with the map open,\n" +
			"its weights made, the points on their roads and memory for the result at hand; nodes and arcs are those of the graph that is searched.\n\n" +
			"Example:\n  slinga bench matrix --map isle.region --size 2000 --threads 1 --reps 5",
		Flags: []ucli.Flag{
			mapFlag, modeFlag(), sizeFlag(), drawFlag(), anywhereFlag(),
			&ucli.IntFlag{Name: "threads", Usage: "`NUMBER` of threads; 0: as many as the machine has", Value: 1},
			&ucli.IntFlag{Name: "reps", Usage: "`NUMBER` of repetitions", Value: 5},
			&ucli.BoolFlag{Name: "paced", Usage: "one repetition for each line \"SIZE THREADS\" of standard input, up to --size points, to take turns with another program"},
			&ucli.BoolFlag{Name: "times", Usage: "say on standard error how long each step took"},
		},
		Action: func(c *ucli.Context) error { return runBenchMatrix(c, s) },
	}
}

func benchPointsCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:  "points",
		Usage: "the points that bench matrix draws, as CSV with id, lat, lon",
		Description: "A larger draw begins with the points of a smaller one.\n\n" +
			"Example:\n  slinga bench points --map isle.region --size 500 --seed 1 > points.csv",
		Flags: []ucli.Flag{mapFlag, modeFlag(), sizeFlag(), drawFlag(), anywhereFlag()},
		Action: func(c *ucli.Context) error {
			b, err := prepareBench(c, s)
			if err != nil {
				return err
			}
			defer b.Close()
			out := bufio.NewWriter(s.Out)
			fmt.Fprintln(out, "id,lat,lon")
			for i, p := range b.points {
				fmt.Fprintf(out, "%d,%.7f,%.7f\n", i, p.Point[1], p.Point[0])
			}
			return out.Flush()
		},
	}
}

// bench is a map with points on it, ready to measure.
type bench struct {
	*atlas
	name   string
	metric *geo.Metric
	graph  geo.TopologyInfo
	points []geo.Snap
	laps   string
	apart  bool      // no way need lead from point to point
	table  geo.Table // the memory that every repetition writes into
}

// prepareBench judges the flags, opens the map and draws the points.
func prepareBench(c *ucli.Context, s *session) (*bench, error) {
	if err := noArguments(c); err != nil {
		return nil, err
	}
	size := c.Int("size")
	if size < 2 || size > mostBenchSize {
		return nil, badInput("--size %d: must be from 2 to %d", size, mostBenchSize)
	}
	profile, err := modeProfile(c)
	if err != nil {
		return nil, err
	}
	clock := stopwatch{last: time.Now()}
	p := newProgress(s)
	defer p.done()
	b := &bench{name: mapName(c.String("map")), apart: c.Bool("anywhere")}
	if b.atlas, err = loadAtlas(c, p); err != nil {
		return nil, err
	}
	clock.lap("map")
	if b.metric, err = b.region.Metric(c.Context, profile); err != nil {
		b.Close()
		return nil, inputError{err}
	}
	clock.lap("metric")
	p.step("drawing %d points", size)
	modes := modeBits[c.String("mode")]
	for _, t := range b.region.Info().Topologies {
		if t.Modes&modes != 0 {
			b.graph = t
		}
	}
	if b.points, err = drawPoints(b.metric, modes, c.Uint64("seed"), size, b.apart); err != nil {
		b.Close()
		return nil, err
	}
	clock.lap("points")
	b.laps = clock.laps.String()
	return b, nil
}

func runBenchMatrix(c *ucli.Context, s *session) error {
	threads, reps := c.Int("threads"), c.Int("reps")
	if threads < 0 || threads > mostThreads {
		return badInput("--threads %d: must be from 0 to %d", threads, mostThreads)
	}
	if reps < 1 || reps > 10_000 {
		return badInput("--reps %d: must be from 1 to 10000", reps)
	}
	if c.Bool("paced") && (c.IsSet("reps") || c.IsSet("threads")) {
		return badInput("--paced reads sizes and threads from standard input; leave --reps and --threads off")
	}
	b, err := prepareBench(c, s)
	if err != nil {
		return err
	}
	defer b.Close()
	if c.Bool("times") {
		fmt.Fprint(s.Err, b.laps)
	}
	out := csv.NewWriter(s.Out)
	if err := out.Write(benchColumns); err != nil {
		return err
	}
	// Line by line, so that whoever paces the run sees each at once.
	out.Flush()
	if c.Bool("paced") {
		return b.paced(c, s.In, out)
	}
	for rep := range reps {
		if err := b.measure(c, out, c.Int("size"), threads, rep+1); err != nil {
			return err
		}
	}
	return nil
}

// paced measures once for each line of the input.
func (b *bench) paced(c *ucli.Context, in io.Reader, out *csv.Writer) error {
	type load struct{ size, threads int }
	reps := make(map[load]int)
	lines := bufio.NewScanner(in)
	for row := 1; lines.Scan(); row++ {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 {
			continue
		}
		var l load
		var err error
		if len(fields) == 2 {
			l.size, err = strconv.Atoi(fields[0])
			if err == nil {
				l.threads, err = strconv.Atoi(fields[1])
			}
		}
		if len(fields) != 2 || err != nil || l.size < 2 || l.size > len(b.points) || l.threads < 0 || l.threads > mostThreads {
			return badInput("standard input, line %d: write a size from 2 to %d and a number of threads", row, len(b.points))
		}
		reps[l]++
		if err := b.measure(c, out, l.size, l.threads, reps[l]); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return badInput("cannot read standard input: %w", plain(err))
	}
	return nil
}

// measure computes one matrix and prints how long it took.
func (b *bench) measure(c *ucli.Context, out *csv.Writer, size, threads, rep int) error {
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	points := b.points[:size]
	// The table's memory is there, and touched, before the clock starts, and
	// what an earlier repetition left behind is not this one's cost.
	if len(b.table.Seconds) != size*size {
		b.table = geo.Table{Seconds: make([]int32, size*size), Metres: make([]int32, size*size)}
	}
	for i := range b.table.Seconds {
		b.table.Seconds[i], b.table.Metres[i] = -1, -1
	}
	runtime.GC()
	begun := time.Now()
	err := b.metric.TableInto(c.Context, &b.table, points, points, threads)
	took := time.Since(begun)
	if err != nil {
		return err
	}
	if t := &b.table; t.Rows != size || t.Cols != size || slices.Contains(t.Seconds, -1) || !b.apart && slices.Contains(t.Seconds, geo.Unreachable) {
		return errors.New("bench: the table is not complete")
	}
	if err := out.Write([]string{
		b.name, strconv.Itoa(size), strconv.Itoa(threads), strconv.Itoa(rep),
		strconv.FormatFloat(took.Seconds(), 'f', 6, 64), strconv.Itoa(b.graph.Nodes), strconv.Itoa(b.graph.Arcs),
	}); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// drawPoints draws different nodes of the mode's roads, ferries left out, in
// the largest part of the map where every road leads to every other, or
// anywhere. Every node is as likely as any other, and a larger draw with the
// same seed begins with the points of a smaller one.
func drawPoints(m *geo.Metric, modes osm.Modes, seed uint64, size int, anywhere bool) ([]geo.Snap, error) {
	var nodes []orb.Point
	for road := range m.Region().Roads(geo.RoadOptions{}) {
		if road.Modes&modes != 0 && road.Class != osm.Ferry {
			nodes = append(nodes, road.Line...)
		}
	}
	slices.SortFunc(nodes, comparePoints)
	nodes = slices.Compact(nodes)
	const stream = 0xbe7c
	random := rand.New(rand.NewPCG(seed, stream))
	const batch = 1024
	drawn := make([]geo.Snap, 0, size)
	for at := 0; at < len(nodes) && len(drawn) < size; at += batch {
		end := min(at+batch, len(nodes))
		// Fisher and Yates, as far as it is needed.
		for i := at; i < end; i++ {
			j := i + random.IntN(len(nodes)-i)
			nodes[i], nodes[j] = nodes[j], nodes[i]
		}
		snaps, err := m.Snap(nodes[at:end], geo.SnapOptions{})
		if err != nil {
			return nil, inputError{err}
		}
		for _, snap := range snaps {
			// A node that moves is one of another part, beside the largest.
			inside := anywhere && snap.Kind != geo.SnapFar || snap.Kind == geo.SnapOK && snap.Component == 0
			if inside && snap.Moved < 0.01 && len(drawn) < size {
				drawn = append(drawn, snap)
			}
		}
	}
	if len(drawn) < size {
		if anywhere {
			return nil, badInput("--size %d: this map has %d nodes for this mode", size, len(drawn))
		}
		return nil, badInput("--size %d: the largest connected part of this map has %d nodes for this mode", size, len(drawn))
	}
	return drawn, nil
}

func comparePoints(a, b orb.Point) int {
	switch {
	case a[0] < b[0], a[0] == b[0] && a[1] < b[1]:
		return -1
	case a == b:
		return 0
	}
	return 1
}
