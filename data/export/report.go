package export

import (
	"errors"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/planner/care"
)

// ErrInput is wrapped by every error about a report whose parts do not fit
// together: a roster of another day, an unknown language.
var ErrInput = errors.New("export: input")

// Lang is the language that a document is written in.
type Lang string

// The languages.
const (
	Swedish Lang = "sv"
	English Lang = "en"
)

// Report is what every writer of this package takes. Day and Roster are
// needed; the rest makes some of the documents richer.
type Report struct {
	Day      *care.Day
	Roster   *care.Roster
	Lang     Lang                // "" means Swedish
	Map      *Map                // nil: routes are drawn as straight lines
	Names    *Names              // nil: sheets show ids; used by day sheets and nothing else
	Findings []care.PlaceFinding // remarks on places, shown as warnings; see care.Travel
	Source   string              // where travel times come from; see care.Travel
}

// Map is the drawing that routes are laid on. Coordinates are WGS 84 degrees,
// longitude first.
type Map struct {
	Attribution string           // who made the map data; shown in its corner
	Roads       []Roads          // drawn in this order, so the widest class comes last
	Borders     []Border         //
	Legs        map[string][]Leg // by shift id: Legs[id][i] leads to stop i of its route
}

// Roads are the roads of one class.
type Roads struct {
	Class RoadClass
	Lines []orb.LineString
}

// RoadClass says how a road is drawn.
type RoadClass string

// The classes, from the widest line to the thinnest.
const (
	MainRoad   RoadClass = "main"   // motorway, trunk, primary
	MiddleRoad RoadClass = "middle" // secondary, tertiary
	SmallRoad  RoadClass = "small"  // unclassified, residential
	Track      RoadClass = "track"  // service, track, path; left out first when a drawing grows too big
	Ferry      RoadClass = "ferry"  // dotted
)

// Border is the outline of a municipality.
type Border struct {
	Municipality string // id
	Area         orb.MultiPolygon
}

// Leg is the way between two stops as it is driven.
type Leg struct {
	Line    orb.LineString
	Seconds []int32 // from the first vertex to each vertex, without handling
}

// Names holds what a carer must know at the door and no other document may
// show. It is joined to ids only in the day sheets of the HTML report.
type Names struct {
	Clients map[string]ClientName // by client id
	Carers  map[string]CarerName  // by carer id
}

// ClientName is a client as the carer knows the person.
type ClientName struct {
	Name      string
	Address   string
	DoorCode  string
	KeyNumber string
}

// CarerName is a carer as colleagues know the person.
type CarerName struct {
	Name string
}

// Format keeps names out of logs and errors, whatever the verb: it tells how
// many there are.
func (n Names) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "names of %d clients and %d carers", len(n.Clients), len(n.Carers))
}

// Format keeps a name out of logs and errors.
func (ClientName) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("name not shown")) }

// Format keeps a name out of logs and errors.
func (CarerName) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("name not shown")) }

// book is a report with its cross references resolved: the form that every
// writer works on.
type book struct {
	Report
	clock
	texts      texts
	places     map[string]*care.Place
	clients    map[string]*care.Client
	carers     map[string]*care.Carer
	shifts     map[string]*care.Shift
	visits     map[string]*care.Visit
	towns      map[string]string // municipality name by id
	unserved   []care.Unserved
	companions map[string][]string // carers by visit id, in the order of routes
}

// open checks that the parts of a report belong together and indexes them.
// Errors name positions, never contents.
func open(in Report) (*book, error) {
	if in.Day == nil || in.Roster == nil {
		return nil, fmt.Errorf("%w: a day and a roster are needed", ErrInput)
	}
	if in.Lang == "" {
		in.Lang = Swedish
	}
	t, err := textsOf(in.Lang)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(in.Day.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("%w: day.timeZone: %w", ErrInput, err)
	}
	b := &book{
		Report:     in,
		clock:      clock{origin: in.Day.Origin, zone: zone},
		texts:      t,
		places:     make(map[string]*care.Place),
		clients:    make(map[string]*care.Client),
		carers:     make(map[string]*care.Carer),
		shifts:     make(map[string]*care.Shift),
		visits:     make(map[string]*care.Visit),
		towns:      make(map[string]string),
		unserved:   in.Roster.Unserved,
		companions: make(map[string][]string),
	}
	d := in.Day
	for i := range d.Places {
		b.places[d.Places[i].ID] = &d.Places[i]
	}
	for i := range d.Clients {
		b.clients[d.Clients[i].ID] = &d.Clients[i]
	}
	for i := range d.Carers {
		b.carers[d.Carers[i].ID] = &d.Carers[i]
	}
	for i := range d.Shifts {
		b.shifts[d.Shifts[i].ID] = &d.Shifts[i]
	}
	for i := range d.Visits {
		b.visits[d.Visits[i].ID] = &d.Visits[i]
	}
	for _, m := range d.Municipalities {
		b.towns[m.ID] = m.Name
	}
	if err := b.checkRoster(); err != nil {
		return nil, err
	}
	b.Roster = withFigures(d, in.Roster)
	return b, nil
}

// openFor is open for the documents of one carer, or of all when carer is "".
func openFor(in Report, carer string) (*book, error) {
	b, err := open(in)
	if err == nil && carer != "" && b.carers[carer] == nil {
		return nil, fmt.Errorf("%w: the carer is not in the day", ErrInput)
	}
	return b, err
}

