//go:build !ablations

package main

// Without the tag the search has no parts that can be left out.
var (
	theParts []string
	leaveOut func(parts ...string) error
)
