package osm

import (
	"slices"
	"strings"
)

// Understood is what the tags of one way say.
type Understood struct {
	Way       Way    // without ID, nodes and texts
	Name, Ref string // as written
	Condition string // see Way.Condition
	Bad       []Tag  // values that could not be understood; they count as not written
}

// Way understands the tags of a way. ok is false when no mode may ever use
// it: it is no road, or closed to all.
func (r *TagRules) Way(tags Tags) (u Understood, ok bool) {
	rule, known := r.class(tags)
	if !known {
		return u, false
	}
	w := &u.Way
	w.Class = rule.Class
	w.Flags = flags(tags, rule.Class)
	w.Surface = r.surface(&u, tags)
	modes := r.defaultModes(tags, rule)
	for i := range passages {
		r.allow(&u, tags, &passages[i], modes)
	}
	r.close(&u, tags)
	r.oneway(&u, tags)
	if w.Forward|w.Backward == 0 {
		return u, false
	}
	w.Limited &= w.Forward | w.Backward
	if rule.Class == Ferry {
		r.duration(&u, tags)
	} else {
		r.limits(&u, tags)
	}
	u.Name, u.Ref = text(tags.Get("name"), maxName), text(tags.Get("ref"), maxName)
	u.Condition = conditions(tags)
	return u, true
}

// classKeys are the keys that can make a way one of travel, in the order of
// their weight: a ferry is a ferry even where it also carries the road's
// highway tag, for nobody drives on it.
var classKeys = [...]string{"route", "highway", "man_made", "railway"}

func (r *TagRules) class(tags Tags) (ClassRule, bool) {
	for _, key := range classKeys {
		value := tags.word(key)
		if value == "" {
			continue
		}
		if rule, known := r.Classes[key+"="+value]; known {
			return rule, true
		}
	}
	return ClassRule{}, false
}

// defaultModes is who may use the way before access tags are looked at.
func (r *TagRules) defaultModes(tags Tags, rule ClassRule) Modes {
	modes := rule.Modes
	if tags.word("motorroad") == "yes" {
		modes &= ModeCar
	}
	// An area is drawn around its edge, which is no lane.
	if tags.word("area") == "yes" && rule.Class != Ferry {
		modes &^= ModeCar
	}
	if rule.Class == Service && tags.word("service") == "emergency_access" {
		modes &^= ModeCar
	}
	// A ferry that tells only who comes aboard without a car carries none.
	if rule.Class == Ferry && tags.Get("motorcar") == "" && tags.Get("motor_vehicle") == "" &&
		tags.Get("vehicle") == "" && (tags.Get("foot") != "" || tags.Get("bicycle") != "") {
		modes &^= ModeCar
	}
	if hike := tags.word("sac_scale"); hike != "" && hike != "strolling" {
		modes &^= ModeBicycle
		if strings.HasSuffix(hike, "alpine_hiking") {
			modes = 0
		}
	}
	return modes
}

// travel is one mode with its chain of access keys, the most specific first.
type travel struct {
	mode Modes
	keys []string
}

var travels = [...]travel{
	{ModeCar, []string{"motorcar", "motor_vehicle", "vehicle", "access"}},
	{ModeBicycle, []string{"bicycle", "vehicle", "access"}},
	{ModeFoot, []string{"foot", "access"}},
}

// passage is a mode in one direction, with the keys that are asked for: that
// of the direction before each general one.
type passage struct {
	mode    Modes
	forward bool
	keys    []accessKey
}

// accessKey is a key as it may be written, and without its direction.
type accessKey struct{ full, plain string }

// passages are written out once, for millions of ways.
var passages = func() (list []passage) {
	for _, t := range travels {
		for _, forward := range [...]bool{true, false} {
			p, suffix := passage{mode: t.mode, forward: forward}, ":backward"
			if forward {
				suffix = ":forward"
			}
			for _, key := range t.keys {
				p.keys = append(p.keys, accessKey{key + suffix, key}, accessKey{key, key})
			}
			list = append(list, p)
		}
	}
	return list
}()

