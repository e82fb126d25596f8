package petitions

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"ganwen/kg"
	"ganwen/search/zh"
)

// extractor reads facts out of words. It infers nothing that the text does not say.
type extractor struct {
	words   *wordLists
	regions *kg.Regions // may be nil: then nothing is known of places
}

// wordLists is data/facts.json.
type wordLists struct {
	About     string              `json:"about"`
	Kinds     map[string][]string `json:"kinds"`     // kind of organisation → how such names end
	Stops     string              `json:"stops"`     // runes a name does not hold
	Generic   []string            `json:"generic"`   // ends that are no name by themselves: 公司, 学校
	Counted   []string            `json:"counted"`   // who is counted
	Not       []string            `json:"not"`       // what a count of people is not followed by
	Joint     []string            `json:"joint"`     // words that make a count one of people with the same grievance
	Ask       []string            `json:"ask"`       // how a wish begins
	NotAsk    []string            `json:"not_ask"`   // what only looks like one
	Blame     []string            `json:"blame"`     // verbs that say what an organisation did
	Applied   []string            `json:"applied"`   // verbs of someone who turns to an authority
	Staff     []string            `json:"staff"`     // whose name after a body's makes the body the accused
	AppealTo  []string            `json:"appeal_to"` // before a body's name: it is asked, not accused
	Authority []string            `json:"authority"` // kinds that are authorities
	Money     []string            `json:"money"`
}

// extract reads a petition. The reading is that of title and text.
func (x *extractor) extract(p *Petition, r *reading) (Facts, []Place) {
	var f Facts
	places := x.places(p, r)
	if len(places) > 0 {
		f.Place = places[0].Code
	}
	f.Organisations = x.organisations(r)
	f.People, f.PeopleText = x.people(r)
	f.People = max(f.People, p.People, p.Involved)
	f.Amounts = x.amounts(r)
	f.Dates = datesOf(p, r)
	f.Asks = x.asks(r)
	return f, places
}

// places are the divisions named, finest first. What the text says refines the petition's place and does not leave it,
// unless the petition has none: a text may compare with other counties.
func (x *extractor) places(p *Petition, r *reading) []Place {
	if x.regions == nil {
		return nil
	}
	given := x.certain(p.Place)
	said := x.certain(string(r.text))
	var codes []string
	for _, c := range slices.Concat(given, said) {
		if !slices.Contains(codes, c) && (len(given) == 0 || slices.Contains(given, c) || x.regions.Covers(given[0], c)) {
			codes = append(codes, c)
		}
	}
	slices.SortStableFunc(codes, func(a, b string) int { return len(b) - len(a) })
	places := []Place{}
	for _, c := range codes {
		places = append(places, Place{Code: c, Name: x.regions.FullName(c)})
	}
	return places
}

// certain lists the divisions a text names without doubt, finest first; what another of them lies in is left out.
func (x *extractor) certain(text string) []string {
	var codes []string
	for _, m := range x.regions.Find(text) {
		if len(m.Candidates) == 1 && !m.Confirm && !slices.Contains(codes, m.Candidates[0].Code) {
			codes = append(codes, m.Candidates[0].Code)
		}
	}
	outer := func(c string) bool {
		return slices.ContainsFunc(codes, func(d string) bool { return d != c && x.regions.Covers(c, d) })
	}
	fine := slices.DeleteFunc(slices.Clone(codes), outer)
	slices.SortStableFunc(fine, func(a, b string) int { return len(b) - len(a) })
	return fine
}

// longestName is how many runes before its end a name of an organisation may begin.
const longestName = 12

// organisations finds names by how they end, and says of each what part it plays in its sentence.
func (x *extractor) organisations(r *reading) []Organisation {
	var out []Organisation
	for _, kind := range slices.Sorted(maps.Keys(x.words.Kinds)) {
		for _, end := range x.words.Kinds[kind] {
			e := []rune(zh.Fold(end))
			for i := 0; i+len(e) <= len(r.runes); i++ {
				if !startsWith(r.runes[i:], e) {
					continue
				}
				name := x.name(r, i, i+len(e), slices.Contains(x.words.Authority, kind))
				if name == "" || slices.ContainsFunc(out, func(o Organisation) bool { return strings.Contains(o.Name, name) }) {
					continue
				}
				out = slices.DeleteFunc(out, func(o Organisation) bool { return strings.Contains(name, o.Name) })
				quote := r.quote(hit{i, i + len(e)})
				out = append(out, Organisation{Name: name, Kind: kind, Role: x.role(kind, quote), Text: quote})
			}
		}
	}
	return out
}

// name reads backwards from the end of a name; "" when nothing names it.
func (x *extractor) name(r *reading, at, end int, authority bool) string {
	start := at
	for start > 0 && at-start < longestName && r.of[start-1] == r.of[at] && x.inName(r.runes[start-1]) {
		start--
	}
	name := string(r.text[start:end])
	if x.regions != nil { // 高安卓优教育 is 卓优教育 in 高安
		for _, m := range x.regions.Find(name) {
			if m.Start == 0 && m.End < len([]rune(name))-(end-at) {
				name = string([]rune(name)[m.End:])
				break
			}
		}
	}
	if slices.Contains(x.words.Generic, name) || len([]rune(name)) == end-at && !authority {
		return "" // only the end of a name, and many are called so
	}
	return name
}

func (x *extractor) inName(c rune) bool {
	return (unicode.Is(unicode.Han, c) || unicode.IsLetter(c)) && !strings.ContainsRune(x.words.Stops, c)
}

func (x *extractor) role(kind, sentence string) string {
	authority := slices.Contains(x.words.Authority, kind)
	switch {
	case authority && containsAny(sentence, x.words.Applied):
		return "asked"
	case containsAny(sentence, x.words.Blame):
		return "accused"
	}
	return "named"
}

