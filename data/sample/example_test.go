package sample_test

import (
	"fmt"

	"github.com/slinga-se/slinga/data/sample"
)

func ExampleAreas() {
	for _, a := range sample.Areas() {
		fmt.Printf("%s: %d clients; %s\n", a.Title, a.Clients(), a.Note)
	}
	// Output:
	// Östra Norrbotten: 634 clients; modellerat vägnät: verkliga orter och gränser, vägarna ritade av ett program / modelled road network: real settlements and borders, roads drawn by a program
	// Ådalen: 582 clients; modellerat vägnät: verkliga orter och gränser, vägarna ritade av ett program / modelled road network: real settlements and borders, roads drawn by a program
	// Isle of Man: 140 clients; real roads © OpenStreetMap contributors (13 March 2020); clients and carers made up
	// Andorra: 140 clients; real roads © OpenStreetMap contributors (28 October 2021); clients and carers made up
}

func ExampleGenerate() {
	area, ok := sample.ByName("isle-of-man")
	if !ok {
		return
	}
	// A tenth of the clients, for a quick look.
	day, err := sample.Generate(area, 1, sample.Options{Scale: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(day.Clients), "clients on", day.Origin.Format("Monday 2 January 2006"))
	fmt.Println("valid:", day.Validate() == nil)
	// Output:
	// 14 clients on Tuesday 24 November 2026
	// valid: true
}
