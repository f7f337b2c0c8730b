package check

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/slinga-se/slinga/planner/care"
)

// phrase is a part of a sentence that differs between the languages.
type phrase struct{ english, swedish string }

// quoted is an id that a sentence shows in quotation marks: it is not one of
// the day's.
type quoted string

// What stands in a sentence in the place of an id.
var (
	notShown = phrase{"(id not shown)", "(id visas inte)"}
	noID     = phrase{"(no id)", "(utan id)"}
)

// clock writes a moment for a sentence, with seconds where it has any, and
// says in words when it is not on the planned date.
func (j *judge) clock(t int64) phrase {
	t = min(max(t, -1<<31), 1<<31-1)
	text := j.day.Clock(care.Time(t))
	if t%60 != 0 {
		text = j.day.ClockSeconds(care.Time(t))
	}
	days, wall, other := strings.Cut(text, " ")
	if !other {
		return phrase{text, text}
	}
	n, err := strconv.Atoi(days)
	switch {
	case err != nil:
		return phrase{text, text}
	case n == 1:
		return phrase{wall + " next day", wall + " nästa dag"}
	case n == -1:
		return phrase{wall + " the day before", wall + " dagen före"}
	case n < 0:
		return phrase{fmt.Sprintf("%s %d days before", wall, -n), fmt.Sprintf("%s %d dagar före", wall, -n)}
	}
	return phrase{fmt.Sprintf("%s %d days later", wall, n), fmt.Sprintf("%s %d dagar senare", wall, n)}
}

// sentence fills a sentence in, in one language. A text that the roster brings
// and that may say who somebody is does not get in.
func (j *judge) sentence(swedish bool, format string, args []any) string {
	said := make([]any, len(args))
	for i, arg := range args {
		if p, ok := j.word(arg); ok {
			arg = p.english
			if swedish {
				arg = p.swedish
			}
		}
		said[i] = arg
	}
	return fmt.Sprintf(format, said...)
}

func (j *judge) word(arg any) (phrase, bool) {
	switch v := arg.(type) {
	case phrase:
		return v, true
	case string:
		switch {
		case v == "":
			return noID, true
		case j.hidden[v]:
			return notShown, true
		}
	case quoted:
		if v == "" || j.hidden[string(v)] {
			return j.word(string(v))
		}
		q := strconv.Quote(string(v))
		return phrase{q, q}, true
	}
	return phrase{}, false
}

// group names a municipality or a carer of the figures.
func (j *judge) group(kind phrase, id string) phrase {
	name, ok := j.word(id)
	if !ok {
		name = phrase{id, id}
	}
	return phrase{kind.english + " " + name.english, kind.swedish + " " + name.swedish}
}

// shownID returns the id for a field of a breach, or nothing when it may say
// who somebody is.
func (j *judge) shownID(id string) string {
	if j.hidden[id] {
		return ""
	}
	return id
}

// hide collects the texts of the roster that stand where ids belong, are not
// ids of the day and do not look like ids. A roster that somebody typed may
// have a name there.
func (j *judge) hide() {
	j.hidden = map[string]bool{}
	known := map[string]bool{}
	for code := range reasonTexts {
		known[string(code)] = true
	}
	known[string(care.ReasonCost)] = true
	for i := range j.day.Municipalities {
		known[j.day.Municipalities[i].ID] = true
	}
	see := func(ids ...string) {
		for _, id := range ids {
			if !known[id] && !looksLikeID(id) {
				j.hidden[id] = true
			}
		}
	}
	for _, m := range []map[string]int{j.shiftOf, j.carerOf, j.visitOf, j.clientOf, j.placeOf} {
		for id := range m {
			known[id] = true
		}
	}
	for i := range j.day.Clients {
		known[j.day.Clients[i].Municipality] = true
	}
	for i := range j.roster.Routes {
		route := &j.roster.Routes[i]
		see(route.Shift, route.Carer)
		for k := range route.Stops {
			see(route.Stops[k].Visit, route.Stops[k].Place)
		}
	}
	for _, u := range j.roster.Unserved {
		see(u.Visit, string(u.Reason))
	}
	for _, groups := range [][]care.GroupSums{j.roster.Figures.Municipalities, j.roster.Figures.Carers} {
		for i := range groups {
			see(groups[i].ID)
		}
	}
	delete(j.hidden, "") // said otherwise
}

var (
	idForm       = regexp.MustCompile(`^[\pL\pN_.:@/#+-]{1,40}$`)
	personalForm = regexp.MustCompile(`\d{6}(?:\d{2})?[-+]?\d{4}`)
)

// looksLikeID tells whether a text is a pseudonym beyond doubt: one word with
// a digit, and not the digits of a personal number.
func looksLikeID(s string) bool {
	return idForm.MatchString(s) && strings.ContainsFunc(s, unicode.IsDigit) && !personalForm.MatchString(s)
}
