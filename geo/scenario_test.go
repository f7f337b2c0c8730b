package geo

import (
	"fmt"
	"strings"
	"testing"
)

// want compares lines without regard to indentation.
func want(t *testing.T, got, expected string) {
	t.Helper()
	clean := func(s string) string {
		lines := strings.Split(strings.TrimSpace(s), "\n")
		for i := range lines {
			lines[i] = strings.TrimSpace(lines[i])
		}
		return strings.Join(lines, "\n")
	}
	if clean(got) != clean(expected) {
		t.Errorf("got:\n%s\nwant:\n%s", clean(got), clean(expected))
	}
}

func TestNoLeftTurnGoesRoundTheBlock(t *testing.T) {
	t.Parallel()
	// Coming from a, one may not turn from b down to e, so the way there is
	// over c and f.
	d := draw(t, `
		a b c
		. e f`,
		"ab", "bc", "be", "cf", "ef", "no ab b be")
	m := mustMetric(t, d.build(t), evenCar())
	want(t, d.legs(t, m, "a e", "e a", "ab be", "b e", "c e", "a b"), `
		a e: 800 m
		e a: 400 m
		ab be: 800 m
		b e: 200 m
		c e: 400 m
		a b: 200 m`)
}

func TestOnlyStraightOn(t *testing.T) {
	t.Parallel()
	// From a one must go on to c, turn round at its end, and come back.
	d := draw(t, `
		a b c
		. e .`,
		"ab", "bc", "be", "only ab b bc")
	m := mustMetric(t, d.build(t), evenCar())
	want(t, d.legs(t, m, "a e", "a b", "e a", "ab ab", "ab a"), `
		a e: 800 m
		a b: 200 m
		e a: 400 m
		ab ab: 0 m
		ab a: 100 m`)
}

func TestRestrictionOverAWay(t *testing.T) {
	t.Parallel()
	// From a over bc one may not turn back to d: a U-turn over the middle
	// bridge. From f over the bridge one may.
	d := draw(t, `
		f b a
		e c d`,
		"ab", "fb", "bc", "cd", "ec", "no ab bc cd")
	m := mustMetric(t, d.build(t), evenCar())
	want(t, d.legs(t, m, "a d", "f d", "a e", "b d", "bc d"), `
		a d: 1000 m
		f d: 600 m
		a e: 600 m
		b d: 400 m
		bc d: 300 m`)
}

func TestRestrictionOverAWayWithoutLength(t *testing.T) {
	t.Parallel()
	// Nobody can drive along cc, so the restriction is void, wherever among
	// its ways cc is.
	for _, rule := range []string{"only ab bc cc cd", "only ab bb bc cd", "no ab bc cc ce", "only ab bc cd"} {
		d := draw(t, `
			a b c d
			. . e`,
			"ab", "bb", "bc", "cc", "cd", "ce", rule)
		m := mustMetric(t, d.build(t), evenCar())
		length := 600
		if rule == "only ab bc cd" {
			length = 1000
		}
		want(t, d.legs(t, m, "a e"), fmt.Sprintf("a e: %d m", length))
	}
}

func TestBarrierCutsForCarsNotOnFoot(t *testing.T) {
	t.Parallel()
	d := draw(t, `
		a b c
		d . e
		f . g`,
		"abc", "ad", "df", "fg", "ge", "ec", "closed b")
	r := d.build(t)
	car := mustMetric(t, r, evenCar())
	want(t, d.legs(t, car, "a c", "ab bc", "ab b", "bc b", "b c"), `
		a c: 1200 m
		ab bc: 1400 m
		ab b: 100 m
		bc b: 100 m
		b c: 200 m`)
	foot := evenCar()
	foot.Mode = 4
	want(t, d.legs(t, mustMetric(t, r, foot), "a c", "ab bc"), `
		a c: 400 m
		ab bc: 200 m`)
}

func TestOnewayAndTheSameSegment(t *testing.T) {
	t.Parallel()
	// Both places lie on the one-way ab, so the way back is round the block.
	d := draw(t, `
		a xy b
		c  . d`,
		"axyb>", "bd", "dc", "ca")
	m := mustMetric(t, d.build(t), evenCar())
	want(t, d.legs(t, m, "ax yb", "yb ax", "x y", "y x"), `
		ax yb: 300 m
		yb ax: 1100 m
		x y: 100 m
		y x: 1300 m`)
}

func TestFerryAndIceRoad(t *testing.T) {
	t.Parallel()
	d := draw(t, `
		a b . . c d
		. . . . . e`,
		"ab", "bc ferry", "cd", "de", "ae ice")
	r := d.build(t)
	summer := mustMetric(t, r, evenCar())
	winter := evenCar()
	winter.IceRoads, winter.Ferries, winter.IceSpeed = true, false, 0
	want(t, d.legs(t, summer, "a d", "b e"), `
		a d: 1000 m
		b e: 1000 m`)
	want(t, d.legs(t, mustMetric(t, r, winter), "a d", "b a", "c b"), `
		a d: 1220 m
		b a: 200 m
		c b: 1620 m`)
	snaps := mustSnap(t, summer, d.at(t, "b"), d.at(t, "c"))
	table, err := summer.Table(t.Context(), snaps, snaps, 1)
	if err != nil {
		t.Fatal(err)
	}
	if s, _ := table.At(0, 1); s != 900 {
		t.Errorf("the ferry takes %d s, want 600 for the crossing and 300 to board", s)
	}
}
