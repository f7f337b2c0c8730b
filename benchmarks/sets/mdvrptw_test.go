package sets

import "testing"

// Vehicles 1 and 2 live at node 1, vehicle 3 at node 2. Nodes 3 and 4 lie on a
// line 10 and 20 from node 1; node 5 is sqrt(101) = 10.050 (rounded) from node 2.
const tinyDepots = `NAME: tiny
COMMENT: made up
TYPE: MDVRPTW
EDGE_WEIGHT_TYPE: EUC_2D
DIMENSION: 5
VEHICLES: 3
CAPACITY: 10
VEHICLES_MAX_DURATION: 75
NODE_COORD_SECTION
1	0.0	0.0
2	100.0	0.0
3	10.0	0.0
4	20.0	0.0
5	90.0	1.0
DEMAND_SECTION
1	0
2	0
3	4
4	5
5	7
SERVICE_TIME_SECTION
1	0
2	0
3	5
4	5
5	1
TIME_WINDOW_SECTION
1	0	125
2	0	200
3	50	60
4	100	110
5	0	200
VEHICLES_DEPOT_SECTION
1	1
2	1
3	2
DEPOT_SECTION
1
2
EOF
`

// The route of vehicle 1 leaves at 50 at the latest (node 3 is due at 60),
// waits for node 4 from 75 to 100, and is back at 125: it is out for 75.
func TestMultiDepot(t *testing.T) {
	in := readTiny(t, "mdvrptw-vidal", MilliDistance, tinyDepots)
	plan := "Route #1: 2 3\nRoute #2:\nRoute #3: 4\n"
	wantValue(t, in, plan, 2, 40+20.1)
	wantReturn(t, in, "Route #1: 2 3\nRoute #2:\nRoute #3: 4", plan+"Cost 60100\n")
	wantBreaches(t, "mdvrptw-vidal", MilliDistance, tinyDepots, []breach{
		{plan: "Route #1: 2 3", want: "customer 5 is not visited"},
		{plan: plan + "Route #2: 4", want: "customer 5 is visited twice"},
		{plan: plan + "Route #4: 4", want: "there is no vehicle 4"},
		{plan: "Route #1: 2\nRoute #1: 3\nRoute #3: 4", want: "vehicle 1 has two routes"},
		{plan: "Route #1: 2 3\nRoute #3: 4 0", want: "vehicle 3: there is no customer 1"},
		{plan: "Route #1: 2 3\nRoute #3: 4 5", want: "vehicle 3: there is no customer 6"},
		{plan: "Route #1: 3 2\nRoute #3: 4", want: "customer 3 is begun at 115.000, due at 60"},
		{edits: []string{"1	0	125", "1	0	124"}, plan: plan, want: "is back at 125.000, the depot closes at 124"},
		{edits: []string{"1	0	125", "1	60	125"}, plan: plan, want: "customer 3 is begun at 70.000"},
		{edits: []string{"DURATION: 75", "DURATION: 74.999"}, plan: plan, want: "vehicle 1: is out for 75.000, the most is 74.999"},
		{edits: []string{"CAPACITY: 10", "CAPACITY: 8"}, plan: plan, want: "vehicle 1: load 9 over the capacity of 8"},
	})
	wantFaults(t, "mdvrptw-vidal", MilliDistance, tinyDepots, [][2]string{
		{"EUC_2D", "GEO"},
		{"CAPACITY:", "CAPACITIES:"},
		{"DEMAND_SECTION", "WISHES_SECTION"},
		{"3	4\n", ""},
		{"3	50	60", "3	60	50"},
		{"3	50	60", "3	50.0001	60"},
		{"3	2\nDEPOT", "3	3\nDEPOT"},
		{"VEHICLES: 3", "VEHICLES: 4"},
		{"DIMENSION: 5", "DIMENSION: 2"},
		{"DEPOT_SECTION\n1\n2\n", "DEPOT_SECTION\n2\n1\n"},
		{"NODE_COORD_SECTION\n", ""},
	})
	wantSolved(t, readTiny(t, "mdvrptw-vidal", MilliDistance, tinyDepots, "VEHICLES_MAX_DURATION: 75\n", ""), 60.1, 0)
	wantSolved(t, in, 60.1, 0)
}
