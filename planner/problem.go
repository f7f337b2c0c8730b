package planner

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/solver"
)

// translation is one day seen as a vehicle-routing problem, with the way back.
type translation struct {
	day     *care.Day
	travel  *care.Travel
	index   *care.Index
	rows    []int                      // by place of the day: row in the travel matrices
	known   map[string]map[string]bool // client -> carers in its history
	modes   []care.Mode                // by solver profile
	problem solver.Problem
	visitOf []int         // by task: the visit
	tasksOf [][2]int32    // by visit: its tasks; the second is solver.None for a single carer
	pinned  []*care.Time  // by visit: the start that it is pinned to, or nil
	ways    [][]way       // by visit: at least one
	seats   [][2]int      // by link of the day: the carers of the two visits that are to be one person
	double  int           // links of the problem that tie the tasks of double visits; they come first
	took    time.Duration // to translate the day
}

func newTranslation(day *care.Day, travel *care.Travel) (*translation, error) {
	if err := travel.Validate(day); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTravel, err)
	}
	begun := time.Now()
	t := &translation{day: day, travel: travel, index: care.NewIndex(day)}
	t.matchPlaces()
	t.readHistory()
	t.addProfiles()
	t.addShifts()
	t.addTasks()
	t.addPins()
	t.addWays()
	t.firstSeats()
	t.addLinks()
	t.problem.Terms = solver.DefaultTerms()
	t.took = time.Since(begun)
	return t, nil
}

// matchPlaces finds the matrix row of every place.
func (t *translation) matchPlaces() {
	row := make(map[string]int, len(t.travel.Places))
	for i, id := range t.travel.Places {
		row[id] = i
	}
	t.rows = make([]int, len(t.day.Places))
	for i := range t.day.Places {
		t.rows[i] = row[t.day.Places[i].ID]
	}
}

func (t *translation) readHistory() {
	t.known = make(map[string]map[string]bool)
	for _, past := range t.day.History {
		if t.known[past.Client] == nil {
			t.known[past.Client] = make(map[string]bool)
		}
		t.known[past.Client][past.Carer] = true
	}
}

// addProfiles makes one solver profile per mode that a shift uses, with a
// period for each part of the day in which travel differs. Travel
// time between two places is leaving, driving and arriving; within one place
// it is the handling between two visits.
func (t *translation) addProfiles() {
	for i := range t.day.Shifts {
		mode := t.day.Shifts[i].Mode
		if t.profile(mode) >= 0 {
			continue
		}
		m := t.travel.Matrices[mode]
		profile := solver.Profile{Periods: []solver.Period{t.period(m, &care.LaterTravel{From: math.MinInt32, Seconds: m.Seconds, Metres: m.Metres})}}
		for k := range m.Later {
			later := &m.Later[k]
			// What comes again, as it does every hour and every day, is kept once.
			var period solver.Period
			switch earlier := slices.IndexFunc(m.Later[:k], later.Alike); {
			case later.Alike(care.LaterTravel{Seconds: m.Seconds, Metres: m.Metres}):
				period = profile.Periods[0]
			case earlier >= 0:
				period = profile.Periods[earlier+1]
			default:
				period = t.period(m, later)
			}
			period.From = int64(later.From)
			profile.Periods = append(profile.Periods, period)
		}
		t.modes = append(t.modes, mode)
		t.problem.Profiles = append(t.problem.Profiles, profile)
	}
}

// period is travel for departures from a time on.
func (t *translation) period(m *care.Matrix, from *care.LaterTravel) solver.Period {
	n := len(t.day.Places)
	period := solver.Period{From: int64(from.From), N: n, Time: make([]int32, n*n), Distance: make([]int32, n*n)}
	for a := range n {
		leave := t.index.Leave(a)
		for b := range n {
			at := t.rows[a]*m.N + t.rows[b]
			seconds, metres := from.Seconds[at], from.Metres[at]
			switch {
			case a == b:
				period.Time[a*n+b] = int32(t.index.Handling.SamePlace)
			case seconds == care.Unreachable:
				period.Time[a*n+b] = solver.NoWay
			default:
				period.Time[a*n+b] = int32(leave + seconds + t.index.Arrive(b))
				period.Distance[a*n+b] = int32(metres)
			}
		}
	}
	return period
}

