package geo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo/osm"
)

// BuildOptions name a region. The zero value will do.
type BuildOptions struct {
	Name     string // of the area
	Source   string // where the data came from and under which licence
	Note     string // shown wherever the region is
	Modelled bool   // a modelled area; also set when a way says so
	// Bound, if set, makes BuildFiles leave out roads that do not touch it:
	// a county of a country's extract.
	Bound *orb.Bound
	// OnProgress, if set, is told what Build is at. It is called from the
	// goroutine that called Build.
	OnProgress func(Progress)

	sourceHash string
}

// Progress is a step of Build.
type Progress struct {
	Stage string // "read", "nodes", "graphs", "order car", "order bicycle+foot", "pack"
	Done  int    // stages finished before this one
	Total int    // stages
	Bytes int64  // while reading: of the file, in this pass over it
	Size  int64  // of the file; -1: not known; 0: not reading
}

// ErrNetwork marks a network that is not consistent: an index out of range, a
// way without nodes.
var ErrNetwork = errors.New("geo: bad network")

const (
	maxRefs          = 1 << 29 // directed segments and directed chains are int32
	buildStages      = 6
	maxSegmentLength = math.MaxUint32

	// mostRoads is how many roads may meet where not every turn is allowed.
	// Such a junction has a copy for each way of arriving, and each copy arcs
	// to all others; a file that is made to do harm must not square its size.
	// At most as many restrictions with a condition may end at one junction.
	mostRoads = 128
)

// BuildFiles reads OSM files and builds a region of them. The files are also
// hashed, so that the region can tell what it was made of.
func BuildFiles(ctx context.Context, opts BuildOptions, paths ...string) (*Region, error) {
	opts.progress("read", 0)
	sum := sha256.New()
	for _, path := range paths {
		if err := hashFile(sum, path); err != nil {
			return nil, err
		}
	}
	opts.sourceHash = hex.EncodeToString(sum.Sum(nil))
	reading := osm.Options{Bound: opts.Bound}
	if opts.OnProgress != nil {
		reading.OnProgress = func(p osm.Progress) {
			opts.OnProgress(Progress{Stage: "read", Total: buildStages, Bytes: p.Bytes, Size: p.Size})
		}
	}
	net, err := osm.Read(ctx, reading, paths...)
	if err != nil {
		return nil, err
	}
	return build(ctx, net, opts)
}

func hashFile(sum io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(sum, f)
	return errors.Join(err, f.Close())
}

func (o *BuildOptions) progress(stage string, done int) {
	if o.OnProgress != nil {
		o.OnProgress(Progress{Stage: stage, Done: done, Total: buildStages})
	}
}

// Build makes a region of a network: for each mode group a graph in which runs
// of road between junctions are one arc and restricted junctions are split.
// The network is not changed and not kept. The same network gives the same
// region, byte for byte.
func Build(net *osm.Network, opts BuildOptions) (*Region, error) {
	return build(context.Background(), net, opts)
}

func build(ctx context.Context, net *osm.Network, opts BuildOptions) (*Region, error) {
	if err := validateNetwork(net); err != nil {
		return nil, err
	}
	opts.progress("nodes", 1)
	r := &Region{meta: meta{
		Name: opts.Name, Source: opts.Source, Hash: opts.sourceHash, Note: opts.Note, Modelled: opts.Modelled,
	}}
	place := r.takeNodes(net)
	if err := r.takeWays(net, place); err != nil {
		return nil, err
	}
	r.takeRestrictions(net, place)
	closed := make([]osm.Modes, len(r.nodes))
	for i := range net.Nodes {
		closed[place[i]] = net.Nodes[i].Closed
	}
	opts.progress("graphs", 2)
	graphs := make([]func() error, len(r.topologies))
	for i := range graphs {
		graphs[i] = func() error {
			if err := r.buildTopology(&r.topologies[i], topologyModes[i], closed); err != nil {
				return err
			}
			return ctx.Err()
		}
	}
	if err := together(graphs); err != nil {
		return nil, err
	}
	for i := range r.topologies {
		opts.progress("order "+topologyModes[i].String(), 3+i)
		if err := r.contract(ctx, &r.topologies[i]); err != nil {
			return nil, err
		}
	}
	opts.progress("pack", buildStages-1)
	// A region is used in the form that its file has, and a built one passes
	// the same checks as one that is opened, so that the two cannot differ.
	if err := r.validate(); err != nil {
		return nil, err
	}
	r.seal()
	return r, nil
}

