// Command generate draws the modelled areas anew: it reads the tables of each
// area and writes its map and its table of homes beside them. Run it with
// go generate in the folder above.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/slinga-se/slinga/data/sample/internal/model"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	for _, area := range model.Areas {
		n, err := model.Build(os.DirFS(area.Slug), area.Title, area.Seed)
		if err != nil {
			return err
		}
		var osm, homes bytes.Buffer
		if err := n.WriteOSM(&osm); err != nil {
			return err
		}
		packed, err := model.Pack(osm.Bytes())
		if err != nil {
			return err
		}
		if err := n.WriteHomes(&homes); err != nil {
			return err
		}
		for name, text := range map[string][]byte{"map.osm.gz": packed, "homes.csv": homes.Bytes()} {
			if err := os.WriteFile(filepath.Join(area.Slug, name), text, 0o644); err != nil {
				return err
			}
		}
		fmt.Print(n.Summary())
	}
	return nil
}
