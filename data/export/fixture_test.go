package export_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
	_ "time/tzdata" // tests tell the time without the machine's zone files

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/data/export"
	"github.com/slinga-se/slinga/planner/care"
)

// area is a made-up piece of country: a tree of roads with homes at the ends
// of side roads. A tree has exactly one way between two points, so legs and
// matrices need no search.
type area struct {
	points []orb.Point
	parent []int // towards the root; -1 at the root
	class  []export.RoadClass
	depth  []float64 // metres to the root
	homes  []int
	bases  []int
}

const metresPerDegree = 111_195

func metresBetween(a, b orb.Point) float64 {
	y := (a.Lat() - b.Lat()) * metresPerDegree
	x := (a.Lon() - b.Lon()) * metresPerDegree * math.Cos(a.Lat()*math.Pi/180)
	return math.Hypot(x, y)
}

// drawArea grows a coast road, valleys that leave it and side roads to homes.
func drawArea(rng *rand.Rand, homes, sideRoads int) *area {
	a := &area{}
	root := a.add(orb.Point{23.15, 65.85}, -1, export.MainRoad)
	a.bases = append(a.bases, root)
	var trunk []int
	grow := func(from int, east, north, step float64, count int, class export.RoadClass) {
		bend := 0.0
		for range count {
			bend = bend*0.7 + (rng.Float64()-0.5)*0.9
			p := a.points[from]
			from = a.add(orb.Point{
				p.Lon() + step*(east*math.Cos(bend)-north*math.Sin(bend))*2.3,
				p.Lat() + step*(north*math.Cos(bend)+east*math.Sin(bend)),
			}, from, class)
			trunk = append(trunk, from)
		}
	}
	grow(root, 1, 0.05, 0.004, 90, export.MainRoad)
	a.bases = append(a.bases, trunk[len(trunk)-1])
	coast := len(trunk)
	grow(root, -1, -0.2, 0.004, 45, export.MainRoad)
	grow(root, 0.1, 1, 0.005, 110, export.MainRoad)
	a.bases = append(a.bases, trunk[len(trunk)-25])
	grow(trunk[coast/2], 0.25, 1, 0.005, 90, export.MiddleRoad)
	grow(trunk[coast-1], 0, 1, 0.005, 120, export.MiddleRoad)
	a.bases = append(a.bases, trunk[len(trunk)-30])
	for range sideRoads {
		from := trunk[rng.IntN(len(trunk))]
		east, north := rng.Float64()-0.5, rng.Float64()-0.5
		class := []export.RoadClass{export.SmallRoad, export.SmallRoad, export.Track}[rng.IntN(3)]
		n := 2 + rng.IntN(6)
		for k := range n {
			p := a.points[from]
			from = a.add(orb.Point{
				p.Lon() + east*0.02 + (rng.Float64()-0.5)*0.004,
				p.Lat() + north*0.009 + (rng.Float64()-0.5)*0.002,
			}, from, class)
			if k == n-1 && len(a.homes) < homes {
				a.homes = append(a.homes, from)
			}
		}
	}
	return a
}

func (a *area) add(p orb.Point, parent int, class export.RoadClass) int {
	a.points, a.parent, a.class = append(a.points, p), append(a.parent, parent), append(a.class, class)
	depth := 0.0
	if parent >= 0 {
		depth = a.depth[parent] + metresBetween(p, a.points[parent])
	}
	a.depth = append(a.depth, depth)
	return len(a.points) - 1
}

// way is the one way from u to v, driven at 70 km/h.
func (a *area) way(u, v int) export.Leg {
	var up, down []int
	for u != v {
		if a.depth[u] >= a.depth[v] {
			up, u = append(up, u), a.parent[u]
		} else {
			down, v = append(down, v), a.parent[v]
		}
	}
	up = append(up, u)
	for i := len(down) - 1; i >= 0; i-- {
		up = append(up, down[i])
	}
	leg := export.Leg{Line: make(orb.LineString, len(up)), Seconds: make([]int32, len(up))}
	metres := 0.0
	for i, at := range up {
		leg.Line[i] = a.points[at]
		if i > 0 {
			metres += metresBetween(leg.Line[i-1], leg.Line[i])
		}
		leg.Seconds[i] = int32(math.Ceil(metres / 19.4))
	}
	return leg
}

