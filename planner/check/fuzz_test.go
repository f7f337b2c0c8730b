package check

import (
	"bytes"
	"testing"

	"github.com/slinga-se/slinga/planner/care"
)

// FuzzRoster judges any roster that can be read against the small day.
func FuzzRoster(f *testing.F) {
	d, travel := smallDay()
	var b bytes.Buffer
	if err := care.WriteRoster(&b, smallRoster(d)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"version":1,"routes":[{"shift":"d1","carer":"m1","stops":[{"kind":"visit","visit":"b1"},{"kind":"break"}]}],"unserved":[{"visit":"b3","reason":"full"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := care.ReadRoster(bytes.NewReader(text))
		if err != nil {
			return
		}
		r.Figures = care.Summarise(d, r)
		for _, breach := range Roster(d, travel, r).Breaches {
			if breach.Rule == Figures {
				t.Fatalf("added up differently: %s", breach.English)
			}
		}
	})
}
