package interop

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/slinga-se/slinga/planner/care"
)

// minute is the unit of every time in a UHHC file.
const minute = 60

// UHHCOptions says how to read what care has no exact word for.
type UHHCOptions struct {
	// HardWindows makes windows hard although the instance allows lateness at
	// a cost. Without it a patient with one window gets that window as the
	// preferred one, and lateness costs what the instance says.
	HardWindows bool
}

// ReadUHHC reads an instance of the unified home healthcare problem (Ceschia
// and others 2026, doi 10.1111/itor.70140). Each required service becomes a
// visit "patient/service" that asks for the service as a skill; two services
// of one patient are linked, by different carers, and served both or neither.
// Minutes become seconds counted from midnight of 2024-01-01 UTC.
//
// Costs are carried as weights where care has a like term: one unit of the
// instance's objective is 60 of ours, for care's unit is a second of driving.
// Terms without a like are losses.
func ReadUHHC(from io.Reader, o UHHCOptions) (*Imported, error) {
	top, err := readObject(from)
	if err != nil {
		return nil, err
	}
	u := &uhhc{reading: top.r, options: o, place: map[string]bool{}, carers: map[string]bool{}, services: map[string]bool{}, minutes: map[string]int64{}}
	u.day = &care.Day{
		Version: care.FormatVersion, Name: "UHHC", TimeZone: "UTC", Rules: foreignRules(),
		Origin:         time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC),
		Municipalities: []care.Municipality{{ID: foreignMunicipality, Name: foreignMunicipality}},
	}
	n, distances, ok := top.matrix("distances")
	if !ok && len(u.errs) == 0 {
		u.bad("distances", "is missing", "give travel times in minutes")
	}
	u.n = n
	u.metadata(top)
	u.lunch(top)
	types := false
	for _, s := range top.objects("services") {
		id := s.id("id")
		u.services[id] = true
		u.minutes[id], _ = s.whole("default_duration")
		_, typed := s.take("type")
		types = types || typed
		s.close()
	}
	if types {
		u.lose("services", "types were not read: abilities are given for each service")
	}
	for _, t := range top.objects("terminal_points") {
		id := t.id("id")
		u.addPlace(t, id)
		u.day.Bases = append(u.day.Bases, care.Base{ID: id, Place: id, Municipality: foreignMunicipality})
	}
	for _, c := range top.objects("caregivers") {
		u.caregiver(c)
	}
	for _, p := range top.objects("patients") {
		u.patient(p)
	}
	top.close()
	u.latest()
	if len(u.errs) > 0 {
		return nil, u.errs
	}
	out := &Imported{Day: u.day, Travel: u.travel(distances), Losses: u.losses}
	if err := check(out.Day, out.Travel); err != nil {
		return nil, err
	}
	return out, nil
}

type uhhc struct {
	*reading
	options  UHHCOptions
	day      *care.Day
	n        int
	rows     []int // matrix row of each place
	place    map[string]bool
	carers   map[string]bool
	services map[string]bool
	minutes  map[string]int64 // default duration of a service
	atEnd    bool             // windows bound the end of a service
	soft     bool             // lateness is allowed at a cost
	weights  map[string]int64
	meal     care.Break
	hasMeal  bool
	open     []int // visits that may start as late as the last shift ends
}

// metadata reads the objective.
func (u *uhhc) metadata(top *object) {
	m, ok := top.object("metadata")
	if !ok {
		if len(u.errs) == 0 {
			u.bad("metadata", "is missing", "the objective is there")
		}
		return
	}
	switch met := m.text("time_window_met"); met {
	case "at_service_start":
	case "at_service_end":
		u.atEnd = true
	default:
		u.bad(m.at("time_window_met"), "is neither at_service_start nor at_service_end", "write one of them")
	}
	if name := m.text("name"); name != "" {
		u.day.Name = "UHHC " + name
	}
	for _, key := range []string{"origin", "horizon", "generator_info"} {
		m.take(key) // how the instance was made; nothing to plan by
	}
	u.weights = map[string]int64{}
	w, ok := m.object("cost_components")
	if ok {
		u.objective(w)
	}
	m.close()
}

