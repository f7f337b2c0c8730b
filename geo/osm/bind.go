package osm

import (
	"slices"
	"strings"
	"time"
)

// Conditions is what the conditional and seasonal tags of a way say; see
// Way.Condition.
type Conditions struct {
	tags []conditionTag
	bad  []string // tags that could not be understood, "key=value"
}

// conditionTag is one of the tags, cut into the parts of its key.
type conditionTag struct {
	text      string // "key=value"
	base      string // access, motor_vehicle, maxspeed, oneway, seasonal, opening_hours, ...
	directed  bool   // :forward or :backward
	forward   bool
	vehicle   string // maxspeed:motorcar:conditional
	choices   []Choice
	hours     Hours    // opening_hours
	seasons   []string // seasonal
	undecided bool     // understood, and about what nobody can tell
}

// ParseConditions reads the text that a way keeps.
func ParseConditions(text string) Conditions {
	var c Conditions
	for line := range strings.SplitSeq(text, "\n") {
		key, value, found := strings.Cut(line, "=")
		if !found {
			continue
		}
		t := conditionTag{text: line}
		full, conditional := strings.CutSuffix(key, ":conditional")
		parts := strings.Split(full, ":")
		t.base = parts[0]
		foreign := false
		for _, p := range parts[1:] {
			switch _, vehicle := restrictionVehicles[p]; {
			case p == "forward" || p == "backward":
				t.directed, t.forward = true, p == "forward"
			case vehicle && t.vehicle == "":
				t.vehicle = p
			default:
				foreign = true // lanes, hgv, bus: not about us
			}
		}
		var err error
		switch {
		case foreign:
			continue
		case conditional:
			t.choices, err = ParseConditional(value)
			switch t.base {
			case "seasonal", "duration", "ice_road", "winter_road":
				t.undecided = true // what that would say is not agreed on
			}
		case t.base == "opening_hours":
			t.hours, err = ParseHours(value)
		case t.base == "seasonal":
			for _, w := range words(value) {
				if _, known := seasonWords[w]; !known {
					t.undecided = true
				}
				t.seasons = append(t.seasons, w)
			}
			t.undecided = t.undecided || len(t.seasons) == 0
		case t.base == "oneway":
			t.undecided = true // reversible, and nobody says when
		default:
			continue // ice_road, winter_road, snowplowing, interval: not about dates
		}
		if err != nil {
			c.bad = append(c.bad, line)
			continue
		}
		c.tags = append(c.tags, t)
	}
	return c
}