// buildTopology collapses chains, splits restricted junctions and packs the
// segments into a tree.
func (r *Region) buildTopology(t *topology, group osm.Modes, closed []osm.Modes) error {
	n := r.incident(group)
	touched := make([]bool, len(r.nodes))
	sometimes := map[int32]int{} // by node: restrictions with a condition that end there
	for v := range closed {
		touched[v] = closed[v]&group != 0
	}
	for i := range r.restrictions {
		rs := &r.restrictions[i]
		if osm.Modes(rs.Modes)&group == 0 {
			continue
		}
		ends := []int32{rs.ViaNode}
		if rs.ViaNode < 0 {
			ends = ends[:0]
			for _, run := range r.viaRuns(rs) {
				touched[r.tail(run[0])] = true
				ends = append(ends, r.head(run[len(run)-1]))
			}
		}
		for _, v := range ends {
			touched[v] = true
			if rs.Condition == 0 {
				continue
			}
			if sometimes[v]++; sometimes[v] > mostRoads {
				at := r.nodes[v].point()
				return fmt.Errorf("%w: more than %d turn restrictions with a condition at %.7f, %.7f", ErrNetwork, mostRoads, at.Lat(), at.Lon())
			}
		}
	}
	for v, is := range touched {
		if roads := len(n.at(int32(v))); is && roads > mostRoads {
			at := r.nodes[v].point()
			return fmt.Errorf("%w: %d roads meet at a barrier or a turn restriction at %.7f, %.7f", ErrNetwork, roads, at.Lat(), at.Lon())
		}
	}
	junction := r.collapse(t, &n, group, touched)
	r.split(t, &n, group, junction, closed)
	t.segPos = nil // see topology.index
	r.plant(t)
	return nil
}

// plant makes the tree over the segments.
func (r *Region) plant(t *topology) {
	t.tree.items, t.tree.shift = t.chainSegs, 1
	leaves := make([]box, (len(t.chainSegs)+fanout-1)/fanout)
	for i := range leaves {
		leaves[i] = nobox
		for _, d := range t.chainSegs[i*fanout : min((i+1)*fanout, len(t.chainSegs))] {
			leaves[i].add(r.nodes[r.refs[d>>1]], r.nodes[r.refs[d>>1+1]])
		}
	}
	t.tree.stack(leaves)
}

// halfTurn is 180 degrees in stored units.
const halfTurn = 1_800_000_000

func validateNetwork(net *osm.Network) error {
	if len(net.Refs) > maxRefs || len(net.Nodes) > math.MaxInt32 || len(net.Ways) > math.MaxInt32 {
		return fmt.Errorf("%w: %d nodes on ways are more than a region holds; cut the area into parts", ErrNetwork, len(net.Refs))
	}
	for i, n := range net.Nodes {
		if n.Lon < -halfTurn || n.Lon > halfTurn || n.Lat < -halfTurn/2 || n.Lat > halfTurn/2 {
			return fmt.Errorf("%w: node %d (id %d): not on Earth", ErrNetwork, i, n.ID)
		}
	}
	text := func(t int32) bool { return t >= 0 && (int(t) < len(net.Texts) || t == 0) }
	for i := range net.Ways {
		w := &net.Ways[i]
		end := int64(w.First) + int64(w.Count)
		switch {
		case w.First < 0 || w.Count < 2 || end > int64(len(net.Refs)):
			return fmt.Errorf("%w: way %d (id %d): needs at least two nodes, within range", ErrNetwork, i, w.ID)
		case !text(w.Name) || !text(w.Ref) || !text(w.Condition):
			return fmt.Errorf("%w: way %d (id %d): text out of range", ErrNetwork, i, w.ID)
		case w.Class >= osm.NumClasses || w.Surface >= osm.NumSurfaces:
			return fmt.Errorf("%w: way %d (id %d): unknown class or surface", ErrNetwork, i, w.ID)
		case w.Duration < 0 || w.Duration > maxDuration || w.Millimetres < 0:
			return fmt.Errorf("%w: way %d (id %d): impossible duration or length", ErrNetwork, i, w.ID)
		case i > 0 && net.Ways[i-1].ID > w.ID:
			return fmt.Errorf("%w: way %d (id %d): ways are not in ascending order", ErrNetwork, i, w.ID)
		}
		for _, ref := range net.Refs[w.First:end] {
			if ref < 0 || int(ref) >= len(net.Nodes) {
				return fmt.Errorf("%w: way %d (id %d): node out of range", ErrNetwork, i, w.ID)
			}
		}
	}
	isWay := func(w int32) bool { return w >= 0 && int(w) < len(net.Ways) }
	for i := range net.Restrictions {
		rs := &net.Restrictions[i]
		ok := isWay(rs.From) && isWay(rs.To) && text(rs.Condition) && rs.ViaNode >= -1 && int(rs.ViaNode) < len(net.Nodes)
		for _, w := range rs.ViaWays {
			ok = ok && isWay(w)
		}
		if !ok {
			return fmt.Errorf("%w: restriction %d (id %d): index out of range", ErrNetwork, i, rs.ID)
		}
	}
	return nil
}