// objective turns cost components into weights.
func (u *uhhc) objective(w *object) {
	weight := func(key string) (value int64, hard bool) {
		raw, ok := w.fields[key]
		if !ok {
			return 0, false
		}
		var s string
		if json.Unmarshal(raw, &s) == nil {
			w.take(key)
			if s != "HARD" {
				u.bad(w.at(key), "is neither a number nor HARD", "write one of them")
			}
			return 0, true
		}
		value, _ = w.whole(key)
		if value < 0 || value > 1_000_000 {
			u.bad(w.at(key), "is not a weight", "write 0 to 1000000")
			return 0, false
		}
		return value, false
	}
	rules := &u.day.Rules.Weights
	if v, _ := weight("travel_time"); v > 0 {
		rules.Drive = v // per minute in the file, 60 times that in our unit
	} else {
		rules.Drive = 0
	}
	late, hard := weight("total_tardiness")
	u.soft = !hard && !u.options.HardWindows
	rules.OutsideWindow = late * minute
	if u.soft && late == 0 {
		u.lose(w.at("total_tardiness"), "has no weight: lateness costs nothing")
	}
	if v, _ := weight("total_waiting_time"); v > 0 {
		rules.Wait = v * minute
	}
	if v, _ := weight("caregiver_preferences"); v > 0 {
		rules.NotContact = v * minute
	}
	if v, _ := weight("optional_patients"); v > 0 {
		rules.Optional = v * minute
	}
	if v, hard := weight("total_extra_time"); !hard && v > 0 {
		u.lose(w.at("total_extra_time"), "was not read: no shift is exceeded")
	}
	if v, hard := weight("missed_lunch_break"); !hard && v > 0 {
		u.lose(w.at("missed_lunch_break"), "was not read: no lunch is left out")
	}
	for _, key := range []string{"highest_tardiness", "max_waiting_time", "max_idle_time", "workload_balance"} {
		if v, hard := weight(key); hard {
			u.refuse(w.at(key), "cannot be held to zero", "give it a weight")
		} else if v > 0 {
			u.lose(w.at(key), "was not read: care has no such term")
		}
	}
	w.close()
	// What must be served costs more to leave out than anything that may be
	// gained, and care has four classes: all are necessary here.
	for i := range rules.Unserved {
		rules.Unserved[i] = max(rules.Unserved[i], 100*rules.Optional, 1_000_000*max(rules.Drive, 1))
	}
}

func (u *uhhc) lunch(top *object) {
	l, ok := top.object("lunch_breaks")
	if !ok {
		return
	}
	from, to := l.seconds("start", minute), l.seconds("end", minute)
	u.meal.Length = l.seconds("min_duration", minute)
	if u.atEnd {
		to -= u.meal.Length
	}
	u.meal.Window = care.Window{From: care.Time(from), To: care.Time(to)}
	u.hasMeal = u.meal.Length > 0
	if to < from {
		u.bad(l.at("end"), "leaves no time for the lunch", "let it end later")
	}
	l.close()
}

// addPlace makes a place of a terminal point or a patient.
func (u *uhhc) addPlace(o *object, id string) {
	index, ok := o.whole("distance_matrix_index")
	if !ok || index < 0 || index >= int64(u.n) {
		if len(u.errs) == 0 || ok {
			u.bad(o.at("distance_matrix_index"), fmt.Sprintf("is not an index into the %d rows of distances", u.n), "write one from 0")
		}
		index = 0
	}
	lon, lat, located := o.location("location")
	if !located && len(u.errs) == 0 {
		u.lose(o.at("location"), "is missing: the place was put at sea")
		lat, lon = 0, float64(len(u.day.Places)+1)/1e5
	}
	if u.place[id] {
		u.bad(o.at("id"), "is used by another terminal point or patient", "give every one an id of its own")
	}
	u.place[id] = true
	u.rows = append(u.rows, int(index))
	u.day.Places = append(u.day.Places, care.Place{ID: id, Lat: lat, Lon: lon, Municipality: foreignMunicipality})
}

