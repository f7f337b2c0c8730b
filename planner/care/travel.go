package care

import "slices"

// Unreachable marks a pair of places without a way between them.
const Unreachable Seconds = 1<<31 - 1

// Travel holds what the planner needs to know of the road: one matrix per
// mode over the same places. It can come from planner/travel and a map, or
// from any other source.
type Travel struct {
	Places   []string         `json:"places"` // ids; row and column order of every matrix
	Matrices map[Mode]*Matrix `json:"matrices"`
	// Findings lists places that are far from a road, on a road island or not
	// reachable both ways; shown as reasons and warnings.
	Findings []PlaceFinding `json:"findings,omitempty"`
	Source   string         `json:"source,omitempty"` // map name and hash, or the caller's own words
}

// Matrix is square and row-major: the pair (from, to) is at from*N+to. The
// diagonal is zero. Values are travel without handling.
type Matrix struct {
	N       int       `json:"n"`
	Seconds []Seconds `json:"seconds"` // Unreachable where there is no way
	Metres  []Metres  `json:"metres"`  // 0 where there is no way
	// Later holds what is different for legs that depart later in the day, by
	// From, ascending; empty: the same all day. What holds again later may
	// stand there again, with the same slices.
	Later []LaterTravel `json:"later,omitempty"`
}

// LaterTravel is the travel of legs that depart at From or later, up to the
// next one's From. Departing is Stop.Depart: before the car is cleared. A leg
// takes what its departure says to its end, and it may wait for a later
// departure: so who leaves later never arrives earlier, whatever stands here.
type LaterTravel struct {
	From    Time      `json:"from"`
	Seconds []Seconds `json:"seconds"`
	Metres  []Metres  `json:"metres"`
}

// Alike reports whether another part of the day has the same travel.
func (l *LaterTravel) Alike(other LaterTravel) bool {
	return alike(l.Seconds, other.Seconds) && alike(l.Metres, other.Metres)
}

// alike need not look into slices that are one.
func alike[T comparable](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || slices.Equal(a, b))
}

// Way returns the drive between two rows for a departure.
func (m *Matrix) Way(from, to int, depart Time) (Seconds, Metres) {
	seconds, metres := m.Seconds, m.Metres
	for i := range m.Later {
		if l := &m.Later[i]; l.From <= depart {
			seconds, metres = l.Seconds, l.Metres
		}
	}
	return seconds[from*m.N+to], metres[from*m.N+to]
}

// FindingKind says what is wrong with a place's position on the map.
type FindingKind string

// The kinds of findings.
const (
	FarFromRoad FindingKind = "far-from-road" // nearest road beyond the snap limit
	RoadIsland  FindingKind = "road-island"   // on roads that do not meet the bases' roads
	OneWayOnly  FindingKind = "one-way-only"  // can be reached but not left, or the other way round
	CutOff      FindingKind = "cut-off"       // closed roads or a stopped ferry lie between it and the bases
	NearBorder  FindingKind = "near-border"   // within 500 m of a municipal border: state the municipality
	Moved       FindingKind = "moved"         // snapped further than 100 m
	// OutsideStated: the place states a municipality in which it plainly does
	// not lie.
	OutsideStated FindingKind = "outside-stated"
)

// PlaceFinding is one remark on one place.
type PlaceFinding struct {
	Place  string      `json:"place"`
	Mode   Mode        `json:"mode,omitempty"`
	Kind   FindingKind `json:"kind"`
	Metres Metres      `json:"metres,omitempty"` // distance to the road or border
	// By says, of a place that is cut off, which closures to lift so that it is
	// not: ids, with " or " between those of which one is enough, and " and "
	// between those that are needed together. Empty: lifting does not help.
	By string `json:"by,omitempty"`
}
