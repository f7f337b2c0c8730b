package geo

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo/osm"
)

// oracleCondition is the rules of a Condition, written a second time and read
// off the network: no lookups, no tables, rational numbers for areas.
type oracleCondition struct {
	o       *oracle
	c       *Condition
	at      time.Time
	since   time.Time // for waits; zero: at
	until   time.Time
	longest bool
	energy  bool
	known   map[oracleSeg]oracleKnown // what was worked out before
	waits   map[string]oracleWait
	in      map[oracleIn]bool
}

// conditionTexts are conditional tags with what they mean, by hand.
var conditionTexts = []struct {
	text  string
	apply func(w *osm.Way, mode osm.Modes, at time.Time)
}{
	{"motor_vehicle:conditional=no @ (Nov 1-Apr 15)", func(w *osm.Way, mode osm.Modes, at time.Time) {
		m, d := at.Month(), at.Day()
		if mode == osm.ModeCar && (m >= 11 || m < 4 || m == 4 && d <= 15) {
			w.Forward, w.Backward = w.Forward&^mode, w.Backward&^mode
		}
	}},
	{"access:conditional=no @ (22:00-06:00)", func(w *osm.Way, mode osm.Modes, at time.Time) {
		if at.Hour() >= 22 || at.Hour() < 6 {
			w.Forward, w.Backward = w.Forward&^mode, w.Backward&^mode
		}
	}},
	{"oneway:conditional=yes @ (Mo-Fr 07:00-09:00)", func(w *osm.Way, mode osm.Modes, at time.Time) {
		if mode != osm.ModeFoot && workday(at) && (at.Hour() == 7 || at.Hour() == 8) {
			w.Backward &^= mode
		}
	}},
	{"maxspeed:conditional=30 @ (Mo-Fr 07:00-17:00)", func(w *osm.Way, _ osm.Modes, at time.Time) {
		if workday(at) && at.Hour() >= 7 && at.Hour() < 17 {
			w.Speed = osm.Limits{Forward: 30, Backward: 30}
		}
	}},
	{"seasonal=summer", func(w *osm.Way, mode osm.Modes, at time.Time) {
		if at.Month() < 5 || at.Month() > 10 {
			w.Forward, w.Backward = w.Forward&^mode, w.Backward&^mode
		}
	}},
	{"access:conditional=no @ (wet)", func(*osm.Way, osm.Modes, time.Time) {}},
	{"opening_hours=Mo-Sa 06:00-20:00", func(w *osm.Way, mode osm.Modes, at time.Time) {
		if at.Weekday() == time.Sunday || at.Hour() < 6 || at.Hour() >= 20 {
			w.Forward, w.Backward = w.Forward&^mode, w.Backward&^mode
		}
	}},
	{"motor_vehicle:conditional=destination @ (Sa,Su)\nvehicle:conditional=no @ (Su)", func(w *osm.Way, mode osm.Modes, at time.Time) {
		switch {
		case mode == osm.ModeCar && !workday(at):
			if (w.Forward|w.Backward)&mode != 0 {
				w.Limited |= mode
			}
		case mode == osm.ModeBicycle && at.Weekday() == time.Sunday:
			w.Forward, w.Backward = w.Forward&^mode, w.Backward&^mode
		}
	}},
}

// turnTexts are conditions of turn restrictions with what they mean, by hand:
// whether a restriction of the kind binds at a time, or without any.
var turnTexts = []struct {
	text  string
	binds func(only bool, at time.Time) bool
}{
	{"restriction:conditional=no_left_turn @ (Mo-Fr 07:00-09:00)", func(only bool, at time.Time) bool {
		return !only && !at.IsZero() && workday(at) && (at.Hour() == 7 || at.Hour() == 8)
	}},
	{"restriction:conditional=only_straight_on @ (20:00-06:00)", func(only bool, at time.Time) bool {
		return only && !at.IsZero() && (at.Hour() >= 20 || at.Hour() < 6)
	}},
	{"restriction:conditional=no_left_turn @ (Mo-Fr); Only_Right_Turn @ (Nov-Mar)", func(only bool, at time.Time) bool {
		switch {
		case at.IsZero():
			return false
		case at.Month() >= 11 || at.Month() <= 3:
			return only
		default:
			return !only && workday(at)
		}
	}},
	{"restriction:motorcar:conditional=none @ (Sa,Su)\nrestriction:motorcar=no_left_turn", func(only bool, at time.Time) bool {
		return !only && (at.IsZero() || workday(at))
	}},
	{"restriction:conditional=none @ (wet)\nrestriction=only_left_turn", func(only bool, _ time.Time) bool { return only }},
	{"restriction:conditional=no_u_turn @ (wet); no_u_turn @ (Su)", func(only bool, at time.Time) bool { return !only && !at.IsZero() }},
	{"restriction:conditional=no_right_turn @ (weight>7.5)", func(bool, time.Time) bool { return false }},
	{"day_off=friday\nday_on=monday\nhour_off=09:00;18:00\nhour_on=07:00;16:00", func(_ bool, at time.Time) bool {
		h := at.Hour()
		return !at.IsZero() && workday(at) && (h == 7 || h == 8 || h == 16 || h == 17)
	}},
	{"restriction:conditional=only_left_turn", func(_ bool, at time.Time) bool { return !at.IsZero() }}, // nobody knows when
}

