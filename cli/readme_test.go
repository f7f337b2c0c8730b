package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/data/sample"
)

// TestReadmeTellsTheDemo holds the README's figures of the demo day, and its
// two commands, against the program.
func TestReadmeTellsTheDemo(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	area, _ := sample.ByName("ostra-norrbotten")
	day, err := sample.Generate(area, 1, sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	readme := strings.Join(strings.Fields(string(text)), " ")
	for _, want := range []string{
		"go run ./cli/slinga demo go test ./...",
		fmt.Sprintf("%d clients, %d visits, %d shifts", len(day.Clients), len(day.Visits), len(day.Shifts)),
	} {
		if !strings.Contains(readme, want) {
			t.Errorf("README.md does not say %q", want)
		}
	}
}

// TestReadmeProgramCompiles has the README's program vetted as it stands.
func TestReadmeProgramCompiles(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, program, _ := strings.Cut(string(text), "```go\n")
	program, _, ok := strings.Cut(program, "```")
	if !ok {
		t.Fatal("README.md shows no Go program")
	}
	file := filepath.Join(t.TempDir(), "main.go")
	write(t, file, []byte(program))
	c := exec.Command("go", "vet", file)
	c.Dir = root
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
