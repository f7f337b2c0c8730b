package osm

// Barrier understands the tags of a node on a way: whom it keeps from
// passing. bad holds values that could not be understood.
//
// A gate does not stop anybody, private or not: whoever visits a home opens
// it. A locked one stops wheels unless its access tags let them in, a bollard
// stops cars unless its tags let them in, and access=no stops all that no
// more specific key lets in.
func (r *TagRules) Barrier(tags Tags) (closed Modes, bad []Tag) {
	barriers := words(tags.Get("barrier"))
	if len(barriers) == 0 {
		return 0, nil
	}
	for _, value := range barriers {
		stops, known := r.Barriers[value]
		if !known {
			stops = ModeCar
			bad = append(bad, Tag{"barrier", text(value, 60)})
		}
		closed |= stops
	}
	firm := closed // what stands in the way even of those who are let in
	if tags.word("locked") == "yes" {
		closed |= ModeCar | ModeBicycle
	}
	for _, t := range travels {
	keys:
		for _, key := range t.keys {
			raw := tags.Get(key)
			if raw == "" {
				continue
			}
			meaning, known := r.access(raw, t.mode)
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
			case key != "access" || firm&t.mode == 0:
				closed &^= t.mode
			}
			break keys
		}
	}
	// No permission makes a car narrower.
	if height, ok := parseMetres(tags.Get("maxheight")); ok && height < carHeight {
		closed |= ModeCar
	}
	if width, ok := parseMetres(tags.Get("maxwidth")); ok && width < carWidth {
		closed |= ModeCar
	}
	return closed, bad
}
