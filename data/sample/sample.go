package sample

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/slinga-se/slinga/planner/care"
)

//go:generate go run ./generate

//go:embed ostra-norrbotten adalen isle-of-man andorra
var files embed.FS

// Area is a bundled place to plan for: a road map, borders, homes and the
// numbers that a day's demand is drawn from.
type Area struct {
	Slug     string // folder and command-line name, ASCII
	Title    string // as shown to people
	Note     string // shown wherever the area is shown; says whether its roads are modelled
	Modelled bool   // the road network is drawn by a program
	TimeZone string // IANA name
	MapName  string // file name of the map
	// Abroad is set for areas outside Sweden, whose counts of clients and
	// whose municipalities are made up.
	Abroad bool

	municipalities []municipality
	bases          []base
	languages      []language
	sea            base // a position that no road is near
}

// municipality is one employer with its number of clients.
type municipality struct {
	id, name string
	clients  int
}

// base is a place that shifts start from. Its position is a home of the area
// that is nearest to the point given.
type base struct {
	id, municipality string
	lat, lon         float64
}

// language is spoken by a share of an area's clients and carers.
type language struct {
	name            string
	clients, carers int // percent
}

// modelledNote labels the modelled areas wherever they are shown, in both
// languages.
const modelledNote = "modellerat vägnät: verkliga orter och gränser, vägarna ritade av ett program / " +
	"modelled road network: real settlements and borders, roads drawn by a program"

var areas = []Area{
	{
		Slug: "ostra-norrbotten", Title: "Östra Norrbotten", Modelled: true, TimeZone: "Europe/Stockholm", MapName: "map.osm.gz",
		Note: modelledNote,
		municipalities: []municipality{
			{"2513", "Överkalix", 58}, {"2514", "Kalix", 255}, {"2518", "Övertorneå", 97}, {"2583", "Haparanda", 224},
		},
		bases: []base{
			{"bas-overkalix", "2513", 66.32333, 22.84806},
			{"bas-kalix", "2514", 65.84917, 23.17778},
			{"bas-tore", "2514", 65.91444, 22.64722},
			{"bas-overtornea", "2518", 66.38806, 23.64361},
			{"bas-pello", "2518", 66.80194, 23.97417},
			{"bas-haparanda", "2583", 65.83417, 24.11694},
			{"bas-karungi", "2583", 66.04556, 23.95056},
		},
		languages: []language{{"Finnish", 14, 35}, {"Meänkieli", 10, 25}, {"Sámi", 1, 2}},
		sea:       base{municipality: "2583", lat: 65.60, lon: 23.75},
	},
	{
		Slug: "adalen", Title: "Ådalen", Modelled: true, TimeZone: "Europe/Stockholm", MapName: "map.osm.gz",
		Note:           modelledNote,
		municipalities: []municipality{{"2282", "Kramfors", 238}, {"2283", "Sollefteå", 344}},
		bases: []base{
			{"bas-kramfors", "2282", 62.93161, 17.77646},
			{"bas-bollstabruk", "2282", 62.99777, 17.67348},
			{"bas-ullanger", "2282", 63.01822, 18.14190},
			{"bas-solleftea", "2283", 63.16667, 17.26667},
			{"bas-langsele", "2283", 63.18333, 17.06667},
			{"bas-nasaker", "2283", 63.44294, 16.89749},
			{"bas-ramsele", "2283", 63.53810, 16.46870},
		},
		languages: []language{{"Finnish", 2, 4}, {"Sámi", 1, 1}},
		sea:       base{municipality: "2282", lat: 62.75, lon: 18.55},
	},
	{
		Slug: "isle-of-man", Title: "Isle of Man", TimeZone: "Europe/Isle_of_Man", MapName: "isle-of-man-2020-03-13.osm.pbf", Abroad: true,
		Note:           "real roads © OpenStreetMap contributors (13 March 2020); clients and carers made up",
		municipalities: []municipality{{"IM-N", "North (drawn)", 50}, {"IM-S", "South (drawn)", 90}},
		bases: []base{
			{"base-ramsey", "IM-N", 54.3217, -4.3860}, {"base-douglas", "IM-S", 54.1523, -4.4864}, {"base-castletown", "IM-S", 54.0741, -4.6531},
		},
		languages: []language{{"Manx", 2, 3}},
		sea:       base{municipality: "IM-S", lat: 54.00, lon: -4.20},
	},
	{
		Slug: "andorra", Title: "Andorra", TimeZone: "Europe/Andorra", MapName: "andorra-2021-10-28.osm.pbf", Abroad: true,
		Note:           "real roads © OpenStreetMap contributors (28 October 2021); clients and carers made up",
		municipalities: []municipality{{"AD-E", "East (drawn)", 60}, {"AD-W", "West (drawn)", 80}},
		bases: []base{
			{"base-encamp", "AD-E", 42.5345, 1.5801}, {"base-andorra", "AD-W", 42.5063, 1.5218}, {"base-ordino", "AD-W", 42.5563, 1.5331},
		},
		languages: []language{{"Portuguese", 8, 12}, {"French", 5, 20}},
		sea:       base{municipality: "AD-W", lat: 42.30, lon: 1.20},
	},
}

// Areas lists the bundled areas, the one of the demo first.
func Areas() []Area { return append([]Area(nil), areas...) }

// ByName finds an area by its slug or its title, in any case.
func ByName(name string) (Area, bool) {
	for _, a := range areas {
		if strings.EqualFold(a.Slug, name) || strings.EqualFold(a.Title, name) {
			return a, true
		}
	}
	return Area{}, false
}

// Map returns the road map: an OSM file, as PBF or as gzipped XML.
func (a Area) Map() ([]byte, error) { return a.read(a.MapName) }

// Borders returns the municipal borders as GeoJSON, with the properties
// kommun_kod and kommun_namn.
func (a Area) Borders() ([]byte, error) { return a.read("borders.geojson") }

// Licence returns the text that says what the files of the area may be used
// for and where they come from.
func (a Area) Licence() (string, error) {
	text, err := a.read("LICENSE")
	return string(text), err
}

// Clients is the number of clients on a day at full scale.
func (a Area) Clients() int {
	n := 0
	for _, m := range a.municipalities {
		n += m.clients
	}
	return n
}

// Municipalities lists the employers of the area.
func (a Area) Municipalities() []care.Municipality {
	var list []care.Municipality
	for _, m := range a.municipalities {
		list = append(list, care.Municipality{ID: m.id, Name: m.name})
	}
	return list
}

func (a Area) read(name string) ([]byte, error) {
	text, err := fs.ReadFile(files, a.Slug+"/"+name)
	if err != nil {
		return nil, fmt.Errorf("sample: area %q: %w", a.Slug, err)
	}
	return text, nil
}
