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
