package care_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/planner/care"
)

func TestEligible(t *testing.T) {
	const b1, b2, m1, m2 = 0, 1, 0, 1
	for _, c := range []struct {
		name         string
		visit, carer int
		at           care.Time
		why          care.Why
		change       func(*care.Day)
	}{
		{"delegated", b1, m1, 8 * hour, "", nil},
		{"to the last second", b1, m1, 12 * hour, "", nil},
		{"a second late", b1, m1, 12*hour + 1, care.WhyProfession, nil},
		{"issued elsewhere", b1, m1, 8 * hour, care.WhyProfession, func(d *care.Day) { d.Carers[0].Delegations[0].Unit = "e9" }},
		{"for another client", b1, m1, 8 * hour, care.WhyProfession, func(d *care.Day) { d.Carers[0].Delegations[0].Clients = []string{"c2"} }},
		{"for all clients", b1, m1, 8 * hour, "", func(d *care.Day) { d.Carers[0].Delegations[0].Clients = nil }},
		{"for another task", b1, m1, 8 * hour, care.WhyProfession, func(d *care.Day) { d.Carers[0].Delegations[0].Task = "wound" }},
		{"no delegation will do", b1, m1, 8 * hour, care.WhyProfession, func(d *care.Day) { d.Visits[0].Requires.Delegation = "" }},
		{"any profession", b1, m1, 8 * hour, "", func(d *care.Day) { d.Visits[0].Requires = care.Requirement{} }},
		{"blocked", b1, m2, 8 * hour, care.WhyBlocked, nil},
		{"a nurse needs no delegation", b1, m2, 8 * hour, "", func(d *care.Day) { d.Clients[0].Blocked = nil }},
		{"agreed for nurses", b2, m2, 9 * hour, "", nil},
		{"not for others", b2, m1, 9 * hour, care.WhyAgreement, nil},
		{"members pool freely", b2, m1, 9 * hour, care.WhySkill, func(d *care.Day) { d.Agreements = nil }},
		{"the agreement goes one way", b2, m2, 9 * hour, care.WhyAgreement, func(d *care.Day) {
			d.Agreements[0].Home, d.Agreements[0].Serving = "2518", "2513"
		}},
		{"agreed for all", b2, m1, 9 * hour, care.WhySkill, func(d *care.Day) { d.Agreements[0].Professions = nil }},
		{"no member", b2, m2, 9 * hour, care.WhyMember, func(d *care.Day) { d.Members = d.Members[:1] }},
		{"nobody", b1, -1, 0, care.WhyUnknown, nil},
	} {
		d := smallDay()
		if c.change != nil {
			c.change(d)
		}
		ok, why := care.NewIndex(d).Eligible(c.visit, c.carer, c.at)
		if ok != (c.why == "") || why != c.why {
			t.Errorf("%s: got %v, %q", c.name, ok, why)
		}
	}
	ok, why := care.NewIndex(smallDay()).EligibleDuring(b1, m1, care.Window{From: 11 * hour, To: 13 * hour})
	if ok || why != care.WhyProfession {
		t.Errorf("a delegation that lapses within the window: %v, %q", ok, why)
	}
}

func TestIndexLooksUp(t *testing.T) {
	d := smallDay()
	ten := care.Seconds(10)
	d.Places[1].Leave = &ten
	d.Visits[1].Place = "p0"
	x := care.NewIndex(d)
	if x.VisitPlace(0) != 1 || x.VisitPlace(1) != 0 || x.VisitClient(1) != 1 || x.ShiftCarer(1) != 1 {
		t.Error("places, clients or carers")
	}
	if leave, arrive := x.Around(1, 2); leave != 10 || arrive != 150 {
		t.Errorf("a leg: %d, %d", leave, arrive)
	}
	if leave, arrive := x.Around(1, 1); leave != 0 || arrive != 60 {
		t.Errorf("within a place: %d, %d", leave, arrive)
	}
	d.Condition = nil
	if got := care.NewIndex(d).Handling; got != d.Rules.Handling.Summer {
		t.Errorf("without a condition: %+v", got)
	}
}

