package sample

import (
	"fmt"
	"math/rand/v2"
	"sort"

	"github.com/slinga-se/slinga/planner/care"
)

// pattern is a shift as it stands in a schedule.
type pattern struct{ start, end care.Time }

var (
	dayPatterns     = []pattern{{clock(6, 45), clock(15, 15)}, {clock(7, 0), clock(16, 0)}, {clock(7, 0), clock(15, 30)}, {clock(7, 15), clock(16, 15)}}
	eveningPatterns = []pattern{{clock(15, 15), clock(22, 30)}, {clock(14, 30), clock(22, 15)}, {clock(15, 30), clock(22, 30)}}
	nurseDay        = pattern{clock(7, 0), clock(16, 0)}
	nurseEvening    = pattern{clock(14, 0), clock(22, 0)}
	therapistDay    = pattern{clock(8, 0), clock(16, 30)}
	nightPattern    = pattern{clock(21, 30), clock(31, 0)}
)

// work is the estimated work of the carers of one base, in minutes, by the
// part of the day whose peak decides how many are needed.
type work struct {
	morning, noon, evening, bedtime int
	day, late                       int // sums of the day shifts' and the evening shifts' part
}

// Minutes that one carer of a day or an evening shift can spend in each peak,
// and in the whole shift, after the break and the way from and to the base.
// They are set so that about 98 to 100 percent of a day can be served with a
// drive share of 20 to 30 percent.
const (
	morningMinutes  = 290
	noonMinutes     = 215
	eveningMinutes  = 210
	bedtimeMinutes  = 195
	dayMinutes      = 470
	lateMinutes     = 380
	nurseMinutes    = 270
	samplingMinutes = 90 // all samples are taken before nine or ten
	nightMinutes    = 360
)

// drawStaff hires carers for each base by the work around it.
func (f *draft) drawStaff() {
	r := f.random(streamStaff)
	f.byBase = make([][]int, len(f.bases))
	load := f.load()
	for b := range f.bases {
		w := load[b]
		days := max(ratio(w.morning, morningMinutes), ratio(w.noon, noonMinutes), ratio(w.day, dayMinutes), 1)
		lates := max(ratio(w.evening, eveningMinutes), ratio(w.bedtime, bedtimeMinutes), ratio(w.late, lateMinutes))
		for i := 0; i < days; i++ {
			f.hire(r, b, f.trade(r), dayPatterns[i%len(dayPatterns)])
		}
		for i := 0; i < lates; i++ {
			f.hire(r, b, f.trade(r), eveningPatterns[i%len(eveningPatterns)])
		}
		// Carers who are off on the day: fixed contacts, faces in the history.
		for i := 0; i < (days+lates)/4; i++ {
			f.hire(r, b, f.trade(r), pattern{})
		}
	}
	for _, m := range f.area.municipalities {
		f.hireMedical(r, m)
	}
	f.lendVehicles()
}

// ratio divides and rounds up.
func ratio(a, b int) int { return (a + b - 1) / b }

// trade draws a profession: two in three care workers are assistant nurses.
func (f *draft) trade(r *rand.Rand) care.Profession {
	if r.IntN(100) < 66 {
		return care.AssistantNurse
	}
	return care.CareAssistant
}

// hireMedical gives a municipality its nurses and its night staff. The
// largest employer also has the therapists, for all members. They start at the
// base with the most clients.
func (f *draft) hireMedical(r *rand.Rand, m municipality) {
	main := f.mainBase(m.id)
	nurse, training, night := 0, 0, 0
	for _, v := range f.day.Visits {
		c := f.clientOf(v.Client)
		if v.Task == TaskTraining {
			training += int(v.Duration)/minute + f.driveMinutes(c) + handlingMinutes + 25
		}
		if c.home.Municipality != m.id {
			continue
		}
		cost := int(v.Duration)/minute + f.driveMinutes(c) + handlingMinutes
		switch v.Task {
		case TaskSample:
			nurse += cost * nurseMinutes / samplingMinutes
		case TaskWound:
			nurse += cost
		case TaskNight:
			night += cost + 10
		}
	}
	for i := 0; i < max(1, ratio(nurse, nurseMinutes)); i++ {
		f.hire(r, main, care.Nurse, nurseDay)
	}
	if m.clients >= f.largest().clients/2 {
		f.hire(r, main, care.Nurse, nurseEvening)
	}
	if training > 0 && m.id == f.largest().id {
		trade := care.Physiotherapist
		if r.IntN(2) == 0 {
			trade = care.OccupationalTherapist
		}
		for i := 0; i < ratio(training, nurseMinutes); i++ {
			f.hire(r, main, trade, therapistDay)
		}
	}
	for i := 0; i < ratio(night, nightMinutes); i++ {
		f.hire(r, main, care.AssistantNurse, nightPattern)
	}
}

