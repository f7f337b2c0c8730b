package osm

import "strings"

// direction is what a oneway tag says.
type direction uint8

const (
	directionUnsaid direction = iota
	directionBoth
	directionForward
	directionBackward
	directionNone
)

// parseOneway reads oneway in all its forms. A reversible road changes
// direction by the hour, so a plan cannot rely on either: it is closed.
// alternating means that traffic takes turns: both ways, after a wait.
func parseOneway(value string) (d direction, ok bool) {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "":
		return directionUnsaid, true
	case "yes", "true", "1", "forward":
		return directionForward, true
	case "-1", "reverse", "backward":
		return directionBackward, true
	case "no", "false", "0", "alternating", "bothways":
		return directionBoth, true
	case "reversible":
		return directionNone, true
	}
	return directionUnsaid, false
}

// oneway takes modes out of the direction that they may not travel.
//
// A roundabout and a motorway go one way unless oneway=no; a motorway_link
// does not, for many carry both directions. People on foot walk both ways
// everywhere, except that they go where the ferry goes. Bicycles obey
// oneway:bicycle first, and a cycleway against the traffic (cycleway=opposite,
// opposite_lane, ...) opens the other direction for them.
func (r *TagRules) oneway(u *Understood, tags Tags) {
	implied := directionBoth
	if u.Way.Flags&FlagRoundabout != 0 || u.Way.Class == Motorway {
		implied = directionForward
	}
	first := func(keys ...string) direction {
		for _, key := range keys {
			value := tags.Get(key)
			d, ok := parseOneway(value)
			if !ok {
				u.bad(key, value)
			}
			if d != directionUnsaid {
				return d
			}
		}
		return implied
	}
	general := first("oneway:vehicle", "oneway")
	u.take(ModeCar, first("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway"))
	bicycle := directionBoth
	if tags.word("oneway:bicycle") != "opposite" {
		bicycle = first("oneway:bicycle", "bicycle:oneway", "oneway:vehicle", "oneway")
	}
	if tags.Get("oneway:bicycle") == "" && tags.Get("bicycle:oneway") == "" && contraflow(tags, general) {
		bicycle = directionBoth
	}
	u.take(ModeBicycle, bicycle)
	if u.Way.Class == Ferry {
		u.take(ModeFoot, general)
	}
}

func (u *Understood) take(mode Modes, d direction) {
	if d == directionForward || d == directionNone {
		u.Way.Backward &^= mode
	}
	if d == directionBackward || d == directionNone {
		u.Way.Forward &^= mode
	}
}

// contraflow reports whether a cycleway leads against the oneway traffic.
func contraflow(tags Tags, general direction) bool {
	if general != directionForward && general != directionBackward {
		return false
	}
	for _, key := range [...]string{"cycleway", "cycleway:both", "cycleway:left", "cycleway:right"} {
		if strings.HasPrefix(tags.word(key), "opposite") {
			return true
		}
		// A lane of its own direction: cycleway:left:oneway=-1 beside a
		// oneway road that goes forward.
		switch d, _ := parseOneway(tags.Get(key + ":oneway")); {
		case key == "cycleway":
		case d == directionBoth, d == directionForward && general == directionBackward,
			d == directionBackward && general == directionForward:
			if v := tags.word(key); v != "" && v != "no" && v != "separate" {
				return true
			}
		}
	}
	if open := tags.word("bicycle:backward"); general == directionForward && (open == "yes" || open == "designated") {
		return true
	}
	open := tags.word("bicycle:forward")
	return general == directionBackward && (open == "yes" || open == "designated")
}
