package table

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/slinga-se/slinga/planner/care"
)

// Moments that stand for an empty "valid from" and "valid to".
const (
	always = care.Time(math.MinInt32)
	never  = care.Time(math.MaxInt32)
)

// onlyMunicipality is the id that everything belongs to when no file names a
// municipality.
const onlyMunicipality = "area"

// readDayTable reads day.csv: without a date nothing else has a meaning.
func (r *reader) readDayTable() bool {
	d := &r.day
	d.Version, d.Rules = care.FormatVersion, care.DefaultRules()
	d.Name, d.TimeZone = r.options.Name, cmp.Or(r.options.TimeZone, DefaultTimeZone)
	if r.rules != nil {
		d.Rules = *r.rules
	}
	d.Published = r.rosterOf
	var zoneLine, dateLine *line
	seen := map[string]bool{}
	condition := care.Condition{}
	for _, l := range r.lines("day") {
		key := l.text("key")
		c := findColumn(dayKeys, key)
		if c == nil {
			switch near := nearestColumn(dayKeys, key); {
			case key == "":
				l.fail("key", "is empty", "write a key such as date")
			case isPersonalHeader(key):
				l.fail("key", "says who a person is, which this file must not", "put it in names.csv and keep ids here")
			case near != "":
				l.fail("key", "is not a known key", "did you mean "+near+"?")
			default:
				r.warn(Error{File: l.t.file, Row: l.row.number, Message: "is not a known key; the row was not read", Hint: "see docs/input.md for the keys"})
			}
			continue
		}
		if seen[c.name] {
			l.fail("key", c.name+" stands twice", "keep one of the two")
			continue
		}
		seen[c.name] = true
		value := l.text("value")
		switch c.name {
		case "date":
			dateLine = l
		case "timezone":
			if value != "" {
				d.TimeZone, zoneLine = value, l
			}
		case "area":
			d.Name = value
		case "note":
			d.Note = value
		case "season":
			switch fold(value) {
			case "winter", "vinter":
				condition.Season = care.Winter
			case "summer", "sommar":
				condition.Season = care.Summer
			case "":
			default:
				l.fail("value", "is not a season", "write summer (sommar) or winter (vinter)")
			}
		case "speed_percent":
			condition.SpeedPercent = l.whole("value", 0)
		case "ice_roads":
			condition.IceRoads = l.yes("value")
		case "members":
			d.Members = l.ids("value")
		}
	}
	if condition != (care.Condition{}) {
		condition.Season = cmp.Or(condition.Season, care.Summer)
		d.Condition = &condition
	}
	return r.setOrigin(dateLine, zoneLine)
}

// setOrigin finds the planned date and its first moment.
func (r *reader) setOrigin(dateLine, zoneLine *line) bool {
	d := &r.day
	zone, err := time.LoadLocation(d.TimeZone)
	if err != nil || d.TimeZone == "Local" {
		const message, hint = "is not a known time zone", "write an IANA name, such as Europe/Stockholm"
		if zoneLine != nil {
			zoneLine.fail("value", message, hint)
		} else {
			r.fail(Error{File: "options", Field: "timezone", Message: "the time zone " + message, Hint: hint})
		}
		return false
	}
	var date time.Time
	switch {
	case r.options.Date != "":
		var message, hint string
		if date, message, hint = parseDate(r.options.Date, false); message != "" {
			r.fail(Error{File: "options", Field: "date", Message: "the date " + message, Hint: hint})
			return false
		}
	case dateLine != nil && dateLine.text("value") != "":
		var ok bool
		if date, ok = dateLine.date("value"); !ok {
			return false
		}
	default:
		if r.tables["day"] == nil && r.tried(kindByName("day")) {
			return false // said already
		}
		file := "day.csv"
		if t := r.tables["day"]; t != nil {
			file = t.file
		}
		r.fail(Error{File: file, Message: "there is no date to plan", Hint: "add a row date;YYYY-MM-DD, or give the date when reading"})
		return false
	}
	r.date, r.zone = date, zone
	r.origin = care.Midnight(date, zone)
	d.Origin = r.origin
	return true
}

