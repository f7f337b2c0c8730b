package runs

import (
	"regexp"
	"strconv"
	"strings"
)

// Class is where an instance belongs among those of its set.
type Class struct {
	Size  int    // orders groups
	Group string // of one size; "" where all of the set are of one
	Name  string // within the group; "" where the set has none
}

// String names the class for people.
func (c Class) String() string { return strings.TrimSpace(c.Group + " " + c.Name) }

// Names of instances tell their class. C101 and C1_2_1 are of the class C1, the
// second of them with 200 customers.
var (
	gehring  = regexp.MustCompile(`^([A-Z]+[12])_([0-9]+)_`)
	solomon  = regexp.MustCompile(`^([A-Z]+[12])[0-9][0-9]`)
	depots   = regexp.MustCompile(`([A-Z])$`)
	letter   = regexp.MustCompile(`^([A-Z])`)
	patients = regexp.MustCompile(`(?:HCSRP_|HHCRSP_|-p)([0-9]+)[-_]`)
	// Of Bredström's cases 1 to 7 the values under fixed, small, medium and large
	// windows are published; what is known of others is no more than a bound.
	published = regexp.MustCompile(`^br_0[1-7][FSML]$`)
)

// ClassOf is the class of an instance, by its name.
func ClassOf(set, instance string) Class {
	find := func(pattern *regexp.Regexp) string {
		if m := pattern.FindStringSubmatch(strings.ToUpper(instance)); m != nil {
			return m[1]
		}
		return ""
	}
	switch set {
	case "vrptw-solomon", "trsp-pillac":
		return Class{Name: find(solomon)}
	case "vrptw-gh", "pdptw-lilim":
		if m := gehring.FindStringSubmatch(strings.ToUpper(instance)); m != nil {
			hundreds, _ := strconv.Atoi(m[2]) // digits
			return Class{100 * hundreds, strconv.Itoa(100 * hundreds), m[1]}
		}
		return Class{100, "100", find(solomon)}
	case "mdvrptw-vidal":
		return Class{Name: find(depots)}
	case "hhc-bazirha":
		return Class{Name: find(letter)}
	case "sync-bredstrom":
		if published.MatchString(instance) {
			return Class{Name: "published"}
		}
		return Class{Name: "bounds"}
	case "hhcrsp-mankowska", "hhcrsp-italy", "hhcrsp-kummer":
		m := patients.FindStringSubmatch(instance)
		if m == nil {
			return Class{}
		}
		switch n, _ := strconv.Atoi(m[1]); { // digits
		case n <= 25:
			return Class{0, "up to 25", ""}
		case n < 200:
			return Class{26, "26 to 199", ""}
		}
		return Class{200, "200 and more", ""}
	}
	return Class{}
}
