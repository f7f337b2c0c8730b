package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// TestCommands runs the scripts in testdata/commands. A script makes files and
// runs command lines in a folder of its own, and shows what they print:
//
//	file day/visits.csv
//	id;client;task;duration;window
//	----
//
//	slinga plan --map map.osm --day day
//	----
//	what it prints, messages and the exit code last
//
// Every script starts with the small map and the small day of this package.
// go test ./cli -run TestCommands -rewrite writes what is printed now.
func TestCommands(t *testing.T) {
	datadriven.Walk(t, "testdata/commands", func(t *testing.T, path string) {
		path, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		// Paths in messages are short in the folder itself.
		t.Chdir(room(t, nil))
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "file":
				put(t, d.CmdArgs[0].Key, d.Input+"\n")
				return ""
			case "replace": // FILE, then the text to find and the text to put on two lines
				text, err := os.ReadFile(d.CmdArgs[0].Key)
				if err != nil {
					t.Fatal(err)
				}
				find, with, _ := strings.Cut(d.Input, "\n")
				if !strings.Contains(string(text), find) {
					t.Fatalf("%s does not hold %q", d.CmdArgs[0].Key, find)
				}
				write(t, d.CmdArgs[0].Key, []byte(strings.Replace(string(text), find, with, 1)))
				return ""
			case "slinga":
				return printed(slinga(strings.Fields(d.Input)...))
			}
			t.Fatalf("no such step: %s", d.Cmd)
			return ""
		})
	})
}

// took is how long something took: another number every time.
var took = regexp.MustCompile(`(searched for|sökt i|written in|skriven på) [0-9]+([.,])[0-9] s`)

func printed(r result) string {
	text := took.ReplaceAllString(r.out, "$1 0${2}0 s") + r.err
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	text = strings.Join(lines, "\n")
	if text != "" {
		text += "\n"
	}
	return text + fmt.Sprintf("exit %d\n", r.code)
}
