//go:build !unix

package geo

import "os"

// mapFile reads the whole file where it cannot be mapped.
func mapFile(path string) (b []byte, release func() error, err error) {
	b, err = os.ReadFile(path)
	return b, func() error { return nil }, err
}
