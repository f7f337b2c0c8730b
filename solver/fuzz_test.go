package solver

import (
	"context"
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

// mostTried bounds the oracle, for the fuzzer ends what takes ten seconds.
const mostTried = 500_000

// drawMask reads a set of features from the first bytes of fuzz input: each stands for a bit
// in two numbers, so that few of them are drawn by chance, and any can be. The rest is for
// the problem itself.
func drawMask(data []byte) (set mask, rest []byte) {
	var head [6]byte
	rest = data[copy(head[:], data):]
	number := func(at int) mask { return mask(head[at]) | mask(head[at+1])<<8 | mask(head[at+2])<<16 }
	return number(0) & number(3) & allFeatures, rest
}

// FuzzSolve builds random rich problems and compares with the oracle: whatever
// Solve returns passes Check, costs what the oracle pays for it, is never below the
// optimum, and nothing that pays is left over. There is a seed for every pair of features.
func FuzzSolve(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 2))
	for b := range features {
		for a := range b {
			set := mask(1)<<a | 1<<b
			seed := []byte{byte(set), byte(set >> 8), byte(set >> 16), byte(set), byte(set >> 8), byte(set >> 16)}
			for range 120 {
				seed = append(seed, byte(random.Uint32()))
			}
			f.Add(seed)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		set, rest := drawMask(data)
		random := rand.New(&bytesSource{data: rest})
		draw := []func(*rand.Rand) *Problem{tiny, crowded}[random.IntN(2)]
		workers := 1 + random.IntN(2)
		p, warm := withFeatures(random, draw(random), set)
		if p == nil {
			return
		}
		x := solveBeside(t, set.String(), p, Options{Seed: 1, Iterations: 200, Workers: workers, Warm: warm}, mostTried)
		if x != nil && x.got < x.want && !x.spent {
			t.Errorf("%s: costs %d, which nothing does", set, x.got)
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
