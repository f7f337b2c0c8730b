package cli

import (
	"fmt"
	"os"
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
		Flags: []ucli.Flag{dayFlag, dateFlag, rosterFlag, mapFlag, borders, bordersID, bordersName, snapFlag, langFlag, jsonFlag},
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
	f, err := os.Open(path)
	if err != nil {
		return nil, badInput("cannot open the roster %s: %w", path, plain(err))
	}
	defer f.Close() //nolint:errcheck // only read
	r, err := care.ReadRoster(f)
	if err != nil {
		return nil, inputError{fmt.Errorf("%s: %w", filepath.Base(path), err)}
	}
	return r, nil
}
