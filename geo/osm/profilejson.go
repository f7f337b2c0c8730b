package osm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// profileJSON is the written form of a Profile: classes and surfaces by name.
// A class that is not named has no speed, a surface that is not named counts
// as a dry paved road.
type profileJSON struct {
	Name           string         `json:"name"`
	Mode           string         `json:"mode"`
	Speed          map[string]int `json:"speed_kmh"`
	Most           map[string]int `json:"most_kmh,omitempty"`
	LimitPercent   int            `json:"limit_percent"`
	SurfacePercent map[string]int `json:"surface_percent,omitempty"`
	SpeedPercent   *int           `json:"speed_percent,omitempty"`
	LimitedPercent int            `json:"limited_percent"`
	Ferries        bool           `json:"ferries"`
	FerrySpeed     int            `json:"ferry_speed_kmh"`
	FerryBoarding  int            `json:"ferry_boarding_seconds"`
	IceRoads       bool           `json:"ice_roads"`
	IceSpeed       int            `json:"ice_speed_kmh"`
	WinterRoads    bool           `json:"winter_roads"`
}

// MarshalJSON writes the profile with the names of classes and surfaces.
func (p Profile) MarshalJSON() ([]byte, error) {
	j := profileJSON{
		Name: p.Name, Mode: p.Mode.String(), Speed: map[string]int{}, Most: map[string]int{},
		LimitPercent: p.LimitPercent, SurfacePercent: map[string]int{}, SpeedPercent: &p.SpeedPercent,
		LimitedPercent: p.LimitedPercent, Ferries: p.Ferries, FerrySpeed: p.FerrySpeed,
		FerryBoarding: p.FerryBoarding, IceRoads: p.IceRoads, IceSpeed: p.IceSpeed,
		WinterRoads: p.WinterRoads,
	}
	for c := Motorway; c < NumClasses; c++ {
		if p.Speed[c] != 0 {
			j.Speed[c.String()] = p.Speed[c]
		}
		if p.Most[c] != 0 {
			j.Most[c.String()] = p.Most[c]
		}
	}
	for s := SurfaceUnknown; s < NumSurfaces; s++ {
		j.SurfacePercent[s.String()] = p.SurfacePercent[s]
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes. Unknown fields, classes and
// surfaces are refused by name. It does not Validate; ReadProfile does.
func (p *Profile) UnmarshalJSON(data []byte) error {
	var j profileJSON
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&j); err != nil {
		return fmt.Errorf("%w: %w", ErrProfile, err)
	}
	mode, ok := ParseMode(j.Mode)
	if !ok {
		return fmt.Errorf("%w: mode: %q is none of car, bicycle, foot", ErrProfile, text(j.Mode, 40))
	}
	q := Profile{
		Name: j.Name, Mode: mode, LimitPercent: j.LimitPercent, SpeedPercent: 100,
		LimitedPercent: j.LimitedPercent, Ferries: j.Ferries, FerrySpeed: j.FerrySpeed,
		FerryBoarding: j.FerryBoarding, IceRoads: j.IceRoads, IceSpeed: j.IceSpeed,
		WinterRoads: j.WinterRoads,
	}
	if j.SpeedPercent != nil {
		q.SpeedPercent = *j.SpeedPercent
	}
	for _, table := range []struct {
		field string
		from  map[string]int
		to    *[NumClasses]int
	}{{"speed_kmh", j.Speed, &q.Speed}, {"most_kmh", j.Most, &q.Most}} {
		for name, kmh := range table.from {
			class, ok := ParseClass(name)
			if !ok {
				return unknownName(table.field, table.from, func(n string) bool { _, ok := ParseClass(n); return ok })
			}
			table.to[class] = kmh
		}
	}
	for s := range q.SurfacePercent {
		q.SurfacePercent[s] = 100
	}
	for name, percent := range j.SurfacePercent {
		surface, ok := ParseSurface(name)
		if !ok {
			return unknownName("surface_percent", j.SurfacePercent, func(n string) bool { _, ok := ParseSurface(n); return ok })
		}
		q.SurfacePercent[surface] = percent
	}
	*p = q
	return nil
}

// unknownName names the first unknown key in the order of the alphabet, so
// that the message is the same every time.
func unknownName(field string, table map[string]int, known func(string) bool) error {
	least := ""
	for name := range table {
		if !known(name) && (least == "" || name < least) {
			least = name
		}
	}
	return fmt.Errorf("%w: %s: %q is not known", ErrProfile, field, text(least, 40))
}

// maxProfileBytes is far more than a profile needs.
const maxProfileBytes = 1 << 20

// ReadProfile reads one profile in JSON and validates it. name stands in
// messages.
func ReadProfile(r io.Reader, name string) (Profile, error) {
	var p Profile
	data, err := io.ReadAll(io.LimitReader(r, maxProfileBytes+1))
	if err != nil {
		return p, fmt.Errorf("%w: %s: %w", ErrProfile, name, err)
	}
	if len(data) > maxProfileBytes {
		return p, fmt.Errorf("%w: %s: more than %d bytes", ErrProfile, name, maxProfileBytes)
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return Profile{}, fmt.Errorf("%s: %w", name, err)
	}
	if err := p.Validate(); err != nil {
		return Profile{}, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}