func (u *uhhc) travel(distances []int64) *care.Travel {
	n := len(u.rows)
	m := &care.Matrix{N: n, Seconds: make([]care.Seconds, n*n), Metres: make([]care.Metres, n*n)}
	t := &care.Travel{Matrices: map[care.Mode]*care.Matrix{care.Car: m}, Source: "distances of the UHHC file"}
	for i, a := range u.rows {
		t.Places = append(t.Places, u.day.Places[i].ID)
		for j, b := range u.rows {
			if i == j {
				continue
			}
			if v := distances[a*u.n+b]; v < math.MaxInt32/minute {
				m.Seconds[i*n+j] = care.Seconds(v * minute)
			} else {
				m.Seconds[i*n+j] = care.Unreachable
			}
		}
	}
	u.lose("distances", "are minutes of travel: all distances are 0 metres")
	return t
}

func (u *uhhc) caregiver(o *object) {
	id := o.id("id")
	u.carers[id] = true
	skills := o.ids("abilities")
	slices.Sort(skills)
	s := care.Shift{ID: id, Carer: id, Mode: care.Car, From: o.id("departing_point"), To: o.id("arrival_point")}
	if w, ok := o.object("working_shift"); ok {
		s.Start, s.End = care.Time(w.seconds("start", minute)), care.Time(w.seconds("end", minute))
		w.close()
	} else if len(u.errs) == 0 {
		u.bad(o.at("working_shift"), "is missing", "give its start and end")
	}
	if o.yes("lunch_break") {
		w := care.Window{From: max(u.meal.Window.From, s.Start), To: min(u.meal.Window.To, s.End-care.Time(u.meal.Length))}
		switch {
		case !u.hasMeal:
			u.bad(o.at("lunch_break"), "is asked for, but lunch_breaks is missing", "say when lunch is")
		case w.To < w.From:
			u.lose(o.at("lunch_break"), "was left out: it does not fit into the shift")
		default:
			s.Breaks = []care.Break{{Window: w, Length: u.meal.Length, Paid: true}}
		}
	}
	o.close()
	u.day.Carers = append(u.day.Carers, care.Carer{ID: id, Profession: foreignProfession, Municipality: foreignMunicipality, Skills: slices.Compact(skills)})
	u.day.Shifts = append(u.day.Shifts, s)
}

func (u *uhhc) patient(o *object) {
	id := o.id("id")
	u.addPlace(o, id)
	c := care.Client{ID: id, Place: id, Municipality: foreignMunicipality, Blocked: o.ids("incompatible_caregivers")}
	switch preferred := o.ids("preferred_caregivers"); len(preferred) {
	case 0:
	case 1:
		if slices.Contains(c.Blocked, preferred[0]) {
			u.lose(o.at("preferred_caregivers"), "was not read: the caregiver is incompatible")
		} else {
			c.FixedContact = preferred[0]
		}
	default:
		u.lose(o.at("preferred_caregivers"), "was not read: care knows one fixed contact, not several")
	}
	u.day.Clients = append(u.day.Clients, c)
	optional := o.yes("optional")
	var windows [][2]care.Seconds
	for _, w := range o.objects("time_windows") {
		from, to := w.seconds("start", minute), w.seconds("end", minute)
		if to < from {
			u.bad(w.path, "ends before it starts", "swap the two")
		}
		w.close()
		windows = append(windows, [2]care.Seconds{from, to})
	}
	if len(windows) == 0 && len(u.errs) == 0 {
		u.bad(o.at("time_windows"), "is empty", "give one window or more")
	}
	if u.soft && len(windows) > 1 {
		u.lose(o.at("time_windows"), "are hard: care prices lateness against one window only")
	}
	services := o.objects("required_services")
	if len(services) < 1 || len(services) > 2 {
		u.bad(o.at("required_services"), "does not hold one or two services", "give one or two")
	}
	first := len(u.day.Visits)
	for _, s := range services {
		u.visit(s, id, optional, windows)
	}
	if optional && len(services) == 2 {
		u.lose(o.at("optional"), "costs twice as much to leave out: both visits count")
	}
	made := u.day.Visits[first:]
	u.synchronization(o, made)
	o.close()
}