// binds tells whether a restriction binds at the oracle's time.
func (o *oracle) binds(rs *osm.Restriction) bool {
	if rs.Condition == 0 {
		return true
	}
	at := time.Time{}
	if o.cond != nil {
		at = o.cond.at
	}
	for _, t := range turnTexts {
		if t.text == o.net.Texts[rs.Condition] {
			return t.binds(rs.Only, at)
		}
	}
	if !at.IsZero() {
		panic("nobody has said by hand what this means: " + o.net.Texts[rs.Condition])
	}
	// Of a real map, without a time: what a key without a condition says.
	for _, line := range strings.Split(o.net.Texts[rs.Condition], "\n") {
		switch {
		case strings.HasPrefix(line, "day_"), strings.HasPrefix(line, "hour_"):
			return false
		case !strings.Contains(line, ":conditional="):
			return strings.Contains(line, "=only_") == rs.Only
		}
	}
	return false
}

func workday(at time.Time) bool { return at.Weekday() != time.Saturday && at.Weekday() != time.Sunday }

// whenTexts are times that the tests use, with what they mean.
var whenTexts = map[string]func(time.Time) bool{
	"":                  func(time.Time) bool { return true },
	"Mo-Fr 06:00-09:00": func(t time.Time) bool { return !t.IsZero() && workday(t) && t.Hour() >= 6 && t.Hour() < 9 },
	"Nov-Mar":           func(t time.Time) bool { return !t.IsZero() && (t.Month() >= 11 || t.Month() <= 3) },
	"20:00-05:30": func(t time.Time) bool {
		return !t.IsZero() && (t.Hour() >= 20 || t.Hour()*60+t.Minute() < 330)
	},
}

func rat(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }

// side of c from the line a b, in rational numbers.
func ratSide(a, b, c orb.Point) int {
	sub := func(x, y float64) *big.Rat { return new(big.Rat).Sub(rat(x), rat(y)) }
	l := new(big.Rat).Mul(sub(b[0], a[0]), sub(c[1], a[1]))
	r := new(big.Rat).Mul(sub(b[1], a[1]), sub(c[0], a[0]))
	return l.Cmp(r)
}

func inBox(a, b, p orb.Point) bool {
	return p[0] >= min(a[0], b[0]) && p[0] <= max(a[0], b[0]) && p[1] >= min(a[1], b[1]) && p[1] <= max(a[1], b[1])
}

// boundOf is around all rings: nothing keeps a hole within the first.
func boundOf(polygon orb.Polygon) orb.Bound {
	b := polygon.Bound()
	for _, ring := range polygon {
		b = b.Union(ring.Bound())
	}
	return b
}

func ratInside(area orb.MultiPolygon, p orb.Point) bool {
	for _, polygon := range area {
		if !boundOf(polygon).Contains(p) {
			continue // rational numbers are slow
		}
		odd := false
		for _, ring := range polygon {
			for i := range ring {
				a, b := ring[i], ring[(i+1)%len(ring)]
				if ratSide(a, b, p) == 0 && inBox(a, b, p) {
					return true
				}
				if (a[1] > p[1]) == (b[1] > p[1]) {
					continue
				}
				// Where the edge is at the height of p, is it to the east?
				t := new(big.Rat).Quo(new(big.Rat).Sub(rat(p[1]), rat(a[1])), new(big.Rat).Sub(rat(b[1]), rat(a[1])))
				x := new(big.Rat).Add(rat(a[0]), new(big.Rat).Mul(t, new(big.Rat).Sub(rat(b[0]), rat(a[0]))))
				if x.Cmp(rat(p[0])) > 0 {
					odd = !odd
				}
			}
		}
		if odd {
			return true
		}
	}
	return false
}

