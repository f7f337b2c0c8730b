package table

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Name is who an id stands for and how to get in. It is joined to a sheet when
// that is printed and goes nowhere else: no other function of this module
// takes one.
type Name struct {
	Name      string
	Address   string
	DoorCode  string
	KeyNumber string
}

// Names holds names by id.
type Names struct {
	Clients map[string]Name
	Carers  map[string]Name
}

// String keeps names out of logs: it tells how many there are.
func (n Names) String() string {
	return fmt.Sprintf("names of %d clients and %d carers", len(n.Clients), len(n.Carers))
}

// GoString does the same for %#v.
func (n Names) GoString() string { return n.String() }

// Format does the same for every other verb.
func (n Names) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(n.String())) }

// String keeps a name out of logs.
func (n Name) String() string { return "name not shown" }

// GoString does the same for %#v.
func (n Name) GoString() string { return n.String() }

// Format does the same for every other verb.
func (n Name) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(n.String())) }

// ReadNames reads names.csv (or names.xlsx): id, name, address, door_code,
// key_number and, when a client and a carer share an id, kind (client or
// carer); a row without a kind is for both. Its errors name rows and columns
// and repeat no cell.
func ReadNames(path string) (Names, error) {
	info, err := os.Stat(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return Names{}, Errors{{File: filepath.Base(path), Message: "there is no such file", Hint: "check the path"}}
		}
		return Names{}, errors.New("table: the file of names cannot be opened")
	}
	if info.IsDir() {
		return Names{}, Errors{{File: filepath.Base(path), Message: "is a folder", Hint: "name the file names.csv"}}
	}
	r := newReader(Options{})
	name := filepath.Base(path)
	r.files = append(r.files, name)
	data, ok := r.readFile(os.DirFS(filepath.Dir(path)), name)
	if !ok {
		return Names{}, sortErrors(r.errs, r.files)
	}
	return r.names(name, data)
}

func (r *reader) names(name string, data []byte) (Names, error) {
	out := Names{Clients: map[string]Name{}, Carers: map[string]Name{}}
	if s, ok := r.namesSheet(name, data); ok {
		if t, ok := r.understand(s, namesColumns, false, true); ok {
			t.kind = &kind{name: "names", columns: namesColumns}
			r.tables["names"] = t
			r.nameRows(t, &out)
		}
	}
	if len(r.errs) > 0 {
		return Names{}, sortErrors(r.errs, r.files)
	}
	return out, nil
}

func (r *reader) namesSheet(name string, data []byte) (sheet, bool) {
	if !strings.EqualFold(filepath.Ext(name), ".xlsx") {
		return r.cut(name, data, namesColumns)
	}
	return r.firstSheet(name, data)
}

func (r *reader) nameRows(t *table, out *Names) {
	for _, l := range r.lines("names") {
		for i, cell := range l.row.cells {
			if personalNumber(cell) {
				header := ""
				if i < len(t.headers) {
					header = t.headers[i]
				}
				r.fail(Error{File: t.file, Row: l.row.number, Column: header, Message: "looks like a personal number", Hint: "remove it: a day sheet does not need it"})
			}
		}
		id := l.id("id")
		n := Name{Name: l.text("name"), Address: l.text("address"), DoorCode: l.text("door_code"), KeyNumber: l.text("key_number")}
		client, carer := true, true
		switch fold(l.text("kind")) {
		case "":
		case "client", "brukare":
			carer = false
		case "carer", "medarbetare", "personal":
			client = false
		default:
			l.fail("kind", "is neither client nor carer", "write client (brukare) or carer (medarbetare), or leave it empty")
		}
		if id == "" {
			continue
		}
		_, clientTwice := out.Clients[id]
		_, carerTwice := out.Carers[id]
		if (client && clientTwice) || (carer && carerTwice) {
			l.fail("id", "has a row already", "keep one row for each id")
			continue
		}
		if client {
			out.Clients[id] = n
		}
		if carer {
			out.Carers[id] = n
		}
	}
}