// visit makes a visit of one required service.
func (u *uhhc) visit(o *object, patient string, optional bool, windows [][2]care.Seconds) {
	service := o.id("service")
	if service != "" && len(u.services) > 0 && !u.services[service] {
		u.bad(o.at("service"), "is not in the list of services", "correct it, or add the service")
	}
	duration := o.seconds("duration", minute)
	if duration == 0 {
		duration = care.Seconds(max(0, min(u.minutes[service], 1440)) * minute)
	}
	o.close()
	v := care.Visit{
		ID: patient + "/" + service, Client: patient, Task: service, Duration: duration, Carers: 1,
		Priority: care.Necessary, Optional: optional, Requires: care.Requirement{Skills: []string{service}},
	}
	if n := len(u.day.Visits); n > 0 && u.day.Visits[n-1].ID == v.ID {
		v.ID += "/2"
	}
	for i, w := range windows {
		from, to := care.Time(w[0]), care.Time(w[1])
		if u.atEnd {
			to -= care.Time(duration)
		}
		if u.soft && len(windows) == 1 {
			// It may be late: the hard end is set when all shifts are known.
			to = max(to, from)
			v.Preferred = &care.Window{From: from, To: to}
			v.Windows = []care.Window{{From: from, To: to}}
			u.open = append(u.open, len(u.day.Visits))
			break
		}
		if to < from {
			if !u.soft {
				u.bad(fmt.Sprintf("%s.time_windows[%d]", o.path, i), "is shorter than the service", "let it end later")
				continue
			}
			to = from
		}
		v.Windows = append(v.Windows, care.Window{From: from, To: to})
	}
	v.Windows = union(v.Windows)
	u.day.Visits = append(u.day.Visits, v)
}

// synchronization links the two services of a patient.
func (u *uhhc) synchronization(o *object, visits []care.Visit) {
	link := care.Link{Carer: care.DifferentCarer, Together: true, Min: -longestShift, Max: longestShift}
	kind := "independent"
	if s, ok := o.object("synchronization"); ok {
		kind = cmp.Or(s.text("type"), kind)
		if d, ok := s.object("distance"); ok {
			link.Min, link.Max = d.seconds("min", minute), d.seconds("max", minute)
			d.close()
			if kind != "sequential" {
				u.lose(s.at("distance"), "was not read: it belongs to sequential services")
			}
		} else if kind == "sequential" && len(u.errs) == 0 {
			u.bad(s.at("distance"), "is missing", "give min and max minutes between the starts")
		}
		s.close()
	}
	switch kind {
	case "simultaneous":
		link.Min, link.Max = 0, 0
	case "sequential":
	case "independent":
		link.Min, link.Max = -longestShift, longestShift
	default:
		u.refuse(o.at("synchronization.type"), "is not simultaneous, sequential or independent", "write one of them")
	}
	if len(visits) == 2 {
		link.First, link.Second = visits[0].ID, visits[1].ID
		u.day.Links = append(u.day.Links, link)
	}
}

// latest opens the windows of visits that may be late up to the end of the
// last shift, and checks references that validation would not find.
func (u *uhhc) latest() {
	end := care.Time(0)
	for _, s := range u.day.Shifts {
		end = max(end, s.End)
	}
	for _, i := range u.open {
		w := &u.day.Visits[i].Windows[0]
		w.To = max(w.To, end)
	}
}
