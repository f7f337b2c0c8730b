package export

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	ics "github.com/arran4/golang-ical"

	"github.com/slinga-se/slinga/planner/care"
)

// ICS writes a calendar of visits and breaks. Calendars end up in phones and
// on other people's servers, so an event says that there is a visit, its order
// in the route and its id, and nothing else: no task, no place, no client.
// With carer set only that carer's events are written; "" means all, and a carer
// whom the day does not know is an error.
func ICS(w io.Writer, in Report, carer string) error {
	b, err := openFor(in, carer)
	if err != nil {
		return err
	}
	cal := ics.NewCalendarFor("Slinga")
	cal.SetProductId("-//Slinga//Slinga//" + strings.ToUpper(string(b.Lang)))
	cal.SetMethod(ics.MethodPublish)
	if carer != "" {
		cal.SetXWRCalName(b.texts.say("ics.name", carer))
	}
	for _, route := range b.used() {
		if carer == "" || carer == route.Carer {
			b.addEvents(cal, route)
		}
	}
	return cal.SerializeTo(w, ics.WithNewLineWindows)
}

func (b *book) addEvents(cal *ics.Calendar, route *care.Route) {
	order := 0
	for i := range route.Stops {
		s := &route.Stops[i]
		var title string
		switch s.Kind {
		case care.StopVisit:
			order++
			title = b.texts.say("ics.visit", order)
		case care.StopBreak:
			title = b.texts.say("ics.break")
		default:
			continue
		}
		event := cal.AddEvent(b.eventID(route, i))
		// The stamp is the day's own midnight: the same roster gives the same
		// bytes whenever it is written.
		event.SetDtStampTime(b.at(0).UTC())
		event.SetStartAt(b.at(s.Start).UTC())
		event.SetEndAt(b.at(s.End).UTC())
		event.SetSummary(title)
		event.SetClass(ics.ClassificationPrivate)
		if s.Visit != "" {
			event.SetDescription(s.Visit)
		}
	}
}

// eventID is the same for the same visit of the same shift and date, so that a
// later version of the roster replaces the event in place of adding another.
func (b *book) eventID(route *care.Route, i int) string {
	s := &route.Stops[i]
	what := s.Visit
	if what == "" {
		what = fmt.Sprint(i)
	}
	sum := sha256.Sum256([]byte(b.date(b.middle()) + "\x00" + route.Shift + "\x00" + string(s.Kind) + "\x00" + what))
	return hex.EncodeToString(sum[:12]) + "@slinga"
}
