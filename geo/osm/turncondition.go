package osm

import (
	"slices"
	"strings"
	"time"
)

// TurnCondition is when a turn restriction binds; see Restriction.Condition.
type TurnCondition struct {
	says []saying // the first whose time it is counts
}

// saying is one thing that the tags of a restriction say.
type saying struct {
	kind   turnKind
	choice *Choice // when; nil: always
	hours  *Hours  // the same, of the old tags
	bad    bool    // when cannot be understood
}

// turnKind is what a value forbids.
type turnKind uint8

const (
	turnFree turnKind = iota // nothing: "none", and what nobody knows
	turnNo
	turnOnly
	turnAny // what the restriction is, where its text does not repeat it
)

func newTurnKind(value string) turnKind {
	switch only, known := kindOfRestriction(value); {
	case !known:
		return turnFree
	case only:
		return turnOnly
	default:
		return turnNo
	}
}

// ParseTurnCondition reads the text that a restriction keeps: its conditional
// keys, that for the vehicle before the general one; then the days and hours
// of the tags that there were before those keys; then the key without a
// condition if it has one as well. The last choice of a key that holds
// counts, and the key without a condition where none does.
func ParseTurnCondition(text string) TurnCondition {
	var c TurnCondition
	old := map[string]string{}
	var base *saying
	for line := range strings.SplitSeq(text, "\n") {
		key, value, _ := strings.Cut(line, "=")
		switch {
		case line == "":
		case strings.HasSuffix(key, ":conditional"):
			choices, err := turnChoices(value)
			if err != nil {
				c.says = append(c.says, saying{kind: turnAny, bad: true})
			}
			for i := len(choices) - 1; i >= 0; i-- {
				c.says = append(c.says, saying{kind: newTurnKind(choices[i].Value), choice: &choices[i]})
			}
		case strings.HasPrefix(key, "restriction"):
			base = &saying{kind: newTurnKind(value)}
		default:
			old[key] = value
		}
	}
	if len(old) > 0 {
		if base == nil {
			base = &saying{kind: turnAny}
		}
		hours, ok := oldHours(old)
		base.hours, base.bad = &hours, !ok
	}
	if base != nil {
		c.says = append(c.says, *base)
	}
	return c
}

// turnChoices reads a conditional value. Several kinds before the first @ are
// one choice, although there is a semicolon between them.
func turnChoices(value string) ([]Choice, error) {
	if kinds, when, found := strings.Cut(value, "@"); found {
		value = strings.ReplaceAll(kinds, ";", ",") + "@" + when
	}
	return ParseConditional(value)
}

// oldHours reads day_on, day_off, hour_on and hour_off: from the one to the
// other, or several such spans with semicolons between them.
func oldHours(tags map[string]string) (h Hours, ok bool) {
	spans := func(on, off string, form func(string) string) (list string, ok bool) {
		from, to := words(tags[on]), words(tags[off])
		if len(from) != len(to) {
			return "", false
		}
		var parts []string
		for i := range from {
			parts = append(parts, form(from[i])+"-"+form(to[i]))
		}
		return strings.Join(parts, ","), len(parts) > 0 || tags[on]+tags[off] == ""
	}
	days, daysOK := spans("day_on", "day_off", func(day string) string { return day[:min(2, len(day))] })
	hours, hoursOK := spans("hour_on", "hour_off", func(hour string) string { return hour })
	if !daysOK || !hoursOK {
		return Hours{}, false
	}
	h, err := ParseHours(days + " " + hours)
	return h, err == nil && !h.IsZero()
}

// at tells whether it is the time of what is said. Without a time it is only
// that of what is always said.
func (s *saying) at(at time.Time) Answer {
	switch {
	case at.IsZero() && (s.bad || s.choice != nil || s.hours != nil):
		return No
	case s.bad:
		return Unknown
	case s.choice != nil:
		return s.choice.At(at)
	case s.hours != nil && !s.hours.Holds(at):
		return No
	default:
		return Yes
	}
}

// Binds tells whether a restriction with this condition binds at the instant,
// given whether it is one that allows only its turn. Unknown is the answer
// where it depends on what nobody can tell. At the zero time nothing that has
// a condition binds.
func (c *TurnCondition) Binds(only bool, at time.Time) Answer {
	mine := turnNo
	if only {
		mine = turnOnly
	}
	may, mayNot := false, false
	for i := range c.says {
		s := &c.says[i]
		answer := s.at(at)
		if answer == No {
			continue
		}
		if s.kind == mine || s.kind == turnAny {
			may = true
		} else {
			mayNot = true
		}
		if s.kind == turnAny && s.bad {
			mayNot = true // it may say something else
		}
		if answer == Yes {
			return decided(may, mayNot)
		}
	}
	return decided(may, true)
}

func decided(may, mayNot bool) Answer {
	switch {
	case may && mayNot:
		return Unknown
	case may:
		return Yes
	default:
		return No
	}
}

// Minutes lists the minutes of a day at which the condition may change; see
// Hours.Minutes.
func (c *TurnCondition) Minutes() []int {
	var all []int
	for i := range c.says {
		s := &c.says[i]
		if s.hours != nil {
			all = append(all, s.hours.Minutes()...)
		}
		if s.choice != nil {
			for _, test := range s.choice.When {
				all = append(all, test.hours.Minutes()...)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
