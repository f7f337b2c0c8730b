package care

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

func (v *validator) clients() {
	list := v.day.Clients
	v.ids("clients", len(list), func(i int) string { return list[i].ID })
	for i := range list {
		c := &list[i]
		item := at{"clients", i, c.ID}
		v.known(item, "place", c.Place, "place", v.index.Place)
		v.member(item, "municipality", c.Municipality)
		if c.FixedContact != "" {
			v.known(item, "fixedContact", c.FixedContact, "carer", v.index.Carer)
			if slices.Contains(c.Blocked, c.FixedContact) {
				v.add(item, "blocked", "the fixed contact is also blocked", "remove one of the two")
			}
		}
		for j, id := range c.Blocked {
			v.known(item, fmt.Sprintf("blocked[%d]", j), id, "carer", v.index.Carer)
		}
		v.words(item, "languages", c.Languages)
	}
}

// words checks a list of free words: none empty, none twice.
func (v *validator) words(item at, field string, list []string) {
	for j, w := range list {
		if strings.TrimSpace(w) == "" {
			v.add(item, fmt.Sprintf("%s[%d]", field, j), "the word is empty", "remove it")
		} else if slices.Contains(list[:j], w) {
			v.add(item, fmt.Sprintf("%s[%d]", field, j), "the word stands twice", "remove one of them")
		}
	}
}

var professions = []Profession{CareAssistant, AssistantNurse, Nurse, Physiotherapist, OccupationalTherapist}

func (v *validator) profession(item at, field string, p Profession) {
	if !slices.Contains(professions, p) {
		v.add(item, field, "the profession is not known",
			"write care-assistant, assistant-nurse, nurse, physiotherapist or occupational-therapist")
	}
}

func (v *validator) carers() {
	list := v.day.Carers
	v.ids("carers", len(list), func(i int) string { return list[i].ID })
	for i := range list {
		c := &list[i]
		item := at{"carers", i, c.ID}
		v.profession(item, "profession", c.Profession)
		v.member(item, "municipality", c.Municipality)
		v.words(item, "skills", c.Skills)
		v.words(item, "languages", c.Languages)
		for j := range c.Delegations {
			d := &c.Delegations[j]
			field := fmt.Sprintf("delegations[%d]", j)
			if d.Task == "" {
				v.add(item, field+".task", "the delegation names no task", "write the task that it permits")
			}
			if d.Unit == "" {
				v.add(item, field+".unit", "the delegation names no issuing unit", "write the unit whose nurse issued it")
			}
			if d.From > d.To {
				v.add(item, field+".to", "the delegation ends before it begins", "exchange the two dates")
			}
			for k, id := range d.Clients {
				v.known(item, fmt.Sprintf("%s.clients[%d]", field, k), id, "client", v.index.Client)
			}
		}
	}
}

func (v *validator) shifts() {
	list := v.day.Shifts
	v.ids("shifts", len(list), func(i int) string { return list[i].ID })
	byCarer := map[string][]int{}
	byVehicle := map[string][]int{}
	for i := range list {
		s := &list[i]
		item := at{"shifts", i, s.ID}
		v.known(item, "carer", s.Carer, "carer", v.index.Carer)
		v.known(item, "from", s.From, "place", v.index.Place)
		v.known(item, "to", s.To, "place", v.index.Place)
		v.mode(item, s.Mode)
		if s.Vehicle != "" && v.known(item, "vehicle", s.Vehicle, "vehicle", v.index.Vehicle) {
			if m := v.day.Vehicles[v.index.Vehicle[s.Vehicle]].Mode; m != s.Mode {
				v.add(item, "vehicle", "the vehicle is for another mode of travel than the shift", "make the two modes the same")
			}
		}
		if !v.timeInRange(item, "start", s.Start) || !v.timeInRange(item, "end", s.End) {
			continue
		}
		if s.End <= s.Start {
			v.add(item, "end", "the shift ends before it starts", "exchange the two times, or let it end on the next date")
			continue
		}
		if s.End-s.Start > longestAnyShift {
			v.add(item, "end", "the shift is longer than 48 hours", "check the dates")
			continue
		}
		if longest := v.day.Rules.WorkingTime.LongestShift; longest > 0 && Seconds(s.End-s.Start) > longest {
			v.add(item, "end", fmt.Sprintf("the shift is %s long, the rules allow %s", hours(int64(s.End-s.Start)), hours(int64(longest))), "shorten it or split it")
		}
		byCarer[s.Carer] = append(byCarer[s.Carer], i)
		if s.Vehicle != "" {
			byVehicle[s.Vehicle] = append(byVehicle[s.Vehicle], i)
		}
		v.breaks(item, s)
	}
	v.parked(byVehicle)
	v.apart(byCarer, "start", "overlaps shift %s of the same carer", "one carer works one shift at a time")
	v.apart(byVehicle, "vehicle", "uses its vehicle while shift %s has it", "give one of them another vehicle")
}

// longestAnyShift bounds shifts whatever the rules say.
const longestAnyShift = 48 * 3600

// parked checks that every vehicle stands where the shift that takes it
// starts: at its base, or where the shift before has left it.
func (v *validator) parked(byVehicle map[string][]int) {
	for i := range v.day.Vehicles {
		vehicle := &v.day.Vehicles[i]
		base, ok := v.index.Base[vehicle.Base]
		if !ok {
			continue
		}
		stands, what := v.day.Bases[base].Place, "at its base"
		group := slices.Clone(byVehicle[vehicle.ID])
		slices.SortStableFunc(group, func(a, b int) int { return int(v.day.Shifts[a].Start) - int(v.day.Shifts[b].Start) })
		for _, k := range group {
			s := &v.day.Shifts[k]
			_, known := v.index.Place[s.From]
			_, clear := v.index.Place[stands]
			if known && clear && s.From != stands {
				v.add(at{"shifts", k, s.ID}, "vehicle", "the shift does not start where its vehicle stands then: "+what,
					"let it start there, or give it another vehicle")
			}
			stands, what = s.To, "where the shift before it ends"
		}
	}
}

