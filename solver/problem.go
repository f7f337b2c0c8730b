package solver

import (
	"math"
	"math/bits"
	"slices"
)

// Infinity is the one value that stands for "no limit" where a field says so.
// Windows and hours have ends: there it is refused, and so is every other number
// of more than 2^40.
const Infinity int64 = math.MaxInt64 / 4

// NoWay marks a pair of locations without a way between them in a matrix.
const NoWay int32 = math.MaxInt32

// None stands for "no index": any shift, no task, no break.
const None int32 = -1

// Problem is a rich vehicle-routing problem over plain slices; everything
// refers to everything else by index. Integers are unit-free: the caller
// chooses the scale of time, distance and cost.
type Problem struct {
	Profiles  []Profile  // travel, one per kind of vehicle; Shift.Profile refers here
	Tasks     []Task     //
	Shifts    []Shift    //
	Links     []Link     // ties between start times of tasks
	Resources []Resource // things of which fewer exist than shifts: cars, keys
	Groups    []Group    // tasks that belong together: the visits of one client
	Coverage  []Coverage // points that shifts are to be near
	Terms     []Term     // the objective
}

// Profile is travel for one kind of vehicle, in one or more periods of the day.
// A leg takes what the period in force at its departure says, to the end, also
// where the period is over before it arrives. It may leave at any time from
// when the stop before is left, or the breaks that are taken before it are: so
// leaving later never means arriving earlier, whatever the matrices say, and
// who would arrive sooner by leaving in a later period waits for it. That is
// waiting, at Shift.WaitCost. Travel and distance are priced as they are in the
// period of the departure. NoWay holds for departures in its period only.
type Profile struct {
	Periods []Period // by From, ascending; one is enough, 100 are the most
}

// Period is a pair of matrices that holds for departures from From on; Profile
// says how a leg takes its departure and what waiting for a later one costs.
// Matrices are square and row-major over the problem's locations.
type Period struct {
	From     int64   // of the first period: 0 or less
	N        int     // locations
	Time     []int32 // NoWay where there is no way; the diagonal may be positive
	Distance []int32 // may be nil when no term needs it
}

// Window is a closed interval of start times.
type Window struct{ From, To int64 }

// Task is one thing to be done by one shift.
type Task struct {
	Modes        []Mode // ways to do it: at another place, for so long, by others; one of them is chosen. Usually there is one, and at most 1000: one AtEnd counts once for each length of ByClass
	UnservedCost int64  // for leaving it out; Infinity: it must be done
	Level        int    // UnservedCost counts so many levels below that of the term unserved, at most 19
	Pin          Pin    //
	Was          Former // for the term changes
	Group        int32  // index into Groups, or None; without any groups it is not looked at
}

// Mode is one way to do a task. Nothing in it holds for the other modes, but that all
// modes of a delivery name one pickup.
type Mode struct {
	Location  int32
	Service   int64
	ByClass   []int64     // service by Shift.Class in place of Service; nil: the same for all
	Windows   []Window    // the start lies in one of them; ascending, disjoint; never empty
	Preferred Preferred   // cost of starting at an unwelcome time
	ByWindow  []Preferred // by window, in place of Preferred; nil: the same for all
	Skills    Bits        // the shift must have all of these
	Allowed   Bits        // shifts that may do it; nil: all; empty, as of NewBits(): none
	ShiftCost []int64     // by shift, added when it does the task; nil: none
	Cost      int64       // added when this mode is chosen
	Use       []int64     // by stock: what it takes of Shift.Stock; nil: nothing
	Load      []int64     // by dimension; negative: it sets down, of a delivery what its pickup has picked up, of any other task what is on board from the start of the route; what is not set down stays on board
	PickupOf  int32       // the task that this one delivers, later on the same route, or None (0 is a task: set None); a task that several deliver is done with all of them or not at all, and they set down no more than it picks up, whichever their modes
	AtEnd     bool        // windows and preferred windows are about the end of service, as long as that takes whoever does it, not the start
	OnBoard   int64       // of a delivery: its start is at most so long after that of the pickup; 0: no limit
}

