package check

import (
	"slices"

	"github.com/slinga-se/slinga/planner/care"
)

// visits checks visit by visit that it is served by the right number of the
// right carers.
func (j *judge) visits() {
	for v := range j.day.Visits {
		j.served(v)
		for _, s := range j.servings[v] {
			j.allowed(v, s)
		}
	}
}

// served checks how often a visit is served, and by whom together.
func (j *judge) served(v int) {
	visit, list := &j.day.Visits[v], j.servings[v]
	at := where{visit: visit.ID}
	if len(list) > 0 {
		at = j.walks[list[0].walk].at(list[0].stop)
	}
	n := numbers{int64(visit.Carers), int64(len(list))}
	switch {
	case len(list) == 0 && j.unserved[v] == 0:
		j.breach(ServedOnce, at, n, "Visit %s is neither served nor listed as unserved.", "Besöket %s utförs inte och står inte bland de ej planerade.", visit.ID)
	case len(list) > 0 && j.unserved[v] > 0:
		j.breach(ServedOnce, at, n, "Visit %s is served at %s and also listed as unserved.", "Besöket %s utförs kl. %s och står ändå bland de ej planerade.", visit.ID, j.clock(at.at))
	case j.unserved[v] > 1:
		j.breach(ServedOnce, at, numbers{1, int64(j.unserved[v])}, "Visit %s is listed as unserved %d times.", "Besöket %s står %d gånger bland de ej planerade.", visit.ID, j.unserved[v])
	}
	if len(list) > 0 && len(list) != visit.Carers {
		j.breach(ServedOnce, at, n, "Visit %s is served by %d; it asks for %d.", "Besöket %s utförs av %d; det kräver %d.", visit.ID, len(list), visit.Carers)
	}
	if visit.Carers < 2 {
		return
	}
	for i := 1; i < len(list); i++ {
		a, b := list[0], list[i]
		at := j.walks[b.walk].at(b.stop)
		if a.stop.Start != b.stop.Start {
			j.breach(Double, at, numbers{int64(a.stop.Start), int64(b.stop.Start)}, "The carers of double visit %s start at different times: %s and %s.",
				"De två vid dubbelbesöket %s börjar vid olika tider: %s och %s.", visit.ID, j.clock(int64(a.stop.Start)), j.clock(int64(b.stop.Start)))
		}
		if j.person(a.walk) == j.person(b.walk) {
			j.breach(Double, at, numbers{2, 1}, "Double visit %s has the same carer %s twice.", "Dubbelbesöket %s har samma medarbetare %s två gånger.", visit.ID, j.person(a.walk))
		}
	}
}

// person is the carer who really drives a route: the shift's, or, when the
// shift is not known, the one that the route names.
func (j *judge) person(walk int) string {
	if s := j.walks[walk].shift; s >= 0 {
		return j.day.Shifts[s].Carer
	}
	return j.walks[walk].route.Carer
}

// allowed checks whether this carer may do this visit at this time.
func (j *judge) allowed(v int, s serving) {
	w := &j.walks[s.walk]
	if w.carer < 0 {
		return
	}
	j.barriers(v, w.carer, int64(s.stop.Start), func(rule RuleID) {
		visit, carer := &j.day.Visits[v], &j.day.Carers[w.carer]
		at := w.at(s.stop)
		at.carer = carer.ID
		text := barrierTexts[rule]
		j.breach(rule, at, numbers{}, text[0], text[1], carer.ID, visit.ID, j.clock(int64(s.stop.Start)))
	})
}

var barrierTexts = map[RuleID][2]string{
	Member:     {"%s does visit %s at %s, but one of the two belongs to a municipality outside this plan.", "%s gör besöket %s kl. %s, men en av dem hör till en kommun utanför planen."},
	Blocked:    {"%s does visit %s at %s, but must not come to this client.", "%s gör besöket %s kl. %s, men får inte komma till den brukaren."},
	Agreement:  {"%s does visit %s at %s in another municipality without an agreement.", "%s gör besöket %s kl. %s i en annan kommun utan avtal."},
	Profession: {"%s does visit %s at %s with neither the profession nor a delegation that holds then.", "%s gör besöket %s kl. %s utan rätt yrke och utan delegering som gäller då."},
	Skill:      {"%s does visit %s at %s, but lacks a skill that it asks for.", "%s gör besöket %s kl. %s, men saknar kompetens som det kräver."},
}

