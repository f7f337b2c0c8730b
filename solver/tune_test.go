package solver

import (
	"context"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"
)

func TestTune(t *testing.T) {
	sec, _ := strconv.Atoi(os.Getenv("TUNE_SECONDS"))
	workers, _ := strconv.Atoi(os.Getenv("TUNE_WORKERS"))
	n, _ := strconv.Atoi(os.Getenv("TUNE_TASKS"))
	if sec == 0 {
		return
	}
	if n == 0 {
		n = 1700
	}
	p := homeCare(n, n*120/1700, 1)
	last := time.Now()
	iter, _ := strconv.Atoi(os.Getenv("TUNE_ITER"))
	if v, _ := strconv.Atoi(os.Getenv("TUNE_PART")); v > 0 {
		mostPartTasks = v
	}
	var ru0, ru1 syscall.Rusage
	syscall.Getrusage(0, &ru0)
	defer func() {
		syscall.Getrusage(0, &ru1)
		t.Log("cpu", time.Duration(ru1.Utime.Nano()-ru0.Utime.Nano()))
	}()
	s, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: int64(iter), Time: time.Duration(sec) * time.Second, Workers: workers, OnIncumbent: func(pr Progress) {
		if time.Since(last) > time.Second {
			last = time.Now()
			t.Log(pr.Elapsed.Round(time.Millisecond), pr.Iterations, pr.Cost, pr.Unserved)
		}
	}})
	t.Log("touched", float64(dbgTouched)/float64(max(1, dbgN)), "scans", float64(dbgScan)/float64(max(1, dbgN)), "todo", float64(dbgTodo)/float64(max(1, dbgN)))
	t.Log(err, s.Stats, s.Cost, len(s.Unserved), s.Terms)
	for _, b := range Check(p, s) {
		t.Error(b)
	}
}