// apart checks that the shifts of each group do not overlap, and reports on
// the later one of each neighbouring pair.
func (v *validator) apart(groups map[string][]int, field, message, hint string) {
	keys := make([]string, 0, len(groups))
	for k := range groups {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		group := groups[k]
		slices.SortStableFunc(group, func(a, b int) int { return int(v.day.Shifts[a].Start) - int(v.day.Shifts[b].Start) })
		last := group[0] // of those before, the one that ends last
		for _, i := range group[1:] {
			s := &v.day.Shifts[i]
			if s.Start < v.day.Shifts[last].End && v.day.Shifts[last].Start < s.End {
				v.add(at{"shifts", i, s.ID}, field, fmt.Sprintf(message, showID(v.day.Shifts[last].ID)), hint)
			}
			if s.End > v.day.Shifts[last].End {
				last = i
			}
		}
	}
}

// breaks checks a shift's own breaks: in order, apart and within the shift.
func (v *validator) breaks(item at, s *Shift) {
	before, found := int64(s.Start), len(v.problems)
	for j, b := range s.Breaks {
		field := fmt.Sprintf("breaks[%d]", j)
		switch {
		case b.Length <= 0 || b.Length > 4*3600:
			v.add(item, field+".length", "a break must be longer than 0 and at most 4 hours", "")
		case b.Window.To < b.Window.From:
			v.add(item, field+".window", "the window ends before it starts", "exchange the two times")
		case b.Window.From < s.Start || int64(b.Window.To)+int64(b.Length) > int64(s.End):
			v.add(item, field+".window", "the break does not lie within the shift", "let it begin after the shift starts and end before the shift ends")
		case int64(b.Window.From) < before:
			v.add(item, field+".window", "the break can begin before the one ahead of it is over", "list breaks in order, with windows apart")
		}
		before = int64(b.Window.To) + int64(b.Length)
	}
	if len(v.problems) == found {
		v.workInRow(item, s)
	}
}

// workInRow checks that the rule on work in a row can be kept with a shift's
// own breaks: they replace the ones that the rule would give.
func (v *validator) workInRow(item at, s *Shift) {
	rule := v.day.Rules.Break
	if len(s.Breaks) == 0 || rule.WorkBefore < leastWorkBefore || rule.Length <= 0 {
		return // nothing to keep, or a rule that is reported itself
	}
	from, to, k, found := unkept(s, rule)
	if !found {
		return
	}
	opens, closes := max(from, to-int64(rule.WorkBefore)-int64(rule.Length)), from+int64(rule.WorkBefore)
	hint := fmt.Sprintf("add a break of at least %d min that begins between %s and %s, or leave the breaks out to have them planned",
		(rule.Length+59)/60, v.day.Clock(Time(opens)), v.day.Clock(Time(closes)))
	if opens > closes {
		hint = fmt.Sprintf("add breaks of at least %d min, the first of which begins at %s or before, or leave the breaks out to have them planned",
			(rule.Length+59)/60, v.day.Clock(Time(closes)))
	}
	v.add(item, fmt.Sprintf("breaks[%d]", min(k, len(s.Breaks)-1)),
		fmt.Sprintf("with these breaks the carer works more than %s h in a row from %s", hours(int64(rule.WorkBefore)), v.day.Clock(Time(from))), hint)
}

func (v *validator) agreements() {
	for i, a := range v.day.Agreements {
		item := at{"agreements", i, ""}
		v.known(item, "home", a.Home, "municipality", v.index.Municipality)
		v.known(item, "serving", a.Serving, "municipality", v.index.Municipality)
		if a.Home != "" && a.Home == a.Serving {
			v.add(item, "serving", "the agreement is between a municipality and itself", "name two different ones")
		}
		for j, p := range a.Professions {
			v.profession(item, fmt.Sprintf("professions[%d]", j), p)
		}
	}
}

// history checks dates only: it may name carers and clients who have left.
func (v *validator) history() {
	for i, h := range v.day.History {
		item := at{"history", i, ""}
		if _, err := time.Parse(time.DateOnly, h.Date); err != nil {
			v.add(item, "date", "this is not a date", "write YYYY-MM-DD")
		}
		if h.Client == "" {
			v.add(item, "client", "names no client", "write the id of a client")
		}
		if h.Carer == "" {
			v.add(item, "carer", "names no carer", "write the id of a carer")
		}
	}
}

// farNeighbour bounds the days around: rest looks no further than the next.
const farNeighbour = 31 * 86400

func (v *validator) neighbours() {
	for i, n := range v.day.Neighbours {
		item := at{"neighbours", i, ""}
		v.known(item, "carer", n.Carer, "carer", v.index.Carer)
		switch {
		case n.End <= n.Start:
			v.add(item, "end", "the shift ends before it starts", "exchange the two times")
		case n.Start < -farNeighbour || n.End > farNeighbour:
			v.add(item, "start", "the shift lies more than a month from the planned date", "check the date")
		case n.End-n.Start > longestAnyShift:
			v.add(item, "end", "the shift is longer than 48 hours", "check the dates")
		}
	}
}

// hours writes a length as hours and minutes.
func hours(seconds int64) string {
	if seconds%60 != 0 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/3600, seconds/60%60)
}