// people is the largest number of persons or households said to share the grievance, and the words that say so.
func (x *extractor) people(r *reading) (int, string) {
	best, words := 0, ""
	for _, n := range r.at[numeralID] {
		value, end := roughNumber(r.runes, n)
		if value < 2 {
			continue
		}
		unit := firstPrefix(r.runes[end:], x.words.Counted)
		if unit == "" || firstPrefix(r.runes[end+len([]rune(unit)):], x.words.Not) != "" {
			continue
		}
		around := string(r.runes[max(0, n.start-6):min(len(r.runes), end+12)])
		if value > best && containsAny(around, x.words.Joint) {
			best, words = value, string(r.text[n.start:end+len([]rune(unit))])
		}
	}
	return best, words
}

// roughNumber reads a numeral with what may follow it: 二十几 is 20, 上百 100, 一百多 100. It gives where the number ends.
func roughNumber(runes []rune, n hit) (int, int) {
	text := string(runes[n.start:n.end])
	round := strings.Map(func(r rune) rune {
		if r == '几' {
			return -1
		}
		return r
	}, text)
	value := 0
	if v, ok := zh.ParseNumber(round); ok && v < 1e7 {
		value = int(v)
	}
	switch {
	case strings.HasPrefix(text, "几十"):
		value = max(value, 20)
	case strings.HasPrefix(text, "几百") || text == "百" && n.start > 0 && runes[n.start-1] == '上':
		value = max(value, 100)
	case strings.HasPrefix(text, "几千") || text == "千" && n.start > 0 && runes[n.start-1] == '上':
		value = max(value, 1000)
	case strings.HasPrefix(text, "几") || text == "两三" || text == "三四" || text == "三五":
		value = max(value, 2)
	}
	end := n.end
	for end < len(runes) && end < n.end+2 && strings.ContainsRune("多余来几", runes[end]) {
		end++
	}
	return value, end
}

// amounts are the sums of money said, largest first, at most six.
func (x *extractor) amounts(r *reading) []Amount {
	var out []Amount
	for _, n := range r.at[numeralID] {
		end := n.end
		if end+1 < len(r.runes) && r.runes[end] == '.' && unicode.IsDigit(r.runes[end+1]) {
			for end++; end < len(r.runes) && (unicode.IsDigit(r.runes[end]) || r.runes[end] == '万'); end++ {
			}
		}
		value, ok := zh.ParseNumber(string(r.runes[n.start:end]))
		for end < len(r.runes) && strings.ContainsRune("多余来几", r.runes[end]) {
			end++
		}
		if !ok || firstPrefix(r.runes[end:], x.words.Money) == "" && !strings.HasSuffix(string(r.runes[n.start:end]), "万") {
			continue
		}
		if value > 0 {
			out = append(out, Amount{Yuan: value, Text: string(r.text[n.start:end]) + firstPrefix(r.runes[end:], x.words.Money)})
		}
	}
	slices.SortStableFunc(out, func(a, b Amount) int { return cmp.Compare(b.Yuan, a.Yuan) })
	return out[:min(len(out), 6)]
}

// datesOf are the dates said, as seen from the day of the petition, at most six.
func datesOf(p *Petition, r *reading) []DateFact {
	if p.Time.IsZero() {
		return nil
	}
	var out []DateFact
	for _, d := range zh.Dates(string(r.text), p.Time) {
		if len(out) == 6 {
			break
		}
		out = append(out, DateFact{Date: d.Time.Format(time.DateOnly), Precision: d.Precision, Text: d.Text})
	}
	return out
}

// longestAsk is as much of one wish as is kept, in runes.
const longestAsk = 80

// asks are the clauses that say what is wanted, in order, at most five.
func (x *extractor) asks(r *reading) []string {
	var out []string
	for _, s := range r.sentences {
		at := x.askAt(s.Text)
		if at < 0 || len(out) == 5 {
			continue
		}
		wish := []rune(strings.TrimSpace(s.Text[at:]))
		out = append(out, string(wish[:min(len(wish), longestAsk)]))
	}
	return out
}

// askAt is where a sentence begins to ask for something, in bytes; -1 when it does not.
func (x *extractor) askAt(sentence string) int {
	plain := sentence
	for _, w := range x.words.NotAsk { // as long as before, so that offsets agree
		plain = strings.ReplaceAll(plain, w, strings.Repeat(" ", len(w)))
	}
	at := -1
	for _, w := range x.words.Ask {
		if i := strings.Index(plain, w); i >= 0 && (at < 0 || i < at) {
			at = i
		}
	}
	return at
}

// accusedBodies are the bodies whose staff the text speaks of: 民政所经办人, 县民政局有个股长. One that the text turns to
// (请民政局查处) is not among them.
func (x *extractor) accusedBodies(text string, names []string) []string {
	const after, before = 10, 3
	var out []string
	runes := []rune(text)
	for _, name := range names {
		n := []rune(name)
		for i := 0; i+len(n) <= len(runes); i++ {
			if !startsWith(runes[i:], n) || containsAny(string(runes[max(0, i-before):i]), x.words.AppealTo) {
				continue
			}
			if containsAny(string(runes[i+len(n):min(len(runes), i+len(n)+after)]), x.words.Staff) {
				out = append(out, name)
				break
			}
		}
	}
	return out
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// firstPrefix gives the word the runes begin with, "" for none. Longer words stand before shorter ones in the lists.
func firstPrefix(r []rune, words []string) string {
	for _, w := range words {
		if startsWith(r, []rune(w)) {
			return w
		}
	}
	return ""
}
