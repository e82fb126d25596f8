package assistant

import (
	"strings"

	"ganwen/search/zh"
)

// longestSlot is the most runes a slot is shown with.
const longestSlot = 120

// slots takes who, where, what, when and ask out of what the caller said, word for word.
func (d *Desk) slots(h *hearing) {
	s := &h.out.Slots
	s.Where = slot(d.where.find(h.talk, h.type_.value == CallQuestion))
	if t := h.call.Ticket; s.Where == nil && t != nil {
		s.Where = slot(t.Place)
	}
	s.Who = slot(d.words.who(h.talk))
	s.When = slot(d.words.when(h.talk))
	s.What = slot(d.words.what(h.talk))
	s.Ask = slot(d.words.ask(h.talk))
}

func slot(s string) *string {
	s = strings.Trim(s, "，,。.、；; ")
	if s == "" {
		return nil
	}
	s = clip(s, longestSlot)
	return &s
}

func said(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// parts are the clauses of what still stands, in order.
func (t *talk) parts() []string {
	var out []string
	for _, l := range t.lines {
		if t.agrees(l) {
			continue
		}
		for _, c := range strings.FieldsFunc(t.strike(l.text), func(r rune) bool { return strings.ContainsRune("，,。！？!?；;\n", r) }) {
			if c = strings.TrimSpace(t.words.plain(c)); c != "" {
				out = append(out, c)
			}
		}
	}
	return out
}

// who is who the caller says he is, or whom it is about.
func (w *deskWords) who(t *talk) string {
	for _, c := range t.parts() {
		for _, is := range w.WhoIs {
			at := strings.Index(c, is)
			if at < 0 {
				continue
			}
			rest := c[at+len(is):]
			for _, role := range w.WhoRole {
				if i := strings.Index(rest, role); i >= 0 && len([]rune(rest[:i])) <= 14 {
					return rest[:i+len(role)]
				}
			}
			if (is == "我姓" || is == "我叫") && len([]rune(rest)) <= 4 && rest != "" {
				return c[at:]
			}
		}
	}
	for _, c := range t.parts() {
		for _, whose := range w.WhoWhose {
			if strings.Contains(c, whose) {
				return whose
			}
		}
	}
	return ""
}

// when is the time he says, with how long it has lasted.
func (w *deskWords) when(t *talk) string {
	var out []string
	for _, c := range t.parts() {
		if s := w.since(c); s != "" {
			out = append(out, s)
			continue
		}
		for _, word := range w.WhenWords {
			if strings.Contains(c, word) {
				out = append(out, word)
				break
			}
		}
	}
	if len(out) > 2 {
		out = out[:2]
	}
	return strings.Join(out, "，")
}

// since finds a duration or a point in time with a number in it: 三个月了, 昨天晚上十点.
func (w *deskWords) since(c string) string {
	runes := []rune(c)
	for _, n := range zh.Numbers(c) {
		tail := string(runes[n.End:])
		for _, unit := range append([]string{"点", "号", "月"}, w.WhenSince...) {
			if !strings.HasPrefix(tail, unit) {
				continue
			}
			start := n.Start
			before := string(runes[:n.Start])
			for _, word := range w.WhenWords {
				if strings.HasSuffix(before, word) {
					start -= len([]rune(word))
					break
				}
			}
			return string(runes[start : n.End+len([]rune(unit))])
		}
	}
	return ""
}

// what is the clause that says what is the matter, with its neighbours as far as they speak of it.
func (w *deskWords) what(t *talk) string {
	parts := t.parts()
	best, at := -1.0, 0
	for i, c := range parts {
		score := float64(min(len([]rune(c)), 16)) / 16
		folded := zh.Fold(c)
		for _, p := range w.Problem {
			if strings.Contains(folded, p) {
				score += 0.5
			}
		}
		if w.hears("danger", folded) || w.hears("fault", folded) || w.hears("unlawful", folded) {
			score++
		}
		score -= float64(i) * 0.05
		if score > best {
			best, at = score, i
		}
	}
	if len(parts) == 0 {
		return ""
	}
	out := parts[at]
	for i := at + 1; i < len(parts) && len([]rune(out)) < 24; i++ {
		out += "，" + parts[i]
	}
	return out
}

// ask is what he wants: the last clauses that say so, two at most.
func (w *deskWords) ask(t *talk) string {
	var out []string
	for _, c := range t.parts() {
		for _, a := range w.Ask {
			if at := strings.Index(c, a); at >= 0 && len([]rune(c[at:])) >= 4 {
				if at > 24 {
					c = c[at:]
				}
				out = append(out, c)
				break
			}
		}
	}
	if len(out) > 2 {
		out = append(out[:1], out[len(out)-1])
	}
	return strings.Join(out, "；")
}