func ratTouches(area orb.MultiPolygon, p, q orb.Point) bool {
	if ratInside(area, p) || ratInside(area, q) {
		return true
	}
	for _, polygon := range area {
		if !(orb.MultiPoint{p, q}).Bound().Intersects(boundOf(polygon)) {
			continue
		}
		for _, ring := range polygon {
			for i := range ring {
				a, b := ring[i], ring[(i+1)%len(ring)]
				if ratSide(p, q, a)*ratSide(p, q, b) < 0 && ratSide(a, b, p)*ratSide(a, b, q) < 0 {
					return true
				}
				if ratSide(p, q, a) == 0 && inBox(p, q, a) {
					return true
				}
			}
		}
	}
	return false
}

func (oc *oracleCondition) area(id string) orb.MultiPolygon {
	for _, a := range oc.c.Areas {
		if a.ID == id {
			return a.Polygon
		}
	}
	panic("no area " + id)
}

func (oc *oracleCondition) ends(way, k int32) (p, q orb.Point, middle orb.Point) {
	a, b := oc.o.net.Nodes[oc.o.nodeOf(way, k)], oc.o.net.Nodes[oc.o.nodeOf(way, k+1)]
	p, q = node{a.Lon, a.Lat}.point(), node{b.Lon, b.Lat}.point()
	return p, q, orb.Point{(float64(a.Lon) + float64(b.Lon)) / 2 / 1e7, (float64(a.Lat) + float64(b.Lat)) / 2 / 1e7}
}

// selects reports whether a selection means a piece of a way; by its middle, by
// touching, or (k < 0) whether it means any piece.
func (oc *oracleCondition) selects(sel *Selection, way *osm.Way, wayIndex, k int32, byMiddle bool) bool {
	texts := oc.o.net.Texts
	if len(sel.Ways)+len(sel.Names)+len(sel.Refs) > 0 {
		found := slices.Contains(sel.Ways, way.ID)
		for _, n := range sel.Names {
			found = found || strings.EqualFold(n, texts[way.Name]) && way.Name != 0
		}
		for _, ref := range sel.Refs {
			for _, part := range strings.Split(texts[way.Ref], ";") {
				found = found || strings.EqualFold(strings.ReplaceAll(ref, " ", ""), strings.ReplaceAll(part, " ", ""))
			}
		}
		if !found {
			return false
		}
	}
	if len(sel.Classes) > 0 && !slices.Contains(sel.Classes, way.Class.String()) ||
		len(sel.Surfaces) > 0 && !slices.Contains(sel.Surfaces, way.Surface.String()) {
		return false
	}
	if len(sel.Features) > 0 {
		some := false
		for _, f := range sel.Features {
			some = some || f == "bridge" && way.Flags&osm.FlagBridge != 0 || f == "ice_road" && way.Flags&osm.FlagIceRoad != 0 ||
				f == "ferry" && way.Flags&osm.FlagFerry != 0
		}
		if !some {
			return false
		}
	}
	if sel.Area == "" {
		return true
	}
	if k < 0 {
		for i := range way.Count - 1 {
			if oc.selects(&Selection{Area: sel.Area}, way, wayIndex, i, false) {
				return true
			}
		}
		return false
	}
	key := oracleIn{sel.Area, wayIndex, k, byMiddle}
	in, known := oc.in[key]
	if !known {
		p, q, middle := oc.ends(wayIndex, k)
		if byMiddle {
			in = ratInside(oc.area(sel.Area), middle)
		} else {
			in = ratTouches(oc.area(sel.Area), p, q)
		}
		oc.in[key] = in
	}
	return in
}

type oracleKnown struct {
	ms, second int64
	ok         bool
}

// segment is the time and second quantity of a whole piece of a way.
func (oc *oracleCondition) segment(s oracleSeg) (ms, second int64, ok bool) {
	k, is := oc.known[s]
	if !is {
		k.ms, k.second, k.ok = oc.work(s)
		oc.known[s] = k
	}
	return k.ms, k.second, k.ok
}

