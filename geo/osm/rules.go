package osm

// TagRules are the tables by which tags are understood. They hold what the
// community's wiki states as the default where a country says nothing else,
// with Swedish rules where they differ. Change a copy to suit another place.
type TagRules struct {
	// Classes has a key "highway=primary" for each way that carries anyone.
	// What is not in it is of use to nobody: highway=construction, proposed,
	// abandoned, razed, raceway, busway, bus_guideway, platform areas. The
	// keys that are looked at are route, highway, man_made and railway.
	Classes map[string]ClassRule
	// Access is what a value of access, vehicle, motor_vehicle, ... means.
	Access map[string]Access
	// Surfaces by the value of surface.
	Surfaces map[string]Surface
	// TrackTypes is the surface of tracks that state none.
	TrackTypes map[string]Surface
	// Barriers is whom a barrier on a way stops when the node has no access
	// tags of its own. One that is not in the table stops cars.
	Barriers map[string]Modes
	// Limits is the speed in km/h behind written forms such as "SE:urban".
	// 0: a form that is known and states no speed, such as "none".
	Limits map[string]int
}

// ClassRule is the class of a way and who may use it unless told otherwise.
type ClassRule struct {
	Class Class
	Modes Modes
}

// Access is what an access tag says.
type Access uint8

// The meanings of access values.
const (
	AccessUnknown Access = iota // not in the table, or says nothing
	AccessOpen
	AccessLimited // open to those who have something to do there, such as home care
	AccessClosed
)

// DefaultTags returns a fresh copy of the default tables.
func DefaultTags() *TagRules {
	return &TagRules{
		Classes: defaultClasses(), Access: defaultAccess(), Surfaces: defaultSurfaces(),
		TrackTypes: map[string]Surface{
			"grade1": Compacted, "grade2": Gravel, "grade3": Unpaved, "grade4": Unpaved, "grade5": Mud,
		},
		Barriers: defaultBarriers(), Limits: defaultLimits(),
	}
}

func defaultClasses() map[string]ClassRule {
	const wheels, soft = ModeCar | ModeBicycle, ModeBicycle | ModeFoot
	return map[string]ClassRule{
		"highway=motorway":       {Motorway, ModeCar},
		"highway=motorway_link":  {MotorwayLink, ModeCar},
		"highway=trunk":          {Trunk, AllModes}, // motorroad=yes leaves cars only
		"highway=trunk_link":     {TrunkLink, AllModes},
		"highway=primary":        {Primary, AllModes},
		"highway=primary_link":   {PrimaryLink, AllModes},
		"highway=secondary":      {Secondary, AllModes},
		"highway=secondary_link": {SecondaryLink, AllModes},
		"highway=tertiary":       {Tertiary, AllModes},
		"highway=tertiary_link":  {TertiaryLink, AllModes},
		"highway=unclassified":   {Unclassified, AllModes},
		"highway=residential":    {Residential, AllModes},
		"highway=living_street":  {LivingStreet, AllModes},
		"highway=service":        {Service, AllModes},
		"highway=road":           {Road, AllModes},
		"highway=minor":          {Road, AllModes}, // out of use, still found
		"highway=turning_loop":   {Service, AllModes},
		"highway=rest_area":      {Service, AllModes},
		"highway=services":       {Service, AllModes},
		// Home care drives to farms: a track is open to cars, slowly, unless
		// its tags say otherwise.
		"highway=track":      {Track, AllModes},
		"highway=unsurfaced": {Track, AllModes},
		"highway=byway":      {Track, AllModes},
		"highway=pedestrian": {Pedestrian, soft}, // cycling at walking pace is allowed on a gågata
		"highway=footway":    {Footway, ModeFoot},
		"highway=crossing":   {Footway, ModeFoot},
		"highway=corridor":   {Footway, ModeFoot},
		"highway=platform":   {Footway, ModeFoot},
		"highway=cycleway":   {Cycleway, soft}, // a gång- och cykelväg carries both
		"highway=bridleway":  {Bridleway, ModeFoot},
		"highway=steps":      {Steps, ModeFoot},
		"highway=path":       {Path, soft},
		"highway=trail":      {Path, soft},
		"man_made=pier":      {Footway, ModeFoot}, // ferries land on them
		"railway=platform":   {Footway, ModeFoot},
		"route=ferry":        {Ferry, wheels | ModeFoot},
	}
}

// fill gives the same meaning to several values.
func fill[V any](table map[string]V, meaning V, values ...string) {
	for _, v := range values {
		table[v] = meaning
	}
}

func defaultAccess() map[string]Access {
	table := make(map[string]Access)
	fill(table, AccessOpen,
		"yes", "true", "1", "permissive", "designated", "official", "public", "allowed",
		"discouraged", "unlimited", "optional_sidepath", "shared", "shared_lane", "lane", "track",
		"opposite",
	)
	fill(table, AccessLimited,
		"destination", "customers", "private", "delivery", "permit", "residents", "resident",
		"residential", "visitors", "visitor", "members", "employees", "staff", "restricted",
		"license", "key", "local", "use_sidepath",
	)
	fill(table, AccessClosed,
		"no", "false", "0", "agricultural", "agriculture", "forestry", "forest", "military",
		"emergency", "bus", "psv", "taxi", "hov", "hgv", "tourist_bus", "coach", "goods",
		"dismount", "prohibited", "impassable", "none", "authorized", "construction", "moped",
		"snowmobile", "atv", "ohv", "4wd_only", "service",
	)
	fill(table, AccessUnknown, "unknown", "variable", "undefined", "signed")
	return table
}

