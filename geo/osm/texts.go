package osm

import (
	"fmt"
	"slices"
	"strings"
)

// texts numbers strings, each once. Number 0 is "".
type texts struct {
	all    []string
	lookup map[string]int32
}

func newTexts() *texts { return &texts{all: []string{""}, lookup: map[string]int32{"": 0}} }

// number gives the string's number. A new one is copied, so that it does not
// keep the block alive that it was cut from.
func (t *texts) number(s string) int32 {
	if n, known := t.lookup[s]; known {
		return n
	}
	s = strings.Clone(s)
	n := int32(len(t.all))
	t.all = append(t.all, s)
	t.lookup[s] = n
	return n
}

// maxExamples is how many examples are kept of each kind of thing left out.
const maxExamples = 8

func (s *Skipped) badValue(kind string, id int64, tag Tag) {
	s.BadValues++
	s.example(badPrefix + fmt.Sprintf("%s %d: %s=%q", kind, id, tag.Key, tag.Value))
}

// The prefixes keep the kinds apart when examples are counted.
const (
	badPrefix         = "value not understood: "
	restrictionPrefix = "restriction left out: "
	missingPrefix     = "node missing: "
)

func (s *Skipped) restriction(id int64, why string) {
	s.Restrictions++
	s.example(restrictionPrefix + fmt.Sprintf("relation %d: %s", id, why))
}

func (s *Skipped) missing(way, node int64) {
	s.MissingNodes++
	s.example(missingPrefix + fmt.Sprintf("way %d: node %d", way, node))
}

func (s *Skipped) example(line string) {
	prefix, _, _ := strings.Cut(line, ": ")
	same := 0
	for _, e := range s.Examples {
		if strings.HasPrefix(e, prefix) {
			same++
		}
	}
	if same < maxExamples && !slices.Contains(s.Examples, line) {
		s.Examples = append(s.Examples, line)
	}
}

func (s *Skipped) add(more *Skipped) {
	s.Ways += more.Ways
	s.Restrictions += more.Restrictions
	s.MissingNodes += more.MissingNodes
	s.BadValues += more.BadValues
	for _, e := range more.Examples {
		s.example(e)
	}
}
