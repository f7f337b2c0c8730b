package geo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// stretch is the time from one cut to the next. Of hard cuts it has the state of
// the rules, and how bad that is; of soft ones nothing.
type stretch struct {
	start time.Time
	at    time.Time // an instant of the state
	state string
	bad   int64
}

// periodFerry is one direction of a ferry.
type periodFerry struct {
	times    timetable
	boarding int
}

// stretches sorts cuts, once each.
func (p *periods) stretches(cuts []time.Time) []stretch {
	list := []stretch{{start: p.from, at: p.from}}
	slices.SortFunc(cuts, time.Time.Compare)
	for _, at := range slices.CompactFunc(cuts, time.Time.Equal) {
		list = append(list, stretch{start: at, at: at})
	}
	return list
}

// end is when a stretch is over.
func (p *periods) end(list []stretch, i int) time.Time {
	if i+1 < len(list) {
		return list[i+1].start
	}
	return p.until
}

// mostLonger is how many seconds longer a ferry may make people wait before
// something else is left out instead: a night's wait told all day long would
// leave an island without visits.
const mostLonger = 2 * 3600

// divide makes the periods, and the fewer the less they may be told apart.
func (p *periods) divide(most int) []Period {
	hard, soft := p.stretches(p.hard), p.stretches(p.soft)
	first := map[string]time.Time{}
	for i := range hard {
		h := &hard[i]
		var state strings.Builder
		for _, rule := range p.rules {
			s := rule.state(h.start)
			state.WriteString(s + "\n")
			h.bad += rule.bad(s)
		}
		h.state = state.String()
		if at, known := first[h.state]; known {
			h.at = at
		}
		first[h.state] = h.at
	}
	hard = alike(hard)
	waits := map[[2]time.Time]string{}
	list, states := p.cross(hard, soft, true, waits)
	for exact := true; (states > most || len(list) > mostPeriods) && p.ctx.Err() == nil; exact = false {
		if !exact {
			fewer, longer := p.without(soft)
			switch {
			case len(soft) > 1 && (longer <= mostLonger || len(hard) == 1):
				soft = fewer
			case states > most:
				hard = p.forget(hard)
			default:
				hard = p.absorb(hard)
			}
		}
		list, states = p.cross(hard, soft, false, waits)
	}
	return list
}

// cross lays the cuts over each other. Waits at ferries are those of all of the
// stretch between two departures or, exactly, of the period, where that makes
// more of a difference than which minutes a mean is of.
func (p *periods) cross(hard, soft []stretch, exact bool, waits map[[2]time.Time]string) (list []Period, states int) {
	known := map[string]int{}
	for h, s := 0, 0; h < len(hard) && s < len(soft); {
		start, end := hard[h].start, p.end(hard, h)
		if soft[s].start.After(start) {
			start = soft[s].start
		}
		next := p.end(soft, s)
		since, until := soft[s].start, next
		atEnd := end.Compare(next)
		if next.Before(end) {
			end = next
		}
		if exact && p.seldom(since, until) {
			since, until = start, end
		}
		key := hard[h].state + p.wait(since, until, waits)
		state, seen := known[key]
		if !seen {
			state = len(known)
			known[key] = state
		}
		switch k := len(list); {
		case k > 0 && list[k-1].State == state:
		case seen:
			like := list[slices.IndexFunc(list, func(x Period) bool { return x.State == state })]
			like.Start = start
			list = append(list, like)
		default:
			list = append(list, Period{start, state, hard[h].at, since, until})
		}
		if atEnd <= 0 {
			h++
		}
		if atEnd >= 0 {
			s++
		}
	}
	return list, len(known)
}

// wait is how long one waits at every ferry, as a text.
func (p *periods) wait(since, until time.Time, waits map[[2]time.Time]string) string {
	key := [2]time.Time{since, until}
	text, known := waits[key]
	if !known && len(p.ferries) > 0 {
		var b strings.Builder
		for _, f := range p.ferries {
			mean, ok := f.times.wait(since, until, f.boarding, false)
			longest, _ := f.times.wait(since, until, f.boarding, true)
			fmt.Fprintln(&b, mean, longest, ok)
		}
		text = b.String()
		waits[key] = text
	}
	return text
}

// seldom tells whether some ferry has a wait that counts in full.
func (p *periods) seldom(since, until time.Time) bool {
	return slices.ContainsFunc(p.ferries, func(f periodFerry) bool {
		mean, ok := f.times.wait(since, until, f.boarding, false)
		longest, _ := f.times.wait(since, until, f.boarding, true)
		return ok && mean == longest
	})
}

// shortest is the number of the shortest stretch.
func (p *periods) shortest(list []stretch) int {
	best := 0
	for i := range list {
		if p.length(list, i) < p.length(list, best) {
			best = i
		}
	}
	return best
}

func (p *periods) length(list []stretch, i int) time.Duration {
	return p.end(list, i).Sub(list[i].start)
}

// without leaves out the departure that makes people wait least longer, of
// equals one next to the shortest stretch, and says how many seconds longer.
func (p *periods) without(soft []stretch) (list []stretch, longer int64) {
	if len(soft) == 1 {
		return soft, 0
	}
	best := 0
	for i := 1; i < len(soft); i++ {
		before, after := p.longest(soft[i-1].start, soft[i].start), p.longest(soft[i].start, p.end(soft, i))
		more := int64(0)
		for f, whole := range p.longest(soft[i-1].start, p.end(soft, i)) {
			more = max(more, whole-min(before[f], after[f]))
		}
		if best == 0 || more < longer || more == longer &&
			min(p.length(soft, i-1), p.length(soft, i)) < min(p.length(soft, best-1), p.length(soft, best)) {
			best, longer = i, more
		}
	}
	return slices.Delete(slices.Clone(soft), best, best+1), longer
}

// longest is the longest wait at each ferry.
func (p *periods) longest(since, until time.Time) (most []int64) {
	key := [2]time.Time{since, until}
	if known, is := p.waits[key]; is {
		return known
	}
	for _, f := range p.ferries {
		longest, _ := f.times.wait(since, until, f.boarding, true)
		most = append(most, longest)
	}
	if p.waits == nil {
		p.waits = map[[2]time.Time][]int64{}
	}
	p.waits[key] = most
	return most
}

// forget gives up the state that holds for the least time in all.
func (p *periods) forget(hard []stretch) []stretch {
	total := map[string]time.Duration{}
	for i := range hard {
		total[hard[i].state] += p.length(hard, i)
	}
	least := hard[0].state
	for i := range hard {
		if total[hard[i].state] < total[least] {
			least = hard[i].state
		}
	}
	list := slices.Clone(hard)
	for i := range hard {
		if hard[i].state == least {
			list[i] = worse(hard, i)
		}
	}
	return alike(list)
}

// absorb gives up the shortest stretch.
func (p *periods) absorb(hard []stretch) []stretch {
	list, i := slices.Clone(hard), p.shortest(hard)
	list[i] = worse(hard, i)
	return alike(list)
}

// worse is a stretch as the worse of its neighbours is; they are of other
// states.
func worse(hard []stretch, i int) stretch {
	var like stretch
	switch {
	case i == 0:
		like = hard[1]
	case i+1 == len(hard) || hard[i-1].bad >= hard[i+1].bad:
		like = hard[i-1]
	default:
		like = hard[i+1]
	}
	like.start = hard[i].start
	return like
}

// alike joins neighbours of one state.
func alike(list []stretch) []stretch {
	return slices.CompactFunc(list, func(a, b stretch) bool { return a.state == b.state })
}
