package osm

import "strings"

// Tag is one key and value of an object, as the mapper wrote them.
type Tag struct{ Key, Value string }

// Tags are the tags of one object. A key occurs once; should a file repeat
// it, the first counts.
type Tags []Tag

// Get is the value of the key, "" if it is not there.
func (t Tags) Get(key string) string {
	for i := range t {
		if t[i].Key == key {
			return t[i].Value
		}
	}
	return ""
}

// word is the value in the form that tables are written in: lower case,
// without spaces around it.
func (t Tags) word(key string) string {
	return strings.ToLower(strings.TrimSpace(t.Get(key)))
}

// yes reports whether the key is there and does not say no.
func (t Tags) yes(key string) bool {
	v := t.word(key)
	return v != "" && v != "no" && v != "false" && v != "0"
}

// words splits a list such as "agricultural;forestry". Mappers use both the
// semicolon and the comma.
func words(value string) []string {
	parts := strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return r == ';' || r == ',' })
	kept := parts[:0]
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			kept = append(kept, p)
		}
	}
	return kept
}
