package export_test

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/data/export"
	"github.com/slinga-se/slinga/planner/care"
)

// planned is a day of one visit, as planner.Plan would give it back.
func planned() (*care.Day, *care.Roster) {
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err)
	}
	day := &care.Day{
		Version: care.FormatVersion, Name: "Kalix",
		Origin: time.Date(2026, 1, 14, 0, 0, 0, 0, zone), TimeZone: "Europe/Stockholm",
		Bases:   []care.Base{{ID: "base", Place: "base", Municipality: "2514"}},
		Places:  []care.Place{{ID: "base", Lat: 65.85, Lon: 23.15}, {ID: "home", Lat: 65.90, Lon: 23.20}},
		Clients: []care.Client{{ID: "K1", Place: "home", Municipality: "2514"}},
		Carers:  []care.Carer{{ID: "M1", Profession: care.AssistantNurse, Municipality: "2514"}},
		Shifts:  []care.Shift{{ID: "P1", Carer: "M1", Start: 7 * 3600, End: 15 * 3600, From: "base", To: "base", Mode: care.Car}},
		Visits:  []care.Visit{{ID: "V1", Client: "K1", Task: "breakfast", Duration: 1200, Carers: 1, Priority: care.Necessary}},
		Rules:   care.DefaultRules(),
	}
	roster := &care.Roster{
		Version: care.FormatVersion,
		Routes: []care.Route{{Shift: "P1", Carer: "M1", Stops: []care.Stop{
			{Kind: care.StopStart, Place: "base", Depart: 25200, Arrive: 25200, Start: 25200, End: 25200},
			{Kind: care.StopVisit, Visit: "V1", Place: "home", Depart: 25200, Leave: 60, Drive: 600, Metres: 9000, Handling: 120, Arrive: 25980, Start: 25980, End: 27180},
			{Kind: care.StopEnd, Place: "base", Depart: 27180, Leave: 60, Drive: 600, Metres: 9000, Handling: 120, Arrive: 27960, Start: 27960, End: 27960},
		}}},
	}
	roster.Figures = care.Summarise(day, roster)
	return day, roster
}

func ExampleHTML() {
	day, roster := planned()
	in := export.Report{Day: day, Roster: roster, Lang: export.English}
	in.Names = &export.Names{Clients: map[string]export.ClientName{
		"K1": {Name: "Test Testsson", KeyNumber: "12"}, // joined in the day sheets only
	}}
	var page bytes.Buffer
	if err := export.HTML(&page, in); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Contains(page.String(), "<h1>"), strings.Count(page.String(), `<article class="sheet"`))
	// Output: true 1
}

func ExampleRosterCSV() {
	day, roster := planned()
	in := export.Report{Day: day, Roster: roster, Lang: export.English}
	var rows bytes.Buffer
	if err := export.RosterCSV(&rows, in); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(strings.ReplaceAll(rows.String(), "\r\n", "\n"))
	// Output:
	// date,shift,carer,order,kind,visit,client,place,municipality,depart,leave (s),drive (s),metres,handling (s),arrive,wait (s),start,end,utc,reason
	// 2026-01-14,P1,M1,,start,,,base,,07:00:00,0,0,0,0,07:00:00,0,07:00:00,07:00:00,+01:00,
	// 2026-01-14,P1,M1,1,visit,V1,K1,home,2514,07:00:00,60,600,9000,120,07:13:00,0,07:13:00,07:33:00,+01:00,
	// 2026-01-14,P1,M1,,end,,,base,,07:33:00,60,600,9000,120,07:46:00,0,07:46:00,07:46:00,+01:00,
}

func ExampleWhiteboardCSV() {
	day, roster := planned()
	var rows bytes.Buffer
	if err := export.WhiteboardCSV(&rows, export.Report{Day: day, Roster: roster, Lang: export.English}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(strings.ReplaceAll(rows.String(), "\r\n", "\n"))
	// Output:
	// date,team,carer,shift,block,time,kind,visit,client
	// 2026-01-14,base,M1,P1,Morning,07:13,visit,V1,K1
}

func ExampleWhiteboardHTML() {
	day, roster := planned()
	var page bytes.Buffer
	if err := export.WhiteboardHTML(&page, export.Report{Day: day, Roster: roster}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Contains(page.String(), "<span>07:13</span> V1"))
	// Output: true
}

func ExampleICS() {
	day, roster := planned()
	var calendar bytes.Buffer
	if err := export.ICS(&calendar, export.Report{Day: day, Roster: roster}, "M1"); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(calendar.String()) {
		if strings.HasPrefix(line, "SUMMARY") || strings.HasPrefix(line, "DTSTART") {
			fmt.Println(strings.TrimSpace(line))
		}
	}
	// Output:
	// DTSTART:20260114T061300Z
	// SUMMARY:Besök 1
}

func ExampleGPX() {
	day, roster := planned()
	var tracks bytes.Buffer
	if err := export.GPX(&tracks, export.Report{Day: day, Roster: roster}, "M1"); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Count(tracks.String(), "<rtept"), "stops")
	// Output: 3 stops
}

func ExampleGeoJSON() {
	day, roster := planned()
	var features bytes.Buffer
	if err := export.GeoJSON(&features, export.Report{Day: day, Roster: roster}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Count(features.String(), `"LineString"`), "legs")
	// Output: 2 legs
}

func ExampleXLSX() {
	day, roster := planned()
	var book bytes.Buffer
	if err := export.XLSX(&book, export.Report{Day: day, Roster: roster}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%q\n", book.Bytes()[:2]) // a zip file
	// Output: "PK"
}

func ExampleLeg_LineString() {
	leg := export.Leg{Line: orb.LineString{{23.15, 65.85}, {23.20, 65.90}}, Seconds: []int32{0, 600}}
	line := leg.LineString(time.Unix(1000, 0))
	fmt.Println(line.Layout(), line.FlatCoords())
	// Output: XYM [23.15 65.85 1000 23.2 65.9 1600]
}
