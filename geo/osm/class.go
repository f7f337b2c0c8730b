package osm

import (
	"fmt"
	"strings"
)

// classNames are the names used in profiles and messages: the value of the
// highway tag, and "ferry".
var classNames = [NumClasses]string{
	ClassNone: "none", Motorway: "motorway", MotorwayLink: "motorway_link",
	Trunk: "trunk", TrunkLink: "trunk_link", Primary: "primary", PrimaryLink: "primary_link",
	Secondary: "secondary", SecondaryLink: "secondary_link", Tertiary: "tertiary",
	TertiaryLink: "tertiary_link", Unclassified: "unclassified", Residential: "residential",
	LivingStreet: "living_street", Service: "service", Road: "road", Track: "track",
	Pedestrian: "pedestrian", Footway: "footway", Cycleway: "cycleway", Bridleway: "bridleway",
	Steps: "steps", Path: "path", Ferry: "ferry",
}

var surfaceNames = [NumSurfaces]string{
	SurfaceUnknown: "unknown", Paved: "paved", Compacted: "compacted", Gravel: "gravel",
	Unpaved: "unpaved", Mud: "mud", Ice: "ice",
}

// String returns the name of the class as the highway tag writes it.
func (c Class) String() string {
	if c < NumClasses {
		return classNames[c]
	}
	return fmt.Sprintf("Class(%d)", uint8(c))
}

// ParseClass is the inverse of Class.String. ClassNone has no name to parse.
func ParseClass(name string) (Class, bool) {
	for c := Motorway; c < NumClasses; c++ {
		if classNames[c] == name {
			return c, true
		}
	}
	return ClassNone, false
}

// String returns the name of the surface.
func (s Surface) String() string {
	if s < NumSurfaces {
		return surfaceNames[s]
	}
	return fmt.Sprintf("Surface(%d)", uint8(s))
}

// ParseSurface is the inverse of Surface.String.
func ParseSurface(name string) (Surface, bool) {
	for s := SurfaceUnknown; s < NumSurfaces; s++ {
		if surfaceNames[s] == name {
			return s, true
		}
	}
	return SurfaceUnknown, false
}

// modeNames are in the order of the bits.
var modeNames = [...]string{"car", "bicycle", "foot"}

// AllModes is every mode that there is.
const AllModes = ModeCar | ModeBicycle | ModeFoot

// String lists the modes of the set, such as "car+foot", or "none".
func (m Modes) String() string {
	if m&AllModes == 0 {
		return "none"
	}
	var b strings.Builder
	for i, name := range modeNames {
		if m&(1<<i) == 0 {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('+')
		}
		b.WriteString(name)
	}
	return b.String()
}

// ParseMode is the inverse of Modes.String for a single mode.
func ParseMode(name string) (Modes, bool) {
	for i, n := range modeNames {
		if n == name {
			return 1 << i, true
		}
	}
	return 0, false
}
