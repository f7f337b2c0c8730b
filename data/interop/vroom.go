package interop

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/slinga-se/slinga/planner/care"
)

// VROOMDate is the date of a problem whose times are relative: a Monday.
const VROOMDate = "2024-01-01"

// VROOMOptions says what a VROOM problem leaves open.
type VROOMOptions struct {
	// Date (YYYY-MM-DD) is the day that relative times count from; empty:
	// VROOMDate. Times that are seconds since 1970 bring their own.
	Date string
	// TimeZone is an IANA name; empty: UTC.
	TimeZone string
}

// absolute is the smallest time that is taken for seconds since 1970 (in
// 2001) rather than seconds since the start of the day.
const absolute = 1_000_000_000

// ReadVROOM reads a problem in VROOM's JSON form (as of VROOM 1.14). Jobs
// become visits of one client each, vehicles become carers with one shift,
// skills stay skills. A field of its own name says why something is refused or
// lost. Errors are Errors; Losses are in the result.
//
// VROOM's priority (0 to 100) becomes a class: 75 and more life-critical, 50
// necessary, 25 important, less comfort.
func ReadVROOM(from io.Reader, o VROOMOptions) (*Imported, error) {
	top, err := readObject(from)
	if err != nil {
		return nil, err
	}
	v := &vroom{reading: top.r, matrices: map[care.Mode]*care.Matrix{}, places: map[string]int{}}
	zone, err := time.LoadLocation(cmp.Or(o.TimeZone, "UTC"))
	if err != nil {
		return nil, Errors{{Message: "the time zone is not known", Hint: "write an IANA name", Kind: ErrInput}}
	}
	date, err := time.Parse(time.DateOnly, cmp.Or(o.Date, VROOMDate))
	if err != nil {
		return nil, Errors{{Message: "the date is not one", Hint: "write YYYY-MM-DD", Kind: ErrInput}}
	}
	v.day = &care.Day{
		Version: care.FormatVersion, Name: "VROOM", TimeZone: zone.String(), Rules: foreignRules(),
		Municipalities: []care.Municipality{{ID: foreignMunicipality, Name: foreignMunicipality}},
	}
	top.refuse("shipments", "shipments (a pickup with its delivery) cannot be carried", "only jobs can")
	top.drop("options", "was not read: options belong to the solver")
	v.readMatrices(top)
	jobs, vehicles := top.objects("jobs"), top.objects("vehicles")
	top.close()
	for _, j := range jobs {
		v.jobs = append(v.jobs, v.readJob(j))
	}
	for _, c := range vehicles {
		v.vehicles = append(v.vehicles, v.readVehicle(c))
	}
	if len(v.vehicles) == 0 {
		v.bad("vehicles", "there is none", "a plan needs one or more")
	}
	v.loads()
	if len(v.errs) > 0 {
		return nil, v.errs
	}
	v.setOrigin(date, zone)
	v.build()
	if len(v.errs) > 0 {
		return nil, v.errs
	}
	out := &Imported{Day: v.day, Travel: v.travel(), Losses: v.losses}
	if err := check(out.Day, out.Travel); err != nil {
		return nil, err
	}
	return out, nil
}

// vroom is a problem while it is read. Times stay as they are in the file
// until all have been seen, for that tells what they count from.
type vroom struct {
	*reading
	day      *care.Day
	n        int // size of the matrices; 0 without
	matrices map[care.Mode]*care.Matrix
	places   map[string]int // place id -> index
	located  map[int]bool   // matrix rows whose position is known
	jobs     []vroomJob
	vehicles []vroomVehicle
}

type vroomJob struct {
	path     string
	id       string
	place    string
	length   care.Seconds
	skills   []string
	priority care.Priority
	windows  [][2]int64
	load     []int64
}

type vroomVehicle struct {
	path       string
	id         string
	from, to   string
	mode       care.Mode
	skills     []string
	start, end int64
	bounded    bool
	breaks     []vroomBreak
	capacity   []int64
	limited    bool
	fixed      int64
}

type vroomBreak struct {
	path   string
	window [2]int64
	any    bool
	length care.Seconds
}

