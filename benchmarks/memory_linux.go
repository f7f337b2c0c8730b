package benchmarks

import (
	"os"
	"syscall"
)

// PeakMB is the largest resident memory, in units of 10^6 bytes, of a process
// that has ended and of those that it has waited for; 0 where the system does
// not tell. It is at least what the process that started it had in use then,
// so whoever measures should be small.
func PeakMB(state *os.ProcessState) float64 {
	if state == nil {
		return 0
	}
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		return float64(usage.Maxrss) * 1024 / 1e6 // Linux counts in KiB
	}
	return 0
}