// largest is the municipality with the most clients.
func (f *draft) largest() municipality {
	most := f.area.municipalities[0]
	for _, m := range f.area.municipalities {
		if m.clients > most.clients {
			most = m
		}
	}
	return most
}

// mainBase is the base of a municipality with the most clients around it.
func (f *draft) mainBase(id string) int {
	count := make([]int, len(f.bases))
	for _, c := range f.clients {
		if c.home.Municipality == id {
			count[c.base]++
		}
	}
	best := -1
	for b, x := range f.bases {
		if x.municipality == id && (best < 0 || count[b] > count[best]) {
			best = b
		}
	}
	return best
}

// hire adds a carer and, unless the pattern is empty, a shift.
func (f *draft) hire(r *rand.Rand, base int, trade care.Profession, p pattern) {
	b := f.bases[base]
	c := care.Carer{
		ID: fmt.Sprintf("m%04d", len(f.day.Carers)+1), Profession: trade,
		Municipality: b.municipality, Unit: "hv-" + b.municipality,
	}
	for _, l := range f.area.languages {
		if r.IntN(100) < l.carers {
			c.Languages = append(c.Languages, l.name)
		}
	}
	if trade == care.AssistantNurse || trade == care.CareAssistant {
		c.Delegations = f.delegate(r, c)
	}
	f.byBase[base] = append(f.byBase[base], len(f.day.Carers))
	f.day.Carers = append(f.day.Carers, c)
	if p == (pattern{}) {
		f.off[c.ID] = true
		return
	}
	f.day.Shifts = append(f.day.Shifts, care.Shift{
		ID: fmt.Sprintf("s%04d", len(f.day.Shifts)+1), Carer: c.ID,
		Start: p.start, End: p.end, From: b.id, To: b.id, Mode: care.Car,
	})
}

// delegate draws the delegations of a carer. They are dated and hold for a
// year; some have just begun, some end within weeks.
func (f *draft) delegate(r *rand.Rand, c care.Carer) []care.Delegation {
	chance := map[care.Profession][3]int{care.AssistantNurse: {80, 72, 22}, care.CareAssistant: {45, 30, 0}}[c.Profession]
	var held []care.Delegation
	for i, task := range []string{"medicine", "insulin", "wound-care"} {
		if r.IntN(100) >= chance[i] {
			continue
		}
		const day = 24 * hour
		began := care.Time((1 + r.IntN(350)) * day)
		held = append(held, care.Delegation{Task: task, Unit: c.Unit, From: -began, To: 365*day - began})
	}
	return held
}

// handlingMinutes is about what a winter's day adds to every stop.
const handlingMinutes = 5

// driveMinutes guesses the drive to a client from the one before.
func (f *draft) driveMinutes(c *draftClient) int {
	km := c.far / 1000
	if c.home.Kind == Village && km < 4 {
		return 3
	}
	return min(6+km*9/20, 30)
}

// load adds up the work around each base.
func (f *draft) load() []work {
	all := make([]work, len(f.bases))
	for _, v := range f.day.Visits {
		c := f.clientOf(v.Client)
		w := &all[c.base]
		cost := v.Carers * (int(v.Duration)/minute + handlingMinutes + f.driveMinutes(c))
		late := false
		switch v.Task {
		case TaskMorning, TaskInsulin, TaskMedicine:
			w.morning += cost
		case TaskLunch:
			w.noon += cost
		case TaskEvening:
			w.evening += cost
			late = true
		case TaskBedtime:
			w.bedtime += cost
			late = true
		case TaskNight, TaskSample, TaskTraining:
			continue
		case TaskWound:
			continue
		}
		if late {
			w.late += cost
		} else {
			w.day += cost
		}
	}
	return all
}

// clientOf finds a client by id: c0001 is the first.
func (f *draft) clientOf(id string) *draftClient {
	n := 0
	for _, d := range id[1:] {
		n = 10*n + int(d-'0')
	}
	return &f.clients[n-1]
}

// lendVehicles gives each shift a car of its base. An evening shift takes one
// that a day shift has brought back, so there are fewer cars than carers.
func (f *draft) lendVehicles() {
	type car struct {
		id   string
		back care.Time
	}
	cars := map[string][]car{}
	order := make([]int, len(f.day.Shifts))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return f.day.Shifts[order[i]].Start < f.day.Shifts[order[j]].Start })
	for _, i := range order {
		s := &f.day.Shifts[i]
		found := false
		for k := range cars[s.From] {
			if c := &cars[s.From][k]; c.back <= s.Start {
				s.Vehicle, c.back, found = c.id, s.End, true
				break
			}
		}
		if found {
			continue
		}
		id := fmt.Sprintf("bil%03d", len(f.day.Vehicles)+1)
		f.day.Vehicles = append(f.day.Vehicles, care.Vehicle{ID: id, Base: s.From, Mode: care.Car})
		cars[s.From] = append(cars[s.From], car{id, s.End})
		s.Vehicle = id
	}
}
