//go:build !ablations

package main

import (
	"strings"
	"testing"
)

func TestNeedsTheTag(t *testing.T) {
	var out strings.Builder
	err := app(&out).RunContext(t.Context(), []string{"ablate", "--sets", "nowhere"})
	if err == nil || !strings.Contains(err.Error(), "-tags ablations") {
		t.Errorf("%v", err)
	}
}
