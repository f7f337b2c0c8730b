package table

import (
	"strings"
	"unicode"
)

// fold brings a header or a word to the form in which two spellings of it are
// equal: lower case, without spaces, underscores, hyphens, brackets and dots,
// and with å, ä, ö and é read as a, o and e (they get lost in old exports).
func fold(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch r {
		case 'å', 'ä', 'à', 'á', 'æ':
			b.WriteByte('a')
		case 'ö', 'ø', 'ó':
			b.WriteByte('o')
		case 'é', 'è', 'ë':
			b.WriteByte('e')
		case 'ü':
			b.WriteByte('u')
		default:
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// findColumn returns the column that a header names, or nil.
func findColumn(columns []column, header string) *column {
	want := fold(header)
	if want == "" {
		return nil
	}
	for i := range columns {
		if fold(columns[i].name) == want {
			return &columns[i]
		}
	}
	for i := range columns {
		for _, alias := range columns[i].aliases {
			if fold(alias) == want {
				return &columns[i]
			}
		}
	}
	return nil
}

// nearestColumn proposes a known header for one that is not known, or returns
// an empty string when none is near enough to be a slip of the finger.
func nearestColumn(columns []column, header string) string {
	var names []string
	for _, c := range columns {
		names = append(names, c.name)
		names = append(names, c.aliases...)
	}
	return nearest(names, header)
}

// nearest returns the name with the fewest edits to the word. One edit is
// allowed from four letters up and two from seven; the first of equals wins.
func nearest(names []string, word string) string {
	w := []rune(fold(word))
	limit := 0
	switch {
	case len(w) >= 7:
		limit = 2
	case len(w) >= 4:
		limit = 1
	}
	best, name := limit+1, ""
	for _, n := range names {
		if d := edits(w, []rune(fold(n)), limit); d < best {
			best, name = d, n
		}
	}
	return name
}

// edits is the number of insertions, deletions, replacements and swaps of
// neighbours that turn a into b (optimal string alignment); more than limit
// is returned as limit+1.
func edits(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before := make([]int, len(b)+1)
	last := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}

// isPersonalHeader says whether a header announces who a person is.
func isPersonalHeader(header string) bool {
	want := fold(header)
	for _, h := range personalHeaders {
		if fold(h) == want {
			return true
		}
	}
	return false
}

// kindOfFile finds the kind that a file's or sheet's name (without extension)
// stands for.
func kindOfFile(base string) *kind {
	want := fold(base)
	for i := range kinds {
		if fold(kinds[i].name) == want {
			return &kinds[i]
		}
		for _, alias := range kinds[i].aliases {
			if fold(alias) == want {
				return &kinds[i]
			}
		}
	}
	return nil
}

// nearestFile proposes a known file name for one that is not known.
func nearestFile(base string) string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.name)
		names = append(names, k.aliases...)
	}
	return nearest(names, base)
}

// isNamesFile says whether the name is that of the file with people's names.
func isNamesFile(base string) bool {
	f := fold(base)
	return f == "names" || f == "namn"
}
