package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/check"
)

func checkCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:  "check",
		Usage: "judge a roster, ours or one made by hand, against the day and its rules",
		Description: "Prints every breach with person, visit, time and rule. Exits with 1 when there is one.\n\n" +
			"Example:\n  slinga check --map isle-of-man --day day --roster plan/roster.json",
		Flags: []ucli.Flag{dayFlag, dateFlag, rosterFlag, mapFlag, borders, bordersID, bordersName, snapFlag, stateFlag, presetFlag, langFlag, jsonFlag},
		Action: func(c *ucli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			roster, err := loadRoster(c.String("roster"))
			if err != nil {
				return err
			}
			p := newProgress(s)
			defer p.done()
			m, err := measure(c, s, p)
			if err != nil {
				return err
			}
			defer m.Close()
			warnOtherDay(s, m.day, roster)
			p.step("checking the roster")
			report := check.Roster(m.day, m.travel, roster)
			p.done()
			if c.Bool("json") {
				if err := printJSON(s, report); err != nil {
					return err
				}
			} else {
				printReport(s, report, lang(c))
			}
			if !report.OK() {
				return errBreach
			}
			return nil
		},
	}
}

func printReport(s *session, report check.Report, l language) {
	for _, w := range report.Warnings {
		fmt.Fprintf(s.Out, "%-8s %-20s %s\n", l.say("warning"), w.Rule, w.Text(string(l)))
	}
	for _, b := range report.Breaches {
		fmt.Fprintf(s.Out, "%-8s %-20s %s\n", l.say("breach"), b.Rule, b.Text(string(l)))
	}
	fmt.Fprintln(s.Out, l.say("judged", len(report.Breaches), len(report.Warnings)))
}

func loadRoster(path string) (*care.Roster, error) {
	if path == "" {
		return nil, badInput("no roster: give --roster with the roster.json that slinga plan wrote")
	}
	if err := mustOpen("the roster", path); err != nil {
		return nil, err
	}
	text, err := readWhole(path)
	if err != nil {
		return nil, inputError{err}
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(text, &fields) == nil && isDay(fields) {
		return nil, badInput("%s: this is a day, not a roster; give it as --day, and the roster.json that slinga plan wrote as --roster", path)
	}
	r, err := care.ReadRoster(bytes.NewReader(text))
	if err != nil {
		return nil, inputError{fmt.Errorf("%s: %w", filepath.Base(path), err)}
	}
	return r, nil
}

// isRoster and isDay tell the two files of a plan apart by their first-level
// fields, so that one given for the other is called by its name.
func isRoster(fields map[string]json.RawMessage) bool {
	return fields["routes"] != nil && fields["figures"] != nil && fields["visits"] == nil
}

func isDay(fields map[string]json.RawMessage) bool {
	return fields["routes"] == nil && (fields["visits"] != nil && fields["shifts"] != nil ||
		fields["jobs"] != nil && fields["vehicles"] != nil || fields["patients"] != nil && fields["caregivers"] != nil)
}

// warnOtherDay says in one line what many messages about unknown ids come
// from. A roster of the same day after a change keeps its ids and gets none.
func warnOtherDay(s *session, day *care.Day, roster *care.Roster) {
	if roster.Run.DayHash == day.Hash() {
		return
	}
	shifts, visits := make(map[string]bool), make(map[string]bool)
	for i := range day.Shifts {
		shifts[day.Shifts[i].ID] = true
	}
	for i := range day.Visits {
		visits[day.Visits[i].ID] = true
	}
	for i := range roster.Routes {
		known := shifts[roster.Routes[i].Shift]
		for _, stop := range roster.Routes[i].Stops {
			known = known && (stop.Kind != care.StopVisit || visits[stop.Visit])
		}
		if !known {
			fmt.Fprintln(s.Err, "slinga: the roster belongs to another day: it names shifts or visits that this day does not have")
			return
		}
	}
}
