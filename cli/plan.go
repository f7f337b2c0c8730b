package cli

import (
	"context"
	"fmt"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/planner"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/check"
)

// Flags of everything that searches.
func searchFlags(defaultTime time.Duration) []ucli.Flag {
	return []ucli.Flag{
		&ucli.DurationFlag{Name: "time", Usage: "search for so long (`DURATION`)", Value: defaultTime},
		&ucli.Int64Flag{Name: "iterations", Usage: "stop after `N` iterations; without --time the same seed then gives the same bytes"},
		&ucli.Uint64Flag{Name: "seed", Usage: "`SEED` of the random numbers", Value: 1},
		&ucli.IntFlag{Name: "workers", Usage: "`N` searches side by side; part of what decides the result", Value: 2},
	}
}

func searchOptions(c *ucli.Context) (planner.Options, error) {
	o := planner.Options{
		Seed: c.Uint64("seed"), Iterations: c.Int64("iterations"),
		Time: c.Duration("time"), Workers: c.Int("workers"),
	}
	if o.Iterations > 0 && !c.IsSet("time") {
		o.Time = 0
	}
	switch {
	case o.Iterations < 0:
		return o, badInput("--iterations %d: must not be negative", o.Iterations)
	case o.Time < 0:
		return o, badInput("--time %s: must not be negative", o.Time)
	case o.Iterations == 0 && o.Time == 0:
		return o, badInput("--time 0 without --iterations never ends; give one of them")
	case o.Workers < 1 || o.Workers > 256:
		return o, badInput("--workers %d: must be from 1 to 256", o.Workers)
	}
	return o, nil
}

func planCommand(s *session) *ucli.Command {
	flags := []ucli.Flag{
		dayFlag, dateFlag, mapFlag, borders, bordersID, bordersName, snapFlag, stateFlag, presetFlag, cacheFlag,
		&ucli.StringFlag{Name: "out", Usage: "write roster, report and routes into this `FOLDER`"},
		langFlag,
		&ucli.BoolFlag{Name: "strict", Usage: "exit with 1 when a visit is left unserved"},
		jsonFlag,
	}
	return &ucli.Command{
		Name:  "plan",
		Usage: "make rosters for a day",
		Description: "Reads a day and a road map, plans, checks the roster and prints a summary.\n\n" +
			"Example:\n  slinga generate --area isle-of-man --out day\n" +
			"  slinga plan --map isle-of-man --day day --time 30s --out plan",
		Flags: append(flags, searchFlags(planner.DefaultTime)...),
		Action: func(c *ucli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			o, err := searchOptions(c)
			if err != nil {
				return err
			}
			if out := c.String("out"); out != "" {
				if err := canWrite(out); err != nil {
					return err
				}
			}
			p := newProgress(s)
			defer p.done()
			m, err := measure(c, s, p)
			if err != nil {
				return err
			}
			defer m.Close()
			r, err := m.plan(c.Context, o, s, p)
			if err != nil {
				return err
			}
			if out := c.String("out"); out != "" {
				if err := m.write(out, r, lang(c), p); err != nil {
					return err
				}
			}
			if c.Bool("json") {
				err = care.WriteRoster(s.Out, r.roster)
			} else {
				printSummary(s.Out, m, r, lang(c))
				if out := c.String("out"); out != "" {
					fmt.Fprintf(s.Out, "\n%s\n", lang(c).say("written", out))
				}
			}
			if err == nil {
				err = r.verdict(s)
			}
			switch {
			case err != nil:
				return err
			case c.Bool("strict") && len(r.roster.Unserved) > 0:
				fmt.Fprintf(s.Err, "slinga: %d visits are not planned\n", len(r.roster.Unserved))
				return errBreach
			}
			return nil
		},
	}
}

// planned is a roster with the checker's judgement of it.
type planned struct {
	roster  *care.Roster
	report  check.Report
	took    time.Duration
	stopped bool // by the user, before the limits
}

// plan searches and has the result judged. A cancelled context ends the search
// with the best roster so far and nothing that comes after it.
func (m *measured) plan(ctx context.Context, o planner.Options, s *session, p *progress) (*planned, error) {
	p.step("planning %d visits", len(m.day.Visits))
	defer p.done()
	limit := ""
	if o.Time > 0 {
		limit = fmt.Sprintf(" for %s at most", o.Time)
	}
	o.OnProgress = func(g planner.Progress) {
		p.show("planning%s: cost %d, not planned %d", limit, g.Cost, g.Unserved)
		if s.hooks.improved != nil {
			s.hooks.improved()
		}
	}
	begun := time.Now()
	roster, err := planner.Plan(ctx, m.day, m.travel, o)
	if err != nil {
		return nil, inputError{err}
	}
	r := &planned{roster: roster, took: time.Since(begun), stopped: ctx.Err() != nil}
	p.step("checking the roster")
	r.report = check.Roster(m.day, m.travel, roster)
	return r, nil
}

// verdict turns breaches of a roster that the planner itself made into an
// error: they are a fault of the program. It says so when there was no time to
// look at all that is left out.
func (r *planned) verdict(s *session) error {
	for _, b := range r.report.Breaches {
		fmt.Fprintln(s.Err, "slinga: the roster breaks a rule:", b.Rule, b.Text(string(english)))
	}
	untried := 0
	for i := range r.roster.Unserved {
		if r.roster.Unserved[i].Reason == care.ReasonTime {
			untried++
		}
	}
	why := "time was up"
	if r.stopped {
		why = "interrupted"
	}
	if untried > 0 {
		fmt.Fprintf(s.Err, "slinga: %s before all was tried: %d visits may still fit; plan again for longer\n", why, untried)
	}
	if faults := len(r.report.Breaches); faults > 0 {
		return fmt.Errorf("the planned roster has %d breaches; please report this", faults)
	}
	return nil
}
