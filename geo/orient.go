package geo

import (
	"math"
	"math/big"

	"github.com/paulmach/orb"
)

// orient tells on which side of the line from a to b the point c lies: 1 left,
// -1 right, 0 exactly on it. It is exact for all finite coordinates.
//
// The determinant is first computed in floating point. Its rounding error is
// at most errorBound times the sum of the magnitudes of its two products
// (Shewchuk 1997, the first stage of orient2d); a larger result has the right
// sign. Otherwise it is computed in rational numbers.
func orient(a, b, c orb.Point) int {
	left := (a[0] - c[0]) * (b[1] - c[1])
	right := (a[1] - c[1]) * (b[0] - c[0])
	det := left - right
	const errorBound = (3 + 16*0x1p-53) * 0x1p-53
	// Products that underflow lose more than the bound knows of.
	if sum := math.Abs(left) + math.Abs(right); math.Abs(det) > errorBound*sum && sum > 0x1p-900 {
		if det > 0 {
			return 1
		}
		return -1
	}
	return orientExact(a, b, c)
}

// orientExact is orient in rational arithmetic.
func orientExact(a, b, c orb.Point) int {
	exact := func(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }
	minus := func(x, y float64) *big.Rat { return new(big.Rat).Sub(exact(x), exact(y)) }
	left := new(big.Rat).Mul(minus(a[0], c[0]), minus(b[1], c[1]))
	right := new(big.Rat).Mul(minus(a[1], c[1]), minus(b[0], c[0]))
	return left.Cmp(right)
}
