package geo

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slinga-se/slinga/geo/osm"
)

// noDeparture is how long one waits at most, in minutes: who would have to wait
// longer finds the ferry as good as stopped.
const noDeparture = 24 * 60

// clock reads "6:00" up to "47:59" as minutes.
func clock(s string) (int, error) {
	var h, m int
	if n, err := fmt.Sscanf(s, "%d:%d", &h, &m); n != 2 || err != nil || fmt.Sprintf("%02d:%02d", h, m) != s && fmt.Sprintf("%d:%02d", h, m) != s {
		return 0, fmt.Errorf("%q is no clock time such as 06:30", quotable(s))
	}
	if h < 0 || h > 47 || m < 0 || m > 59 {
		return 0, fmt.Errorf("%q is not within 00:00 and 47:59", quotable(s))
	}
	return h*60 + m, nil
}

// minutes lists the departures of a service day, ascending, in minutes from its
// midnight.
func (s *Service) minutes() ([]int, error) {
	var list []int
	for _, d := range s.Departures {
		m, err := clock(d)
		if err != nil {
			return nil, fmt.Errorf("departures: %w", err)
		}
		list = append(list, m)
	}
	given := s.First != "" || s.Last != "" || s.Every != 0
	switch {
	case given && len(list) > 0:
		return nil, errors.New("has both departures and first, last, every_minutes")
	case given:
		first, err := clock(s.First)
		if err != nil {
			return nil, fmt.Errorf("first: %w", err)
		}
		last, err := clock(s.Last)
		if err != nil {
			return nil, fmt.Errorf("last: %w", err)
		}
		if last < first {
			return nil, errors.New("last: is before first; after midnight it is 24:00 and more")
		}
		if s.Every < 1 || s.Every > noDeparture {
			return nil, fmt.Errorf("every_minutes: %d is not within 1 and %d", s.Every, noDeparture)
		}
		for m := first; m <= last; m += s.Every {
			list = append(list, m)
		}
	case len(list) == 0:
		return nil, errors.New("has neither departures nor first, last and every_minutes")
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// timetable is the departures of one direction of a ferry.
type timetable []timetableService

type timetableService struct {
	days    osm.Hours // zero: every day
	minutes []int
}

// newTimetable takes the services of one direction.
func newTimetable(services []Service, forward bool) timetable {
	var t timetable
	for i := range services {
		s := &services[i]
		if s.Direction != "" && (s.Direction == "forward") != forward {
			continue
		}
		// Validate has seen to it that these are understood.
		minutes, _ := s.minutes()
		days, _ := osm.ParseHours(s.When)
		t = append(t, timetableService{days, minutes})
	}
	return t
}

// departures marks by minute, counted from the midnight before from, when the
// ferry leaves during so many days.
func (t timetable) departures(from time.Time, days int) []bool {
	y, m, d := from.Date()
	leaves := make([]bool, (days+2)*noDeparture)
	for day := -1; day <= days; day++ { // the day before may go on past midnight
		noon := time.Date(y, m, d+day, 12, 0, 0, 0, time.UTC)
		for _, s := range t {
			if !s.days.IsZero() && !s.days.Holds(noon) {
				continue
			}
			for _, minute := range s.minutes {
				if at := day*noDeparture + minute; at >= 0 && at < len(leaves) {
					leaves[at] = true
				}
			}
		}
	}
	return leaves
}

// longWait is how long, in minutes, one may have to wait in a period for its
// mean to count, beside boarding: a mean that is an hour off is no error that evens out, it is a
// client who is not met.
const longWait = 60

// wait is how long one waits on the quay in seconds, boarding included, when
// one comes at a minute of the period from and until, each as likely as any
// other: the mean over the minutes, rounded up, or with worst, and where it is
// more than longWait, the longest wait. ok is false
// when nobody in the period finds a departure within a day. Whoever must wait
// longer than a day counts with a day.
//
// Clock times are those of the wall; a day on which the clock is set has its
// departures by the clock as well. The period is as many minutes from the clock
// time of from as it lasts: one over the hour in which the clock is set ends, by
// the clock, an hour early or late.
func (t timetable) wait(from, until time.Time, boarding int, worst bool) (seconds int64, ok bool) {
	begin := from.Hour()*60 + from.Minute()
	minutes := max(int(until.Sub(from)/time.Minute), 1)
	minutes = min(minutes, 7*noDeparture)
	need := (boarding + 59) / 60
	leaves := t.departures(from, (begin+minutes)/noDeparture+2)
	// next[i] is the first departure at minute i or later, from the end.
	next := make([]int, len(leaves)+1)
	next[len(leaves)] = -1
	for i := len(leaves) - 1; i >= 0; i-- {
		if next[i] = next[i+1]; leaves[i] {
			next[i] = i
		}
	}
	var sum, longest int64
	for m := begin; m < begin+minutes; m++ {
		wait := int64(noDeparture)
		if at := next[m+need]; at >= 0 && at-m <= noDeparture {
			wait = int64(at - m)
			ok = true
		}
		sum += wait
		longest = max(longest, wait)
	}
	if worst || longest-int64(need) > longWait {
		return longest * 60, ok
	}
	return (sum*60 + int64(minutes) - 1) / int64(minutes), ok
}