// drawing is the area as a report draws it, one line a piece of road.
func (a *area) drawing() *export.Map {
	m := &export.Map{Attribution: "Made-up roads <for tests>"}
	for _, class := range []export.RoadClass{export.Track, export.SmallRoad, export.MiddleRoad, export.MainRoad} {
		roads := export.Roads{Class: class}
		for v, parent := range a.parent {
			if parent >= 0 && a.class[v] == class {
				roads.Lines = append(roads.Lines, orb.LineString{a.points[parent], a.points[v]})
			}
		}
		m.Roads = append(m.Roads, roads)
	}
	root := a.points[a.bases[0]]
	m.Roads = append(m.Roads, export.Roads{Class: export.Ferry, Lines: []orb.LineString{
		{{root.Lon() + 0.1, root.Lat() - 0.05}, {root.Lon() + 0.2, root.Lat() - 0.09}},
	}})
	for i, town := range []string{"2514", "2583"} {
		west := 22.4 + float64(i)*1.1
		m.Borders = append(m.Borders, export.Border{Municipality: town, Area: orb.MultiPolygon{{{
			{west, 65.6}, {west + 1.1, 65.6}, {west + 1.1, 66.6}, {west, 66.6}, {west, 65.6},
		}}}})
	}
	return m
}

// sample is a day that was planned by hand, as it were: pairs of carers go
// from home to home, and now and then both meet at one.
type sample struct {
	area   *area
	day    *care.Day
	roster *care.Roster
	legs   map[string][]export.Leg
	nodes  map[string]int // of the area by place id
	rng    *rand.Rand
}

// size says how big a sample is.
type size struct{ carers, clients, visitsEach, sideRoads int }

var small = size{carers: 8, clients: 40, visitsEach: 8, sideRoads: 120}

// hostile is an id that tries to leave every place that it is written to.
const hostile = `</script><b>"'&åäö`

func newSample(s size) *sample {
	rng := rand.New(rand.NewPCG(7, 1))
	w := &sample{area: drawArea(rng, s.clients, s.sideRoads), rng: rng, legs: map[string][]export.Leg{}, nodes: map[string]int{}}
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err)
	}
	w.day = &care.Day{
		Version: care.FormatVersion, Name: "Östra Norrbotten", Note: "modellerat vägnät, påhittad dag",
		Origin: time.Date(2026, 1, 14, 0, 0, 0, 0, zone), TimeZone: "Europe/Stockholm",
		Rules:          care.DefaultRules(),
		Municipalities: []care.Municipality{{ID: "2514", Name: "Kalix"}, {ID: "2583", Name: "Haparanda"}},
	}
	w.roster = &care.Roster{
		Version: care.FormatVersion,
		Run: care.Run{
			Software: "test", Seed: 42, Iterations: 20000, Options: "iterations=20000 workers=2",
			DayHash:    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
			TravelHash: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
		},
	}
	w.people(s)
	for c := 0; c+1 < s.carers; c += 2 {
		w.pair(c, s)
	}
	w.leftOut()
	w.roster.Figures = care.Summarise(w.day, w.roster)
	w.roster.Figures.Terms = []care.TermCost{{Name: "unserved", Cost: 120_000}, {Name: "travel", Cost: 61_020}, {Name: "house-rule", Cost: 300}}
	w.roster.Figures.Cost = 181_320
	return w
}

func (w *sample) place(id string, node int, town string) {
	p := w.area.points[node]
	w.nodes[id] = node
	w.day.Places = append(w.day.Places, care.Place{ID: id, Lat: p.Lat(), Lon: p.Lon(), Municipality: town})
}

