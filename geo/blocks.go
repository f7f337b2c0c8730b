package geo

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// inBlocks does n things on so many threads (0: as many as the machine has), a
// block at a time. start is called once per thread and returns what does the
// things from first up to end; what they write must not depend on which thread
// does which.
func inBlocks(threads, n, block int, start func() func(first, end int)) {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	threads = min(threads, (n+block-1)/block)
	var next atomic.Int64
	work := func() {
		do := start()
		for {
			end := int(next.Add(int64(block)))
			if end-block >= n {
				return
			}
			do(end-block, min(end, n))
		}
	}
	if threads <= 1 {
		work()
		return
	}
	var group sync.WaitGroup
	for range threads {
		group.Go(work)
	}
	group.Wait()
}
