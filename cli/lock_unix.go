//go:build unix

package cli

import (
	"os"

	"golang.org/x/sys/unix"
)

// lockFile waits until no other process of this program changes the file, and
// keeps them out until unlock. A file that is replaced is another one: who has
// waited for it waits for the one in its place.
func lockFile(path string) (unlock func(), err error) {
	for {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		for err = unix.EINTR; err == unix.EINTR; { //nolint:errorlint // a system call's own
			err = unix.Flock(int(f.Fd()), unix.LOCK_EX)
		}
		if err != nil {
			_ = f.Close()
			return func() {}, nil // a file system without locks
		}
		held, err := f.Stat()
		stands, e := os.Stat(path)
		if err == nil && e == nil && os.SameFile(held, stands) {
			return func() { _ = f.Close() }, nil
		}
		_ = f.Close()
		if e != nil {
			return nil, e
		}
	}
}
