//go:build !linux

package benchmarks

import "os"

// PeakMB is not known here: it is 0.
func PeakMB(*os.ProcessState) float64 { return 0 }

// PeakMemory is not known here: it is 0.
func PeakMemory() int64 { return 0 }

// ResetPeakMemory does nothing here.
func ResetPeakMemory() {}
