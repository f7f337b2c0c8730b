// Command slinga plans home care where people live far apart. See slinga
// --help, and the README for a first hour with it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // local time on machines without a zone database

	"github.com/slinga-se/slinga/cli"
)

func main() {
	// The first interrupt ends a search with the best roster so far; the
	// second ends the program.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop()
	}()
	code := cli.Run(ctx, os.Args, cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
