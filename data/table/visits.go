package table

import (
	"cmp"
	"math"

	"github.com/slinga-se/slinga/planner/care"
)

func (r *reader) buildVisits() {
	d := &r.day
	for _, l := range r.lines("visits") {
		v := care.Visit{
			ID: l.id("id"), Client: l.id("client"), Place: l.id("place"), Task: cmp.Or(l.word("task"), "visit"),
			Duration: l.minutes("duration"),
			Requires: care.Requirement{
				Professions: l.professions("professions"), Delegation: l.word("delegation"), Skills: l.words("skills"),
			},
			Carers: l.carersAsked("carers"), Priority: l.priority("priority"), Optional: l.yes("optional"),
		}
		if v.Requires.Delegation != "" && len(v.Requires.Professions) == 0 {
			v.Requires.Professions = []care.Profession{care.Nurse} // whose task it is to delegate
		}
		v.Windows = l.visitWindows()
		if text := l.text("preferred"); text != "" {
			if w, ok := l.window("preferred", text); ok {
				v.Preferred = &w
			}
		}
		d.Visits = append(d.Visits, v)
		r.keep("visits", l)
	}
}

// carersAsked reads 1 or 2, or the yes and no of a column for double staffing.
func (l *line) carersAsked(name string) int {
	v := l.text(name)
	if f, ok := parseNumber(v); ok && f == math.Trunc(f) && math.Abs(f) < 1000 {
		return int(f)
	}
	yes, ok := parseYes(v)
	switch {
	case !ok:
		l.fail(name, "is not a number of carers"+shown(v), "write 1, or 2 for double staffing")
	case yes:
		return 2
	}
	return 1
}

// visitWindows reads the window column, or earliest and latest.
func (l *line) visitWindows() []care.Window {
	earliest, latest := l.text("earliest"), l.text("latest")
	if l.text("window") != "" {
		if earliest != "" || latest != "" {
			l.fail("window", "is given beside earliest and latest", "fill in one or the other")
			return nil
		}
		windows, _ := l.windows("window")
		return windows
	}
	if earliest == "" || latest == "" {
		name := "window"
		_, hasWindow := l.t.at["window"]
		if _, hasEarliest := l.t.at["earliest"]; hasEarliest && !hasWindow {
			name = "earliest"
			if earliest != "" {
				name = "latest"
			}
		}
		l.fail(name, "the visit has no window to start in", "fill in window, such as 07:00-09:00, or earliest and latest")
		return nil
	}
	from, ok := l.clockAt("earliest")
	to, good := l.clockAt("latest")
	if !ok || !good {
		return nil
	}
	w := care.Window{From: from, To: to}
	if !l.forward("latest", w, l.echo(earliest, from), l.echo(latest, to)) {
		return nil
	}
	return []care.Window{w}
}

// echo gives a clock cell back as text: as it stands, or from its value when a
// workbook stores it as a number.
func (l *line) echo(text string, t care.Time) string {
	if l.t.excel {
		return clockText(&l.r.day, t)
	}
	return text
}