func TestRested(t *testing.T) {
	d := smallDay()
	if x := care.NewIndex(d); !x.Rested(0) || !x.Rested(1) {
		t.Error("a whole night is not enough")
	}
	d.Neighbours[0].End = -3 * hour // 10 hours before 07:00
	d.Shifts[1].Carer = "m1"        // 0 hours after d1, but that one must stay empty
	if x := care.NewIndex(d); x.Rested(0) || !x.Rested(1) {
		t.Error("the late neighbour keeps m1 from d1 only")
	}
	d.Neighbours = nil
	if x := care.NewIndex(d); !x.Rested(0) || x.Rested(1) {
		t.Error("of two shifts too close the earlier one is worked")
	}
}

// A gap within one working day is no breach by itself: what counts is that the
// rest is free in the 24 hours from its start.
func TestSplitWorkingDays(t *testing.T) {
	shift := func(start, end care.Time) care.Shift {
		return care.Shift{Carer: "m1", Start: start * hour, End: end * hour}
	}
	for _, c := range []struct {
		name   string
		shifts []care.Shift
		before []care.WorkedShift
		want   []bool
	}{
		{"morning and evening, 13 hours", []care.Shift{shift(7, 11), shift(16, 20)}, nil, []bool{true, true}},
		{"morning and late evening, 14 hours", []care.Shift{shift(7, 11), shift(16, 21)}, nil, []bool{true, false}},
		{"three parts", []care.Shift{shift(18, 20), shift(7, 9), shift(12, 14)}, nil, []bool{true, true, true}},
		{"the third part is too much", []care.Shift{shift(7, 9), shift(12, 14), shift(19, 22)}, nil, []bool{true, true, false}},
		{"a whole rest between them: two days", []care.Shift{shift(0, 8), shift(19, 24)}, nil, []bool{true, true}},
		{"after a late evening", []care.Shift{shift(7, 11), shift(16, 20)}, []care.WorkedShift{{Carer: "m1", Start: -8 * hour, End: -2 * hour}}, []bool{false, true}},
		{"part of the night before", []care.Shift{shift(6, 8)}, []care.WorkedShift{{Carer: "m1", Start: -4 * hour, End: 0}}, []bool{true}},
		{"before an early morning", []care.Shift{shift(7, 11), shift(16, 20)}, []care.WorkedShift{{Carer: "m1", Start: 30 * hour, End: 38 * hour}}, []bool{true, false}},
		{"twice at once", []care.Shift{shift(6, 8)}, []care.WorkedShift{{Carer: "m1", Start: 5 * hour, End: 7 * hour}}, []bool{false}},
	} {
		d := smallDay()
		d.Shifts, d.Neighbours = c.shifts, c.before
		x := care.NewIndex(d)
		for i, want := range c.want {
			if x.Rested(i) != want {
				t.Errorf("%s: shift %d rested: %v", c.name, i, !want)
			}
		}
	}
	d := smallDay()
	d.Shifts, d.Neighbours, d.Rules.WorkingTime.SplitShifts = []care.Shift{shift(7, 11), shift(16, 20)}, nil, false
	if x := care.NewIndex(d); !x.Rested(0) || x.Rested(1) {
		t.Error("split shifts are not allowed, but worked")
	}
}