// barriers calls back for every rule that keeps a carer from a visit at a time.
func (j *judge) barriers(v, carer int, start int64, broken func(RuleID)) {
	visit, m := &j.day.Visits[v], &j.day.Carers[carer]
	client := lookup(j.clientOf, visit.Client)
	if client >= 0 {
		c := &j.day.Clients[client]
		if len(j.day.Members) > 0 && (!slices.Contains(j.day.Members, c.Municipality) || !slices.Contains(j.day.Members, m.Municipality)) {
			broken(Member)
		}
		if slices.Contains(c.Blocked, m.ID) {
			broken(Blocked)
		}
		if c.Municipality != m.Municipality && len(j.day.Agreements) > 0 && !j.lent(m, c.Municipality) {
			broken(Agreement)
		}
	}
	ask := &visit.Requires
	if len(ask.Professions) > 0 && !slices.Contains(ask.Professions, m.Profession) && !delegated(ask.Delegation, visit.Client, m, start) {
		broken(Profession)
	}
	for _, skill := range ask.Skills {
		if !slices.Contains(m.Skills, skill) {
			broken(Skill)
			break
		}
	}
}

// lent tells whether an agreement lends this carer to a municipality.
func (j *judge) lent(m *care.Carer, to string) bool {
	for _, a := range j.day.Agreements {
		if a.Home != m.Municipality || a.Serving != to {
			continue
		}
		if len(a.Professions) == 0 || slices.Contains(a.Professions, m.Profession) {
			return true
		}
	}
	return false
}

// delegated tells whether a delegation for a task holds for a client at a time.
func delegated(task, client string, m *care.Carer, start int64) bool {
	if task == "" {
		return false
	}
	for i := range m.Delegations {
		d := &m.Delegations[i]
		if d.Task != task || d.Unit != m.Unit || start < int64(d.From) || start > int64(d.To) {
			continue
		}
		if len(d.Clients) == 0 || slices.Contains(d.Clients, client) {
			return true
		}
	}
	return false
}

// links checks the ties between visits.
func (j *judge) links() {
	for _, l := range j.day.Links {
		a, aok := j.visitOf[l.First]
		b, bok := j.visitOf[l.Second]
		if !aok || !bok {
			continue
		}
		first, second := j.servings[a], j.servings[b]
		if len(first) == 0 || len(second) == 0 {
			if one := append(first[:len(first):len(first)], second...); l.Together && len(one) > 0 {
				left := l.First
				if len(first) > 0 {
					left = l.Second
				}
				j.breach(LinkTogether, j.walks[one[0].walk].at(one[0].stop), numbers{2, 1}, "Visit %s is served, but %s, which belongs with it, is not.",
					"Besöket %s utförs, men inte %s, som hör ihop med det.", one[0].stop.Visit, left)
			}
			continue
		}
		at := j.walks[second[0].walk].at(second[0].stop)
		gap := int64(second[0].stop.Start) - int64(first[0].stop.Start)
		if gap < int64(l.Min) || gap > int64(l.Max) {
			want := int64(l.Min)
			if gap > int64(l.Max) {
				want = int64(l.Max)
			}
			j.breach(LinkGap, at, numbers{want, gap}, "Visit %s starts %s after %s; the link asks for %s to %s.",
				"Besöket %s börjar %s efter %s; länken kräver %s till %s.", l.Second, length(gap), l.First, length(int64(l.Min)), length(int64(l.Max)))
		}
		shared := ""
		for _, s := range first {
			for _, o := range second {
				if p := j.person(s.walk); p == j.person(o.walk) {
					shared = p
				}
			}
		}
		switch {
		case l.Carer == care.SameCarer && shared == "":
			j.breach(LinkCarer, at, numbers{1, 0}, "Visits %s and %s should have the same carer, but have none in common.",
				"Besöken %s och %s ska ha samma medarbetare, men har ingen gemensam.", l.First, l.Second)
		case l.Carer == care.DifferentCarer && shared != "":
			j.breach(LinkCarer, at, numbers{0, 1}, "Visits %s and %s should have different carers, but both have %s.",
				"Besöken %s och %s ska ha olika medarbetare, men båda har %s.", l.First, l.Second, shared)
		}
	}
}

// pins checks that locked visits that are served are where they were locked.
func (j *judge) pins() {
	for _, p := range j.day.Pins {
		v, ok := j.visitOf[p.Visit]
		if !ok || len(j.servings[v]) == 0 {
			continue
		}
		at := j.walks[j.servings[v][0].walk].at(j.servings[v][0].stop)
		onShift := p.Shift == ""
		for _, s := range j.servings[v] {
			onShift = onShift || j.walks[s.walk].route.Shift == p.Shift
		}
		if !onShift {
			j.breach(PinShift, at, numbers{}, "Visit %s is pinned to shift %s, but %s does it.", "Besöket %s är låst till passet %s, men %s gör det.", p.Visit, p.Shift, at.carer)
		}
		if p.Start != nil && at.at != int64(*p.Start) {
			j.breach(PinStart, at, numbers{int64(*p.Start), at.at}, "Visit %s starts at %s; it is pinned to %s.", "Besöket %s börjar kl. %s; det är låst till %s.",
				p.Visit, j.clock(at.at), j.clock(int64(*p.Start)))
		}
	}
}
