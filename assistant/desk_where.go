package assistant

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"ganwen/kg"
	"ganwen/search/zh"
)

// How fine a name of a place is.
const (
	fineCity = iota + 1
	fineCounty
	fineTown
	fineArea // a road, a village: places lie on it
	fineSite
	fineDetail
)

// placeReader finds where a call is about, in the caller's own words.
type placeReader struct {
	words   *placeWords
	desk    *deskWords
	regions *kg.Regions // may be nil: then divisions are known by their endings alone
	stop    map[string]bool
	generic map[string]bool
}

// placeWords is data/desk-places.json.
type placeWords struct {
	About    string   `json:"about"`
	Town     []string `json:"town"`
	Area     []string `json:"area"`
	Site     []string `json:"site"`
	Detail   []string `json:"detail"`
	Numbered []string `json:"numbered"` // details that a number or letter stands before
	Stop     []string `json:"stop"`
	Joiner   []string `json:"joiner"`
	Generic  []string `json:"generic"`
	Away     []string `json:"away"`      // before a place where it did not happen
	AskWhere []string `json:"ask_where"` // in the agent's question
	AskName  []string `json:"ask_name"`  // in the agent's question for a name, which may have no ending that tells a place
	NoAnswer []string `json:"no_answer"` // what an answer that names no place holds
}

func newPlaceReader(w *deskWords, regions *kg.Regions) (*placeReader, error) {
	raw, err := dataFiles.ReadFile("data/desk-places.json")
	if err != nil {
		return nil, fmt.Errorf("assistant: desk places: %w", err)
	}
	p := &placeReader{words: &placeWords{}, desk: w, regions: regions, stop: map[string]bool{}, generic: map[string]bool{}}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(p.words); err != nil {
		return nil, fmt.Errorf("assistant: desk-places.json: %w", err)
	}
	for _, s := range p.words.Stop {
		p.stop[s] = true
	}
	for _, s := range p.words.Generic {
		p.generic[s] = true
	}
	for _, list := range [][]string{p.words.Town, p.words.Area, p.words.Site, p.words.Detail, p.words.Numbered} {
		slices.SortStableFunc(list, longFirst)
	}
	return p, nil
}

// spot is a place named in a text: a run of words from its coarsest to its finest part.
type spot struct {
	text       string
	start, end int // rune offsets
	lo, hi     int // coarsest and finest part
	generic    bool
	parts      []spotPart
	asked      bool // the agent had asked where
	line       int
	score      float64
	gone       bool
}

// spotPart is a piece of a place's name with how fine it is.
type spotPart struct {
	text  string
	level int
}

// cut drops the parts of a place that are as fine as level or finer.
func (s *spot) cut(level int) {
	text, hi := "", 0
	var kept []spotPart
	for _, p := range s.parts {
		if p.level < level {
			text += p.text
			hi = max(hi, p.level)
			kept = append(kept, p)
		}
	}
	s.text, s.hi, s.parts = text, hi, kept
	s.gone = s.gone || text == ""
}

// piece is a token with what it says of a place; level 0 = nothing.
type piece struct {
	zh.Token
	level int
	stop  bool
}

// spots finds the places of a text.
func (p *placeReader) spots(text string) []spot {
	pieces := p.pieces(text)
	var out []spot
	for i := 0; i < len(pieces); {
		if pieces[i].stop {
			i++
			continue
		}
		j := i
		for j < len(pieces) && !pieces[j].stop && (j == i || pieces[j].Start == pieces[j-1].End) {
			j++
		}
		out = append(out, p.inRun([]rune(text), pieces[i:j])...)
		i = j
	}
	return p.joined([]rune(text), out)
}

// pieces cuts a text into words, with divisions as one word each.
func (p *placeReader) pieces(text string) []piece {
	var mentions []kg.RegionMention
	if p.regions != nil {
		mentions = slices.DeleteFunc(p.regions.Find(text), func(m kg.RegionMention) bool {
			return len(m.Candidates) == 0 || strings.ContainsFunc(m.Text, func(r rune) bool { return r < 128 }) || m.Candidates[0].Level == "province"
		})
	}
	var out []piece
	for _, tok := range zh.Cut(text) {
		if m := slices.IndexFunc(mentions, func(m kg.RegionMention) bool { return tok.Start < m.End && tok.End > m.Start }); m >= 0 {
			at := mentions[m]
			if n := len(out); n > 0 && out[n-1].Start == at.Start && out[n-1].level > 0 {
				if tok.End > at.End { // 高安筠阳|街办 cut across the end of a name
					out[n-1].End = max(out[n-1].End, tok.End)
				}
				continue
			}
			out = append(out, piece{Token: zh.Token{Text: at.Text, Start: at.Start, End: max(at.End, at.Start)}, level: levelOf(at.Candidates[0])})
			if tok.End > at.End {
				out = append(out, p.piece(text, zh.Token{Start: at.End, End: tok.End}))
			}
			continue
		}
		out = append(out, p.piece(text, tok))
	}
	return out
}

