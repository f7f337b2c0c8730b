package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/benchmarks/internal/program"
)

// again does one case in this process.
func again(c *cli.Context) error {
	campaign, err := newCampaign(c.Uint64("seed"))
	if err != nil {
		return err
	}
	number := uint64(c.Int64("case"))
	x := campaign.corrupted(number)
	fmt.Fprintf(c.App.Writer, "case %d: %v, %s, %d bytes\n", number, x.form, x.mutation, len(x.bytes))
	if out := c.String("out"); out != "" {
		if err := os.WriteFile(out, x.bytes, 0o644); err != nil {
			return err
		}
	}
	t := tally{Outcomes: map[string]int64{}}
	campaign.run(number, &t)
	t.print(c.App.Writer)
	return t.verdict()
}

// portion does the cases that a parent process asks for, and tells it in JSON.
func portion(c *cli.Context) error {
	var first, end, stride uint64
	if _, err := fmt.Sscanf(c.String("part"), "%d:%d:%d", &first, &end, &stride); err != nil || stride == 0 {
		return program.BadInput("--part %q: want FIRST:END:STRIDE", c.String("part"))
	}
	campaign, err := newCampaign(c.Uint64("seed"))
	if err != nil {
		return err
	}
	progress := os.NewFile(3, "progress")
	return json.NewEncoder(c.App.Writer).Encode(campaign.work(c.Context, first, end, stride, progress))
}

// portionSize is how many cases a process does before it hands over: few
// enough that a crash costs little, many enough that starting costs less.
const portionSize = 50_000

// conduct divides the campaign among processes, and gathers.
func conduct(c *cli.Context) error {
	count, threads := c.Uint64("count"), c.Int("threads")
	if count == 0 || threads < 1 {
		return program.BadInput("--count and --threads must be at least 1")
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	begun := time.Now()
	all := &tally{Outcomes: map[string]int64{}}
	var mu sync.Mutex
	var failed error
	next := uint64(0)
	take := func() (first, end uint64, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		first, end = next, min(next+portionSize, count)
		next = end
		return first, end, first < end && failed == nil && len(all.Findings) < mostFindings && c.Context.Err() == nil
	}
	var group sync.WaitGroup
	for range threads {
		group.Go(func() {
			for {
				first, end, ok := take()
				if !ok {
					return
				}
				t, err := delegate(c.Context, self, c.Uint64("seed"), first, end)
				mu.Lock()
				all.add(t)
				failed = errors.Join(failed, err)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	seconds := time.Since(begun).Seconds()
	all.print(c.App.Writer)
	fmt.Fprintf(c.App.Writer, "%.1f s, %.0f cases a second on %d threads\n", seconds, float64(all.Cases)/seconds, threads)
	if folder := c.String("results"); folder != "" && failed == nil {
		failed = benchmarks.Append(filepath.Join(folder, "corrupt.csv"), all.records(c.Uint64("seed"), seconds, threads))
	}
	return errors.Join(c.Context.Err(), failed, all.verdict())
}

// delegate lets a process of its own do the cases from first up to end. When
// it dies, the case that it died of is a finding, and another process goes on
// behind it.
func delegate(ctx context.Context, self string, seed, first, end uint64) (*tally, error) {
	all := &tally{Outcomes: map[string]int64{}}
	progress, err := os.CreateTemp("", "corrupt-progress-*")
	if err != nil {
		return all, err
	}
	defer os.Remove(progress.Name()) //nolint:errcheck // a temporary file
	defer progress.Close()           //nolint:errcheck // the same
	for first < end && len(all.Findings) < mostFindings {
		cmd := exec.CommandContext(ctx, self, "--seed", fmt.Sprint(seed), "--part", fmt.Sprintf("%d:%d:1", first, end))
		// One thread a process: what is allocated belongs to the case.
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
		cmd.ExtraFiles = []*os.File{progress}
		var out, messages bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &messages
		died := cmd.Run()
		if died == nil {
			var t tally
			if err := json.Unmarshal(out.Bytes(), &t); err != nil {
				return all, err
			}
			all.add(&t)
			return all, nil
		}
		if ctx.Err() != nil {
			return all, ctx.Err()
		}
		var b [8]byte
		if _, err := progress.ReadAt(b[:], 0); err != nil {
			return all, fmt.Errorf("%w\n%s", died, messages.String())
		}
		number := binary.LittleEndian.Uint64(b[:])
		if number < first || number >= end {
			return all, fmt.Errorf("%w\n%s", died, messages.String())
		}
		// What was done before the death is done once more, by a process that
		// ends before the case.
		before, err := delegate(ctx, self, seed, first, number)
		all.add(before)
		if err != nil {
			return all, err
		}
		text := messages.String()
		all.Cases++
		all.Outcomes["died"]++
		all.Findings = append(all.Findings, finding{number, fmt.Sprintf("the process died: %v\n%s", died, text[:min(len(text), 3000)])})
		first = number + 1
	}
	return all, nil
}

func (t *tally) print(out io.Writer) {
	names := make([]string, 0, len(t.Outcomes))
	for name := range t.Outcomes {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(out, "%12d  %s\n", t.Outcomes[name], name)
	}
	fmt.Fprintf(out, "%12d  cases, %d with checksums anew; %d accepted, %d legs compared; at most %.1f bytes taken for a byte of file\n",
		t.Cases, t.Sealed, t.Accepted, t.Compared, t.Worst)
	slices.SortFunc(t.Findings, func(a, b finding) int { return int(a.Case) - int(b.Case) })
	// A few of each sort: findings that begin alike tell the same.
	shown := map[string]int{}
	for _, f := range t.Findings {
		sort := f.What[:min(len(f.What), 24)]
		if shown[sort]++; shown[sort] <= 3 {
			fmt.Fprintf(out, "FINDING case %d: %s\n", f.Case, strings.TrimSpace(f.What))
		}
	}
}

func (t *tally) verdict() error {
	if len(t.Findings) > 0 {
		return fmt.Errorf("%d findings; see one again with --case", len(t.Findings))
	}
	return nil
}

func (t *tally) records(seed uint64, seconds float64, threads int) []benchmarks.Record {
	record := benchmarks.NewRecord("region and OSM files", seed, fmt.Sprintf("go run ./benchmarks/corrupt --count %d --seed %d", t.Cases, seed))
	list := []benchmarks.Record{
		record("cases", float64(t.Cases), ""),
		record("cases with checksums computed anew", float64(t.Sealed), ""),
		record("cases accepted", float64(t.Accepted), ""),
		record("legs compared with Dijkstra", float64(t.Compared), ""),
		record("findings", float64(len(t.Findings)), ""),
		record("time", float64(int64(seconds*10))/10, "s"),
	}
	for i := range list {
		list[i].Budget = fmt.Sprintf("%d threads", threads)
	}
	return list
}
