package sample

import (
	"fmt"
	"math/rand/v2"

	"github.com/slinga-se/slinga/planner/care"
)

// The tasks of generated visits.
const (
	TaskMorning   = "morning"     // getting up, hygiene, breakfast
	TaskLunch     = "lunch"       //
	TaskAfternoon = "afternoon"   // coffee, a look in
	TaskEvening   = "evening"     // evening meal
	TaskBedtime   = "bedtime"     //
	TaskNight     = "night-check" //
	TaskMedicine  = "medicine"    // delegated
	TaskInsulin   = "insulin"     // delegated, life-critical
	TaskWound     = "wound-care"  // a nurse's, can be delegated
	TaskSample    = "sampling"    // a nurse's
	TaskShower    = "shower"      //
	TaskShopping  = "shopping"    //
	TaskCleaning  = "cleaning"    //
	TaskCompany   = "company"     //
	TaskTraining  = "training"    // a therapist's
	TaskLookIn    = "look-in"     //
)

// minute and hour make times of day.
const (
	minute = 60
	hour   = 3600
)

// clock is a time on the wall clock of the day, in seconds after midnight as
// if every day had 24 hours; elapse makes elapsed time of it in the end.
func clock(h, m int) care.Time { return care.Time(h*hour + m*minute) }

// need is one row of the mix: a task, how long it takes and when it is
// wanted. The wish is drawn between first and last in steps of five minutes;
// the visit starts at most early before it and at most late after it.
type need struct {
	task        string
	shortest    int // minutes at the client
	longest     int
	first, last care.Time // of the wish
	early, late int       // minutes, the hard window around the wish
	soft        int       // minutes, the preferred window on both sides
	priority    care.Priority
	requires    care.Requirement
}

var (
	orDelegated = func(task string) care.Requirement {
		return care.Requirement{Professions: []care.Profession{care.Nurse}, Delegation: task}
	}
	needs = map[string]need{
		TaskMorning:   {TaskMorning, 15, 25, clock(7, 15), clock(10, 0), 45, 60, 25, care.Necessary, care.Requirement{}},
		TaskLunch:     {TaskLunch, 10, 20, clock(11, 15), clock(13, 15), 45, 50, 30, care.Necessary, care.Requirement{}},
		TaskAfternoon: {TaskAfternoon, 10, 15, clock(14, 0), clock(15, 15), 60, 75, 45, care.Important, care.Requirement{}},
		TaskEvening:   {TaskEvening, 10, 20, clock(16, 15), clock(18, 15), 45, 60, 30, care.Necessary, care.Requirement{}},
		TaskBedtime:   {TaskBedtime, 10, 20, clock(19, 15), clock(21, 15), 60, 45, 30, care.Necessary, care.Requirement{}},
		TaskNight:     {TaskNight, 10, 15, clock(24, 0), clock(28, 0), 60, 90, 45, care.Necessary, care.Requirement{}},
		TaskMedicine:  {TaskMedicine, 5, 10, clock(7, 30), clock(9, 30), 45, 75, 30, care.LifeCritical, orDelegated("medicine")},
		TaskInsulin:   {TaskInsulin, 5, 10, clock(7, 15), clock(8, 30), 20, 40, 15, care.LifeCritical, orDelegated("insulin")},
		TaskWound:     {TaskWound, 15, 30, clock(9, 30), clock(14, 0), 120, 120, 90, care.Important, orDelegated("wound-care")},
		TaskSample:    {TaskSample, 10, 15, clock(7, 45), clock(9, 30), 45, 120, 45, care.Important, care.Requirement{Professions: []care.Profession{care.Nurse}}},
		TaskShower:    {TaskShower, 25, 40, clock(9, 45), clock(14, 0), 75, 90, 45, care.Important, care.Requirement{}},
		TaskShopping:  {TaskShopping, 25, 40, clock(10, 0), clock(14, 0), 120, 100, 90, care.Important, care.Requirement{}},
		TaskCleaning:  {TaskCleaning, 35, 50, clock(9, 30), clock(13, 30), 120, 105, 100, care.Comfort, care.Requirement{}},
		TaskCompany:   {TaskCompany, 20, 40, clock(10, 0), clock(14, 0), 120, 90, 80, care.Comfort, care.Requirement{}},
		TaskTraining:  {TaskTraining, 30, 45, clock(9, 30), clock(13, 30), 120, 120, 90, care.Important, care.Requirement{Professions: []care.Profession{care.Physiotherapist, care.OccupationalTherapist}}},
		TaskLookIn:    {TaskLookIn, 5, 15, clock(9, 0), clock(14, 30), 120, 75, 90, care.Important, care.Requirement{}},
	}
)

// The mix of clients, in percent: how many visits a day they have. Every
// client of the area has at least one visit on the day.
const (
	oneVisit    = 34
	twoVisits   = 31
	threeVisits = 20
	fourVisits  = 11
	// the rest has five and two carers in the morning and at bedtime
)

// drawNeeds gives each client its visits of the day.
func (f *draft) drawNeeds() {
	r := f.random(streamNeeds)
	// The percentages are kept exactly: one place on the scale of a hundred
	// for each client, dealt out in any order.
	level := make([]int, len(f.clients))
	for i := range level {
		level[i] = 100 * i / len(level)
	}
	r.Shuffle(len(level), func(i, j int) { level[i], level[j] = level[j], level[i] })
	for i := range f.clients {
		f.drawClient(r, i, level[i])
	}
}

