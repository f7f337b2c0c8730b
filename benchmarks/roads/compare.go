package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/urfave/cli/v2"
	"gonum.org/v1/gonum/stat"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// snapLimit is how far a point may be moved, in metres. Points are nodes of
// roads, so this is only the rounding of coordinates.
const snapLimit = 0.5

// roads is our side of the comparison: the same map for the engine and for
// the judge, which share nothing but the parsed file.
type roads struct {
	net    *osm.Network
	metric *geo.Metric
	judge  *benchmarks.Judge
	pairs  []benchmarks.Pair
	from   []geo.Snap
	to     []geo.Snap
	table  geo.Table // every first point to every second one, or to its own (one column)
	nodeAt map[[2]int32]int64
}

func comparePeer(c *cli.Context) error {
	path, err := mapPath(c)
	if err != nil {
		return err
	}
	pairs, err := readFile(c.String("pairs"), benchmarks.ReadPairs)
	if err != nil {
		return err
	}
	answers, err := readFile(c.String("answers"), benchmarks.ReadAnswers)
	if err != nil {
		return err
	}
	if len(answers) != len(pairs) {
		return fmt.Errorf("%d answers to %d pairs", len(answers), len(pairs))
	}
	var matrix [][]float64
	if name := c.String("matrix"); name != "" {
		if matrix, err = readFile(name, benchmarks.ReadMatrix); err != nil {
			return err
		}
	}
	r, err := open(c.Context, path, pairs, matrix != nil)
	if err != nil {
		return err
	}
	report, err := r.compare(c.Context, answers, matrix)
	if err != nil {
		return err
	}
	if name := c.String("ask"); name != "" {
		if err := writeFile(name, func(w io.Writer) error { return benchmarks.WritePairs(w, report.differ) }); err != nil {
			return err
		}
	}
	report.print(c.App.Writer, c.String("peer"))
	if dir := c.String("out"); dir != "" {
		return report.save(dir, path, c.String("peer"), c.Uint64("seed"))
	}
	return nil
}

// open reads the map and measures all pairs, or every first point against
// every second one.
func open(ctx context.Context, path string, pairs []benchmarks.Pair, whole bool) (*roads, error) {
	net, err := osm.Read(ctx, osm.Options{}, path)
	if err != nil {
		return nil, err
	}
	region, err := geo.Build(net, geo.BuildOptions{Name: subject(path)})
	if err != nil {
		return nil, err
	}
	car := osm.CarProfile()
	r := &roads{net: net, judge: benchmarks.NewJudge(net, car), pairs: pairs, nodeAt: make(map[[2]int32]int64)}
	for _, n := range net.Nodes {
		r.nodeAt[[2]int32{n.Lon, n.Lat}] = n.ID
	}
	if r.metric, err = region.MetricWith(ctx, car, geo.MetricOptions{Shortest: true}); err != nil {
		return nil, err
	}
	var from, to []orb.Point
	for _, p := range pairs {
		from, to = append(from, point(p.From)), append(to, point(p.To))
	}
	options := geo.SnapOptions{Limit: snapLimit}
	if r.from, err = r.metric.Snap(from, options); err != nil {
		return nil, err
	}
	if r.to, err = r.metric.Snap(to, options); err != nil {
		return nil, err
	}
	if whole {
		r.table, err = r.metric.Table(ctx, r.from, r.to, 0)
		return r, err
	}
	n := len(pairs)
	r.table = geo.Table{Rows: n, Cols: 1, Metres: make([]int32, n)}
	for i := range pairs {
		one, err := r.metric.Table(ctx, r.from[i:i+1], r.to[i:i+1], 1)
		if err != nil {
			return nil, err
		}
		r.table.Metres[i] = one.Metres[0]
	}
	return r, nil
}

