package care_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/planner/care"
)

// docs/rules.md gives the source of every default number; here it is held to
// the numbers themselves.
func TestRulesAreDocumentedAsTheyAre(t *testing.T) {
	text, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-zA-Z.]+)` \\| ([^|]*) \\| ([^|]*) \\|").FindAllStringSubmatch(string(text), -1) {
		rows[m[1]] = m[2] + "|" + m[3]
	}
	group := func(n int64) string { // 200000 as 200 000
		s := fmt.Sprint(n)
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + " " + s[i:]
		}
		return s
	}
	r := care.DefaultRules()
	for name, want := range map[string]string{
		"break.workBefore":         fmt.Sprintf("%d (", r.Break.WorkBefore),
		"break.length":             fmt.Sprintf("%d (", r.Break.Length),
		"workingTime.dailyRest":    fmt.Sprintf("%d (", r.WorkingTime.DailyRest),
		"workingTime.splitShifts":  fmt.Sprint(r.WorkingTime.SplitShifts),
		"workingTime.longestShift": fmt.Sprintf("%d (", r.WorkingTime.LongestShift),
		"leave":                    fmt.Sprintf("%d s|%d s", r.Handling.Summer.Leave, r.Handling.Winter.Leave),
		"arrive":                   fmt.Sprintf("%d s|%d s", r.Handling.Summer.Arrive, r.Handling.Winter.Arrive),
		"samePlace":                fmt.Sprintf("%d s|%d s", r.Handling.Summer.SamePlace, r.Handling.Winter.SamePlace),
	} {
		if !strings.HasPrefix(rows[name], want) {
			t.Errorf("%s: documented as %q, is %s", name, rows[name], want)
		}
	}
	encoded, err := json.Marshal(r.Weights)
	if err != nil {
		t.Fatal(err)
	}
	var weights map[string]any
	if err := json.Unmarshal(encoded, &weights); err != nil {
		t.Fatal(err)
	}
	for name, value := range weights {
		want := ""
		switch v := value.(type) {
		case float64:
			want = group(int64(v)) + "|"
		case []any:
			var parts []string
			for _, x := range v {
				parts = append(parts, group(int64(x.(float64))))
			}
			want = strings.Join(parts, ", ") + "|"
		}
		if !strings.HasPrefix(rows[name], want) {
			t.Errorf("weight %s: documented as %q, is %s", name, rows[name], want)
		}
	}
}
