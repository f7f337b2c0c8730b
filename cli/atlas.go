package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

func areaNames() string {
	var names []string
	for _, a := range sample.Areas() {
		names = append(names, a.Slug)
	}
	return strings.Join(names, ", ")
}

// atlas is a road map with the borders that belong to it.
type atlas struct {
	region      *geo.Region
	borders     *geo.Borders // nil: none given
	outlines    []byte       // the border file, for drawing
	bordersID   string       // property with the municipality's id
	attribution string
}

func (a *atlas) Close() {
	if a.region != nil {
		_ = a.region.Close()
	}
}

// loadAtlas opens the map and the borders that the flags name.
func loadAtlas(c *ucli.Context, p *progress) (*atlas, error) {
	spec := c.String("map")
	if spec == "" {
		return nil, badInput("no map: give --map with a region file, an OSM file or one of %s", areaNames())
	}
	a := &atlas{}
	if err := a.load(c.Context, spec, p); err != nil {
		return nil, err
	}
	if file := c.String("borders"); file != "" {
		a.bordersID = c.String("borders-id") // a bundled area has set its own
		text, err := os.ReadFile(file)
		if err != nil {
			a.Close()
			return nil, badInput("cannot read the borders %s: %w", file, plain(err))
		}
		if err := a.setBorders(text, filepath.Base(file), c.String("borders-name")); err != nil {
			a.Close()
			return nil, err
		}
	}
	return a, nil
}

// loadRoads is loadAtlas for commands that answer from the roads alone: they
// say on standard error when these are modelled.
func loadRoads(c *ucli.Context, s *session, p *progress) (*atlas, error) {
	a, err := loadAtlas(c, p)
	if err != nil {
		return nil, err
	}
	if info := a.region.Info(); info.Modelled {
		fmt.Fprintln(s.Err, "slinga: note:", standingNote(info))
	}
	return a, nil
}

// load opens the map that a name of a bundled area or a path stands for.
func (a *atlas) load(ctx context.Context, spec string, p *progress) error {
	if area, ok := sample.ByName(spec); ok {
		return a.loadArea(ctx, area, p)
	}
	region, err := openMap(ctx, spec, p)
	if err != nil {
		return err
	}
	a.region, a.attribution = region, attribution(region.Info())
	return nil
}

func (a *atlas) setBorders(text []byte, name, nameProperty string) error {
	b, err := geo.ReadBorders(bytes.NewReader(text), name, geo.BorderOptions{IDProperty: a.bordersID, NameProperty: nameProperty})
	if err != nil {
		return inputError{err}
	}
	a.borders, a.outlines = b, text
	return nil
}

// loadArea builds the map of a bundled area.
func (a *atlas) loadArea(ctx context.Context, area sample.Area, p *progress) error {
	text, err := area.Map()
	if err != nil {
		return err
	}
	p.step("building the map of %s", area.Title)
	defer p.done()
	net, err := osm.ReadFrom(ctx, bytes.NewReader(text), area.MapName, osm.Options{})
	if err != nil {
		return err
	}
	region, err := geo.Build(net, geo.BuildOptions{
		Name: area.Title, Note: area.Note, Modelled: area.Modelled,
		OnProgress: func(g geo.Progress) { p.show("building the map of %s: %s", area.Title, g.Stage) },
	})
	if err != nil {
		return err
	}
	a.region = region
	a.bordersID = "kommun_kod"
	a.attribution = area.Note
	outlines, err := area.Borders()
	if err != nil {
		return err
	}
	return a.setBorders(outlines, area.Slug+" borders", "kommun_namn")
}

// openMap opens a region file, or builds a region from an OSM file.
func openMap(ctx context.Context, path string, p *progress) (*geo.Region, error) {
	if info, err := os.Stat(path); err != nil {
		return nil, badInput("cannot open the map %s: %w; give a file or one of %s", path, plain(err), areaNames())
	} else if info.IsDir() {
		return nil, badInput("the map %s is a folder; give a region file or an OSM file", path)
	} else if !info.Mode().IsRegular() {
		// It is read more than once, and a pipe would wait for ever.
		return nil, badInput("the map %s is no ordinary file; save what it holds and give that", path)
	}
	if err := mustOpen("the map", path); err != nil {
		return nil, err
	}
	region, err := geo.Open(path)
	if err == nil {
		return region, nil
	}
	if !errors.Is(err, geo.ErrNotRegion) || strings.EqualFold(filepath.Ext(path), ".region") {
		return nil, inputError{err}
	}
	return buildMap(ctx, geo.BuildOptions{Name: mapName(path)}, p, path)
}

// buildMap builds a region from OSM files.
func buildMap(ctx context.Context, o geo.BuildOptions, p *progress, paths ...string) (*geo.Region, error) {
	p.step("building the map")
	defer p.done()
	o.OnProgress = func(g geo.Progress) {
		read := ""
		if g.Size > 0 {
			read = fmt.Sprintf(", %d %%", 100*g.Bytes/g.Size)
		}
		p.show("building the map: %s%s, step %d of %d", g.Stage, read, g.Done+1, g.Total)
	}
	stated := o.Source != ""
	if !stated {
		o.Source = osmSource
	}
	region, err := geo.BuildFiles(ctx, o, paths...)
	if err == nil && !stated && region.Info().Modelled {
		// Roads that a program drew are nobody's survey: nothing may claim
		// that they come from OpenStreetMap. Modelled maps are small, and so
		// are built again rather than every real one read twice.
		o.Source = ""
		_ = region.Close()
		region, err = geo.BuildFiles(ctx, o, paths...)
	}
	if err != nil {
		return nil, inputError{err}
	}
	return region, nil
}

// osmSource is who the roads of an extract are owed to when nobody says
// otherwise.
const osmSource = "© OpenStreetMap contributors, ODbL"

// attribution is the line in the corner of a drawn map.
func attribution(info geo.Info) string {
	if info.Modelled {
		return joinNotes(info.Source, standingNote(info))
	}
	return cmpOr(info.Source, osmSource)
}

// mapName is a file name without its extensions.
func mapName(path string) string {
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	return name
}
