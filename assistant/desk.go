package assistant

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ganwen/kg"
	"ganwen/prompts"
	"ganwen/search/zh"
)

// Errors of the desk a caller can act on.
var (
	// ErrNoCall is returned for a transcript in which the caller says nothing and no ticket is given.
	ErrNoCall = errors.New("assistant: nothing said in the call")
	// ErrNoSuggestion is returned for the outcome of a suggestion that is not kept.
	ErrNoSuggestion = errors.New("assistant: no such suggestion")
	// ErrBadOutcome is returned for an outcome whose action is none of accept, edit and reject.
	ErrBadOutcome = errors.New("assistant: bad outcome")
)

// The types of a hotline call (工单类型), told apart by what the caller does, not by the words he uses.
const (
	CallQuestion  = "咨询"
	CallHelp      = "求助"
	CallAdvice    = "建议"
	CallComplaint = "投诉"
	CallReport    = "举报"
)

// Roles in a transcript.
const (
	RoleCaller = "caller"
	RoleAgent  = "agent"
)

// CallTurn is one turn of a transcript. Role is caller or agent.
type CallTurn struct {
	Role string `json:"role"`
	Text string `json:"text"`
}

// Ticket is a written request, from the web or taken down by somebody.
type Ticket struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	Place string `json:"place,omitempty"` // as the form has it
	Phone string `json:"phone,omitempty"`
	Time  string `json:"time,omitempty"` // RFC 3339; empty = now
}

// Call is what the desk is asked about: a transcript so far, or a ticket.
type Call struct {
	Transcript []CallTurn `json:"transcript,omitempty"`
	Ticket     *Ticket    `json:"ticket,omitempty"`
}

// Triage says what a text is about and who has to act. Implementations are safe for concurrent use.
type Triage interface {
	// Triage reads what the caller said. The text is looked at in this process only and is not kept.
	// Matters are what the guide thinks the caller may want, best first; they may bear on the class.
	Triage(ctx context.Context, q TriageQuery) (Triaged, error)
	// Dispatch gives the bodies whose duty the matter is, best first, at most three. A body that is complained of in a
	// report is left out.
	Dispatch(ctx context.Context, q DispatchQuery) []DeskBody
}

// TriageQuery is what a caller said.
type TriageQuery struct {
	Text    string
	Now     time.Time
	Matters []Candidate
}

// DispatchQuery asks for the bodies that have to act on a call.
type DispatchQuery struct {
	Text   string
	Type   string   // of the call
	Matter string   // code, when the call can be answered from the catalogue
	First  []string // bodies that come first: who acts in this kind of emergency
	Read   Triaged  // what Triage said
}

// Triaged is what a Triage found. Its texts carry no personal data.
type Triaged struct {
	Class    DeskClass
	Purposes map[string]float64 // 咨询 建议意见 检举控告 申诉求决 → probability
	Urgency  string             // emergency, urgent, normal
	Why      string             // the sentence or rule behind the urgency
	Accused  []string           // bodies complained of
	Risk     DeskRisk
}

// CaseFinder finds past tickets. Implementations are safe for concurrent use.
type CaseFinder interface {
	// Similar gives at most n tickets like the text, best first. Place is where it happened, in words, or empty.
	Similar(ctx context.Context, text prompts.Redacted, place string, n int) ([]DeskCase, error)
}

// DeskConfig is what a Desk works with. Only Assistant is required; each other collaborator may be nil: the desk does
// without and says so in Degraded.
type DeskConfig struct {
	Assistant *Assistant // composes drafts and reads what a caller wants
	Triage    Triage
	Cases     CaseFinder
	Outcomes  OutcomeStore // nil = in memory
	Now       func() time.Time
	NewID     func() string
}

// Desk prompts a hotline agent while a caller talks. It decides nothing: every suggestion is for a person to accept,
// edit or reject. It is safe for concurrent use.
type Desk struct {
	DeskConfig
	words *deskWords
	types *callTypes
	where *placeReader
}

