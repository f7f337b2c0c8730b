// Command generate makes the derived files of the bundled areas anew: the
// maps, homes and people of the modelled areas from their tables, and the
// homes and drawn borders of the real ones from their maps. It runs in the
// folder above, by go generate. The same tables give the same bytes.
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
		if err := draw(area); err != nil {
			return err
		}
	}
	for _, area := range realAreas {
		made, err := area.files(filepath.Join(area.slug, area.file))
		if err != nil {
			return fmt.Errorf("%s: %w", area.slug, err)
		}
		if err := writeAll(area.slug, made); err != nil {
			return err
		}
	}
	return nil
}

// draw writes the files of one modelled area and prints its size.
func draw(area model.Area) error {
	n, err := model.Build(os.DirFS(area.Slug), area.Title, area.Seed)
	if err != nil {
		return err
	}
	var osm, homes, people bytes.Buffer
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
	if err := n.WritePeople(&people); err != nil {
		return err
	}
	fmt.Print(n.Summary())
	return writeAll(area.Slug, map[string][]byte{"map.osm.gz": packed, "homes.csv": homes.Bytes(), "people.csv": people.Bytes()})
}

func writeAll(dir string, files map[string][]byte) error {
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