// modeOf translates the name of a profile.
func modeOf(profile string) (care.Mode, bool) {
	switch profile {
	case "", "car", "driving", "driving-car", "auto":
		return care.Car, true
	case "bike", "bicycle", "cycling", "cycling-regular":
		return care.Bicycle, true
	case "foot", "walking", "pedestrian", "foot-walking":
		return care.Foot, true
	}
	return "", false
}

func (v *vroom) readMatrices(top *object) {
	if n, values, ok := top.matrix("matrix"); ok { // the form before VROOM 1.9
		v.setMatrix("matrix", care.Car, n, values, nil)
	}
	list, ok := top.object("matrices")
	if !ok {
		return
	}
	profiles := make([]string, 0, len(list.fields))
	for p := range list.fields {
		profiles = append(profiles, p)
	}
	slices.Sort(profiles)
	for _, p := range profiles {
		mode, known := modeOf(p)
		if !known {
			list.take(p)
			v.refuse("matrices", "a profile is neither car, bike nor foot", "name the profiles so")
			continue
		}
		m, ok := list.object(p)
		if !ok {
			continue
		}
		n, durations, ok := m.matrix("durations")
		if !ok {
			if len(v.errs) == 0 {
				v.bad(m.at("durations"), "is missing", "give travel times in seconds")
			}
			continue
		}
		nd, distances, given := m.matrix("distances")
		if given && nd != n {
			v.bad(m.at("distances"), fmt.Sprintf("has %d rows, durations has %d", nd, n), "give matrices of one size")
			continue
		}
		if !given {
			v.lose(m.at("distances"), "is missing: all distances are 0 metres")
		}
		m.drop("costs", "was not read: driving is priced by its seconds")
		m.close()
		v.setMatrix(m.path, mode, n, durations, distances)
	}
}

func (v *vroom) setMatrix(path string, mode care.Mode, n int, durations, distances []int64) {
	switch {
	case v.matrices[mode] != nil:
		v.bad(path, "is a second matrix for the same way to travel", "keep one")
		return
	case v.n != 0 && v.n != n:
		v.bad(path, fmt.Sprintf("has %d rows, another matrix has %d", n, v.n), "give matrices of one size")
		return
	case n == 0:
		v.bad(path, "is empty", "give a row and a column for each place, or no matrix")
		return
	}
	v.n = n
	m := &care.Matrix{N: n, Seconds: make([]care.Seconds, n*n), Metres: make([]care.Metres, n*n)}
	diagonal := false
	for i, s := range durations {
		switch {
		case i/n == i%n:
			diagonal = diagonal || s != 0
			continue
		case s >= math.MaxInt32:
			m.Seconds[i] = care.Unreachable
			continue
		}
		m.Seconds[i] = care.Seconds(s)
		if distances != nil {
			m.Metres[i] = care.Metres(min(distances[i], math.MaxInt32))
		}
	}
	if diagonal {
		v.lose(path, "has times from a place to itself, which count as 0")
	}
	v.matrices[mode] = m
}

// place reads a position or an index and returns the id of the place; empty
// when there is none.
func (v *vroom) place(o *object, locationKey, indexKey string) string {
	lon, lat, located := o.location(locationKey)
	index, indexed := o.whole(indexKey)
	switch {
	case v.n > 0 && indexed:
		if index < 0 || index >= int64(v.n) {
			v.bad(o.at(indexKey), fmt.Sprintf("is outside of the matrices, which have %d rows", v.n), "write an index from 0")
			return ""
		}
		v.fillPlaces()
		if located {
			p := &v.day.Places[index]
			if v.located[int(index)] && (p.Lat != lat || p.Lon != lon) {
				v.lose(o.at(locationKey), "differs from an earlier position of the same index, which is kept")
			} else {
				p.Lat, p.Lon, v.located[int(index)] = lat, lon, true
			}
		}
		return v.day.Places[index].ID
	case v.n > 0 && located:
		v.bad(o.at(locationKey), "has no index into the matrices", "add "+indexKey)
		return ""
	case located:
		id := strconv.FormatFloat(lat, 'f', -1, 64) + ":" + strconv.FormatFloat(lon, 'f', -1, 64)
		if _, there := v.places[id]; !there {
			v.places[id] = len(v.day.Places)
			v.day.Places = append(v.day.Places, care.Place{ID: id, Lat: lat, Lon: lon, Municipality: foreignMunicipality})
		}
		return id
	case indexed:
		v.bad(o.at(indexKey), "is an index, but there are no matrices", "add matrices, or give positions")
	}
	return ""
}

