package geo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/slinga-se/slinga/geo/osm"
)

// TimedTable is tables by period of the day, such that leaving later never
// means arriving earlier.
//
// In each period the times are constant, so at a change for the better (the
// bridge opens, the rush is over) whoever leaves a minute before would arrive
// later than whoever leaves a minute after. An optimiser would then let people
// wait, wherever they are, for the better table. But who may leave later may
// also leave now and wait on the way. So the rule is: a leg that begins at t
// arrives at the earliest of
//
//	t + the time in t's period, and
//	s + the time in the period that begins at s, for each later s,
//
// which never falls as t rises, for t only leaves periods behind. The wait
// counts as travel time, as it does at a ferry. So no wait that is not in the
// tables already can gain anything, and a leg that is unreachable now and open
// later is reachable, after a wait.
type TimedTable struct {
	starts []time.Time
	tables []Table
}

// ErrPeriods marks periods and tables that do not belong together.
var ErrPeriods = errors.New("geo: bad periods")

// NewTimedTable joins tables of the same places with the instants from which
// they hold, ascending. The first also holds before, the last for ever.
func NewTimedTable(starts []time.Time, tables []Table) (*TimedTable, error) {
	if len(starts) == 0 || len(starts) != len(tables) {
		return nil, fmt.Errorf("%w: %d tables for %d instants", ErrPeriods, len(tables), len(starts))
	}
	for i := range starts {
		switch t := &tables[i]; {
		case i > 0 && !starts[i].After(starts[i-1]):
			return nil, fmt.Errorf("%w: instant %d does not come after the one before", ErrPeriods, i)
		case t.Rows != tables[0].Rows || t.Cols != tables[0].Cols || len(t.Seconds) != t.Rows*t.Cols || len(t.Metres) != len(t.Seconds):
			return nil, fmt.Errorf("%w: table %d is of another size", ErrPeriods, i)
		}
	}
	return &TimedTable{starts, tables}, nil
}

// Starts is when the periods begin.
func (t *TimedTable) Starts() []time.Time { return append([]time.Time(nil), t.starts...) }

// Table is the table of a period, as it was computed.
func (t *TimedTable) Table(period int) *Table { return &t.tables[period] }

// At is the time in seconds, waiting included, and the distance in metres from
// row i to column j when one leaves at an instant, which is a whole second.
func (t *TimedTable) At(i, j int, leave time.Time) (seconds, metres int32) {
	k := 0
	for k+1 < len(t.starts) && !leave.Before(t.starts[k+1]) {
		k++
	}
	seconds, metres = t.tables[k].At(i, j)
	for l := k + 1; l < len(t.starts); l++ {
		until := t.starts[l].Sub(leave)
		wait := int64(until / time.Second)
		if until%time.Second > 0 {
			wait++
		}
		if wait >= int64(seconds) {
			break // later periods begin later still
		}
		if s, m := t.tables[l].At(i, j); s != Unreachable && wait+int64(s) < int64(seconds) {
			seconds, metres = int32(wait+int64(s)), m
		}
	}
	return seconds, metres
}

// TimedTable computes a table for each state of the periods, see Periods, with
// the options' condition. The places come from any metric of the same region and
// mode.
func (r *Region) TimedTable(ctx context.Context, p osm.Profile, o MetricOptions, periods []Period, from, to []Snap, threads int) (*TimedTable, error) {
	var starts []time.Time
	var tables []Table
	known := map[int]Table{}
	for i := range periods {
		table, done := known[periods[i].State]
		if !done {
			m, err := r.MetricWith(ctx, p, periods[i].Options(o))
			if err != nil {
				return nil, fmt.Errorf("period %d: %w", i, err)
			}
			if table, err = m.Table(ctx, from, to, threads); err != nil {
				return nil, fmt.Errorf("period %d: %w", i, err)
			}
			known[periods[i].State] = table
		}
		starts, tables = append(starts, periods[i].Start), append(tables, table)
	}
	return NewTimedTable(starts, tables)
}
