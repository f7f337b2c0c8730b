// Package program is the frame of the commands below benchmarks: they treat a
// command line as slinga does. What is wrong with one is told in one line, and
// ends the program with the exit code 2.
package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/urfave/cli/v2"
)

// The exit codes, which are slinga's.
const (
	exitFailed      = 1
	exitInput       = 2
	exitInterrupted = 130
)

// inputError marks what is wrong with a command line.
type inputError struct{ error }

func (e inputError) Unwrap() error { return e.error }

// BadInput says what is wrong with a command line.
func BadInput(format string, args ...any) error { return inputError{fmt.Errorf(format, args...)} }

// New completes an app that prints to out.
func New(out io.Writer, app *cli.App) *cli.App {
	app.Writer = out
	app.HideHelpCommand = true
	app.ExitErrHandler = func(*cli.Context, error) {} // Main alone ends the program
	app.OnUsageError = func(_ *cli.Context, err error, _ bool) error { return misused(err, app.Name) }
	app.Action = demanding(app.Action, app.Flags, app.Name)
	for _, c := range app.Commands {
		name := app.Name + " " + c.Name
		c.HideHelpCommand = true
		c.OnUsageError = func(_ *cli.Context, err error, _ bool) error { return misused(err, name) }
		c.Action = demanding(c.Action, c.Flags, name)
	}
	return app
}

func misused(err error, name string) error { return BadInput("%w; see %s --help", err, name) }

// demanding looks for the flags that are required before it acts. The library
// would print all of its help.
func demanding(action cli.ActionFunc, flags []cli.Flag, name string) cli.ActionFunc {
	if action == nil {
		return nil
	}
	var required []string
	for _, f := range flags {
		if f, ok := f.(*cli.StringFlag); ok && f.Required {
			f.Required = false
			required = append(required, f.Name)
		}
	}
	return func(c *cli.Context) error {
		var missing []string
		for _, flag := range required {
			if !c.IsSet(flag) {
				missing = append(missing, "--"+flag)
			}
		}
		if len(missing) > 0 {
			return BadInput("give %s; see %s --help", strings.Join(missing, " and "), name)
		}
		return action(c)
	}
}

// NoArguments refuses what stands behind the flags.
func NoArguments(c *cli.Context) error {
	if c.Args().Present() {
		return BadInput("unexpected argument %q; see %s --help", c.Args().First(), c.Command.HelpName)
	}
	return nil
}

// Main runs the program, until it is interrupted, and ends it.
func Main(app *cli.App) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, app, os.Args, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, app *cli.App, args []string, messages io.Writer) int {
	err := app.RunContext(ctx, args)
	var input inputError
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		fmt.Fprintf(messages, "%s: interrupted\n", app.Name)
		return exitInterrupted
	}
	fmt.Fprintf(messages, "%s: %v\n", app.Name, err)
	if errors.As(err, &input) {
		return exitInput
	}
	return exitFailed
}
