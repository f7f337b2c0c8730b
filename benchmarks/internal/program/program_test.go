package program

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// TestRun: what is wrong with a command line takes one line, never the help.
func TestRun(t *testing.T) {
	var out strings.Builder
	app := func() *cli.App {
		out.Reset()
		act := func(c *cli.Context) error {
			if err := NoArguments(c); err != nil {
				return err
			}
			return c.Context.Err()
		}
		return New(&out, &cli.App{
			Name:   "turns",
			Flags:  []cli.Flag{&cli.IntFlag{Name: "reps"}, &cli.StringFlag{Name: "peer", Required: true}, &cli.StringFlag{Name: "out", Required: true}},
			Action: act,
			Commands: []*cli.Command{
				{Name: "part", Flags: []cli.Flag{&cli.StringFlag{Name: "set", Required: true}}, Action: act},
				{Name: "fail", Action: func(*cli.Context) error { return errors.New("the disk is full") }},
			},
		})
	}
	for _, c := range []struct {
		args, want string
		code       int
	}{
		{"--peer a --out b", "", 0},
		{"--reps many", "turns: invalid value \"many\" for flag -reps: parse error; see turns --help\n", 2},
		{"--nope", "turns: flag provided but not defined: -nope; see turns --help\n", 2},
		{"", "turns: give --peer and --out; see turns --help\n", 2},
		{"--peer a", "turns: give --out; see turns --help\n", 2},
		{"--peer a --out b c", "turns: unexpected argument \"c\"; see turns --help\n", 2},
		{"part", "turns: give --set; see turns part --help\n", 2},
		{"part --nope", "turns: flag provided but not defined: -nope; see turns part --help\n", 2},
		{"part --set a b", "turns: unexpected argument \"b\"; see turns part --help\n", 2},
		{"fail", "turns: the disk is full\n", 1},
	} {
		var messages strings.Builder
		code := run(t.Context(), app(), append([]string{"turns"}, strings.Fields(c.args)...), &messages)
		if code != c.code || messages.String() != c.want || out.Len() > 0 {
			t.Errorf("%s: exit %d, %q and %q; want %d, %q", c.args, code, messages.String(), out.String(), c.code, c.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var messages strings.Builder
	if code := run(ctx, app(), []string{"turns", "--peer", "a", "--out", "b"}, &messages); code != 130 || messages.String() != "turns: interrupted\n" {
		t.Errorf("exit %d, %q", code, messages.String())
	}
	if code := run(t.Context(), app(), []string{"turns", "--help"}, &messages); code != 0 || !strings.Contains(out.String(), "--peer") {
		t.Errorf("exit %d, %q", code, out.String())
	}
}