// narrow finds the shortest part of a road, from the last possible start to the
// first possible end after it, that our engine cannot drive as it is, and puts
// it in words.
func (r *roads) narrow(ctx context.Context, nodes []int64) (string, error) {
	place := make([]osm.Node, 0, len(nodes))
	for _, id := range nodes {
		at, known := slices.BinarySearchFunc(r.net.Nodes, id, func(n osm.Node, id int64) int { return cmp.Compare(n.ID, id) })
		if !known {
			return "", nil
		}
		place = append(place, r.net.Nodes[at])
	}
	along := make([]int64, len(place)) // millimetres from the start
	for i := 1; i < len(place); i++ {
		along[i] = along[i-1] + osm.Millimetres(place[i-1], place[i])
	}
	points := make([]orb.Point, len(place))
	for i, n := range place {
		points[i] = point(n)
	}
	snaps, err := r.metric.Snap(points, geo.SnapOptions{Limit: snapLimit})
	if err != nil {
		return "", err
	}
	longer := func(metres int32, i, j int) bool { return int64(metres) > (along[j]-along[i])/1000+1 }
	end := len(place) - 1
	table, err := r.metric.Table(ctx, snaps, snaps[end:], 0)
	if err != nil {
		return "", err
	}
	start := end
	// From the end, so that what is found begins as late as it can.
	for start >= 0 && !longer(table.Metres[start], start, end) {
		start--
	}
	if start < 0 {
		return "", nil // every part of it is no longer than ours: rounding
	}
	if table, err = r.metric.Table(ctx, snaps[start:start+1], snaps, 0); err != nil {
		return "", err
	}
	for j := start + 1; j <= end; j++ {
		if longer(table.Metres[j], start, j) {
			end = j
			break
		}
	}
	ways := r.judge.Judge(nodes[start : end+1]).Ways
	return fmt.Sprintf("; we cannot follow it from node %d to node %d over ways %s", nodes[start], nodes[end], ids(ways)), nil
}

func point(n osm.Node) orb.Point { return orb.Point{float64(n.Lon) / 1e7, float64(n.Lat) / 1e7} }

// metres is our distance from the first point of pair i to the second one of
// pair j. With one column, i and j are the same.
func (r *roads) metres(i, j int) float64 {
	if r.table.Cols == 1 {
		j = 0
	}
	m := r.table.Metres[i*r.table.Cols+j]
	if m == geo.Unreachable {
		return benchmarks.NoWay
	}
	return float64(m)
}

// answer is ours from the first point of pair i to the second one of pair j,
// with the road.
func (r *roads) answer(i, j int) (benchmarks.Answer, error) {
	answer := benchmarks.Answer{Metres: r.metres(i, j)}
	if answer.Metres == benchmarks.NoWay {
		return answer, nil
	}
	trace, err := r.metric.Trace(r.from[i], r.to[j])
	if err != nil {
		return answer, err
	}
	for _, p := range trace.Line {
		id, known := r.nodeAt[[2]int32{stored(p[0]), stored(p[1])}]
		if !known {
			return answer, fmt.Errorf("pairs %d, %d: our road passes a point that is no node", i, j)
		}
		// A node may occur twice at one place: two nodes with the same
		// coordinates, or a leg that begins with a piece of length 0.
		if last := len(answer.Nodes) - 1; last < 0 || answer.Nodes[last] != id {
			answer.Nodes = append(answer.Nodes, id)
		}
	}
	return answer, nil
}

// stored is a coordinate in 1e-7 degrees, as in the file.
func stored(degrees float64) int32 {
	if degrees < 0 {
		return -stored(-degrees)
	}
	return int32(degrees*1e7 + 0.5)
}

// report is the outcome of a comparison.
type report struct {
	pairs       []benchmarks.Pair
	ours, peer  []float64 // metres by pair
	shares      benchmarks.Shares
	differences []benchmarks.Difference
	ratio       []float64 // ours / peer of pairs that are the same, sorted
	matrix      benchmarks.Shares
	differ      []benchmarks.Pair // the entries of it that do not agree
	reasons     []reason          // for entries of the matrix that do not agree
}

