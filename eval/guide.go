package eval

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// GuideCase is an utterance and what a good guide makes of it.
//
// Kinds: matter (Expect: any of these codes is right), life_event (Expect: the event, or Members named first), ambiguous
// (one question back; with IfAsked and Final, the matter after it; DirectOK may be answered at once), out_of_scope,
// emergency (Expect: numbers, and 心理援助 for a helpline), not_emergency (sounds like one and is none), human,
// smalltalk, progress, complaint, multi (Expect: all of them), followup (Turns; judged by the last).
type GuideCase struct {
	Common
	Query    string   `json:"query"`
	Turns    []string `json:"turns,omitempty"`
	Kind     string   `json:"kind"`
	Region   string   `json:"region,omitempty"`
	Expect   []string `json:"expect"`
	EventOK  string   `json:"event_ok,omitempty"` // matter: naming this event is right too
	Members  []string `json:"members,omitempty"`
	IfAsked  string   `json:"if_asked,omitempty"`
	Final    string   `json:"final,omitempty"`
	DirectOK string   `json:"direct_ok,omitempty"`
}

// guideGot is what the report keeps of a conversation.
type guideGot struct {
	Status   string   `json:"status"`
	Intent   string   `json:"intent"`
	Codes    []string `json:"codes"`
	Event    string   `json:"event,omitempty"`
	Question string   `json:"question,omitempty"`
	Numbers  []string `json:"numbers,omitempty"`
	Then     []string `json:"then,omitempty"`        // codes after the question was answered
	Uncited  []string `json:"uncited,omitempty"`     // as the outside client counts
	Faults   []string `json:"unsupported,omitempty"` // as the kind facts counts
	Text     string   `json:"text"`
}

// guideJudges say for each kind whether the replies are right, and give the marks. first is the first reply, last the last.
var guideJudges = map[string]func(c *GuideCase, first, last Reply) (bool, map[string]Mark){
	"matter": judgeMatter,
	"life_event": func(c *GuideCase, first, _ Reply) (bool, map[string]Mark) {
		ok := slices.Contains(c.Expect, first.event()) || namesMembers(first, c.Members)
		return ok, map[string]Mark{"event_accuracy": yes(ok)}
	},
	"ambiguous": judgeAmbiguous,
	"out_of_scope": func(_ *GuideCase, first, _ Reply) (bool, map[string]Mark) {
		ok := slices.Contains([]string{"no_evidence", "refused", "handoff"}, first.Status) || first.Intent == "out_of_scope"
		return ok, map[string]Mark{"reject_rate": yes(ok)}
	},
	"emergency": func(c *GuideCase, first, _ Reply) (bool, map[string]Mark) {
		ok := givesNumbers(first, c.Expect)
		return ok, map[string]Mark{"emergency_recall": yes(ok)}
	},
	"not_emergency": func(_ *GuideCase, first, _ Reply) (bool, map[string]Mark) {
		ok := first.Status != "" && !first.alarmed()
		return ok, map[string]Mark{"emergency_false_alarm_rate": yes(!ok)}
	},
	"human": func(_ *GuideCase, first, _ Reply) (bool, map[string]Mark) {
		ok := first.Intent == "handoff" || first.Status == "handoff"
		return ok, map[string]Mark{"human": yes(ok)}
	},
	"smalltalk": func(_ *GuideCase, first, _ Reply) (bool, map[string]Mark) {
		ok := first.Intent == "smalltalk"
		return ok, map[string]Mark{"smalltalk": yes(ok)}
	},
	"progress": func(_ *GuideCase, first, _ Reply) (bool, map[string]Mark) {
		ok := first.Intent == "progress"
		return ok, map[string]Mark{"progress": yes(ok)}
	},
	"complaint": func(c *GuideCase, first, _ Reply) (bool, map[string]Mark) {
		ok := first.topIn(c.Expect)
		if len(c.Expect) == 0 { // nothing in the catalogue takes it: it must be handed on, not forced into a matter
			ok = slices.Contains([]string{"no_evidence", "refused", "handoff"}, first.Status) || first.Intent == "handoff"
		}
		return ok, map[string]Mark{"complaint": yes(ok)}
	},
	"multi":    judgeMulti,
	"followup": judgeFollowup,
}

func judgeMatter(c *GuideCase, first, _ Reply) (bool, map[string]Mark) {
	top := first.topIn(c.Expect) || c.EventOK != "" && first.event() == c.EventOK
	three := slices.ContainsFunc(first.codes(3), func(code string) bool { return slices.Contains(c.Expect, code) })
	mrr := 0.0
	if i := slices.IndexFunc(first.codes(0), func(code string) bool { return slices.Contains(c.Expect, code) }); i >= 0 {
		mrr = 1 / float64(i+1)
	}
	return top, map[string]Mark{
		"top1": yes(top), "top3": yes(three), "mrr": {mrr, 1},
		"false_ask_rate":    yes(first.Status == "asking"),
		"false_reject_rate": yes(first.Status == "no_evidence" || first.Status == "refused"),
		"uncited_rate":      yes(len(uncitedNumbers(first)) > 0),
		"cited":             yes(len(first.Citations) > 0),
	}
}

