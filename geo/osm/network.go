package osm

// Network is the part of an OSM file that matters for travel: ways that any
// of the modes may use, their nodes, and turn restrictions. It is what Read
// returns and what geo.Build makes a graph of. Flat slices, indices of int32.
type Network struct {
	Nodes        []Node        // used by Ways, ascending by ID
	Ways         []Way         // ascending by ID; one with missing nodes comes as pieces, with the same ID
	Refs         []int32       // node indices of all ways, back to back; see Way.First
	Restrictions []Restriction // ascending by ID
	Texts        []string      // interned names, road numbers, conditions; Texts[0] is ""
	Skipped      Skipped       // what the file held and was not understood
}

// Node is a point of a way. Coordinates are WGS 84 in 1e-7 degrees, as in the
// file.
type Node struct {
	ID       int64
	Lon, Lat int32
	Closed   Modes // a barrier here keeps these modes from passing
}

// Modes is a set of modes of travel.
type Modes uint8

// The modes. Car has a topology of its own, bicycle and foot share one.
const (
	ModeCar Modes = 1 << iota
	ModeBicycle
	ModeFoot
)

// Way is one OSM way, with its tags already understood.
type Way struct {
	ID       int64
	First    int32 // its nodes are Refs[First : First+Count]
	Count    int32
	Class    Class
	Surface  Surface
	Forward  Modes  // who may travel in node order
	Backward Modes  // and against it
	Limited  Modes  // only to reach something on it (private, destination, customers)
	Flags    Flags  //
	Speed    Limits // posted, km/h
	Duration int32  // seconds over the whole way (ferries); 0: not stated
	// Millimetres is the length of the whole way, the sum of its segments. A
	// ferry's time is spread over its segments by length, so they need it.
	Millimetres int64
	Name        int32 // index into Texts
	Ref         int32 // road number; index into Texts
	// Condition is the index into Texts of conditional and seasonal tags as
	// "key=value" joined by "\n", kept as written for later use; 0: none.
	Condition int32
}

// Limits is the posted speed in km/h by direction; 0: not posted.
type Limits struct{ Forward, Backward uint8 }

// Flags mark ways that profiles and conditions treat apart.
type Flags uint16

// The flags.
const (
	FlagFerry Flags = 1 << iota
	FlagRoundabout
	FlagBridge
	FlagTunnel
	FlagIceRoad  // ice_road=yes
	FlagWinter   // winter_road=yes or seasonal=winter: open in winter only
	FlagSeasonal // some other seasonal=*
	FlagToll
	FlagModelled // slinga:modelled=yes, a road of a modelled area
)

// Class is the kind of road.
type Class uint8

// The classes, from the highway tag and route=ferry.
const (
	ClassNone Class = iota
	Motorway
	MotorwayLink
	Trunk
	TrunkLink
	Primary
	PrimaryLink
	Secondary
	SecondaryLink
	Tertiary
	TertiaryLink
	Unclassified
	Residential
	LivingStreet
	Service
	Road
	Track
	Pedestrian
	Footway
	Cycleway
	Bridleway
	Steps
	Path
	Ferry
	NumClasses
)

// Surface is what a road is made of, as far as speed cares.
type Surface uint8

// The surfaces.
const (
	SurfaceUnknown Surface = iota
	Paved
	Compacted
	Gravel
	Unpaved
	Mud // and sand, earth, grass
	Ice
	NumSurfaces
)

// Restriction is a turn restriction. Coming along From over Via, To must not
// be taken; with Only, nothing but To may be taken. Via is one node, or a
// chain of ways in the order of travel. A relation with several from or to
// members, or with several kinds, comes as several restrictions of one ID.
type Restriction struct {
	ID       int64
	From, To int32   // indices into Ways
	ViaNode  int32   // index into Nodes, or -1
	ViaWays  []int32 // indices into Ways when ViaNode is -1
	Only     bool
	Modes    Modes // whom it binds (after except=*)
	// Condition is an index into Texts of what ParseTurnCondition reads: when
	// it binds. 0: always.
	Condition int32
}

// Skipped counts what was left out on purpose, with a few ids to look at.
type Skipped struct {
	Ways         int64 // of use to no mode
	Restrictions int64 // with missing or doubled members, or of an unknown kind
	MissingNodes int64 // references to nodes that the file does not hold
	BadValues    int64 // tag values that could not be understood
	Examples     []string
}