func (oc *oracleCondition) work(s oracleSeg) (ms, second int64, ok bool) {
	original := &oc.o.net.Ways[s.way]
	way := *original
	p := oc.o.p
	mode := p.Mode
	if !oc.at.IsZero() && way.Condition != 0 {
		for _, t := range conditionTexts {
			if t.text == oc.o.net.Texts[way.Condition] {
				t.apply(&way, mode, oc.at)
			}
		}
	}
	if oc.c.IceRoads != "" {
		p.IceRoads = oc.c.IceRoads == StateOpen
	}
	if oc.c.WinterRoads != "" {
		p.WinterRoads = oc.c.WinterRoads == StateOpen
	}
	for i := range oc.c.Roads {
		r := &oc.c.Roads[i]
		if way.Flags&(osm.FlagIceRoad|osm.FlagWinter) != 0 && oc.selects(&r.Selection, original, s.way, -1, false) {
			open := r.State == StateOpen
			p.IceRoads, p.WinterRoads = open, open
		}
	}
	if !p.Passable(&way, !s.backward) {
		return 0, 0, false
	}
	for i := range oc.c.Closures {
		c := &oc.c.Closures[i]
		if c.Direction == "forward" && s.backward || c.Direction == "backward" && !s.backward {
			continue
		}
		if len(c.Modes) > 0 && !slices.Contains(c.Modes, mode.String()) || !whenTexts[c.When](oc.at) {
			continue
		}
		if oc.selects(&c.Selection, original, s.way, s.k, false) {
			return 0, 0, false
		}
	}
	length := oc.o.length(s)
	if way.Flags&osm.FlagFerry != 0 {
		ms, ok = oc.ferry(&p, original, &way, s, length)
		if oc.energy {
			length = 0
		}
		return ms, length, ok
	}
	speed := p.MetresPerHour(&way, !s.backward)
	for i := range oc.c.Speeds {
		r := &oc.c.Speeds[i]
		if len(r.Modes) > 0 && !slices.Contains(r.Modes, mode.String()) || !whenTexts[r.When](oc.at) ||
			!oc.selects(&r.Selection, original, s.way, s.k, true) {
			continue
		}
		if r.Percent != 0 {
			speed = speed * int64(r.Percent) / 100
		}
		if r.MostKMH != 0 && speed > int64(r.MostKMH)*1000 {
			speed = int64(r.MostKMH) * 1000
		}
		speed = max(speed, 1000)
	}
	percent := int64(100)
	if way.Limited&mode != 0 {
		percent += int64(p.LimitedPercent)
	}
	ms = ratCeil(new(big.Rat).SetFrac64(length*36*percent, speed))
	if oc.energy {
		e := oc.c.Energy
		per := int64(e.WhPerKM) * 1000
		for _, percent := range []int{e.Percent, e.ClassPercent[way.Class.String()], e.SurfacePercent[way.Surface.String()]} {
			if percent != 0 {
				per = ratCeil(new(big.Rat).SetFrac64(per*int64(percent), 100))
			}
		}
		length = ratCeil(new(big.Rat).SetFrac64(length*per, 1_000_000))
	}
	return ms, length, true
}