func TestMayStart(t *testing.T) {
	d := smallDay() // the delegation of m1 ends at 12:00; b1 may start from 7 to 9
	windows := func(visit, carer int) []care.Window { return care.NewIndex(d).MayStart(visit, carer) }
	if diff := cmp.Diff([]care.Window{{From: 7 * hour, To: 9 * hour}}, windows(0, 0)); diff != "" {
		t.Error(diff)
	}
	d.Visits[0].Windows = []care.Window{{From: 7 * hour, To: 9 * hour}, {From: 11 * hour, To: 13 * hour}, {From: 14 * hour, To: 15 * hour}}
	if diff := cmp.Diff([]care.Window{{From: 7 * hour, To: 9 * hour}, {From: 11 * hour, To: 12 * hour}}, windows(0, 0)); diff != "" {
		t.Error(diff)
	}
	if windows(0, 1) != nil { // a nurse, but blocked
		t.Error("a blocked carer may start")
	}
	second := d.Carers[0].Delegations[0]
	second.From, second.To = 12*hour+1, 14*hour+1800
	d.Carers[0].Delegations = append(d.Carers[0].Delegations, second)
	want := []care.Window{{From: 7 * hour, To: 9 * hour}, {From: 11 * hour, To: 13 * hour}, {From: 14 * hour, To: 14*hour + 1800}}
	if diff := cmp.Diff(want, windows(0, 0)); diff != "" {
		t.Error(diff)
	}
	if got := windows(1, 1); len(got) != 2 {
		t.Errorf("a nurse may not start at all times: %v", got)
	}
	if windows(1, 0) != nil || windows(0, -1) != nil {
		t.Error("somebody without the skill, or nobody, may start")
	}
}

// A shift whose own breaks pass Validate keeps the rule on work in a row,
// wherever in the windows of BreaksOf each of them begins; one that is refused
// for it cannot keep the rule at all.
func TestOwnBreaksThatPassKeepTheRule(t *testing.T) {
	passed, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := smallDay()
		d.Neighbours, d.Shifts = nil, d.Shifts[:1]
		s := &d.Shifts[0]
		s.Vehicle, s.End = "", s.Start+care.Time(rapid.IntRange(10, 26).Draw(t, "halves")*1800)
		from := s.Start
		for range rapid.IntRange(1, 3).Draw(t, "breaks") {
			from += care.Time(rapid.IntRange(0, 10).Draw(t, "from") * 1800)
			b := care.Break{Window: care.Window{From: from, To: from + care.Time(rapid.IntRange(0, 6).Draw(t, "width")*1800)}, Length: care.Seconds(rapid.IntRange(1, 3).Draw(t, "length") * 900)}
			from = b.Window.To + care.Time(b.Length)
			if from > s.End {
				break
			}
			s.Breaks = append(s.Breaks, b)
		}
		if len(s.Breaks) == 0 {
			return
		}
		rule := d.Rules.Break
		stretches := func(begin func(int, care.Break) care.Time) (longest care.Time) {
			since := s.Start
			for k, b := range care.NewIndex(d).BreaksOf(0) {
				if at := begin(k, b); b.Length >= rule.Length {
					longest, since = max(longest, at-since), at+care.Time(b.Length)
				}
			}
			return max(longest, s.End-since)
		}
		if err := d.Validate(); err != nil {
			refused++
			// As late as the rule lets each begin is best for all that follow.
			since := s.Start
			kept := true
			for _, b := range s.Breaks {
				if b.Length < rule.Length {
					continue
				}
				at := min(b.Window.To, since+care.Time(rule.WorkBefore))
				kept = kept && at >= b.Window.From
				since = at + care.Time(b.Length)
			}
			if kept && s.End-since <= care.Time(rule.WorkBefore) {
				t.Fatalf("refused, but the rule can be kept: %v", err)
			}
			return
		}
		passed++
		if got := stretches(func(_ int, b care.Break) care.Time {
			return care.Time(rapid.IntRange(int(b.Window.From), int(b.Window.To)).Draw(t, "begin"))
		}); got > care.Time(rule.WorkBefore) {
			t.Fatalf("%d seconds of work in a row with %+v", got, care.NewIndex(d).BreaksOf(0))
		}
	})
	if passed == 0 || refused == 0 {
		t.Errorf("one-sided: %d passed, %d refused", passed, refused)
	}
}

