package sample

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sort"
	"time"
	_ "time/tzdata" // a bundled area needs its time zone on a machine that has none

	"github.com/slinga-se/slinga/planner/care"
)

// ErrOptions is wrapped by every complaint about options.
var ErrOptions = errors.New("sample: bad options")

// Options shapes a generated day. The zero value is the day of the demo.
type Options struct {
	// Date is the planned date; only year, month and day count. The zero
	// value is Tuesday 24 November 2026.
	Date time.Time
	// Scale is the number of clients in percent of the published one; 0 means 100.
	Scale int
	// Bare plans on bare summer roads. Else areas in Sweden have winter: car
	// speed at 85 percent, longer handling, ice roads not yet open.
	Bare bool
	// Awkward moves one client to the island that no road reaches and one to
	// a position at sea. Neither can be served.
	Awkward bool
}

// DefaultDate is the date of a day whose options name none: a Tuesday.
func DefaultDate() time.Time { return time.Date(2026, time.November, 24, 0, 0, 0, 0, time.UTC) }

// Streams of random numbers, one for each thing that is drawn, so that a
// change to one leaves the others as they were.
const (
	streamHomes uint64 = iota + 1
	streamNeeds
	streamStaff
	streamTies
)

// draft is a day while it is put together.
type draft struct {
	area     Area
	options  Options
	seed     uint64
	day      *care.Day
	clients  []draftClient // in the order of day.Clients
	bases    []base
	byBase   [][]int // indices into day.Carers by base
	off      map[string]bool
	location *time.Location
}

// draftClient is what the generator knows of a client beyond the day.
type draftClient struct {
	home Home
	base int // index into bases, the nearest of its municipality
	far  int // metres to that base as the crow flies
	odd  bool
}

// Generate draws a day: clients over homes, visits by the mix of home care,
// and a staff that fits them. The same area, seed and options give the same
// day, byte for byte.
func Generate(area Area, seed uint64, options Options) (*care.Day, error) {
	if options.Scale == 0 {
		options.Scale = 100
	}
	if options.Scale < 1 || options.Scale > 1000 {
		return nil, fmt.Errorf("%w: scale %d: must be from 1 to 1000 percent", ErrOptions, options.Scale)
	}
	if len(area.municipalities) == 0 {
		return nil, fmt.Errorf("%w: area %q is none of Areas()", ErrOptions, area.Slug)
	}
	if options.Date.IsZero() {
		options.Date = DefaultDate()
	}
	location, err := time.LoadLocation(area.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("sample: area %q: %w", area.Slug, err)
	}
	homes, err := area.Homes()
	if err != nil {
		return nil, err
	}
	people, err := area.people()
	if err != nil {
		return nil, err
	}
	y, m, d := options.Date.Date()
	f := &draft{area: area, options: options, seed: seed, bases: area.bases, location: location, off: map[string]bool{}, day: &care.Day{
		Version: care.FormatVersion, Name: area.Title, Note: area.Note, TimeZone: area.TimeZone,
		Origin: time.Date(y, m, d, 0, 0, 0, 0, location),
		Rules:  care.DefaultRules(), Municipalities: area.Municipalities(),
	}}
	for _, m := range area.municipalities {
		f.day.Members = append(f.day.Members, m.id)
	}
	if !area.Abroad && !options.Bare {
		f.day.Condition = &care.Condition{Season: care.Winter, SpeedPercent: 85}
	}
	f.placeBases()
	f.placeClients(homes, people)
	f.drawNeeds()
	f.drawStaff()
	f.drawTies()
	f.elapse()
	return f.day, nil
}

// elapse turns times of the wall clock into the elapsed time that a Day
// counts. They differ after a change of clocks: on the night to the last
// Sunday of October a night shift lasts an hour longer.
func (f *draft) elapse() {
	y, m, d := f.day.Origin.Date()
	elapsed := func(t *care.Time) {
		*t = care.Time(time.Date(y, m, d, 0, 0, int(*t), 0, f.location).Sub(f.day.Origin) / time.Second)
	}
	for i := range f.day.Visits {
		v := &f.day.Visits[i]
		for k := range v.Windows {
			elapsed(&v.Windows[k].From)
			elapsed(&v.Windows[k].To)
		}
		elapsed(&v.Preferred.From)
		elapsed(&v.Preferred.To)
	}
	for i := range f.day.Shifts {
		elapsed(&f.day.Shifts[i].Start)
		elapsed(&f.day.Shifts[i].End)
	}
	for i := range f.day.Neighbours {
		elapsed(&f.day.Neighbours[i].Start)
		elapsed(&f.day.Neighbours[i].End)
	}
}

// Day draws a day with the default options but for the scale in percent.
func Day(area Area, seed uint64, scale int) (*care.Day, error) {
	return Generate(area, seed, Options{Scale: scale})
}

func (f *draft) random(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(f.seed, stream)) }

func (f *draft) placeBases() {
	for _, b := range f.bases {
		f.day.Places = append(f.day.Places, care.Place{ID: b.id, Lat: b.lat, Lon: b.lon, Municipality: b.municipality})
		f.day.Bases = append(f.day.Bases, care.Base{ID: b.id, Place: b.id, Municipality: b.municipality})
	}
}

// placeClients spreads the clients of each municipality over its settlements
// and its countryside in proportion to the people there. In a settlement one
// in five lives in a house with other clients.
func (f *draft) placeClients(homes []Home, people []people) {
	r := f.random(streamHomes)
	pools := map[poolKey][]Home{}
	odd := map[HomeKind][]Home{}
	for _, h := range homes {
		switch h.Kind {
		case Village, Single:
			k := poolKey{h.Municipality, h.Settlement, h.Kind}
			pools[k] = append(pools[k], h)
		default:
			odd[h.Kind] = append(odd[h.Kind], h)
		}
	}
	var drawn []draftClient
	for _, m := range f.area.municipalities {
		count := (m.clients*f.options.Scale + 50) / 100
		for _, share := range apportion(count, people, m.id) {
			pool := pools[poolKey{m.id, share.settlement, share.kind}]
			r.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
			flats := max(1, len(pool)/14)
			for i := 0; i < share.count; i++ {
				h := pool[(flats+i)%len(pool)]
				if share.kind == Village && r.IntN(5) == 0 {
					h = pool[r.IntN(flats)]
				}
				drawn = append(drawn, draftClient{home: h})
			}
		}
	}
	f.moveOdd(r, drawn, odd)
	// Numbers must not tell where somebody lives.
	r.Shuffle(len(drawn), func(i, j int) { drawn[i], drawn[j] = drawn[j], drawn[i] })
	placeOf := map[Home]string{}
	for i := range drawn {
		c := &drawn[i]
		place, known := placeOf[c.home]
		if !known {
			place = fmt.Sprintf("h%04d", len(placeOf)+1)
			placeOf[c.home] = place
			f.day.Places = append(f.day.Places, care.Place{ID: place, Lat: c.home.Lat, Lon: c.home.Lon, Municipality: c.home.Municipality})
		}
		c.base, c.far = f.nearestBase(c.home)
		f.day.Clients = append(f.day.Clients, care.Client{ID: fmt.Sprintf("c%04d", i+1), Place: place, Municipality: c.home.Municipality})
	}
	f.clients = drawn
}

// moveOdd gives some clients an awkward home in their own municipality: one
// by the ferry and one reached through the neighbour always, one on the road
// island and one at sea when asked for.
func (f *draft) moveOdd(r *rand.Rand, drawn []draftClient, odd map[HomeKind][]Home) {
	kinds := []HomeKind{ByFerry, Neighbour}
	if f.options.Awkward {
		kinds = append(kinds, Island)
	}
	move := func(h Home) {
		// A single home moves; a home that was asked for is moved to even when
		// a small day has only villages.
		for _, village := range []bool{false, h.Kind == Island} {
			for i := range drawn {
				if c := &drawn[i]; c.home.Municipality == h.Municipality && !c.odd && (c.home.Kind == Single || village) {
					c.home, c.odd = h, true
					return
				}
			}
		}
	}
	for _, k := range kinds {
		if len(odd[k]) > 0 {
			move(odd[k][r.IntN(len(odd[k]))])
		}
	}
	if f.options.Awkward {
		at := f.area.sea
		move(Home{Lat: at.lat, Lon: at.lon, Municipality: at.municipality, Kind: Island})
	}
}

type poolKey struct {
	municipality, settlement string
	kind                     HomeKind
}

// people is how many live somewhere: the weight that clients are spread by.
type people struct {
	municipality, settlement string
	kind                     HomeKind
	count                    int
}

// share is a number of clients for one pool of homes.
type share struct {
	settlement string
	kind       HomeKind
	count      int
}

// apportion splits clients over the places of a municipality by people,
// largest remainders first (Hamilton's method), ties by the order of the file.
func apportion(count int, all []people, municipality string) []share {
	var shares []share
	var rests []int
	total, given := 0, 0
	for _, p := range all {
		if p.municipality == municipality {
			total += p.count
		}
	}
	for _, p := range all {
		if p.municipality != municipality {
			continue
		}
		n := count * p.count / total
		given += n
		shares = append(shares, share{p.settlement, p.kind, n})
		rests = append(rests, count*p.count%total)
	}
	order := make([]int, len(shares))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return rests[order[i]] > rests[order[j]] })
	for i := 0; given < count; i++ {
		shares[order[i%len(order)]].count++
		given++
	}
	return shares
}

// nearestBase finds the base of the home's own municipality that is closest.
func (f *draft) nearestBase(h Home) (index, distance int) {
	index = -1
	for i, b := range f.bases {
		if b.municipality != h.Municipality {
			continue
		}
		if d := metres(h.Lat, h.Lon, b.lat, b.lon); index < 0 || d < distance {
			index, distance = i, d
		}
	}
	return index, distance
}