// judgeAmbiguous wants one question, and the right matter after it. A case that does not say how the citizen answers is
// judged by the question alone.
func judgeAmbiguous(c *GuideCase, first, last Reply) (bool, map[string]Mark) {
	direct := c.DirectOK != "" && !first.asks() && first.topIn([]string{c.DirectOK})
	asked := first.asks() || direct
	marks := map[string]Mark{"ask_rate": yes(asked)}
	if c.IfAsked == "" {
		return asked, marks
	}
	final := direct || first.asks() && last.topIn([]string{c.Final})
	marks["ambiguous_final"] = yes(final)
	return final, marks
}

// judgeMulti counts how many of the matters asked for in one breath are named, on their own or as steps of an event.
func judgeMulti(c *GuideCase, first, _ Reply) (bool, map[string]Mark) {
	named := first.codes(9)
	if first.Event != nil {
		for _, s := range first.Event.Steps {
			named = append(named, s.Code)
		}
	}
	found := 0
	for _, code := range c.Expect {
		if slices.Contains(named, code) {
			found++
		}
	}
	return found == len(c.Expect), map[string]Mark{"multi_recall": {float64(found), float64(len(c.Expect))}}
}

func judgeFollowup(c *GuideCase, _, last Reply) (bool, map[string]Mark) {
	ok := last.topIn(c.Expect)
	return ok, map[string]Mark{"followup_top1": yes(ok)}
}

// namesMembers reports whether the first two matters both belong to the event.
func namesMembers(r Reply, members []string) bool {
	two := r.codes(9)
	if len(two) < 2 {
		return false
	}
	return slices.Contains(members, two[0]) && slices.Contains(members, two[1])
}

// helpline is what an emergency case expects besides numbers, and how a text may give it.
const helpline = "心理援助"

func givesNumbers(r Reply, want []string) bool {
	for _, w := range want {
		if isDigits(w) && !slices.Contains(r.numbers(), w) {
			return false
		}
		if w == helpline && !strings.Contains(r.Text, "心理") && !strings.Contains(r.Text, "12356") {
			return false
		}
	}
	return len(want) > 0
}

func isDigits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
}

// Check implements Body.
func (c *GuideCase) Check() error {
	if guideJudges[c.Kind] == nil {
		return &FieldError{"kind", "unknown kind " + c.Kind}
	}
	switch {
	case c.Kind == "followup" && len(c.Turns) < 2:
		return &FieldError{"turns", "a followup has two turns or more"}
	case c.Kind != "followup" && len(c.Turns) > 0:
		return &FieldError{"turns", "only for kind followup"}
	case c.Kind != "followup" && strings.TrimSpace(c.Query) == "":
		return &FieldError{"query", "missing"}
	case len(c.Expect) == 0 && slices.Contains([]string{"matter", "life_event", "emergency", "multi", "followup"}, c.Kind):
		return &FieldError{"expect", "missing"}
	case (c.IfAsked == "") != (c.Final == ""):
		return &FieldError{"final", "if_asked and final come together"}
	}
	return nil
}

// Judge implements Body.
func (c *GuideCase) Judge(o Outcome) Verdict {
	var first, last Reply
	if len(o.Replies) > 0 {
		first, last = o.Replies[0], o.Replies[len(o.Replies)-1]
	}
	ok, marks := guideJudges[c.Kind](c, first, last)
	got := guideGot{Status: first.Status, Intent: first.Intent, Codes: first.codes(5), Event: first.event(),
		Question: first.question(), Numbers: first.numbers(), Uncited: uncitedNumbers(first), Text: first.Text}
	facts, faults := factMarks(o, c.said())
	maps.Copy(marks, facts)
	got.Faults = faults
	if len(o.Replies) > 1 {
		got.Then = last.codes(5)
	}
	want := c.Expect
	if c.Final != "" {
		want = append(slices.Clone(want), c.Final)
	}
	return Verdict{OK: ok, Kind: c.Kind, Input: strings.Join(c.said()[:max(1, len(c.Turns))], " / "), Got: got, Want: want, Marks: marks}
}

// said are the citizen's turns, as far as the conversation may go.
func (c *GuideCase) said() []string {
	if len(c.Turns) > 0 {
		return c.Turns
	}
	return []string{c.Query, c.IfAsked}
}

func (c *GuideCase) region() string { return c.Region }

// next says the question, then the answer to what was asked back, or the turns one after another.
func (c *GuideCase) next(replies []Reply) (string, bool) {
	n := len(replies)
	switch {
	case c.Kind == "followup":
		if n < len(c.Turns) {
			return c.Turns[n], true
		}
	case n == 0:
		return c.Query, true
	case n == 1 && c.Kind == "ambiguous" && c.IfAsked != "" && replies[0].asks():
		return c.IfAsked, true
	}
	return "", false
}
