package table

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

const docsBegin, docsEnd = "<!-- the tables below are written by `go test ./data/table -run TestDocs -rewrite` -->\n", "<!-- end of the tables -->\n"

// docs/input.md lists every table and header that columns.go has.
func TestDocs(t *testing.T) {
	const path = "../../docs/input.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), docsBegin)
	listed, after, ok2 := strings.Cut(rest, docsEnd)
	if !ok || !ok2 {
		t.Fatal("docs/input.md has lost its marks")
	}
	want := documentation()
	if *rewrite {
		if err := os.WriteFile(path, []byte(before+docsBegin+want+docsEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if listed != want {
		t.Error("docs/input.md does not say what columns.go does: run go test ./data/table -run TestDocs -rewrite")
	}
}

func documentation() string {
	var b strings.Builder
	for _, k := range kinds {
		need := "optional"
		if k.required {
			need = "required"
		}
		fmt.Fprintf(&b, "\n### %s.csv (%s)\n\nAlso called: %s.\n\n| header | other headers | a cell holds |\n|---|---|---|\n", k.name, need, strings.Join(k.aliases, ", "))
		for _, c := range k.columns {
			name := "`" + c.name + "`"
			if c.required {
				name = "**" + name + "**"
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", name, strings.Join(c.aliases, ", "), c.form)
		}
	}
	b.WriteString("\n### names.csv (never read with a day)\n\n| header | other headers | a cell holds |\n|---|---|---|\n")
	for _, c := range namesColumns {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.name, strings.Join(c.aliases, ", "), c.form)
	}
	b.WriteString("\n")
	return b.String()
}

// A header or a file name that stood for two things would be read as the
// first in silence.
func TestNoHeaderMeansTwoThings(t *testing.T) {
	lists := map[string][]column{"names": namesColumns, "keys of day": dayKeys}
	files := map[string]string{}
	for _, k := range kinds {
		lists[k.name] = k.columns
		for _, name := range append([]string{k.name}, k.aliases...) {
			if other := files[fold(name)]; other != "" && other != k.name {
				t.Errorf("the file %s is %s and %s", name, other, k.name)
			}
			files[fold(name)] = k.name
		}
	}
	for list, columns := range lists {
		seen := map[string]string{}
		for _, c := range columns {
			for _, name := range append([]string{c.name}, c.aliases...) {
				if other := seen[fold(name)]; other != "" && other != c.name {
					t.Errorf("%s: the header %s is %s and %s", list, name, other, c.name)
				}
				seen[fold(name)] = c.name
				if list != "names" && isPersonalHeader(name) && (list != "municipalities" || c.name != "name") && (list != "keys of day" || c.name != "area") {
					t.Errorf("%s: the header %s is a personal one", list, name)
				}
			}
		}
	}
}
