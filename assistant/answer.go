package assistant

// Intent is what the citizen wants with a turn.
type Intent string

// Intents, as the outside contract names them.
const (
	IntentGuide      Intent = "guide"
	IntentQA         Intent = "qa"
	IntentPrereview  Intent = "prereview"
	IntentProgress   Intent = "progress"
	IntentRecommend  Intent = "recommend"
	IntentSmalltalk  Intent = "smalltalk"
	IntentEmergency  Intent = "emergency"
	IntentHandoff    Intent = "handoff"
	IntentOutOfScope Intent = "out_of_scope"
	IntentRefused    Intent = "refused"
)

// Status says how far the turn got.
type Status string

// Statuses of an answer.
const (
	StatusAnswered   Status = "answered"
	StatusAsking     Status = "asking"
	StatusPartial    Status = "partial"
	StatusNoEvidence Status = "no_evidence"
	StatusRefused    Status = "refused"
	StatusHandoff    Status = "handoff"
	StatusEmergency  Status = "emergency"
)

// Answer is one reply to a citizen: the sentences, and beside them every fact they rest on.
// Text marks its evidence as [c1]; each mark names one of Citations.
type Answer struct {
	SessionID string         `json:"session_id"`
	AnswerID  string         `json:"answer_id"`
	Intent    Intent         `json:"intent"`
	Text      string         `json:"text"`
	Status    Status         `json:"status"`
	Matters   []Candidate    `json:"matters"`
	Event     *EventPlan     `json:"event"`
	Question  *Question      `json:"question"`
	Checklist *Checklist     `json:"checklist"`
	Before    []Prerequisite `json:"before,omitempty"`
	Citations []Citation     `json:"citations"`
	Handoff   *Handoff       `json:"handoff"`
	Emergency *Numbers       `json:"emergency"`
	Recommend []Suggestion   `json:"recommend,omitempty"`
	Region    *Place         `json:"region,omitempty"`
	Sample    bool           `json:"sample,omitempty"` // facts come from composed sample data (示例数据)
	Degraded  []string       `json:"degraded"`
	AIGC      AIGC           `json:"aigc"`
	Trace     Trace          `json:"trace"`
	withheld  int            // sentences dropped for want of evidence
}

// Candidate is a matter the turn may be about, most likely first. Score is a calibrated probability.
type Candidate struct {
	Code  string  `json:"code"`
	Name  string  `json:"name"`
	Score float64 `json:"score"`
	Why   string  `json:"why,omitempty"`
}

// EventPlan is a life event (一件事) with its members in an order that can be followed.
type EventPlan struct {
	Code   string       `json:"code"`
	Name   string       `json:"name"`
	Steps  []EventStep  `json:"steps"`
	Shared []SharedItem `json:"shared,omitempty"`
}

// EventStep is one member; steps with the same Stage can be done side by side.
type EventStep struct {
	Code     string   `json:"code"`
	Name     string   `json:"name"`
	After    []string `json:"after"`
	Optional bool     `json:"optional"`
	Stage    int      `json:"stage"`
	When     string   `json:"when,omitempty"`
	Why      string   `json:"why,omitempty"`
}

// SharedItem is a paper handed in once for several members.
type SharedItem struct {
	Name    string   `json:"name"`
	Members []string `json:"members"`
}

// Question is one question to the citizen, with chips; free text is understood too.
type Question struct {
	ID      string   `json:"id"`
	Text    string   `json:"text"`
	Why     string   `json:"why,omitempty"`
	Options []Option `json:"options"`
}

