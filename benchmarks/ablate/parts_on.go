//go:build ablations

package main

import "github.com/slinga-se/slinga/solver"

var theParts, leaveOut = solver.Parts(), solver.Without