// Former is what a given roster says of a task, where a difference from it is a
// change that costs something: somebody gets a new list, or a client is called.
// Its prices are in the term changes. The zero value, of a task that is new, has
// none.
type Former struct {
	Shift     int32 // that does it; looked at where ShiftCost is not 0
	Start     int64 // of the task; looked at where StartCost is not 0
	Tolerance int64 // a start so far from Start, before or after, is no change yet
	ShiftCost int64 // once, when another person does the task, or nobody; shifts with one Person are one
	StartCost int64 // once, when the task is done and starts further than Tolerance from Start
}

// Preferred is the cost of starting outside a preferred window: Early per
// unit of time before From, Late per unit after To. The zero value costs
// nothing.
type Preferred struct {
	Window
	Early, Late int64
}

// Pin locks a task. A frozen one stays on the shift, in the mode, at the start and
// at the position that Options.Warm has it; without one Solve returns an error. So do
// the breaks and refills before it, and all tasks before it on its route must be frozen
// too. A refill behind the last frozen task is planned anew: one under way is held by a
// frozen task without service behind it, at its place. What has been worked and travelled
// counts for the limits of the shift, and for when its next break is due. It stands as it
// is reported: within the hours of the shift a leg may have been quicker than the matrix has
// it, or be closed now, a task or a break may have taken another time than it should, or
// have been outside its windows; a refill is held to its own. All other rules hold. What is tied to
// a frozen task all or nothing must be done. For Insertable and an Inserter the solution
// itself is the warm start. Nothing here says what time it is: what has not started and
// cannot any more before some time is kept from it by its windows.
// The zero value locks: to shift 0, at time 0, at the front. What locks nothing is FreePin.
type Pin struct {
	Shift    int32 // only this shift; None: any
	Start    int64 // exactly then, in a mode with a window that it lies in; Infinity: any time
	Position int32 // this place in its route, counted from 0, breaks and refills not counted; None: any
	Frozen   bool  // already started: see Pin
}

// FreePin locks nothing.
func FreePin() Pin { return Pin{Shift: None, Start: Infinity, Position: None} }

// Shift is one vehicle or person with its working time.
type Shift struct {
	Profile        int32
	From, To       int32 // locations where it starts and ends
	Start, End     int64 // it leaves at Start or later and is back by End, or in overtime
	Class          int32 // for Mode.ByClass
	Skills         Bits
	Capacity       []int64
	Fixed          int64    // cost when it does any task
	TimeCost       int64    // per unit of travel time
	DistanceCost   int64    // per DistanceUnit units of distance
	DistanceUnit   int64    // 0 means 1
	WorkCost       int64    // per unit of time between leaving and coming back
	WaitCost       int64    // per unit of waiting before a task
	Overtime       []Tier   // past End, which is then soft; nil: End is hard
	LongestWork    int64    // from leaving, or from Start, to coming back, breaks included; 0: no limit
	LongestTravel  int64    // the sum of its legs as they are in the periods of their departures; 0: no limit
	Breaks         []Break  // at most 100; see Break for when they are fewer
	Stock          []int64  // what it has on board when it leaves, by kind, of which there are at most 32; Infinity: more than it can use
	UsePerDistance []int64  // by stock: what each unit of distance takes of it, see Refill; nil: nothing
	Refills        []Refill // at most 20
	LeaveLate      bool     // leaves as late as it can for its first task, not at Start
	Resources      []int32  // indices into Problem.Resources that it holds while it works
	Person         int32    // who works it, for ShiftClause; 0: somebody who works no other shift
}

// Tier prices overtime: each unit of time more than After units past Shift.End
// costs Cost, in place of what the tier before it says. Tiers ascend in both,
// and before the first one overtime is free. The last one has the cost
// Infinity: there overtime ends, and the shift must be over.
type Tier struct{ After, Cost int64 }

// latest is when a shift must be over.
func (s *Shift) latest() int64 {
	if n := len(s.Overtime); n > 0 {
		return s.End + s.Overtime[n-1].After
	}
	return s.End
}

