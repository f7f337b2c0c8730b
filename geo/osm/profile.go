package osm

import (
	"errors"
	"fmt"
)

// Profile says how fast one mode travels on what, and what it stays off. It
// is data: change a copy, or read one from JSON with ReadProfile. Speeds are
// whole km/h, shares whole percent.
type Profile struct {
	Name string
	Mode Modes // exactly one

	// Speed is what is driven where no limit is posted, by class. 0 keeps
	// the mode off the class, whatever the tags allow. Of Ferry only 0 or not
	// 0 counts; see FerrySpeed.
	Speed [NumClasses]int
	// Most is the highest speed by class even where a higher limit is
	// posted: the general limit of a farm track says little. 0: no ceiling.
	Most [NumClasses]int
	// LimitPercent is the share of a posted limit that is driven on average.
	// 0: limits do not matter to this mode.
	LimitPercent int
	// SurfacePercent slows down by surface; 100 is a dry paved road.
	SurfacePercent [NumSurfaces]int
	// SpeedPercent slows down everything on the road (not on ferries): the
	// season, the weather. 100 is bare road.
	SpeedPercent int
	// LimitedPercent is extra time on ways that are only for reaching
	// something (private, destination). They lead to homes but make no short
	// cuts.
	LimitedPercent int

	Ferries       bool // may use ferries
	FerrySpeed    int  // where the file states no duration
	FerryBoarding int  // seconds for waiting and boarding, once per ferry way

	IceRoads    bool // ice roads are open
	IceSpeed    int  // highest speed on them; 0: no ceiling
	WinterRoads bool // winter roads are open
}

// CarProfile is an ordinary passenger car in Sweden on bare road.
//
// Default speeds are means over a drive, not limits: junctions, bends and
// meeting places are in them. Outside towns the general limit is 70, which
// tertiary roads nearly reach; an unclassified road is usually narrow and of
// gravel. In towns it is 50, of which a residential street allows 35. A posted
// limit is driven at 95 percent on average.
func CarProfile() Profile {
	p := Profile{
		Name: "car", Mode: ModeCar,
		LimitPercent: 95, SpeedPercent: 100, LimitedPercent: 50,
		Ferries: true, FerrySpeed: 15, FerryBoarding: 300,
		IceSpeed: 30, // the limit on public ice roads in Sweden
	}
	p.Speed = [NumClasses]int{
		Motorway: 105, MotorwayLink: 60, Trunk: 85, TrunkLink: 50, Primary: 80, PrimaryLink: 50,
		Secondary: 70, SecondaryLink: 45, Tertiary: 65, TertiaryLink: 40, Unclassified: 55,
		Residential: 35, LivingStreet: 7, Service: 20, Road: 40, Track: 20,
		// These carry cars only where a tag says so: the lane to a house.
		Pedestrian: 7, Footway: 7, Cycleway: 10, Bridleway: 10, Path: 10, Ferry: 15,
	}
	p.Most = [NumClasses]int{
		LivingStreet: 7, Service: 30, Track: 30, Pedestrian: 7, Footway: 7, Cycleway: 10,
		Bridleway: 10, Path: 10,
	}
	p.SurfacePercent = [NumSurfaces]int{
		SurfaceUnknown: 100, Paved: 100, Compacted: 95, Gravel: 85, Unpaved: 75, Mud: 50, Ice: 70,
	}
	return p
}

// BicycleProfile is a calm cyclist on an ordinary bicycle.
func BicycleProfile() Profile {
	p := Profile{
		Name: "bicycle", Mode: ModeBicycle,
		SpeedPercent: 100, LimitedPercent: 20,
		Ferries: true, FerrySpeed: 15, FerryBoarding: 300, IceSpeed: 10,
	}
	for c := Trunk; c <= Road; c++ {
		p.Speed[c] = 16
	}
	p.Speed[Motorway], p.Speed[MotorwayLink] = 16, 16 // only where a tag allows it
	p.Speed[Service], p.Speed[LivingStreet], p.Speed[Track] = 14, 10, 12
	p.Speed[Cycleway], p.Speed[Path], p.Speed[Pedestrian], p.Speed[Footway] = 16, 10, 6, 6
	p.Speed[Bridleway], p.Speed[Ferry] = 8, 15
	p.SurfacePercent = [NumSurfaces]int{
		SurfaceUnknown: 100, Paved: 100, Compacted: 90, Gravel: 80, Unpaved: 70, Mud: 45, Ice: 60,
	}
	return p
}

// FootProfile is a person walking at an even pace, 5 km/h on paved ground.
func FootProfile() Profile {
	p := Profile{
		Name: "foot", Mode: ModeFoot,
		SpeedPercent: 100, LimitedPercent: 10,
		Ferries: true, FerrySpeed: 15, FerryBoarding: 300,
	}
	for c := Motorway; c < NumClasses; c++ {
		p.Speed[c] = 5
	}
	p.Speed[Steps], p.Speed[Path], p.Speed[Ferry] = 2, 4, 15
	p.SurfacePercent = [NumSurfaces]int{
		SurfaceUnknown: 100, Paved: 100, Compacted: 100, Gravel: 95, Unpaved: 90, Mud: 70, Ice: 60,
	}
	return p
}