// withFigures adds a roster up that states no figures, as one made by hand may.
func withFigures(d *care.Day, r *care.Roster) *care.Roster {
	f := &r.Figures
	if f.Total != (care.Sums{}) || len(f.Municipalities)+len(f.Carers)+len(f.Terms) > 0 || f.Cost != 0 {
		return r
	}
	whole := *r
	whole.Figures = care.Summarise(d, r)
	return &whole
}

// checkRoster joins an error for every reference of the roster that the day
// does not know.
func (b *book) checkRoster() error {
	var errs []error
	lost := func(what string, at ...any) {
		errs = append(errs, fmt.Errorf("%w: roster.%s: not in the day", ErrInput, fmt.Sprintf(what, at...)))
	}
	for r := range b.Roster.Routes {
		route := &b.Roster.Routes[r]
		if shift := b.shifts[route.Shift]; shift == nil {
			lost("routes[%d].shift", r)
		} else if shift.Carer != route.Carer {
			errs = append(errs, fmt.Errorf("%w: roster.routes[%d].carer: the shift is another carer's", ErrInput, r))
		}
		if b.carers[route.Carer] == nil {
			lost("routes[%d].carer", r)
		}
		for i := range route.Stops {
			stop := &route.Stops[i]
			if b.places[stop.Place] == nil {
				lost("routes[%d].stops[%d].place", r, i)
			}
			if stop.Kind != care.StopVisit {
				continue
			}
			visit := b.visits[stop.Visit]
			if visit == nil {
				lost("routes[%d].stops[%d].visit", r, i)
				continue
			}
			if b.clients[visit.Client] == nil {
				errs = append(errs, fmt.Errorf("%w: the visit of roster.routes[%d].stops[%d] has a client that is not in the day", ErrInput, r, i))
			}
			b.companions[visit.ID] = append(b.companions[visit.ID], route.Carer)
		}
		if b.Map != nil {
			if n := len(b.Map.Legs[route.Shift]); n != 0 && n != len(route.Stops) {
				errs = append(errs, fmt.Errorf("%w: map.legs of roster.routes[%d]: %d legs for %d stops", ErrInput, r, n, len(route.Stops)))
			}
		}
	}
	for i, u := range b.unserved {
		if b.visits[u.Visit] == nil {
			lost("unserved[%d].visit", i)
		} else if b.clients[b.visits[u.Visit].Client] == nil {
			errs = append(errs, fmt.Errorf("%w: the visit of roster.unserved[%d] has a client that is not in the day", ErrInput, i))
		}
	}
	return errors.Join(errs...)
}

// used returns the routes that visit somebody or go anywhere, in roster order.
func (b *book) used() []*care.Route {
	var routes []*care.Route
	for i := range b.Roster.Routes {
		if len(b.Roster.Routes[i].Stops) > 0 {
			routes = append(routes, &b.Roster.Routes[i])
		}
	}
	return routes
}

// leg returns the drawn way to stop i of a route. Without a map it is the
// straight line, and drawn is false; it is empty when nobody moves.
func (b *book) leg(route *care.Route, i int) (leg Leg, drawn bool) {
	if b.Map != nil {
		if legs := b.Map.Legs[route.Shift]; i < len(legs) && len(legs[i].Line) > 1 {
			return legs[i], true
		}
	}
	stop, origin := &route.Stops[i], from(route, i)
	if origin == "" || origin == stop.Place {
		return Leg{}, false
	}
	from, to := b.places[origin], b.places[stop.Place]
	return Leg{
		Line:    orb.LineString{{from.Lon, from.Lat}, {to.Lon, to.Lat}},
		Seconds: []int32{0, int32(stop.Drive)},
	}, false
}

// from is the place that the leg to stop i begins at; it is empty for stops
// without a leg, the first one and breaks. A break before stop i may stand at
// either end of the leg, so breaks are passed over.
func from(route *care.Route, i int) string {
	if route.Stops[i].Kind == care.StopBreak {
		return ""
	}
	for i--; i >= 0; i-- {
		if route.Stops[i].Kind != care.StopBreak {
			return route.Stops[i].Place
		}
	}
	return ""
}

// breakAfterLeg says whether stop i is a break that is taken where the next
// stop is, after the way there. The fields of that way are the next stop's.
func breakAfterLeg(route *care.Route, i int) bool {
	if route.Stops[i].Kind != care.StopBreak {
		return false
	}
	for k := i + 1; k < len(route.Stops); k++ {
		if next := &route.Stops[k]; next.Kind != care.StopBreak {
			return route.Stops[i].Place == next.Place && from(route, k) != next.Place && next.Drive > 0
		}
	}
	return false
}

// town returns the name of a municipality, or its id when it has none.
func (b *book) town(id string) string {
	if name := b.towns[id]; name != "" {
		return name
	}
	return id
}

// others lists who else serves a visit beside this carer.
func (b *book) others(visit, carer string) []string {
	var ids []string
	for _, id := range b.companions[visit] {
		if id != carer {
			ids = append(ids, id)
		}
	}
	return ids
}

// team names the base that a shift starts from. A shift that starts at home
// belongs to the one base of its carer's municipality when there is only one,
// otherwise to the municipality as a whole.
func (b *book) team(shift *care.Shift) string {
	for i := range b.Day.Bases {
		if b.Day.Bases[i].Place == shift.From {
			return b.Day.Bases[i].ID
		}
	}
	home := b.carers[shift.Carer].Municipality
	only := ""
	for i := range b.Day.Bases {
		if b.Day.Bases[i].Municipality != home {
			continue
		}
		if only != "" {
			return b.town(home)
		}
		only = b.Day.Bases[i].ID
	}
	if only == "" {
		return b.town(home)
	}
	return only
}
