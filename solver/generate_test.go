package solver

import (
	"math"
	"math/rand/v2"
	"slices"
)

// homeCare draws a day of home care in sparse country: clients in villages of
// very different size, visited once to three times at the hours when care is
// asked for, one visit in ten by two carers, two skills, shifts of a day and
// an evening kind with one break each, times in seconds.
func homeCare(tasks, shifts int, seed uint64) *Problem {
	random := rand.New(rand.NewPCG(seed, 7))
	type point struct{ x, y float64 } // km
	var villages []point
	var weights []float64
	sum := 0.0
	for i := range 24 {
		villages = append(villages, point{random.Float64() * 60, random.Float64() * 45})
		sum += 1 / float64(i+1)
		weights = append(weights, sum)
	}
	draw := func() point {
		if random.Float64() < 0.1 {
			return point{random.Float64() * 60, random.Float64() * 45}
		}
		at := random.Float64() * sum
		i := 0
		for weights[i] < at {
			i++
		}
		return point{villages[i].x + random.NormFloat64()*0.7, villages[i].y + random.NormFloat64()*0.7}
	}
	bases := 4
	clients := max(1, tasks*2/5)
	points := make([]point, 0, bases+clients)
	points = append(points, villages[:bases]...)
	for range clients {
		points = append(points, draw())
	}
	n := len(points)
	period := Period{N: n, Time: make([]int32, n*n), Distance: make([]int32, n*n)}
	for i, a := range points {
		for j, b := range points {
			km := math.Hypot(a.x-b.x, a.y-b.y) * 1.35
			speed := 40 + min(km, 30)
			period.Time[i*n+j] = int32(km/speed*3600) + 330
			period.Distance[i*n+j] = int32(km * 1000)
			if i == j {
				period.Time[i*n+j] = 60
			}
		}
	}
	p := &Problem{Profiles: []Profile{{Periods: []Period{period}}}, Terms: DefaultTerms()}
	hour := int64(3600)
	for r := range shifts {
		base := int32(r % bases)
		start, length := 7*hour, 9*hour
		if r%5 >= 3 {
			start, length = 14*hour, 8*hour
		}
		skills := NewBits(0)
		if r%4 == 0 {
			skills = skills.With(1)
		}
		p.Shifts = append(p.Shifts, Shift{
			From: base, To: base, Start: start, End: start + length, Skills: skills, LeaveLate: true,
			Fixed: 600, TimeCost: 1, DistanceCost: 20, DistanceUnit: 1000, WaitCost: 1,
			Breaks: []Break{{Window: Window{start + 3*hour, start + 5*hour}, Length: hour / 2, Location: None}},
		})
	}
	peaks := []int64{8 * hour, 12 * hour, 17 * hour, 20 * hour, 10 * hour, 14 * hour}
	shares := []float64{0.25, 0.47, 0.67, 0.77, 0.88, 1}
	for len(p.Tasks) < tasks {
		client := int32(bases + random.IntN(clients))
		when := random.Float64()
		peak := peaks[slices.IndexFunc(shares, func(s float64) bool { return when < s })]
		from := peak - hour + int64(random.IntN(4))*hour/4
		cost := []int64{1_000_000, 200_000, 60_000, 30_000}[random.IntN(4)]
		mode := Mode{
			Location: client, Service: int64(300 + random.IntN(6)*240),
			Windows:   []Window{{from, from + 5*hour/2}},
			Preferred: Preferred{Window: Window{from + hour/2, from + 3*hour/2}, Early: 1, Late: 1},
			Skills:    NewBits(0), PickupOf: None,
		}
		if random.Float64() < 0.08 {
			mode.Skills = NewBits(1)
		}
		if random.Float64() < 0.3 {
			mode.ShiftCost = make([]int64, shifts)
			for r := range mode.ShiftCost {
				if random.Float64() < 0.7 {
					mode.ShiftCost[r] = 300
				}
			}
		}
		task := Task{Modes: []Mode{mode}, UnservedCost: cost, Pin: FreePin(), Group: None}
		p.Tasks = append(p.Tasks, task)
		if random.Float64() < 0.1 && len(p.Tasks) < tasks {
			first := int32(len(p.Tasks) - 1)
			p.Tasks = append(p.Tasks, task)
			p.Links = append(p.Links, Link{First: first, Second: first + 1, Shift: DifferentShift, AllOrNothing: true})
		}
	}
	return p
}