// Minutes lists the minutes of a day at which the conditions may change; see
// Hours.Minutes.
func (c *Conditions) Minutes() []int {
	var all []int
	for i := range c.tags {
		all = append(all, c.tags[i].hours.Minutes()...)
		for _, choice := range c.tags[i].choices {
			for _, test := range choice.When {
				all = append(all, test.hours.Minutes()...)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Bind changes the way to what it is at the instant for one mode, and lists
// the tags ("key=value") of which that cannot be told; they bind nobody.
//
// The conditional key that names the mode most closely counts (motor_vehicle
// before access), in its direction before both. What it closes is closed and
// what it limits is limited. What it opens is open where the way's other tags
// open it too, limited or not: a road that is closed but for some hours has no
// place in the map, and such a tag is listed. oneway:conditional closes a
// direction in the same way, opening_hours and seasonal both directions.
// maxspeed:conditional posts a speed.
func (c *Conditions) Bind(w *Way, mode Modes, at time.Time, rules *TagRules) (undecided []string) {
	undecided = append(undecided, c.bad...)
	c.access(w, mode, at, rules, &undecided)
	for i := range c.tags {
		t := &c.tags[i]
		if t.undecided {
			undecided = append(undecided, t.text)
			continue
		}
		switch t.base {
		case "oneway":
			if mode != ModeFoot && t.meant(mode) {
				c.oneway(w, mode, at, t, &undecided)
			}
		case "opening_hours":
			if !t.hours.Holds(at) {
				w.close(mode, true, true)
			}
		case "seasonal":
			if !slices.ContainsFunc(t.seasons, func(s string) bool { return seasonHas(s, at) }) {
				w.close(mode, true, true)
			}
		}
	}
	// A speed for one direction counts before one for both.
	for _, directed := range [...]bool{false, true} {
		for i := range c.tags {
			if t := &c.tags[i]; t.base == "maxspeed" && t.directed == directed && t.choices != nil && t.meant(mode) {
				c.speed(w, at, rules, t, &undecided)
			}
		}
	}
	slices.Sort(undecided)
	return slices.Compact(undecided)
}

func seasonHas(season string, at time.Time) bool {
	y, m, d := at.Date()
	return seasonWords[season].has(monthDay{y, int(m), d})
}

// meant reports whether a tag for one kind of vehicle is about the mode.
func (t *conditionTag) meant(mode Modes) bool {
	return t.vehicle == "" || restrictionVehicles[t.vehicle]&mode != 0
}

func (w *Way) close(mode Modes, forward, backward bool) {
	if forward {
		w.Forward &^= mode
	}
	if backward {
		w.Backward &^= mode
	}
}

// access walks down the keys of the mode, for both directions.
func (c *Conditions) access(w *Way, mode Modes, at time.Time, rules *TagRules, undecided *[]string) {
	keys := travels[slices.IndexFunc(travels[:], func(t travel) bool { return t.mode == mode })].keys
	for _, forward := range [...]bool{true, false} {
		t, value := c.closest(keys, forward, at, undecided)
		if t == nil {
			continue
		}
		open := w.Backward&mode != 0
		if forward {
			open = w.Forward&mode != 0
		}
		switch meaning, _ := rules.access(value, mode); {
		case meaning == AccessClosed:
			w.close(mode, forward, !forward)
		case meaning == AccessUnknown:
			*undecided = append(*undecided, t.text)
		case !open:
			*undecided = append(*undecided, t.text)
		case meaning == AccessLimited:
			w.Limited |= mode
		default:
			w.Limited &^= mode
		}
	}
}

// closest is the tag that says most closely what counts in the direction, and
// the value it has at the instant; nil if none says anything.
func (c *Conditions) closest(keys []string, forward bool, at time.Time, undecided *[]string) (*conditionTag, string) {
	for _, key := range keys {
		for _, directed := range [...]bool{true, false} {
			for i := range c.tags {
				t := &c.tags[i]
				if t.base != key || t.vehicle != "" || t.directed != directed || directed && t.forward != forward || t.choices == nil {
					continue
				}
				switch value, answer := Choose(t.choices, at); answer {
				case Yes:
					return t, value
				case Unknown:
					*undecided = append(*undecided, t.text)
					return nil, ""
				}
			}
		}
	}
	return nil, ""
}

func (c *Conditions) oneway(w *Way, mode Modes, at time.Time, t *conditionTag, undecided *[]string) {
	value, answer := Choose(t.choices, at)
	switch answer {
	case Unknown:
		*undecided = append(*undecided, t.text)
	case Yes:
		switch d, ok := parseOneway(value); {
		case !ok:
			*undecided = append(*undecided, t.text)
		case d == directionForward:
			w.close(mode, false, true)
		case d == directionBackward:
			w.close(mode, true, false)
		case d == directionNone:
			w.close(mode, true, true)
		case w.Forward&mode == 0 || w.Backward&mode == 0:
			*undecided = append(*undecided, t.text) // a direction that the map does not have
		}
	}
}

func (c *Conditions) speed(w *Way, at time.Time, rules *TagRules, t *conditionTag, undecided *[]string) {
	value, answer := Choose(t.choices, at)
	if answer == No {
		return
	}
	kmh, ok := rules.ParseSpeed(value)
	if answer == Unknown || !ok {
		*undecided = append(*undecided, t.text)
		return
	}
	if !t.directed || t.forward {
		w.Speed.Forward = uint8(kmh)
	}
	if !t.directed || !t.forward {
		w.Speed.Backward = uint8(kmh)
	}
}
