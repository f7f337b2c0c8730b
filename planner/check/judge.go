package check

import "github.com/slinga-se/slinga/planner/care"

// Roster judges a roster against its day, the travel matrices and the rules.
// It accepts any roster, from a search or from a spreadsheet, finished or full
// of holes, and never panics; the day is expected to pass care.Day.Validate.
// Neither argument is changed, nothing is kept, and calls may run at once.
func Roster(d *care.Day, t *care.Travel, r *care.Roster) Report {
	j := newJudge(d, t, r)
	j.header()
	j.routes()
	for i := range j.walks {
		j.walk(&j.walks[i])
	}
	j.visits()
	j.links()
	j.pins()
	j.carers()
	j.vehicles()
	j.reasons()
	j.figures()
	return j.report
}

// judge holds the day in the shape that judging needs. Everything is found
// again from the day's own lists; the Index of package care is not used, so
// that a mistake there is not repeated here.
type judge struct {
	day    *care.Day
	travel *care.Travel
	roster *care.Roster
	report Report

	shiftOf, carerOf, visitOf, clientOf, placeOf map[string]int
	row                                          []int // by place: row in the matrices, or -1
	handling                                     care.Handling
	home                                         []int // by visit: its place, or -1

	walks    []walk
	servings [][]serving     // by visit
	unserved []int           // by visit: how often it is listed as unserved
	hidden   map[string]bool // texts of the roster that no sentence repeats
	notRest  []bool          // by shift: cannot be worked, its rest would be cut short
}

// walk is one route of the roster with what it refers to.
type walk struct {
	route  *care.Route
	shift  int   // of the day, or -1
	carer  int   // the shift's, or -1
	used   bool  // has a visit
	visits []int // known visits in order
	from   int64 // first and last moment, when used
	to     int64
}

// serving is one carer at one visit.
type serving struct {
	walk int
	stop *care.Stop
}

func newJudge(d *care.Day, t *care.Travel, r *care.Roster) *judge {
	if d == nil {
		d = &care.Day{}
	}
	if t == nil {
		t = &care.Travel{}
	}
	if r == nil {
		r = &care.Roster{}
	}
	j := &judge{
		day: d, travel: t, roster: r,
		shiftOf:  positions(len(d.Shifts), func(i int) string { return d.Shifts[i].ID }),
		carerOf:  positions(len(d.Carers), func(i int) string { return d.Carers[i].ID }),
		visitOf:  positions(len(d.Visits), func(i int) string { return d.Visits[i].ID }),
		clientOf: positions(len(d.Clients), func(i int) string { return d.Clients[i].ID }),
		placeOf:  positions(len(d.Places), func(i int) string { return d.Places[i].ID }),
		handling: d.Rules.Handling.Summer,
		report:   Report{Breaches: []Breach{}, Warnings: []Breach{}}, // lists in JSON, also when empty
		servings: make([][]serving, len(d.Visits)),
		unserved: make([]int, len(d.Visits)),
	}
	if d.Condition != nil && d.Condition.Season == care.Winter {
		j.handling = d.Rules.Handling.Winter
	}
	rows := positions(len(t.Places), func(i int) string { return t.Places[i] })
	j.row = make([]int, len(d.Places))
	for i := range d.Places {
		j.row[i] = lookup(rows, d.Places[i].ID)
	}
	j.home = make([]int, len(d.Visits))
	for i := range d.Visits {
		id := d.Visits[i].Place
		if c := lookup(j.clientOf, d.Visits[i].Client); id == "" && c >= 0 {
			id = d.Clients[c].Place
		}
		j.home[i] = lookup(j.placeOf, id)
	}
	j.hide()
	j.restless()
	return j
}

// positions maps ids to where they first stand.
func positions(n int, id func(int) string) map[string]int {
	m := make(map[string]int, n)
	for i := n - 1; i >= 0; i-- {
		m[id(i)] = i
	}
	return m
}

func lookup(m map[string]int, id string) int {
	if i, ok := m[id]; ok {
		return i
	}
	return -1
}

// leg is what the map and the rules ask for between two places.
type leg struct {
	leave, drive, arrive, metres int64
	ok                           bool // there is a way
}

func (l leg) seconds() int64 { return l.leave + l.drive + l.arrive }

