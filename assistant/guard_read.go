package assistant

import (
	"slices"
	"strings"
)

// reading is one text with the words found in it.
type reading struct {
	r    []rune
	hits [][]hit // by atom
}

// read gives what the rules find in a text, in the order of the kinds in the file.
func (r *rules) read(text string) []finding {
	t := r.scan(text)
	best := make(map[*kind]finding)
	for atom, hits := range t.hits {
		if len(hits) == 0 {
			continue
		}
		for _, p := range r.patterns[atom] {
			if _, done := best[p.kind]; done {
				continue
			}
			if from, to, ok := r.match(t, p, true); ok {
				best[p.kind] = finding{p.kind.name, slices.Clone(p.kind.numbers), string(t.r[from:to])}
			}
		}
	}
	var found []finding
	for _, k := range r.kinds {
		f, ok := best[k]
		if !ok {
			if f, ok = r.weigh(t, k); !ok {
				continue
			}
		}
		for _, p := range k.extras {
			if _, _, ok := r.match(t, p, false); ok && !slices.Contains(f.numbers, p.number) {
				f.numbers = append(f.numbers, p.number)
			}
		}
		found = append(found, f)
	}
	return found
}

// scan finds all words of the rules in a text; blanks are dropped, since voice input puts them anywhere.
func (r *rules) scan(text string) *reading {
	t := &reading{r: make([]rune, 0, len(text)/2), hits: make([][]hit, len(r.atoms))}
	for _, c := range text {
		if c = plain(c); c != ' ' && c != '　' && c != '\t' && c != '\r' {
			t.r = append(t.r, c)
		}
	}
	masked := make([]hit, len(t.r)) // the longest mask over each rune
	type word struct {
		hit
		atoms []int
	}
	var words []word
	for i := range t.r {
		node := r.trie
		for j := i; j < len(t.r); j++ {
			if node = node.next[t.r[j]]; node == nil {
				break
			}
			if node.mask {
				for m := i; m <= j; m++ {
					if mask := (hit{i, j + 1}); mask.len() > masked[m].len() {
						masked[m] = mask
					}
				}
			}
			if len(node.atoms) > 0 {
				words = append(words, word{hit{i, j + 1}, node.atoms})
			}
		}
	}
	for _, w := range words {
		if slices.ContainsFunc(masked[w.start:w.end], func(m hit) bool { return m.len() >= w.len() && m != w.hit }) {
			continue
		}
		for _, atom := range w.atoms {
			t.hits[atom] = append(t.hits[atom], w.hit)
		}
	}
	return t
}

// match looks for the pattern's atoms near each other, and with veto for what takes it back.
func (r *rules) match(t *reading, p *pattern, veto bool) (from, to int, ok bool) {
	var used [4]hit
	for _, first := range t.hits[p.atoms[0]] {
		from, to, ok = first.start, first.end, true
		parts := append(used[:0], first)
		for _, atom := range p.atoms[1:] {
			next, near := t.nearest(atom, from, to, p)
			if !near {
				ok = false
				break
			}
			from, to = min(from, next.start), max(to, next.end)
			parts = append(parts, next)
		}
		if ok && p.closes {
			ok = t.closes(to)
		}
		if ok && !(veto && r.vetoed(t, p.kind, from, to, parts)) {
			return from, to, true
		}
	}
	return 0, 0, false
}

// weigh adds up the signs of a kind, with those of the kind "any" when there are at least two of its own.
func (r *rules) weigh(t *reading, k *kind) (finding, bool) {
	if len(k.signs) == 0 || len(k.numbers) == 0 {
		return finding{}, false
	}
	sum, own, heaviest, from, to := 0, 0, 0, len(t.r), 0
	for _, s := range k.signs {
		words := t.different(s.atom)
		for _, h := range words {
			from, to = min(from, h.start), max(to, h.end)
		}
		own += len(words)
		sum += s.weight * len(words)
		if len(words) > 0 {
			heaviest = max(heaviest, s.weight)
		}
	}
	for _, any := range r.kinds {
		if any.name != "any" {
			continue
		}
		for _, s := range any.signs {
			sum += s.weight * min(1, len(t.hits[s.atom]))
		}
	}
	if own < 2 || heaviest < 2 || sum < enough || r.vetoed(t, k, from, to, nil) || r.asksPaper(t) {
		return finding{}, false
	}
	return finding{k.name, slices.Clone(k.numbers), string(t.r[from:to])}, true
}

