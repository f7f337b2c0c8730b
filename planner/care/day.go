package care

import "time"

// FormatVersion is the version of the JSON form of Day and Roster that this
// package reads and writes.
const FormatVersion = 1

// Time is a moment of the day in whole seconds that have elapsed since
// Day.Origin, the local midnight at which the planned date begins. It counts
// real time: on the night when clocks go back, 03:00 local time is
// Time(4*3600). It may exceed 24 hours (a night shift) and be negative (a
// shift that began the evening before).
type Time int32

// Seconds is a length of time in whole seconds.
type Seconds int32

// Metres is a length of road in whole metres.
type Metres int32

// Window is a closed interval of moments: From <= t <= To.
type Window struct {
	From Time `json:"from"`
	To   Time `json:"to"`
}

// Day is everything that is known before a roster is made: who is to be
// visited where and when, who is on duty, and the rules that hold. It is the
// one input of planner.Plan beside the travel matrices, and it is what the
// checker judges a roster against.
//
// Ids are opaque pseudonyms, unique within their kind. A Day never holds a
// name, an address or a personal number.
type Day struct {
	Version  int       `json:"version"`            // FormatVersion
	Name     string    `json:"name,omitempty"`     // the area, as shown on reports
	Note     string    `json:"note,omitempty"`     // shown on reports, for example "modelled road network"
	Origin   time.Time `json:"origin"`             // local midnight that every Time counts from
	TimeZone string    `json:"timeZone"`           // IANA name; how a Time is shown on a clock
	Bases    []Base    `json:"bases"`              // where shifts start, where cars and keys are
	Places   []Place   `json:"places"`             // every position that a leg can begin or end at
	Clients  []Client  `json:"clients"`            //
	Carers   []Carer   `json:"carers"`             //
	Vehicles []Vehicle `json:"vehicles,omitempty"` // optional; a shift without one has its own
	Shifts   []Shift   `json:"shifts"`             //
	Visits   []Visit   `json:"visits"`             //
	Links    []Link    `json:"links,omitempty"`    // ties between the start times of visits
	Pins     []Pin     `json:"pins,omitempty"`     // visits locked to a shift, a time, or both
	Rules    Rules     `json:"rules"`              // working time, handling, weights; DefaultRules() for Sweden

	Municipalities []Municipality `json:"municipalities"`       // every municipality that the ids below name
	Members        []string       `json:"members,omitempty"`    // municipalities that plan together; empty: all of them
	Agreements     []Agreement    `json:"agreements,omitempty"` // who may work where; empty: members pool freely
	Condition      *Condition     `json:"condition,omitempty"`  // season and road state; nil: bare road
	History        []PastVisit    `json:"history,omitempty"`    // who visited whom on earlier days
	Neighbours     []WorkedShift  `json:"neighbours,omitempty"` // shifts worked the days before and after
	Published      *Roster        `json:"published,omitempty"`  // the roster that people already hold; carried along, not read by Plan
}

// Municipality is an employer or buyer of care.
type Municipality struct {
	ID   string `json:"id"` // in Sweden the official four digits
	Name string `json:"name"`
}

// Place is a position that people are at: a home, a base, a hub.
type Place struct {
	ID           string  `json:"id"`
	Lat          float64 `json:"lat"`                    // WGS 84 degrees
	Lon          float64 `json:"lon"`                    // WGS 84 degrees
	Municipality string  `json:"municipality,omitempty"` // stated, or found from borders; empty: none (abroad, at sea)
	// Leave and Arrive replace the handling times of the rules at this place
	// (a long walk from the road, a courtyard to shovel); nil: as the rules say.
	Leave  *Seconds `json:"leave,omitempty"`
	Arrive *Seconds `json:"arrive,omitempty"`
}

// Base is a place where shifts start and end (hemtjänstlokal).
type Base struct {
	ID           string `json:"id"`
	Place        string `json:"place"`
	Municipality string `json:"municipality"`
}

// Client is the person visited (brukare).
type Client struct {
	ID           string   `json:"id"`
	Place        string   `json:"place"`
	Municipality string   `json:"municipality"`           // the one that owes the care
	FixedContact string   `json:"fixedContact,omitempty"` // carer id (fast omsorgskontakt)
	Blocked      []string `json:"blocked,omitempty"`      // carers that must not come
	Languages    []string `json:"languages,omitempty"`    // wished; one of them is enough
}

// Profession is a carer's trade.
type Profession string

// The professions, with their Swedish names.
const (
	CareAssistant         Profession = "care-assistant"         // vårdbiträde
	AssistantNurse        Profession = "assistant-nurse"        // undersköterska
	Nurse                 Profession = "nurse"                  // sjuksköterska
	Physiotherapist       Profession = "physiotherapist"        // fysioterapeut
	OccupationalTherapist Profession = "occupational-therapist" // arbetsterapeut
)

// Carer does visits (medarbetare).
type Carer struct {
	ID           string       `json:"id"`
	Profession   Profession   `json:"profession"`
	Municipality string       `json:"municipality"`          // the home employer
	Unit         string       `json:"unit,omitempty"`        // care unit; delegations are issued by a unit
	Skills       []string     `json:"skills,omitempty"`      //
	Languages    []string     `json:"languages,omitempty"`   //
	Delegations  []Delegation `json:"delegations,omitempty"` //
}