func levelOf(r kg.Region) int {
	switch r.Level {
	case "province", "city":
		return fineCity
	case "county":
		return fineCounty
	}
	return fineTown
}

func (p *placeReader) piece(text string, tok zh.Token) piece {
	tok.Text = string([]rune(text)[tok.Start:tok.End])
	x := piece{Token: tok}
	first := []rune(tok.Text)[0]
	word := unicode.Is(unicode.Han, first) || unicode.IsLetter(first) || unicode.IsDigit(first)
	switch {
	case numberedRoad(tok.Text):
		x.level = fineArea
	case slices.Contains(p.words.Detail, tok.Text) || endsWith(tok.Text, p.words.Numbered) && hasNumber(tok.Text):
		x.level = fineDetail
	case !word || p.stop[tok.Text]:
		x.stop = true
	default:
		x.level = p.ending(tok.Text)
	}
	return x
}

// ending gives the level of the longest ending a word has.
func (p *placeReader) ending(s string) int {
	level, size := 0, 0
	for i, list := range [][]string{p.words.Town, p.words.Area, p.words.Site} {
		for _, e := range list {
			if len(e) > size && strings.HasSuffix(s, e) {
				level, size = fineTown+i, len(e)
			}
		}
	}
	return level
}

// numberedRoad reports whether a word is the number of a road: G320, S219.
func numberedRoad(s string) bool {
	return len(s) >= 3 && len(s) <= 5 && strings.ContainsRune("GSXY", rune(s[0])) && isNumber(s[1:]) && !strings.ContainsFunc(s[1:], unicode.IsUpper)
}

func endsWith(s string, list []string) bool {
	return slices.ContainsFunc(list, func(e string) bool { return strings.HasSuffix(s, e) })
}

func hasNumber(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsDigit(r) || unicode.IsUpper(r) && r < 128 || strings.ContainsRune("一二三四五六七八九十百", r)
	})
}

// longestPlaceName is how many runes the name of one site may have before its ending.
const longestPlaceName = 9

// inRun finds the place in a run of words without a stop: from where its name begins to its last part.
func (p *placeReader) inRun(text []rune, run []piece) []spot {
	first, last := -1, -1
	for i, x := range run {
		if x.level > 0 {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	for first >= 0 && first < last && run[first].level == fineDetail && !hasNumber(run[first].Text) {
		first++ // 隔壁|养猪场
		for run[first].level == 0 {
			first++
		}
	}
	if first < 0 || run[first].level == fineDetail && first == last && !p.follows(run, first) {
		return nil
	}
	for last+1 < len(run) && isNumber(run[last+1].Text) && run[last].level == fineDetail { // 2单元501
		last++
	}
	start := first
	if run[first].level >= fineTown {
		for start > 0 && run[start-1].level == 0 && run[first].End-run[start-1].Start <= longestPlaceName {
			start--
		}
	}
	s := spot{start: run[start].Start, end: run[last].End, lo: fineDetail, hi: run[last].level}
	for i, x := range run[first : last+1] {
		if x.level > 0 && !(i == 0 && p.inSiteName(run[first:last+1])) {
			s.lo, s.hi = min(s.lo, x.level), max(s.hi, x.level)
		}
	}
	at := s.start
	for _, x := range run[first : last+1] {
		if x.level > 0 {
			s.parts = append(s.parts, spotPart{string(text[at:x.End]), x.level})
			at = x.End
		}
	}
	s.text = string(text[s.start:s.end])
	s.generic = p.isGeneric(s.text) || s.lo == fineDetail
	return []spot{s}
}

// inSiteName reports whether the short name of a division that a run begins with is part of a site's name: 吉安二小.
func (p *placeReader) inSiteName(run []piece) bool {
	if len(run) < 2 || run[0].level > fineCounty || endsWith(run[0].Text, []string{"市", "县", "区"}) {
		return false
	}
	i := slices.IndexFunc(run[1:], func(x piece) bool { return x.level > 0 })
	return i >= 0 && run[i+1].level == fineSite
}

// follows reports whether words before a detail could be a name: 绿地|3栋.
func (p *placeReader) follows(run []piece, i int) bool { return i > 0 || hasNumber(run[i].Text) }

func isNumber(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) && !(r < 128 && unicode.IsUpper(r)) })
}

