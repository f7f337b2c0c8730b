package geo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/slinga-se/slinga/geo/osm"
)

// Preset is a metric by name that a region file carries: whose travel, under
// which condition, best by what. So those who share a map share its winter, its
// closed bridge and its electric car too. It holds no weights (see
// docs/design/0005-road-matrices.md): a metric is made of it in milliseconds.
type Preset struct {
	Name      string      `json:"name"`           // 1 to 80 characters, none of them a control character
	Text      string      `json:"text,omitempty"` // for people
	Profile   osm.Profile `json:"profile"`
	Condition *Condition  `json:"condition,omitempty"` // nil: nothing is the matter
	Shortest  bool        `json:"shortest,omitempty"`  // see MetricOptions
	Second    Quantity    `json:"second,omitempty"`    // see MetricOptions
}

// ErrPreset marks a preset that cannot be kept, or is not there.
var ErrPreset = errors.New("geo: preset")

// Options are what Region.MetricWith needs beside the profile, at an instant;
// zero: nothing that has a time binds.
func (p *Preset) Options(at time.Time) MetricOptions {
	return MetricOptions{Shortest: p.Shortest, Second: p.Second, Condition: p.Condition, At: at}
}

// Presets lists what the region carries, by name. They are shared: change none
// of what they point to.
func (r *Region) Presets() []Preset {
	if r.acquire() != nil {
		return nil
	}
	defer r.mu.RUnlock()
	return slices.Clone(r.presets)
}

// Preset finds a preset by its name. The error wraps ErrPreset and lists the
// names that there are.
func (r *Region) Preset(name string) (Preset, error) {
	list := r.Presets()
	var names []string
	for i := range list {
		if list[i].Name == name {
			return list[i], nil
		}
		names = append(names, fmt.Sprintf("%q", list[i].Name))
	}
	if len(names) == 0 {
		return Preset{}, fmt.Errorf("%w %q: the map carries none", ErrPreset, name)
	}
	return Preset{}, fmt.Errorf("%w %q: is not in the map, which has %s", ErrPreset, name, strings.Join(names, ", "))
}

// Keep adds a preset to the region, in place of one of the same name; Save then
// writes it into the file. A metric is made of it first: what does not fit the
// map is not kept. The region's hash, and all that was computed under it, stays.
// Keep waits for queries that are running.
func (r *Region) Keep(ctx context.Context, p Preset) error {
	if err := p.validate(); err != nil {
		return err
	}
	if _, err := r.MetricWith(ctx, p.Profile, p.Options(time.Time{})); err != nil {
		return fmt.Errorf("preset %q: %w", p.Name, err)
	}
	return r.change(func(list []Preset) []Preset {
		at, found := slices.BinarySearchFunc(list, p.Name, byName)
		if found {
			return slices.Replace(list, at, at+1, p)
		}
		return slices.Insert(list, at, p)
	})
}

// Forget removes a preset, if there is one of that name.
func (r *Region) Forget(name string) error {
	return r.change(func(list []Preset) []Preset {
		return slices.DeleteFunc(list, func(p Preset) bool { return p.Name == name })
	})
}

// maxPresetBytes is the longest section of presets, of some conditions with
// outlines of counties each.
const maxPresetBytes = 256 << 20

// change gives the region a changed list of presets.
func (r *Region) change(edit func([]Preset) []Preset) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return ErrClosed
	}
	list := edit(slices.Clone(r.presets))
	size := int64(len(encodePresets(list)))
	if size > maxPresetBytes {
		return fmt.Errorf("%w: all of them together take %d MB, at most %d can be kept", ErrPreset, size>>20, maxPresetBytes>>20)
	}
	if r.presets = list; size == 0 {
		delete(r.sizes, presetTag)
	} else {
		r.sizes[presetTag] = size
	}
	return nil
}

func byName(p Preset, name string) int { return strings.Compare(p.Name, name) }

// validate judges a preset without a map.
func (p *Preset) validate() error {
	length := utf8.RuneCountInString(p.Name)
	if length < 1 || length > 80 || !utf8.ValidString(p.Name) || strings.TrimSpace(p.Name) != p.Name || strings.ContainsFunc(p.Name, unicode.IsControl) {
		return fmt.Errorf("%w: name %q: must be 1 to 80 characters, without spaces around them or control characters", ErrPreset, quotable(p.Name))
	}
	if p.Second > EnergyUsed {
		return fmt.Errorf("%w %q: there is no quantity %d", ErrPreset, p.Name, p.Second)
	}
	if err := p.Profile.Validate(); err != nil {
		return fmt.Errorf("preset %q: %w", p.Name, err)
	}
	if p.Condition != nil {
		if err := p.Condition.Validate(); err != nil {
			return fmt.Errorf("preset %q: %w", p.Name, err)
		}
	}
	return nil
}

// presetTag is the section of presets: a JSON array, ascending by name. A file
// without presets has none.
const presetTag = "presets"

func encodePresets(list []Preset) []byte {
	if len(list) == 0 {
		return nil
	}
	b, err := json.Marshal(list)
	if err != nil {
		panic("geo: a preset cannot be written: " + err.Error()) // only NaN coordinates, which Validate refuses
	}
	return b
}

// decodePresets reads and validates the section.
func decodePresets(b []byte) ([]Preset, error) {
	if len(b) > maxPresetBytes {
		return nil, damaged("section %q has %d MB", presetTag, len(b)>>20)
	}
	var list []Preset
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return nil, damaged("section %q cannot be read", presetTag)
	}
	if !bytes.Equal(encodePresets(list), b) {
		return nil, damaged("section %q does not read as it is written", presetTag)
	}
	for i := range list {
		if err := list[i].validate(); err != nil {
			return nil, damaged("section %q: %v", presetTag, err)
		}
		if i > 0 && list[i-1].Name >= list[i].Name {
			return nil, damaged("section %q: %q comes twice or too late", presetTag, list[i].Name)
		}
	}
	return list, nil
}
