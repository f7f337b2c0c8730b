package geo

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// together runs tasks on as many threads as the machine has, and returns the
// error of the first task in the list that failed: which it is does not depend
// on timing. Tasks that come after a failed one may be left out.
func together(tasks []func() error) error {
	faults := make([]error, len(tasks))
	var next atomic.Int64
	var failed atomic.Bool
	work := func() {
		// Tasks are taken in order, so all before a failed one have been taken.
		for !failed.Load() {
			i := int(next.Add(1)) - 1
			if i >= len(tasks) {
				return
			}
			if faults[i] = tasks[i](); faults[i] != nil {
				failed.Store(true)
			}
		}
	}
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(tasks)) - 1 {
		group.Go(work)
	}
	work()
	group.Wait()
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	return nil
}

// stretchSize is how many items one task of a long list takes.
const stretchSize = 1 << 18

// inStretches makes a task of each stretch of n items.
func inStretches(n int, check func(from, to int) error) []func() error {
	var tasks []func() error
	for from := 0; from < n; from += stretchSize {
		tasks = append(tasks, func() error { return check(from, min(from+stretchSize, n)) })
	}
	return tasks
}

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
