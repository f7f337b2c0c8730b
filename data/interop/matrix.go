package interop

import (
	"fmt"
	"math"
	"unicode"
	"unicode/utf8"

	"github.com/slinga-se/slinga/planner/care"
)

// NoWay stands in a Matrix where no way leads from one place to the other. It
// is the value of care.Unreachable and geo.Unreachable.
const NoWay = math.MaxInt32

// Matrix is travel times and distances between two lists of places, row by
// row: from From[i] to To[j] at index i*len(To)+j.
type Matrix struct {
	From, To []string // ids; each once in its list
	Seconds  []int32  // whole, from 0; NoWay where there is no way
	Metres   []int32  // along the same route; NoWay likewise
}

// longestID is the longest id of a matrix in bytes.
const longestID = 1024

// Validate says what is wrong with a matrix: lengths, ids, and the first value
// of each kind that cannot be. Its errors repeat no id.
func (m *Matrix) Validate() error {
	var errs Errors
	fail := func(path, message string) {
		errs = append(errs, Error{Path: path, Message: message, Kind: ErrInput})
	}
	entries, fits := product(len(m.From), len(m.To))
	if !fits {
		fail("", fmt.Sprintf("%d by %d entries are too many", len(m.From), len(m.To)))
		return errs
	}
	for _, list := range []struct {
		name string
		ids  []string
	}{{"from", m.From}, {"to", m.To}} {
		if path, message := badID(list.name, list.ids); message != "" {
			fail(path, message)
		}
	}
	if len(m.Seconds) != entries || len(m.Metres) != entries {
		fail("", fmt.Sprintf("%d seconds and %d metres stand where %d of each are due", len(m.Seconds), len(m.Metres), entries))
		return errs
	}
	for i, s := range m.Seconds {
		at := fmt.Sprintf("[%d][%d]", i/len(m.To), i%len(m.To))
		switch d := m.Metres[i]; {
		case s < 0:
			fail("seconds"+at, "is negative")
		case d < 0:
			fail("metres"+at, "is negative")
		case (s == NoWay) != (d == NoWay):
			fail("metres"+at, "and seconds do not agree on whether there is a way")
		default:
			continue
		}
		break // one wrong value is seldom alone
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}

// badID finds the first id of a list that is none.
func badID(name string, ids []string) (path, message string) {
	seen := make(map[string]int, len(ids))
	for i, id := range ids {
		path = fmt.Sprintf("%s[%d]", name, i)
		first, twice := seen[id]
		switch {
		case id == "":
			return path, "is an empty id"
		case len(id) > longestID:
			return path, fmt.Sprintf("is longer than the %d bytes of an id", longestID)
		case !utf8.ValidString(id):
			return path, "is not UTF-8"
		case hasControl(id):
			return path, "holds a control character"
		case twice:
			return path, fmt.Sprintf("is the id of %s[%d] too", name, first)
		}
		seen[id] = i
	}
	return "", ""
}

func hasControl(id string) bool {
	for _, r := range id {
		if unicode.IsControl(r) {
			return true
		}
	}
	return false
}

// product is a*b, if a matrix may have so many entries.
func product(a, b int) (int, bool) {
	if a != 0 && b > math.MaxInt32/a {
		return 0, false
	}
	return a * b, true
}

// Care is the matrix in the form that the planner takes. It must be square,
// with the same places in both lists; the way from a place to itself counts as
// nothing there.
func (m *Matrix) Care() (places []string, matrix *care.Matrix, err error) {
	if err := m.Validate(); err != nil {
		return nil, nil, err
	}
	if len(m.From) != len(m.To) {
		return nil, nil, Errors{{Message: "from and to are different places", Kind: ErrUnsupported}}
	}
	n := len(m.From)
	matrix = &care.Matrix{N: n, Seconds: make([]care.Seconds, n*n), Metres: make([]care.Metres, n*n)}
	for i := range n {
		if m.From[i] != m.To[i] {
			return nil, nil, Errors{{Path: fmt.Sprintf("to[%d]", i), Message: "is another place than from at the same index", Kind: ErrUnsupported}}
		}
		for j := range n {
			at := i*n + j
			switch {
			case i == j: // stays 0
			case m.Seconds[at] == NoWay:
				matrix.Seconds[at] = care.Unreachable
			default:
				matrix.Seconds[at], matrix.Metres[at] = care.Seconds(m.Seconds[at]), care.Metres(m.Metres[at])
			}
		}
	}
	return append([]string(nil), m.From...), matrix, nil
}
