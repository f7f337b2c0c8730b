// Package check judges a roster: whether it keeps every rule of its day, and
// whether what it says about itself is true. It knows nothing of how the
// roster was made. A roster from the search, one made by hand in a spreadsheet
// and one that somebody changed at breakfast are judged alike.
//
// Every rule stands in rules.go with an id and a sentence in Swedish and
// English. Every breach names the rule, the person, the visit and the time,
// with what was asked for and what there is.
//
//	report := check.Roster(day, travel, roster)
//	for _, b := range report.Breaches {
//		fmt.Println(b.Rule, b.Text("sv"))
//	}
//	if report.OK() {
//		fmt.Println("no rule is broken")
//	}
//
// Nothing stated in the roster is believed. Travel comes from the matrices,
// handling from the rules, who may do a visit from professions, delegations
// and agreements, the breaks from the shift's hours, the figures from the
// stops. This arithmetic is written here a second time on purpose: package
// check imports the types of package care but calls none of the functions in
// it that compute what a rule means, and it imports neither the planner nor
// the solver. When the two sides disagree, one of them is wrong.
//
// The reasons of unserved visits are confirmed as well. "There is no room"
// means that the visit was tried at every position of every shift that could
// take it, with the orders of all routes kept and all times free: earliest
// starts are pushed through double visits and links from route to route, and
// breaks are placed anew. A reason is refused only on proof: an example where
// the visit fits, or bounds that no choice of breaks can meet.
//
// Reading order: rules.go (what is judged), judge.go (the whole of it on one
// screen), walk.go (one route from start to end), breaks.go, duty.go (who does
// what), staff.go (shifts and rest); then reasons.go, network.go, insert.go and
// hull.go (why a visit is unserved); figures.go; words.go (what a sentence may repeat).
package check
