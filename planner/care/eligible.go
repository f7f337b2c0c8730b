package care

import "slices"

// Why names the first rule that keeps a carer from a visit.
type Why string

// The rules of who may do a visit, in the order in which they are asked.
const (
	WhyUnknown    Why = "unknown"    // the visit's client or the shift's carer is not in the day
	WhyMember     Why = "member"     // a municipality that does not take part in the plan
	WhyBlocked    Why = "blocked"    // the client and the carer must not meet
	WhyAgreement  Why = "agreement"  // no agreement lets the carer work in that municipality
	WhyProfession Why = "profession" // neither the profession nor a delegation that holds at that time
	WhySkill      Why = "skill"      // a skill is missing
)

// Eligible tells whether a carer may do a visit that starts at a time, and if
// not, the first rule that forbids it. Reach and working hours are not asked.
//
// A carer may if the profession is one that the visit asks for, or if a
// delegation for its task holds at the start: issued by the unit that the
// carer works in, and for this client or for all. All skills are needed in
// either case. Blocked pairs never meet. Across a municipal border an
// agreement is needed, unless the day has none at all: then members pool
// their staff freely.
func (x *Index) Eligible(visit, carer int, at Time) (bool, Why) {
	return x.EligibleDuring(visit, carer, Window{at, at})
}

// EligibleDuring is Eligible for every start within a window: one delegation
// must hold throughout.
func (x *Index) EligibleDuring(visit, carer int, starts Window) (bool, Why) {
	client := x.VisitClient(visit)
	if client < 0 || carer < 0 {
		return false, WhyUnknown
	}
	v, c, m := &x.Day.Visits[visit], &x.Day.Clients[client], &x.Day.Carers[carer]
	switch {
	case !x.Member(c.Municipality) || !x.Member(m.Municipality):
		return false, WhyMember
	case slices.Contains(c.Blocked, m.ID):
		return false, WhyBlocked
	case !x.agreed(m, c.Municipality):
		return false, WhyAgreement
	case !qualified(v, m, starts):
		return false, WhyProfession
	}
	for _, s := range v.Requires.Skills {
		if !slices.Contains(m.Skills, s) {
			return false, WhySkill
		}
	}
	return true, ""
}

// agreed tells whether a carer may work for a municipality's clients.
func (x *Index) agreed(m *Carer, serving string) bool {
	if len(x.Day.Agreements) == 0 || m.Municipality == serving {
		return true
	}
	return slices.ContainsFunc(x.Day.Agreements, func(a Agreement) bool {
		return a.Home == m.Municipality && a.Serving == serving &&
			(len(a.Professions) == 0 || slices.Contains(a.Professions, m.Profession))
	})
}

// qualified asks for the profession or a delegation in its place.
func qualified(v *Visit, m *Carer, starts Window) bool {
	r := &v.Requires
	if len(r.Professions) == 0 || slices.Contains(r.Professions, m.Profession) {
		return true
	}
	return slices.ContainsFunc(m.Delegations, func(d Delegation) bool {
		return d.From <= starts.From && starts.To <= d.To && d.stands(v, m)
	})
}

// stands tells whether a delegation of a carer stands in for the profession at
// a visit, its dates aside.
func (d *Delegation) stands(v *Visit, m *Carer) bool {
	return v.Requires.Delegation != "" && d.Task == v.Requires.Delegation && d.Unit == m.Unit &&
		(len(d.Clients) == 0 || slices.Contains(d.Clients, v.Client))
}

// MayStart returns when within the windows of a visit a carer may start it:
// all of them for one who may by profession, the parts that delegations cover
// for one who may by these, nothing for anybody else. Windows are in order and
// apart. Reach, working hours and rest are not asked.
func (x *Index) MayStart(visit, carer int) []Window {
	if visit < 0 || carer < 0 || x.VisitClient(visit) < 0 {
		return nil
	}
	v, m := &x.Day.Visits[visit], &x.Day.Carers[carer]
	if _, why := x.Eligible(visit, carer, 0); why != "" && why != WhyProfession {
		return nil
	}
	for _, s := range v.Requires.Skills {
		if !slices.Contains(m.Skills, s) {
			return nil
		}
	}
	r := &v.Requires
	if len(r.Professions) == 0 || slices.Contains(r.Professions, m.Profession) {
		return v.Windows
	}
	var held []Window
	for i := range m.Delegations {
		if d := &m.Delegations[i]; d.stands(v, m) && d.From <= d.To {
			held = append(held, Window{d.From, d.To})
		}
	}
	slices.SortFunc(held, func(a, b Window) int { return int(int64(a.From) - int64(b.From)) })
	var out []Window
	for _, w := range v.Windows {
		for _, h := range held {
			from, to := max(w.From, h.From), min(w.To, h.To)
			if from > to {
				continue
			}
			if k := len(out) - 1; k >= 0 && int64(from) <= int64(out[k].To)+1 {
				out[k].To = max(out[k].To, to)
			} else {
				out = append(out, Window{from, to})
			}
		}
	}
	return out
}
