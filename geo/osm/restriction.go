package osm

import (
	"slices"
	"strings"
)

// restrictionVehicles are the keys after the colon (restriction:motorcar) and
// the words of except=* that say something about our modes. Others, such as
// hgv and bus, are about vehicles that nobody here drives.
var restrictionVehicles = map[string]Modes{
	"motorcar": ModeCar, "motor_vehicle": ModeCar, "vehicle": ModeCar | ModeBicycle,
	"bicycle": ModeBicycle, "foot": ModeFoot,
}

// isRestriction reports whether the tags are those of a turn restriction.
func isRestriction(tags Tags) bool {
	t := tags.word("type")
	if t != "restriction" && !strings.HasPrefix(t, "restriction:") {
		return false
	}
	for _, tag := range tags {
		if tag.Key == "restriction" || strings.HasPrefix(tag.Key, "restriction:") {
			return true
		}
	}
	return false
}

// rule is what the restriction keys of a relation say to some modes. A
// condition tells when, see ParseTurnCondition.
type rule struct {
	kind      string
	modes     Modes
	condition string
}

// restrictionKeys are the vehicles of keys by mode, those that name the mode
// more closely first.
var restrictionKeys = [...]travel{
	{ModeCar, []string{":motorcar", ":motor_vehicle", ":vehicle", ""}},
	{ModeBicycle, []string{":bicycle", ":vehicle", ""}},
	{ModeFoot, []string{":foot", ""}},
}

// rulesOf reads the restriction keys, for each mode in the order that counts:
// a key for one vehicle before the general one, and with a condition before
// the same key without. What comes after a key without a condition does not
// count. Different kinds, at different times, make different rules.
func rulesOf(tags Tags) []rule {
	general := ModeCar | ModeBicycle
	if own, found := strings.CutPrefix(tags.word("type"), "restriction:"); found {
		general = restrictionVehicles[own] // out of use: the vehicle in the type
	}
	for _, word := range words(tags.Get("except")) {
		general &^= restrictionVehicles[word]
	}
	var rules []rule
	add := func(kind string, mode Modes, condition string) {
		for i := range rules {
			if r := &rules[i]; r.kind == kind && r.condition == condition {
				r.modes |= mode
				return
			}
		}
		rules = append(rules, rule{kind, mode, condition})
	}
	for _, t := range &restrictionKeys {
		kinds, condition := saidTo(tags, &t, general)
		// One rule for what is forbidden, and one for what alone is allowed.
		var done [2]bool
		for i, kind := range kinds {
			at := 0
			switch newTurnKind(kind) {
			case turnFree:
				if i > 0 || slices.ContainsFunc(kinds, func(k string) bool { return newTurnKind(k) != turnFree }) {
					continue
				}
			case turnOnly:
				at = 1
			}
			if !done[at] {
				done[at] = true
				add(kind, t.mode, condition)
			}
		}
	}
	return rules
}

// saidTo gathers the kinds that the keys for a mode speak of, and the
// condition that they make.
func saidTo(tags Tags, t *travel, general Modes) (kinds []string, condition string) {
	var lines []string
	for _, vehicle := range t.keys {
		if vehicle == "" && general&t.mode == 0 {
			continue
		}
		key := "restriction" + vehicle
		if value := tags.Get(key + ":conditional"); value != "" {
			lines = append(lines, key+":conditional="+text(value, maxCondition))
			choices, err := turnChoices(value)
			if err != nil {
				kind, _, _ := strings.Cut(value, "@")
				kinds = append(kinds, strings.ToLower(strings.TrimSpace(kind)))
			}
			for i := range choices {
				kinds = append(kinds, strings.ToLower(choices[i].Value))
			}
		}
		if value := tags.Get(key); value != "" {
			kinds = append(kinds, strings.ToLower(strings.TrimSpace(value)))
			when := hours(tags)
			if when != "" {
				lines = append(lines, when)
			}
			if len(lines) > 1 || len(lines) == 1 && when == "" {
				lines = append(lines, key+"="+text(strings.ToLower(strings.TrimSpace(value)), maxCondition))
			}
			break
		}
	}
	return kinds, strings.Join(lines, "\n")
}

// hours gathers the tags by which conditions were written before there was
// restriction:conditional.
func hours(tags Tags) string {
	var lines []string
	for _, key := range [...]string{"day_off", "day_on", "hour_off", "hour_on"} {
		if v := tags.Get(key); v != "" {
			lines = append(lines, key+"="+text(v, maxCondition))
		}
	}
	return strings.Join(lines, "\n")
}

// kindsOfRestriction by value: do they allow only the turn.
var kindsOfRestriction = map[string]bool{
	"no_left_turn": false, "no_right_turn": false, "no_straight_on": false, "no_u_turn": false,
	"no_turn": false, "no_entry": false, "no_exit": false,
	"only_left_turn": true, "only_right_turn": true, "only_straight_on": true, "only_u_turn": true,
	"only_turn": true,
}

// kindOfRestriction understands a kind, or a list of kinds that agree, such
// as "no_left_turn;no_u_turn": it is the members that say which turn is meant.
func kindOfRestriction(value string) (only, known bool) {
	for k, word := range words(value) {
		o, in := kindsOfRestriction[word]
		if !in || k > 0 && o != only {
			return false, false
		}
		only, known = o, true
	}
	return only, known
}

