package interop

import (
	"bufio"
	"encoding/json"
	"io"
	"math"
	"strconv"
)

// Waypoint is a place as OSRM tells of it: where on the road it was put.
type Waypoint struct {
	Lon, Lat float64 // on the road, WGS 84 degrees
	Moved    float64 // metres from the place itself
	Name     string  // of the road; may be empty
}

// WriteOSRMTable writes a matrix as OSRM's table service answers it (version 1
// of its HTTP interface, annotations duration and distance), so that programs
// that read that read this: code, durations, distances, sources and
// destinations. Ids have no place in that form; the order is that of the
// matrix. Hints, which only OSRM itself understands, are left out.
func WriteOSRMTable(w io.Writer, m *Matrix, from, to []Waypoint) error {
	if err := m.Validate(); err != nil {
		return err
	}
	if len(from) != len(m.From) || len(to) != len(m.To) {
		return Errors{{Message: "sources and destinations are not as many as rows and columns", Kind: ErrInput}}
	}
	out := bufio.NewWriterSize(w, 1<<16)
	// Errors stay in the writer until Flush.
	_, _ = out.WriteString(`{"code":"Ok","durations":`)
	writeRows(out, m.Seconds, len(from), len(to))
	_, _ = out.WriteString(`,"distances":`)
	writeRows(out, m.Metres, len(from), len(to))
	_, _ = out.WriteString(`,"sources":`)
	if err := writeWaypoints(out, from); err != nil {
		return err
	}
	_, _ = out.WriteString(`,"destinations":`)
	if err := writeWaypoints(out, to); err != nil {
		return err
	}
	_, _ = out.WriteString("}\n")
	return out.Flush()
}

// writeRows writes numbers as an array of rows, null where there is no way.
func writeRows(out *bufio.Writer, values []int32, rows, cols int) {
	var number [12]byte
	_ = out.WriteByte('[')
	for i := range rows {
		if i > 0 {
			_ = out.WriteByte(',')
		}
		_ = out.WriteByte('[')
		for j, v := range values[i*cols : (i+1)*cols] {
			if j > 0 {
				_ = out.WriteByte(',')
			}
			if v == NoWay {
				_, _ = out.WriteString("null")
			} else {
				_, _ = out.Write(strconv.AppendInt(number[:0], int64(v), 10))
			}
		}
		_ = out.WriteByte(']')
	}
	_ = out.WriteByte(']')
}

// osrmWaypoint is a waypoint in OSRM's words.
type osrmWaypoint struct {
	Distance float64    `json:"distance"`
	Name     string     `json:"name"`
	Location [2]float64 `json:"location"`
}

func writeWaypoints(out *bufio.Writer, points []Waypoint) error {
	// OSRM gives six decimals of a degree.
	six := func(v float64) float64 { return math.Round(v*1e6) / 1e6 }
	list := make([]osrmWaypoint, len(points))
	for i, p := range points {
		list[i] = osrmWaypoint{six(p.Moved), p.Name, [2]float64{six(p.Lon), six(p.Lat)}}
	}
	text, err := json.Marshal(list)
	if err != nil {
		return Errors{{Message: "a source or destination is not at a place on Earth", Kind: ErrInput}}
	}
	_, err = out.Write(text)
	return err
}
