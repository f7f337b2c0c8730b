package check

import (
	"slices"

	"github.com/slinga-se/slinga/planner/care"
)

// reasons confirms why each unserved visit is unserved: the codes are tried in
// the order of care.ReasonCode, each from its definition.
func (j *judge) reasons() {
	var n networks // made when the first visit needs them
	seen := map[string]bool{}
	for i := range j.roster.Unserved {
		u := &j.roster.Unserved[i]
		v, ok := j.visitOf[u.Visit]
		if !ok || seen[u.Visit] || len(j.servings[v]) > 0 {
			continue
		}
		seen[u.Visit] = true
		if n.proof == nil {
			n.proof = j.network(false)
		}
		j.reason(u, v, &n)
	}
}

// networks are the one that proves that a visit fits, and the loose one that
// proves that it does not.
type networks struct{ proof, disproof *network }

// couldFit tells whether it cannot be ruled out that a visit fits, as it is or
// without its pins and links.
func (n *networks) couldFit(v int, free bool) bool {
	if n.disproof == nil {
		n.disproof = n.proof.j.network(true)
	}
	if free {
		return n.disproof.insertFree(v) != nil
	}
	return n.disproof.insert(v, false) != nil
}

// reason confirms the reason of one visit.
func (j *judge) reason(u *care.Unserved, v int, n *networks) {
	visit := &j.day.Visits[v]
	at := where{visit: visit.ID}
	if len(visit.Windows) > 0 {
		at.at = int64(visit.Windows[0].From)
	}
	c := n.proof.candidates(v)
	switch {
	case c.reach == 0:
		j.expect(u, at, care.ReasonUnreachable)
		return
	case c.mayCarers < visit.Carers:
		j.expect(u, at, care.ReasonCompetence)
		return
	case c.aloneCarers < visit.Carers:
		j.expect(u, at, care.ReasonWindow)
		return
	case c.restedCarers < visit.Carers:
		j.expect(u, at, care.ReasonRest)
		return
	}
	if u.Reason == care.ReasonTime {
		return // it says nothing of the routes, and of the shifts nothing is the matter
	}
	if u.Reason == care.ReasonFull && u.Shifts != len(c.alone) {
		j.warn(Reason, at, numbers{int64(len(c.alone)), int64(u.Shifts)}, "Visit %s is said to have been tried in %d shifts; %d could take it.",
			"Besöket %s sägs ha prövats i %d pass; %d skulle kunna ta det.", visit.ID, u.Shifts, len(c.alone))
	}
	fit := n.proof.insert(v, u.Reason == care.ReasonCost)
	if fit == nil {
		j.noPlace(u, v, at, n)
		return
	}
	// A visit that fits somewhere is unserved only for its cost. That is not
	// true either when serving it there is certain to be cheaper.
	carer, shift := j.day.Shifts[fit.shift].Carer, j.day.Shifts[fit.shift].ID
	at.carer, at.shift, at.at = carer, shift, fit.start
	switch {
	case u.Reason != care.ReasonCost:
		j.breach(Reason, at, numbers{}, "Visit %s is unserved as %s, but %s could do it on shift %s at %s, as the routes stand.",
			"Besöket %s utförs inte på grund av %s, men %s kan göra det i passet %s kl. %s, som slingorna är.", visit.ID, quoted(u.Reason), carer, shift, j.clock(fit.start))
	case fit.added < fit.saved:
		j.breach(Reason, at, numbers{fit.saved, fit.added}, "Visit %s is unserved for its cost, but %s could do it on shift %s at %s for at most %d; leaving it out costs %d.",
			"Besöket %s utförs inte för sin kostnads skull, men %s kan göra det i passet %s kl. %s för högst %d; att låta bli kostar %d.",
			visit.ID, carer, shift, j.clock(fit.start), fit.added, fit.saved)
	}
}

// noPlace confirms the reason of a visit for which no place was found. It is
// full, or, if there is a place without its pins and links, these are it. A
// reason that can neither be proved nor be disproved stands.
func (j *judge) noPlace(u *care.Unserved, v int, at where, n *networks) {
	tied := j.tied(u.Visit)
	switch {
	case u.Reason == care.ReasonCost && n.couldFit(v, false):
	case tied && n.proof.insertFree(v) != nil:
		j.expect(u, at, care.ReasonPin)
	case u.Reason == care.ReasonPin && tied && n.couldFit(v, true):
	default:
		j.expect(u, at, care.ReasonFull)
	}
}

