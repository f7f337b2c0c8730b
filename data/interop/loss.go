package interop

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/slinga-se/slinga/planner/care"
)

// ErrInput is wrapped by every error that the text read is to blame for.
var ErrInput = errors.New("interop: bad input")

// ErrUnsupported is wrapped when a file asks for something that a Day cannot
// hold and that a plan would be wrong without.
var ErrUnsupported = errors.New("interop: not supported")

// Loss is one thing that a format holds and the other cannot, where a plan is
// still of use without it. Nothing is lost silently: what is not listed here
// was carried over, or refused with an error.
type Loss struct {
	Path    string // where it stands: vehicles[3].costs.per_km
	Message string // what became of it
}

// String writes a loss as one line.
func (l Loss) String() string {
	if l.Path == "" {
		return l.Message
	}
	return l.Path + ": " + l.Message
}

// Error is one thing that is wrong with a text, or that is not supported.
type Error struct {
	Path    string // jobs[17].time_windows[0]
	Message string
	Hint    string
	Kind    error // ErrInput or ErrUnsupported
}

// Error writes "jobs[17].service: is negative: write seconds".
func (e Error) Error() string {
	text := e.Message
	if e.Path != "" {
		text = e.Path + ": " + text
	}
	if e.Hint != "" {
		text += ": " + e.Hint
	}
	return text
}

// Unwrap gives ErrInput or ErrUnsupported.
func (e Error) Unwrap() error { return e.Kind }

// Errors is everything that is wrong, in the order of the text.
type Errors []Error

// printed is how many errors Errors.Error spells out.
const printed = 50

// Error lists the first fifty, one a line, and counts the rest.
func (e Errors) Error() string {
	var b strings.Builder
	for i, one := range e {
		if i == printed {
			fmt.Fprintf(&b, "\n... and %d more", len(e)-printed)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(one.Error())
	}
	return b.String()
}

// Unwrap makes errors.Is find ErrInput and ErrUnsupported.
func (e Errors) Unwrap() []error {
	out := make([]error, len(e))
	for i := range e {
		out[i] = e[i]
	}
	return out
}

// Imported is a problem of another service as a day.
type Imported struct {
	Day    *care.Day
	Travel *care.Travel // nil when the file brings no matrices: find them on a map
	Losses []Loss       // what the day could not hold
}

// foreignRules are those of a problem that knows nothing of Swedish working
// time: no handling, no breaks but its own, driving as the only cost.
func foreignRules() care.Rules {
	rules := care.DefaultRules()
	rules.Handling = care.HandlingRules{}
	rules.Break = care.BreakRule{}
	rules.WorkingTime = care.WorkingTime{LongestShift: longestShift}
	rules.Weights = care.Weights{Unserved: rules.Weights.Unserved, Optional: rules.Weights.Optional, Drive: 1}
	return rules
}

const (
	longestShift = 48 * 3600
	// One employer and one profession: other formats know neither.
	foreignMunicipality = "area"
	foreignProfession   = care.AssistantNurse
)

// check has a day validated, and turns its problems into errors of the import.
func check(day *care.Day, travel *care.Travel) error {
	err := day.Validate()
	if err == nil && travel != nil {
		err = travel.Validate(day)
	}
	if err == nil {
		return nil
	}
	var invalid *care.ValidationError
	if !errors.As(err, &invalid) {
		return err
	}
	var list Errors
	for _, p := range invalid.Problems {
		list = append(list, Error{Path: p.Path, Message: discreet(p.Message), Hint: p.Hint, Kind: ErrInput})
	}
	return list
}

var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// discreet takes ids without a digit out of a message: they may be names.
func discreet(message string) string {
	return quoted.ReplaceAllStringFunc(message, func(q string) string {
		if strings.ContainsAny(q, "0123456789") {
			return q
		}
		return "(not shown: it may be a name)"
	})
}

// union sorts windows and makes one of those that meet: a visit may start at
// the same moments as before.
func union(list []care.Window) []care.Window {
	slices.SortStableFunc(list, func(a, b care.Window) int { return int(a.From) - int(b.From) })
	var out []care.Window
	for _, w := range list {
		if n := len(out); n > 0 && w.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, w.To)
			continue
		}
		out = append(out, w)
	}
	return out
}
