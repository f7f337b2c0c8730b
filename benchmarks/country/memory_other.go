//go:build !linux

package main

import "os"

// peakMB is not measured here: systems other than Linux count in other units.
func peakMB(*os.ProcessState) float64 { return 0 }