func ratCeil(x *big.Rat) int64 {
	q, rest := new(big.Int).DivMod(x.Num(), x.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q.Int64()
}

func ratShare(total, part, whole int64) int64 {
	if whole == 0 {
		return total
	}
	return ratCeil(new(big.Rat).Mul(new(big.Rat).SetInt64(total), new(big.Rat).SetFrac64(part, whole)))
}

func (oc *oracleCondition) ferry(p *osm.Profile, original, way *osm.Way, s oracleSeg, length int64) (int64, bool) {
	total := p.Millis(way, way.Millimetres, !s.backward)
	var entry *Ferry
	for i := range oc.c.Ferries {
		if oc.selects(&oc.c.Ferries[i].Selection, original, s.way, -1, false) {
			entry = &oc.c.Ferries[i]
		}
	}
	switch {
	case entry == nil:
	case entry.Stopped:
		return 0, false
	case !oc.at.IsZero():
		wait, ok := oc.wait(entry, !s.backward, p.FerryBoarding)
		if !ok {
			return 0, false
		}
		total -= int64(p.FerryBoarding) * 1000
		total += ratShare(wait*1000, way.Millimetres, oc.crossing(entry, s.way))
	}
	return ratShare(total, length, way.Millimetres), true
}

// wait tries every minute of the period and walks on to the next departure.
func (oc *oracleCondition) wait(f *Ferry, forward bool, boarding int) (seconds int64, ok bool) {
	key := fmt.Sprint(f.ID, forward)
	w, known := oc.waits[key]
	if !known {
		w.seconds, w.ok = oc.workWait(f, forward, boarding)
		oc.waits[key] = w
	}
	return w.seconds, w.ok
}

// oracleIn asks whether a piece of a way is in an area.
type oracleIn struct {
	area     string
	way, k   int32
	byMiddle bool
}

type oracleWait struct {
	seconds int64
	ok      bool
}

func (oc *oracleCondition) workWait(f *Ferry, forward bool, boarding int) (seconds int64, ok bool) {
	if f.Boarding != 0 {
		boarding = f.Boarding
	}
	since, until := oc.since, oc.until
	if since.IsZero() {
		since = oc.at
	}
	if until.IsZero() {
		until = since.Add(time.Hour)
	}
	var sum, longest, n int64
	for m := range int64(until.Sub(since) / time.Minute) {
		come := since.Add(time.Duration(m) * time.Minute)
		waits := int64(1440)
		for w := int64((boarding + 59) / 60); w <= 1440; w++ {
			if oc.departs(f, forward, come.Add(time.Duration(w)*time.Minute)) {
				waits, ok = w, true
				break
			}
		}
		sum, longest, n = sum+waits, max(longest, waits), n+1
	}
	if oc.longest || longest > 60+int64(boarding+59)/60 {
		return longest * 60, ok
	}
	return ratCeil(new(big.Rat).SetFrac64(sum*60, n)), ok
}

func (oc *oracleCondition) departs(f *Ferry, forward bool, t time.Time) bool {
	for i := range f.Services {
		s := &f.Services[i]
		if s.Direction != "" && (s.Direction == "forward") != forward {
			continue
		}
		for back := range 2 { // a service day may go on past midnight
			day := t.AddDate(0, 0, -back)
			if s.When == "Mo-Fr" && !workday(day) {
				continue
			}
			minute := t.Hour()*60 + t.Minute() + back*1440
			for _, d := range s.Departures {
				if x, _ := clock(d); x == minute {
					return true
				}
			}
			if s.Every > 0 {
				first, _ := clock(s.First)
				last, _ := clock(s.Last)
				if minute >= first && minute <= last && (minute-first)%s.Every == 0 {
					return true
				}
			}
		}
	}
	return false
}

// crossing is the length of the ways that are sailed with a way in one go.
func (oc *oracleCondition) crossing(f *Ferry, way int32) int64 {
	mine := func(w int32) bool {
		x := &oc.o.net.Ways[w]
		if x.Flags&osm.FlagFerry == 0 || !oc.selects(&f.Selection, x, w, -1, false) {
			return false
		}
		for i := slices.IndexFunc(oc.c.Ferries, func(y Ferry) bool { return y.ID == f.ID }) + 1; i < len(oc.c.Ferries); i++ {
			if oc.selects(&oc.c.Ferries[i].Selection, x, w, -1, false) {
				return false // a later entry speaks of it
			}
		}
		return true
	}
	together := []int32{way}
	for i := 0; i < len(together); i++ {
		x := &oc.o.net.Ways[together[i]]
		for _, end := range []int32{oc.o.nodeOf(together[i], 0), oc.o.nodeOf(together[i], x.Count-1)} {
			var meeting []int32
			for w := range oc.o.net.Ways {
				if y := &oc.o.net.Ways[w]; mine(int32(w)) {
					if oc.o.nodeOf(int32(w), 0) == end {
						meeting = append(meeting, int32(w))
					}
					if oc.o.nodeOf(int32(w), y.Count-1) == end {
						meeting = append(meeting, int32(w))
					}
				}
			}
			if len(meeting) != 2 || oc.o.turning[end] {
				continue
			}
			for _, w := range meeting {
				if !slices.Contains(together, w) {
					together = append(together, w)
				}
			}
		}
	}
	length := int64(0)
	for _, w := range together {
		length += oc.o.net.Ways[w].Millimetres
	}
	return length
}
