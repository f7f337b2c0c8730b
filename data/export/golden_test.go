package export_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/slinga-se/slinga/data/export"
)

// TestGolden holds what each writer makes of the tiny night. After a change
// that is meant, write the files anew and read the difference:
//
//	go test ./data/export -run TestGolden -rewrite
func TestGolden(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			in := tiny()
			var lang, carer string
			d.MaybeScanArgs(t, "lang", &lang)
			d.MaybeScanArgs(t, "carer", &carer)
			in.Lang = export.Lang(lang)
			if d.HasArg("straight") {
				in.Map = nil
			}
			var out bytes.Buffer
			var err error
			switch d.Cmd {
			case "roster-csv":
				err = export.RosterCSV(&out, in)
			case "whiteboard-csv":
				err = export.WhiteboardCSV(&out, in)
			case "geojson":
				err = export.GeoJSON(&out, in)
			case "gpx":
				err = export.GPX(&out, in, carer)
			case "ics":
				err = export.ICS(&out, in, carer)
			default:
				d.Fatalf(t, "no such writer: %s", d.Cmd)
			}
			if err != nil {
				return "error: " + err.Error()
			}
			// Line ends and the byte order mark are shown, since they matter.
			text := strings.ReplaceAll(out.String(), "\r\n", "␍\n")
			return strings.ReplaceAll(text, "\ufeff", "<BOM>")
		})
	})
}