// Delegation is a nurse's written, personal, dated permission for this carer
// to do one medical task (delegering). It belongs to the unit that issued it.
type Delegation struct {
	Task    string   `json:"task"`
	Unit    string   `json:"unit"`              // issuing unit
	Clients []string `json:"clients,omitempty"` // only for these; empty: all of the unit's
	From    Time     `json:"from"`              // valid for a visit that starts in [From, To]
	To      Time     `json:"to"`
}

// Mode is how a carer moves.
type Mode string

// The modes of travel.
const (
	Car     Mode = "car"
	Bicycle Mode = "bicycle"
	Foot    Mode = "foot"
)

// Vehicle stands at a base in the morning, is used by at most one shift at a
// time, and then stands where that shift ends.
type Vehicle struct {
	ID   string `json:"id"`
	Base string `json:"base"`
	Mode Mode   `json:"mode"`
}

// Shift is a carer's working time on the date (pass).
type Shift struct {
	ID      string  `json:"id"`
	Carer   string  `json:"carer"`
	Start   Time    `json:"start"`
	End     Time    `json:"end"`
	From    string  `json:"from"`              // place where it starts
	To      string  `json:"to"`                // place where it ends
	Mode    Mode    `json:"mode"`              //
	Vehicle string  `json:"vehicle,omitempty"` // empty: none of the shared ones
	Breaks  []Break `json:"breaks,omitempty"`  // replaces what Rules.Break would give
}

// Break is a rest within a shift (rast): the carer is free.
type Break struct {
	Window Window  `json:"window"` // it begins within
	Length Seconds `json:"length"`
	Paid   bool    `json:"paid,omitempty"` // a meal break on site (måltidsuppehåll)
}

// Priority is what a visit means to the client: 1 is life-critical.
type Priority int

// The priority classes.
const (
	LifeCritical Priority = 1 // insulin, medicine, food for who has none
	Necessary    Priority = 2 // getting up, going to bed, meals, hygiene
	Important    Priority = 3 // shower, wound check-up, shopping of food
	Comfort      Priority = 4 // cleaning, company
)

// Visit is one thing to be done for a client (besök).
type Visit struct {
	ID        string      `json:"id"`
	Client    string      `json:"client"`
	Place     string      `json:"place,omitempty"`     // empty: the client's home
	Task      string      `json:"task"`                // what is done: "insulin", "shower", ...
	Duration  Seconds     `json:"duration"`            // at the client
	Windows   []Window    `json:"windows"`             // it starts within one of these; sorted, apart
	Preferred *Window     `json:"preferred,omitempty"` // starting outside costs
	Requires  Requirement `json:"requires"`            //
	Carers    int         `json:"carers"`              // 1, or 2 for double staffing: same start, different carers
	Priority  Priority    `json:"priority"`            //
	Optional  bool        `json:"optional,omitempty"`  // may be left out at a small cost
}

// Requirement says who may do a visit: a carer of one of Professions, or one
// with a valid delegation for the task; with all of Skills in either case.
type Requirement struct {
	Professions []Profession `json:"professions,omitempty"` // empty: any
	Delegation  string       `json:"delegation,omitempty"`  // task of a delegation that stands in for the profession
	Skills      []string     `json:"skills,omitempty"`      //
}

// Link ties two visits: Min <= start(Second) - start(First) <= Max. It holds
// when both are served; with Together set, neither is served without the other.
type Link struct {
	First    string    `json:"first"`
	Second   string    `json:"second"`
	Min      Seconds   `json:"min"`
	Max      Seconds   `json:"max"`
	Carer    LinkCarer `json:"carer,omitempty"`
	Together bool      `json:"together,omitempty"`
}

// LinkCarer says whether two linked visits share their carer.
type LinkCarer string

// The carer clauses of a link.
const (
	AnyCarer       LinkCarer = ""
	SameCarer      LinkCarer = "same"
	DifferentCarer LinkCarer = "different"
)

// Pin locks a visit. A double-staffed visit can have two pins.
type Pin struct {
	Visit string `json:"visit"`
	Shift string `json:"shift,omitempty"` // only this one; empty: any
	Start *Time  `json:"start,omitempty"` // exactly then; nil: any
}

// Agreement lets carers of Home work for clients of Serving
// (samverkansavtal, kommunallagen 9:37).
type Agreement struct {
	Home        string       `json:"home"`
	Serving     string       `json:"serving"`
	Professions []Profession `json:"professions,omitempty"` // empty: all
}

// Season chooses among the handling times of the rules.
type Season string

// The seasons.
const (
	Summer Season = "summer"
	Winter Season = "winter"
)

// Condition is the state of roads and weather on the date.
type Condition struct {
	Season       Season `json:"season"`
	SpeedPercent int    `json:"speedPercent,omitempty"` // car speed in percent of bare road; 0 means 100
	IceRoads     bool   `json:"iceRoads,omitempty"`     // open
}

// PastVisit is one line of history: a carer met a client on an earlier date.
type PastVisit struct {
	Date   string `json:"date"` // YYYY-MM-DD
	Client string `json:"client"`
	Carer  string `json:"carer"`
}

// WorkedShift is a shift of another day, for the rest rules.
type WorkedShift struct {
	Carer string `json:"carer"`
	Start Time   `json:"start"` // negative: before the day's origin
	End   Time   `json:"end"`
}