// lines returns a table's rows, after noting required cells that are empty.
// What else is wrong in such a row is still looked for.
func (r *reader) lines(name string) []*line {
	t := r.tables[name]
	if t == nil {
		return nil
	}
	out := make([]*line, 0, len(t.rows))
	for _, row := range t.rows {
		l := &line{r, t, row}
		if len(row.cells) > len(t.headers) && !blank(row.cells[len(t.headers):]) {
			hint := "remove the extra separator, or put a cell that holds one in quotation marks"
			if !t.excel {
				hint += "; with decimal commas, separate cells by semicolons"
			}
			l.r.fail(Error{File: t.file, Row: row.number, Message: fmt.Sprintf("has %d cells, the headers are %d", len(row.cells), len(t.headers)), Hint: hint})
			r.broken = true
			continue // the cells have moved: nothing in the row can be trusted
		}
		if len(row.cells) == 1 && len(t.headers) > 1 && strings.ContainsAny(row.cells[0], ",;\t") {
			l.r.fail(Error{File: t.file, Row: row.number, Message: "separates its cells otherwise than the headers do", Hint: "use the same separator in the whole file"})
			r.broken = true
			continue
		}
		l.spreadsheetErrors()
		for _, c := range t.kind.columns {
			if c.required && name != "day" && l.text(c.name) == "" {
				l.fail(c.name, "is empty", "fill it in ("+c.form+")")
			}
		}
		out = append(out, l)
	}
	return out
}

// What a spreadsheet writes where a formula has no result, in English and
// Swedish, and how it shows a long number that it took an id for.
var (
	formulaError = regexp.MustCompile(`^#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|SAKNAS!|REFEREN[S]!|VÄRDEFEL!|NAMN\?|DIVISION/0!|SKÄRNING!|OGILTIGT!)$`)
	scientific   = regexp.MustCompile(`^\d([.,]\d+)?E\+\d{1,3}$`)
)

// spreadsheetErrors finds cells of known columns that a spreadsheet has spoilt.
func (l *line) spreadsheetErrors() {
	for _, c := range l.t.kind.columns {
		v := l.text(c.name)
		switch {
		case v == "":
		case v[0] == '#' && formulaError.MatchString(v):
			l.fail(c.name, "holds the error of a formula ("+v+")", "correct the formula, or write the value")
			l.r.spoilt[cell{l.t.file, l.row.number, c.name}] = true
		case (c.form == "id" || c.form == "ids") && scientific.MatchString(v):
			l.fail(c.name, "holds an id that the spreadsheet has turned into a number ("+v+")", "format the column as text and fill it in again")
			l.r.spoilt[cell{l.t.file, l.row.number, c.name}] = true
		}
	}
}

// keep remembers where the next item of a kind came from.
func (r *reader) keep(name string, l *line) {
	r.from[name] = append(r.from[name], origin{l.t, l.row})
}

// build turns tables into the day.
func (r *reader) build() {
	r.buildPlaces()
	r.buildPeople()
	r.buildShifts()
	r.buildVisits()
	r.buildTies()
	r.buildPast()
	r.fillMunicipalities()
}

