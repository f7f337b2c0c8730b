package osm

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Choice is one alternative of a conditional tag: a value, and when it counts.
type Choice struct {
	Value string
	When  []Test // all of them must hold
}

// Test is one condition of a Choice: times, or something else that is known
// or not.
type Test struct {
	Text  string
	hours Hours
	known Answer // where there are no hours
}

// Answer is yes, no, or that nobody can tell.
type Answer uint8

// The answers.
const (
	Unknown Answer = iota // the road is wet, the vehicle belongs to a resident
	No
	Yes
)

// ErrConditional marks a conditional value that does not have the form
// "value @ (condition); value @ (condition AND condition)".
var ErrConditional = errors.New("osm: conditional value not understood")

// ParseConditional reads the value of a conditional tag. Conditions that are
// not about time are kept, with the answer Unknown unless every vehicle of
// ours gives the same one.
func ParseConditional(value string) ([]Choice, error) {
	if len(value) > maxHours {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrConditional, maxHours)
	}
	var choices []Choice
	for _, part := range splitOutside(value, ';') {
		if strings.TrimSpace(part) == "" {
			continue
		}
		what, when, found := strings.Cut(part, "@")
		if !found {
			// The semicolon was one between times, without brackets.
			if len(choices) == 0 {
				return nil, fmt.Errorf("%w: there is no @", ErrConditional)
			}
			last := &choices[len(choices)-1]
			test := &last.When[len(last.When)-1]
			*test = newTest(test.Text + ";" + part)
			continue
		}
		c := Choice{Value: strings.TrimSpace(what)}
		if c.Value == "" {
			return nil, fmt.Errorf("%w: no value before @", ErrConditional)
		}
		when = strings.TrimSpace(when)
		if strings.HasPrefix(when, "(") && strings.HasSuffix(when, ")") {
			when = when[1 : len(when)-1]
		}
		for _, test := range splitAnd(when) {
			if test = strings.TrimSpace(test); test == "" {
				return nil, fmt.Errorf("%w: a condition is missing", ErrConditional)
			}
			c.When = append(c.When, newTest(test))
		}
		choices = append(choices, c)
	}
	if len(choices) == 0 {
		return nil, fmt.Errorf("%w: it is empty", ErrConditional)
	}
	return choices, nil
}

// splitOutside cuts at a sign that is in no brackets.
func splitOutside(s string, sign byte) []string {
	var parts []string
	depth, from := 0, 0
	for i := range len(s) {
		switch {
		case s[i] == '(':
			depth++
		case s[i] == ')':
			depth = max(depth-1, 0)
		case s[i] == sign && depth == 0:
			parts = append(parts, s[from:i])
			from = i + 1
		}
	}
	return append(parts, s[from:])
}

// splitAnd cuts at the word AND, in whatever case.
func splitAnd(s string) []string {
	var parts []string
	words := strings.Fields(s)
	from := 0
	for i, w := range words {
		if strings.EqualFold(w, "and") {
			parts = append(parts, strings.Join(words[from:i], " "))
			from = i + 1
		}
	}
	return append(parts, strings.Join(words[from:], " "))
}

// A car, its driver and what it carries are below all of these, so a rule for
// vehicles above them is not about us. Tonnes and metres.
var heavyVehicle = map[string]float64{
	"weight": 3.5, "maxweight": 3.5, "maxweightrating": 3.5, "weightrating": 3.5, "emptyweight": 3.5,
	"length": 7, "height": 2.6, "width": 2.3, "axles": 2,
}

func newTest(s string) Test {
	t := Test{Text: s}
	bare := strings.TrimSpace(s)
	for strings.HasPrefix(bare, "(") && strings.HasSuffix(bare, ")") {
		bare = strings.TrimSpace(bare[1 : len(bare)-1])
	}
	if key, value, found := strings.Cut(bare, ">"); found {
		least, known := heavyVehicle[strings.ToLower(strings.TrimSpace(key))]
		value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(value, "=")), "t"))
		if metres, ok := parseMetres(value); known && ok && metres >= least {
			t.known = No
		}
		return t
	}
	t.hours, _ = ParseHours(bare)
	return t
}

// At tells whether the condition holds at the instant.
func (t *Test) At(at time.Time) Answer {
	switch {
	case t.hours.IsZero():
		return t.known
	case t.hours.Holds(at):
		return Yes
	default:
		return No
	}
}

// At tells whether the choice counts at the instant.
func (c *Choice) At(at time.Time) Answer {
	answer := Yes
	for i := range c.When {
		switch c.When[i].At(at) {
		case No:
			return No
		case Unknown:
			answer = Unknown
		}
	}
	return answer
}

// Choose gives the value that counts at the instant. Of several the last does.
// No means that the tag without a condition counts, and Unknown that one of the
// conditions that could decide cannot be judged; then it counts as well.
func Choose(choices []Choice, at time.Time) (value string, answer Answer) {
	for i := len(choices) - 1; i >= 0; i-- {
		switch choices[i].At(at) {
		case Yes:
			return choices[i].Value, Yes
		case Unknown:
			return "", Unknown
		}
	}
	return "", No
}
