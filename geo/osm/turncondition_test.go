package osm

import (
	"slices"
	"testing"
	"time"
)

// When a restriction binds that forbids its turn, and when one that allows
// nothing else.
func TestTurnCondition(t *testing.T) {
	for _, test := range []struct {
		text, moment string // "": no time
		no, only     Answer
	}{
		{"restriction:conditional=no_left_turn @ (Mo-Fr 07:00-09:00)", "2026-11-24 08:00", Yes, No},
		{"restriction:conditional=no_left_turn @ (Mo-Fr 07:00-09:00)", "2026-11-24 09:00", No, No},
		{"restriction:conditional=no_left_turn @ (Mo-Fr 07:00-09:00)", "", No, No},
		{"restriction:conditional=no_left_turn;no_u_turn @ (Mo-Fr 07:00-09:00)", "2026-11-24 08:00", Yes, No},
		{"restriction:conditional=no_left_turn @ (Mo-Fr 07:00-09:00; Sa 10:00-12:00)", "2026-11-28 11:00", Yes, No},
		{"restriction:motorcar:conditional=only_straight_on @ (22:00-06:00)", "2026-11-24 23:00", No, Yes},
		{"restriction:conditional=no_left_turn @ (Mo-Fr); only_straight_on @ (22:00-06:00)", "2026-11-24 23:00", No, Yes},
		{"restriction:conditional=no_left_turn @ (Mo-Fr); only_straight_on @ (22:00-06:00)", "2026-11-24 12:00", Yes, No},
		// What nobody can tell matters only where it decides.
		{"restriction:conditional=no_left_turn @ (wet)", "2026-11-24 12:00", Unknown, No},
		{"restriction:conditional=no_left_turn @ (wet)", "", No, No},
		{"restriction:conditional=no_left_turn @ (Mo-Fr); no_u_turn @ (wet)", "2026-11-24 12:00", Yes, No},
		{"restriction:conditional=no_left_turn @ (Mo-Fr); only_straight_on @ (wet)", "2026-11-24 12:00", Unknown, Unknown},
		{"restriction:conditional=no_left_turn @ (wet); only_straight_on @ (Mo-Fr)", "2026-11-24 12:00", No, Yes},
		{"restriction:conditional=no_left_turn", "2026-11-24 12:00", Unknown, Unknown},
		{"restriction:conditional=no_left_turn @ (weight>7.5)", "2026-11-24 12:00", No, No},
		{"restriction:conditional=no_parking @ (Mo-Fr)", "2026-11-24 12:00", No, No},
		// A key without a condition counts where no condition holds.
		{"restriction:conditional=none @ (Sa,Su)\nrestriction=no_left_turn", "2026-11-24 12:00", Yes, No},
		{"restriction:conditional=none @ (Sa,Su)\nrestriction=no_left_turn", "2026-11-28 12:00", No, No},
		{"restriction:conditional=none @ (Sa,Su)\nrestriction=no_left_turn", "", Yes, No},
		{"restriction:conditional=none @ (wet)\nrestriction=only_left_turn", "2026-11-28 12:00", No, Unknown},
		// Before there were conditional keys.
		{"day_off=Fr\nday_on=Mo\nhour_off=18\nhour_on=7", "2026-11-24 12:00", Yes, Yes},
		{"day_off=Fr\nday_on=Mo\nhour_off=18\nhour_on=7", "2026-11-28 12:00", No, No},
		{"day_off=Fr\nday_on=Mo\nhour_off=18\nhour_on=7", "", No, No},
		{"hour_off=09:00;18:00\nhour_on=07:00;16:00", "2026-11-28 17:00", Yes, Yes},
		{"hour_off=09:00\nhour_on=07:00;16:00", "2026-11-28 17:00", Unknown, Unknown},
		{"day_on=Tuesday\nday_off=Thursday", "2026-11-24 00:00", Yes, Yes},
		{"", "2026-11-24 12:00", No, No},
	} {
		var moment time.Time
		if test.moment != "" {
			moment = at(test.moment)
		}
		c := ParseTurnCondition(test.text)
		if no, only := c.Binds(false, moment), c.Binds(true, moment); no != test.no || only != test.only {
			t.Errorf("%q at %q: %v and %v, want %v and %v", test.text, test.moment, no, only, test.no, test.only)
		}
	}
	c := ParseTurnCondition("restriction:conditional=no_left_turn @ (Mo-Fr 07:00-09:00)\nrestriction=none")
	if got := c.Minutes(); !slices.Equal(got, []int{0, 420, 540}) {
		t.Errorf("minutes %v", got)
	}
}