// Passable reports whether the profile may travel the way in the direction:
// the tags let the mode in, the class has a speed, and ferries, ice roads and
// winter roads are open. Other seasonal ways (FlagSeasonal) and ways with a
// condition count as open; who knows the date can say otherwise.
func (p *Profile) Passable(w *Way, forward bool) bool {
	allowed := w.Backward
	if forward {
		allowed = w.Forward
	}
	switch {
	case allowed&p.Mode == 0, w.Class >= NumClasses, p.Speed[w.Class] <= 0:
		return false
	case w.Flags&FlagFerry != 0 && !p.Ferries:
		return false
	case w.Flags&FlagIceRoad != 0 && !p.IceRoads:
		return false
	case w.Flags&FlagIceRoad == 0 && w.Flags&FlagWinter != 0 && !p.WinterRoads:
		return false
	}
	return true
}

// Millis is the travel time of a piece of the way of the given length, in
// whole milliseconds, rounded up. It means something only where Passable.
//
// On a road it is the length over MetresPerHour, with LimitedPercent on top.
// On a ferry it is the piece's Share by length of the whole way's time, that
// is the stated duration, or the length at FerrySpeed, and FerryBoarding. So
// every segment is rounded up on its own, and whoever adds up segments gets
// the same sum.
func (p *Profile) Millis(w *Way, millimetres int64, forward bool) int64 {
	if w.Flags&FlagFerry != 0 {
		return Share(p.ferryMillis(w), millimetres, w.Millimetres)
	}
	speed := p.MetresPerHour(w, forward)
	percent := int64(100)
	if w.Limited&p.Mode != 0 {
		percent += int64(p.LimitedPercent)
	}
	// One metre per hour is one millimetre in 3600 milliseconds.
	return ceilDiv(millimetres*36*percent, speed)
}

// ferryMillis is the time of the whole ferry way.
func (p *Profile) ferryMillis(w *Way) int64 {
	crossing := int64(w.Duration) * 1000
	if crossing <= 0 {
		crossing = ceilDiv(w.Millimetres*3600, max(int64(p.FerrySpeed), 1)*1000)
	}
	return crossing + int64(p.FerryBoarding)*1000
}

// MetresPerHour is the speed on a road way in the direction, at least 1000.
// The posted limit (its driven share) or the class's default; not more than
// the class's ceiling; less by surface and season; on ice roads at most
// IceSpeed. Every step rounds down, which makes times longer, never shorter.
func (p *Profile) MetresPerHour(w *Way, forward bool) int64 {
	limit := w.Speed.Backward
	if forward {
		limit = w.Speed.Forward
	}
	speed := int64(p.Speed[w.Class]) * 1000
	if limit > 0 && p.LimitPercent > 0 {
		speed = int64(limit) * 10 * int64(p.LimitPercent)
		if most := int64(p.Most[w.Class]) * 1000; most > 0 {
			speed = min(speed, most)
		}
	}
	surface := SurfaceUnknown
	if w.Surface < NumSurfaces {
		surface = w.Surface
	}
	speed = speed * int64(p.SurfacePercent[surface]) / 100
	speed = speed * int64(p.SpeedPercent) / 100
	if w.Flags&FlagIceRoad != 0 && p.IceSpeed > 0 {
		speed = min(speed, int64(p.IceSpeed)*1000)
	}
	return max(speed, 1000)
}

// ceilDiv divides rounding up; both are at least 0 and by is at least 1.
func ceilDiv(n, by int64) int64 { return (n + by - 1) / by }

// ErrProfile marks a profile that cannot be used.
var ErrProfile = errors.New("osm: bad profile")

// The bounds of a sensible profile. They keep all products within 64 bits.
const (
	maxProfileSpeed   = 300
	maxProfilePercent = 1000
	maxBoarding       = 86400
)

// Validate reports everything that is wrong with the profile, each with the
// name of its field.
func (p *Profile) Validate() error {
	var errs []error
	bad := func(field, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%w: %s: %s", ErrProfile, field, fmt.Sprintf(format, args...)))
	}
	within := func(field string, value, low, high int) {
		if value < low || value > high {
			bad(field, "%d is not within %d and %d", value, low, high)
		}
	}
	if p.Name == "" {
		bad("name", "is empty")
	}
	if p.Mode != ModeCar && p.Mode != ModeBicycle && p.Mode != ModeFoot {
		bad("mode", "must be one of car, bicycle, foot")
	}
	some := 0
	for c := Motorway; c < NumClasses; c++ {
		within("speed."+c.String(), p.Speed[c], 0, maxProfileSpeed)
		within("most."+c.String(), p.Most[c], 0, maxProfileSpeed)
		some = max(some, p.Speed[c])
	}
	if some == 0 {
		bad("speed", "no class has a speed, so nothing can be reached")
	}
	for s := SurfaceUnknown; s < NumSurfaces; s++ {
		within("surface_percent."+s.String(), p.SurfacePercent[s], 1, maxProfilePercent)
	}
	within("limit_percent", p.LimitPercent, 0, maxProfilePercent)
	within("speed_percent", p.SpeedPercent, 1, maxProfilePercent)
	within("limited_percent", p.LimitedPercent, 0, maxProfilePercent)
	within("ferry_boarding", p.FerryBoarding, 0, maxBoarding)
	within("ice_speed", p.IceSpeed, 0, maxProfileSpeed)
	low := 0
	if p.Ferries {
		low = 1
	}
	within("ferry_speed", p.FerrySpeed, low, maxProfileSpeed)
	return errors.Join(errs...)
}
