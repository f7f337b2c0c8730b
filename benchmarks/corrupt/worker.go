package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// A campaign is a number of cases. Each follows from the seed and its number
// alone.
type campaign struct {
	seed  uint64
	files [forms][][]byte
	alloc []metrics.Sample
}

func newCampaign(seed uint64) (*campaign, error) {
	files, err := seeds()
	if err != nil {
		return nil, err
	}
	return &campaign{seed: seed, files: files, alloc: []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}}, nil
}

// corrupted is one case's file.
type corrupted struct {
	form     form
	mutation string
	sealed   bool
	bytes    []byte
	random   *rand.Rand // for what is asked of it
}

// corrupted makes the file of a case: every other one is a region file.
func (c *campaign) corrupted(number uint64) corrupted {
	r := rand.New(rand.NewPCG(c.seed, number))
	f := regionForm
	if number%2 == 1 {
		f = pbfForm + form(r.IntN(int(forms-pbfForm)))
	}
	m := &mutations[f][r.IntN(len(mutations[f]))]
	file := c.files[f][r.IntN(len(c.files[f]))]
	return corrupted{f, m.name, m.sealed, m.apply(r, file), r}
}

// tally counts what became of cases.
type tally struct {
	Cases    int64
	Sealed   int64
	Outcomes map[string]int64 // by form and outcome
	Findings []finding
	Accepted int64
	Compared int64   // legs
	Worst    float64 // bytes taken beyond what is allowed for any file, as a multiple of the file
}

// finding is a case that was not as it must be.
type finding struct {
	Case uint64
	What string
}

// Besides a multiple of its size, a file may take so much: buffers, and for
// OSM files the tables of the readers.
const (
	regionFree, regionTimes = 64 << 10, 16
	osmFree, osmTimes       = 2 << 20, 128
)

