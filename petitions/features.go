package petitions

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"ganwen/kg"
	"ganwen/search/learn"
	"ganwen/search/zh"
)

// features turns a petition into what the models read: its text, and further features that name what the words stand
// for. It is read-only and safe for concurrent use.
type features struct {
	cues     *cues
	subjects *cues
	keywords map[rune][]keyword
}

// keyword is a word of a department's duty or of the class list, with the classes it hints at.
type keyword struct {
	runes []rune
	hints []string // features, distinct
}

func newFeatures(c, subjects *cues, t *Taxonomy, duties []*kg.Duty) *features {
	words := map[string]*keyword{}
	add := func(w, class string) {
		w = zh.Fold(strings.TrimSpace(w))
		path := strings.SplitN(class, "/", 3)
		if len([]rune(w)) < 2 || len(path) < 2 {
			return
		}
		k := words[w]
		if k == nil {
			k = &keyword{runes: []rune(w)}
			words[w] = k
		}
		for _, h := range []string{"k:" + path[0], "k2:" + path[0] + "/" + path[1]} {
			if !slices.Contains(k.hints, h) {
				k.hints = append(k.hints, h)
			}
		}
	}
	for _, d := range duties {
		for _, w := range d.Keywords {
			for _, class := range d.Classes {
				add(w, class)
			}
		}
	}
	for _, a := range t.domains {
		for _, b := range t.second[a] {
			for _, c := range t.third[a+"/"+b] {
				if c != "其他" {
					add(c, a+"/"+b)
				}
			}
		}
	}
	f := &features{cues: c, subjects: subjects, keywords: map[rune][]keyword{}}
	for _, w := range slices.Sorted(maps.Keys(words)) {
		k := words[w]
		f.keywords[k.runes[0]] = append(f.keywords[k.runes[0]], *k)
	}
	return f
}

// text is what the models read: before the text stands what is no text, and the title is apart, for its words count
// on their own.
func (f *features) text(p *Petition) string {
	return p.Channel + " " + strconv.Itoa(p.People) + "\n" + p.Title + "\n" + p.Text
}

// read is a petition read once: what was found in it, for the models and for whoever has to explain them.
type read struct {
	text           string // as the models read it
	acts, subjects *reading
	found          map[string][]hit // acts by cue
	spoken         map[string][]hit // subjects by class
	votes          map[string]int   // how often the text speaks of a class, at every level
	title          int              // runes of the title
	expanded       []string         // further features for the models
}

func (f *features) read(p *Petition) *read { return f.readText(f.text(p)) }

func (f *features) readText(text string) *read {
	_, rest, _ := strings.Cut(text, "\n")
	title, _, _ := strings.Cut(rest, "\n")
	r := &read{text: text, acts: f.cues.read(rest), subjects: f.subjects.read(rest), votes: map[string]int{}, title: len([]rune(title))}
	r.found, r.spoken = f.cues.find(r.acts), f.subjects.find(r.subjects)
	for class, hits := range r.spoken {
		path := strings.SplitN(class, "/", 3)
		n := min(len(hits), 3)
		r.votes[path[0]] += n
		r.votes[path[0]+"/"+path[1]] += n
		r.votes[class] += n
	}
	r.expanded = f.name(r)
	return r
}

// expand names further features of such a text. It is the models' Expand.
func (f *features) expand(text string) []string { return f.readText(text).expanded }

// name names the features of what was read.
func (f *features) name(r *read) []string {
	head, _, _ := strings.Cut(r.text, "\n")
	channel, number, _ := strings.Cut(head, " ")
	people, _ := strconv.Atoi(number)
	out := []string{"ch:" + channel}
	for _, n := range []int{2, 5, 10, 20} {
		if people >= n {
			out = append(out, "p:"+strconv.Itoa(n))
		}
	}
	out = r.actFeatures(out)
	out = r.subjectFeatures(out)
	out = f.hints(out, r)
	for i := 0; i+1 < r.title; i++ {
		out = append(out, "t:"+string(r.acts.runes[i:i+2]))
	}
	slices.Sort(out)
	return out
}

func (r *read) actFeatures(out []string) []string {
	for name, hits := range r.found {
		out = append(out, "c:"+name)
		if len(hits) > 2 {
			out = append(out, "c3:"+name)
		}
		if hits[0].start < r.title {
			out = append(out, "ct:"+name)
		}
	}
	return out
}

// subjectFeatures count each class the text speaks of, at two levels, and once more in the title.
func (r *read) subjectFeatures(out []string) []string {
	count := map[string]int{}
	for class, hits := range r.spoken {
		path := strings.SplitN(class, "/", 3)
		for _, h := range hits[:min(len(hits), 3)] {
			count["x:"+path[0]]++
			count["x2:"+path[0]+"/"+path[1]]++
			if h.start < r.title {
				count["xt:"+path[0]]++
				count["xt2:"+path[0]+"/"+path[1]]++
			}
		}
	}
	for name, n := range count {
		for range min(n, 4) {
			out = append(out, name)
		}
	}
	return out
}

func (f *features) hints(out []string, r *read) []string {
	count := map[string]int{}
	for i, c := range r.acts.runes {
		for _, k := range f.keywords[c] {
			if startsWith(r.acts.runes[i:], k.runes) {
				for _, h := range k.hints {
					count[h]++
				}
			}
		}
	}
	for h, n := range count {
		for range min(n, 3) {
			out = append(out, h)
		}
	}
	return out
}

// predict asks a model.
func (r *read) predict(m *learn.MultiModel) []learn.Scored {
	return m.PredictExpanded(r.text, r.expanded, nil)
}

// why is the sentence in which the first of these cues stands, in the text rather than the title where it can be; the
// first sentence when none does.
func (r *read) why(cues ...string) string {
	for _, c := range cues {
		hits := r.found[c]
		if len(hits) == 0 {
			continue
		}
		if i := slices.IndexFunc(hits, func(h hit) bool { return h.start >= r.title }); i >= 0 {
			return r.acts.quote(hits[i])
		}
		return r.acts.quote(hits[0])
	}
	return r.acts.quote(hit{r.title + 1, r.title + 1})
}

// whyClass is the sentence that speaks of a class, or else of the classes it lies in.
func (r *read) whyClass(path string) string {
	for path != "" {
		for _, class := range slices.Sorted(maps.Keys(r.spoken)) {
			if class == path || strings.HasPrefix(class, path+"/") {
				return r.subjects.quote(r.spoken[class][0])
			}
		}
		cut := strings.LastIndex(path, "/")
		path = path[:max(cut, 0)]
	}
	return ""
}
