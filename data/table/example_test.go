package table_test

import (
	"errors"
	"fmt"
	"strings"
	"testing/fstest"

	"github.com/slinga-se/slinga/data/table"
)

// A folder as a Swedish spreadsheet exports it, with one window backwards.
func ExampleReadFS() {
	folder := fstest.MapFS{
		"dag.csv":         {Data: []byte("nyckel;värde\ndatum;2026-11-24\n")},
		"platser.csv":     {Data: []byte("plats;nord;öst\nlokal;7319250;869000\nhem1;7320000;870000\n")},
		"brukare.csv":     {Data: []byte("brukare;plats\nk1;hem1\n")},
		"medarbetare.csv": {Data: []byte("medarbetare;yrke\nm1;undersköterska\n")},
		"pass.csv":        {Data: []byte("pass;medarbetare;start;slut;från\ns1;m1;07:00;15:30;lokal\n")},
		"besök.csv":       {Data: []byte("besök;brukare;insats;längd;tidsfönster\nv1;k1;dusch;45;17:00-16:00\n")},
	}
	_, _, err := table.ReadFS(folder, table.Options{})
	var wrong table.Errors
	if errors.As(err, &wrong) {
		for _, e := range wrong {
			fmt.Println(e)
		}
	}

	folder["besök.csv"].Data = []byte("besök;brukare;insats;längd;tidsfönster\nv1;k1;dusch;45;16:00-17:00\n")
	day, _, err := table.ReadFS(folder, table.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	v := day.Visits[0]
	fmt.Println(v.Task, day.Clock(v.Windows[0].From), day.Clock(v.Windows[0].To))
	// Output:
	// besök.csv, row 2, column tidsfönster: ends before it starts (17:00-16:00): swap them
	// dusch 16:00 17:00
}

// SWEREF 99 TM is how Swedish authorities write positions.
func ExampleFromSWEREF99TM() {
	lat, lon := table.FromSWEREF99TM(7319250, 869000)
	fmt.Printf("%.5f %.5f\n", lat, lon)
	// Output: 65.78075 23.07881
}

// Points for a matrix, as a spreadsheet in Sweden saves them.
func ExampleReadPoints() {
	points, _, err := table.ReadPoints(strings.NewReader("plats;lat;lon\nlokal;65,84;23,13\nhem1;65,85;23,14\n"), "points.csv", table.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range points {
		fmt.Println(p.ID, p.Lat, p.Lon)
	}
	_, _, err = table.ReadPoints(strings.NewReader("id;lat;lon\nhem1;7377664;851003\n"), "points.csv", table.Limits{})
	fmt.Println(err)
	// Output:
	// lokal 65.84 23.13
	// hem1 65.85 23.14
	// points.csv, row 2, column lat: is no latitude: write degrees between -90 and 90, as 65.834; metres of SWEREF 99 TM stand under n_sweref99tm and e_sweref99tm
	// points.csv, row 2, column lon: is no longitude: write degrees between -180 and 180, as 24.117; metres of SWEREF 99 TM stand under n_sweref99tm and e_sweref99tm
}