// profile returns the solver profile of a mode, or -1.
func (t *translation) profile(mode care.Mode) int {
	for i, m := range t.modes {
		if m == mode {
			return i
		}
	}
	return -1
}

func (t *translation) addShifts() {
	w := &t.day.Rules.Weights
	for i := range t.day.Shifts {
		s := &t.day.Shifts[i]
		shift := solver.Shift{
			Profile: int32(t.profile(s.Mode)),
			From:    int32(t.index.Place[s.From]), To: int32(t.index.Place[s.To]),
			Start: int64(s.Start), End: int64(s.End),
			Fixed:        w.ShiftUsed * costScale,
			TimeCost:     w.Drive * costScale,
			DistanceCost: w.Metre * perKilometre,
			WaitCost:     w.Wait * perMinute,
			LeaveLate:    true,
			Person:       int32(t.index.ShiftCarer(i)) + 1,
		}
		for _, b := range t.index.BreaksOf(i) {
			shift.Breaks = append(shift.Breaks, solver.Break{
				Window: solver.Window{From: int64(b.Window.From), To: int64(b.Window.To)},
				Length: int64(b.Length), Location: solver.None, Paid: b.Paid,
			})
		}
		t.problem.Shifts = append(t.problem.Shifts, shift)
	}
}

// addTasks makes one task per carer that a visit asks for; the two of a
// double-staffed visit start together, on different shifts, or not at all.
func (t *translation) addTasks() {
	w := &t.day.Rules.Weights
	t.tasksOf = make([][2]int32, len(t.day.Visits))
	for i := range t.day.Visits {
		v := &t.day.Visits[i]
		mode := solver.Mode{
			Location: int32(t.index.VisitPlace(i)), Service: int64(v.Duration), PickupOf: solver.None,
			ShiftCost: make([]int64, len(t.day.Shifts)),
		}
		if v.Preferred != nil {
			each := w.OutsideWindow * perMinute
			mode.Preferred = solver.Preferred{
				Window: solver.Window{From: int64(v.Preferred.From), To: int64(v.Preferred.To)},
				Early:  each, Late: each,
			}
		}
		for s := range t.day.Shifts {
			mode.ShiftCost[s] = t.assignment(i, s).sum() * costScale
		}
		t.tasksOf[i] = [2]int32{solver.None, solver.None}
		for k := range v.Carers {
			t.tasksOf[i][k] = int32(len(t.problem.Tasks))
			t.visitOf = append(t.visitOf, i)
			t.problem.Tasks = append(t.problem.Tasks, solver.Task{
				Modes: []solver.Mode{mode}, UnservedCost: t.unservedWeight(i) * costScale,
				Pin: solver.FreePin(), Group: solver.None,
			})
		}
		if v.Carers == 2 {
			t.problem.Links = append(t.problem.Links, solver.Link{
				First: t.tasksOf[i][0], Second: t.tasksOf[i][1],
				Shift: solver.DifferentShift, AllOrNothing: true,
			})
		}
	}
	t.double = len(t.problem.Links)
}

// addPins locks tasks. The pins of a double-staffed visit name its two shifts
// in turn.
func (t *translation) addPins() {
	t.pinned = make([]*care.Time, len(t.day.Visits))
	count := make(map[int]int)
	for i := range t.day.Pins {
		p := &t.day.Pins[i]
		visit := t.index.Visit[p.Visit]
		task := t.tasksOf[visit][min(count[visit], t.day.Visits[visit].Carers-1)]
		count[visit]++
		pin := &t.problem.Tasks[task].Pin
		if p.Shift != "" {
			pin.Shift = int32(t.index.Shift[p.Shift])
		}
		if p.Start != nil {
			pin.Start = int64(*p.Start)
			t.pinned[visit] = p.Start
		}
	}
}

// addWays finds the ways of every visit and chooses one of them.
func (t *translation) addWays() {
	t.ways = make([][]way, len(t.day.Visits))
	for visit := range t.day.Visits {
		t.ways[visit] = t.waysWithin(visit, t.windows(visit))
		t.choose(visit, t.ways[visit][0])
	}
}