// Option is one chip.
type Option struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Checklist is what the citizen needs for one matter in his situation, every value copied from a field.
type Checklist struct {
	Matter       string          `json:"matter"`
	Name         string          `json:"name"`
	Situation    []SituationFact `json:"situation"`
	Materials    []MaterialItem  `json:"materials"`
	Where        string          `json:"where,omitempty"`
	Address      string          `json:"address,omitempty"`
	Hours        string          `json:"hours,omitempty"`
	How          []string        `json:"how"`
	Steps        []StepItem      `json:"steps,omitempty"`
	Fee          string          `json:"fee"`
	LegalDays    string          `json:"legal_days,omitempty"`
	PromisedDays string          `json:"promised_days,omitempty"`
	NotCounted   []string        `json:"not_counted,omitempty"`
	Visits       *int            `json:"visits"`
	Phone        string          `json:"phone,omitempty"`
	OnlineURL    string          `json:"online_url,omitempty"`
	OnlineHint   string          `json:"online_hint,omitempty"`
	Proxy        string          `json:"proxy,omitempty"`
	Result       string          `json:"result,omitempty"`
	Refused      string          `json:"refused,omitempty"`
	Notes        []string        `json:"notes,omitempty"`
	Unknown      []string        `json:"unknown,omitempty"`
}

// SituationFact is one answered question of the situation tree.
type SituationFact struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// MaterialItem is one paper to bring. Waived names the waiver, FromMatter the matter that yields the paper.
type MaterialItem struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Required   bool     `json:"required"`
	Form       string   `json:"form,omitempty"`
	Original   int      `json:"original,omitempty"`
	Copies     int      `json:"copies"`
	Waived     *string  `json:"waived"`
	WaivedBy   string   `json:"waived_by,omitempty"`
	FromMatter *string  `json:"from_matter"`
	FromName   string   `json:"from_name,omitempty"`
	Because    string   `json:"because"`
	HowToGet   string   `json:"how_to_get,omitempty"`
	Checks     []string `json:"checks,omitempty"`
	Note       string   `json:"note,omitempty"`
}

// StepItem is one step of handling.
type StepItem struct {
	Name string `json:"name"`
	Text string `json:"text"`
	Who  string `json:"who,omitempty"`
}

// Prerequisite is a matter that must be done before this one, and why.
type Prerequisite struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Why   string `json:"why,omitempty"`
	Paper string `json:"paper,omitempty"` // the paper of the checklist it gives
}

// Citation is the evidence behind a mark in the text: the field, clause or passage it was copied from.
type Citation struct {
	ID            string  `json:"id"`
	Kind          string  `json:"kind"` // matter policy event law document graph
	Code          string  `json:"code,omitempty"`
	Field         string  `json:"field,omitempty"`
	Title         string  `json:"title"`
	Quote         string  `json:"quote"`
	Version       string  `json:"version,omitempty"`
	EffectiveFrom string  `json:"effective_from,omitempty"`
	EffectiveTo   *string `json:"effective_to"`
	URL           string  `json:"url,omitempty"`
}

// Handoff says where a person takes over, and what to tell them.
type Handoff struct {
	Channel string `json:"channel"`
	Phone   string `json:"phone"`
	Summary string `json:"summary"`
}

// Numbers are the emergency numbers to call, the first first.
type Numbers struct {
	Numbers []string `json:"numbers"`
}

// Place is the division an answer holds for.
type Place struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Suggestion is a recommended matter or policy with the conditions met, unmet and unknown.
type Suggestion struct {
	Code    string          `json:"code"`
	Kind    string          `json:"kind"`
	Name    string          `json:"name"`
	Summary string          `json:"summary"`
	Met     []ConditionFact `json:"met"`
	Unmet   []ConditionFact `json:"unmet"`
	Unknown []ConditionFact `json:"unknown"`
}

// ConditionFact is a condition in words, the fact that decides it, and the clause it rests on.
type ConditionFact struct {
	Text  string `json:"text"`
	Fact  string `json:"fact,omitempty"`
	Basis string `json:"basis,omitempty"`
}

// AIGC is the label of generated content: Label for eyes (显式标识), Metadata for machines
// (隐式标识, GB 45438-2025; 《人工智能生成合成内容标识办法》).
type AIGC struct {
	Label    string            `json:"label"`
	Metadata map[string]string `json:"metadata"`
}

// Trace is what was done for the turn and how long it took.
type Trace struct {
	ID    string      `json:"id"`
	MS    float64     `json:"ms"`
	Steps []TraceStep `json:"steps"`
}

// TraceStep is one step of the turn.
type TraceStep struct {
	Name string  `json:"name"`
	MS   float64 `json:"ms"`
	Note string  `json:"note,omitempty"`
}
