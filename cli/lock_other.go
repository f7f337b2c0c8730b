//go:build !unix

package cli

// lockFile does nothing: here nobody can replace a file that is open.
func lockFile(string) (unlock func(), err error) { return func() {}, nil }
