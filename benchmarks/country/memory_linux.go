package main

import (
	"os"
	"syscall"
)

// peakMB is the largest resident memory of a process that has ended.
func peakMB(state *os.ProcessState) float64 {
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		return float64(usage.Maxrss) * 1024 / 1e6 // Linux counts in KiB
	}
	return 0
}