// Which rules the tags of a relation make, by mode.
func TestRulesOf(t *testing.T) {
	for _, test := range []struct {
		tags string
		want []rule
	}{
		{"restriction=no_left_turn\nrestriction:conditional=none @ (Sa)", []rule{
			{"no_left_turn", ModeCar | ModeBicycle, "restriction:conditional=none @ (Sa)\nrestriction=no_left_turn"},
		}},
		{"restriction:conditional=no_left_turn @ (Mo); only_left_turn @ (Sa)", []rule{
			{"no_left_turn", ModeCar | ModeBicycle, "restriction:conditional=no_left_turn @ (Mo); only_left_turn @ (Sa)"},
			{"only_left_turn", ModeCar | ModeBicycle, "restriction:conditional=no_left_turn @ (Mo); only_left_turn @ (Sa)"},
		}},
		{"restriction=no_left_turn\nrestriction:motorcar:conditional=no_u_turn @ (Sa)\nrestriction:bicycle=none", []rule{
			{"no_u_turn", ModeCar, "restriction:motorcar:conditional=no_u_turn @ (Sa)\nrestriction=no_left_turn"},
			{"none", ModeBicycle, ""},
		}},
		{"restriction=no_left_turn\nrestriction:motor_vehicle:conditional=no_u_turn @ (Sa)\nhour_on=7\nhour_off=9\nexcept=bicycle", []rule{
			{"no_u_turn", ModeCar, "restriction:motor_vehicle:conditional=no_u_turn @ (Sa)\nhour_off=9\nhour_on=7\nrestriction=no_left_turn"},
		}},
		{"restriction:hgv:conditional=no_left_turn @ (Mo)", nil},
		{"restriction:foot:conditional=no_left_turn @ (Mo)", []rule{{"no_left_turn", ModeFoot, "restriction:foot:conditional=no_left_turn @ (Mo)"}}},
		{"restriction:conditional=no_left_turn", []rule{{"no_left_turn", ModeCar | ModeBicycle, "restriction:conditional=no_left_turn"}}},
	} {
		if got := rulesOf(parseTags("type=restriction\n" + test.tags)); !slices.Equal(got, test.want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", test.tags, got, test.want)
		}
	}
}

func FuzzParseTurnCondition(f *testing.F) {
	f.Add("restriction:conditional=no_left_turn @ (wet); only_straight_on @ (Mo-Fr)\nrestriction=no_u_turn")
	f.Add("day_off=Fr\nday_on=Mo\nhour_off=18\nhour_on=7")
	f.Fuzz(func(t *testing.T, text string) {
		c := ParseTurnCondition(text)
		for _, only := range []bool{false, true} {
			if c.Binds(only, time.Time{}) == Unknown {
				t.Errorf("%q is not known without a time", text)
			}
			c.Binds(only, at("2026-11-24 08:00"))
		}
		c.Minutes()
	})
}

// TestWhatNobodyAgreesOn: a season, a duration or an ice road under a condition
// closes nothing and is listed.
func TestWhatNobodyAgreesOn(t *testing.T) {
	for _, text := range []string{
		"seasonal:conditional=yes @ (Nov-Apr)", "seasonal:conditional=no @ (Nov-Apr)",
		"duration:conditional=00:30 @ (Nov-Apr)", "ice_road:conditional=yes @ (Jan-Mar)", "winter_road:conditional=yes @ (Jan-Mar)",
	} {
		c := ParseConditions(text)
		for _, moment := range []string{"2026-01-15 12:00", "2026-07-15 12:00"} {
			way := Way{Forward: AllModes, Backward: AllModes}
			listed := c.Bind(&way, ModeCar, at(moment), DefaultTags())
			if way != (Way{Forward: AllModes, Backward: AllModes}) || len(listed) != 1 {
				t.Errorf("%s at %s: %v, listed %q", text, moment, way, listed)
			}
		}
	}
}