func (r *reader) buildPlaces() {
	d := &r.day
	for _, l := range r.lines("municipalities") {
		id := l.id("id")
		d.Municipalities = append(d.Municipalities, care.Municipality{ID: id, Name: cmp.Or(l.text("name"), id)})
		r.keep("municipalities", l)
	}
	for _, l := range r.lines("places") {
		p := care.Place{ID: l.id("id"), Municipality: l.id("municipality")}
		p.Lat, p.Lon = l.position()
		if s, there := l.minutesOr("leave", 0); there {
			p.Leave = &s
		}
		if s, there := l.minutesOr("arrive", 0); there {
			p.Arrive = &s
		}
		d.Places = append(d.Places, p)
		r.keep("places", l)
	}
	for _, l := range r.lines("bases") {
		b := care.Base{ID: l.id("id"), Place: l.id("place"), Municipality: l.id("municipality")}
		b.Place = cmp.Or(b.Place, b.ID)
		d.Bases = append(d.Bases, b)
		r.keep("bases", l)
	}
	for _, l := range r.lines("vehicles") {
		d.Vehicles = append(d.Vehicles, care.Vehicle{ID: l.id("id"), Base: l.id("base"), Mode: l.mode("mode")})
		r.keep("vehicles", l)
	}
}

func (r *reader) buildPeople() {
	d := &r.day
	for _, l := range r.lines("clients") {
		d.Clients = append(d.Clients, care.Client{
			ID: l.id("id"), Place: l.id("place"), Municipality: l.id("municipality"),
			FixedContact: l.id("fixed_contact"), Blocked: l.ids("blocked"), Languages: l.words("languages"),
		})
		r.keep("clients", l)
	}
	index := map[string]int{}
	for _, l := range r.lines("carers") {
		c := care.Carer{
			ID: l.id("id"), Profession: l.profession("profession", l.text("profession")), Municipality: l.id("municipality"),
			Unit: l.id("unit"), Skills: l.words("skills"), Languages: l.words("languages"),
		}
		if _, double := index[c.ID]; !double {
			index[c.ID] = len(d.Carers)
		}
		d.Carers = append(d.Carers, c)
		r.keep("carers", l)
	}
	r.deleg = make([][]origin, len(d.Carers))
	for _, l := range r.lines("delegations") {
		g := care.Delegation{Task: l.word("task"), Unit: l.id("unit"), Clients: l.ids("clients"), From: always, To: never}
		if t, _, ok := l.moment("from"); ok {
			g.From = t
		}
		if t, dateOnly, ok := l.moment("to"); ok {
			g.To = t
			if dateOnly { // to the last second of that date
				at := r.origin.Add(time.Duration(t) * time.Second).In(r.zone)
				g.To = care.Time(care.Midnight(at.AddDate(0, 0, 1), r.zone).Unix() - r.origin.Unix() - 1)
			}
		}
		carer := l.id("carer")
		i, ok := index[carer]
		if !ok {
			if carer != "" && r.tables["carers"] != nil {
				l.fail("carer", "there is no such carer"+shown(carer), "correct the id, or add the carer to carers")
			}
			continue
		}
		g.Unit = cmp.Or(g.Unit, d.Carers[i].Unit)
		d.Carers[i].Delegations = append(d.Carers[i].Delegations, g)
		r.deleg[i] = append(r.deleg[i], origin{l.t, l.row})
	}
}

func (r *reader) buildTies() {
	d := &r.day
	for _, l := range r.lines("links") {
		k := care.Link{
			First: l.id("first"), Second: l.id("second"), Min: l.minutes("min"), Max: l.minutes("max"), Together: l.yes("together"),
		}
		switch fold(l.text("carer")) {
		case "", "any", "valfri", "vemsomhelst":
		case "same", "samma", "ja", "yes":
			k.Carer = care.SameCarer
		case "different", "olika", "annan", "other":
			k.Carer = care.DifferentCarer
		default:
			l.fail("carer", "does not say whether the carer is the same", "write same (samma), different (olika), or leave it empty")
		}
		d.Links = append(d.Links, k)
		r.keep("links", l)
	}
	for _, l := range r.lines("pins") {
		p := care.Pin{Visit: l.id("visit"), Shift: l.id("shift")}
		if t, ok := l.clockAt("start"); ok {
			p.Start = &t
		}
		d.Pins = append(d.Pins, p)
		r.keep("pins", l)
	}
	for _, l := range r.lines("agreements") {
		d.Agreements = append(d.Agreements, care.Agreement{
			Home: l.id("home"), Serving: l.id("serving"), Professions: l.professions("professions"),
		})
		r.keep("agreements", l)
	}
}