// allow walks down the access keys of one mode in one direction. The most
// specific key that says something counts. access=* itself closes and limits,
// but does not open what the class closes: access=yes on a footway means
// everybody who walks.
func (r *TagRules) allow(u *Understood, tags Tags, t *passage, modes Modes) {
	access := AccessClosed
	if modes&t.mode != 0 {
		access = AccessOpen
	}
	for _, key := range t.keys {
		value := tags.Get(key.full)
		if value == "" {
			continue
		}
		meaning, known := r.access(value, t.mode)
		if !known {
			u.bad(key.full, value)
		}
		if meaning == AccessUnknown {
			continue
		}
		if meaning == AccessClosed || key.plain != "access" || access != AccessClosed {
			access = meaning
		}
		break
	}
	if access == AccessClosed {
		return
	}
	if t.forward {
		u.Way.Forward |= t.mode
	} else {
		u.Way.Backward |= t.mode
	}
	if access == AccessLimited {
		u.Way.Limited |= t.mode
	}
}

// accessNames are values that name a mode, such as access=foot: open to it
// and closed to the others.
var accessNames = map[string]Modes{
	"foot": ModeFoot, "pedestrian": ModeFoot, "pedestrians": ModeFoot, "walking": ModeFoot,
	"bicycle": ModeBicycle, "cyclists": ModeBicycle,
	"motorcar": ModeCar, "motor_vehicle": ModeCar, "car": ModeCar,
}

// access understands a value or a list of them for one mode: who is let in
// by one of them is let in.
func (r *TagRules) access(value string, mode Modes) (meaning Access, known bool) {
	for _, word := range words(value) {
		m, in := r.Access[word]
		if named, is := accessNames[word]; is && !in {
			in, m = true, AccessClosed
			if named == mode {
				m = AccessOpen
			}
		}
		known = known || in
		switch {
		case m == AccessUnknown:
		case meaning == AccessUnknown, m < meaning:
			meaning = m
		}
	}
	return meaning, known
}

// A passenger car needs this much room, metres.
const (
	carWidth  = 1.9
	carHeight = 1.7
	carWeight = 1.5 // tonnes; a limit below it is meant for pedestrians
)

// close shuts the way to wheels that cannot get through.
func (r *TagRules) close(u *Understood, tags Tags) {
	closed := Modes(0)
	switch tags.word("smoothness") {
	case "impassable":
		closed |= ModeCar | ModeBicycle
	case "very_horrible":
		closed |= ModeCar
	}
	if tags.yes("4wd_only") {
		closed |= ModeCar
	}
	if tags.yes("impassable") {
		closed |= AllModes
	}
	for _, room := range [...]struct {
		key  string
		need float64
	}{
		{"maxwidth", carWidth},
		{"maxwidth:physical", carWidth},
		{"maxheight", carHeight},
		{"maxheight:physical", carHeight},
		{"maxweight", carWeight},
	} {
		value := tags.word(room.key)
		if value == "" {
			continue
		}
		if room.key == "maxweight" {
			value = strings.TrimSpace(strings.TrimSuffix(value, "t"))
		}
		// Words such as "default" and "below_default" are no limit for a car.
		if have, ok := parseMetres(value); ok && have < room.need {
			closed |= ModeCar
		}
	}
	u.Way.Forward &^= closed
	u.Way.Backward &^= closed
}

func (r *TagRules) surface(u *Understood, tags Tags) Surface {
	surface := SurfaceUnknown
	if values := words(tags.Get("surface")); len(values) > 0 {
		// Of a list, the worst: it is met on the way.
		for _, value := range values {
			s, known := r.Surfaces[value]
			if base, _, cut := strings.Cut(value, ":"); !known && cut {
				s, known = r.Surfaces[base] // concrete:something
			}
			if !known {
				u.bad("surface", value)
			}
			surface = max(surface, s)
		}
	} else if u.Way.Class == Track {
		surface = r.TrackTypes[tags.word("tracktype")]
	}
	if u.Way.Flags&FlagIceRoad != 0 {
		return Ice
	}
	switch tags.word("smoothness") {
	case "bad", "very_bad":
		surface = max(surface, Unpaved)
	case "horrible", "very_horrible", "impassable":
		surface = max(surface, Mud)
	}
	return surface
}