// leg looks a way up, as it is for a departure. Within one place only the time
// from one visit to the next is asked for.
func (j *judge) leg(mode care.Mode, from, to int, depart int64) leg {
	if from < 0 || to < 0 {
		return leg{}
	}
	if from == to {
		return leg{arrive: int64(j.handling.SamePlace), ok: true}
	}
	m := j.travel.Matrices[mode]
	a, b := j.row[from], j.row[to]
	if m == nil || a < 0 || b < 0 || a >= m.N || b >= m.N {
		return leg{}
	}
	seconds, metres := m.Seconds, m.Metres
	for i := len(m.Later) - 1; i >= 0; i-- {
		if later := &m.Later[i]; depart >= int64(later.From) {
			seconds, metres = later.Seconds, later.Metres
			break
		}
	}
	if a*m.N+b >= len(seconds) {
		return leg{}
	}
	s := seconds[a*m.N+b]
	if s == care.Unreachable || s < 0 {
		return leg{}
	}
	l := leg{leave: int64(j.handling.Leave), drive: int64(s), arrive: int64(j.handling.Arrive), ok: true}
	if a*m.N+b < len(metres) {
		l.metres = int64(metres[a*m.N+b])
	}
	if own := j.day.Places[from].Leave; own != nil {
		l.leave = int64(*own)
	}
	if own := j.day.Places[to].Arrive; own != nil {
		l.arrive = int64(*own)
	}
	return l
}

// header looks at the roster as a whole.
func (j *judge) header() {
	if j.roster.Version != care.FormatVersion {
		j.breach(Version, where{}, numbers{care.FormatVersion, int64(j.roster.Version)},
			"The roster has format version %d; this program reads version %d.",
			"Dagsplanen har formatversion %d; programmet läser version %d.", j.roster.Version, care.FormatVersion)
	}
	if h := j.roster.Run.DayHash; h != "" && h != j.day.Hash() {
		j.warn(Version, where{}, numbers{}, "The roster was made for another state of this day.",
			"Dagsplanen gjordes för ett annat läge av dagen.")
	}
	if h := j.roster.Run.TravelHash; h != "" && h != j.travel.Hash() {
		j.warn(Version, where{}, numbers{}, "The roster was made with other travel times.",
			"Dagsplanen gjordes med andra restider.")
	}
}

// routes matches routes with shifts and collects who serves what.
func (j *judge) routes() {
	count := make([]int, len(j.day.Shifts))
	j.walks = make([]walk, len(j.roster.Routes))
	for i := range j.roster.Routes {
		route := &j.roster.Routes[i]
		w := walk{route: route, shift: lookup(j.shiftOf, route.Shift), carer: -1}
		at := where{carer: route.Carer, shift: route.Shift}
		if w.shift < 0 {
			j.breach(KnownShift, at, numbers{}, "There is no shift %s in the day, but a route for it.",
				"Det finns inget pass %s i dagen, men en slinga för det.", quoted(route.Shift))
		} else {
			s := &j.day.Shifts[w.shift]
			w.carer = lookup(j.carerOf, s.Carer)
			if count[w.shift]++; count[w.shift] == 2 {
				j.breach(OneRoute, at, numbers{1, 2}, "Shift %s has more than one route.", "Passet %s har mer än en slinga.", s.ID)
			}
			if route.Carer != s.Carer {
				j.breach(RouteCarer, at, numbers{}, "The route of shift %s names carer %s, but the shift is that of %s.",
					"Slingan för passet %s anger medarbetaren %s, men passet är %s.", s.ID, quoted(route.Carer), s.Carer)
			}
		}
		for k := range route.Stops {
			stop := &route.Stops[k]
			if k == 0 || int64(stop.Start) < w.from {
				w.from = int64(stop.Start)
			}
			if k == 0 || int64(stop.End) > w.to {
				w.to = int64(stop.End)
			}
			if stop.Kind != care.StopVisit {
				continue
			}
			w.used = true
			v, ok := j.visitOf[stop.Visit]
			if !ok {
				j.breach(KnownVisit, where{route.Carer, route.Shift, stop.Visit, int64(stop.Start)}, numbers{},
					"There is no visit %s in the day; %s is planned to do it at %s.",
					"Det finns inget besök %s i dagen; %s ska göra det kl. %s.", quoted(stop.Visit), route.Carer, j.clock(int64(stop.Start)))
				continue
			}
			w.visits = append(w.visits, v)
			j.servings[v] = append(j.servings[v], serving{i, stop})
		}
		j.walks[i] = w
	}
	for i, n := range count {
		if n == 0 {
			s := &j.day.Shifts[i]
			j.breach(OneRoute, where{carer: s.Carer, shift: s.ID}, numbers{1, 0}, "Shift %s has no route.", "Passet %s har ingen slinga.", s.ID)
		}
	}
	for _, u := range j.roster.Unserved {
		if v, ok := j.visitOf[u.Visit]; ok {
			j.unserved[v]++
		} else {
			j.breach(KnownVisit, where{visit: u.Visit}, numbers{}, "There is no visit %s in the day, but it is listed as unserved.",
				"Det finns inget besök %s i dagen, men det står bland de ej planerade.", quoted(u.Visit))
		}
	}
}