func (r *reader) buildPast() {
	d := &r.day
	for _, l := range r.lines("history") {
		p := care.PastVisit{Client: l.id("client"), Carer: l.id("carer")}
		if date, ok := l.date("date"); ok {
			p.Date = date.Format(time.DateOnly)
		}
		d.History = append(d.History, p)
		r.keep("history", l)
	}
	for _, l := range r.lines("neighbours") {
		w := care.WorkedShift{Carer: l.id("carer")}
		var dateOnly bool
		for _, c := range []struct {
			name string
			into *care.Time
		}{{"start", &w.Start}, {"end", &w.End}} {
			if *c.into, dateOnly, _ = l.moment(c.name); dateOnly {
				l.fail(c.name, "has no time of day"+shown(l.text(c.name)), "write it as YYYY-MM-DD HH:MM")
			}
		}
		d.Neighbours = append(d.Neighbours, w)
		r.keep("neighbours", l)
	}
}

// fillMunicipalities gives clients, carers and bases without a municipality
// that of their place, or the only one there is, and lists those that are
// named when there is no file of them.
func (r *reader) fillMunicipalities() {
	d := &r.day
	if r.options.Locate != nil {
		r.options.Locate(d)
	}
	placeIn := map[string]string{}
	named := map[string]bool{}
	for _, p := range d.Places {
		placeIn[p.ID] = p.Municipality
		named[p.Municipality] = true
	}
	for i := range d.Clients {
		d.Clients[i].Municipality = cmp.Or(d.Clients[i].Municipality, placeIn[d.Clients[i].Place])
		named[d.Clients[i].Municipality] = true
	}
	for i := range d.Bases {
		d.Bases[i].Municipality = cmp.Or(d.Bases[i].Municipality, placeIn[d.Bases[i].Place])
		named[d.Bases[i].Municipality] = true
	}
	for _, c := range d.Carers {
		named[c.Municipality] = true
	}
	for _, m := range d.Members {
		named[m] = true
	}
	for _, a := range d.Agreements {
		named[a.Home], named[a.Serving] = true, true
	}
	delete(named, "")
	if r.tables["municipalities"] == nil {
		for _, m := range d.Municipalities { // found by position, with names
			delete(named, m.ID)
		}
		if len(named)+len(d.Municipalities) == 0 {
			named[onlyMunicipality] = true
		}
		ids := make([]string, 0, len(named))
		for id := range named {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			d.Municipalities = append(d.Municipalities, care.Municipality{ID: id, Name: id})
		}
	}
	if len(d.Municipalities) != 1 {
		r.employCarers(placeIn)
		return
	}
	only := d.Municipalities[0].ID
	for i := range d.Clients {
		d.Clients[i].Municipality = cmp.Or(d.Clients[i].Municipality, only)
	}
	for i := range d.Carers {
		d.Carers[i].Municipality = cmp.Or(d.Carers[i].Municipality, only)
	}
	for i := range d.Bases {
		d.Bases[i].Municipality = cmp.Or(d.Bases[i].Municipality, only)
	}
}

// employCarers gives carers without a municipality, where there are several,
// that of the base, or else of the place, where their first shift starts.
func (r *reader) employCarers(placeIn map[string]string) {
	d := &r.day
	baseIn := map[string]string{}
	for _, b := range d.Bases {
		baseIn[b.Place] = cmp.Or(baseIn[b.Place], b.Municipality)
	}
	starts := map[string]string{}
	for _, s := range d.Shifts {
		starts[s.Carer] = cmp.Or(starts[s.Carer], baseIn[s.From], placeIn[s.From])
	}
	for i := range d.Carers {
		d.Carers[i].Municipality = cmp.Or(d.Carers[i].Municipality, starts[d.Carers[i].ID])
	}
}
