package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// BorderOptions name the properties of a border file. The zero value reads
// Swedish files with kommun_kod and kommun_namn.
type BorderOptions struct {
	IDProperty   string // default kommun_kod
	NameProperty string // default kommun_namn; a feature without it is named by its ID
}

// ErrBorders marks a border file that cannot be used.
var ErrBorders = errors.New("geo: bad border file")

// maxBorderBytes is the largest border file that is read: twenty times a
// detailed map of Sweden's municipalities.
const maxBorderBytes = 256 << 20

// ReadBorders reads municipality borders from GeoJSON: a FeatureCollection of
// polygons and multipolygons in WGS 84. The name is that of the file, for
// messages. All errors are reported, each with its feature.
func ReadBorders(r io.Reader, name string, opts BorderOptions) (*Borders, error) {
	if opts.IDProperty == "" {
		opts.IDProperty = "kommun_kod"
	}
	if opts.NameProperty == "" {
		opts.NameProperty = "kommun_namn"
	}
	data, err := io.ReadAll(io.LimitReader(r, maxBorderBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > maxBorderBytes {
		return nil, fmt.Errorf("%s: %w: larger than %d MB", name, ErrBorders, maxBorderBytes>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var file struct {
		Type     string            `json:"type"`
		Features []json.RawMessage `json:"features"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", name, ErrBorders, jsonProblem(data, err))
	}
	if file.Type != "FeatureCollection" {
		return nil, fmt.Errorf("%s: %w: not a GeoJSON FeatureCollection", name, ErrBorders)
	}
	if len(file.Features) == 0 {
		return nil, fmt.Errorf("%s: %w: it holds no features", name, ErrBorders)
	}
	var (
		errs     []error
		polygons []orb.Polygon
		owners   []string
		names    = map[string]string{}
	)
	for i, raw := range file.Features {
		f, err := readFeature(raw, opts)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: features[%d]: %w: %w", name, i, ErrBorders, err))
			if len(errs) == maxBorderErrors {
				errs = append(errs, fmt.Errorf("%s: more errors after features[%d]", name, i))
				break
			}
			continue
		}
		if before, known := names[f.id]; known && before != f.name {
			errs = append(errs, fmt.Errorf("%s: features[%d]: %w: %s %q has another name in an earlier feature",
				name, i, ErrBorders, opts.IDProperty, f.id))
			continue
		}
		names[f.id] = f.name
		for _, p := range f.polygons {
			polygons = append(polygons, p)
			owners = append(owners, f.id)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	list, index := sortMunicipalities(names)
	of := make([]int32, len(owners))
	for i, id := range owners {
		of[i] = index[id]
	}
	return newBorders(list, polygons, of), nil
}

// maxBorderErrors is how many errors are told at once.
const maxBorderErrors = 20

// jsonProblem says what is wrong with JSON text, and on which line.
func jsonProblem(data []byte, err error) string {
	offset := int64(-1)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	if offset < 0 || offset > int64(len(data)) {
		return "not valid JSON"
	}
	line := bytes.Count(data[:offset], []byte("\n")) + 1
	if syntax != nil {
		return fmt.Sprintf("line %d: not valid JSON: %v", line, syntax)
	}
	return fmt.Sprintf("line %d: %s cannot be a %s", line, kind.Field, kind.Value)
}

// feature is one municipality, or a part of one.
type feature struct {
	id, name string
	polygons []orb.Polygon
}

func readFeature(raw json.RawMessage, opts BorderOptions) (feature, error) {
	var in struct {
		Type       string                     `json:"type"`
		Properties map[string]json.RawMessage `json:"properties"`
		Geometry   *struct {
			Type        string          `json:"type"`
			Coordinates json.RawMessage `json:"coordinates"`
		} `json:"geometry"`
	}
	if err := json.Unmarshal(raw, &in); err != nil || in.Type != "Feature" {
		return feature{}, errors.New("not a GeoJSON Feature")
	}
	var f feature
	var err error
	if f.id, err = property(in.Properties, opts.IDProperty); err != nil {
		return f, err
	}
	if f.name, err = property(in.Properties, opts.NameProperty); err != nil {
		f.name = f.id
	}
	if in.Geometry == nil {
		return f, fmt.Errorf("%s %q has no geometry", opts.IDProperty, f.id)
	}
	var rings [][][][]float64
	switch in.Geometry.Type {
	case "Polygon":
		var one [][][]float64
		err = json.Unmarshal(in.Geometry.Coordinates, &one)
		rings = [][][][]float64{one}
	case "MultiPolygon":
		err = json.Unmarshal(in.Geometry.Coordinates, &rings)
	default:
		return f, fmt.Errorf("%s %q is a %q, not a Polygon or MultiPolygon", opts.IDProperty, f.id, in.Geometry.Type)
	}
	if err != nil {
		return f, fmt.Errorf("%s %q has coordinates that are not those of a %s", opts.IDProperty, f.id, in.Geometry.Type)
	}
	for i, p := range rings {
		polygon, err := readPolygon(p)
		if err != nil {
			return f, fmt.Errorf("%s %q, polygon %d: %w", opts.IDProperty, f.id, i, err)
		}
		f.polygons = append(f.polygons, polygon)
	}
	if len(f.polygons) == 0 {
		return f, fmt.Errorf("%s %q has no polygons", opts.IDProperty, f.id)
	}
	return f, nil
}

// property reads a text or a whole number as text.
func property(properties map[string]json.RawMessage, key string) (string, error) {
	raw, ok := properties[key]
	if !ok {
		return "", fmt.Errorf("the property %s is missing", key)
	}
	var text string
	if json.Unmarshal(raw, &text) == nil && string(raw) != "null" {
		if text == "" {
			return "", fmt.Errorf("the property %s is empty", key)
		}
		return text, nil
	}
	if n, err := strconv.ParseInt(string(bytes.TrimSpace(raw)), 10, 64); err == nil {
		return strconv.FormatInt(n, 10), nil
	}
	return "", fmt.Errorf("the property %s is neither a text nor a whole number", key)
}

func readPolygon(rings [][][]float64) (orb.Polygon, error) {
	if len(rings) == 0 {
		return nil, errors.New("has no rings")
	}
	polygon := make(orb.Polygon, len(rings))
	for i, points := range rings {
		if len(points) < 4 {
			return nil, fmt.Errorf("ring %d has %d points and needs at least 4", i, len(points))
		}
		ring := make(orb.Ring, len(points))
		for k, p := range points {
			if len(p) < 2 {
				return nil, fmt.Errorf("ring %d, point %d needs a longitude and a latitude", i, k)
			}
			ring[k] = orb.Point{p[0], p[1]}
			if !validPoint(ring[k]) {
				hint := ""
				if math.Abs(p[0]) > 1000 || math.Abs(p[1]) > 1000 {
					hint = "; these look like metres, and the file should be in WGS 84 degrees"
				} else if math.Abs(p[1]) > 90 && math.Abs(p[0]) <= 90 {
					hint = "; longitude comes first"
				}
				return nil, fmt.Errorf("ring %d, point %d is not on Earth%s", i, k, hint)
			}
		}
		if ring[0] != ring[len(ring)-1] {
			return nil, fmt.Errorf("ring %d is not closed", i)
		}
		polygon[i] = ring
	}
	return polygon, nil
}