// drawClient draws one client's day.
func (f *draft) drawClient(r *rand.Rand, i, level int) {
	c := &f.clients[i]
	w := &wishes{f: f, r: r, client: i}
	if c.odd {
		// Who lives out of the way has arranged life for one visit a day.
		w.add(TaskLookIn, 1)
		return
	}
	switch {
	case level < oneVisit:
		w.add(pick(r, odds[string]{TaskLookIn, 22}, odds[string]{TaskCleaning, 18}, odds[string]{TaskMedicine, 16}, odds[string]{TaskShower, 14},
			odds[string]{TaskMorning, 12}, odds[string]{TaskShopping, 8}, odds[string]{TaskWound, 6}, odds[string]{TaskCompany, 4}), 1)
	case level < oneVisit+twoVisits:
		w.add(pick(r, odds[string]{TaskMorning, 70}, odds[string]{TaskMedicine, 30}), 1)
		w.add(pick(r, odds[string]{TaskLunch, 42}, odds[string]{TaskAfternoon, 26}, odds[string]{TaskEvening, 17}, odds[string]{TaskBedtime, 15}), 1)
	case level < oneVisit+twoVisits+threeVisits:
		w.add(TaskMorning, 1)
		w.add(TaskLunch, 1)
		w.add(pick(r, odds[string]{TaskEvening, 42}, odds[string]{TaskBedtime, 58}), 1)
	case level < oneVisit+twoVisits+threeVisits+fourVisits:
		carers := 1
		if r.IntN(100) < 22 {
			carers = 2
		}
		w.add(TaskMorning, carers)
		w.add(TaskLunch, 1)
		w.add(TaskEvening, 1)
		w.add(TaskBedtime, carers)
	default:
		w.add(TaskMorning, 2)
		w.add(TaskLunch, pick(r, odds[int]{1, 60}, odds[int]{2, 40}))
		w.add(TaskAfternoon, 1)
		w.add(TaskEvening, 1)
		w.add(TaskBedtime, 2)
		if r.IntN(100) < 35 {
			w.add(TaskNight, 1)
		}
	}
	if level >= oneVisit {
		w.addExtras()
	}
}

// wishes collects the visits of one client.
type wishes struct {
	f      *draft
	r      *rand.Rand
	client int
	count  int
}

// addExtras draws what comes on top of daily help: insulin before breakfast,
// care of a wound, a shower, a sample, training, the week's cleaning.
func (w *wishes) addExtras() {
	r := w.r
	if r.IntN(100) < 11 {
		first := len(w.f.day.Visits) - w.count // the client's first visit is the morning
		w.add(TaskInsulin, 1)
		if w.f.day.Visits[first].Task == TaskMorning {
			w.mealAfter(len(w.f.day.Visits)-1, first)
		}
	}
	if r.IntN(100) < 6 {
		w.add(TaskWound, 1)
	}
	if r.IntN(100) < 8 {
		w.add(TaskShower, 1)
	}
	if r.IntN(100) < 2 {
		w.add(TaskSample, 1)
	}
	// The therapists work in one municipality a day: today in the largest.
	here := w.f.clients[w.client].home.Municipality
	if r.IntN(100) < 4 && here == w.f.largest().id {
		w.add(TaskTraining, 1)
	}
	if r.IntN(100) < 4 {
		w.add(TaskCleaning, 1)
	}
	if r.IntN(100) < 12 {
		w.add(TaskLookIn, 1)
	}
}

// mealAfter puts insulin before the breakfast of the morning visit: the
// breakfast begins when the insulin is given, at most 45 minutes later.
func (w *wishes) mealAfter(insulin, morning int) {
	day := w.f.day
	given, breakfast := &day.Visits[insulin], &day.Visits[morning]
	wish := breakfast.Preferred.From + (breakfast.Preferred.To-breakfast.Preferred.From)/2 - 20*minute
	given.Windows = []care.Window{{From: max(clock(6, 50), wish-30*minute), To: wish + 45*minute}}
	given.Preferred = &care.Window{From: max(clock(6, 50), wish-15*minute), To: wish + 15*minute}
	day.Links = append(day.Links, care.Link{First: given.ID, Second: breakfast.ID, Min: given.Duration, Max: 45 * minute})
}

// add draws one visit of a task.
func (w *wishes) add(task string, carers int) {
	n := needs[task]
	r := w.r
	client := w.f.day.Clients[w.client]
	w.count++
	const grain = 5 * minute
	wish := n.first + care.Time(r.IntN(int(n.last-n.first)/grain+1)*grain)
	v := care.Visit{
		ID: fmt.Sprintf("b%s.%d", client.ID[1:], w.count), Client: client.ID, Task: task,
		Duration:  care.Seconds((n.shortest + 5*r.IntN((n.longest-n.shortest)/5+1)) * minute),
		Windows:   []care.Window{{From: wish - care.Time(n.early*minute), To: wish + care.Time(n.late*minute)}},
		Preferred: &care.Window{From: wish - care.Time(n.soft*minute), To: wish + care.Time(n.soft*minute)},
		Requires:  n.requires, Carers: carers, Priority: n.priority,
	}
	if carers == 2 {
		// A lift takes its time.
		v.Duration += 5 * minute
	}
	switch {
	case n.priority == care.Comfort && r.IntN(100) < 30:
		v.Optional = true
	case task == TaskMedicine && r.IntN(100) < 50:
		v.Priority = care.Necessary
	}
	w.f.day.Visits = append(w.f.day.Visits, v)
}

// odds is a value and its chance in percent.
type odds[T any] struct {
	value   T
	percent int
}

// pick draws one of some values; what is missing to 100 goes to the last.
func pick[T any](r *rand.Rand, options ...odds[T]) T {
	n := r.IntN(100)
	for _, o := range options {
		if n -= o.percent; n < 0 {
			return o.value
		}
	}
	return options[len(options)-1].value
}
