package geo

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"sync"
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
	Text      string      `json:"text,omitempty"` // for people; no control characters
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

// presets are what a region carries. They have a lock of their own, for they
// lie in no mapped memory.
type presets struct {
	mu   sync.RWMutex
	list []Preset // ascending by name
}

// now is the list as it is; it is never changed, only replaced.
func (p *presets) now() []Preset {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.list
}

// Presets lists what the region carries, by name. They are shared: change none
// of what they point to.
func (r *Region) Presets() []Preset { return slices.Clone(r.presets.now()) }

// Preset finds a preset by its name. The error wraps ErrPreset and lists the
// names that there are.
func (r *Region) Preset(name string) (Preset, error) {
	var names []string
	for _, p := range r.presets.now() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, fmt.Sprintf("%q", p.Name))
	}
	if len(names) == 0 {
		return Preset{}, fmt.Errorf("%w %q: the map carries none", ErrPreset, name)
	}
	return Preset{}, fmt.Errorf("%w %q: is not in the map, which has %s", ErrPreset, name, strings.Join(names, ", "))
}

// Keep adds a copy of a preset to the region, in place of one of the same
// name; Save then writes it into the file. A metric is made of it first: what
// does not fit the map is not kept. The region's hash, and all that was computed
// under it, stays.
func (r *Region) Keep(ctx context.Context, p Preset) error {
	if err := p.validate(); err != nil {
		return err
	}
	// As it will be read: later changes of what p points to are not kept.
	b := encodePresets([]Preset{p})
	if len(b) > maxPresetBytes || !modest(b) {
		return fmt.Errorf("%w %q: has %d MB, or more than %d parts: more than can be kept", ErrPreset, p.Name, len(b)>>20, mostPresetParts)
	}
	kept, err := decodePresets(b)
	if err != nil {
		return fmt.Errorf("%w %q: a text in it is not UTF-8", ErrPreset, p.Name)
	}
	if _, err := r.MetricWith(ctx, p.Profile, p.Options(time.Time{})); err != nil {
		return fmt.Errorf("preset %q: %w", p.Name, err)
	}
	r.presets.mu.Lock()
	defer r.presets.mu.Unlock()
	list := slices.Clone(r.presets.list)
	if at, found := slices.BinarySearchFunc(list, p.Name, byName); found {
		list[at] = kept[0]
	} else {
		list = slices.Insert(list, at, kept[0])
	}
	if all := encodePresets(list); len(all) > maxPresetBytes || !modest(all) {
		return fmt.Errorf("%w %q: with it all presets take %d MB; at most %d MB and %d parts can be kept", ErrPreset, p.Name, len(all)>>20, maxPresetBytes>>20, mostPresetParts)
	}
	r.presets.list = list
	return nil
}

// Forget removes a preset, if there is one of that name.
func (r *Region) Forget(name string) {
	r.presets.mu.Lock()
	defer r.presets.mu.Unlock()
	r.presets.list = slices.DeleteFunc(slices.Clone(r.presets.list), func(p Preset) bool { return p.Name == name })
}

// ReadPresets reads only the presets of a region file, also of one that Open
// refuses, as of another version or damaged elsewhere: so that they can be kept
// by the map that takes its place.
func ReadPresets(path string) ([]Preset, error) {
	b, release, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	defer release() //nolint:errcheck // only read
	le := binary.LittleEndian
	if len(b) < headerSize || string(b[:len(fileMagic)]) != fileMagic {
		return nil, fmt.Errorf("%s: %w", path, ErrNotRegion)
	}
	for i := range uint64(min(le.Uint32(b[12:]), maxSections)) {
		if uint64(len(b)) < headerSize+entrySize*(i+1) {
			break
		}
		e := b[headerSize+entrySize*i:][:entrySize]
		offset, length := le.Uint64(e[8:]), le.Uint64(e[16:])
		if tagOf(e) != presetTag || offset > uint64(len(b)) || length > uint64(len(b))-offset {
			continue
		}
		if content := b[offset : offset+length]; crc32.Checksum(content, castagnoli) == le.Uint32(e[24:]) {
			return decodePresets(content)
		}
		return nil, fmt.Errorf("%s: %w", path, damaged("section %q has a wrong checksum", presetTag))
	}
	return nil, nil
}

// maxPresetBytes is the longest section of presets, of some conditions with
// outlines of counties each.
const maxPresetBytes = 256 << 20

// mostPresetParts is how many objects the section may have: presets, closures,
// speeds, areas and what they are made of.
const mostPresetParts = 20_000

// modest tells whether JSON that claims to be presets would take no more memory
// than some times its length. An object of three bytes, or a null in a list of
// them, becomes a struct of hundreds: so objects are counted, and a list may hold
// other things only where that is text, or numbers of coordinates and ways.
func modest(b []byte) bool {
	type list struct{ numbers, open bool } // open: a list and no object
	var stack [64]list
	depth, parts := 0, 0
	numbers := false // the last key named a list of numbers
	for i := 0; i < len(b); i++ {
		inList := depth > 0 && stack[depth-1].open
		switch c := b[i]; c {
		case '"':
			from := i + 1
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			if !inList && i < len(b) {
				numbers = string(b[from:i]) == "coordinates" || string(b[from:i]) == "ways"
			}
		case '{', '[':
			if c == '{' {
				parts++
			}
			if depth == len(stack) || parts > mostPresetParts {
				return false
			}
			stack[depth] = list{open: c == '[', numbers: c == '[' && (numbers || inList && stack[depth-1].numbers)}
			depth++
			numbers = false
		case '}', ']':
			if depth == 0 {
				return false
			}
			depth--
		case ',', ':', ' ', '\t', '\r', '\n':
		default: // a number, true, false or null
			if inList && !stack[depth-1].numbers {
				return false
			}
		}
	}
	return true
}

func byName(p Preset, name string) int { return strings.Compare(p.Name, name) }

// validate judges a preset without a map.
func (p *Preset) validate() error {
	length := utf8.RuneCountInString(p.Name)
	if length < 1 || length > 80 || !utf8.ValidString(p.Name) || strings.TrimSpace(p.Name) != p.Name || strings.ContainsFunc(p.Name, unicode.IsControl) {
		return fmt.Errorf("%w: name %q: must be 1 to 80 characters, without spaces around them or control characters", ErrPreset, quotable(p.Name))
	}
	if !utf8.ValidString(p.Text) || strings.ContainsFunc(p.Text, unicode.IsControl) {
		return fmt.Errorf("%w %q: text %q: must be UTF-8 without control characters", ErrPreset, p.Name, quotable(p.Text))
	}
	if p.Second > EnergyUsed {
		return fmt.Errorf("%w %q: there is no quantity %d", ErrPreset, p.Name, p.Second)
	}
	if p.Second == EnergyUsed && p.Profile.Mode != osm.ModeCar {
		return fmt.Errorf("%w %q: watt-hours are reckoned for cars only", ErrPreset, p.Name)
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
	if !modest(b) {
		return nil, damaged("section %q holds more than presets do", presetTag)
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
