package planner

import (
	"fmt"

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
	allowed []solver.Bits // by visit: shifts whose carer may do it
}

func newTranslation(day *care.Day, travel *care.Travel) (*translation, error) {
	if travel == nil {
		return nil, fmt.Errorf("%w: there is none", ErrTravel)
	}
	t := &translation{day: day, travel: travel, index: care.NewIndex(day)}
	if err := t.matchPlaces(); err != nil {
		return nil, err
	}
	t.readHistory()
	if err := t.addProfiles(); err != nil {
		return nil, err
	}
	t.addShifts()
	t.addTasks()
	t.addLinks()
	t.addPins()
	t.problem.Terms = solver.DefaultTerms()
	return t, nil
}

// matchPlaces finds the matrix row of every place.
func (t *translation) matchPlaces() error {
	row := make(map[string]int, len(t.travel.Places))
	for i, id := range t.travel.Places {
		if _, twice := row[id]; twice {
			return fmt.Errorf("%w: place %q stands twice among the matrix rows", ErrTravel, id)
		}
		row[id] = i
	}
	t.rows = make([]int, len(t.day.Places))
	for i := range t.day.Places {
		r, ok := row[t.day.Places[i].ID]
		if !ok {
			return fmt.Errorf("%w: place %q of the day has no row; make the matrices from this day's places", ErrTravel, t.day.Places[i].ID)
		}
		t.rows[i] = r
	}
	return nil
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

// addProfiles makes one solver profile per mode that a shift uses. Travel
// time between two places is leaving, driving and arriving; within one place
// it is the handling between two visits.
func (t *translation) addProfiles() error {
	n := len(t.day.Places)
	same := int32(t.index.Handling.SamePlace)
	for i := range t.day.Shifts {
		mode := t.day.Shifts[i].Mode
		if t.profile(mode) >= 0 {
			continue
		}
		m := t.travel.Matrices[mode]
		if m == nil {
			return fmt.Errorf("%w: no matrix for mode %q, which shifts[%d] uses", ErrTravel, mode, i)
		}
		if m.N != len(t.travel.Places) || len(m.Seconds) != m.N*m.N || len(m.Metres) != m.N*m.N {
			return fmt.Errorf("%w: the %q matrix is not square over %d places", ErrTravel, mode, len(t.travel.Places))
		}
		period := solver.Period{N: n, Time: make([]int32, n*n), Distance: make([]int32, n*n)}
		for a := range n {
			leave := t.index.Leave(a)
			for b := range n {
				at := t.rows[a]*m.N + t.rows[b]
				switch {
				case a == b:
					period.Time[a*n+b] = same
				case m.Seconds[at] == care.Unreachable:
					period.Time[a*n+b] = solver.NoWay
				case m.Seconds[at] < 0 || m.Metres[at] < 0:
					return fmt.Errorf("%w: negative travel from %q to %q", ErrTravel, t.day.Places[a].ID, t.day.Places[b].ID)
				default:
					period.Time[a*n+b] = int32(leave + m.Seconds[at] + t.index.Arrive(b))
					period.Distance[a*n+b] = int32(m.Metres[at])
				}
			}
		}
		t.modes = append(t.modes, mode)
		t.problem.Profiles = append(t.problem.Profiles, solver.Profile{Periods: []solver.Period{period}})
	}
	return nil
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
	t.allowed = make([]solver.Bits, len(t.day.Visits))
	for i := range t.day.Visits {
		v := &t.day.Visits[i]
		mode := solver.Mode{
			Location: int32(t.index.VisitPlace(i)), Service: int64(v.Duration), PickupOf: solver.None,
			ShiftCost: make([]int64, len(t.day.Shifts)),
		}
		for _, window := range v.Windows {
			mode.Windows = append(mode.Windows, solver.Window{From: int64(window.From), To: int64(window.To)})
		}
		if v.Preferred != nil {
			each := w.OutsideWindow * perMinute
			mode.Preferred = solver.Preferred{
				Window: solver.Window{From: int64(v.Preferred.From), To: int64(v.Preferred.To)},
				Early:  each, Late: each,
			}
		}
		allowed := make(solver.Bits, (len(t.day.Shifts)+63)/64)
		for s := range t.day.Shifts {
			if t.eligible(i, s) {
				allowed = allowed.With(s)
				mode.ShiftCost[s] = t.assignment(i, s).sum() * costScale
			}
		}
		t.allowed[i] = allowed
		mode.Allowed = allowed
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
}

// addLinks ties the first tasks of linked visits; those of a double-staffed
// visit follow, because they start together. Different carers are asked for
// between all tasks of the two.
func (t *translation) addLinks() {
	for _, l := range t.day.Links {
		first, second := t.index.Visit[l.First], t.index.Visit[l.Second]
		if l.Carer == care.DifferentCarer {
			t.oneShiftEach(first, second)
		}
		for i, a := range t.tasksOf[first] {
			for j, b := range t.tasksOf[second] {
				switch {
				case a == solver.None || b == solver.None:
				case i == 0 && j == 0:
					link := solver.Link{First: a, Second: b, Min: int64(l.Min), Max: int64(l.Max), AllOrNothing: l.Together}
					switch l.Carer {
					case care.SameCarer:
						link.Shift = solver.SameShift
					case care.DifferentCarer:
						link.Shift = solver.DifferentShift
					}
					t.problem.Links = append(t.problem.Links, link)
				case l.Carer == care.DifferentCarer:
					t.problem.Links = append(t.problem.Links, solver.Link{
						First: a, Second: b, Min: -solver.Infinity, Max: solver.Infinity, Shift: solver.DifferentShift,
					})
				}
			}
		}
	}
}

// oneShiftEach leaves every carer with several shifts only one of them for
// two visits that want different carers: for the search, which knows shifts
// and not people, different shifts are then different carers.
func (t *translation) oneShiftEach(first, second int) {
	kept := make(map[string]int)
	for s := range t.day.Shifts {
		carer := t.day.Shifts[s].Carer
		if _, ok := kept[carer]; !ok && t.allowed[first].Has(s) {
			kept[carer] = s
		}
	}
	for s := range t.day.Shifts {
		if k, ok := kept[t.day.Shifts[s].Carer]; ok && k != s {
			for _, visit := range []int{first, second} {
				// The tasks' modes share these words.
				t.allowed[visit][s/64] &^= 1 << (s % 64)
			}
		}
	}
}

// addPins locks tasks. The pins of a double-staffed visit name its two shifts
// in turn.
func (t *translation) addPins() {
	pinned := make(map[int]int)
	for _, p := range t.day.Pins {
		visit := t.index.Visit[p.Visit]
		task := t.tasksOf[visit][min(pinned[visit], t.day.Visits[visit].Carers-1)]
		pinned[visit]++
		pin := &t.problem.Tasks[task].Pin
		if p.Shift != "" {
			pin.Shift = int32(t.index.Shift[p.Shift])
		}
		if p.Start != nil {
			pin.Start = int64(*p.Start)
		}
	}
}