// expect notes a reason that is not the true one.
func (j *judge) expect(u *care.Unserved, at where, truth care.ReasonCode) {
	if u.Reason == truth {
		return
	}
	text := reasonTexts[truth]
	j.breach(Reason, at, numbers{}, "Visit %[1]s is unserved as %[2]s, but the reason is %[3]s: %[4]s.", "Besöket %[1]s utförs inte på grund av %[2]s, men skälet är %[3]s: %[5]s.",
		u.Visit, quoted(u.Reason), quoted(truth), text[0], text[1])
}

var reasonTexts = map[care.ReasonCode][2]string{
	care.ReasonUnreachable: {"there is no way there and back from the ends of any shift", "det finns ingen väg dit och tillbaka från något pass"},
	care.ReasonCompetence:  {"fewer carers on duty may do it than it asks for", "färre i tjänst än det kräver får göra det"},
	care.ReasonWindow:      {"fewer carers could be there within its windows, with nothing else to do, than it asks for", "färre än det kräver hinner dit inom dess tidsfönster, även utan annat att göra"},
	care.ReasonPin:         {"a pin or a link leaves no place for it", "en låsning eller länk lämnar ingen plats för det"},
	care.ReasonRest:        {"fewer of those who could be there than it asks for are rested", "färre än det kräver av dem som hinner dit har vilat"},
	care.ReasonFull:        {"it fits nowhere in the routes as they stand", "det får inte plats någonstans i slingorna som de är"},
}

// tied tells whether a pin or a link holds a visit.
func (j *judge) tied(id string) bool {
	for i := range j.day.Pins {
		if j.day.Pins[i].Visit == id {
			return true
		}
	}
	for i := range j.day.Links {
		if j.day.Links[i].First == id || j.day.Links[i].Second == id {
			return true
		}
	}
	return false
}

// candidates are the shifts that remain for a visit after each question.
type candidates struct {
	reach                                int   // shifts with a way there and back
	mayCarers, aloneCarers, restedCarers int   // different carers
	alone                                []int // rested shifts that could do it with nothing else to do
}

func (n *network) candidates(v int) candidates {
	j := n.j
	var c candidates
	may, alone, rested := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for s := range j.day.Shifts {
		shift := &j.day.Shifts[s]
		there := n.arrive(s, n.from[s], j.home[v], int64(shift.Start))
		reached := n.reaches(s, v)
		if reached {
			c.reach++
		}
		windows := j.seatWindows(v, s, j.day.Visits[v].Windows)
		if len(windows) == 0 {
			continue
		}
		may[shift.Carer] = true
		if !reached {
			continue
		}
		for _, w := range windows {
			start := max(there, int64(w.From))
			back := n.arrive(s, j.home[v], n.to[s], start+int64(j.day.Visits[v].Duration))
			if start <= int64(w.To) && back <= int64(shift.End) {
				alone[shift.Carer] = true
				if !j.notRest[s] {
					c.alone = append(c.alone, s)
					rested[shift.Carer] = true
				}
				break
			}
		}
	}
	c.mayCarers, c.aloneCarers, c.restedCarers = len(may), len(alone), len(rested)
	return c
}

// seatWindows returns when the carer of a shift may start a visit: the given
// windows, cut to the delegations where it is these that allow it; none when
// some other rule forbids it. Rest is not asked.
func (j *judge) seatWindows(v, shift int, windows []care.Window) []care.Window {
	carer := lookup(j.carerOf, j.day.Shifts[shift].Carer)
	if carer < 0 || lookup(j.clientOf, j.day.Visits[v].Client) < 0 {
		return nil
	}
	forbidden, byProfession := false, true
	j.barriers(v, carer, -1<<40, func(rule RuleID) { // a time at which no delegation holds
		if rule == Profession {
			byProfession = false
		} else {
			forbidden = true
		}
	})
	switch {
	case forbidden:
		return nil
	case byProfession:
		return windows
	}
	visit, m := &j.day.Visits[v], &j.day.Carers[carer]
	var cut []care.Window
	for _, w := range windows {
		for i := range m.Delegations {
			d := &m.Delegations[i]
			from, to := max(w.From, d.From), min(w.To, d.To)
			if from <= to && delegated(visit.Requires.Delegation, visit.Client, &care.Carer{Unit: m.Unit, Delegations: m.Delegations[i : i+1]}, int64(from)) {
				cut = append(cut, care.Window{From: from, To: to})
			}
		}
	}
	return joined(cut)
}

// joined sorts windows and makes one of those that overlap or touch.
func joined(list []care.Window) []care.Window {
	slices.SortFunc(list, func(a, b care.Window) int { return int(int64(a.From) - int64(b.From)) })
	var out []care.Window
	for _, w := range list {
		if k := len(out) - 1; k >= 0 && int64(w.From) <= int64(out[k].To)+1 {
			out[k].To = max(out[k].To, w.To)
		} else {
			out = append(out, w)
		}
	}
	return out
}
