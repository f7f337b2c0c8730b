package solver

// A unit that stays out for long gets dearer for the test of acceptance, bit
// by bit up to a share of its fault: then the search leaves out another one in
// its place, even where that costs travel, and that one may be easier to put
// in somewhere else (the absence counters of Christiaens and Vanden Berghe
// 2020, as a price). It is a few units that this is about; with many out there
// is easier work to do.
const (
	mostAbsent  = 24
	absentShare = 8   // of the fault: the highest extra price
	absentSteps = 100 // so many iterations out cost as much as a task that is done
)

// absence is by how much the extra prices on what is left out differ between
// the candidate and the last state.
func (w *search) absence() int64 {
	if len(w.state.out) > mostAbsent || len(w.last.out) > mostAbsent {
		return 0
	}
	var sum int64
	for _, unit := range w.state.out {
		sum += w.absent[unit]
	}
	for _, unit := range w.last.out {
		sum -= w.absent[unit]
	}
	return sum
}

// countAbsence raises the prices of what the accepted state leaves out.
func (w *search) countAbsence() {
	if len(w.last.out) > mostAbsent {
		return
	}
	for _, unit := range w.last.out {
		if w.mine == nil || w.mine[unit] {
			w.absent[unit] = min(w.absent[unit]+w.absentStep, w.model.fault[unit]/absentShare)
		}
	}
}

// amid tells whether the nearest neighbours of a task that are done stand
// mostly in routes that this worker may change.
func (w *search) amid(u int32) bool {
	const look = 8
	seen, active := 0, 0
	for _, v := range w.model.near.of(u) {
		if r := w.state.nodes[v].route; r != None {
			seen++
			if w.active[r] {
				active++
			}
			if seen == look {
				break
			}
		}
	}
	return 2*active >= seen
}