func defaultSurfaces() map[string]Surface {
	table := make(map[string]Surface)
	fill(table, Paved,
		"paved", "asphalt", "concrete", "concrete:plates", "concrete:lanes", "paving_stones",
		"paving_stones:lanes", "sett", "bricks", "brick", "metal", "metal_grid", "wood", "chipseal",
		"tartan", "rubber", "tiles", "cobblestone", "cobblestone:flattened", "unhewn_cobblestone",
		"interlock", "acrylic", "stepping_stones", "grass_paver", "bitmac", "tarmac", "oil_gravel",
		"plastic", "artificial_turf",
	)
	fill(table, Compacted, "compacted", "fine_gravel", "finegravel", "cement")
	fill(table, Gravel, "gravel", "pebblestone", "crushed_limestone", "chippings", "shells")
	fill(table, Unpaved, "unpaved", "ground", "dirt", "rock", "rocks", "rocky", "stone", "woodchips", "clay", "hard")
	fill(table, Mud, "mud", "sand", "earth", "grass", "soil", "swamp", "salt", "bog")
	fill(table, Ice, "ice", "snow")
	return table
}

func defaultBarriers() map[string]Modes {
	table := make(map[string]Modes)
	// Passed as a matter of course, or after opening them.
	fill(table, Modes(0),
		"no", "gate", "lift_gate", "swing_gate", "sliding_gate", "hampshire_gate", "bump_gate",
		"cattle_grid", "kerb", "entrance", "toll_booth", "border_control", "checkpoint",
		"guard_house", "sally_port", "height_restrictor", "width_restrictor", "arch", "archway", "lights", "coupure",
		"half-gate", "rope", "tree_line", "gantry", "ticket", "traffic_island", "door",
	)
	fill(table, ModeCar,
		"bollard", "block", "bus_trap", "sump_buster", "cycle_barrier", "motorcycle_barrier",
		"chain", "jersey_barrier", "planter", "log", "debris", "boulder", "rock", "stone", "stones",
		"bar", "barrier_board", "wicket_gate", "spikes", "wedge", "yes", "bicycle_barrier",
		"flower_pot", "delineators", "pole", "post", "tyres", "barrel", "obstruction",
		"concrete_block", "vehicle_block", "vehicle_barrier", "net", "barrier", "tank_trap", "armadillo", "guard_rail", "handrail",
	)
	fill(table, ModeCar|ModeBicycle,
		"stile", "kissing_gate", "turnstile", "full-height_turnstile", "horse_stile", "squeeze_gap",
		"step", "steps", "v_stile", "horse_jump", "step_over",
	)
	fill(table, AllModes, "wall", "fence", "hedge", "retaining_wall", "city_wall", "ditch", "wire_fence")
	return table
}

// defaultLimits are the general limits of the countries that an area in
// northern Sweden and the test files lie in, and a few more. Other countries'
// "XX:urban" and "XX:zone30" are understood by ParseSpeed without a table.
func defaultLimits() map[string]int {
	return map[string]int{
		"se:urban": 50, "se:rural": 70, "se:trunk": 90, "se:motorway": 110, "se:living_street": 7,
		"se:pedestrian": 7, "se:bicycle_road": 30,
		"fi:urban": 50, "fi:rural": 80, "fi:trunk": 100, "fi:motorway": 120, "fi:living_street": 20,
		"no:urban": 50, "no:rural": 80, "no:trunk": 80, "no:motorway": 90, "no:living_street": 7,
		"dk:urban": 50, "dk:rural": 80, "dk:trunk": 80, "dk:motorway": 130, "dk:living_street": 15,
		"de:urban": 50, "de:rural": 100, "de:trunk": 0, "de:motorway": 0, "de:living_street": 7,
		"de:bicycle_road": 30,
		"at:urban":        50, "at:rural": 100, "at:trunk": 100, "at:motorway": 130, "at:bicycle_road": 30,
		"ch:urban": 50, "ch:rural": 80, "ch:trunk": 100, "ch:motorway": 120,
		"fr:urban": 50, "fr:rural": 80, "fr:motorway": 130, "mt:urban": 50, "mt:rural": 80,
		"it:urban": 50, "it:rural": 90, "it:trunk": 110, "it:motorway": 130,
		"pt:urban": 50, "pt:rural": 90, "pt:trunk": 100, "pt:motorway": 120,
		"ad:urban": 50, "ad:rural": 90, "es:urban": 50, "es:rural": 90, "es:motorway": 120,
		"gb:nsl_restricted": 48, "gb:nsl_single": 97, "gb:nsl_dual": 113, "gb:motorway": 113,
		"uk:nsl_restricted": 48, "uk:nsl_single": 97, "uk:nsl_dual": 113, "uk:motorway": 113,
		"nsl_restricted": 48, "nsl_single": 97, "nsl_dual": 113,
		"urban": 50, "rural": 70, "motorway": 110,
		"walk": 7, "walking_pace": 7, "foot": 7,
		"none": 0, "no": 0, "unlimited": 0, "signals": 0, "variable": 0, "unknown": 0, "implicit": 0,
		"default": 0, "fixme": 0, "unposted": 0, "national": 0, "nsl": 0,
	}
}
