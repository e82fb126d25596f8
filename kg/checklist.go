package kg

import (
	_ "embed"
	"strings"
)

// Facts are what is known about the applicant, by fact name: bool, number, string or list of strings. Absent = unknown.
type Facts map[string]any

// Verdict is whether a condition holds, for the facts known.
type Verdict string

// Verdicts. Unknown: a fact is missing, nothing decides it by machine, or the value it is measured by is not published.
const (
	Met     Verdict = "met"
	Unmet   Verdict = "unmet"
	Unknown Verdict = "unknown"
)

// List is the checklist of a matter (材料清单) for the situation known so far.
type List struct {
	Matter     string     `json:"matter"`
	Situation  []Answered `json:"situation"`            // answers that led here, in order
	Papers     []Paper    `json:"papers"`               // to bring, in the matter's order
	Dropped    []Paper    `json:"dropped,omitempty"`    // core papers that an answer made unnecessary
	Open       *Situation `json:"open,omitempty"`       // next question; nil = the situation is fully known
	Refer      []Referral `json:"refer,omitempty"`      // other matters that are meant or come first
	Ineligible []Answered `json:"ineligible,omitempty"` // answers with which it cannot be done here; Note says why
	Notes      []Answered `json:"notes,omitempty"`      // advice that belongs to an answer
	Ignored    []string   `json:"ignored,omitempty"`    // question ids answered that are not on the way, or with an unknown option
}

// Answered is a question of the situation tree with the chosen option.
type Answered struct {
	QuestionID string `json:"question_id"`
	Question   string `json:"question"`
	OptionID   string `json:"option_id"`
	Answer     string `json:"answer"`
	Note       string `json:"note,omitempty"` // what follows from it
}

// Paper is a material of the checklist, why it is there and whether it need not be handed in.
type Paper struct {
	Material
	Because    string  `json:"because"`               // the answer or the rule that asks for it (or that drops it)
	QuestionID string  `json:"question_id,omitempty"` // set when an answer decided
	OptionID   string  `json:"option_id,omitempty"`
	WaivedText string  `json:"waived_text,omitempty"` // what the waiver means for the applicant
	WaivedBy   *Clause `json:"waived_by,omitempty"`   // the rule behind the waiver, word for word; nil when no law at hand
}

// Referral points to another matter because of an answer.
type Referral struct {
	Code    string   `json:"code"`
	Because Answered `json:"because"`
}

// Waiver is what 电子证照免交, 数据共享免交, 告知承诺 or 容缺后补 means and the rule behind it.
type Waiver struct {
	Text string  `json:"text"`
	Law  *Clause `json:"law"`
}

//go:embed data/waivers.json
var waiverText []byte

//go:embed data/because.json
var becauseText []byte

var (
	waivers = mustJSON[map[string]Waiver](waiverText)
	because = mustJSON[map[string]string](becauseText)
)

// WaiverOf explains a waiver by its name; ok is false for an unknown one.
func WaiverOf(name string) (w Waiver, ok bool) { w, ok = waivers[name]; return }

// Checklist walks the situation tree of m as far as answers (question id → option id or option text) and facts lead.
// A fact decides a question when its value is an option's id or text. Past an open question the walk goes on where every
// way through it leads to the same next question, so that an answer given early counts. Core papers are always listed unless a chosen
// option waives them; of an option that needs and one that waives the same paper the later one counts.
func Checklist(m *Matter, answers map[string]string, facts Facts) *List {
	l := &List{Matter: m.Code, Situation: []Answered{}, Papers: []Paper{}}
	asked, dropped := map[string]Answered{}, map[string]Answered{}
	onTheWay := map[string]bool{}
	for s := m.root(); s != nil; {
		if onTheWay[s.ID] { // a tree that leads back to itself ends here
			break
		}
		onTheWay[s.ID] = true
		o := chosen(s, answers, facts)
		if o == nil {
			if l.Open == nil {
				l.Open = s
			}
			if _, given := answers[s.ID]; given {
				l.Ignored = append(l.Ignored, s.ID)
			}
			s = m.Question(s.commonNext())
			continue
		}
		l.take(s, o, asked, dropped)
		s = m.Question(o.Next)
	}
	for _, s := range m.Tree {
		if _, given := answers[s.ID]; given && !onTheWay[s.ID] {
			l.Ignored = append(l.Ignored, s.ID)
		}
	}
	l.collect(m, asked, dropped)
	return l
}

// commonNext is the question that follows whatever is answered, as far as the answers go on at all; "" = it depends.
func (s *Situation) commonNext() string {
	next := ""
	for _, o := range s.Options {
		switch {
		case o.Next == "" || o.Next == next:
		case next == "":
			next = o.Next
		default:
			return ""
		}
	}
	return next
}

// Question returns the situation with this id, or nil.
func (m *Matter) Question(id string) *Situation {
	for i := range m.Tree {
		if id != "" && m.Tree[i].ID == id {
			return &m.Tree[i]
		}
	}
	return nil
}

// Material returns the material with this id, or nil.
func (m *Matter) Material(id string) *Material {
	for i := range m.Materials {
		if m.Materials[i].ID == id {
			return &m.Materials[i]
		}
	}
	return nil
}

func (m *Matter) root() *Situation {
	if len(m.Tree) == 0 {
		return nil
	}
	return &m.Tree[0]
}

func chosen(s *Situation, answers map[string]string, facts Facts) *Option {
	want, ok := answers[s.ID]
	if !ok && s.Fact != "" {
		want, _ = facts[s.Fact].(string)
	}
	if want == "" {
		return nil
	}
	for i := range s.Options {
		if o := &s.Options[i]; o.ID == want || o.Text == want {
			return o
		}
	}
	return nil
}

// take applies one answer.
func (l *List) take(s *Situation, o *Option, asked, dropped map[string]Answered) {
	a := Answered{QuestionID: s.ID, Question: s.Ask, OptionID: o.ID, Answer: o.Text}
	l.Situation = append(l.Situation, a)
	for _, id := range o.Needs {
		asked[id] = a
		delete(dropped, id)
	}
	for _, id := range o.Waives {
		dropped[id] = a
		delete(asked, id)
	}
	if o.Refer != "" {
		l.Refer = append(l.Refer, Referral{Code: o.Refer, Because: a})
	}
	if o.Ineligible != "" {
		a.Note = o.Ineligible
		l.Ineligible = append(l.Ineligible, a)
	}
	if o.Note != "" {
		a.Note = o.Note
		l.Notes = append(l.Notes, a)
	}
}

// collect lists the papers in the matter's order, each with its reason.
func (l *List) collect(m *Matter, asked, dropped map[string]Answered) {
	for _, mat := range m.Materials {
		p := Paper{Material: mat}
		if w, ok := waivers[mat.Waiver]; ok {
			p.WaivedText, p.WaivedBy = w.Text, w.Law
		}
		if a, no := dropped[mat.ID]; no {
			p.because("waived_by_option", a)
			l.Dropped = append(l.Dropped, p)
			continue
		}
		switch a, yes := asked[mat.ID]; {
		case mat.Required == "always":
			p.Because = say("always", "matter", m.Name)
		case yes:
			p.because("option", a)
		default:
			continue
		}
		l.Papers = append(l.Papers, p)
	}
}

func (p *Paper) because(kind string, a Answered) {
	p.Because = say(kind, "answer", a.Answer)
	p.QuestionID, p.OptionID = a.QuestionID, a.OptionID
}

// say fills in a sentence of data/because.json: pairs of slot and value.
func say(kind string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(because[kind])
}
