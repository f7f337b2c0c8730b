// Package interop speaks with other planners: it reads problems in VROOM's and
// UHHC's JSON as a care.Day with its own travel matrices, writes a care.Roster
// as their solutions, and gives the JSON Schema of Slinga's own two files. It
// also reads and writes matrices of travel times and distances, in a binary
// form of their own and as OSRM's table service answers.
//
// No two formats hold the same things. What a day cannot hold and a plan would
// be wrong without (VROOM's shipments, a limit on a route) is refused by name,
// with an error that wraps ErrUnsupported. What a plan is still of use without
// (fixed costs that differ, a fairness term) is returned as a Loss with its
// path. Fields that this package has never heard of are losses too: nothing is
// dropped in silence. Descriptions, which may say who a person is, are never
// carried over, and no message repeats one.
//
//	in, err := interop.ReadVROOM(file, interop.VROOMOptions{TimeZone: "Europe/Stockholm"})
//	if err != nil {
//		return err // interop.Errors: every place that is wrong or not supported
//	}
//	for _, l := range in.Losses {
//		fmt.Println(l) // vehicles[0].costs.per_hour: was not read: ...
//	}
//	roster, err := planner.Plan(ctx, in.Day, in.Travel, planner.Options{})
//	...
//	losses, err := interop.WriteVROOM(os.Stdout, in.Day, roster, false)
//
// Reading order: loss.go (what is said of what), object.go (JSON objects that
// account for every field), vroom.go and vroom_write.go, uhhc.go and
// uhhc_write.go, matrix.go with matrix_binary.go and osrm.go, schema.go;
// descriptions.go is generated.
package interop
