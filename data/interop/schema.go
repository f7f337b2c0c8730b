package interop

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/slinga-se/slinga/planner/care"
)

//go:generate go test . -run TestSchemasAreCurrent -rewrite

// DaySchema returns the JSON Schema (draft 2020-12) of a day as care.WriteDay
// writes it and care.ReadDay reads it. The same text is committed as
// docs/schema/day.schema.json.
//
// A schema tells an editor what may stand where. What it cannot tell, such as
// an id that leads nowhere, care.Day.Validate does.
func DaySchema() ([]byte, error) {
	return schemaOf[care.Day]("day", "A planning day of home care: who is to be visited where and when, who is on duty, and the rules that hold.")
}

// RosterSchema returns the JSON Schema of a roster as care.WriteRoster writes
// it, committed as docs/schema/roster.schema.json.
func RosterSchema() ([]byte, error) {
	return schemaOf[care.Roster]("roster", "A planned day: one route for each shift, and the visits that no route serves.")
}

func schemaOf[T any](name, description string) ([]byte, error) {
	s, err := jsonschema.For[T](&jsonschema.ForOptions{TypeSchemas: typeSchemas()})
	if err != nil {
		return nil, fmt.Errorf("interop: schema of a %s: %w", name, err)
	}
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	s.ID = "https://github.com/slinga-se/slinga/blob/main/docs/schema/" + name + ".schema.json"
	s.Title = "Slinga " + name
	describe(s, reflect.TypeFor[T]())
	s.Description = description
	if origin := s.Properties["origin"]; origin != nil {
		origin.Format = "date-time"
	}
	if version := s.Properties["version"]; version != nil {
		version.Const = jsonschema.Ptr(any(care.FormatVersion))
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("interop: schema of a %s: %w", name, err)
	}
	return append(text, '\n'), nil
}

// typeSchemas narrows the types whose Go kind says too little.
func typeSchemas() map[reflect.Type]*jsonschema.Schema {
	whole := func(from, to float64, what string) *jsonschema.Schema {
		return &jsonschema.Schema{Type: "integer", Minimum: &from, Maximum: &to, Description: what}
	}
	return map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[care.Time]():       whole(math.MinInt32, math.MaxInt32, "seconds elapsed since origin; may be negative, and beyond 24 hours"),
		reflect.TypeFor[care.Seconds]():    whole(math.MinInt32, math.MaxInt32, "a length of time in seconds"),
		reflect.TypeFor[care.Metres]():     whole(math.MinInt32, math.MaxInt32, "a length of road in metres"),
		reflect.TypeFor[care.Priority]():   whole(1, 4, "1 life-critical, 2 necessary, 3 important, 4 comfort"),
		reflect.TypeFor[care.Mode]():       oneOf(care.Car, care.Bicycle, care.Foot),
		reflect.TypeFor[care.Profession](): oneOf(care.CareAssistant, care.AssistantNurse, care.Nurse, care.Physiotherapist, care.OccupationalTherapist),
		reflect.TypeFor[care.Season]():     oneOf(care.Summer, care.Winter),
		reflect.TypeFor[care.LinkCarer]():  oneOf(care.AnyCarer, care.SameCarer, care.DifferentCarer),
		reflect.TypeFor[care.StopKind]():   oneOf(care.StopStart, care.StopVisit, care.StopBreak, care.StopEnd),
		reflect.TypeFor[care.ReasonCode](): oneOf(care.ReasonUnreachable, care.ReasonCompetence, care.ReasonWindow,
			care.ReasonRest, care.ReasonPin, care.ReasonFull, care.ReasonCost, care.ReasonTime),
		reflect.TypeFor[care.FindingKind](): oneOf(care.FarFromRoad, care.RoadIsland, care.OneWayOnly, care.CutOff, care.NearBorder, care.Moved, care.OutsideStated),
	}
}

func oneOf[T ~string](values ...T) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, v := range values {
		s.Enum = append(s.Enum, string(v))
	}
	return s
}

// describe fills in what the types' comments say (descriptions.go).
func describe(s *jsonschema.Schema, t reflect.Type) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		if s.Items != nil && t.Kind() != reflect.Pointer {
			s = s.Items
		}
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t.PkgPath() != reflect.TypeFor[care.Day]().PkgPath() {
		return
	}
	if text := descriptions[t.Name()]; text != "" && s.Description == "" {
		s.Description = text
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			describe(&jsonschema.Schema{Properties: s.Properties}, f.Type)
			continue
		}
		p := s.Properties[jsonName(f)]
		if p == nil {
			continue
		}
		describe(p, f.Type)
		if text := descriptions[t.Name()+"."+f.Name]; text != "" {
			p.Description = text
		}
	}
}

// jsonName is a field's name in JSON.
func jsonName(f reflect.StructField) string {
	name := f.Tag.Get("json")
	for i := range len(name) {
		if name[i] == ',' {
			return name[:i]
		}
	}
	return name
}
