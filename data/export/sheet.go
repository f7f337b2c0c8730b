package export

import (
	"html/template"

	"github.com/slinga-se/slinga/planner/care"
)

// daySheet is what one carer takes along on paper. It is the only document
// that names people, and only when the report has Names.
type daySheet struct {
	Index    int
	Carer    string // id
	Name     string // of the carer; empty without names
	Shift    string
	From, To string // clock times of the shift
	Base     string
	Mode     template.HTML
	Vehicle  string
	Totals   template.HTML
	Blocks   []sheetBlock
}

// sheetBlock holds the lines that start within one part of the day. A night
// shift meets a block twice, once on either side of the others.
type sheetBlock struct {
	Title template.HTML
	Lines []sheetLine
}

type sheetLine struct {
	Kind       care.StopKind
	Order      int
	Start, End string
	Leave      string        // clock time to leave for here; empty when the carer is there already
	Travel     template.HTML // minutes on the way, handling included
	Place      string
	Client     string
	Person     *ClientName // nil without names
	What       template.HTML
	Length     template.HTML // of the stop
	Together   template.HTML // with whom, for double staffing
	Critical   template.HTML
}

// More says whether there is more to say than fits beside the time: how to get
// in, or who comes along. It stands in a row of its own below.
func (l sheetLine) More() bool {
	return l.Together != "" || l.Person != nil && (l.Person.Address != "" || l.Person.DoorCode != "" || l.Person.KeyNumber != "")
}

func (b *book) daySheets() []daySheet {
	routes := b.used()
	sheets := make([]daySheet, 0, len(routes))
	for r, route := range routes {
		sheets = append(sheets, b.daySheet(r, route))
	}
	return sheets
}

func (b *book) daySheet(index int, route *care.Route) daySheet {
	shift := b.shifts[route.Shift]
	s := daySheet{
		Index: index, Carer: route.Carer, Shift: route.Shift,
		From: b.hm(shift.Start), To: b.hm(shift.End), Base: shift.From,
		Vehicle: shift.Vehicle,
		Mode:    b.liveWord("sheet.mode.", string(shift.Mode)),
	}
	if b.Names != nil {
		s.Name = b.Names.Carers[route.Carer].Name
	}
	order := 0
	var drive care.Seconds
	var metres care.Metres
	for i := range route.Stops {
		stop := &route.Stops[i]
		drive += stop.Drive
		metres += stop.Metres
		if stop.Kind == care.StopVisit {
			order++
		}
		key := b.block(stop.Start)
		title := b.live(key)
		if n := len(s.Blocks); n == 0 || s.Blocks[n-1].Title != title {
			s.Blocks = append(s.Blocks, sheetBlock{Title: title})
		}
		last := &s.Blocks[len(s.Blocks)-1]
		last.Lines = append(last.Lines, b.sheetLine(route, i, order))
	}
	s.Totals = b.live("sheet.totals", order, minutes(drive), (int64(metres)+500)/1000)
	return s
}

func (b *book) sheetLine(route *care.Route, i, order int) sheetLine {
	stop := &route.Stops[i]
	line := sheetLine{
		Kind: stop.Kind, Order: order, Place: stop.Place,
		Start: b.hm(stop.Start), End: b.hm(stop.End),
		Length: b.live("sheet.duration", minutes(int32(stop.End-stop.Start))),
	}
	way := stop
	if breakAfterLeg(route, i) {
		way = &route.Stops[i+1] // the carer drives first and rests there
	}
	switch {
	case way.Leave+way.Drive > 0 && !(i > 0 && breakAfterLeg(route, i-1)):
		line.Leave = b.hm(way.Depart)
		line.Travel = b.live("sheet.leg.min", minutes(way.Leave+way.Drive+way.Handling))
	case i > 0 && stop.Kind == care.StopVisit:
		line.Travel = b.live("sheet.leg.same")
	}
	switch stop.Kind {
	case care.StopStart:
		line.What = b.live("sheet.start")
	case care.StopEnd:
		line.What = b.live("sheet.end")
		line.Start = b.hm(stop.Arrive)
	case care.StopBreak:
		line.What = b.live("sheet.break", minutes(int32(stop.End-stop.Start)))
	case care.StopVisit:
		b.visitLine(&line, route, stop)
	}
	return line
}

func (b *book) visitLine(line *sheetLine, route *care.Route, stop *care.Stop) {
	visit := b.visits[stop.Visit]
	line.Client = visit.Client
	line.What = b.liveWord("task.", visit.Task)
	if visit.Priority == care.LifeCritical {
		line.Critical = b.live("priority.1")
	}
	for _, other := range b.others(visit.ID, route.Carer) {
		who := other
		if b.Names != nil && b.Names.Carers[other].Name != "" {
			who = b.Names.Carers[other].Name
		}
		line.Together = b.live("sheet.together", who)
	}
	if b.Names != nil {
		person := b.Names.Clients[visit.Client]
		line.Person = &person
	}
}
