package benchmarks

import (
	"bytes"
	"os"
	"strconv"
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

// PeakMemory is the largest resident memory of this process in bytes since it
// began, or since ResetPeakMemory; 0 where the system does not tell. What a
// parent's memory was before the program was loaded does not count, which it
// does in PeakMB.
func PeakMemory() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			kib, _, _ := bytes.Cut(bytes.TrimSpace(rest), []byte(" "))
			n, err := strconv.ParseInt(string(kib), 10, 64)
			if err != nil {
				return 0
			}
			return n << 10
		}
	}
	return 0
}

// ResetPeakMemory begins to look for the peak anew. Where that is not allowed
// later peaks are too large, never too small.
func ResetPeakMemory() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }
