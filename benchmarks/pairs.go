package benchmarks

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/slinga-se/slinga/geo/osm"
)

// Pair is two OSM nodes between which two engines measure the road.
type Pair struct{ From, To osm.Node }

// ErrTable marks a CSV file of pairs or answers that is not one.
var ErrTable = errors.New("benchmarks: bad table")

// RoadNodes returns the nodes of all roads that the profile may travel in some
// direction, ascending by id. Ferries are roads to travel on, not to start
// from, so nodes of ferries alone are left out.
func RoadNodes(net *osm.Network, profile *osm.Profile) []osm.Node {
	on := make([]bool, len(net.Nodes))
	for i := range net.Ways {
		w := &net.Ways[i]
		if w.Flags&osm.FlagFerry != 0 || !profile.Passable(w, true) && !profile.Passable(w, false) {
			continue
		}
		for _, ref := range net.Refs[w.First : w.First+w.Count] {
			on[ref] = true
		}
	}
	var nodes []osm.Node
	for i, n := range net.Nodes {
		if on[i] {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// DrawPairs draws n pairs of different nodes, every node as likely as any
// other. The same nodes, seed and n give the same pairs.
func DrawPairs(nodes []osm.Node, seed uint64, n int) []Pair {
	if len(nodes) < 2 {
		return nil
	}
	const stream = 1
	random := rand.New(rand.NewPCG(seed, stream))
	pairs := make([]Pair, 0, n)
	for len(pairs) < n {
		from, to := random.IntN(len(nodes)), random.IntN(len(nodes))
		if from != to {
			pairs = append(pairs, Pair{nodes[from], nodes[to]})
		}
	}
	return pairs
}

var pairColumns = []string{"pair", "from_node", "from_lon", "from_lat", "to_node", "to_lon", "to_lat"}

// WritePairs writes pairs as CSV, numbered from 0, coordinates in degrees with
// all seven decimals of the map.
func WritePairs(w io.Writer, pairs []Pair) error {
	out := csv.NewWriter(w)
	_ = out.Write(pairColumns) // errors stay in the writer until Flush
	for i, p := range pairs {
		_ = out.Write([]string{
			strconv.Itoa(i),
			strconv.FormatInt(p.From.ID, 10), degrees(p.From.Lon), degrees(p.From.Lat),
			strconv.FormatInt(p.To.ID, 10), degrees(p.To.Lon), degrees(p.To.Lat),
		})
	}
	out.Flush()
	return out.Error()
}

// ReadPairs reads what WritePairs wrote.
func ReadPairs(r io.Reader) ([]Pair, error) {
	rows, err := readTable(r, pairColumns)
	if err != nil {
		return nil, err
	}
	pairs := make([]Pair, len(rows))
	for i, row := range rows {
		var p parser
		pairs[i].From = osm.Node{ID: p.id(row[1]), Lon: p.degrees(row[2]), Lat: p.degrees(row[3])}
		pairs[i].To = osm.Node{ID: p.id(row[4]), Lon: p.degrees(row[5]), Lat: p.degrees(row[6])}
		if p.err != nil {
			return nil, fmt.Errorf("%w: row %d: %w", ErrTable, i+2, p.err)
		}
	}
	return pairs, nil
}

// Answer is what an engine says about a pair.
type Answer struct {
	Metres float64 // along the road; NoWay where there is none
	Nodes  []int64 // OSM nodes of the road in order; the ends may stick out by a node
}

// NoWay stands for metres where no road leads from one point to the other.
const NoWay = -1

var answerColumns = []string{"pair", "metres", "nodes"}

// ReadAnswers reads the answers of a peer: the pair's number, metres (empty
// where there is no way) and the nodes separated by blanks.
func ReadAnswers(r io.Reader) ([]Answer, error) {
	rows, err := readTable(r, answerColumns)
	if err != nil {
		return nil, err
	}
	answers := make([]Answer, len(rows))
	for i, row := range rows {
		var p parser
		answers[i].Metres = p.metres(row[1])
		for _, field := range strings.Fields(row[2]) {
			answers[i].Nodes = append(answers[i].Nodes, p.id(field))
		}
		if p.err != nil {
			return nil, fmt.Errorf("%w: row %d: %w", ErrTable, i+2, p.err)
		}
	}
	return answers, nil
}

// ReadMatrix reads a matrix of metres without a header, one row a start; an
// empty field means that there is no way.
func ReadMatrix(r io.Reader) ([][]float64, error) {
	in := csv.NewReader(r)
	in.ReuseRecord = true
	var matrix [][]float64
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return matrix, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrTable, err)
		}
		var p parser
		metres := make([]float64, len(row))
		for i, field := range row {
			metres[i] = p.metres(field)
		}
		if p.err != nil {
			return nil, fmt.Errorf("%w: row %d: %w", ErrTable, len(matrix)+1, p.err)
		}
		matrix = append(matrix, metres)
	}
}

// readTable reads rows under the given header; the first column numbers them
// from 0.
func readTable(r io.Reader, columns []string) ([][]string, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = len(columns)
	rows, err := in.ReadAll()
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrTable, err)
	case len(rows) == 0 || !slices.Equal(rows[0], columns):
		return nil, fmt.Errorf("%w: the first row must be %s", ErrTable, strings.Join(columns, ","))
	}
	for i, row := range rows[1:] {
		if row[0] != strconv.Itoa(i) {
			return nil, fmt.Errorf("%w: row %d: number %q where %d is due", ErrTable, i+2, row[0], i)
		}
	}
	return rows[1:], nil
}

// parser reads fields and keeps the first error.
type parser struct{ err error }

func (p *parser) keep(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *parser) id(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	p.keep(err)
	return id
}

func (p *parser) metres(text string) float64 {
	if text == "" {
		return NoWay
	}
	m, err := strconv.ParseFloat(text, 64)
	p.keep(err)
	if err == nil && !(m >= 0 && m < 1e9) { // NaN fails it too
		p.keep(fmt.Errorf("%q is no length in metres", text))
	}
	return m
}

// degrees writes a stored coordinate (1e-7 degrees) without a detour over
// floating point.
func degrees(stored int32) string {
	sign, value := "", int64(stored)
	if value < 0 {
		sign, value = "-", -value
	}
	return fmt.Sprintf("%s%d.%07d", sign, value/1e7, value%1e7)
}

func (p *parser) degrees(text string) int32 {
	whole, fraction, found := strings.Cut(text, ".")
	if !found || len(fraction) != 7 {
		p.keep(fmt.Errorf("%q: want degrees with seven decimals", text))
		return 0
	}
	value, err := strconv.ParseInt(whole+fraction, 10, 32)
	p.keep(err)
	return int32(value)
}