// takeNodes copies the nodes in the order of a Hilbert curve, and returns the
// new place of each.
func (r *Region) takeNodes(net *osm.Network) (place []int32) {
	r.nodes = make([]node, len(net.Nodes))
	for i, n := range net.Nodes {
		r.nodes[i] = node{n.Lon, n.Lat}
	}
	g := newGrid(r.nodes)
	order := make([]uint64, len(r.nodes)) // the key, and below it the old place
	_ = together(inStretches(len(order), func(from, to int) error {
		for i, n := range r.nodes[from:to] {
			order[from+i] = uint64(g.key(int64(n.Lon), int64(n.Lat)))<<32 | uint64(from+i)
		}
		return nil
	}))
	sortHigh(order)
	place = make([]int32, len(order))
	for i, k := range order {
		at := uint32(k)
		place[at] = int32(i)
		n := &net.Nodes[at]
		r.nodes[i] = node{n.Lon, n.Lat}
	}
	return place
}

// takeWays copies ways, their nodes, lengths and texts.
func (r *Region) takeWays(net *osm.Network, place []int32) error {
	r.ways = make([]way, len(net.Ways))
	count := 0
	for i := range net.Ways {
		count += int(net.Ways[i].Count) // not more in all than net.Refs, or some twice
	}
	if count > maxRefs {
		return fmt.Errorf("%w: %d nodes on ways are more than a region holds; cut the area into parts", ErrNetwork, count)
	}
	r.refs, r.segMM, r.segWay = make([]int32, 0, count), make([]uint32, 0, count), make([]int32, 0, count)
	for i := range net.Ways {
		w := &net.Ways[i]
		if w.Flags&osm.FlagModelled != 0 {
			r.meta.Modelled = true
		}
		r.ways[i] = way{
			ID: w.ID, Millimetres: w.Millimetres, First: int32(len(r.refs)), Count: w.Count, Duration: w.Duration,
			Name: w.Name, Ref: w.Ref, Condition: w.Condition, Flags: uint16(w.Flags),
			Class: uint8(w.Class), Surface: uint8(w.Surface),
			Forward: uint8(w.Forward & osm.AllModes), Backward: uint8(w.Backward & osm.AllModes), Limited: uint8(w.Limited & osm.AllModes),
			SpeedF: w.Speed.Forward, SpeedB: w.Speed.Backward,
		}
		refs := net.Refs[w.First : w.First+w.Count]
		sum := int64(0)
		for k, ref := range refs {
			length := int64(0)
			if k+1 < len(refs) {
				length = osm.Millimetres(net.Nodes[ref], net.Nodes[refs[k+1]])
			}
			if length > maxSegmentLength {
				return fmt.Errorf("%w: way %d (id %d): two neighbouring nodes are %d km apart", ErrNetwork, i, w.ID, length/1_000_000)
			}
			r.refs = append(r.refs, place[ref])
			r.segMM = append(r.segMM, uint32(length))
			r.segWay = append(r.segWay, int32(i))
			sum += length
		}
		if w.Millimetres == 0 {
			r.ways[i].Millimetres = sum
		}
		if r.ways[i].Millimetres > maxWayLength(r.ways[i].Flags) {
			return fmt.Errorf("%w: way %d (id %d): %d km long", ErrNetwork, i, w.ID, r.ways[i].Millimetres/1_000_000)
		}
	}
	letters := 0
	for _, text := range net.Texts {
		if letters += len(text); uint64(letters) > math.MaxUint32 {
			return fmt.Errorf("%w: more than 4 GB of names", ErrNetwork)
		}
	}
	r.textBytes = make([]byte, 0, letters)
	r.textFirst = append(make([]uint32, 0, len(net.Texts)+2), 0)
	for _, text := range net.Texts {
		r.textBytes = append(r.textBytes, text...)
		r.textFirst = append(r.textFirst, uint32(len(r.textBytes)))
	}
	if len(net.Texts) == 0 {
		r.textFirst = append(r.textFirst, 0)
	}
	return nil
}

// takeRestrictions copies the restrictions.
func (r *Region) takeRestrictions(net *osm.Network, place []int32) {
	for i := range net.Restrictions {
		rs := &net.Restrictions[i]
		out := restriction{
			ID: rs.ID, From: rs.From, To: rs.To, ViaNode: -1, Condition: rs.Condition,
			ViaFirst: int32(len(r.viaWays)), Modes: uint8(rs.Modes & osm.AllModes),
		}
		if rs.ViaNode >= 0 {
			out.ViaNode = place[rs.ViaNode]
		} else {
			out.ViaCount = int32(len(rs.ViaWays))
			r.viaWays = append(r.viaWays, rs.ViaWays...)
		}
		if rs.Only {
			out.Only = 1
		}
		r.restrictions = append(r.restrictions, out)
	}
}
