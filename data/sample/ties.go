package sample

import (
	"math/rand/v2"
	"time"

	"github.com/slinga-se/slinga/planner/care"
)

// drawTies adds what binds clients to carers: fixed contacts, carers that
// must not come, languages wished, who came on earlier days; and the shifts
// that the carers worked the day before and have the day after.
func (f *draft) drawTies() {
	r := f.random(streamTies)
	onDuty := map[string]care.Shift{}
	for _, s := range f.day.Shifts {
		onDuty[s.Carer] = s
	}
	for i := range f.day.Clients {
		f.tieClient(r, i)
	}
	for _, c := range f.day.Carers {
		f.neighbours(r, c.ID, onDuty)
	}
}

// tieClient draws one client's team: a handful of carers of the nearest base.
func (f *draft) tieClient(r *rand.Rand, i int) {
	client := &f.day.Clients[i]
	var team []int
	for _, k := range f.byBase[f.clients[i].base] {
		if p := f.day.Carers[k].Profession; p == care.AssistantNurse || p == care.CareAssistant {
			team = append(team, k)
		}
	}
	r.Shuffle(len(team), func(a, b int) { team[a], team[b] = team[b], team[a] })
	for _, l := range f.area.languages {
		if r.IntN(100) < l.clients {
			client.Languages = append(client.Languages, l.name)
		}
	}
	// The fixed contact is by law an assistant nurse.
	if r.IntN(100) < 80 {
		for _, k := range team {
			if f.day.Carers[k].Profession == care.AssistantNurse {
				client.FixedContact = f.day.Carers[k].ID
				break
			}
		}
	}
	if len(team) > 4 && r.IntN(100) < 2 {
		if out := f.day.Carers[team[len(team)-1]].ID; out != client.FixedContact {
			client.Blocked = []string{out}
			team = team[:len(team)-1]
		}
	}
	faces := min(len(team), 5+r.IntN(9))
	for n, k := range team[:faces] {
		date := f.date(-1 - (n+r.IntN(4))%14)
		f.day.History = append(f.day.History, care.PastVisit{Date: date, Client: client.ID, Carer: f.day.Carers[k].ID})
	}
}

// date is the calendar date so many days from the planned one.
func (f *draft) date(days int) string {
	return f.day.Origin.AddDate(0, 0, days).Format(time.DateOnly)
}

// neighbours draws the carer's shifts of the day before and the day after.
// They leave the daily rest of eleven hours, as a legal schedule does.
func (f *draft) neighbours(r *rand.Rand, carer string, onDuty map[string]care.Shift) {
	const day = 24 * hour
	today, works := onDuty[carer]
	if works && today.End > day {
		return // nights come in blocks of their own
	}
	add := func(p pattern, offset care.Time) {
		start, end := p.start+offset, p.end+offset
		const rest = 11 * hour
		if works && (start < today.Start && today.Start-end < rest || start > today.End && start-today.End < rest) {
			return
		}
		f.day.Neighbours = append(f.day.Neighbours, care.WorkedShift{Carer: carer, Start: start, End: end})
	}
	draw := func() pattern {
		if r.IntN(3) == 0 {
			return eveningPatterns[r.IntN(len(eveningPatterns))]
		}
		return dayPatterns[r.IntN(len(dayPatterns))]
	}
	if r.IntN(100) < 60 {
		add(draw(), -day)
	}
	if r.IntN(100) < 60 {
		add(draw(), day)
	}
}
