package check

import (
	"os"
	"strings"
	"testing"
)

// docs/rules.md lists every rule that is judged, and each has words of its own
// in both languages.
func TestEveryRuleIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]RuleID{}
	for _, r := range Rules() {
		if !strings.Contains(string(text), "`"+string(r.ID)+"`") {
			t.Errorf("rule %s is not in docs/rules.md", r.ID)
		}
		for _, lang := range []string{"en", "sv"} {
			w := r.ID.Text(lang)
			if other, twice := words[w]; twice || w == "" {
				t.Errorf("rules %s and %s read alike in %s", r.ID, other, lang)
			}
			words[w] = r.ID
		}
	}
}
