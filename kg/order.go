package kg

import "slices"

// order finds circles among what must come first.
func (in *inspector) order() {
	state := map[string]int{} // 1 = on the way, 2 = done
	var walk func(m *Matter)
	walk = func(m *Matter) {
		state[m.Code] = 1
		for _, l := range m.Before {
			first := in.cat.Matter(l.Code)
			if first == nil {
				continue
			}
			if state[first.Code] == 1 {
				in.matter("circle", m, "before", l.Code)
			} else if state[first.Code] == 0 {
				walk(first)
			}
		}
		state[m.Code] = 2
	}
	for _, m := range in.cat.Matters {
		if state[m.Code] == 0 {
			walk(m)
		}
	}
}

// event checks members, their order, and what questions, shared papers and the form refer to.
func (in *inspector) event(e *LifeEvent) {
	members := map[string]bool{}
	for _, m := range e.Members {
		if members[m.Code] {
			in.add("duplicate_id", e.Code, e.Name, e.At, "members", m.Code)
		}
		members[m.Code] = true
		if in.cat.Matter(m.Code) == nil {
			in.add("bad_reference", e.Code, e.Name, e.At, "members", m.Code)
		}
	}
	member := func(field, code string) {
		if !members[code] {
			in.add("bad_reference", e.Code, e.Name, e.At, field, code)
		}
	}
	for _, m := range e.Members {
		for _, a := range m.After {
			member("members.after", a)
		}
	}
	for _, s := range e.Shared {
		for _, code := range s.Members {
			member("shared_materials", code)
		}
	}
	for _, q := range e.Questions {
		for _, o := range q.Options {
			for _, code := range append(slices.Clone(o.Include), o.Exclude...) {
				member("questions", code)
			}
		}
	}
	in.eventOrder(e)
	in.dates(e.Provenance, e.Code, e.Name)
}

func (in *inspector) eventOrder(e *LifeEvent) {
	members := map[string]Member{}
	for _, m := range e.Members {
		members[m.Code] = m
	}
	for _, m := range e.Members {
		if reaches(members, m.Code, m.Code, map[string]bool{}) {
			in.add("circle", e.Code, e.Name, e.At, "members", m.Code)
			return
		}
	}
}

// reaches reports whether what must come before `at` leads to target.
func reaches(members map[string]Member, at, target string, seen map[string]bool) bool {
	for _, a := range members[at].After {
		if a == target {
			return true
		}
		if !seen[a] {
			seen[a] = true
			if reaches(members, a, target, seen) {
				return true
			}
		}
	}
	return false
}
