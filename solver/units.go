package solver

import (
	"cmp"
	"slices"
)

// edge is one side of a link: start(to) >= start(from) + lag.
type edge struct {
	from, to int32
	lag      int64
	turn     int32 // see turned
}

func (m *model) compileLinks() {
	var edges []edge
	type tie struct {
		a, b   int32
		clause ShiftClause
	}
	var ties []tie
	m.compileApart()
	for _, l := range m.problem.Links {
		for _, first := range m.ways(l.First) {
			for _, second := range m.ways(l.Second) {
				switch {
				case l.Apart && l.Max != Infinity:
					edges = append(edges, edge{first, second, -l.Max, None}, edge{second, first, -l.Max, None})
				case l.Apart:
				default:
					if l.Min != -Infinity {
						edges = append(edges, edge{first, second, l.Min, None})
					}
					if l.Max != Infinity {
						edges = append(edges, edge{second, first, -l.Max, None})
					}
				}
				if l.Shift != AnyShift {
					ties = append(ties, tie{first, second, l.Shift}, tie{second, first, l.Shift})
				}
			}
		}
	}
	for u := range int32(m.tasks) {
		if mode := m.mode(u); mode.OnBoard > 0 {
			for _, pickup := range m.ways(mode.PickupOf) {
				edges = append(edges, edge{u, pickup, -mode.OnBoard, None})
			}
		}
	}
	for i, l := range m.apart {
		for _, first := range m.ways(l.first) {
			for _, second := range m.ways(l.second) {
				edges = append(edges, edge{first, second, l.least, int32(2 * i)}, edge{second, first, l.least, int32(2*i + 1)})
			}
		}
	}
	m.alone = len(edges) == 0 && len(m.problem.Links) == 0 && !m.soft && !m.couples && !m.chained
	slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Compare(a.from, b.from) })
	m.push, m.pushLag = pack(m.tasks, edges, func(e edge) (int32, int32) { return e.from, e.to })
	m.pushTurn = m.turns(edges)
	slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Compare(a.to, b.to) })
	m.pull, m.pullLag = pack(m.tasks, edges, func(e edge) (int32, int32) { return e.to, e.from })
	m.pullTurn = m.turns(edges)

	slices.SortStableFunc(ties, func(a, b tie) int { return cmp.Compare(a.a, b.a) })
	m.clause.first = make([]int32, m.tasks+1)
	for _, t := range ties {
		m.clause.first[t.a+1]++
		m.clause.item = append(m.clause.item, t.b)
		m.clauses = append(m.clauses, t.clause)
	}
	for i := range m.tasks {
		m.clause.first[i+1] += m.clause.first[i]
	}
}

func pack(n int, sorted []edge, ends func(edge) (int32, int32)) (csr, []int64) {
	lists := csr{first: make([]int32, n+1), item: make([]int32, 0, len(sorted))}
	lags := make([]int64, 0, len(sorted))
	for _, e := range sorted {
		key, other := ends(e)
		lists.first[key+1]++
		lists.item = append(lists.item, other)
		lags = append(lags, e.lag)
	}
	for i := range n {
		lists.first[i+1] += lists.first[i]
	}
	return lists, lags
}

// compileUnits finds the tasks that are tied all or nothing, and orders each
// unit so that a task follows one that it is linked to.
func (m *model) compileUnits() {
	partners := make([][]int32, m.tasks)
	for _, l := range m.problem.Links {
		if l.AllOrNothing {
			m.tie(partners, l.First, l.Second)
		}
	}
	for i, pickup := range m.pickup {
		if pickup != None && m.taskOf[i] == int32(i) {
			m.tie(partners, int32(i), pickup)
		}
	}
	m.unitOf = make([]int32, m.tasks)
	for i := range m.unitOf {
		m.unitOf[i] = None
	}
	m.units.first = []int32{0}
	for i := range m.tasks {
		if m.unitOf[i] != None || m.refills(int32(i)) {
			continue
		}
		if task := m.taskOf[i]; int(task) != i {
			m.unitOf[i] = m.unitOf[task]
			continue
		}
		unit := int32(len(m.units.first) - 1)
		from := len(m.units.item)
		m.unitOf[i] = unit
		m.units.item = append(m.units.item, int32(i))
		var missing int64
		for at := from; at < len(m.units.item); at++ {
			task := m.units.item[at]
			missing += m.missing[task]
			for _, other := range partners[task] {
				if m.unitOf[other] == None {
					m.unitOf[other] = unit
					m.units.item = append(m.units.item, other)
				}
			}
		}
		m.units.first = append(m.units.first, int32(len(m.units.item)))
		m.fault = append(m.fault, missing)
	}
}

// compileClusters finds the tasks between which there is a way over links.
func (m *model) compileClusters() {
	root := make([]int32, m.tasks)
	for i := range root {
		root[i] = m.taskOf[i]
	}
	find := func(i int32) int32 {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, l := range m.problem.Links {
		a, b := find(l.First), find(l.Second)
		root[max(a, b)] = min(a, b) // the least task of a cluster is its root
	}
	for i, pickup := range m.pickup {
		if pickup != None {
			a, b := find(int32(i)), find(pickup)
			root[max(a, b)] = min(a, b)
		}
	}
	members := make([][]int32, m.tasks)
	for i := range m.tasks {
		r := find(int32(i))
		members[r] = append(members[r], int32(i))
	}
	m.clusterOf = make([]int32, m.tasks)
	m.clusters.first = []int32{0}
	for _, list := range members {
		if len(list) == 0 {
			continue
		}
		for _, i := range list {
			m.clusterOf[i] = int32(len(m.clusters.first) - 1)
		}
		m.clusters.item = append(m.clusters.item, list...)
		m.clusters.first = append(m.clusters.first, int32(len(m.clusters.item)))
	}
}

// compileLinkedOut finds the units with links to other units.
func (m *model) compileLinkedOut() {
	m.linkedOut = make([]bool, len(m.fault))
	for unit := range m.fault {
		members := m.units.of(int32(unit))
		nodes := 0
		for _, u := range members {
			nodes += len(m.ways(u))
		}
		m.linkedOut[unit] = nodes < len(m.clusters.of(m.clusterOf[members[0]]))
	}
}
