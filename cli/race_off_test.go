//go:build !race_modules

package cli_test

// raceFlag is empty in the ordinary run: the race detector needs a C compiler.
var raceFlag []string
