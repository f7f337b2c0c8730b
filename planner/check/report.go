package check

import (
	"fmt"

	"github.com/slinga-se/slinga/planner/care"
)

// Breach is one rule that is broken once.
type Breach struct {
	Rule    RuleID    `json:"rule"`
	Carer   string    `json:"carer,omitempty"`
	Shift   string    `json:"shift,omitempty"`
	Visit   string    `json:"visit,omitempty"`
	At      care.Time `json:"at"`      // when; 0 for what has no time
	Want    int64     `json:"want"`    // what the rule asks for, in its own unit
	Got     int64     `json:"got"`     // what the roster has
	English string    `json:"english"` // a plain sentence
	Swedish string    `json:"swedish"` // the same
}

// Text returns the sentence: lang "sv" is Swedish, all else English.
func (b Breach) Text(lang string) string {
	if lang == "sv" {
		return b.Swedish
	}
	return b.English
}

// Report is the judgement of a roster. Breaches come in a fixed order: route
// by route in the order of the roster, then what concerns several routes.
type Report struct {
	Breaches []Breach `json:"breaches"`
	Warnings []Breach `json:"warnings"` // worth a look, but no rule is broken
}

// OK tells whether no rule is broken.
func (r Report) OK() bool { return len(r.Breaches) == 0 }

// where is the person, shift, visit and time that a breach concerns.
type where struct {
	carer, shift, visit string
	at                  int64
}

// numbers are what was asked for and what there is.
type numbers struct{ want, got int64 }

func (j *judge) made(rule RuleID, w where, n numbers, english, swedish string, args []any) Breach {
	return Breach{
		Rule: rule, Carer: j.shownID(w.carer), Shift: j.shownID(w.shift), Visit: j.shownID(w.visit), At: care.Time(w.at),
		Want: n.want, Got: n.got,
		English: j.sentence(false, english, args), Swedish: j.sentence(true, swedish, args),
	}
}

// breach notes a broken rule. Both sentences take the same arguments in the
// same order.
func (j *judge) breach(rule RuleID, w where, n numbers, english, swedish string, args ...any) {
	j.report.Breaches = append(j.report.Breaches, j.made(rule, w, n, english, swedish, args))
}

func (j *judge) warn(rule RuleID, w where, n numbers, english, swedish string, args ...any) {
	j.report.Warnings = append(j.report.Warnings, j.made(rule, w, n, english, swedish, args))
}

// length writes a length of time for a sentence: 1:05:00 h, 4:10 min, 30 s.
func length(seconds int64) string {
	sign := ""
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	switch {
	case seconds < 60:
		return fmt.Sprintf("%s%d s", sign, seconds)
	case seconds < 3600:
		return fmt.Sprintf("%s%d:%02d min", sign, seconds/60, seconds%60)
	case seconds%60 != 0:
		return fmt.Sprintf("%s%d:%02d:%02d h", sign, seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%s%d:%02d h", sign, seconds/3600, seconds/60%60)
}
