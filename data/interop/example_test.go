package interop_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/slinga-se/slinga/data/interop"
)

// A VROOM problem with its own matrix needs no map.
func ExampleReadVROOM() {
	in, err := interop.ReadVROOM(strings.NewReader(`{
		"vehicles": [{"id": 1, "start_index": 0, "end_index": 0, "start": [23.13, 65.84], "time_window": [25200, 55800]}],
		"jobs": [{"id": 7, "location_index": 1, "location": [23.2, 65.9], "service": 900, "time_windows": [[28800, 32400]], "zone": "north"}],
		"matrices": {"car": {"durations": [[0, 600], [620, 0]], "distances": [[0, 9000], [9000, 0]]}}
	}`), interop.VROOMOptions{Date: "2026-11-24"})
	if err != nil {
		fmt.Println(err)
		return
	}
	v := in.Day.Visits[0]
	fmt.Println("visit", v.ID, v.Duration, "s, from", in.Day.Clock(v.Windows[0].From))
	fmt.Println("there", in.Travel.Matrices["car"].Seconds[1], "s, back", in.Travel.Matrices["car"].Seconds[2], "s")
	for _, l := range in.Losses {
		fmt.Println(l)
	}

	_, err = interop.ReadVROOM(strings.NewReader(`{
		"vehicles": [{"id": 1, "start": [23.13, 65.84], "end": [23.13, 65.84], "max_tasks": 4}],
		"shipments": [{"pickup": {"id": 1}, "delivery": {"id": 2}}]
	}`), interop.VROOMOptions{})
	fmt.Println(errors.Is(err, interop.ErrUnsupported))
	fmt.Println(err)
	// Output:
	// visit 7 900 s, from 08:00
	// there 600 s, back 620 s
	// jobs[0].zone: is not known here and was not read
	// true
	// shipments: shipments (a pickup with its delivery) cannot be carried: only jobs can
	// vehicles[0].max_tasks: a limit on the route cannot be carried: remove it, or shorten the time window
}

// A matrix as a file for another service, and back.
func ExampleWriteMatrix() {
	m := &interop.Matrix{
		From: []string{"base"}, To: []string{"home", "island"},
		Seconds: []int32{420, interop.NoWay}, Metres: []int32{5100, interop.NoWay},
	}
	var file bytes.Buffer
	if err := interop.WriteMatrix(&file, m); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(file.Len(), "bytes")
	back, err := interop.ReadMatrix(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	for j, id := range back.To {
		fmt.Println(back.From[0], id, back.Seconds[j] != interop.NoWay)
	}
	// Output:
	// 86 bytes
	// base home true
	// base island false
}
