package care_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/slinga-se/slinga/planner/care"
)

func ExampleDay_Validate() {
	day := smallDay()
	day.Visits[1].Windows[0] = care.Window{From: 17 * hour, To: 16 * hour}
	day.Places[1].Lat, day.Places[1].Lon = day.Places[1].Lon, day.Places[1].Lat
	fmt.Println(day.Validate())
	// Output:
	// places[1].lat: latitude and longitude look swapped; exchange the two
	// visits[1].windows[0]: ends before it starts; exchange the two times, or let it end on the next date
	// visits[1].windows[1]: begins before the window ahead of it; list windows in order
}

func ExampleReadDay() {
	_, err := care.ReadDay(strings.NewReader(`{"version": 1, "visits": [{"id": "b1", "durration": 600}]}`))
	fmt.Println(err)
	// Output:
	// care: not in the expected JSON form: day: visits[0].durration: there is no such field; did you mean "duration"?
}

func ExampleParseClock() {
	zone, _ := time.LoadLocation("Europe/Stockholm")
	date := time.Date(2026, 10, 25, 0, 0, 0, 0, zone) // clocks are put back
	_, err := care.ParseClock(date, "02:30", zone)
	fmt.Println(err)
	t, _ := care.ParseClock(date, "02:30B", zone)
	fmt.Println(t)
	// Output:
	// care: ambiguous local time: 02:30 comes twice on 2026-10-25: write 02:30A or 02:30+02:00 for the first, 02:30B or 02:30+01:00 for the second
	// 12600
}

func ExampleIndex() {
	day := smallDay()
	index := care.NewIndex(day)
	for i, shift := range day.Shifts {
		for _, b := range index.BreaksOf(i) {
			fmt.Println(shift.ID, "break from", day.Clock(b.Window.From), "to", day.Clock(b.Window.To))
		}
	}
	_, why := index.Eligible(index.Visit["b1"], index.Carer["m2"], 8*hour)
	fmt.Println(why)
	// Output:
	// d1 break from 09:30 to 12:00
	// d2 break from 16:30 to 20:00
	// blocked
}