// Break is a rest that a used shift must take, or may miss at MissCost: it
// begins within Window, lasts Length, and interrupts neither travel nor a task.
// With AfterWork it also begins at most so long after the break before it ended
// that the shift takes, or, where that is the first one taken, after the work
// began (see Route). It must be taken, too, by a shift that is over sooner. The
// breaks of a shift are taken in the order they are listed. One that is AtNext is
// taken where the next task is, after the travel and before the task: there is
// none after the last task. One with a Location is taken there: the shift travels
// to it and on from it, and both legs count and cost like any other. Breaks listed
// before it are taken on the first leg or where that ends, never in the middle of
// it, and none of them may be AtNext then. Where a break has a Location, where
// AfterWork is not that of the first break of a shift without LeaveLate, where one
// of more than two breaks may be missed, and where travel by period is limited, a
// shift has at most 8 breaks.
type Break struct {
	Window
	Length    int64
	AfterWork int64 // after the work began or the break before; 0: no limit
	Location  int32 // None: anywhere on the way (0 is a location: set None)
	Paid      bool  // counts as work
	MissCost  int64 // may be missed at this cost; 0: it must be taken
	AtNext    bool  // only at the next stop, after the travel and before the task
}

// Refill is a stop where a used shift fills up its stock: parts from a depot, the
// goods of the next round, the charge of a battery. The shift makes it when it
// likes, between any two stops of its route, up to Most times. It takes travel and
// service, and whatever a rule or a price says of a task as a stop holds for it
// too. Below zero no stock may fall: a task that needs more than is on board
// comes after a refill, or is done by another shift. Where travel differs by period, a
// leg takes as much as its longest way in any period of the shift's hours: then what is
// on board lasts whenever it is driven. A tool, which is not used up,
// is a stock too: Infinity where it is at hand, 0 where it is not, and a task that
// needs it uses 1.
type Refill struct {
	Location int32
	Service  int64
	Windows  []Window // the start lies in one of them; nil: any time
	Full     []int64  // by stock: afterwards there is so much of it, or what there was before, if that is more
	Cost     int64    // each time; a part of TermAssign
	Most     int32    // so many times in one route, from 1 to 20
}

// Link ties the starts of two tasks when both are done:
// Min <= start(Second) - start(First) <= Max. Same start is [0, 0];
// -Infinity and Infinity leave a side open. Where they are Apart, either may
// come first: Min <= |start(Second) - start(First)| <= Max, and Min is more
// than 0. Two doses at least four hours apart are Min 4 h, Max Infinity.
type Link struct {
	First, Second int32
	Min, Max      int64
	Shift         ShiftClause
	AllOrNothing  bool // neither is done without the other
	Apart         bool // in either order
}

// ShiftClause says whether linked tasks are done by the same person. Shifts
// with one Person count as the same shift, so that somebody with a split day
// is one carer; a shift whose Person is 0 is a person of its own.
type ShiftClause uint8

// The clauses of Link.Shift.
const (
	AnyShift ShiftClause = iota
	SameShift
	DifferentShift
)

// Resource is something of which there are fewer than shifts that need it. A shift
// that does any task holds one unit from Start to the last moment at which it
// could be over (End, or the end of overtime), that moment left aside: one that is
// over when another begins hands over. At any time the shifts that hold the
// resource are at most Capacity times Sharers.
type Resource struct {
	Capacity int64 // units: cars, keys
	Sharers  int64 // shifts that may hold one unit at once, such as two carers in one car; 0 means 1. That they ride together is for links to say
}

// Group caps and prices the number of different people who do its tasks. Shifts
// with one Person count once, and a shift whose Person is 0 is a person of its own.
type Group struct {
	MostShifts int32 // people at most; 0: no cap
	ShiftCost  int64 // for each of them, the first one included, in the term groups
}

// Coverage asks that there be shifts near a point: at each time from From to To,
// To itself left out, at least so many of those that have all of its skills. A
// shift covers the point while it stands at a location from where the travel to it,
// in the shift's profile and in the quickest of its periods, takes no longer than
// Reach, whether it works, waits or rests; and during a leg both ends of which are
// that near. It does so from Route.Leave to Route.Back, and not while it is not
// used. A break at a location is a stop like a task. See TermCoverage. Of the solutions of
// Solve every leg begins as soon as the breaks before it are over, and the first one of a
// shift that leaves late as late as it can; breaks are taken as soon as their rules allow.
type Coverage struct {
	Location int32
	Reach    int64
	Window
	Skills Bits
	Shifts int
	Cost   int64 // for each shift that is missing, per unit of time
}

// TermKind names a term of the objective.
type TermKind string

