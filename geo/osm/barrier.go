package osm

// Barrier understands the tags of a node on a way: whom it keeps from
// passing. bad holds values that could not be understood.
//
// A gate does not stop anybody, private or not: whoever visits a home opens
// it. A locked one stops wheels unless its access tags let them in, a bollard
// stops cars unless its tags let them in, and access=no stops all that no
// more specific key lets in.
func (r *TagRules) Barrier(tags Tags) (closed Modes, bad []Tag) {
	value := tags.word("barrier")
	if value == "" {
		return 0, nil
	}
	closed, known := r.Barriers[value]
	if !known {
		closed = ModeCar
		bad = append(bad, Tag{"barrier", text(value, 60)})
	}
	if tags.word("locked") == "yes" {
		closed |= ModeCar | ModeBicycle
	}
	if height, ok := parseMetres(tags.Get("maxheight")); ok && height < carHeight {
		closed |= ModeCar
	}
	if width, ok := parseMetres(tags.Get("maxwidth")); ok && width < carWidth {
		closed |= ModeCar
	}
	for _, t := range travels {
	keys:
		for _, key := range t.keys {
			raw := tags.Get(key)
			if raw == "" {
				continue
			}
			meaning, known := r.access(raw)
			// Pushing a bicycle past a barrier takes seconds.
			if t.mode == ModeBicycle && key == "bicycle" && tags.word(key) == "dismount" {
				meaning = AccessOpen
			}
			switch {
			case !known:
				bad = append(bad, Tag{key, text(raw, 60)})
				continue
			case meaning == AccessUnknown:
				continue
			case meaning == AccessClosed:
				closed |= t.mode
			case key != "access" || tags.word("locked") == "yes" && r.Barriers[value]&t.mode == 0:
				closed &^= t.mode
			}
			break keys
		}
	}
	return closed, bad
}
