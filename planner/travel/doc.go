// Package travel puts a day's places on a map and measures the ways between
// them: geo.Region and care.Day in, care.Travel out.
//
//	road, err := travel.Prepare(ctx, day, region, travel.Options{})
//	t, err := road.Travel(ctx)                        // a matrix per mode that a shift uses
//	trace, err := road.Leg(care.Car, "home-12", "base-1") // for drawing
//
// Every place is snapped to a road that the bases can reach, if there is one
// within the limit; what is far away, on a road island or can only be left or
// only be reached is reported in care.Travel.Findings and stays unreachable in the
// matrix. Nothing is moved silently. Where the condition changes in the course
// of the day, the matrices have later parts.
//
// Reading order: road.go, municipality.go.
package travel
