package osm

import "slices"

// fataler is what *testing.T and *rapid.T have in common.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// checkNetwork asserts what every consumer of a network relies on.
func checkNetwork(t fataler, n *Network) {
	t.Helper()
	if len(n.Texts) == 0 || n.Texts[0] != "" {
		t.Fatal("the first text is not empty")
	}
	if !slices.IsSortedFunc(n.Nodes, func(a, b Node) int { return cmpInt(a.ID, b.ID) }) {
		t.Fatal("nodes are not sorted")
	}
	for i := range n.Nodes {
		if i > 0 && n.Nodes[i].ID == n.Nodes[i-1].ID {
			t.Fatalf("node %d is there twice", n.Nodes[i].ID)
		}
		if n.Nodes[i].Lat < -90e7 || n.Nodes[i].Lat > 90e7 || n.Nodes[i].Lon < -180e7 || n.Nodes[i].Lon > 180e7 {
			t.Fatalf("node %d is not on earth", n.Nodes[i].ID)
		}
	}
	used := make([]bool, len(n.Nodes))
	at := int32(0)
	for i := range n.Ways {
		w := &n.Ways[i]
		if i > 0 && w.ID < n.Ways[i-1].ID {
			t.Fatal("ways are not sorted")
		}
		if w.First != at || w.Count < 2 || int(w.First+w.Count) > len(n.Refs) {
			t.Fatalf("way %d: nodes %d+%d of %d", w.ID, w.First, w.Count, len(n.Refs))
		}
		at += w.Count
		length := int64(0)
		refs := n.NodesOf(w)
		for k, r := range refs {
			used[r] = true
			if k > 0 {
				length += Millimetres(n.Nodes[refs[k-1]], n.Nodes[r])
				if r == refs[k-1] {
					t.Fatalf("way %d: the same node twice in a row", w.ID)
				}
			}
		}
		if length != w.Millimetres {
			t.Fatalf("way %d: %d mm, its segments add up to %d", w.ID, w.Millimetres, length)
		}
		if w.Class == ClassNone || w.Class >= NumClasses || w.Surface >= NumSurfaces || w.Forward|w.Backward == 0 {
			t.Fatalf("way %d: %+v", w.ID, w)
		}
		if w.Limited&^(w.Forward|w.Backward) != 0 || (w.Class == Ferry) != (w.Flags&FlagFerry != 0) {
			t.Fatalf("way %d: %+v", w.ID, w)
		}
		for _, x := range []int32{w.Name, w.Ref, w.Condition} {
			_ = n.Texts[x]
		}
	}
	if int(at) != len(n.Refs) {
		t.Fatal("there are references of no way")
	}
	if slices.Contains(used, false) {
		t.Fatal("there are nodes of no way")
	}
	for i := range n.Restrictions {
		r := &n.Restrictions[i]
		if i > 0 && r.ID < n.Restrictions[i-1].ID {
			t.Fatal("restrictions are not sorted")
		}
		_, _, _ = n.Ways[r.From], n.Ways[r.To], n.Texts[r.Condition]
		if r.Modes == 0 || (r.ViaNode < 0) != (len(r.ViaWays) > 0) {
			t.Fatalf("restriction %d: %+v", r.ID, r)
		}
		if r.ViaNode >= 0 && (!slices.Contains(n.NodesOf(&n.Ways[r.From]), r.ViaNode) || !slices.Contains(n.NodesOf(&n.Ways[r.To]), r.ViaNode)) {
			t.Fatalf("restriction %d: via is not on both ways", r.ID)
		}
		for _, v := range r.ViaWays {
			_ = n.Ways[v]
		}
	}
}

func cmpInt(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
