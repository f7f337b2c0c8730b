package check

// RuleID names a rule; it is stable and fit for programs.
type RuleID string

// The rules, in the order in which they are judged. Rules gives each in words.
const (
	Version      RuleID = "version"
	OneRoute     RuleID = "one-route"
	KnownShift   RuleID = "known-shift"
	RouteCarer   RuleID = "route-carer"
	RouteEnds    RuleID = "route-ends"
	KnownVisit   RuleID = "known-visit"
	StopKind     RuleID = "stop-kind"
	StopPlace    RuleID = "stop-place"
	NoWay        RuleID = "no-way"
	FirstLeave   RuleID = "first-leave"
	LegLeave     RuleID = "leg-leave"
	LegDrive     RuleID = "leg-drive"
	LegHandling  RuleID = "leg-handling"
	LegMetres    RuleID = "leg-metres"
	Arithmetic   RuleID = "arithmetic"
	TooEarly     RuleID = "too-early"
	Window       RuleID = "window"
	Duration     RuleID = "duration"
	ShiftHours   RuleID = "shift-hours"
	BreakTaken   RuleID = "break-taken"
	BreakWindow  RuleID = "break-window"
	BreakLength  RuleID = "break-length"
	BreakApart   RuleID = "break-apart"
	WorkInRow    RuleID = "work-in-row"
	ServedOnce   RuleID = "served-once"
	Double       RuleID = "double"
	Member       RuleID = "member"
	Blocked      RuleID = "blocked"
	Agreement    RuleID = "agreement"
	Profession   RuleID = "profession"
	Skill        RuleID = "skill"
	LinkGap      RuleID = "link-gap"
	LinkCarer    RuleID = "link-carer"
	LinkTogether RuleID = "link-together"
	PinShift     RuleID = "pin-shift"
	PinStart     RuleID = "pin-start"
	TwoPlaces    RuleID = "two-places"
	DailyRest    RuleID = "daily-rest"
	LongestShift RuleID = "longest-shift"
	Vehicle      RuleID = "vehicle"
	Reason       RuleID = "reason"
	Figures      RuleID = "figures"
)

// Rule is a rule in words.
type Rule struct {
	ID      RuleID `json:"id"`
	English string `json:"english"`
	Swedish string `json:"swedish"`
}

// Rules returns every rule that Roster judges, in order.
func Rules() []Rule { return append([]Rule(nil), rules...) }

// Text returns the rule in words: lang "sv" is Swedish, all else English.
func (id RuleID) Text(lang string) string {
	for _, r := range rules {
		if r.ID == id {
			if lang == "sv" {
				return r.Swedish
			}
			return r.English
		}
	}
	return string(id)
}