// The terms. The first ten are sums over routes and tasks whose prices
// stand in Task, Mode and Shift; listing one in Problem.Terms turns it on. A price
// whose term is not listed is refused: it would count for nothing.
// Balance and idle time are about all shifts, also those that are not used.
const (
	TermUnserved  TermKind = "unserved"
	TermFixed     TermKind = "fixed"
	TermTravel    TermKind = "travel"
	TermDistance  TermKind = "distance"
	TermWork      TermKind = "work"
	TermWait      TermKind = "wait"
	TermPreferred TermKind = "preferred"
	TermAssign    TermKind = "assign"    // Mode.Cost, Mode.ShiftCost and Refill.Cost
	TermOvertime  TermKind = "overtime"  // Shift.Overtime
	TermBreaks    TermKind = "breaks"    // Break.MissCost of what is missed
	TermGroups    TermKind = "groups"    // Group.ShiftCost
	TermBalance   TermKind = "balance"   // couples routes: how far the travel and service of each shift is from the mean of all, rounded up, summed up
	TermTardiest  TermKind = "tardiest"  // couples routes: the longest time that a start comes after Preferred.To where Preferred.Late is not 0
	TermWaitMost  TermKind = "wait-most" // couples routes: the longest wait between one task, or leaving, and the next task
	TermIdleMost  TermKind = "idle-most" // couples routes: the longest time of a shift, from Start to End or to when it is over, without travel, task and break
	TermCoverage  TermKind = "coverage"  // couples routes: Coverage.Cost for each shift that is missing, per unit of time
	TermChanges   TermKind = "changes"   // against a given roster: Task.Was
)

// Term is one named part of the objective, hard or weighted. What terms of one
// level cost is added up. Levels are lexicographic, 0 first: of two solutions the
// one with less in the first level in which they differ is better, whatever the
// levels below say. So "necessary visits, then wishes, then travel" is unserved in
// level 0, Task.Level 1 for wishes, and travel in level 2; with travel in level 1
// a wish is weighed against the way to it.
//
// A hard term is above all levels and must be zero; if that cannot be reached,
// Solve returns the best that it has with ErrHard. A task that must be done
// (UnservedCost Infinity) comes before that. But what would cost something in fixed, assign,
// overtime, breaks or preferred, where they are hard, is never done at all: a task that cannot be
// done otherwise is left out, one that must be done with ErrMandatory.
//
// Solution.Cost is one number, so Validate refuses levels whose sums could be so
// large, in such small steps, that no number holds them all in their order.
type Term struct {
	Kind   TermKind
	Level  int   // from 0 to 19; of unserved that of the tasks with Task.Level 0; of a hard term 0
	Weight int64 // multiplies the term's own prices; 0 is refused
	Hard   bool  // must be zero
}

// DefaultTerms turns on every term whose prices stand in the problem itself,
// with weight 1, in one level: all but the four that have no price of their own
// (balance, tardiest, wait-most, idle-most). So no price is without its term.
func DefaultTerms() []Term {
	kinds := []TermKind{
		TermUnserved, TermFixed, TermTravel, TermDistance, TermWork, TermWait, TermPreferred, TermAssign, TermOvertime, TermBreaks,
		TermGroups, TermCoverage, TermChanges,
	}
	terms := make([]Term, len(kinds))
	for i, k := range kinds {
		terms[i] = Term{Kind: k, Weight: 1}
	}
	return terms
}

// Bits is a set of small numbers: skills, or indices of shifts.
type Bits []uint64

// NewBits returns the set of the given numbers, none of them negative. That of none is
// empty and not nil: Mode.Allowed is nobody then.
func NewBits(members ...int) Bits {
	b := Bits{}
	for _, m := range members {
		b = b.With(m)
	}
	return b
}

// With returns the set with one more member; the receiver may be changed.
func (b Bits) With(member int) Bits {
	for len(b) <= member/64 {
		b = append(b, 0)
	}
	b[member/64] |= 1 << (member % 64)
	return b
}

// last is the largest member, or -1.
func (b Bits) last() int {
	for i, word := range slices.Backward(b) {
		if word != 0 {
			return i*64 + bits.Len64(word) - 1
		}
	}
	return -1
}

// Has tells whether the number is a member.
func (b Bits) Has(member int) bool {
	return member/64 < len(b) && b[member/64]&(1<<(member%64)) != 0
}

// Within tells whether every member of b is a member of other.
func (b Bits) Within(other Bits) bool {
	for i, word := range b {
		if i < len(other) {
			word &^= other[i]
		}
		if word != 0 {
			return false
		}
	}
	return true
}
