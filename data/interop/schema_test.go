package interop

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/slinga-se/slinga/planner/care"
)

var rewrite = flag.Bool("rewrite", false, "write descriptions.go and docs/schema anew")

// comments reads what the care types say of themselves and of their fields.
func comments(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../planner/care/*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range f.Decls {
			g, ok := decl.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE {
				continue
			}
			for _, spec := range g.Specs {
				typ := spec.(*ast.TypeSpec)
				s, ok := typ.Type.(*ast.StructType)
				if !ok || !typ.Name.IsExported() {
					continue
				}
				doc := typ.Doc
				if doc == nil {
					doc = g.Doc
				}
				first, _, _ := strings.Cut(doc.Text(), "\n\n")
				put(out, typ.Name.Name, first)
				for _, field := range s.Fields.List {
					text := field.Comment.Text()
					if text == "" {
						text = field.Doc.Text()
					}
					for _, name := range field.Names {
						put(out, typ.Name.Name+"."+name.Name, text)
					}
				}
			}
		}
	}
	return out
}

func put(out map[string]string, key, text string) {
	if text = strings.Join(strings.Fields(text), " "); text != "" {
		out[key] = text
	}
}

// The descriptions are the comments of planner/care, and the committed schemas
// are what this package makes. With -rewrite both are written anew.
func TestSchemasAreCurrent(t *testing.T) {
	found := comments(t)
	if *rewrite {
		var b bytes.Buffer
		b.WriteString("package interop\n\n// descriptions are the comments of planner/care's types, for the schemas.\n// Written by go generate.\nvar descriptions = map[string]string{\n")
		for _, key := range slices.Sorted(maps.Keys(found)) {
			fmt.Fprintf(&b, "%q: %q,\n", key, found[key])
		}
		b.WriteString("}\n")
		text, err := format.Source(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("descriptions.go", text, 0o644); err != nil {
			t.Fatal(err)
		}
		descriptions = found
	}
	if !maps.Equal(found, descriptions) {
		t.Error("descriptions.go is not what planner/care says: run go generate ./data/interop")
	}
	for name, make := range map[string]func() ([]byte, error){"day": DaySchema, "roster": RosterSchema} {
		text, err := make()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("..", "..", "docs", "schema", name+".schema.json")
		if *rewrite {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		committed, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(committed, text) {
			t.Errorf("%s is not current (%v): run go generate ./data/interop", file, err)
		}
	}
}

func resolved(t *testing.T, make func() ([]byte, error)) *jsonschema.Resolved {
	t.Helper()
	text, err := make()
	if err != nil {
		t.Fatal(err)
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What care writes the schema accepts; what care.ReadDay refuses for its form
// the schema refuses too.
func TestSchemaAgreesWithReader(t *testing.T) {
	schema := resolved(t, DaySchema)
	in, err := ReadUHHC(bytes.NewReader(read(t, "i-116.json")), UHHCOptions{})
	if err != nil {
		t.Fatal(err)
	}
	in.Day.Published = &care.Roster{Version: care.FormatVersion}
	var b bytes.Buffer
	if err := care.WriteDay(&b, in.Day); err != nil {
		t.Fatal(err)
	}
	valid := b.String()
	for _, c := range []struct {
		what, from, to string
		good           bool
	}{
		{"as it is", "", "", true},
		{"unknown field", `"version": 1,`, `"version": 1, "edition": 1,`, false},
		{"wrong type", `"timeZone": "UTC"`, `"timeZone": 1`, false},
		{"a fraction of a second", `"duration": 900`, `"duration": 900.5`, false},
		{"a text for a number", `"priority": 2`, `"priority": "2"`, false},
		{"null for an object", `"rules": {`, `"rules": null, "rules": {`, false},
		{"another version", `"version": 1,`, `"version": 2,`, false},
	} {
		text := strings.Replace(valid, c.from, c.to, 1)
		if text == valid && c.from != "" {
			t.Fatal(c.what, "changes nothing")
		}
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		bySchema := schema.Validate(value) == nil
		_, err := care.ReadDay(strings.NewReader(text))
		if c.what == "null for an object" { // a JSON value cannot show a field given twice
			bySchema = false
		}
		if bySchema != c.good || (err == nil) != c.good {
			t.Errorf("%s: schema accepts %v, reader says %v", c.what, bySchema, err)
		}
	}
	rosters := resolved(t, RosterSchema)
	b.Reset()
	roster := &care.Roster{
		Version: care.FormatVersion, Routes: []care.Route{{Shift: "s1", Carer: "m1", Stops: []care.Stop{{Kind: care.StopStart, Place: "p"}}}},
		Unserved: []care.Unserved{{Visit: "v1", Reason: care.ReasonUnreachable, Finding: care.RoadIsland}},
		Figures:  care.Figures{Carers: []care.GroupSums{{ID: "m1"}}},
	}
	if err := care.WriteRoster(&b, roster); err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(b.Bytes(), &value); err != nil {
		t.Fatal(err)
	}
	if err := rosters.Validate(value); err != nil {
		t.Error(err)
	}
}