// different gives up to two different words of an atom, no one inside another.
func (t *reading) different(atom int) (out []hit) {
	for _, h := range t.hits[atom] {
		if len(out) == 1 && (h.start < out[0].end || string(t.r[h.start:h.end]) == string(t.r[out[0].start:out[0].end])) {
			if h.len() > out[0].len() && h.start <= out[0].start {
				out[0] = h
			}
			continue
		}
		if out = append(out, h); len(out) == 2 {
			break
		}
	}
	return out
}

// nearest finds a word of an atom close to [from, to), in the same sentence and not inside it.
func (t *reading) nearest(atom, from, to int, p *pattern) (best hit, ok bool) {
	for _, h := range t.hits[atom] {
		switch {
		case h.start >= to && h.start-to <= p.window && !t.stops(to, h.start):
			return h, true
		case !p.ordered && h.end <= from && from-h.end <= p.window && !t.stops(h.end, from):
			best, ok = h, true
		}
	}
	return best, ok
}

func (t *reading) stops(i, j int) bool {
	for _, c := range t.r[i:j] {
		if c == '。' || c == '!' || c == '?' || c == ';' || c == '\n' {
			return true
		}
	}
	return false
}

// closes says whether the clause ends at i, or goes on with a word that cannot be the verb's object.
func (t *reading) closes(i int) bool {
	return i >= len(t.r) || !(t.r[i] >= 0x4e00) || strings.ContainsRune("了在怎啊呀吗呢吧哦哩啦好都我你他她找快已急半刚现一", t.r[i])
}

// vetoed says whether something takes a finding at [from, to) back. @past must stand before it with no later time
// between, @hypothetical and @not right before it; the others may stand anywhere outside the words (parts) of the
// finding, but not when there is no time left to ask (@urgent; for @over only @help, for @claim only @acute).
func (r *rules) vetoed(t *reading, k *kind, from, to int, parts []hit) bool {
	for _, name := range k.vetoes {
		hits := t.of(r, name)
		if len(hits) == 0 {
			continue
		}
		overrule := "@urgent"
		switch name {
		case "@over":
			overrule = "@help"
		case "@claim":
			overrule = "@acute"
		}
		urgent := name != "@fiction" && name != "@nobody" && name != "@soft" && len(t.of(r, overrule)) > 0
		for _, h := range hits {
			switch name {
			case "@past":
				if h.start < to && from-h.end <= 25 && !t.between(r, "@reset", h.end, from) && !urgent {
					return true
				}
			case "@hypothetical":
				if h.end <= from && from-h.end <= 5 && !t.stops(h.end, from) {
					return true
				}
			case "@not":
				if h.end == from {
					return true
				}
			default:
				inside := slices.ContainsFunc(parts, func(p hit) bool { return p.start <= h.start && h.end <= p.end })
				if !urgent && !inside {
					return true
				}
			}
		}
	}
	return false
}

// asksPaper says whether money, a paper or a procedure is asked for and nothing is happening now: signs alone, which
// are single words from a story, are then no emergency.
func (r *rules) asksPaper(t *reading) bool {
	return len(t.of(r, "@claim")) > 0 && len(t.of(r, "@acute")) == 0
}

// idle says whether a text about death is a figure of speech (@idiom) beside something asked for, with no word of how,
// where or farewell (@plan).
func (r *rules) idle(text string) bool {
	t := r.scan(text)
	return len(t.of(r, "@idiom")) > 0 && len(t.of(r, "@plan"))+len(t.of(r, "@acute")) == 0 &&
		len(t.of(r, "@claim"))+len(t.of(r, "@paper")) > 0
}

func (t *reading) of(r *rules, name string) []hit {
	if atom, ok := r.atoms[name]; ok {
		return t.hits[atom]
	}
	return nil
}

func (t *reading) between(r *rules, name string, i, j int) bool {
	for _, h := range t.of(r, name) {
		if h.start >= i && h.end <= j {
			return true
		}
	}
	return false
}
