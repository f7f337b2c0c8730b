package care

// Roster is a planned day: one route per shift in the order of Day.Shifts
// (a shift without visits has a route without stops), and every visit that no
// route serves, with the reason.
type Roster struct {
	Version  int        `json:"version"` // FormatVersion
	Run      Run        `json:"run"`
	Routes   []Route    `json:"routes"`
	Unserved []Unserved `json:"unserved"`
	Figures  Figures    `json:"figures"`
}

// Run records how a roster came about, so that it can be made again.
type Run struct {
	Software   string `json:"software"`   // version of this library
	Seed       uint64 `json:"seed"`       //
	Iterations int64  `json:"iterations"` // done
	Options    string `json:"options"`    // canonical text of the options that shape the result
	DayHash    string `json:"dayHash"`    // sha256 of the day's canonical JSON
	TravelHash string `json:"travelHash"` // sha256 over places and matrices
}

// Route is the ordered stops of one shift (slinga).
type Route struct {
	Shift string `json:"shift"`
	Carer string `json:"carer"`
	Stops []Stop `json:"stops"` // start, visits and breaks, end; empty when the shift is not used
}

// StopKind is what happens at a stop.
type StopKind string

// The kinds of stops.
const (
	StopStart StopKind = "start"
	StopVisit StopKind = "visit"
	StopBreak StopKind = "break"
	StopEnd   StopKind = "end"
)

// Stop is one item of a route. The leg that leads to it runs from Depart to
// Arrive: Leave (clear the car), Drive, then Handling (park, walk in, unlock).
// So Arrive = Depart + Leave + Drive + Handling, Start = Arrive + Wait,
// End = Start + what the stop takes.
//
//	Depart      +Leave       +Drive        +Handling=Arrive   +Wait=Start    End
//	|--clear----|----drive----|--park, walk--|-----wait---------|---service---|
//
// A break has no leg of its own: it is taken where the carer is, either
// before the leg to the next stop (Place is the place of the stop before) or
// after it (Place is the place of the next stop, whose fields still hold the
// leg). Depart and Arrive of a break are the moment the carer is free, Wait is
// what passes until it begins. After a break that follows the leg, the next
// stop waits from the end of the break: Start = break's End + Wait. A leg
// within one place has Handling = Rules' SamePlace and no Leave and no Drive.
//
// A leg may depart later than the carer is free, where it is cheaper or quicker
// to wait for another part of the day (Matrix.Later). That is waiting as well,
// and lies between the stops.
type Stop struct {
	Kind     StopKind `json:"kind"`
	Visit    string   `json:"visit,omitempty"`
	Place    string   `json:"place"`
	Depart   Time     `json:"depart"`
	Leave    Seconds  `json:"leave"`
	Drive    Seconds  `json:"drive"`
	Metres   Metres   `json:"metres"`
	Handling Seconds  `json:"handling"`
	Arrive   Time     `json:"arrive"`
	Wait     Seconds  `json:"wait"`
	Start    Time     `json:"start"`
	End      Time     `json:"end"`
}

// ReasonCode names why a visit is unserved. The codes are tried in this
// order and the first that holds is given; the checker confirms it.
type ReasonCode string

// The reasons.
const (
	// ReasonUnreachable: no way there and back from the ends of any shift.
	ReasonUnreachable ReasonCode = "unreachable"
	// ReasonCompetence: fewer carers on duty may do it than it asks for
	// (profession, a delegation at some time within its windows, skill,
	// blocked, agreement); reach and rest aside.
	ReasonCompetence ReasonCode = "competence"
	// ReasonWindow: of those who may, fewer than it asks for could be there
	// within its windows even with nothing else to do; rest aside.
	ReasonWindow ReasonCode = "window"
	// ReasonRest: of those who could be there, fewer than it asks for are
	// rested: the others' shifts must stay empty for their daily rest.
	ReasonRest ReasonCode = "rest"
	// ReasonPin: its pins, or its links to other visits, leave no place for it
	// in the routes as they stand; without them there would be one.
	ReasonPin ReasonCode = "pin"
	// ReasonFull: it fits nowhere in the routes as they stand: at every
	// position of every shift that could take it, some window, break, link or
	// shift end would break.
	ReasonFull ReasonCode = "full"
	// ReasonCost: it fits, but costs more than leaving it out (only optional
	// visits, or weights set so).
	ReasonCost ReasonCode = "cost"
	// ReasonTime: time was up before all places for it had been looked at, or
	// before it was put in. It may be that none of those above holds and that
	// it would fit: plan again for longer. Only of the reasons from ReasonPin on can this stand in place.
	ReasonTime ReasonCode = "time"
)

// Unserved is a visit that no route serves.
type Unserved struct {
	Visit  string     `json:"visit"`
	Reason ReasonCode `json:"reason"`
	// Shifts counts those that remained candidates when the reason struck: for
	// "full" the shifts that it was tried in, for "time" those that could be. Shifts that must stay empty for
	// rest count up to "window", not from "rest" on.
	Shifts int `json:"shifts"`
	// Finding is set with ReasonUnreachable when the map explains it.
	Finding FindingKind `json:"finding,omitempty"`
}

// Figures sums a roster up. Costs are in the unit of Rules.Weights.
type Figures struct {
	Total          Sums        `json:"total"`
	Municipalities []GroupSums `json:"municipalities"` // by serving municipality: of the client
	Carers         []GroupSums `json:"carers"`
	Cost           int64       `json:"cost"`
	Terms          []TermCost  `json:"terms"` // adds up to Cost
}

// GroupSums is Sums of one municipality or carer.
type GroupSums struct {
	ID string `json:"id"`
	Sums
}

// TermCost is one named term of the objective.
type TermCost struct {
	Name string `json:"name"`
	Cost int64  `json:"cost"`
}

// Sums are plain totals. A double-staffed visit counts once in Visits and
// twice in ServiceSeconds.
type Sums struct {
	Shifts          int   `json:"shifts"`          // used
	Visits          int   `json:"visits"`          // served
	Unserved        int   `json:"unserved"`        //
	ShiftSeconds    int64 `json:"shiftSeconds"`    // planned length of the used shifts, unpaid breaks off
	ServiceSeconds  int64 `json:"serviceSeconds"`  // at clients
	DriveSeconds    int64 `json:"driveSeconds"`    //
	HandlingSeconds int64 `json:"handlingSeconds"` // leave and arrive
	WaitSeconds     int64 `json:"waitSeconds"`     //
	BreakSeconds    int64 `json:"breakSeconds"`    //
	Metres          int64 `json:"metres"`          //
}
