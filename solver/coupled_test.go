package solver

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// couples tells whether there is anything of that.
func (o *oracle) couples() bool { return o.pay.idleMost+o.pay.waitMost+o.pay.balance > 0 }

// coupled is what the oracle pays for idle time, for waits and for work that is
// not shared, read from the text of the terms.
func (o *oracle) coupled() int64 {
	if !o.couples() {
		return 0
	}
	var idleMost, waitMost int64
	work := make([]int64, len(o.routes))
	for r, route := range o.routes {
		shift := &o.p.Shifts[r]
		idle := shift.End - shift.Start
		switch {
		case len(route) == 0:
		case o.tangled(r), o.byPeriod(r):
			x := &o.toured[r]
			idle = max(shift.End, x.end) - shift.Start - x.travel
			work[r] = x.travel
			for b, gap := range o.gaps[r] {
				if gap != missedBreak {
					idle -= shift.Breaks[b].Length
				}
			}
			for _, task := range route {
				idle -= o.mode(task).Service
				work[r] += o.mode(task).Service
			}
			waitMost = max(waitMost, x.waitMost)
		default:
			end, travel, _ := o.finish(r)
			idle = max(shift.End, end) - shift.Start - travel.time
			work[r] = travel.time
			for b, gap := range o.gaps[r] {
				if gap != missedBreak {
					idle -= shift.Breaks[b].Length
				}
			}
			from, left := shift.From, o.begin(r)
			for i, task := range route {
				service := o.mode(task).Service
				idle -= service
				work[r] += service
				wait := o.start[task] - left
				time, _ := o.travel(r, from, o.location(task))
				wait -= time
				for _, b := range o.between(r, i) {
					wait -= b.Length
				}
				waitMost = max(waitMost, wait)
				from, left = o.location(task), o.start[task]+service
			}
		}
		idleMost = max(idleMost, idle)
	}
	var mean, off float64
	for _, w := range work {
		mean += float64(w) / float64(len(work))
	}
	var spread int64
	for _, w := range work {
		if off = float64(w) - mean; off < 0 {
			off = -off
		}
		up := int64(off)
		if float64(up) < off-1e-9 {
			up++
		}
		spread += up
	}
	return idleMost*o.pay.idleMost + waitMost*o.pay.waitMost + spread*o.pay.balance
}

// coupling draws a tiny problem with some of the terms that couple routes.
func coupling(random *rand.Rand) *Problem {
	p := tiny(random)
	switch random.IntN(3) {
	case 0:
		p = crowded(random)
	case 1:
		p = tardy(random, false)
	}
	for _, kind := range []TermKind{TermIdleMost, TermWaitMost, TermBalance} {
		if random.IntN(2) == 0 {
			p.Terms = append(p.Terms, Term{Kind: kind, Weight: 1 + int64(random.IntN(3))})
		}
	}
	return p
}

// Orders are gone through one by one, and each is timed route by route, which
// is not exact for what couples all routes: nothing is ever below the optimum,
// and little above it.
func TestCoupledTermsBesideTheOracle(t *testing.T) {
	problems := 400
	if testing.Short() || invariantsOn {
		problems = 80
	}
	above := 0
	for seed := range uint64(problems) {
		p := coupling(rand.New(rand.NewPCG(seed, 23)))
		s, want := solveBesideOracle(t, p, seed, 0)
		switch {
		case s.Cost < want:
			t.Errorf("problem %d: costs %d, below the optimum %d", seed, s.Cost, want)
		case s.Cost > want:
			above++
			t.Logf("problem %d: costs %d, optimum %d", seed, s.Cost, want)
		}
	}
	t.Logf("%d of %d problems are above the optimum", above, problems)
	if above > problems/20 {
		t.Errorf("%d of %d problems are above the optimum", above, problems)
	}
}

// A day that is searched in parts, by several workers, with terms that couple
// all of its routes: the same seed gives the same plan, and Check agrees with it.
func TestCoupledTermsInParts(t *testing.T) {
	tasks, iterations := 240, int64(1200)
	if invariantsOn {
		tasks, iterations = 100, 400
	}
	for _, workers := range []int{1, 2} {
		p := homeCare(tasks, tasks/9, 4)
		for i := range p.Shifts {
			s := &p.Shifts[i]
			s.Overtime = []Tier{{0, 1}, {1800, 3}, {7200, Infinity}}
			s.Breaks[0].AtNext, s.Breaks[0].MissCost = i%2 == 0, int64(i%3)*900
		}
		for _, kind := range []TermKind{TermTardiest, TermIdleMost, TermWaitMost, TermBalance} {
			p.Terms = append(p.Terms, Term{Kind: kind, Weight: 2})
		}
		o := Options{Seed: 5, Iterations: iterations, Workers: workers}
		first := solve(t, p, o)
		if again := solve(t, p, o); !reflect.DeepEqual(first, again) {
			t.Errorf("%d workers: another solution the second time", workers)
		}
		if len(first.Unserved) > tasks/10 {
			t.Errorf("%d workers: %d of %d tasks are left out", workers, len(first.Unserved), tasks)
		}
	}
}

// A worker with a part of the shifts pays that part's share of the most idle time,
// however small the weight is: no price is rounded before it is multiplied.
func TestIdleTimeOfAPartIsPricedToRounding(t *testing.T) {
	for _, weight := range []int64{1, 1000} {
		p := homeCare(120, 18, 1)
		p.Terms = append(p.Terms, Term{Kind: TermIdleMost, Weight: weight})
		o := &Options{Seed: 3, Iterations: 1, Workers: 2}
		c := construct(context.Background(), compile(context.Background(), p, true), o)
		c.drawSize()
		c.divide()
		for i, w := range c.workers {
			w.state.copyFrom(c.current)
			c.share(w, int32(i))
			idle, sum, hours := int64(0), 0.0, int64(0)
			w.weigh()
			for _, r := range w.mineRoutes {
				idle = max(idle, w.state.facts[r].idle)
				sum += w.trials.price[r]
				hours += w.trials.ofIdle(r, 3600)
			}
			part, share := float64(len(w.mineRoutes)), float64(weight)*float64(len(w.mineRoutes))/18
			if part == 0 || part == 18 || idle == 0 {
				t.Fatalf("part %d has %v shifts, of which one is idle for %d", i, part, idle)
			}
			if got := w.model.coupled(w.state.facts, w.active); math.Abs(float64(got)-share*float64(idle)) >= 1 {
				t.Errorf("weight %d, part %d of %v shifts: %d idle cost %d", weight, i, part, idle, got)
			}
			if math.Abs(sum-share) > 1e-6*share || math.Abs(float64(hours)-3600*share) > part {
				t.Errorf("weight %d, part %d of %v shifts: prices sum up to %v, an hour on each costs %d", weight, i, part, sum, hours)
			}
		}
	}
}
