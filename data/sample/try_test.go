package sample

import (
	"fmt"
	"testing"
)

func TestTry(t *testing.T) {
	for _, a := range Areas() {
		d, _ := Generate(a, 1, Options{})
		tasks := map[string]int{}
		svc, dbl, sh, nodrive := 0, 0, 0, map[string]int{}
		for _, v := range d.Visits {
			tasks[v.Task]++
			svc += int(v.Duration) * v.Carers
			if v.Carers > 1 {
				dbl++
			}
		}
		for _, s := range d.Shifts {
			sh += int(s.End - s.Start)
			nodrive[fmt.Sprintf("%s %02d", s.From, s.Start/3600)]++
		}
		fmt.Println(a.Slug, "clients", len(d.Clients), "visits", len(d.Visits), "double", dbl, "service h", svc/3600, "shift h", sh/3600, "shifts", len(d.Shifts), "carers", len(d.Carers), "cars", len(d.Vehicles), "links", len(d.Links), "hist", len(d.History), tasks)
		fmt.Println(nodrive)
	}
}