func (r *TagRules) duration(u *Understood, tags Tags) {
	value := tags.Get("duration")
	if value == "" {
		return
	}
	seconds, ok := ParseDuration(value)
	if !ok {
		u.bad("duration", value)
	}
	u.Way.Duration = seconds
}

// limits reads the posted speed in both directions: the key for the
// direction, the general one, and then the keys that only name the zone.
func (r *TagRules) limits(u *Understood, tags Tags) {
	read := func(keys ...string) uint8 {
		for _, key := range keys {
			value := tags.Get(key)
			// source:maxspeed mostly names a source ("sign", "survey").
			if value == "" || key == "source:maxspeed" && !strings.Contains(value, ":") {
				continue
			}
			kmh, ok := r.ParseSpeed(value)
			if !ok {
				if key != "source:maxspeed" && key != "maxspeed:type" {
					u.bad(key, value)
				}
				continue
			}
			return uint8(kmh)
		}
		return 0
	}
	u.Way.Speed.Forward = read("maxspeed:motorcar", "maxspeed:forward", "maxspeed", "maxspeed:lanes:forward",
		"maxspeed:lanes", "maxspeed:type", "zone:maxspeed", "source:maxspeed")
	u.Way.Speed.Backward = read("maxspeed:motorcar", "maxspeed:backward", "maxspeed", "maxspeed:lanes:backward",
		"maxspeed:lanes", "maxspeed:type", "zone:maxspeed", "source:maxspeed")
}

func flags(tags Tags, class Class) Flags {
	var f Flags
	set := func(flag Flags, on bool) {
		if on {
			f |= flag
		}
	}
	junction := tags.word("junction")
	set(FlagFerry, class == Ferry)
	set(FlagRoundabout, junction == "roundabout" || junction == "circular")
	set(FlagBridge, tags.yes("bridge"))
	set(FlagTunnel, tags.yes("tunnel"))
	set(FlagIceRoad, tags.yes("ice_road"))
	seasonal := tags.word("seasonal")
	set(FlagWinter, tags.yes("winter_road") || seasonal == "winter")
	set(FlagSeasonal, seasonal != "" && seasonal != "no" && seasonal != "winter")
	set(FlagToll, tags.yes("toll"))
	set(FlagModelled, tags.yes("slinga:modelled"))
	return f
}

// conditionKeys are kept as written besides every *:conditional of a key
// that matters for travel.
var conditionKeys = [...]string{
	"ice_road", "interval", "opening_hours", "oneway", "seasonal", "snowplowing", "winter_road",
}

var conditionalOf = [...]string{
	"access", "bicycle", "duration", "foot", "ice_road", "maxspeed", "motor_vehicle", "motorcar",
	"oneway", "seasonal", "vehicle", "winter_road",
}

// conditions gathers the conditional and seasonal tags in the order of their
// keys.
func conditions(tags Tags) string {
	var lines []string
	for _, t := range tags {
		base, conditional := strings.CutSuffix(t.Key, ":conditional")
		keep := false
		if conditional {
			key, _, _ := strings.Cut(base, ":")
			keep = slices.Contains(conditionalOf[:], key)
		} else if slices.Contains(conditionKeys[:], t.Key) {
			// A plain oneway=yes is understood; one that changes is kept.
			keep = t.Key != "oneway" && tags.yes(t.Key) || t.Value == "reversible" || t.Value == "alternating"
		}
		if keep {
			lines = append(lines, t.Key+"="+text(t.Value, maxCondition))
		}
	}
	slices.Sort(lines)
	return text(strings.Join(lines, "\n"), 4*maxCondition)
}

// The longest texts that are kept, bytes. OpenStreetMap itself allows 255
// characters a value.
const (
	maxName      = 255 * 4
	maxCondition = 255 * 4
)

// text makes a value from a file safe to keep: valid UTF-8 of bounded length.
func text(value string, most int) string {
	if len(value) > most {
		value = value[:most]
	}
	return strings.ToValidUTF8(value, "")
}

func (u *Understood) bad(key, value string) {
	tag := Tag{key, text(value, 60)}
	if !slices.Contains(u.Bad, tag) {
		u.Bad = append(u.Bad, tag)
	}
}