func (w *sample) people(s size) {
	town := func(i int) string { return []string{"2514", "2583"}[i%2] }
	for i, node := range w.area.bases {
		id := []string{"Näsbyn", "Haparanda", "Morjärv", "Karungi"}[i]
		w.place(id, node, town(i))
		w.day.Bases = append(w.day.Bases, care.Base{ID: id, Place: id, Municipality: town(i)})
	}
	for i := range s.clients {
		id := fmt.Sprintf("B%03d", i+1)
		if i == 3 {
			id = hostile
		}
		w.place(id, w.area.homes[i%len(w.area.homes)], town(i))
		w.day.Clients = append(w.day.Clients, care.Client{ID: id, Place: id, Municipality: town(i)})
	}
	for i := range s.carers {
		id := fmt.Sprintf("M%02d", i+1)
		if i == 2 {
			id = `=2+3`
		}
		w.day.Carers = append(w.day.Carers, care.Carer{ID: id, Profession: care.AssistantNurse, Municipality: town(i)})
		base := w.day.Bases[i/2%len(w.day.Bases)].Place
		start := care.Time([]int{7 * 3600, 7 * 3600, 14 * 3600, 15 * 3600}[i%4])
		shift := care.Shift{
			ID: fmt.Sprintf("P%02d", i+1), Carer: id, From: base, To: base, Mode: care.Car,
			Start: start, End: start + 8*3600 + 1800, Vehicle: fmt.Sprintf("Bil %d", i+1),
		}
		if i%5 == 4 {
			shift.Vehicle = ""
		}
		w.day.Shifts = append(w.day.Shifts, shift)
	}
	off := w.day.Carers[0]
	off.ID = "MX"
	w.day.Carers = append(w.day.Carers, off)
	w.day.Shifts = append(w.day.Shifts, care.Shift{ID: "PX", Carer: "MX", From: "Näsbyn", To: "Näsbyn", Mode: care.Foot, Start: 8 * 3600, End: 12 * 3600})
}

var tasks = []string{"insulin", "shower", "breakfast", "cleaning", "wound-care", "medicine", "egen insats"}

// pair plans two carers side by side; every fourth visit of theirs is the
// same one.
func (w *sample) pair(c int, s size) {
	var routes [2]*care.Route
	for k := range routes {
		shift := &w.day.Shifts[c+k]
		start := care.Stop{Kind: care.StopStart, Place: shift.From, Depart: shift.Start, Arrive: shift.Start, Start: shift.Start, End: shift.Start}
		routes[k] = &care.Route{Shift: shift.ID, Carer: shift.Carer, Stops: []care.Stop{start}}
		w.legs[shift.ID] = []export.Leg{{}}
	}
	first := (c / 2) * 11
	for n := range s.visitsEach {
		double := n%4 == 2
		var shared *care.Visit
		for k, route := range routes {
			if n == s.visitsEach/2 {
				w.rest(route, n+k)
			}
			if double && k == 1 {
				w.visit(route, shared)
				continue
			}
			client := &w.day.Clients[(first+2*n+k)%s.clients]
			v := care.Visit{
				ID: fmt.Sprintf("V%04d", len(w.day.Visits)+1), Client: client.ID, Task: tasks[w.rng.IntN(len(tasks))],
				Duration: care.Seconds(600 + 300*w.rng.IntN(8)), Carers: 1, Priority: care.Priority(1 + w.rng.IntN(4)),
			}
			if double {
				v.Carers = 2
			}
			w.day.Visits = append(w.day.Visits, v)
			shared = &w.day.Visits[len(w.day.Visits)-1]
			w.visit(route, shared)
		}
		if double {
			w.meet(routes)
		}
	}
	for k, route := range routes {
		w.travel(route, care.Stop{Kind: care.StopEnd, Place: w.day.Shifts[c+k].To})
		last := &route.Stops[len(route.Stops)-1]
		last.Start, last.End = last.Arrive, last.Arrive
		w.day.Shifts[c+k].End = max(w.day.Shifts[c+k].End, last.End+600)
		w.roster.Routes = append(w.roster.Routes, *route)
	}
}

// travel appends a stop with the way to it.
func (w *sample) travel(route *care.Route, stop care.Stop) {
	last := route.Stops[len(route.Stops)-1]
	stop.Depart = last.End
	leg := export.Leg{}
	if last.Place == stop.Place {
		stop.Handling = 60
	} else {
		leg = w.area.way(w.nodes[last.Place], w.nodes[stop.Place])
		stop.Leave, stop.Handling = 180, 150
		stop.Drive = care.Seconds(leg.Seconds[len(leg.Seconds)-1])
		stop.Metres = care.Metres(float64(stop.Drive) * 19.4)
	}
	stop.Arrive = stop.Depart + care.Time(stop.Leave+stop.Drive+stop.Handling)
	route.Stops = append(route.Stops, stop)
	w.legs[route.Shift] = append(w.legs[route.Shift], leg)
}

