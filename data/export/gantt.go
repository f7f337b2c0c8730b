package export

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/slinga-se/slinga/planner/care"
)

// The timeline is drawn here and not in the browser: it then prints, shows
// without scripts, and costs the page nothing when it opens. Measures are in
// CSS pixels.
const (
	hourWidth = 76 // of one hour
	rowHeight = 34 // of one carer
	axisAbove = 30 // room for the hour labels
	barTall   = 22 // visits and breaks
	barLow    = 12 // everything on the way
)

// ganttChart is the timeline as the template lays it out: labels beside one
// drawing for the axis and one for the rows, so that labels and axis stay put
// while the rows scroll.
type ganttChart struct {
	Width, Height, AxisHeight int
	Axis, Rows                template.HTML
}

// gantt draws every used route over the hours that any of them touches.
func (b *book) gantt() ganttChart {
	routes := b.used()
	first, last := b.fullHours(routes)
	chart := ganttChart{
		Width:      int(last-first) * hourWidth / 3600,
		Height:     max(1, len(routes)) * rowHeight,
		AxisHeight: axisAbove,
	}
	x := func(t care.Time) float64 { return float64(t-first) * hourWidth / 3600 }
	chart.Axis = b.ganttAxis(first, last, x)

	var svg strings.Builder
	for t := first; t <= last; t += 3600 {
		fmt.Fprintf(&svg, `<path class="h" d="M%s 0V%d"/>`, px(x(t)), chart.Height)
	}
	for r, route := range routes {
		g := ganttRow{svg: &svg, x: x, top: r * rowHeight}
		fmt.Fprintf(&svg, `<g class="row" data-r="%d">`, r)
		shift := b.shifts[route.Shift]
		g.bar("shift", -1, shift.Start, shift.End, rowHeight-4)
		order := 0
		for i := range route.Stops {
			if free, ok := leftAt(route.Stops, i); ok {
				g.bar("wait", i, free, route.Stops[i].Depart, barLow)
			}
			order = g.stop(&route.Stops[i], i, order)
		}
		svg.WriteString("</g>")
	}
	chart.Rows = template.HTML(svg.String())
	return chart
}

// fullHours are the full hours that enclose all shifts and stops.
func (b *book) fullHours(routes []*care.Route) (first, last care.Time) {
	first, last = 1<<30, -1<<30
	for _, route := range routes {
		shift := b.shifts[route.Shift]
		first, last = min(first, shift.Start), max(last, shift.End)
		for i := range route.Stops {
			first, last = min(first, route.Stops[i].Depart), max(last, route.Stops[i].End)
		}
	}
	if first > last {
		first, last = 6*3600, 22*3600
	}
	first -= (first%3600 + 3600) % 3600
	if rest := (last%3600 + 3600) % 3600; rest > 0 {
		last += 3600 - rest
	}
	return first, max(last, first+3600)
}

// ganttAxis labels each hour with what the wall clock shows then: on the night
// when clocks go back, one hour is there twice.
func (b *book) ganttAxis(first, last care.Time, x func(care.Time) float64) template.HTML {
	var svg strings.Builder
	for t := first; t <= last; t += 3600 {
		anchor := "middle"
		switch t {
		case first:
			anchor = "start"
		case last:
			anchor = "end"
		}
		fmt.Fprintf(&svg, `<text x="%s" y="20" text-anchor="%s">%s</text>`, px(x(t)), anchor, b.hm(t))
	}
	return template.HTML(svg.String())
}

// ganttRow draws the bars of one route.
type ganttRow struct {
	svg *strings.Builder
	x   func(care.Time) float64
	top int
}

// leftAt is when the carer could have left the last visit, or a break taken
// there, for a stop. Who leaves later waits for a better hour; at the start of a
// shift, and for breaks, nobody does.
func leftAt(stops []care.Stop, i int) (free care.Time, ok bool) {
	for k := i - 1; k > 0 && stops[i].Kind != care.StopBreak; k-- {
		s := &stops[k]
		if s.End <= stops[i].Depart && !ok { // a break that ends later comes after the leg
			free, ok = s.End, true
		}
		if s.Kind == care.StopVisit {
			return free, ok
		}
	}
	return 0, false
}

// stop draws the leg to a stop and the stop itself. It returns the order
// number of the last visit so far.
func (g ganttRow) stop(s *care.Stop, i, order int) int {
	rolling := s.Depart + care.Time(s.Leave)
	parking := rolling + care.Time(s.Drive)
	g.bar("handling", i, s.Depart, rolling, barLow)
	g.bar("drive", i, rolling, parking, barLow)
	g.bar("handling", i, parking, s.Arrive, barLow)
	if s.Kind != care.StopEnd {
		// Not from Arrive: a break may lie between arriving and waiting.
		g.bar("wait", i, s.Start-care.Time(s.Wait), s.Start, barLow)
	}
	switch s.Kind {
	case care.StopBreak:
		g.bar("break", i, s.Start, s.End, barTall)
	case care.StopVisit:
		order++
		g.bar("service", i, s.Start, s.End, barTall)
		if width := g.x(s.End) - g.x(s.Start); width >= 14 {
			fmt.Fprintf(g.svg, `<text x="%s" y="%d">%d</text>`,
				px(g.x(s.Start)+width/2), g.top+rowHeight/2+4, order)
		}
	}
	return order
}

func (g ganttRow) bar(class string, stop int, from, to care.Time, height int) {
	if to <= from {
		return
	}
	index := ""
	if stop >= 0 {
		index = fmt.Sprintf(` data-i="%d"`, stop)
	}
	fmt.Fprintf(g.svg, `<rect class="%s"%s x="%s" y="%d" width="%s" height="%d"/>`, class, index,
		px(g.x(from)), g.top+(rowHeight-height)/2, px(max(g.x(to)-g.x(from), 1)), height)
}

// px writes a length with one decimal, and none when it is whole.
func px(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }
