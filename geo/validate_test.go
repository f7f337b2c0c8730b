package geo

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/slinga-se/slinga/geo/osm"
)

// A file may be whole, with all its checksums right, and yet describe no
// graph. Each case spoils one thing in a sound region; the rest stays.
func TestInconsistentRegionsAreRefused(t *testing.T) {
	t.Parallel()
	car := func(spoil func(t *topology)) func(r *Region) {
		return func(r *Region) { spoil(&r.topologies[0]) }
	}
	for name, c := range map[string]struct {
		spoil func(r *Region)
		says  string
	}{
		"a node beyond the pole":      {func(r *Region) { r.nodes[1].Lat = halfTurn }, "not on Earth"},
		"a segment of another way":    {func(r *Region) { r.segWay[1]++ }, "does not know its way"},
		"a way to nowhere":            {func(r *Region) { r.refs[1] = int32(len(r.nodes)) }, "node out of range"},
		"ways that overlap":           {func(r *Region) { r.ways[1].First-- }, "does not follow"},
		"a way with a negative start": {func(r *Region) { r.ways[0].First = -1 }, "does not follow"},
		"ways out of order":           {func(r *Region) { r.ways[0].ID = 1 << 40 }, "out of order"},
		"a ferry of sixty years":      {func(r *Region) { r.ways[0].Duration = 1 << 30 }, "impossible duration"},
		"a name that is not there":    {func(r *Region) { r.ways[0].Name = 1 << 20 }, "text out of range"},
		"a text before its beginning": {func(r *Region) { r.textFirst[1] = 1 << 20 }, "before it begins"},
		"a restriction to no way":     {func(r *Region) { r.restrictions[0].To = -5 }, "restriction 0"},
		"a segment in two chains":     {car(func(t *topology) { t.chainSegs[0] = t.chainSegs[1] }), "another chain"},
		"the last node as a segment":  {car(func(t *topology) { t.chainSegs[0] = 2*int32(t.refs) - 1 }), "not there"},
		"a negative segment":          {car(func(t *topology) { t.chainSegs[0] = -2 }), "not there"},
		"a chain turned round":        {car(func(t *topology) { t.chainSegs[0] ^= 1 }), "car: "},
		"chains that overlap":         {car(func(t *topology) { t.chainFirst[1] = t.chainFirst[2] }), "chain"},
		"a box that is too small":     {car(func(t *topology) { t.tree.boxes[0].MaxLon-- }), "box of the tree"},
		"a box that is too large":     {car(func(t *topology) { t.tree.boxes[0].MinLat-- }), "box of the tree"},
		"too few boxes":               {car(func(t *topology) { t.tree.boxes = t.tree.boxes[:0] }), "tree does not match"},
		"nodes of the graph in disarray": {car(func(t *topology) {
			t.nodeOf[0], t.nodeOf[len(t.nodeOf)-1] = t.nodeOf[len(t.nodeOf)-1], t.nodeOf[0]
		}), "out of order"},
		"a chain that ends nowhere":      {car(func(t *topology) { t.nodeOf[0] = t.nodeOf[len(t.nodeOf)-1] }), "car: "},
		"a chain's head elsewhere":       {car(func(t *topology) { t.chainHead[0] = int32(t.nodes() - 1 - int(t.chainHead[0])) }), "ends out of place"},
		"an arc's head elsewhere":        {car(func(t *topology) { t.arcHead[0] = int32(t.nodes() - 1 - int(t.arcHead[0])) }), "arc leads out of place"},
		"an arc's tail elsewhere":        {car(func(t *topology) { t.arcTail[0] = 3 }), "arc leads out of place"},
		"an arc of another chain":        {car(func(t *topology) { t.arcChain[0] = t.arcChain[len(t.arcChain)-1] }), "arc leads out of place"},
		"an arc of no chain":             {car(func(t *topology) { t.arcChain[0] = -1 }), "arc leads out of place"},
		"a walker on the car's topology": {car(func(t *topology) { t.arcModes[0] |= uint8(osm.ModeFoot) }), "arc leads out of place"},
		"arcs that end before they begin": {car(func(t *topology) {
			t.arcFirst[1], t.arcFirst[2] = t.arcFirst[2], t.arcFirst[1]
		}), "arc"},
		"a turn of no arc":        {car(func(t *topology) { t.arcBans, t.bans = []arcBan{{int32(len(t.arcHead)), 0}}, []ban{{0, -1}} }), "closed at times"},
		"a turn of no ban":        {car(func(t *topology) { t.arcBans, t.bans = []arcBan{{0, 1}}, []ban{{0, -1}} }), "closed at times"},
		"turns out of order":      {car(func(t *topology) { t.arcBans, t.bans = []arcBan{{1, 0}, {1, 0}}, []ban{{0, -1}} }), "closed at times"},
		"a ban of nothing":        {car(func(t *topology) { t.bans = []ban{{-1, -1}} }), "closes arcs"},
		"bans in a circle":        {car(func(t *topology) { t.bans = []ban{{0, 0}} }), "closes arcs"},
		"a ban without an end":    {car(func(t *topology) { t.bans = []ban{{0, -1}, {0, -2}} }), "closes arcs"},
		"two nodes of one rank":   {car(func(t *topology) { t.rank[0] = t.rank[1] }), "permutation"},
		"a shortcut to elsewhere": {car(func(t *topology) { t.upHead[0] = int32(t.nodes()) }), "car: "},
		"a section too short":     {car(func(t *topology) { t.chainHead = t.chainHead[1:] }), "do not match"},
	} {
		r, err := Load(smallRegion(t).encode())
		if err != nil {
			t.Fatal(err)
		}
		c.spoil(r)
		_, err = Load(r.encode())
		if !errors.Is(err, ErrRegionDamaged) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is worked out when the first metric is made, is made once, whoever
// comes first.
func TestFirstMetricsTogether(t *testing.T) {
	t.Parallel()
	r, err := Load(smallRegion(t).encode())
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	seconds := make([][]int32, 8)
	for i := range seconds {
		group.Go(func() {
			m, err := r.Metric(t.Context(), osm.CarProfile())
			if err != nil {
				t.Error(err)
				return
			}
			snaps, err := m.Snap(randomPoints(draw(t, "a b", "ab").net, 6, 3), SnapOptions{Limit: 1e6})
			if err != nil {
				t.Error(err)
				return
			}
			table, err := m.Table(context.Background(), snaps, snaps, 2)
			if err != nil {
				t.Error(err)
			}
			seconds[i] = table.Seconds
		})
	}
	group.Wait()
	for i := range seconds {
		if !slices.Equal(seconds[i], seconds[0]) {
			t.Errorf("%v and %v", seconds[i], seconds[0])
		}
	}
}

// WriteTo gives the bytes that Save writes, and says how many.
func TestWriteTo(t *testing.T) {
	t.Parallel()
	r := smallRegion(t)
	var b bytes.Buffer
	n, err := r.WriteTo(&b)
	if err != nil || n != int64(b.Len()) || !bytes.Equal(b.Bytes(), r.encode()) {
		t.Errorf("%d bytes of %d, %v", n, b.Len(), err)
	}
	again, err := ReadRegion(&b, n)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := r.Info(), again.Info(); a.Hash != b.Hash || a.Bytes != b.Bytes {
		t.Errorf("the built region is %s with %d bytes, the one that was read %s with %d", a.Hash, a.Bytes, b.Hash, b.Bytes)
	}
	full := errors.New("full")
	if n, err := r.WriteTo(&limited{room: 100, err: full}); !errors.Is(err, full) || n != 100 {
		t.Errorf("into 100 bytes: %d, %v", n, err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.WriteTo(&b); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// limited is a writer that becomes full.
type limited struct {
	room int
	err  error
}

func (w *limited) Write(b []byte) (int, error) {
	n := min(len(b), w.room)
	w.room -= n
	if n < len(b) {
		return n, w.err
	}
	return n, nil
}
