package care

import "fmt"

// largestWeight keeps sums over an ordinary day far from overflow: ten thousand
// visits at this price are still exact. Where a day is so large, or so many
// weights so high, that they would not be, the planner refuses it.
const largestWeight = 1_000_000_000

// leastWorkBefore bounds the number of breaks that a rule can ask for.
const leastWorkBefore = 1800

func (v *validator) rules() {
	item := at{"rules", -1, ""}
	r := &v.day.Rules
	length := func(field string, s Seconds, most int64) {
		if s < 0 || int64(s) > most {
			v.add(item, field, fmt.Sprintf("must be between 0 and %s hours", hours(most)), "")
		}
	}
	for _, h := range []struct {
		name string
		Handling
	}{{"summer", r.Handling.Summer}, {"winter", r.Handling.Winter}} {
		length("handling."+h.name+".leave", h.Leave, 2*3600)
		length("handling."+h.name+".arrive", h.Arrive, 2*3600)
		length("handling."+h.name+".samePlace", h.SamePlace, 2*3600)
	}
	length("break.workBefore", r.Break.WorkBefore, 24*3600)
	length("break.length", r.Break.Length, 4*3600)
	if r.Break.WorkBefore > 0 && r.Break.WorkBefore < leastWorkBefore {
		v.add(item, "break.workBefore", "a break is asked for before half an hour of work", "write the seconds of work before a break, or 0 to ask for none")
	}
	if r.Break.WorkBefore > 0 && r.Break.Length <= 0 {
		v.add(item, "break.length", "a break is asked for, but it has no length", "write the seconds of a break, or 0 for workBefore to ask for none")
	}
	if r.Break.WorkBefore >= leastWorkBefore && r.Break.Length > r.Break.WorkBefore {
		v.add(item, "break.length", "a break is longer than the work before it", "write the seconds of a break")
	}
	length("workingTime.longestShift", r.WorkingTime.LongestShift, 48*3600)
	length("workingTime.dailyRest", r.WorkingTime.DailyRest, 48*3600)
	w := &r.Weights
	weight := func(field string, x int64) {
		if x < 0 || x > largestWeight {
			v.add(item, "weights."+field, fmt.Sprintf("a weight must be between 0 and %d", int64(largestWeight)), "")
		}
	}
	for i, x := range w.Unserved {
		weight(fmt.Sprintf("unserved[%d]", i), x)
	}
	for i := 1; i < len(w.Unserved); i++ {
		if w.Unserved[i] > w.Unserved[i-1] {
			v.add(item, fmt.Sprintf("weights.unserved[%d]", i), "a less important visit weighs more than a more important one", "let the weights fall from priority 1 to 4")
		}
	}
	weight("optional", w.Optional)
	weight("drive", w.Drive)
	weight("metre", w.Metre)
	weight("wait", w.Wait)
	weight("outsideWindow", w.OutsideWindow)
	weight("shiftUsed", w.ShiftUsed)
	weight("newFace", w.NewFace)
	weight("notContact", w.NotContact)
	weight("downgrade", w.Downgrade)
	weight("language", w.Language)
	weight("acrossBorder", w.AcrossBorder)
}
