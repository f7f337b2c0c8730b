package cli_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// A map that is built anew waits for who is changing the presets of the file in
// its place, and takes over what they have kept meanwhile.
func TestMapBuildWaitsForWhoKeepsPresets(t *testing.T) {
	dir := t.TempDir()
	drawn, path := filepath.Join(dir, "map.osm"), filepath.Join(dir, "x.region")
	if err := os.WriteFile(drawn, []byte(smallMap), 0o600); err != nil {
		t.Fatal(err)
	}
	mustRun(t, "map", "build", "--out", path, drawn)

	held, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(held.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	done := make(chan result, 1)
	go func() { done <- slinga("map", "build", "--out", path, drawn) }()
	for !isWaitedFor(t, held) {
		select {
		case r := <-done:
			t.Fatalf("it did not wait: exit %d\n%s%s", r.code, r.out, r.err)
		default:
		}
	}
	region, err := geo.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := region.Keep(context.Background(), geo.Preset{Name: "bron", Profile: osm.CarProfile(), Condition: &geo.Condition{IceRoads: geo.StateClosed}}); err != nil {
		t.Fatal(err)
	}
	if err := region.Save(path); err != nil {
		t.Fatal(err)
	}
	_ = region.Close()
	_ = held.Close()
	if r := <-done; r.code != 0 {
		t.Fatalf("exit %d\n%s%s", r.code, r.out, r.err)
	}
	if r := mustRun(t, "map", "preset", "list", path); !strings.Contains(r.out, "bron") {
		t.Errorf("the preset is lost:\n%s", r.out)
	}
}

// isWaitedFor asks the kernel whether some process waits for the lock on a file.
func isWaitedFor(t *testing.T, f *os.File) bool {
	t.Helper()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	inode := fmt.Sprintf(":%d ", info.Sys().(*syscall.Stat_t).Ino)
	locks, err := os.Open("/proc/locks")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = locks.Close() }()
	for lines := bufio.NewScanner(locks); lines.Scan(); {
		if line := lines.Text(); strings.Contains(line, "-> FLOCK") && strings.Contains(line, inode) {
			return true
		}
	}
	return false
}
