package care

// Rules is what an agreement or a municipality decides. It is data: two
// employers in one day's area differ only in their file.
type Rules struct {
	Handling    HandlingRules `json:"handling"`
	Break       BreakRule     `json:"break"`
	WorkingTime WorkingTime   `json:"workingTime"`
	Weights     Weights       `json:"weights"`
}

// HandlingRules gives the time around a drive by season.
type HandlingRules struct {
	Summer Handling `json:"summer"`
	Winter Handling `json:"winter"`
}

// Handling is the time at both ends of a leg that no road graph knows.
type Handling struct {
	Leave     Seconds `json:"leave"`     // clear the car, load, belt: before every drive
	Arrive    Seconds `json:"arrive"`    // park, walk in, unlock: after every drive
	SamePlace Seconds `json:"samePlace"` // from one visit to the next at one place, in place of the two above
}

// BreakRule asks for a break before work in a row gets too long.
type BreakRule struct {
	WorkBefore Seconds `json:"workBefore"` // at most so much work in a row
	Length     Seconds `json:"length"`     // at least
}

// WorkingTime bounds shifts.
type WorkingTime struct {
	LongestShift Seconds `json:"longestShift"`
	DailyRest    Seconds `json:"dailyRest"` // between two working days of one carer
	// SplitShifts lets shifts of one carer with less than DailyRest between
	// them count as one split working day, which may span 24 hours less
	// DailyRest from its first start to its last end. Without it every shift is
	// a working day of its own.
	SplitShifts bool `json:"splitShifts"`
}

// Weights prices what the search may trade. The unit is one second of
// driving; every weight is a whole number of it.
type Weights struct {
	Unserved      [4]int64 `json:"unserved"`      // per carer asked for, by priority 1..4
	Optional      int64    `json:"optional"`      // an optional visit left out
	Drive         int64    `json:"drive"`         // per second of driving
	Metre         int64    `json:"metre"`         // per 1000 metres
	Wait          int64    `json:"wait"`          // per minute of waiting between visits
	OutsideWindow int64    `json:"outsideWindow"` // per minute that a visit starts outside its preferred window
	ShiftUsed     int64    `json:"shiftUsed"`     // a shift that gets any visit
	NewFace       int64    `json:"newFace"`       // a carer the client's history does not know; without history none
	NotContact    int64    `json:"notContact"`    // a client with a fixed contact is met by somebody else
	Downgrade     int64    `json:"downgrade"`     // a nurse or therapist does what needs neither
	Language      int64    `json:"language"`      // no language in common with a client who wishes one
	AcrossBorder  int64    `json:"acrossBorder"`  // a carer serves another municipality than the home employer
}

// DefaultRules returns the documented Swedish default set
// (docs/rules.md gives the source of each number).
func DefaultRules() Rules {
	return Rules{
		Handling: HandlingRules{
			Summer: Handling{Leave: 60, Arrive: 120, SamePlace: 60},
			Winter: Handling{Leave: 180, Arrive: 150, SamePlace: 60},
		},
		Break:       BreakRule{WorkBefore: 5 * 3600, Length: 30 * 60},
		WorkingTime: WorkingTime{LongestShift: 13 * 3600, DailyRest: 11 * 3600, SplitShifts: true},
		Weights: Weights{
			Unserved: [4]int64{1_000_000, 200_000, 60_000, 30_000},
			Optional: 7_200, Drive: 1, Metre: 20, Wait: 6, OutsideWindow: 20,
			ShiftUsed: 600, NewFace: 300, NotContact: 60, Downgrade: 300,
			Language: 300, AcrossBorder: 0,
		},
	}
}