func (w *sample) visit(route *care.Route, v *care.Visit) {
	w.travel(route, care.Stop{Kind: care.StopVisit, Visit: v.ID, Place: v.Client})
	stop := &route.Stops[len(route.Stops)-1]
	stop.Wait = care.Seconds([]int{0, 0, 420, 0, 1500}[w.rng.IntN(5)])
	stop.Start = stop.Arrive + care.Time(stop.Wait)
	stop.End = stop.Start + care.Time(v.Duration)
	v.Windows = []care.Window{{From: stop.Start - 1800, To: stop.Start + 1800}}
}

// meet makes the later of two carers' starts the start of both.
func (w *sample) meet(routes [2]*care.Route) {
	a, b := &routes[0].Stops[len(routes[0].Stops)-1], &routes[1].Stops[len(routes[1].Stops)-1]
	start := max(a.Start, b.Start)
	for _, s := range []*care.Stop{a, b} {
		length := s.End - s.Start
		s.Start, s.End = start, start+length
		s.Wait = care.Seconds(start - s.Arrive)
	}
}

// rest appends a break where the carer is.
func (w *sample) rest(route *care.Route, turn int) {
	last := route.Stops[len(route.Stops)-1]
	stop := care.Stop{Kind: care.StopBreak, Place: last.Place, Depart: last.End, Arrive: last.End, Wait: care.Seconds(60 * (turn % 3))}
	stop.Start = stop.Arrive + care.Time(stop.Wait)
	stop.End = stop.Start + 1800
	route.Stops = append(route.Stops, stop)
	w.legs[route.Shift] = append(w.legs[route.Shift], export.Leg{})
}

// leftOut adds an unserved visit for every reason there is, and a shift that
// is not used.
func (w *sample) leftOut() {
	reasons := []care.Unserved{
		{Reason: care.ReasonUnreachable, Finding: care.RoadIsland},
		{Reason: care.ReasonCompetence, Shifts: 1},
		{Reason: care.ReasonWindow, Shifts: 3},
		{Reason: care.ReasonPin, Shifts: 2},
		{Reason: care.ReasonFull, Shifts: 7},
		{Reason: care.ReasonCost, Shifts: 4},
	}
	for i, u := range reasons {
		u.Visit = fmt.Sprintf("U%02d", i+1)
		if i == 1 {
			u.Visit = hostile
		}
		w.day.Visits = append(w.day.Visits, care.Visit{
			ID: u.Visit, Client: w.day.Clients[5+i].ID, Task: tasks[i], Duration: 1800, Carers: 1,
			Windows: []care.Window{{From: 8 * 3600, To: 9 * 3600}}, Priority: care.Priority(1 + i%4), Optional: i == 5,
		})
		w.roster.Unserved = append(w.roster.Unserved, u)
	}
	w.roster.Routes = append(w.roster.Routes, care.Route{Shift: "PX", Carer: "MX"})
}

// report is the sample with everything that a report can hold except names.
func (w *sample) report() export.Report {
	m := w.area.drawing()
	m.Legs = w.legs
	return export.Report{
		Day: w.day, Roster: w.roster, Map: m, Source: "made-up roads, 70 km/h",
		Findings: []care.PlaceFinding{
			{Place: w.day.Clients[5].Place, Mode: care.Car, Kind: care.RoadIsland},
			{Place: hostile, Mode: care.Car, Kind: care.FarFromRoad, Metres: 1640},
			{Place: w.day.Clients[7].Place, Kind: care.NearBorder, Metres: 212},
		},
	}
}

// names gives everybody a name that can be searched for.
func (w *sample) names() *export.Names {
	n := &export.Names{Clients: map[string]export.ClientName{}, Carers: map[string]export.CarerName{}}
	for i, c := range w.day.Clients {
		n.Clients[c.ID] = export.ClientName{
			Name: fmt.Sprintf("Plantnamn Åsa%03d", i), Address: fmt.Sprintf("Plantgatan %03d", i),
			DoorCode: fmt.Sprintf("PK%04d", i), KeyNumber: fmt.Sprintf("NYC%04d", i),
		}
	}
	for i, c := range w.day.Carers {
		n.Carers[c.ID] = export.CarerName{Name: fmt.Sprintf("Plantmedarbetare Örjan%02d", i)}
	}
	return n
}