// NewDesk reads the word lists and trains the small model of call types; it takes a fraction of a second.
func NewDesk(c DeskConfig) (*Desk, error) {
	if c.Assistant == nil {
		return nil, errors.New("assistant: the desk needs an assistant")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.NewID == nil {
		c.NewID = newID
	}
	if c.Outcomes == nil {
		c.Outcomes = &MemoryOutcomes{}
	}
	w, err := loadDeskWords()
	if err != nil {
		return nil, err
	}
	types, err := trainCallTypes(w)
	if err != nil {
		return nil, err
	}
	where, err := newPlaceReader(w, c.Assistant.Regions)
	if err != nil {
		return nil, err
	}
	return &Desk{DeskConfig: c, words: w, types: types, where: where}, nil
}

// hearing is one call on its way through the desk.
type hearing struct {
	ctx     context.Context
	call    Call
	now     time.Time
	talk    *talk
	said    string // the caller's words that still stand
	type_   typeGuess
	read    Triaged
	reading Reading
	matter  *kg.Matter // nil when the catalogue does not answer the call
	out     *DeskSuggestion
}

// Suggest says what the desk makes of a call so far. It keeps the suggestion, redacted, for its outcome. Errors: ErrNoCall,
// ErrTooLong, or a store that failed.
func (d *Desk) Suggest(ctx context.Context, call Call) (*DeskSuggestion, error) {
	begin := time.Now()
	h, err := d.hear(ctx, call)
	if err != nil {
		return nil, err
	}
	d.emergency(h)
	d.look(h)
	if err := d.triage(h); err != nil {
		return nil, err
	}
	d.slots(h)
	d.matters(h)
	d.dispatch(h)
	d.notAccepted(h)
	d.missing(h)
	d.summary(h)
	d.draft(h)
	d.similar(h)
	d.band(h)
	h.out.MS = ms(time.Since(begin))
	return h.out, d.keep(h)
}

// mostTranscript is the most runes a whole transcript may have.
const mostTranscript = 20000

// hear checks a call and takes down what the caller said and still means.
func (d *Desk) hear(ctx context.Context, call Call) (*hearing, error) {
	h := &hearing{ctx: ctx, call: call, now: d.Now(), out: &DeskSuggestion{ID: d.NewID(), Missing: []string{}, Departments: []DeskBody{},
		Matters: []Candidate{}, Citations: []Citation{}, Similar: []DeskCase{}, Duplicates: []DeskCase{}, NotAccepted: []DeskChannel{}, Degraded: []string{}}}
	turns := call.Transcript
	if t := call.Ticket; t != nil {
		if at, err := time.Parse(time.RFC3339, t.Time); err == nil {
			h.now = at
		}
		turns = append(turns[:len(turns):len(turns)], CallTurn{RoleCaller, strings.TrimPrefix(t.Title+"。"+t.Text, "。")})
	}
	total := 0
	for _, t := range turns {
		total += len([]rune(t.Text))
	}
	if total > mostTranscript {
		return nil, fmt.Errorf("%w: at most %d characters", ErrTooLong, mostTranscript)
	}
	h.talk = d.words.listen(turns)
	h.said = h.talk.standing()
	if h.said == "" {
		return nil, ErrNoCall
	}
	return h, nil
}

// emergency comes before anything else: the numbers to call, by words alone. The last turns count with those before, and
// each on its own.
func (d *Desk) emergency(h *hearing) {
	texts := []string{h.said}
	for _, l := range h.talk.lines {
		texts = append(texts, l.text)
	}
	for _, text := range texts {
		if e := Emergency(text); e != nil {
			h.out.Emergency = &DeskEmergency{Numbers: e.Numbers, Kind: e.Kind, Helpline: e.Helpline}
			return
		}
	}
}

// triage decides type, class and urgency.
func (d *Desk) triage(h *hearing) error {
	h.read.Urgency = "normal"
	if d.Triage == nil {
		h.out.Degraded = append(h.out.Degraded, "triage")
	} else {
		var err error
		if h.read, err = d.Triage.Triage(h.ctx, TriageQuery{Text: h.said, Now: h.now, Matters: h.wanted()}); err != nil {
			return fmt.Errorf("triage call: %w", err)
		}
	}
	h.type_ = d.types.decide(h, d.inDanger(h))
	h.out.Type, h.out.TypeConfidence = h.type_.value, h.type_.p
	h.out.TypeWhy = h.type_.why
	if e := h.out.Emergency; e != nil && h.read.Class.Confidence < classFirm && len(h.read.Class.Path) > 0 && d.inDanger(h) {
		if f := d.words.First[e.Kind]; f.Class != "" && f.Class != h.read.Class.Path[0] {
			h.read.Class.Path, h.read.Class.Why = []string{f.Class}, e.Kind
		}
	}
	h.out.Class = h.read.Class
	if h.out.Class.Path == nil {
		h.out.Class.Path = []string{}
	}
	h.out.Risk = h.read.Risk
	if h.out.Risk.Factors == nil {
		h.out.Risk.Factors = []DeskFactor{}
	}
	h.out.Urgency = d.urgency(h)
	return nil
}

// classFirm is how sure a class must be to stand against the kind of an emergency.
const classFirm = 0.7

// urgency follows the type: who only asks or proposes is in no hurry, whatever the words.
func (d *Desk) urgency(h *hearing) string {
	switch {
	case d.inDanger(h) && h.type_.value != CallQuestion && h.type_.value != CallAdvice:
		return "emergency"
	case h.type_.value == CallQuestion || h.type_.value == CallAdvice:
		h.out.Emergency = nil
		return "normal"
	case h.read.Urgency == "":
		return "normal"
	}
	return h.read.Urgency
}

// inDanger reports whether an emergency heard in the words is one: where words of the kind are common in complaints too,
// the triage must see more than a normal case. The numbers are shown to the agent in any case.
func (d *Desk) inDanger(h *hearing) bool {
	e := h.out.Emergency
	return e != nil && (d.Triage == nil || h.read.Urgency == "emergency" || !slices.Contains(d.words.Doubtful, e.Kind))
}

// From these probabilities on a matter is offered, and answered at once.
const (
	deskOffer  = 0.10
	deskAnswer = 0.40
)

// look reads what the caller may want from the catalogue, by his own words.
func (d *Desk) look(h *hearing) {
	red, _ := prompts.Redact(h.talk.need())
	h.reading = d.Assistant.Reader.Read(h.ctx, withoutPlaceholders(red.String()))
	h.out.Degraded = append(h.out.Degraded, h.reading.Degraded...)
}

// wanted are the matters the call may be about, each with its probability among all kinds of calls.
func (h *hearing) wanted() []Candidate {
	share := 1.0
	if p, ok := h.reading.Kinds["matter"]; ok {
		share = max(p, h.reading.Kinds["ambiguous"])
	}
	var out []Candidate
	for i, c := range h.reading.Matters {
		if i == 3 {
			break
		}
		c.Score *= share
		out = append(out, c)
	}
	return out
}

// matters offers what the call can be answered with. A call that wants an inspection is not answerable.
func (d *Desk) matters(h *hearing) {
	a := d.Assistant
	if h.type_.value != CallQuestion && !d.asksHow(h) {
		return
	}
	for _, c := range a.named(h.reading.Matters) {
		if c.Score >= deskOffer || len(h.out.Matters) == 0 && h.reading.Kind == "matter" {
			h.out.Matters = append(h.out.Matters, c)
		}
	}
	if top := h.reading.top(); top.Score >= deskAnswer && h.reading.Kind != "out_of_scope" {
		h.matter = a.cat.Matter(top.Code)
	}
}

// asksHow reports whether a call that is no question still asks how something is applied for.
func (d *Desk) asksHow(h *hearing) bool {
	if h.type_.value != CallComplaint || h.type_.guess(CallQuestion) < 0.2 {
		return false
	}
	return d.words.hears("question", zh.Fold(h.said)) && h.reading.top().Score >= deskAnswer
}

// dispatch finds the bodies that have to act.
func (d *Desk) dispatch(h *hearing) {
	if d.Triage == nil {
		return
	}
	q := DispatchQuery{Text: h.said, Type: h.type_.value, Read: h.read}
	if h.matter != nil {
		q.Matter = h.matter.Code
	}
	if d.inDanger(h) {
		q.First = d.words.First[h.out.Emergency.Kind].Bodies
	}
	if list := d.Triage.Dispatch(h.ctx, q); list != nil {
		h.out.Departments = list
	}
}

// similarCases is how many past tickets are shown.
const similarCases = 3

// similar adds past tickets, and those still open about the same place and object.
func (d *Desk) similar(h *hearing) {
	if d.Cases == nil {
		return
	}
	red, _ := prompts.Redact(h.said)
	place := ""
	if h.out.Slots.Where != nil {
		place = *h.out.Slots.Where
	}
	found, err := d.Cases.Similar(h.ctx, red, place, similarCases+3)
	if err != nil {
		d.Assistant.Log.Warn("similar tickets", "error", err)
		h.out.Degraded = append(h.out.Degraded, "similar")
		return
	}
	for _, c := range found {
		switch {
		case c.Duplicate:
			h.out.Duplicates = append(h.out.Duplicates, c)
		case len(h.out.Similar) < similarCases:
			h.out.Similar = append(h.out.Similar, c)
		}
	}
}