// reason is why entries of the matrix differ, and how many do for it.
type reason struct {
	text    string
	entries int
}

func (r *roads) compare(ctx context.Context, answers []benchmarks.Answer, matrix [][]float64) (*report, error) {
	rep := &report{pairs: r.pairs, shares: benchmarks.Shares{}, matrix: benchmarks.Shares{}}
	for i, peer := range answers {
		ours := r.metres(i, i)
		rep.ours, rep.peer = append(rep.ours, ours), append(rep.peer, peer.Metres)
		kind := benchmarks.Relate(ours, peer.Metres)
		rep.shares[kind]++
		if kind == benchmarks.Same && peer.Metres > 0 {
			rep.ratio = append(rep.ratio, ours/peer.Metres)
		}
		if !kind.Agrees() {
			answer, err := r.answer(i, i)
			if err != nil {
				return nil, err
			}
			d := r.judge.Explain(i, r.pairs[i], answer, peer)
			if d.Fault && len(peer.Nodes) > 1 && (kind == benchmarks.PeerShorter || kind == benchmarks.OursNoWay) {
				where, err := r.narrow(ctx, peer.Nodes)
				if err != nil {
					return nil, err
				}
				d.Reason += where
			}
			rep.differences = append(rep.differences, d)
		}
	}
	slices.Sort(rep.ratio)
	return rep, r.compareMatrix(rep, matrix)
}

// compareMatrix compares every entry. The peer names no roads here, so the
// judge hears our side only.
func (r *roads) compareMatrix(rep *report, matrix [][]float64) error {
	if matrix != nil && len(matrix) != len(r.pairs) {
		return fmt.Errorf("the peer's matrix has %d rows for %d pairs", len(matrix), len(r.pairs))
	}
	count := map[string]int{}
	for i, row := range matrix {
		if len(row) != len(r.pairs) {
			return fmt.Errorf("row %d of the peer's matrix has %d columns for %d pairs", i+1, len(row), len(r.pairs))
		}
		for j, peer := range row {
			kind := benchmarks.Relate(r.metres(i, j), peer)
			rep.matrix[kind]++
			if kind.Agrees() {
				continue
			}
			answer, err := r.answer(i, j)
			if err != nil {
				return err
			}
			pair := benchmarks.Pair{From: r.pairs[i].From, To: r.pairs[j].To}
			rep.differ = append(rep.differ, pair)
			count[r.judge.Explain(0, pair, answer, benchmarks.Answer{Metres: peer}).Reason]++
		}
	}
	for text, entries := range count {
		rep.reasons = append(rep.reasons, reason{text, entries})
	}
	slices.SortFunc(rep.reasons, func(a, b reason) int {
		return cmp.Or(cmp.Compare(b.entries, a.entries), strings.Compare(a.text, b.text))
	})
	return nil
}

var kinds = []benchmarks.Kind{
	benchmarks.Same, benchmarks.BothNoWay, benchmarks.OursShorter, benchmarks.PeerShorter,
	benchmarks.OursNoWay, benchmarks.PeerNoWay,
}

