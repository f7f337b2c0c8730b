package osm

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// parseTags reads "key=value" lines.
func parseTags(input string) Tags {
	var tags Tags
	for line := range strings.Lines(input) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			tags = append(tags, Tag{key, value})
		}
	}
	return tags
}

// direction arrows: > in node order, < against it, <> both.
func arrows(w *Way, mode Modes) string {
	s := mode.String()
	switch forward, backward := w.Forward&mode != 0, w.Backward&mode != 0; {
	case forward && backward:
		s += "<>"
	case forward:
		s += ">"
	case backward:
		s += "<"
	default:
		return ""
	}
	if w.Limited&mode != 0 {
		s += "(limited)"
	}
	return s
}

var flagNames = []string{
	"ferry", "roundabout", "bridge", "tunnel", "ice road", "winter road", "seasonal", "toll", "modelled",
}

func describe(u *Understood, ok bool) string {
	var b strings.Builder
	w := &u.Way
	if !ok {
		b.WriteString("closed to all")
	} else {
		b.WriteString(w.Class.String())
		for _, mode := range []Modes{ModeCar, ModeBicycle, ModeFoot} {
			if a := arrows(w, mode); a != "" {
				b.WriteString(" " + a)
			}
		}
		if w.Surface != SurfaceUnknown {
			b.WriteString(" on " + w.Surface.String())
		}
		for i, name := range flagNames {
			if w.Flags&(1<<i) != 0 {
				b.WriteString(", " + name)
			}
		}
		if w.Speed != (Limits{}) {
			if w.Speed.Forward == w.Speed.Backward {
				fmt.Fprintf(&b, ", at most %d", w.Speed.Forward)
			} else {
				fmt.Fprintf(&b, ", at most %d> %d<", w.Speed.Forward, w.Speed.Backward)
			}
		}
		if w.Duration > 0 {
			fmt.Fprintf(&b, ", %d s", w.Duration)
		}
		if u.Name != "" || u.Ref != "" {
			fmt.Fprintf(&b, ", %q %q", u.Name, u.Ref)
		}
		if u.Condition != "" {
			b.WriteString("\nkept: " + strings.ReplaceAll(u.Condition, "\n", "\nkept: "))
		}
	}
	for _, t := range u.Bad {
		fmt.Fprintf(&b, "\nnot understood: %s=%s", t.Key, t.Value)
	}
	return b.String() + "\n"
}

// TestTags runs the tables under testdata/tags: what each form of a tag means
// for a way or a barrier, in words.
func TestTags(t *testing.T) {
	rules := DefaultTags()
	datadriven.Walk(t, "testdata/tags", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			tags := parseTags(d.Input)
			switch d.Cmd {
			case "way":
				u, ok := rules.Way(tags)
				return describe(&u, ok)
			case "barrier":
				closed, bad := rules.Barrier(tags)
				out := "stops " + closed.String() + "\n"
				for _, t := range bad {
					out += fmt.Sprintf("not understood: %s=%s\n", t.Key, t.Value)
				}
				return out
			case "speed":
				var b strings.Builder
				for line := range strings.Lines(d.Input) {
					line = strings.TrimSuffix(line, "\n")
					if kmh, ok := rules.ParseSpeed(line); ok {
						fmt.Fprintf(&b, "%s: %d\n", line, kmh)
					} else {
						fmt.Fprintf(&b, "%s: not understood\n", line)
					}
				}
				return b.String()
			case "duration":
				var b strings.Builder
				for line := range strings.Lines(d.Input) {
					line = strings.TrimSuffix(line, "\n")
					if s, ok := ParseDuration(line); ok {
						fmt.Fprintf(&b, "%s: %d s\n", line, s)
					} else {
						fmt.Fprintf(&b, "%s: not understood\n", line)
					}
				}
				return b.String()
			}
			t.Fatalf("unknown command %q", d.Cmd)
			return ""
		})
	})
}
