//go:build race_modules

package cli_test

var raceFlag = []string{"-race"}
