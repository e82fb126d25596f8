package assistant

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// rules is a small language for what people say: word lists, patterns of words near each other, and vetoes. Its files
// explain it at their head. A rules value is built once and read concurrently.
type rules struct {
	trie     *trieNode
	atoms    map[string]int // class or literal → atom number
	patterns map[int][]*pattern
	kinds    []*kind
	answers  map[string][2]string // kind → reason and lawful way
}

// kind is one kind of finding, in the order of the file.
type kind struct {
	name    string
	numbers []string
	vetoes  []string
	extras  []*pattern
	window  int    // 0: the default
	signs   []sign // what speaks for the kind without being enough alone
}

// pattern is atoms that must stand near each other.
type pattern struct {
	kind    *kind
	number  string // of an extra: the number it adds
	atoms   []int
	window  int
	ordered bool
	closes  bool // the clause must end after the last atom
}

// sign is a list of words that add up: each of at most two different ones found adds the weight.
type sign struct{ atom, weight int }

// enough is the sum of signs that makes a finding without any pattern.
const enough = 5

// window is how many characters may stand between two words of a pattern, when the file does not say.
const window = 12

// hit is a word found: runes [start, end).
type hit struct{ start, end int }

func (h hit) len() int { return h.end - h.start }

// finding is a kind found, with its numbers and the words that show it.
type finding struct {
	kind     string
	numbers  []string
	evidence string
}

type trieNode struct {
	next  map[rune]*trieNode
	atoms []int
	mask  bool
}

// mustRules parses a file that is part of the program: a fault in it is a fault of the build.
func mustRules(name, file string) *rules {
	r, err := parseRules(file)
	if err != nil {
		panic(fmt.Sprintf("assistant: reading %s: %v", name, err))
	}
	return r
}

func parseRules(file string) (*rules, error) {
	r := &rules{trie: &trieNode{}, atoms: make(map[string]int), patterns: make(map[int][]*pattern), answers: make(map[string][2]string)}
	sizes := make(map[int]int) // words of each atom, to index patterns by their rarest one
	n := 0
	for line := range strings.Lines(file) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if err := r.parseLine(line, sizes); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return r, nil
}

func (r *rules) parseLine(line string, sizes map[int]int) error {
	if line[0] == '@' {
		words := strings.Fields(line)
		atom := r.atom(words[0])
		for _, word := range words[1:] {
			r.add(word, atom)
		}
		sizes[atom] += len(words) - 1
		return nil
	}
	if name, answer, ok := strings.Cut(line, " = "); ok && !strings.Contains(name, " ") {
		reason, way, _ := strings.Cut(answer, " | ")
		r.answers[name] = [2]string{reason, way}
		return nil
	}
	if name, vetoes, ok := strings.Cut(line, " ! "); ok && !strings.Contains(name, " ") {
		r.kind(name).vetoes = append(r.kind(name).vetoes, strings.Fields(vetoes)...)
		return nil
	}
	if name, reach, ok := strings.Cut(line, " ~ "); ok && !strings.Contains(name, " ") {
		n, err := strconv.Atoi(strings.TrimSpace(reach))
		r.kind(name).window = n
		return err
	}
	head, body, ok := strings.Cut(line, " : ")
	if !ok {
		return fmt.Errorf("neither words, patterns, vetoes nor an answer: %.40s", line)
	}
	words := strings.Fields(head)
	switch {
	case words[0] == "mask":
		for _, word := range strings.Fields(body) {
			r.add(word, -1)
		}
	case len(words) == 3 && words[1] == "*":
		weight, err := strconv.Atoi(words[2])
		if err != nil {
			return fmt.Errorf("the weight of signs: %w", err)
		}
		k := r.kind(words[0])
		atom := r.atom("*" + words[0] + strconv.Itoa(len(k.signs)))
		k.signs = append(k.signs, sign{atom, weight})
		for _, word := range strings.Fields(body) {
			r.add(word, atom)
		}
	case len(words) == 3 && words[1] == "+":
		for _, source := range strings.Fields(body) {
			k := r.kind(words[0])
			k.extras = append(k.extras, r.pattern(k, words[2], source, nil))
		}
	default:
		k := r.kind(words[0])
		k.numbers = words[1:]
		for _, source := range strings.Fields(body) {
			r.pattern(k, "", source, sizes)
		}
	}
	return nil
}

// kind finds or makes a kind.
func (r *rules) kind(name string) *kind {
	for _, k := range r.kinds {
		if k.name == name {
			return k
		}
	}
	k := &kind{name: name}
	r.kinds = append(r.kinds, k)
	return k
}

// pattern parses A+B, A>B, A+20+B, A$ and files it under its rarest atom; extras (nil sizes) are not filed.
func (r *rules) pattern(k *kind, number, source string, sizes map[int]int) *pattern {
	p := &pattern{kind: k, number: number, window: cmp.Or(k.window, window), ordered: strings.Contains(source, ">")}
	source, p.closes = strings.CutSuffix(source, "$")
	parts := strings.FieldsFunc(source, func(c rune) bool { return c == '+' || c == '>' })
	for i, part := range parts {
		if w, err := strconv.Atoi(part); err == nil && i > 0 && i < len(parts)-1 {
			p.window = w
			continue
		}
		atom := r.atom(part)
		if part[0] != '@' {
			r.add(part, atom)
		}
		p.atoms = append(p.atoms, atom)
	}
	if sizes != nil {
		rarest := slices.MinFunc(p.atoms, func(a, b int) int { return sizes[a] - sizes[b] })
		r.patterns[rarest] = append(r.patterns[rarest], p)
	}
	return p
}

func (r *rules) atom(name string) int {
	if n, ok := r.atoms[name]; ok {
		return n
	}
	r.atoms[name] = len(r.atoms)
	return r.atoms[name]
}

// add files a word under an atom, -1 for a mask.
func (r *rules) add(word string, atom int) {
	node := r.trie
	for _, c := range word {
		c = plain(c)
		if node.next == nil {
			node.next = make(map[rune]*trieNode)
		}
		if node.next[c] == nil {
			node.next[c] = &trieNode{}
		}
		node = node.next[c]
	}
	if atom < 0 {
		node.mask = true
	} else if !slices.Contains(node.atoms, atom) {
		node.atoms = append(node.atoms, atom)
	}
}

// plain folds a rune: half width, lower case.
func plain(c rune) rune {
	if c >= '！' && c <= '～' {
		c = c - '！' + '!'
	}
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
