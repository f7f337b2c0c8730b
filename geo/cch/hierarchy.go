package cch

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
)

// Hierarchy is the part of a contraction hierarchy that knows no weights: a
// graph with shortcuts, by rank. It is immutable and safe for use from many
// goroutines.
//
// An arc of the hierarchy joins a node to one of higher rank and stands for
// both directions. The arcs of v are First[v] to First[v+1], their upper ends
// Head, ascending. Whenever two arcs leave v, there is one between their upper
// ends (the graph is chordal); so the upper ends of v, without the lowest, are
// among the upper ends of the lowest, its parent in the elimination tree.
type Hierarchy struct {
	Rank  []int32 // by node
	First []int32 // by rank, one more than nodes
	Head  []int32 // by arc, a rank

	graph *Graph
	once  sync.Once // for what follows from the arcs:

	tail      []int32 // by arc
	downFirst []int32 // the arcs to v from below are downArcs[downFirst[v]:downFirst[v+1]]
	downArcs  []int32 // ascending
	inFirst   []int32 // the arcs of the graph between v and higher ranks are inArcs[inFirst[v]:inFirst[v+1]]
	inArcs    []int32
	inSlot    []int32 // parallel to inArcs: arc of the hierarchy <<1, plus 1 when it leads down
	slotOf    []int32 // by arc of the graph: its inSlot
	subtrees  []span  // of the elimination tree, for threads
	top       []int32 // ranks in no subtree, ascending
	isTop     []bool
}

// span is a run of ranks.
type span struct{ low, high int32 } // from low up to, not including, high

// ErrDense marks a graph that is no road graph: no small sets of nodes separate
// its parts, and a hierarchy would have more arcs than it is of use with.
var ErrDense = errors.New("cch: not a graph of roads")

// mostArcs is how many arcs a hierarchy of so many nodes may have. Road maps
// have three to four a node; a square grid, which no town is, has 25 with 90 000
// nodes and 32 with a million. A graph of a thousand nodes may be anything.
func mostArcs(nodes int) int { return int(min(64*int64(nodes)+1<<20, math.MaxInt32)) }

