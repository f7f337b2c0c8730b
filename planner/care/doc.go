// Package care holds the words of home care as Go types: the day to be
// planned, the rules that hold, the travel matrices, and the roster that comes
// out. It knows no map, no search and no file but JSON, and imports nothing
// else of this module, so that every other package can speak its language.
//
// A Day is everything that is known beforehand. Ids in it are opaque
// pseudonyms; names and addresses have no field. Times are whole seconds that
// have really elapsed since local midnight (Time), so that arithmetic needs no
// time zone; clock times are made for people only (Day.Clock) and read back
// strictly (ParseClock), also on the nights when clocks change.
//
// Rules are data. DefaultRules is the documented Swedish set; docs/rules.md
// names the source of each number. What the rules mean is written down where
// it is computed: who may do a visit in Index.Eligible and when in
// Index.MayStart, which breaks a shift must take in Index.BreaksOf, which
// shifts may be worked at all in Index.Rested. Package check computes the same things again in its own way.
//
// Validate is the gate: what passes can be planned. It returns all problems at
// once, each with its path, what is wrong and what to do.
//
//	day, err := care.ReadDay(file)
//	if err != nil {
//		return err // not the JSON form, or of another version
//	}
//	if err := day.Validate(); err != nil {
//		return err // every problem, one a line
//	}
//	index := care.NewIndex(day)
//	for i, shift := range day.Shifts {
//		fmt.Println(day.Clock(shift.Start), shift.ID, index.BreaksOf(i))
//	}
//
// The vocabulary, English and Swedish, stands in docs/glossary.md.
//
// Reading order: day.go (the input), rules.go, travel.go, roster.go (the
// output); then index.go, eligible.go, breaks.go (what rules mean), clock.go,
// figures.go; then validate.go with its validate_*.go, and json.go with
// form.go.
package care
