package geo

import (
	"time"

	"github.com/slinga-se/slinga/geo/osm"
)

// turns finds out which conditional turn restrictions bind at the metric's
// time, and closes the arcs that they forbid. A restriction of which that
// cannot be told binds, and is listed.
func (b *binder) turns() {
	s := b.s
	if len(s.t.arcBans) == 0 {
		return
	}
	used, binds := make([]bool, len(s.r.restrictions)), make([]bool, len(s.r.restrictions))
	for _, x := range s.t.bans {
		used[x.restriction] = true
	}
	known := map[int32]*turnText{}
	for i := range s.r.restrictions {
		rs := &s.r.restrictions[i]
		if !used[i] || osm.Modes(rs.Modes)&s.profile.Mode == 0 {
			continue
		}
		t := known[rs.Condition]
		if t == nil {
			t = newTurnText(s.r.text(rs.Condition), s.options.At)
			known[rs.Condition] = t
		}
		answer := t.binds[0]
		if rs.Only != 0 {
			answer = t.binds[1]
		}
		if binds[i] = answer != osm.No; answer != osm.Unknown {
			continue
		}
		undecided := UndecidedTag{Restriction: rs.ID, Tag: t.text}
		// A relation with several members makes several restrictions.
		if n := len(s.undecided); n == 0 || s.undecided[n-1] != undecided {
			s.undecided = append(s.undecided, undecided)
		}
	}
	// A ban's next one comes before it.
	shut := make([]bool, len(s.t.bans))
	for i, x := range s.t.bans {
		shut[i] = binds[x.restriction] || x.next >= 0 && shut[x.next]
	}
	for _, x := range s.t.arcBans {
		if shut[x.ban] {
			if s.noTurn == nil {
				s.noTurn = newBitset(len(s.t.arcHead))
			}
			s.noTurn.set(x.arc)
		}
	}
}

// turnText is a condition of turn restrictions at a time: whether those bind
// that forbid their turn, and those that allow nothing else.
type turnText struct {
	text  string
	binds [2]osm.Answer
}

func newTurnText(text string, at time.Time) *turnText {
	c := osm.ParseTurnCondition(text)
	return &turnText{text, [2]osm.Answer{c.Binds(false, at), c.Binds(true, at)}}
}

// mayTake reports whether the metric's mode may take an arc at its time,
// whatever its road is like.
func (m *Metric) mayTake(arc int32) bool {
	return m.t.arcModes[arc]&uint8(m.profile.Mode) != 0 && (m.set.noTurn == nil || !m.set.noTurn.has(arc))
}
