package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/planner"
)

// The exit codes.
const (
	ExitGood        = 0   // done; also a search that was interrupted and wrote its best roster so far
	ExitBreach      = 1   // check found a breach, plan --strict left a visit unserved, route found no way, or bench judge a solution that is not good
	ExitInput       = 2   // bad input: a flag, a file, a value
	ExitInternal    = 3   // a fault of the program
	ExitInterrupted = 130 // the context was cancelled before there was a result
)

// Streams are where a command reads and writes.
type Streams struct {
	In  io.Reader
	Out io.Writer // results
	Err io.Writer // messages, and progress when it is a terminal
}

// session is what the commands of one command line share.
type session struct {
	Streams
	hooks hooks
}

// hooks are how tests get inside a run. The zero value is the program.
type hooks struct {
	action   func(command string) // called before a command does anything
	improved func()               // called when the search finds a better roster
	terminal bool                 // treat the error stream as a terminal
}

// errBreach ends a command that worked and found something wrong; its message
// has been printed.
var errBreach = errors.New("breach")

// inputError marks what the user can mend.
type inputError struct{ err error }

func (e inputError) Error() string { return e.err.Error() }
func (e inputError) Unwrap() error { return e.err }

// badInput marks an error as the input's, with the place in words.
func badInput(format string, args ...any) error { return inputError{fmt.Errorf(format, args...)} }

// Run runs one command line and returns its exit code. The first of args is
// the program's name. It touches no global state, so that tests and other
// programs can call it from many goroutines; bench solve alone holds the whole
// program to its threads as long as a run takes.
//
// Cancelling ctx while a roster is being searched ends the search: the best
// roster so far is written as if the time were up. At any other time it ends
// the command.
func Run(ctx context.Context, args []string, s Streams) int {
	return run(ctx, args, &session{Streams: s})
}

func run(ctx context.Context, args []string, s *session) (code int) {
	defer func() {
		if r := recover(); r != nil {
			// The stack names functions and lines, never values: a panic
			// message could quote input.
			fmt.Fprintf(s.Err, "slinga: internal error (%T); please report this with the lines below\n%s", r, debug.Stack())
			code = ExitInternal
		}
	}()
	out := &watched{out: s.Out}
	s.Out = out
	err := newApp(s).RunContext(ctx, args)
	if out.err != nil && (err == nil || errors.Is(err, errBreach) || errors.Is(err, out.err)) {
		// A result that did not arrive is none.
		if lost := out.failed(); lost != nil {
			err = lost
		} else if !errors.Is(err, errBreach) {
			err = nil
		}
	}
	var input inputError
	var exit ucli.ExitCoder
	switch {
	case err == nil:
		return ExitGood
	case errors.Is(err, errBreach):
		return ExitBreach
	case ctx.Err() != nil && errors.Is(err, ctx.Err()) && out.any:
		fmt.Fprintln(s.Err, "slinga: interrupted; what was printed breaks off")
		return ExitInterrupted
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		fmt.Fprintln(s.Err, "slinga: interrupted; nothing has been written")
		return ExitInterrupted
	case errors.As(err, &input), errors.As(err, &exit):
		fmt.Fprintln(printable{s.Err}, "slinga:", err)
		return ExitInput
	default:
		fmt.Fprintln(s.Err, "slinga: internal error:", err)
		return ExitInternal
	}
}

func newApp(s *session) *ucli.App {
	app := &ucli.App{
		Name:    "slinga",
		Usage:   "plan home care where people live far apart",
		Version: planner.Version,
		Description: "Start with: slinga demo\n" +
			"Then your own map and visits: slinga map build, slinga plan, slinga check, slinga report.",
		Reader: s.In, Writer: s.Out, ErrWriter: s.Err,
		// The library leaves its own flag out when there is a command "help".
		HideHelpCommand: true,
		Flags:           []ucli.Flag{ucli.HelpFlag},
		Commands: []*ucli.Command{
			demoCommand(s), planCommand(s), checkCommand(s), mapCommand(s),
			matrixCommand(s), routeCommand(s), generateCommand(s), reportCommand(s), benchCommand(s), helpCommand(s),
		},
		// Errors are printed and turned into exit codes by Run alone.
		ExitErrHandler: func(*ucli.Context, error) {},
		OnUsageError: func(_ *ucli.Context, err error, _ bool) error {
			return usage(err, nil, "")
		},
		CommandNotFound: nil,
		Action: func(c *ucli.Context) error {
			if c.Args().Present() {
				return badInput("no command %q; see slinga --help", c.Args().First())
			}
			return ucli.ShowAppHelp(c)
		},
	}
	for _, c := range app.Commands {
		prepare(s, c, c.Name)
	}
	return app
}

// prepare gives every command the same treatment: of flags that it does not
// know or that would do nothing, and of values that can be refused before any
// work is done.
func prepare(s *session, c *ucli.Command, name string) {
	c.HideHelpCommand = true
	c.OnUsageError = func(_ *ucli.Context, err error, _ bool) error {
		return usage(err, c.Flags, name)
	}
	action := c.Action
	c.Action = func(ctx *ucli.Context) error {
		if s.hooks.action != nil {
			s.hooks.action(name)
		}
		if err := checkFlags(ctx); err != nil {
			return err
		}
		return action(ctx)
	}
	for _, sub := range c.Subcommands {
		prepare(s, sub, name+" "+sub.Name)
	}
}

// helpCommand lets people ask in words: slinga help plan.
func helpCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:        "help",
		Usage:       "say what slinga or one of its commands does",
		ArgsUsage:   "[COMMAND]",
		Description: "Example:\n  slinga help map build",
		Action: func(c *ucli.Context) error {
			args := append([]string{c.App.Name}, c.Args().Slice()...)
			return newApp(s).RunContext(c.Context, append(args, "--help"))
		},
	}
}