func TestBreaksOfAShift(t *testing.T) {
	window := func(from, to care.Time) care.Window { return care.Window{From: from, To: to} }
	for _, c := range []struct {
		name string
		end  care.Time // from 07:00
		own  []care.Break
		want []care.Break
	}{
		{"five hours need none", 12 * hour, nil, nil},
		{"eight hours: one, from 09:30 to 12:00", 15 * hour, nil, []care.Break{{Window: window(9*hour+1800, 12*hour), Length: 1800}}},
		{"hardly more than five: one that ends with the shift", 12*hour + 600, nil, []care.Break{{Window: window(7*hour, 11*hour+2400), Length: 1800}}},
		{"ten and a half: one, at 12:00 sharp", 17*hour + 1800, nil, []care.Break{{Window: window(12*hour, 12*hour), Length: 1800}}},
		{"twelve: two, with two hours each to begin in", 19 * hour, nil, []care.Break{
			{Window: window(10*hour, 12*hour), Length: 1800}, {Window: window(13*hour+1800, 15*hour+1800), Length: 1800},
		}},
		{"its own stand", 15 * hour, []care.Break{{Window: window(11*hour, 12*hour), Length: 2700, Paid: true}}, []care.Break{{Window: window(11*hour, 12*hour), Length: 2700, Paid: true}}},
		{"its own, cut to the rule", 16 * hour, []care.Break{{Window: window(8*hour, 14*hour), Length: 1800}}, []care.Break{{Window: window(10*hour+1800, 12*hour), Length: 1800}}},
		{"its own, too late to be cut", 16 * hour, []care.Break{{Window: window(13*hour, 14*hour), Length: 1800}}, []care.Break{{Window: window(13*hour, 14*hour), Length: 1800}}},
		{"its own, too short to count", 16 * hour, []care.Break{{Window: window(8*hour, 14*hour), Length: 900}}, []care.Break{{Window: window(8*hour, 14*hour), Length: 900}}},
	} {
		d := smallDay()
		d.Shifts[0].End, d.Shifts[0].Breaks = c.end, c.own
		if diff := cmp.Diff(c.want, care.NewIndex(d).BreaksOf(0)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	d := smallDay()
	d.Rules.Break = care.BreakRule{}
	if got := care.NewIndex(d).BreaksOf(0); got != nil {
		t.Errorf("no rule, but %v", got)
	}
}

// Wherever in their windows the derived breaks begin, no stretch of work is
// too long, and with one break fewer that could not be.
func TestDerivedBreaksKeepTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := smallDay()
		work, rest := rapid.IntRange(2, 40000).Draw(t, "work"), 0
		rest = rapid.IntRange(1, work/2).Draw(t, "rest")
		// More than 90 stretches of work would be a break a minute.
		length := rapid.IntRange(1, min(100000, 90*work)).Draw(t, "length")
		d.Rules.Break = care.BreakRule{WorkBefore: care.Seconds(work), Length: care.Seconds(rest)}
		d.Shifts[0].End = d.Shifts[0].Start + care.Time(length)
		breaks := care.NewIndex(d).BreaksOf(0)
		since := d.Shifts[0].Start
		for k, b := range breaks {
			if b.Window.From > b.Window.To {
				t.Fatalf("break %d has no window: %v", k, breaks)
			}
			begin := care.Time(rapid.IntRange(int(max(b.Window.From, since)), int(b.Window.To)).Draw(t, "begin"))
			if int(begin-since) > work || begin+care.Time(b.Length) > d.Shifts[0].End {
				t.Fatalf("%d seconds of work before break %d of %v", begin-since, k, breaks)
			}
			since = begin + care.Time(b.Length)
		}
		if int(d.Shifts[0].End-since) > work {
			t.Fatalf("%d seconds of work after the last of %v", d.Shifts[0].End-since, breaks)
		}
		if n := len(breaks); n > 0 && n*work+(n-1)*rest >= length {
			t.Fatalf("%d breaks, but fewer would do", n)
		}
	})
}
