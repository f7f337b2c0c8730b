package cli

import (
	"bytes"
	"os"
	"strconv"
)

// peakMemory is the largest resident memory of this process in bytes since it
// began, or since resetPeakMemory. What a parent's memory was before the
// program was loaded does not count, which it does in rusage.
func peakMemory() int64 {
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

// resetPeakMemory begins to look for the peak anew. Where that is not allowed
// the peaks of later stages are too large, never too small.
func resetPeakMemory() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }
