package export

import (
	"html/template"

	"github.com/slinga-se/slinga/planner/care"
)

// tile is one number of the overview.
type tile struct {
	Label, Value, Note template.HTML
	Bad                bool // something that somebody must act on
}

func (b *book) summary() []tile {
	total := b.Roster.Figures.Total
	all := int64(total.Visits + total.Unserved)
	double := 0
	for _, v := range b.Day.Visits {
		if len(b.companions[v.ID]) > 1 {
			double++
		}
	}
	perVisit := template.HTML("–")
	if total.Visits > 0 {
		perVisit = b.liveNumber(float64(total.Metres)/1000/float64(total.Visits), 1)
	}
	return []tile{
		{Label: b.live("sum.visits"), Value: b.liveNumber(float64(total.Visits), 0), Note: b.live("sum.visits.of", all)},
		{Label: b.live("sum.unserved"), Value: b.liveNumber(float64(total.Unserved), 0), Note: b.livePart(int64(total.Unserved), all, 1) + " " + b.live("sum.unserved.share"), Bad: total.Unserved > 0},
		{Label: b.live("sum.client"), Value: b.livePart(total.ServiceSeconds, total.ShiftSeconds, 1), Note: b.live("sum.worktime")},
		{Label: b.live("sum.drive"), Value: b.livePart(total.DriveSeconds, total.ShiftSeconds, 1), Note: b.live("sum.worktime")},
		{Label: b.live("sum.km"), Value: b.liveNumber(float64(total.Metres)/1000, 0) + ` <span class="unit">km</span>`, Note: perVisit + " " + b.live("sum.km.per")},
		{Label: b.live("sum.shifts"), Value: b.liveNumber(float64(len(b.used())), 0), Note: b.live("sum.shifts.of", len(b.Day.Shifts))},
		{Label: b.live("sum.double"), Value: b.liveNumber(float64(double), 0), Note: b.live("sum.double.of")},
	}
}

// share is a part of a whole that is shown with both of its numbers.
type share struct {
	Percent     template.HTML
	Part, Whole string
}

func (b *book) share(part, whole int64) share {
	return share{Percent: b.livePart(part, whole, 1), Part: hours(part), Whole: hours(whole)}
}

// figureRow is one line of the tables of figures.
type figureRow struct {
	Name           string
	Shifts, Visits int
	Unserved, All  int
	Served         template.HTML // percent
	ShiftTime      string
	Client, Drive  share
	Handling, Wait share
	Break          string
	Kilometres     template.HTML
}

func (b *book) figureRow(name string, s care.Sums) figureRow {
	return figureRow{
		Name: name, Shifts: s.Shifts, Visits: s.Visits, Unserved: s.Unserved, All: s.Visits + s.Unserved,
		Served:     b.livePart(int64(s.Visits), int64(s.Visits+s.Unserved), 1),
		ShiftTime:  hours(s.ShiftSeconds),
		Client:     b.share(s.ServiceSeconds, s.ShiftSeconds),
		Drive:      b.share(s.DriveSeconds, s.ShiftSeconds),
		Handling:   b.share(s.HandlingSeconds, s.ShiftSeconds),
		Wait:       b.share(s.WaitSeconds, s.ShiftSeconds),
		Break:      hours(s.BreakSeconds),
		Kilometres: b.liveNumber(float64(s.Metres)/1000, 1),
	}
}

func (b *book) groupRows(groups []care.GroupSums, name func(string) string) []figureRow {
	rows := make([]figureRow, 0, len(groups))
	for _, g := range groups {
		rows = append(rows, b.figureRow(name(g.ID), g.Sums))
	}
	return rows
}

// termRow is one named term of the objective.
type termRow struct {
	Name, Cost, Share template.HTML
}

func (b *book) termRows() []termRow {
	figures := b.Roster.Figures
	rows := make([]termRow, 0, len(figures.Terms))
	for _, t := range figures.Terms {
		rows = append(rows, termRow{
			Name: b.liveWord("term.", t.Name), Cost: b.liveNumber(float64(t.Cost), 0),
			Share: b.livePart(t.Cost, figures.Cost, 1),
		})
	}
	return rows
}

// missingRow is one unserved visit.
type missingRow struct {
	Visit, Client, Municipality string
	Task, Priority, Reason      template.HTML
	Windows                     template.HTML
}

func (b *book) missing() []missingRow {
	rows := make([]missingRow, 0, len(b.unserved))
	for _, u := range b.unserved {
		v := b.visits[u.Visit]
		var windows template.HTML
		for i, w := range v.Windows {
			if i > 0 {
				windows += ", "
			}
			windows += template.HTML(template.HTMLEscapeString(b.hm(w.From) + "–" + b.hm(w.To)))
			if key, date := b.otherDay(w.From); key != "" {
				windows += " " + b.live(key)
			} else if date != "" {
				windows += " " + template.HTML(date)
			}
		}
		row := missingRow{
			Visit: u.Visit, Client: v.Client, Municipality: b.town(b.clients[v.Client].Municipality),
			Task: b.liveWord("task.", v.Task), Windows: windows,
			Reason: b.liveWord("reason.", string(u.Reason)),
		}
		if v.Priority >= care.LifeCritical && v.Priority <= care.Comfort {
			row.Priority = b.live("priority." + string('0'+rune(v.Priority)))
		}
		if _, ok := b.texts["reason."+string(u.Reason)]; ok {
			row.Reason = b.live("reason."+string(u.Reason), u.Shifts)
		}
		if u.Finding != "" {
			row.Reason += " " + b.liveWord("finding.", string(u.Finding)) + "."
		}
		rows = append(rows, row)
	}
	return rows
}

// warning is one remark on one place.
type warning struct {
	Place, Municipality string
	Remark, Distance    template.HTML
}

func (b *book) warnings() []warning {
	rows := make([]warning, 0, len(b.Findings))
	for _, f := range b.Findings {
		w := warning{Place: f.Place, Remark: b.liveWord("finding.", string(f.Kind))}
		if p := b.places[f.Place]; p != nil && p.Municipality != "" {
			w.Municipality = b.town(p.Municipality)
		}
		if f.By != "" {
			w.Remark += template.HTML(": " + template.HTMLEscapeString(f.By)) //nolint:gosec // escaped
		}
		if f.Metres > 0 {
			w.Distance = b.liveNumber(float64(f.Metres), 0) + " m"
		}
		rows = append(rows, w)
	}
	return rows
}

// routeLabel heads a row of the timeline and an entry of the choosers.
type routeLabel struct {
	Index       int
	Carer       string
	Shift, Span string
	Visits      int
}

func (b *book) routeLabels() []routeLabel {
	routes := b.used()
	labels := make([]routeLabel, 0, len(routes))
	for r, route := range routes {
		shift := b.shifts[route.Shift]
		visits := 0
		for i := range route.Stops {
			if route.Stops[i].Kind == care.StopVisit {
				visits++
			}
		}
		labels = append(labels, routeLabel{
			Index: r, Carer: route.Carer, Shift: route.Shift,
			Span: b.hm(shift.Start) + "–" + b.hm(shift.End), Visits: visits,
		})
	}
	return labels
}
