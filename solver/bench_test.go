package solver

import (
	"context"
	"fmt"
	"testing"
)

// BenchmarkIterate measures one iteration of ruin and recreate in the steady
// state, on days of home care of several sizes.
func BenchmarkIterate(b *testing.B) { benchmarkIterate(b, homeCare) }

// BenchmarkIterateByPeriod is the same with six periods of travel.
func BenchmarkIterateByPeriod(b *testing.B) { benchmarkIterate(b, rushDay) }

func benchmarkIterate(b *testing.B, draw func(tasks, shifts int, seed uint64) *Problem) {
	for _, tasks := range []int{100, 400, 1700} {
		b.Run(fmt.Sprint(tasks), func(b *testing.B) {
			m := compile(context.Background(), draw(tasks, max(4, tasks*120/1700), 1), true)
			c := construct(context.Background(), m, &Options{Seed: 1})
			w := c.workers[0]
			w.state.copyFrom(c.current)
			w.everything()
			w.adopt()
			for range 2000 {
				w.iterate(50)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				w.iterate(50)
			}
		})
	}
}

// BenchmarkConstruct measures the first solution, from the problem on.
func BenchmarkConstruct(b *testing.B) {
	p := homeCare(350, 26, 1)
	for range b.N {
		construct(context.Background(), compile(context.Background(), p, true), &Options{Seed: 1})
	}
}
