package solver

// worklist holds nodes or routes that wait for work, first in, first out, each
// at most once. Those that were taken out may be added again.
type worklist struct {
	items []int32
	taken int // so many items at the front have been taken
	waits []bool
}

// newWorklist returns an empty list for the numbers below n.
func newWorklist(n int) worklist {
	return worklist{items: make([]int32, 0, 2*n+16), waits: make([]bool, n)}
}

func (l *worklist) add(v int32) {
	if l.waits[v] {
		return
	}
	l.waits[v] = true
	if len(l.items) == cap(l.items) { // at most half of it waits
		l.items = l.items[:copy(l.items, l.items[l.taken:])]
		l.taken = 0
	}
	l.items = append(l.items, v)
}

// waiting returns those that have not been taken, in order.
func (l *worklist) waiting() []int32 { return l.items[l.taken:] }

// take removes the first one; the list must not be empty.
func (l *worklist) take() int32 {
	v := l.items[l.taken]
	l.taken++
	l.waits[v] = false
	return v
}

func (l *worklist) clear() {
	for _, v := range l.waiting() {
		l.waits[v] = false
	}
	l.items, l.taken = l.items[:0], 0
}
