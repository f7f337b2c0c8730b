package table

import (
	"cmp"
	"slices"
	"strings"

	"github.com/slinga-se/slinga/planner/care"
)

func (r *reader) buildShifts() {
	d := &r.day
	basePlace := map[string]string{}
	for _, b := range d.Bases {
		basePlace[b.ID] = b.Place
	}
	places := map[string]bool{}
	for _, p := range d.Places {
		places[p.ID] = true
	}
	for _, l := range r.lines("shifts") {
		s := care.Shift{
			ID: l.id("id"), Carer: l.id("carer"), From: l.id("from"), To: l.id("to"),
			Mode: l.mode("mode"), Vehicle: l.id("vehicle"),
		}
		if base := l.id("base"); base != "" {
			place := basePlace[base]
			if place == "" && places[base] {
				place = base // a place can stand in for a base of its name
			}
			if place == "" {
				l.fail("base", "there is no such base"+shown(base), "correct the id, or add the base to bases")
			}
			s.From, s.To = cmp.Or(s.From, place), cmp.Or(s.To, place)
		} else if s.From == "" {
			l.fail("from", "does not say where the shift starts", "fill in base, or from (and to)")
		}
		s.To = cmp.Or(s.To, s.From)
		var begins bool
		if s.Start, begins = l.clockAt("start"); begins {
			s.End = l.shiftEnd(s.Start)
		} else {
			_, _ = l.clockAt("end")
		}
		s.Breaks = l.breaks("breaks", s.Start)
		d.Shifts = append(d.Shifts, s)
		r.keep("shifts", l)
	}
	if r.tables["bases"] == nil {
		r.basesFromShifts()
	}
}

// shiftEnd reads the end of a shift. 22:00 to 07:00 is a night: the end is on
// the next date, and is read there, for that night may be the one on which
// clocks change. An end that does not exist on the planned date, or comes
// twice there, is not held against a shift that begins after noon.
func (l *line) shiftEnd(start care.Time) care.Time {
	v := l.text("end")
	if v == "" {
		return 0
	}
	date := l.r.date
	end, message, hint := l.r.clock(date, v, l.t.excel)
	if !l.dayNamed("end") && ((message == "" && end <= start) || (message != "" && start >= 12*3600)) {
		end, message, hint = l.r.clock(date.AddDate(0, 0, 1), v, l.t.excel)
	}
	if message != "" {
		l.fail("end", message, hint)
		return 0
	}
	return end
}

// dayNamed says whether a cell states its day: "+1 07:00" or "31:00".
func (l *line) dayNamed(name string) bool {
	v := l.text(name)
	return strings.HasPrefix(v, "+") || strings.HasPrefix(v, "-") || (len(v) >= 2 && v[0] >= '2' && v[:2] >= "24" && v[1] != ':' && v[1] != '.')
}

// basesFromShifts makes a base of every place that shifts start or end at and
// nobody lives at.
func (r *reader) basesFromShifts() {
	d := &r.day
	home := map[string]bool{}
	for _, c := range d.Clients {
		home[c.Place] = true
	}
	known := map[string]string{}
	for _, p := range d.Places {
		known[p.ID] = p.Municipality
	}
	seen := map[string]bool{}
	for _, s := range d.Shifts {
		for _, place := range []string{s.From, s.To} {
			municipality, ok := known[place]
			if !ok || home[place] || seen[place] {
				continue
			}
			seen[place] = true
			d.Bases = append(d.Bases, care.Base{ID: place, Place: place, Municipality: municipality})
		}
	}
}

// breaks parses "11:00-13:00/30" (begins within, minutes), several with |, and
// "/paid" after it for a meal break on duty. A break of a night shift counts
// hours past 24, or is taken to be on the next date when it would otherwise
// lie before the shift.
func (l *line) breaks(name string, start care.Time) []care.Break {
	var out []care.Break
	for _, v := range list(l.text(name)) {
		parts := strings.Split(v, "/")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		bad := func() {
			l.fail(name, "is not a break"+shown(v), "write the window in which it begins and its minutes, such as 11:00-13:00/30")
		}
		if len(parts) < 2 || len(parts) > 3 {
			bad()
			continue
		}
		length, ok := parseMinutes(strings.ToLower(parts[1]), false)
		paid := len(parts) == 3 && slices.Contains([]string{"paid", "betald", "maltidsuppehall"}, fold(parts[2]))
		if !ok || (len(parts) == 3 && !paid) {
			bad()
			continue
		}
		from, to, ok := splitWindow(parts[0])
		if !ok {
			bad()
			continue
		}
		w, good := l.breakWindow(name, from, to, start)
		if good {
			out = append(out, care.Break{Window: w, Length: length, Paid: paid})
		}
	}
	return out
}

func (l *line) breakWindow(name, from, to string, start care.Time) (w care.Window, ok bool) {
	date := l.r.date
	early, message, hint := l.r.clock(date, from, false)
	if message == "" && early < start {
		if next, again, _ := l.r.clock(date.AddDate(0, 0, 1), from, false); again == "" {
			early, date = next, date.AddDate(0, 0, 1)
		}
	}
	if message == "" {
		w.From = early
		w.To, message, hint = l.r.clock(date, to, false)
	}
	if message == "" && w.To < w.From && date.Equal(l.r.date) && w.From >= 12*3600 {
		w.To, message, hint = l.r.clock(date.AddDate(0, 0, 1), to, false)
	}
	if message != "" {
		l.fail(name, message, hint)
		return w, false
	}
	return w, l.forward(name, w, from, to)
}