// restrict adds what one relation forbids. The same relation yields several
// restrictions if it has several keys, or several members where no_entry
// (from) and no_exit (to) allow it.
func (n *Network) restrict(r *rawRelation, texts *texts) {
	for _, rule := range rulesOf(r.tags) {
		only, known := kindOfRestriction(rule.kind)
		if !known {
			n.Skipped.restriction(r.id, "unknown kind "+text(rule.kind, 40))
			continue
		}
		found, why := n.turns(r, rule.kind)
		if why != "" {
			n.Skipped.restriction(r.id, why)
			if len(found) == 0 {
				return
			}
		}
		for _, t := range found {
			t.ID, t.Only, t.Modes = r.id, only, rule.modes
			t.Condition = texts.number(rule.condition)
			n.Restrictions = append(n.Restrictions, t)
		}
	}
}

// maxTurnMembers bounds a turn restriction. Real ones have three to six members;
// many from ways times many via ways would make much of a small file.
const maxTurnMembers = 100

// turns finds the members of a restriction in the network. why says what is
// wrong with them, "" for nothing. Of several from or to, those that fit
// count: a road that was split after the relation was drawn leaves one behind
// that no longer meets via, and the others mean what they say.
func (n *Network) turns(r *rawRelation, kind string) (found []Restriction, why string) {
	var from, to, viaWays, viaNodes []int64
	for _, m := range r.members {
		switch {
		case m.role == "from" && m.kind == kindWay:
			from = append(from, m.id)
		case m.role == "to" && m.kind == kindWay:
			to = append(to, m.id)
		case m.role == "via" && m.kind == kindWay:
			viaWays = append(viaWays, m.id)
		case m.role == "via" && m.kind == kindNode:
			viaNodes = append(viaNodes, m.id)
		case m.role == "via":
			return nil, "its via is a relation"
		}
	}
	switch {
	case len(r.members) > maxTurnMembers:
		return nil, "it has more members than a turn can have"
	case len(from) == 0 || len(to) == 0 || len(viaWays)+len(viaNodes) == 0:
		return nil, "from, via or to is missing"
	case len(from) > 1 && kind != "no_entry":
		return nil, "it has several from"
	case len(to) > 1 && kind != "no_exit":
		return nil, "it has several to"
	case len(viaNodes) > 1, len(viaNodes) > 0 && len(viaWays) > 0:
		return nil, "it has several via"
	}
	for _, f := range from {
		for _, t := range to {
			var turn Restriction
			var problem string
			if len(viaNodes) == 1 {
				turn, problem = n.turnAtNode(f, viaNodes[0], t)
			} else {
				turn, problem = n.turnOverWays(f, viaWays, t)
			}
			if problem != "" {
				why = problem
				continue
			}
			found = append(found, turn)
		}
	}
	return found, why
}

func (n *Network) turnAtNode(from, via, to int64) (Restriction, string) {
	node, ok := slices.BinarySearchFunc(n.Nodes, via, func(a Node, id int64) int {
		switch {
		case a.ID < id:
			return -1
		case a.ID > id:
			return 1
		}
		return 0
	})
	if !ok {
		return Restriction{}, "its via node is on no road that is kept"
	}
	f, t := n.wayAt(from, int32(node)), n.wayAt(to, int32(node))
	if f < 0 || t < 0 {
		return Restriction{}, "from or to does not meet via, or is no road that is kept"
	}
	return Restriction{From: f, To: t, ViaNode: int32(node)}, ""
}

// wayAt is the index of the way of that id, or of the piece of it, that has
// the node; one that ends there is preferred. -1: none.
func (n *Network) wayAt(id int64, node int32) int32 {
	first, last := n.WaysOf(id)
	within := int32(-1)
	for w := first; w < last; w++ {
		refs := n.NodesOf(&n.Ways[w])
		if refs[0] == node || refs[len(refs)-1] == node {
			return int32(w)
		}
		if within < 0 && slices.Contains(refs, node) {
			within = int32(w)
		}
	}
	return within
}

// turnOverWays checks that the via ways make a chain of end to end from the
// one way to the other, in the order given or the reverse.
func (n *Network) turnOverWays(from int64, via []int64, to int64) (Restriction, string) {
	chain := make([]int32, 0, len(via))
	for _, id := range via {
		first, last := n.WaysOf(id)
		if last-first != 1 {
			return Restriction{}, "a via way is no road that is kept, or is not whole"
		}
		chain = append(chain, int32(first))
	}
	for range 2 {
		if r, ok := n.chain(from, chain, to); ok {
			return r, ""
		}
		slices.Reverse(chain)
	}
	return Restriction{}, "from, via and to do not join end to end"
}

// chain walks along the via ways, from each of the two ends of the first.
func (n *Network) chain(from int64, via []int32, to int64) (Restriction, bool) {
	first := n.NodesOf(&n.Ways[via[0]])
	for _, at := range [...]int32{first[0], first[len(first)-1]} {
		f := n.wayAt(from, at)
		if f < 0 {
			continue
		}
		here, whole := at, true
		for _, v := range via {
			refs := n.NodesOf(&n.Ways[v])
			switch here {
			case refs[0]:
				here = refs[len(refs)-1]
			case refs[len(refs)-1]:
				here = refs[0]
			default:
				whole = false
			}
			if !whole {
				break
			}
		}
		if !whole {
			continue
		}
		if t := n.wayAt(to, here); t >= 0 {
			return Restriction{From: f, To: t, ViaNode: -1, ViaWays: slices.Clone(via)}, true
		}
	}
	return Restriction{}, false
}