var rules = []Rule{
	{Version, "The roster is written in the format version that this program reads.", "Dagsplanen är skriven i den formatversion som programmet läser."},
	{OneRoute, "Every shift has exactly one route.", "Varje pass har precis en slinga."},
	{KnownShift, "Every route belongs to a shift of the day.", "Varje slinga hör till ett pass i dagen."},
	{RouteCarer, "A route is driven by the carer whose shift it is.", "Slingan körs av den medarbetare som har passet."},
	{RouteEnds, "A route begins and ends where its shift does.", "Slingan börjar och slutar där passet gör det."},
	{KnownVisit, "Every visit of the roster is a visit of the day.", "Varje besök i dagsplanen finns i dagen."},
	{StopKind, "A stop is a start, a visit, a break or an end; start and end come once, first and last.", "Ett stopp är start, besök, rast eller slut; start och slut kommer en gång, först och sist."},
	{StopPlace, "A visit is done at its place, and a break is taken where the carer is.", "Besöket görs på sin plats, och rasten tas där medarbetaren är."},
	{NoWay, "There is a way for every leg.", "Det finns en väg för varje förflyttning."},
	{FirstLeave, "The first drive of a shift starts with the handling time: clearing the car, loading.", "Passets första körning börjar med iordningställandet: skrapa bilen, lasta."},
	{LegLeave, "Every drive starts with the handling time of the place that is left.", "Varje körning börjar med platsens tid för iordningställande."},
	{LegDrive, "No drive is shorter than the travel time of the map.", "Ingen körning är kortare än kartans restid."},
	{LegHandling, "After a drive comes the time to park, walk in and unlock; within one place the time between two visits.", "Efter körningen kommer tiden för att parkera, gå in och låsa upp; på samma plats tiden mellan två besök."},
	{LegMetres, "No drive is shorter in metres than the map says.", "Ingen körning är kortare i meter än kartan säger."},
	{Arithmetic, "The times of a stop add up: departure, handling, drive, arrival, waiting, start.", "Stoppets tider går ihop: avfärd, hantering, körning, ankomst, väntan, start."},
	{TooEarly, "Nothing starts before the carer is free or can be there.", "Ingenting börjar innan medarbetaren är ledig eller kan vara där."},
	{Window, "A visit starts within one of its windows.", "Besöket börjar inom ett av sina tidsfönster."},
	{Duration, "A visit lasts as long as it is planned to, to the second.", "Besöket varar precis så länge som det är tänkt."},
	{ShiftHours, "A route lies within the hours of its shift.", "Slingan ligger inom passets tider."},
	{BreakTaken, "Every break of a used shift is taken.", "Varje rast i ett använt pass tas."},
	{BreakWindow, "A break begins within its window.", "Rasten börjar inom sitt tidsfönster."},
	{BreakLength, "A break is long enough.", "Rasten är tillräckligt lång."},
	{BreakApart, "A break interrupts neither a leg nor a visit nor another break.", "Rasten bryter inte av en förflyttning, ett besök eller en annan rast."},
	{WorkInRow, "Nobody works longer in a row than the rules allow.", "Ingen arbetar längre i sträck än reglerna tillåter."},
	{ServedOnce, "Every visit is served once by as many carers as it asks for, or listed once as unserved.", "Varje besök utförs en gång av så många som det kräver, eller står en gång bland de ej planerade."},
	{Double, "Double staffing is two different carers who start in the same second.", "Dubbelbemanning är två olika medarbetare som börjar i samma sekund."},
	{Member, "Client and carer belong to municipalities that plan together.", "Brukare och medarbetare hör till kommuner som planerar tillsammans."},
	{Blocked, "A client is not visited by a carer who must not come.", "Brukaren besöks inte av en medarbetare som inte får komma."},
	{Agreement, "A carer works in another municipality only under an agreement.", "Medarbetaren arbetar i en annan kommun bara enligt avtal."},
	{Profession, "A visit is done by a profession that it asks for, or under a delegation that holds at its start.", "Besöket görs av en yrkesgrupp som det kräver, eller på en delegering som gäller när det börjar."},
	{Skill, "The carer has every skill that the visit asks for.", "Medarbetaren har all kompetens som besöket kräver."},
	{LinkGap, "Linked visits keep their gap.", "Sammanlänkade besök håller sitt avstånd i tid."},
	{LinkCarer, "Linked visits have the same or different carers, as the link says.", "Sammanlänkade besök har samma eller olika medarbetare, som länken säger."},
	{LinkTogether, "Of visits that belong together none is served without the other.", "Av besök som hör ihop utförs inget utan det andra."},
	{PinShift, "A visit that is pinned to a shift is done by it.", "Ett besök som är låst till ett pass görs av det."},
	{PinStart, "A visit that is pinned to a time starts then.", "Ett besök som är låst till en tid börjar då."},
	{TwoPlaces, "Nobody is on two routes at once.", "Ingen är på två slingor samtidigt."},
	{DailyRest, "Between two working days of a carer lies the daily rest; a split working day leaves it free within 24 hours.", "Mellan två arbetsdagar för samma medarbetare ligger dygnsvilan; en delad arbetsdag lämnar den fri inom 24 timmar."},
	{LongestShift, "No used shift is longer than the rules allow.", "Inget använt pass är längre än reglerna tillåter."},
	{Vehicle, "A vehicle is used by one shift at a time.", "Ett fordon används av ett pass i taget."},
	{Reason, "The reason why a visit is unserved is true.", "Skälet till att ett besök inte utförs stämmer."},
	{Figures, "The figures of the roster equal what its routes add up to.", "Dagsplanens siffror stämmer med slingornas summor."},
}
