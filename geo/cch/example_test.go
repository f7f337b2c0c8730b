package cch_test

import (
	"context"
	"fmt"

	"github.com/slinga-se/slinga/geo/cch"
)

// A road of three villages, and a bridge that is closed later.
func Example() {
	g := cch.Graph{
		Nodes: 4,
		Tail:  []int32{0, 1, 1, 2, 0, 3, 3, 2},
		Head:  []int32{1, 0, 2, 1, 3, 0, 2, 3},
	}
	x, y := []int32{0, 10, 20, 10}, []int32{0, 0, 0, 10}
	ctx := context.Background()
	order, err := cch.Order(ctx, &g, x, y, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := cch.Contract(ctx, &g, order)
	if err != nil {
		fmt.Println(err)
		return
	}
	seconds := []uint64{600, 600, 600, 600, 900, 900, 900, 900}
	m, err := h.Customise(ctx, seconds, 0, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	show := func() {
		p, _ := m.Path([]cch.Gate{{Node: 0}}, []cch.Gate{{Node: 2}})
		fmt.Println("from 0 to 2:", p.Weight, "s along arcs", p.Arcs)
	}
	show()
	if err := m.Change([]int32{2, 3}, []uint64{cch.Inf, cch.Inf}); err != nil {
		fmt.Println(err)
		return
	}
	show()
	from := cch.Places{First: []int32{0, 1}, Gates: []cch.Gate{{Node: 0}}}
	to := cch.Places{First: []int32{0, 1, 2}, Gates: []cch.Gate{{Node: 1}, {Node: 2}}}
	_, err = m.Table(ctx, from, to, 1, func(b cch.Block) {
		fmt.Println("from 0:", b.Weights[0*cch.Lanes], "s to 1,", b.Weights[1*cch.Lanes], "s to 2")
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// from 0 to 2: 1200 s along arcs [0 2]
	// from 0 to 2: 1800 s along arcs [4 6]
	// from 0: 600 s to 1, 1800 s to 2
}
