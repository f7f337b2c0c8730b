// Package sample holds the bundled areas, embedded in the binary, and draws
// days of home care in them. It is what the demo plans and what tests of the
// whole chain use.
//
// Two areas, Östra Norrbotten and Ådalen, stand on modelled road networks:
// drawn by a program from real settlements, real municipal borders and a
// table of main roads, and written as OSM files that go through the same
// importer as any other. They are no maps of real roads, and every place
// that shows them says so (Area.Note, Area.Modelled). Two others, Isle of Man
// and Andorra, stand on real OpenStreetMap extracts with made-up clients.
//
// A generated day has as many clients as the municipalities' published number
// of residents of 80 and above with home care, and the visits, carers and
// shifts that go with them. Nobody in it is real. The same area, seed and
// options give the same bytes.
//
//	area, _ := sample.ByName("Östra Norrbotten")
//	roads, err := area.Map() // an OSM file for geo.Build
//	if err != nil {
//		return err
//	}
//	day, err := sample.Generate(area, 1, sample.Options{})
//	if err != nil {
//		return err
//	}
//	fmt.Println(len(day.Clients), "clients,", len(day.Visits), "visits on", len(roads), "bytes of map")
//
// How the areas are modelled, what is real in them and what is not:
// docs/sample-areas.md.
//
// Reading order: sample.go (areas and their files), homes.go, day.go (how a
// day is put together), needs.go (the mix of visits), staff.go, ties.go; then
// internal/model for the roads, from model.go on.
package sample
