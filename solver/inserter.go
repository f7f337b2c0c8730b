package solver

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ErrSolution says that a solution does not keep the rules of its problem, so
// that nothing can be said of what would fit beside it.
var ErrSolution = errors.New("solver: the solution does not fit the problem")

// Inserter answers what still fits into one solution, question after question:
// the problem is validated and laid out once. Its answers are those of the
// function Insertable. It is for one goroutine at a time.
type Inserter struct {
	problem  *Problem
	model    *model
	fitting  *fitting
	last     int32 // the unit of the last fit, whose routes the fitting still has, or None
	solution *Solution
	grown    bool // something has been inserted since solution was written down
}

// NewInserter lays a problem and the routes of a solution out. It refers to
// both; of the problem only what Revise names may change afterwards. Errors are
// those of Problem.Validate, and ErrSolution.
func NewInserter(p *Problem, s *Solution) (*Inserter, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	frozen, err := p.begun(s)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSolution, err)
	}
	as := p
	if frozen != nil {
		as = frozen.problem
	}
	i := &Inserter{problem: p, solution: s, model: compileFrom(context.Background(), as, frozen, false)}
	return i, i.lay()
}

func (i *Inserter) lay() error {
	t := newTimetable(newSchedule(i.model, newState(i.model)))
	if s := i.Solution(); s == nil || !t.lay(s) {
		return ErrSolution
	}
	i.fitting, i.last = newFitting(t), None
	return nil
}

// ErrUndecided says that of very many combinations of places for tasks that are
// tied to each other only the first 262 144 were tried, and none of those fits.
var ErrUndecided = errors.New("solver: too many combinations of places to try them all")

// Insertable tells what the function of that name does. The error is that of
// ctx when it was done before all places had been looked at: then nothing is
// known of the task. It is ErrUndecided where there were too many of them.
func (i *Inserter) Insertable(ctx context.Context, task int32) (fit Fit, fits bool, err error) {
	i.last = None
	if task < 0 || int(task) >= len(i.problem.Tasks) || i.fitting.state.outAt[i.model.unitOf[task]] == None {
		return Fit{}, false, nil
	}
	fit, fits = i.fitting.fit(ctx, i.model.unitOf[task])
	if err := ctx.Err(); err != nil {
		return Fit{}, false, err
	}
	switch {
	case fits:
		i.last = i.model.unitOf[task]
	case i.fitting.tries > mostCombined:
		return Fit{}, false, ErrUndecided
	}
	return fit, fits, nil
}

// Insert carries out the fit that the last question found, and says false when
// there is none. Later questions are about the routes with it.
func (i *Inserter) Insert() bool {
	if i.last == None {
		return false
	}
	f := i.fitting
	f.state.copyFrom(f.found)
	copy(f.start, f.foundAt)
	i.last, i.grown = None, true
	return true
}

// Solution is what the questions are about: the one that NewInserter was given,
// with what has been inserted.
func (i *Inserter) Solution() *Solution {
	if i.grown {
		s := i.fitting.solution()
		s.Stats = i.solution.Stats
		i.solution, i.grown = s, false
	}
	return i.solution
}

// Revise reads some unserved tasks and all links of the problem anew. The pins
// of those tasks may have changed, and of their modes the windows and the
// allowed shifts; of links, those of unserved tasks. Everything else must be as
// it was.
func (i *Inserter) Revise(tasks ...int32) error {
	p, m := i.problem, i.model
	v := &validation{}
	for _, u := range tasks {
		switch {
		case u < 0 || int(u) >= len(p.Tasks):
			v.wrong("tasks: no task %d", u)
		case i.fitting.state.outAt[m.unitOf[u]] == None:
			return fmt.Errorf("%w: task %d is served", ErrSolution, u)
		default:
			p.validateTask(v, int(u), p.Profiles[0].Periods[0].N)
			if p.Tasks[u].Pin.Frozen {
				v.wrong("tasks[%d].pin.frozen: it is not served", u)
			}
		}
	}
	p.validateLinks(v)
	if err := errors.Join(v.faults...); err != nil {
		return err
	}
	i.Solution() // written down while the state's units have the numbers that it knows
	for _, u := range tasks {
		m.problem.Tasks[u] = p.Tasks[u]
	}
	m.problem.Links = p.Links
	m.revise(tasks)
	return i.lay()
}

// revise reads some tasks, and the links, anew.
func (m *model) revise(tasks []int32) {
	before := m.eligible
	m.eligible = csr{make([]int32, m.tasks+1), make([]int32, 0, len(before.item)+len(tasks)*len(m.shifts))}
	for u := range int32(m.tasks) {
		if slices.Contains(tasks, m.taskOf[u]) {
			m.nodes[u] = m.nodeOf(int(u))
			m.readEligible(int(u))
			continue
		}
		m.eligible.item = append(m.eligible.item, before.of(u)...)
		m.eligible.first[u+1] = int32(len(m.eligible.item))
	}
	m.units, m.clusters, m.clause = csr{}, csr{}, csr{}
	m.clauses, m.fault = nil, nil
	for u := range m.missing {
		m.missing[u] = m.missingOf(u)
	}
	m.compileLinks()
	m.compileUnits()
	m.compileClusters()
	m.compileLinkedOut()
	m.position, m.placed = nil, nil
	m.compilePins()
}