// isGeneric reports whether a name names nothing: 小区门口, 村里面.
func (p *placeReader) isGeneric(s string) bool {
	for again := true; again; {
		if again = false; s == "" || p.generic[s] {
			return true
		}
		for _, d := range p.words.Detail {
			if rest, ok := strings.CutSuffix(s, d); ok && !hasNumber(s) && !slices.Contains(p.words.Numbered, d) {
				s, again = rest, true
				break
			}
		}
	}
	return false
}

// joined puts places together that stand side by side, or with no more than a joiner between: 湖坊镇|的|顺外村,
// 昭阳路|和|建设路交叉口.
func (p *placeReader) joined(text []rune, spots []spot) []spot {
	var out []spot
	for _, s := range spots {
		if n := len(out); n > 0 {
			last := &out[n-1]
			between := string(text[last.end:s.start])
			near := between == "" || slices.Contains(p.words.Joiner, between) && (s.lo > last.hi || s.lo == last.hi && !strings.ContainsAny(between, "，,、 "))
			if near && (!s.generic || s.lo == fineDetail) && !last.generic {
				last.text += s.text
				if joint := string(text[last.end:s.start]); joint != "" && s.lo == last.lo && s.lo == fineArea { // two roads that cross
					last.text = string(text[last.start:s.end])
				}
				last.end = s.end
				last.parts = append(last.parts, s.parts...)
				last.lo, last.hi = min(last.lo, s.lo), max(last.hi, s.hi)
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// find says where the call is about; "" when the caller gave no place. A corrected place wins over the first, and what
// he said elsewhere of what it lies in stands before it. Who only asks speaks of schools and hospitals without meaning a
// place: with strict, a name counts when it lies in a division he names, or the agent asked for it.
func (p *placeReader) find(t *talk, strict bool) string {
	var all []spot
	for i, l := range t.lines {
		now := p.said(t, i, l)
		if t.corrects(l) {
			retract(all, now)
		}
		all = append(all, now...)
	}
	for i := range all {
		all[i].gone = all[i].gone || strict && all[i].lo > fineTown && !all[i].asked
	}
	return compose(all)
}

// said finds the places of one line and weighs them.
func (p *placeReader) said(t *talk, i int, l line) []spot {
	asked := slices.ContainsFunc(p.words.AskWhere, func(w string) bool { return strings.Contains(l.agent, w) })
	found := p.spots(l.text)
	runes := []rune(l.text)
	var out []spot
	for _, s := range found {
		before := string(runes[max(0, s.start-6):s.start])
		s.line = i
		s.score = float64(s.hi)
		if s.asked = asked; asked {
			s.score += 3
		}
		if s.generic {
			s.score -= 4
			if p.generic[s.text] { // 小区, 学校: it names nothing, whatever was asked
				s.score -= 4
			}
		}
		if slices.ContainsFunc(p.words.Away, func(w string) bool { return strings.Contains(before, w) }) {
			s.score -= 4
		}
		if strings.HasSuffix(before, "在") || strings.HasSuffix(before, "地址是") {
			s.score++
		}
		s.gone = slices.ContainsFunc(t.wrong, func(w string) bool { return strings.Contains(w, s.text) })
		if !s.gone {
			s = p.withoutWrong(t, s, len(l.wrong) > 0)
		}
		out = append(out, s)
	}
	if turn := p.turning(t, l.text); turn >= 0 { // 二期，哦不，三期: within one breath
		n := slices.IndexFunc(found, func(s spot) bool { return s.start >= turn })
		if n > 0 {
			retract(out[:n], out[n:])
		}
	}
	for i := range out { // 东路，鹭洲东路: the whole name counts
		for j := range out {
			out[i].gone = out[i].gone || i != j && len(out[j].text) > len(out[i].text) && strings.HasSuffix(out[j].text, out[i].text)
		}
	}
	if len(out) == 0 && slices.ContainsFunc(p.words.AskName, func(w string) bool { return strings.Contains(l.agent, w) }) {
		if name := p.answer(l.text); name != "" {
			out = append(out, spot{text: name, lo: fineSite, hi: fineSite, parts: []spotPart{{name, fineSite}}, asked: true, line: i, score: fineSite + 2})
		}
	}
	if len(out) == 0 && t.agrees(l) { // he says yes to a place the agent read back: it is his
		for _, s := range p.spots(l.agent) {
			if !s.generic && s.hi > fineCity {
				s.line, s.score = i, float64(s.hi)
				out = append(out, s)
			}
		}
	}
	return out
}

// longestAnswer is how many runes a bare name may have that answers the question where.
const longestAnswer = 10

// answer is a short answer to the question where, taken as it stands; "" when it names nothing.
func (p *placeReader) answer(text string) string {
	name, _, _ := strings.Cut(strings.NewReplacer(",", "，", "。", "，", "！", "，", "…", "，").Replace(text), "，")
	name = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(name), "叫"), "在"), "的")
	n := len([]rune(name))
	if n < 2 || n > longestAnswer || strings.ContainsAny(name, "（(）)、 ") || p.generic[name] || p.stop[name] || slices.ContainsFunc(p.words.NoAnswer, func(w string) bool { return strings.Contains(name, w) }) {
		return ""
	}
	return name
}

// turning gives the rune at which a line takes back what it said itself; -1 when it does not.
func (p *placeReader) turning(t *talk, text string) int {
	at := -1
	for _, c := range t.words.Correct {
		if i := strings.LastIndex(text, c); i > at {
			at = i
		}
	}
	if at < 0 {
		return -1
	}
	return len([]rune(text[:at]))
}

// withoutWrong takes out of a place what the caller corrected. In the line that corrects, what stands behind it is kept:
// 朝阳路是昭阳路.
func (p *placeReader) withoutWrong(t *talk, s spot, here bool) spot {
	for _, w := range t.wrong {
		at := strings.LastIndex(s.text, w)
		if at < 0 {
			continue
		}
		if here {
			if found := p.spots(strings.TrimLeft(s.text[at+len(w):], "是叫在，,")); len(found) > 0 {
				found[0].line, found[0].score, found[0].asked = s.line, s.score, s.asked
				return found[0]
			}
		}
		s.text = strings.ReplaceAll(s.text, w, "")
		s.parts = slices.DeleteFunc(slices.Clone(s.parts), func(x spotPart) bool { return strings.Contains(w, x.text) })
		s.hi, s.gone = 0, s.text == ""
		for _, x := range s.parts {
			s.hi = max(s.hi, x.level)
		}
	}
	return s
}

// retract strikes out earlier places that a correction replaces: those as fine as it, or finer.
func retract(earlier, now []spot) {
	lo := fineDetail + 1
	for _, s := range now {
		if !s.gone && (!s.generic || s.lo == fineDetail) {
			lo = min(lo, s.lo)
		}
	}
	for i := range earlier {
		if earlier[i].hi >= lo {
			earlier[i].cut(lo)
		}
	}
}

// placeFrom is the score a generic place must have to be named at all: the agent asked for it.
const placeFrom = 2.5

// compose puts the places that stand together, coarse before fine.
func compose(all []spot) string {
	best := -1
	for i, s := range all {
		if !s.gone && (best < 0 || s.score > all[best].score) {
			best = i
		}
	}
	if best < 0 || all[best].generic && all[best].score < placeFrom || all[best].score <= -1 {
		return ""
	}
	b := all[best]
	text, lo, hi := b.text, b.lo, b.hi
	for range 4 {
		at := -1
		for i, s := range all { // the next coarser one
			if !s.gone && !s.generic && s.hi < lo && s.score > 0 && !strings.Contains(text, s.text) && (at < 0 || s.hi > all[at].hi) {
				at = i
			}
		}
		if at < 0 {
			break
		}
		text, lo = all[at].text+text, all[at].lo
	}
	for _, s := range all {
		if !s.gone && s.lo > hi && s.line >= b.line && s.hi == fineDetail && s.score > 0 && !strings.Contains(text, s.text) {
			text, hi = text+s.text, s.hi
		}
	}
	return text
}
