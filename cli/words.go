package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/planner"
	"github.com/slinga-se/slinga/planner/care"
)

// language is what summaries are written in. Messages on standard error are
// in English.
type language string

const (
	swedish language = "sv"
	english language = "en"
)

// words is a text in both languages. The verbs of fmt come in the same order
// in both.
type words struct{ sv, en string }

func (l language) pick(w words) string {
	if l == english {
		return w.en
	}
	return w.sv
}

// say writes one of the texts with its values.
func (l language) say(key string, args ...any) string {
	return fmt.Sprintf(l.pick(texts[key]), args...)
}

// number writes decimals with the language's mark.
func (l language) number(v float64, decimals int) string {
	text := fmt.Sprintf("%.*f", decimals, v)
	if l == swedish {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

func (l language) percent(part, whole int64) string {
	if whole == 0 {
		return "-"
	}
	return l.number(100*float64(part)/float64(whole), 1) + " %"
}

// date writes a date with its weekday.
func (l language) date(t time.Time) string {
	if l == english {
		return t.Format("Monday 2 January 2006")
	}
	return fmt.Sprintf("%s %d %s %d", swedishDays[t.Weekday()], t.Day(), swedishMonths[t.Month()-1], t.Year())
}

// clock writes a moment of the day. Another date than the day's own, which
// Clock writes as a number of days in front, is said in words behind.
func (l language) clock(day *care.Day, t care.Time) string {
	text := day.Clock(t)
	before, at, found := strings.Cut(text, " ")
	if !found {
		return text
	}
	days, err := strconv.Atoi(before)
	switch {
	case err != nil:
		return text
	case days == 1:
		return l.say("day.after", at)
	case days == -1:
		return l.say("day.before", at)
	case days < 0:
		return l.say("days.before", at, -days)
	}
	return l.say("days.after", at, days)
}

var (
	swedishDays   = [...]string{"söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"}
	swedishMonths = [...]string{
		"januari", "februari", "mars", "april", "maj", "juni",
		"juli", "augusti", "september", "oktober", "november", "december",
	}
)

// texts are the sentences of summaries.
var texts = map[string]words{
	"day":           {"Dag", "Day"},
	"head.counts":   {"%d brukare, %d besök, %d medarbetare, %d pass; sökt i %s s, %d varv, frö %d", "%d clients, %d visits, %d carers, %d shifts; searched for %s s, %d iterations, seed %d"},
	"head.stopped":  {"Sökningen avbröts: detta är den bästa dagsplanen så långt.", "The search was interrupted: this is the best roster so far."},
	"col.visits":    {"besök", "visits"},
	"col.unserved":  {"ej planerade", "not planned"},
	"col.shifts":    {"pass", "shifts"},
	"col.hours":     {"betalda timmar", "paid hours"},
	"col.driving":   {"körtid", "driving"},
	"col.client":    {"tid hos brukare", "time with clients"},
	"col.handling":  {"kringtid", "handling"},
	"col.waiting":   {"väntan", "waiting"},
	"col.km":        {"km", "km"},
	"total":         {"totalt", "total"},
	"driving":       {"Körtid är %s av den betalda tiden, ledig tid med betalda raster %s. Brott som kontrollen fann: %d. Kostnad %d", "Driving is %s of paid time, free time with paid breaks %s. Breaches found by the checker: %d. Cost %d"},
	"shared":        {"Pass som betjänar flera kommuner räknas i var och en.", "Shifts that serve several municipalities count in each."},
	"days.before":   {"%s %d dagar före", "%s %d days before"},
	"day.before":    {"%s dagen före", "%s the day before"},
	"day.after":     {"%s nästa dag", "%s next day"},
	"days.after":    {"%s %d dagar senare", "%s %d days later"},
	"unserved":      {"Ej planerade: %d av %d besök.", "Not planned: %d of %d visits."},
	"unserved.row":  {"prioritet %d, %s-%s: %s", "priority %d, %s-%s: %s"},
	"more.roster":   {"... och %d till, se roster.json", "... and %d more, see roster.json"},
	"more.report":   {"... och %d till, se rapporten", "... and %d more, see the report"},
	"places":        {"Platser att se över: %d.", "Places to look at: %d."},
	"written":       {"Skrivet till %s: report.html (öppna den i en webbläsare), roster.json, roster.csv med mera.", "Written to %s: report.html (open it in a browser), roster.json, roster.csv and more."},
	"open":          {"Öppna %s i en webbläsare.", "Open %s in a browser."},
	"report":        {"%s är skriven", "%s written"},
	"breach":        {"brott", "breach"},
	"warning":       {"varning", "warning"},
	"judged":        {"%d brott, %d varningar", "%d breaches, %d warnings"},
	"route.leg":     {"Sträcka %d: %s, %s", "Leg %d: %s, %s"},
	"route.road":    {"väg", "road"},
	"route.length":  {"längd", "length"},
	"route.time":    {"tid", "time"},
	"route.total":   {"Totalt %s, %s", "%s, %s in total"},
	"route.unnamed": {"väg utan namn", "road without a name"},
	"route.ferry":   {"färja", "ferry"},
	"modelled":      {"modellerat vägnät: vägarna är ritade av ett program, inte uppmätta", "modelled road network: roads drawn by a program, not surveyed"},
}

// reasonTexts say in a sentence why a visit is unserved.
var reasonTexts = map[care.ReasonCode]words{
	care.ReasonUnreachable: {"ingen väg dit och tillbaka från där något pass börjar och slutar", "no road there and back from where any shift starts and ends"},
	care.ReasonCompetence:  {"för få i tjänst får göra det", "too few on duty may do it"},
	care.ReasonWindow:      {"ingen som får göra det kan vara där inom tidsfönstret", "nobody who may do it can be there within its window"},
	care.ReasonRest:        {"för få av dem som hinner dit har vilat", "too few of those who could be there are rested"},
	care.ReasonPin:         {"en låsning eller en koppling till ett annat besök lämnar ingen plats för det", "a pin or a link to another visit leaves no place for it"},
	care.ReasonFull:        {"alla pass som kunde ta det är fulla då", "every shift that could take it is full then"},
	care.ReasonCost:        {"kostar mer än att låta bli", "costs more than leaving it out"},
	care.ReasonTime:        {"tiden tog slut innan alla platser hade prövats", "time was up before all places for it had been tried"},
}

// findingTexts say what is the matter with a place.
var findingTexts = map[care.FindingKind]words{
	care.FarFromRoad:   {"långt från närmaste väg", "far from any road"},
	care.RoadIsland:    {"på en vägö", "on a road island"},
	care.OneWayOnly:    {"kan bara nås åt ena hållet", "reachable one way only"},
	care.CutOff:        {"avskuren av en stängning", "cut off by a closure"},
	care.NearBorder:    {"nära en kommungräns: ange kommunen", "near a municipal border: state the municipality"},
	care.Moved:         {"flyttad till sin väg", "moved to its road"},
	care.OutsideStated: {"ligger inte i den kommun som anges", "not in the municipality that it states"},
}

var modeTexts = map[care.Mode]words{care.Car: {"bil", "car"}, care.Bicycle: {"cykel", "bicycle"}, care.Foot: {"till fots", "on foot"}}

// termTexts name the terms of the objective in the words of the report.
var termTexts = map[string]words{
	planner.TermUnserved:     {"ej planerade besök", "visits not planned"},
	planner.TermTravel:       {"körtid och kringtid", "driving and handling"},
	planner.TermDistance:     {"körsträcka", "distance driven"},
	planner.TermWait:         {"väntan", "waiting"},
	planner.TermOutside:      {"utanför önskad tid", "outside the preferred window"},
	planner.TermShifts:       {"pass i arbete", "shifts used"},
	planner.TermNewFace:      {"nya ansikten", "new faces"},
	planner.TermNotContact:   {"annan än fast omsorgskontakt", "other than the fixed contact"},
	planner.TermDowngrade:    {"arbete under sin kompetens", "work below competence"},
	planner.TermLanguage:     {"utan gemensamt språk", "no common language"},
	planner.TermAcrossBorder: {"över kommungräns", "across a municipal border"},
}

// standingNote is what must be said wherever a map is shown. A modelled map
// says so in both languages, whether or not it came with words of its own.
func standingNote(info geo.Info) string {
	if !info.Modelled || saysModelled(info.Note) {
		return info.Note
	}
	return joinNotes(info.Note, modelledNote())
}

func modelledNote() string { return texts["modelled"].sv + " / " + texts["modelled"].en }

func saysModelled(note string) bool {
	note = strings.ToLower(note)
	return strings.Contains(note, "modellera") && strings.Contains(note, "modelled")
}

// joinNotes puts two notes one after the other, unless one says it all.
func joinNotes(a, b string) string {
	switch {
	case a == "" || strings.Contains(b, a):
		return b
	case b == "" || strings.Contains(a, b):
		return a
	}
	return a + " · " + b
}