// Contract builds the hierarchy of a graph under an order (the node of each
// rank), as Order returns it. A graph that is no road graph is refused
// (ErrDense) before it takes much memory.
func Contract(ctx context.Context, g *Graph, order []int32) (*Hierarchy, error) {
	if err := g.validate(); err != nil {
		return nil, err
	}
	if len(order) != g.Nodes {
		return nil, fmt.Errorf("%w: an order of %d for %d nodes", ErrGraph, len(order), g.Nodes)
	}
	rank := make([]int32, g.Nodes)
	for v := range rank {
		rank[v] = -1
	}
	for r, v := range order {
		if uint(v) >= uint(g.Nodes) || rank[v] >= 0 {
			return nil, fmt.Errorf("%w: the order names a node twice or one that is not there", ErrGraph)
		}
		rank[v] = int32(r)
	}
	s := g.skeleton(rank)
	h := &Hierarchy{graph: g, Rank: rank, First: make([]int32, 1, g.Nodes+1)}
	// A node hands its upper ends to its parent, which merges what it gets.
	child, sibling := make([]int32, g.Nodes), make([]int32, g.Nodes)
	for v := range child {
		child[v], sibling[v] = -1, -1
	}
	met := make([]int32, g.Nodes)
	for v := range met {
		met[v] = -1
	}
	most, looked := mostArcs(g.Nodes), 0
	for v := range int32(g.Nodes) {
		if len(h.Head)+int(v)-looked >= betweenLooks {
			if looked = len(h.Head) + int(v); ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
		begin := len(h.Head)
		met[v] = v
		take := func(list []int32) {
			for _, w := range list {
				if w > v && met[w] != v {
					met[w] = v
					h.Head = append(h.Head, w)
				}
			}
		}
		take(s.at(v))
		for c := child[v]; c >= 0; c = sibling[c] {
			take(h.Head[h.First[c]:h.First[c+1]])
		}
		if len(h.Head) > most {
			return nil, fmt.Errorf("%w: more than %d arcs for %d nodes", ErrDense, most, g.Nodes)
		}
		slices.Sort(h.Head[begin:])
		if len(h.Head) > begin {
			parent := h.Head[begin]
			sibling[v], child[parent] = child[parent], v
		}
		h.First = append(h.First, int32(len(h.Head)))
	}
	h.Head = slices.Clip(h.Head)
	return h, nil
}

// betweenLooks is how many arcs and nodes are dealt with, some hundredths of a
// second, between two looks at whether to go on.
const betweenLooks = 1 << 18

// Restore makes a hierarchy of its three slices, as they were stored, and
// checks all that its use relies on: that it is chordal and has an arc for
// each of the graph's. The slices and the graph are kept. run does tasks, several
// at once if it likes, and returns the error of the first that has one; nil
// does them one after another.
func Restore(g *Graph, rank, first, head []int32, run func(tasks []func() error) error) (*Hierarchy, error) {
	if err := g.validate(); err != nil {
		return nil, err
	}
	n := g.Nodes
	if len(rank) != n || len(first) != n+1 || first[0] != 0 || int(first[n]) != len(head) {
		return nil, fmt.Errorf("%w: the hierarchy is of another graph", ErrGraph)
	}
	if len(head) > mostArcs(n) {
		return nil, fmt.Errorf("%w: a hierarchy of %d arcs for %d nodes", ErrGraph, len(head), n)
	}
	met := make([]bool, n)
	for _, r := range rank {
		if uint(r) >= uint(n) || met[r] {
			return nil, fmt.Errorf("%w: ranks are not a permutation", ErrGraph)
		}
		met[r] = true
	}
	for v := range n {
		if first[v] > first[v+1] {
			return nil, fmt.Errorf("%w: arcs end before they begin", ErrGraph)
		}
	}
	for v := range int32(n) {
		last := v
		for _, w := range head[first[v]:first[v+1]] {
			if w <= last || int(w) >= n {
				return nil, fmt.Errorf("%w: an arc of the hierarchy leads out of place", ErrGraph)
			}
			last = w
		}
	}
	h := &Hierarchy{graph: g, Rank: rank, First: first, Head: head}
	// Every index is within bounds now; what is left can be read side by side.
	var tasks []func() error
	inParts := func(n int, check func(from, to int) error) {
		for k := range verifyParts {
			tasks = append(tasks, func() error { return check(n*k/verifyParts, n*(k+1)/verifyParts) })
		}
	}
	inParts(n, h.chordal)
	inParts(len(g.Tail), h.complete)
	if run == nil {
		run = inTurn
	}
	if err := run(tasks); err != nil {
		return nil, err
	}
	return h, nil
}

// verifyParts is how many tasks each check of Restore is cut into.
const verifyParts = 4

func inTurn(tasks []func() error) error {
	for _, task := range tasks {
		if err := task(); err != nil {
			return err
		}
	}
	return nil
}

// chordal checks, for some ranks, that the upper ends but the lowest are among
// the upper ends of the lowest.
func (h *Hierarchy) chordal(from, to int) error {
	for v := from; v < to; v++ {
		up := h.Head[h.First[v]:h.First[v+1]]
		if len(up) < 2 {
			continue
		}
		of := h.Head[h.First[up[0]]:h.First[up[0]+1]]
		i := 0
		for _, w := range up[1:] {
			for i < len(of) && of[i] < w {
				i++
			}
			if i == len(of) || of[i] != w {
				return fmt.Errorf("%w: a shortcut is missing", ErrGraph)
			}
		}
	}
	return nil
}

// complete checks that some arcs of the graph have one of the hierarchy. It
// looks up the ends of many first: the memory is asked for them together.
func (h *Hierarchy) complete(from, to int) error {
	var lows, highs [256]int32
	for base := from; base < to; base += len(lows) {
		n := min(len(lows), to-base)
		for i := range n {
			lows[i], highs[i] = h.ends(int32(base + i))
		}
		for i, low := range lows[:n] {
			if low != highs[i] && h.arc(low, highs[i]) < 0 {
				return fmt.Errorf("%w: the hierarchy lacks an arc of the graph", ErrGraph)
			}
		}
	}
	return nil
}

// ends are the ranks of an arc of the graph.
func (h *Hierarchy) ends(a int32) (low, high int32) {
	t, w := h.Rank[h.graph.Tail[a]], h.Rank[h.graph.Head[a]]
	return min(t, w), max(t, w)
}

// nodes is the number of ranks.
func (h *Hierarchy) nodes() int { return len(h.First) - 1 }

// Arcs is the number of arcs, shortcuts and others.
func (h *Hierarchy) Arcs() int { return len(h.Head) }

// arc is the arc between two ranks, v lower than w; -1 if there is none. Nearly
// all nodes have few arcs, which are gone through faster than halved.
func (h *Hierarchy) arc(v, w int32) int32 {
	low, end := h.First[v], h.First[v+1]
	for end-low > 8 {
		if mid := low + (end-low)/2; h.Head[mid] <= w {
			low = mid
		} else {
			end = mid
		}
	}
	for i, head := range h.Head[low:end] {
		if head == w {
			return low + int32(i)
		}
	}
	return -1
}

// prepare fills what follows from the arcs, once.
func (h *Hierarchy) prepare() {
	var wait sync.WaitGroup
	wait.Go(h.lookDown)
	wait.Go(h.divide)
	h.lookIn()
	wait.Wait()
}

// lookDown lists the arcs from below.
func (h *Hierarchy) lookDown() {
	h.tail = make([]int32, len(h.Head))
	for v := range int32(h.nodes()) {
		for a := h.First[v]; a < h.First[v+1]; a++ {
			h.tail[a] = v
		}
	}
	h.downFirst, h.downArcs = group(h.nodes(), len(h.Head), func(a int32) int32 { return h.Head[a] })
}

// lookIn lists the arcs of the graph, and the arc of the hierarchy that each
// belongs to.
func (h *Hierarchy) lookIn() {
	g := h.graph
	h.inFirst, h.inArcs = group(h.nodes(), len(g.Tail), func(a int32) int32 {
		low, _ := h.ends(a)
		return low
	})
	h.inSlot, h.slotOf = make([]int32, len(h.inArcs)), make([]int32, len(h.inArcs))
	var wait sync.WaitGroup
	const parts = 4
	for k := range parts {
		wait.Go(func() {
			for i := len(h.inArcs) * k / parts; i < len(h.inArcs)*(k+1)/parts; i++ {
				a := h.inArcs[i]
				slot := int32(-1)
				if low, high := h.ends(a); low != high { // a loop is in no shortest path
					if slot = h.arc(low, high) << 1; h.Rank[g.Tail[a]] == high {
						slot |= 1
					}
				}
				h.inSlot[i], h.slotOf[a] = slot, slot
			}
		})
	}
	wait.Wait()
}

// group lists the items by key, ascending within each: a counting sort.
func group(keys, items int, key func(i int32) int32) (first, list []int32) {
	first = make([]int32, keys+1)
	for i := range int32(items) {
		first[key(i)+1]++
	}
	for k := range keys {
		first[k+1] += first[k]
	}
	list = make([]int32, items)
	next := slices.Clone(first)
	for i := range int32(items) {
		k := key(i)
		list[next[k]] = i
		next[k]++
	}
	return first, list
}

// subtreeShare is how many subtrees would share the work evenly: enough that
// no thread waits long for the last.
const subtreeShare = 32

// divide cuts the elimination tree into subtrees of about equal work and the
// ranks above them. In an order that is not a postorder a subtree is no run of
// ranks; then all ranks are above.
func (h *Hierarchy) divide() {
	n := h.nodes()
	work := make([]int64, n) // of the subtree, in pairs of arcs
	size := make([]int32, n)
	lowest := make([]int32, n)
	total := int64(0)
	for v := range n {
		degree := int64(h.First[v+1] - h.First[v])
		work[v] += degree*degree + 1
		total += degree*degree + 1
		size[v]++
		if size[v] == 1 {
			lowest[v] = int32(v)
		}
		if degree > 0 {
			p := h.Head[h.First[v]]
			work[p] += work[v]
			if size[p] == 0 {
				lowest[p] = lowest[v]
			}
			lowest[p] = min(lowest[p], lowest[v])
			size[p] += size[v]
		}
	}
	h.isTop = make([]bool, n)
	for v := n - 1; v >= 0; {
		if run := int(lowest[v]); work[v] <= total/subtreeShare && run == v-int(size[v])+1 {
			h.subtrees = append(h.subtrees, span{int32(run), int32(v) + 1})
			v = run - 1
			continue
		}
		h.isTop[v] = true
		h.top = append(h.top, int32(v))
		v--
	}
	slices.Reverse(h.top)
	slices.Reverse(h.subtrees)
}
