package cli_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/slinga-se/slinga/cli"
)

// Another program runs the command line in its own process: it hands over the
// streams and gets the exit code back. Nothing is read or written elsewhere.
func ExampleRun() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // an example's
	roads, points := filepath.Join(dir, "roads.osm"), filepath.Join(dir, "points.csv")
	for path, text := range map[string]string{
		roads: `<osm version="0.6">
 <node id="1" lat="65.84" lon="23.13"/><node id="2" lat="65.84" lon="23.14"/>
 <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="tertiary"/></way>
</osm>`,
		points: "id;lat;lon\nhome;65,84;23,13\nbase;65,84;23,14\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			panic(err)
		}
	}

	var results, messages strings.Builder
	streams := cli.Streams{In: strings.NewReader(""), Out: &results, Err: &messages}
	code := cli.Run(context.Background(), []string{"slinga", "matrix", "--map", roads, "--points", points}, streams)
	fmt.Println(code == cli.ExitGood, messages.Len())
	fmt.Print(results.String())

	results.Reset()
	code = cli.Run(context.Background(), []string{"slinga", "plan", "--lang", "fi"}, streams)
	fmt.Println(code == cli.ExitInput, messages.String())
	// Output:
	// true 0
	// from,to,seconds,metres
	// home,home,0,0
	// home,base,26,457
	// base,home,26,457
	// base,base,0,0
	// true slinga: --lang "fi": must be sv or en
}
