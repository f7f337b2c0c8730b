package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/check"
)

var (
	rosterFlag = &ucli.StringFlag{Name: "roster", Usage: "the roster, as roster.json `FILE`"}
	langFlag   = &ucli.StringFlag{Name: "lang", Usage: "`LANGUAGE` of reports and sentences: sv or en", Value: "sv"}
)

func lang(c *ucli.Context) string { return c.String("lang") }

func checkLang(c *ucli.Context) error {
	if l := lang(c); l != "sv" && l != "en" {
		return badInput("--lang %q: must be sv or en", l)
	}
	return nil
}

func checkCommand(s Streams) *ucli.Command {
	return &ucli.Command{
		Name:  "check",
		Usage: "judge a roster, ours or one made by hand, against the day and its rules",
		Description: "Prints every breach with person, visit, time and rule. Exits with 1 when there is one.\n\n" +
			"Example:\n  slinga check --map isle-of-man --day day --roster plan/roster.json",
		Flags: []ucli.Flag{dayFlag, rosterFlag, mapFlag, borders, bordersID, bordersName, snapFlag, langFlag, jsonFlag},
		Action: func(c *ucli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if err := checkLang(c); err != nil {
				return err
			}
			roster, err := loadRoster(c.String("roster"))
			if err != nil {
				return err
			}
			m, err := measure(c, s, newProgress(s))
			if err != nil {
				return err
			}
			defer m.Close()
			report := check.Roster(m.day, m.travel, roster)
			if c.Bool("json") {
				e := json.NewEncoder(s.Out)
				e.SetIndent("", "  ")
				if err := e.Encode(report); err != nil {
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

func printReport(s Streams, report check.Report, lang string) {
	for _, w := range report.Warnings {
		fmt.Fprintf(s.Out, "warning  %-20s %s\n", w.Rule, w.Text(lang))
	}
	for _, b := range report.Breaches {
		fmt.Fprintf(s.Out, "breach   %-20s %s\n", b.Rule, b.Text(lang))
	}
	fmt.Fprintf(s.Out, "%d breaches, %d warnings\n", len(report.Breaches), len(report.Warnings))
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
