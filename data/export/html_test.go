package export_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/slinga-se/slinga/data/export"
)

func TestWriteForLooking(t *testing.T) {
	for name, s := range map[string]size{"small": small, "big": {carers: 120, clients: 634, visitsEach: 14, sideRoads: 4200}} {
		in := newSample(s).report()
		var out bytes.Buffer
		if err := export.HTML(&out, in); err != nil {
			t.Fatal(err)
		}
		t.Log(name, out.Len())
		if dir := os.Getenv("LOOK"); dir != "" {
			os.WriteFile(dir+"/"+name+".html", out.Bytes(), 0o600)
		}
	}
}