// run is one case.
func (c *campaign) run(number uint64, t *tally) {
	x := c.corrupted(number)
	t.Cases++
	if x.sealed {
		t.Sealed++
	}
	outcome := ""
	func() {
		defer func() {
			if p := recover(); p != nil {
				outcome = "panic"
				t.found(number, fmt.Sprintf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		var err error
		if x.form == regionForm {
			outcome, err = c.region(&x, t)
		} else {
			outcome, err = c.extract(&x, t)
		}
		if err != nil {
			t.found(number, err.Error())
			outcome = "finding"
		}
	}()
	t.Outcomes[x.form.String()+": "+outcome]++
}

const mostFindings = 50

func (t *tally) found(number uint64, what string) {
	if len(t.Findings) < mostFindings {
		t.Findings = append(t.Findings, finding{number, what})
	}
}

// taken is how many bytes have been allocated so far.
func (c *campaign) taken() int64 {
	metrics.Read(c.alloc)
	return int64(c.alloc[0].Value.Uint64())
}

// moderate reads a file and checks what was allocated for it against its size.
// The count is of whole spans, some of which earlier cases began; so a reading
// that seems to take too much is done again, and the least counts.
func (c *campaign) moderate(x *corrupted, t *tally, free, times int64, read func()) error {
	least := int64(math.MaxInt64)
	for range 4 {
		before := c.taken()
		read()
		if least = min(least, c.taken()-before); least <= free+times*int64(len(x.bytes)) {
			t.Worst = max(t.Worst, float64(least-free)/float64(len(x.bytes)+1))
			return nil
		}
		runtime.GC()
	}
	return fmt.Errorf("%d bytes were taken for a file of %d", least, len(x.bytes))
}

var regionErrors = map[string]error{
	"not a region": geo.ErrNotRegion, "other version": geo.ErrRegionVersion,
	"truncated": geo.ErrRegionTruncated, "damaged": geo.ErrRegionDamaged,
}

func (c *campaign) region(x *corrupted, t *tally) (outcome string, err error) {
	var r *geo.Region
	if large := c.moderate(x, t, regionFree, regionTimes, func() { r, err = geo.Load(bytes.Clone(x.bytes)) }); large != nil {
		return "", large
	}
	if err != nil {
		for name, sentinel := range regionErrors {
			if errors.Is(err, sentinel) {
				return name, nil
			}
		}
		return "", fmt.Errorf("an error of no kind: %w", err)
	}
	return c.use(r, x.bytes, x.random, t)
}

// use asks an accepted region for a table and compares it with the judge's.
func (c *campaign) use(r *geo.Region, file []byte, random *rand.Rand, t *tally) (outcome string, err error) {
	t.Accepted++
	profile, group := osm.CarProfile(), "car"
	switch random.IntN(4) {
	case 0:
		profile, group = osm.FootProfile(), "slow"
	case 1:
		profile, group = osm.BicycleProfile(), "slow"
	case 2:
		profile.IceRoads, profile.SpeedPercent = true, 80
	}
	g, err := readGraph(file, group)
	if err != nil {
		return "", err
	}
	options := geo.MetricOptions{Shortest: random.IntN(4) == 0}
	if random.IntN(2) == 0 { // at a time, when what has one may bind
		options.At = time.Date(2026, 11, 1+random.IntN(28), random.IntN(24), 30, 0, 0, time.UTC)
	}
	judge := newTrial(g, profile, options.Shortest, options.At, nil)
	m, err := r.MetricWith(context.Background(), profile, options)
	if errors.Is(err, geo.ErrTooLong) {
		if !judge.mayBe {
			return "", fmt.Errorf("no road is too long, but: %w", err)
		}
		return "accepted, too long for a metric", nil
	}
	if err != nil {
		return "", err
	}
	if judge.tooLong {
		return "", errors.New("a road is too long, but there is a metric")
	}
	// A table of few places goes another way through the hierarchy than one of
	// many, see package cch; many cost more to judge.
	places := 4
	if random.IntN(16) == 0 {
		places = 32
	}
	points := make([]orb.Point, places)
	for i := range points {
		if len(g.nodes) == 0 {
			points[i] = orb.Point{18, 64}
			continue
		}
		at := g.nodes[random.IntN(len(g.nodes))]
		points[i] = orb.Point{float64(at[0]) / 1e7, float64(at[1]) / 1e7}
		if random.IntN(2) == 0 {
			points[i][0] = min(180, points[i][0]+0.0003*random.Float64())
			points[i][1] = min(90, points[i][1]+0.0003*random.Float64())
		}
	}
	snaps, err := m.Snap(points, geo.SnapOptions{Limit: 500, Threads: 1})
	if err != nil {
		return "", err
	}
	for i := range snaps {
		if want := judge.nearest(points[i]); math.Abs(snaps[i].Nearest-want) > 1e-6*max(1, want) {
			return "", fmt.Errorf("the nearest road to %v is %v m away, not %v m", points[i], want, snaps[i].Nearest)
		}
	}
	table, err := m.Table(context.Background(), snaps, snaps, 1)
	if err != nil {
		return "", err
	}
	if err := judge.compare(snaps, &table); err != nil {
		return "", err
	}
	t.Compared += int64(len(table.Seconds))
	trace, err := m.Trace(snaps[0], snaps[1])
	switch seconds, metres := table.At(0, 1); {
	case errors.Is(err, geo.ErrNoRoute) && seconds == geo.Unreachable:
	case err != nil:
		return "", fmt.Errorf("a leg of %d s, but no trace: %w", seconds, err)
	case trace.Metres != metres || trace.Seconds[len(trace.Seconds)-1] != seconds:
		return "", errors.New("the trace is not as long as the leg")
	}
	for _, preset := range r.Presets() {
		// What the preset names may be damaged as well; then it says so.
		_, err := r.MetricWith(context.Background(), preset.Profile, preset.Options(time.Time{}))
		if err != nil && !errors.Is(err, geo.ErrTooLong) && !errors.Is(err, geo.ErrCondition) {
			return "", fmt.Errorf("preset %q: %w", preset.Name, err)
		}
	}
	if random.IntN(2) == 0 || len(g.ways) == 0 {
		return "accepted, agrees", nil
	}
	// One or two roads are closed: the metric is repaired, not made anew.
	closed := map[int64]bool{}
	closure := geo.Closure{ID: "closed"}
	for range 1 + random.IntN(2) {
		// A condition names ways that have an id of OpenStreetMap's, not those
		// that an editor has yet to upload, which are negative.
		if id := g.ways[random.IntN(len(g.ways))].ID; id > 0 {
			closed[id] = true
			closure.Ways = append(closure.Ways, id)
		}
	}
	if len(closed) == 0 {
		return "accepted, agrees", nil
	}
	if err := m.Change(context.Background(), geo.Condition{Closures: []geo.Closure{closure}}); err != nil {
		return "", fmt.Errorf("ways %v cannot be closed: %w", closure.Ways, err)
	}
	if table, err = m.Table(context.Background(), snaps, snaps, 1); err != nil {
		return "", err
	}
	if err := newTrial(g, profile, options.Shortest, options.At, closed).compare(snaps, &table); err != nil {
		return "", fmt.Errorf("ways %v closed: %w", closure.Ways, err)
	}
	t.Compared += int64(len(table.Seconds))
	return "accepted, agrees, and with roads closed", nil
}

var osmErrors = map[string]error{
	"not a map": osm.ErrFormat, "cut off": osm.ErrTruncated, "damaged": osm.ErrDamaged,
	"too large": osm.ErrTooLarge, "feature": osm.ErrFeature, "no roads": osm.ErrNoRoads,
}

func (c *campaign) extract(x *corrupted, t *tally) (outcome string, err error) {
	var net *osm.Network
	large := c.moderate(x, t, osmFree, osmTimes, func() {
		net, err = osm.ReadFrom(context.Background(), bytes.NewReader(x.bytes), "case", osm.Options{})
	})
	if large != nil {
		return "", large
	}
	if err != nil {
		for name, sentinel := range osmErrors {
			if errors.Is(err, sentinel) {
				return name, nil
			}
		}
		return "", fmt.Errorf("an error of no kind: %w", err)
	}
	// Reading is what the case is about; building every second will do.
	if x.random.IntN(2) > 0 {
		return "accepted", nil
	}
	region, err := geo.Build(net, geo.BuildOptions{})
	if errors.Is(err, geo.ErrNetwork) {
		return "accepted, no region", nil
	}
	if err != nil {
		return "", err
	}
	var file bytes.Buffer
	if _, err := region.WriteTo(&file); err != nil {
		return "", err
	}
	outcome, err = c.use(region, file.Bytes(), x.random, t)
	return outcome, err
}

// A case may take so long, on a machine that does much else.
const patience = 30 * time.Second

// work does every stride-th case from first up to end. The number of the case
// under way stands in the file progress, for whoever finds this process dead.
func (c *campaign) work(ctx context.Context, first, end, stride uint64, progress *os.File) *tally {
	debug.SetGCPercent(400)
	t := &tally{Outcomes: map[string]int64{}}
	var under atomic.Uint64 // case
	done := make(chan struct{})
	defer close(done)
	go func() {
		last, since := ^uint64(0), time.Now()
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Second):
			}
			if now := under.Load(); now != last {
				last, since = now, time.Now()
			} else if time.Since(since) > patience {
				fmt.Fprintf(os.Stderr, "case %d hangs\n", now)
				os.Exit(exitHang)
			}
		}
	}()
	for number := first; number < end && ctx.Err() == nil; number += stride {
		under.Store(number)
		if progress != nil {
			var b [8]byte
			binary.LittleEndian.PutUint64(b[:], number)
			_, _ = progress.WriteAt(b[:], 0)
		}
		c.run(number, t)
	}
	return t
}

const exitHang = 3

// add joins another tally to this one.
func (t *tally) add(o *tally) {
	t.Cases += o.Cases
	t.Sealed += o.Sealed
	t.Accepted += o.Accepted
	t.Compared += o.Compared
	t.Worst = max(t.Worst, o.Worst)
	for name, n := range o.Outcomes {
		t.Outcomes[name] += n
	}
	t.Findings = append(t.Findings, o.Findings...)
}