// fillPlaces makes a place for every row of the matrices. A place that no
// position is given for gets one in the Gulf of Guinea, where no road is, so
// that it is not taken for a real one.
func (v *vroom) fillPlaces() {
	if v.located != nil {
		return
	}
	v.located = map[int]bool{}
	for i := range v.n {
		v.day.Places = append(v.day.Places, care.Place{ID: strconv.Itoa(i), Lat: 0, Lon: float64(i+1) / 1e5, Municipality: foreignMunicipality})
	}
}

func (v *vroom) travel() *care.Travel {
	if v.n == 0 {
		return nil
	}
	t := &care.Travel{Matrices: v.matrices, Source: "matrices of the VROOM file"}
	for _, p := range v.day.Places {
		t.Places = append(t.Places, p.ID)
	}
	return t
}

func (v *vroom) intID(o *object) string {
	id, ok := o.whole("id")
	if !ok {
		if !o.has("id") && len(v.errs) == 0 {
			v.bad(o.at("id"), "is missing", "write a whole number")
		}
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func (v *vroom) skills(o *object) []string {
	list, _ := o.numbers("skills")
	slices.Sort(list)
	var out []string
	for _, s := range slices.Compact(list) {
		out = append(out, "skill-"+strconv.FormatInt(s, 10))
	}
	return out
}

const droppedText = "was not read: it may say who a person is"

func (v *vroom) readJob(o *object) vroomJob {
	j := vroomJob{path: o.path, id: v.intID(o), skills: v.skills(o)}
	j.place = v.place(o, "location", "location_index")
	if j.place == "" && len(v.errs) == 0 {
		v.bad(o.at("location"), "is missing", "give a position, or an index into the matrices")
	}
	setup, service := o.seconds("setup", 1), o.seconds("service", 1)
	if setup > 0 {
		v.lose(o.at("setup"), "was added to the service time also after a job at the same place")
	}
	j.length = setup + service
	if j.length == 0 {
		j.length = 1
		v.lose(o.at("service"), "is 0 seconds: a visit takes at least one")
	}
	priority, _ := o.whole("priority")
	switch {
	case priority < 0 || priority > 100:
		v.bad(o.at("priority"), "is not between 0 and 100", "write 0 to 100")
	case priority >= 75:
		j.priority = care.LifeCritical
	case priority >= 50:
		j.priority = care.Necessary
	case priority >= 25:
		j.priority = care.Important
	default:
		j.priority = care.Comfort
	}
	if priority%25 != 0 || priority == 100 {
		v.lose(o.at("priority"), fmt.Sprintf("%d became class %d of 4", priority, j.priority))
	}
	j.windows, _ = o.pairs("time_windows")
	for i, w := range j.windows {
		if w[1] < w[0] {
			v.bad(fmt.Sprintf("%s[%d]", o.at("time_windows"), i), "ends before it starts", "swap the two")
		}
	}
	for _, key := range []string{"delivery", "pickup", "amount"} {
		load, _ := o.numbers(key)
		for i, x := range load {
			for len(j.load) <= i {
				j.load = append(j.load, 0)
			}
			j.load[i] += max(x, 0)
		}
	}
	o.refuse("setup_per_type", "set-up times that differ by vehicle cannot be carried", "give one set-up time")
	o.refuse("service_per_type", "service times that differ by vehicle cannot be carried", "give one service time")
	o.drop("description", droppedText)
	o.close()
	return j
}

func (v *vroom) readVehicle(o *object) vroomVehicle {
	c := vroomVehicle{path: o.path, id: v.intID(o), skills: v.skills(o)}
	profile := o.text("profile")
	mode, known := modeOf(profile)
	if !known {
		v.refuse(o.at("profile"), "is neither car, bike nor foot", "name it so")
		mode = care.Car
	}
	if v.n > 0 && v.matrices[mode] == nil && known {
		v.bad(o.at("profile"), "has no matrix", "add one, or change the profile")
	}
	c.mode = mode
	before := len(v.errs)
	c.from, c.to = v.place(o, "start", "start_index"), v.place(o, "end", "end_index")
	if len(v.errs) == before && (c.from == "" || c.to == "") {
		v.refuse(o.path, "a vehicle that starts or ends anywhere cannot be carried", "give both start and end")
	}
	if window, ok := o.numbers("time_window"); ok {
		if len(window) != 2 || window[1] <= window[0] {
			v.bad(o.at("time_window"), "is not a start and a later end", "write [start, end]")
		} else {
			c.start, c.end, c.bounded = window[0], window[1], true
		}
	}
	c.capacity, c.limited = o.numbers("capacity")
	if costs, ok := o.object("costs"); ok {
		c.fixed, _ = costs.whole("fixed")
		costs.drop("per_hour", "was not read: an hour of driving costs the same for all")
		costs.drop("per_km", "was not read: kilometres are priced by the rules")
		costs.drop("per_task_hour", "was not read: time at visits has no price")
		costs.close()
	}
	if f, ok := o.number("speed_factor"); ok && f != 1 {
		v.refuse(o.at("speed_factor"), "a speed of its own cannot be carried", "give the vehicle a profile with a matrix")
	}
	for _, key := range []string{"max_tasks", "max_travel_time", "max_distance"} {
		o.refuse(key, "a limit on the route cannot be carried", "remove it, or shorten the time window")
	}
	o.refuse("steps", "a route given beforehand cannot be carried", "leave the jobs free")
	o.drop("type", "was not read: it matters only with times by type")
	o.drop("description", droppedText)
	for _, b := range o.objects("breaks") {
		c.breaks = append(c.breaks, v.readBreak(b))
	}
	o.close()
	return c
}

func (v *vroom) readBreak(o *object) vroomBreak {
	b := vroomBreak{path: o.path, length: o.seconds("service", 1)}
	windows, ok := o.pairs("time_windows")
	switch {
	case len(windows) > 1:
		v.refuse(o.at("time_windows"), "a break with several windows cannot be carried", "give one")
	case len(windows) == 1 && windows[0][1] < windows[0][0]:
		v.bad(o.at("time_windows")+"[0]", "ends before it starts", "swap the two")
	case len(windows) == 1:
		b.window = windows[0]
	default:
		b.any = !ok || len(windows) == 0
	}
	if b.length == 0 {
		v.lose(o.at("service"), "is 0 seconds: the break was left out")
	}
	o.take("id") // it means nothing outside of the file
	o.refuse("max_load", "a break that depends on the load cannot be carried", "remove the limit")
	o.drop("description", droppedText)
	o.close()
	return b
}

// loads refuses capacities that could bind. Where all jobs together fit into
// each vehicle they are only mentioned.
func (v *vroom) loads() {
	var sum []int64
	for _, j := range v.jobs {
		for i, x := range j.load {
			for len(sum) <= i {
				sum = append(sum, 0)
			}
			sum[i] += min(x, math.MaxInt64/2-sum[i])
		}
	}
	if !slices.ContainsFunc(sum, func(x int64) bool { return x > 0 }) {
		return
	}
	for _, c := range v.vehicles {
		for i, x := range sum {
			if x > 0 && (i >= len(c.capacity) || c.capacity[i] < x) {
				v.refuse(c.path+".capacity", "a limited load cannot be carried: carers do not fill up", "remove the loads of the jobs")
				return
			}
		}
	}
	v.lose("jobs", "loads were not read: all of them fit into each vehicle")
}

// setOrigin finds what times count from and moves them there.
func (v *vroom) setOrigin(date time.Time, zone *time.Location) {
	earliest, latest := int64(math.MaxInt64), int64(math.MinInt64)
	each := func(f func(*int64)) {
		for i := range v.jobs {
			for k := range v.jobs[i].windows {
				f(&v.jobs[i].windows[k][0])
				f(&v.jobs[i].windows[k][1])
			}
		}
		for i := range v.vehicles {
			c := &v.vehicles[i]
			if c.bounded {
				f(&c.start)
				f(&c.end)
			}
			for k := range c.breaks {
				if !c.breaks[k].any {
					f(&c.breaks[k].window[0])
					f(&c.breaks[k].window[1])
				}
			}
		}
	}
	each(func(t *int64) { earliest, latest = min(earliest, *t), max(latest, *t) })
	shift := int64(0)
	if earliest != math.MaxInt64 && earliest >= absolute && earliest < 1<<40 {
		date = time.Unix(earliest, 0).In(zone)
		shift = care.Midnight(date, zone).Unix()
	}
	v.day.Origin = care.Midnight(date, zone)
	if earliest != math.MaxInt64 && (earliest-shift < -86400 || latest-shift > 5*86400) {
		// An end that is far away stands for no limit.
		each(func(t *int64) { *t = max(min(*t-shift, 2*86400), -86400) })
		v.lose("", "times more than two days apart were drawn in to 48 hours")
		return
	}
	each(func(t *int64) { *t -= shift })
}

// build makes visits, carers and shifts.
func (v *vroom) build() {
	d := v.day
	begin, end := int64(0), int64(86400)
	for _, j := range v.jobs {
		for _, w := range j.windows {
			begin, end = min(begin, w[0]), max(end, w[1])
		}
	}
	fixed := map[int64]bool{}
	for _, c := range v.vehicles {
		fixed[c.fixed] = true
		s := care.Shift{ID: c.id, Carer: c.id, From: c.from, To: c.to, Mode: c.mode, Start: care.Time(c.start), End: care.Time(c.end)}
		if !c.bounded {
			s.Start, s.End = care.Time(begin), care.Time(begin+longestShift)
			v.lose(c.path+".time_window", fmt.Sprintf("is missing: the shift lasts from %d to %d", s.Start, s.End))
		}
		for _, b := range c.breaks {
			if b.length == 0 {
				continue
			}
			w := care.Window{From: care.Time(b.window[0]), To: care.Time(b.window[1])}
			if b.any {
				w = care.Window{From: s.Start, To: s.End}
			}
			w.From, w.To = max(w.From, s.Start), min(w.To, s.End-care.Time(b.length))
			if w.To < w.From {
				v.bad(b.path, "does not fit into the vehicle's time window", "move or shorten it")
				continue
			}
			s.Breaks = append(s.Breaks, care.Break{Window: w, Length: b.length, Paid: true})
		}
		slices.SortStableFunc(s.Breaks, func(a, b care.Break) int { return int(a.Window.From) - int(b.Window.From) })
		begin, end = min(begin, int64(s.Start)), max(end, int64(s.End))
		d.Carers = append(d.Carers, care.Carer{ID: c.id, Profession: foreignProfession, Municipality: foreignMunicipality, Skills: c.skills})
		d.Shifts = append(d.Shifts, s)
		if !slices.ContainsFunc(d.Bases, func(b care.Base) bool { return b.Place == c.from }) {
			d.Bases = append(d.Bases, care.Base{ID: c.from, Place: c.from, Municipality: foreignMunicipality})
		}
	}
	for f := range fixed {
		if len(fixed) == 1 && f >= 0 {
			d.Rules.Weights.ShiftUsed = f
		}
	}
	if len(fixed) > 1 {
		v.lose("vehicles", "fixed costs differ between vehicles and were not read")
	}
	for _, j := range v.jobs {
		visit := care.Visit{
			ID: j.id, Client: j.id, Task: "job", Duration: j.length, Carers: 1, Priority: j.priority,
			Requires: care.Requirement{Skills: j.skills},
		}
		for _, w := range j.windows {
			visit.Windows = append(visit.Windows, care.Window{From: care.Time(w[0]), To: care.Time(w[1])})
		}
		if len(visit.Windows) == 0 {
			visit.Windows = []care.Window{{From: care.Time(begin), To: care.Time(end)}}
		}
		visit.Windows = union(visit.Windows)
		d.Clients = append(d.Clients, care.Client{ID: j.id, Place: j.place, Municipality: foreignMunicipality})
		d.Visits = append(d.Visits, visit)
	}
	if v.located != nil && len(v.located) < v.n {
		v.lose("", fmt.Sprintf("%d places have no position and were given one at sea", v.n-len(v.located)))
	}
}