func (rep *report) print(w io.Writer, peer string) {
	fmt.Fprintf(w, "%d pairs against %s: %.2f %% agree\n", len(rep.pairs), peer, 100*rep.shares.Agreement())
	for _, kind := range kinds {
		fmt.Fprintf(w, "  %-14s %7d\n", kind, rep.shares[kind])
	}
	if len(rep.ratio) > 0 {
		fmt.Fprintf(w, "ours / peer where the same: median %.5f, 1st to 99th percentile %.5f to %.5f\n",
			rep.quantile(0.5), rep.quantile(0.01), rep.quantile(0.99))
	}
	if len(rep.matrix) > 0 {
		fmt.Fprintf(w, "the whole matrix: %.3f %% agree\n", 100*rep.matrix.Agreement())
		for _, kind := range kinds {
			fmt.Fprintf(w, "  %-14s %7d\n", kind, rep.matrix[kind])
		}
		for _, r := range rep.reasons {
			fmt.Fprintf(w, "  %d: %s\n", r.entries, r.text)
		}
	}
	for _, d := range rep.differences {
		fmt.Fprintf(w, "pair %d, node %d to node %d: %s, ours %s, peer %s\n  %s\n  only ours: %s\n  only peer: %s\n",
			d.Pair, rep.pairs[d.Pair].From.ID, rep.pairs[d.Pair].To.ID, d.Kind, spoken(d.Ours), spoken(d.Peer),
			d.Reason, ids(d.OnlyOurs), ids(d.OnlyPeer))
	}
}

func (rep *report) quantile(q float64) float64 {
	return stat.Quantile(q, stat.Empirical, rep.ratio, nil)
}

// length writes metres as the tables do: nothing where there is no way.
func length(metres float64) string {
	if metres == benchmarks.NoWay {
		return ""
	}
	return strconv.FormatFloat(metres, 'f', -1, 64)
}

// spoken writes metres for people.
func spoken(metres float64) string {
	if metres == benchmarks.NoWay {
		return "no way"
	}
	return length(metres) + " m"
}

func ids(list []int64) string {
	words := make([]string, len(list))
	for i, id := range list {
		words[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(words, " ")
}

// save writes every pair, every difference with its reason, and the shares.
func (rep *report) save(dir, path, peer string, seed uint64) error {
	distances := [][]string{{"pair", "from_node", "to_node", "kind", "ours_m", "peer_m"}}
	for i, p := range rep.pairs {
		distances = append(distances, []string{
			strconv.Itoa(i), strconv.FormatInt(p.From.ID, 10), strconv.FormatInt(p.To.ID, 10),
			string(benchmarks.Relate(rep.ours[i], rep.peer[i])), length(rep.ours[i]), length(rep.peer[i]),
		})
	}
	reasons := [][]string{{"pair", "kind", "ours_m", "peer_m", "ways_only_ours", "ways_only_peer", "reason"}}
	for _, d := range rep.differences {
		reasons = append(reasons, []string{
			strconv.Itoa(d.Pair), string(d.Kind), length(d.Ours), length(d.Peer), ids(d.OnlyOurs), ids(d.OnlyPeer), d.Reason,
		})
	}
	entries := [][]string{{"entries", "reason"}}
	for _, r := range rep.reasons {
		entries = append(entries, []string{strconv.Itoa(r.entries), r.text})
	}
	prefix := filepath.Join(dir, "roads-"+subject(path))
	if err := errors.Join(
		os.MkdirAll(dir, 0o755),
		writeTable(prefix+".csv", distances),
		writeTable(prefix+"-differences.csv", reasons),
		writeTable(prefix+"-matrix.csv", entries),
	); err != nil {
		return err
	}
	figure := benchmarks.NewRecord(subject(path), seed,
		fmt.Sprintf("roads compare --peer %q %s", peer, filepath.Base(path)))
	records := []benchmarks.Record{
		figure("pairs", float64(len(rep.pairs)), ""),
		figure("pairs that agree", percent(rep.shares.Agreement()), "%"),
	}
	if len(rep.matrix) > 0 {
		records = append(records, figure("matrix entries that agree", percent(rep.matrix.Agreement()), "%"))
	}
	if len(rep.ratio) > 0 {
		records = append(records, figure("ours / peer, median", rep.quantile(0.5), ""))
	}
	return benchmarks.Append(filepath.Join(dir, "roads.csv"), records)
}

func percent(share float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(100*share, 'f', 4, 64), 64)
	return rounded
}

func writeTable(path string, rows [][]string) error {
	return writeFile(path, func(w io.Writer) error { return csv.NewWriter(w).WriteAll(rows) })
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
