package geo

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
)

func TestTogetherTellsTheFirstFault(t *testing.T) {
	t.Parallel()
	for round := range 200 {
		var tasks []func() error
		first := round % 40
		for i := range 40 {
			tasks = append(tasks, func() error {
				if i >= first && (i-first)%7 == 0 {
					return fmt.Errorf("task %d", i)
				}
				return nil
			})
		}
		if err := together(tasks); err == nil || err.Error() != fmt.Sprintf("task %d", first) {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	if err := together(nil); err != nil {
		t.Error(err)
	}
}

func TestInStretchesCoversAll(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, stretchSize - 1, stretchSize, stretchSize + 1, 3*stretchSize + 5} {
		var sum atomic.Int64
		err := together(inStretches(n, func(from, to int) error {
			if from >= to || to-from > stretchSize {
				return errors.New("a stretch of a wrong size")
			}
			sum.Add(int64(to - from))
			return nil
		}))
		if err != nil || sum.Load() != int64(n) {
			t.Errorf("%d items: %d covered, %v", n, sum.Load(), err)
		}
	}
}
