package solver

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
)

// bytesSource draws a problem from fuzz input: each draw eats a byte. The count
// of draws is mixed in, so that no input can make rand draw again for ever.
type bytesSource struct {
	data  []byte
	drawn uint64
}

func (b *bytesSource) Uint64() uint64 {
	b.drawn++
	x := b.drawn << 32
	if len(b.data) > 0 {
		x = uint64(b.data[0])<<56 | b.drawn
		b.data = b.data[1:]
	}
	return x ^ x*0x9E3779B97F4A7C15>>8
}

// mostLaid bounds the oracle, for the fuzzer ends what takes ten seconds.
const mostLaid = 1_000_000

// FuzzSolve builds random rich problems and compares with the oracle: whatever
// Solve returns passes Check, is never below the optimum, and nothing that
// pays is left over.
func FuzzSolve(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 16 {
		seed := make([]byte, 120+i)
		for i := range seed {
			seed[i] = byte(random.Uint32())
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		random := rand.New(&bytesSource{data: data})
		p := tiny(random)
		switch len(data) % 4 {
		case 1:
			p = coupling(random)
		case 2, 3:
			p = changing(random, p)
		}
		if len(data)%5 == 4 {
			p = carrying(random, p)
		}
		if len(data)%11 == 10 {
			p = sharing(random, p)
			if len(data)%2 == 0 {
				p = bringing(random, p)
			}
		}
		if len(data)%13 == 12 {
			p = covering(random, p)
		}
		if len(data)%7 == 6 {
			p = parted(random, p)
		}
		if len(data)%6 == 5 {
			p = counting(random, p)
		}
		if len(data)%13 == 12 {
			p = altering(random, p)
		}
		if len(data)%7 == 3 {
			p = leveled(random, p)
		}
		if len(data)%3 == 1 && len(p.Tasks) <= 4 { // or trying everything takes too long
			p = choosing(random, p)
		}
		if len(data)%7 == 2 {
			p = pinning(random, p)
		}
		if len(data)%8 == 7 {
			p = classing(random, p)
		}
		if len(data)%3 == 1 && len(data)%4 != 1 {
			p = resting(random, p)
		}
		if len(data)%13 == 12 {
			if p = fewer(p); len(data)%3 == 1 && len(data)%4 != 1 {
				p = provisioned(random, p)
			} else {
				p = stocking(random, p)
			}
		}
		if err := p.Validate(); err != nil {
			return
		}
		var warm *Solution
		if len(data)%9 == 4 {
			begun, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 5})
			if err == nil {
				freezeFirst(random, p, begun)
				warm = begun
			}
		}
		s, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 200, Workers: 1 + len(data)%2, Warm: warm})
		if err != nil && !errors.Is(err, ErrMandatory) && !errors.Is(err, ErrHard) {
			t.Fatal(err)
		}
		for _, b := range Check(p, s) {
			if b.Rule != "term" || !errors.Is(err, ErrHard) {
				t.Error(b)
			}
		}
		got := lexicographic(p, s.Terms)
		o := newOracle(p, min(got, Infinity-1))
		o.warm, o.most = warm, mostLaid
		if o.place(0, 0); got < o.best && !o.spent() {
			t.Errorf("costs %d, which nothing does", got)
		}
		m := compile(context.Background(), p, false)
		for _, task := range s.Unserved {
			if fit, ok := Insertable(p, s, task); ok && fit.Cost < m.fault[m.unitOf[task]] {
				t.Errorf("task %d is left out and fits at %d", task, fit.Cost)
			}
		}
	})
}

// FuzzValidate feeds raw numbers into every field: a problem that Validate
// lets through must not make Solve or Check panic.
func FuzzValidate(f *testing.F) {
	f.Add(int64(5), int64(9), int32(1), int64(3), int64(0), int64(0), int32(0))
	f.Add(int64(5), int64(90), int32(7), int64(3), int64(0), int64(40), int32(0))
	f.Add(Infinity, -Infinity, NoWay, most, most, int64(-1), None)
	f.Fuzz(func(t *testing.T, from, to int64, travel int32, service, lo, hi int64, index int32) {
		p, _ := planted()
		p.Tasks[0].Modes[0].Windows[0] = Window{from, to}
		p.Profiles[0].Periods[0].Time[1] = travel
		if hi != 0 {
			later := p.Profiles[0].Periods[0]
			later.From, later.Time = hi, append([]int32{}, later.Time...)
			later.Time[2], later.Time[5] = travel, NoWay
			p.Profiles[0].Periods = append(p.Profiles[0].Periods, later)
		}
		p.Tasks[1].Modes[0].Service = service
		p.Links[0].Min, p.Links[0].Max = lo, hi
		p.Tasks[2].Modes[0].Location = index
		p.Shifts[1].End = to
		p.Shifts[0].Breaks[0].Length = service
		if p.Validate() != nil {
			return
		}
		s, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 50})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range Check(p, s) {
			t.Error(b)
		}
	})
}
