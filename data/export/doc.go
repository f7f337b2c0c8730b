// Package export writes a planned day for people and for other programs. It
// takes a care.Day and its care.Roster and knows nothing of how the roster
// came about.
//
// HTML writes the report: one file with a map, a timeline, the visits that
// were not planned and why, the figures, and a printable A4 sheet for every
// carer. It opens from a disk with no server and no network. WhiteboardHTML
// and WhiteboardCSV write the sheet for the wall of each team's room. The
// others write the roster as data: RosterCSV and XLSX for spreadsheets,
// GeoJSON and GPX for maps and navigators, ICS for calendars.
//
// Rules that hold for all of them:
//
//   - Ids only. Names, addresses, door codes and key numbers enter through
//     Names and leave in the day sheets of the HTML report, nowhere else.
//     Calendars do not even tell what a visit is for.
//   - Swedish or English, from one table of texts a language. A report holds
//     both and switches in the page.
//   - The same input gives the same bytes.
//   - Time is shown as the clock on the wall shows it, in the day's zone.
//   - Minutes on paper are rounded up, never down.
//
// The ten-line use:
//
//	in := export.Report{Day: &day, Roster: &roster, Lang: export.Swedish}
//	in.Map = &export.Map{Roads: roads, Borders: borders, Legs: legs} // optional
//	file, err := os.Create("dagsplan.html")
//	if err != nil {
//		return err
//	}
//	if err := export.HTML(file, in); err != nil {
//		return err
//	}
//	return file.Close()
//
// What the report shows and how each figure is defined stands in
// docs/report.md. The map's script, Leaflet, lies unchanged in
// assets/leaflet-1.9.4 with its licence and its checksums.
//
// Reading order: report.go (what goes in, and the cross references), text.go
// and clock.go (words and times), html.go with figures.go, gantt.go, sheet.go,
// mapdata.go and polyline.go (the report, part by part, beside the files in
// assets), whiteboard.go, and then csv.go, xlsx.go, geojson.go, gpx.go and
// ics.go, which stand alone. drive.go writes a way by road without a day.
package export
