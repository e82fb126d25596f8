package assistant

// DeskSuggestion is what the desk makes of a call so far. It is shown to the agent, who decides.
type DeskSuggestion struct {
	ID             string         `json:"suggestion_id"`
	Type           string         `json:"type"` // 咨询 求助 建议 投诉 举报
	TypeConfidence float64        `json:"type_confidence"`
	TypeWhy        string         `json:"type_why,omitempty"`
	Class          DeskClass      `json:"class"`
	Urgency        string         `json:"urgency"` // emergency, urgent, normal
	Emergency      *DeskEmergency `json:"emergency,omitempty"`
	Summary        string         `json:"summary"` // two sentences
	Slots          DeskSlots      `json:"slots"`
	Missing        []string       `json:"missing"` // what is still to ask, at most three, the weightiest first
	Departments    []DeskBody     `json:"departments"`
	Matters        []Candidate    `json:"matters"` // when the catalogue answers the call
	Draft          string         `json:"draft"`   // an answer to the caller; marks its evidence as [c1]
	Citations      []Citation     `json:"citations"`
	NotAccepted    []DeskChannel  `json:"not_accepted"` // kinds the hotline does not take, with where they belong
	Similar        []DeskCase     `json:"similar"`
	Duplicates     []DeskCase     `json:"duplicates"`
	Risk           DeskRisk       `json:"risk"`
	Band           string         `json:"band"` // auto, sample, must_review
	BandWhy        []string       `json:"band_why,omitempty"`
	Degraded       []string       `json:"degraded"`
	AIGC           AIGC           `json:"aigc"`
	MS             float64        `json:"ms"`
}

// DeskSlots are what the call is about in the caller's own words, as fine as he said; a corrected word wins over the
// first. Empty slots were not said. They hold personal data and go to the agent alone.
type DeskSlots struct {
	Who   *string `json:"who"`
	Where *string `json:"where"`
	What  *string `json:"what"`
	When  *string `json:"when"`
	Ask   *string `json:"ask"`
}

// DeskClass is a place in the class list; Confidence is that of the first level.
type DeskClass struct {
	Path         []string    `json:"path"`
	Confidence   float64     `json:"confidence"`
	Why          string      `json:"why,omitempty"`
	Alternatives []DeskGuess `json:"alternatives,omitempty"`
}

// DeskGuess is another value, with its probability.
type DeskGuess struct {
	Value      string  `json:"value"`
	Confidence float64 `json:"confidence"`
}

// DeskBody is a body that may have to act: its duty, and the clause behind it.
type DeskBody struct {
	Name    string   `json:"name"`
	Unit    string   `json:"unit,omitempty"`
	Role    string   `json:"role,omitempty"` // 主办 or 协办
	Score   float64  `json:"score"`
	Duty    string   `json:"duty_id,omitempty"`
	Basis   string   `json:"basis"`
	Law     string   `json:"law,omitempty"`
	Article string   `json:"article,omitempty"`
	Quote   string   `json:"quote,omitempty"`
	Similar []string `json:"similar,omitempty"` // ids of past tickets it handled
}

// DeskRisk weighs the matter, never the caller.
type DeskRisk struct {
	Score   float64      `json:"score"`
	Level   string       `json:"level"` // none, low, medium, high
	Factors []DeskFactor `json:"factors"`
}

// DeskFactor is one reason for a risk, with the words that show it.
type DeskFactor struct {
	Name  string  `json:"name"`
	Label string  `json:"label"`
	Value float64 `json:"value"`
	Why   string  `json:"why"`
}

// DeskEmergency tells whom to call at once.
type DeskEmergency struct {
	Numbers  []string `json:"numbers"`
	Kind     string   `json:"kind"`
	Helpline bool     `json:"helpline,omitempty"`
}

// DeskChannel is why the hotline may not take a matter, and where it belongs.
type DeskChannel struct {
	Kind     string `json:"kind"`
	Reason   string `json:"reason"`
	Channel  string `json:"channel"`
	Evidence string `json:"evidence"` // the caller's sentence
}

// DeskCase is a past ticket. Duplicate means that it is still open and about the same place and object.
type DeskCase struct {
	ID        string  `json:"id"`
	Title     string  `json:"title"`
	When      string  `json:"when,omitempty"`
	Outcome   string  `json:"outcome,omitempty"`
	Body      string  `json:"body,omitempty"`
	Score     float64 `json:"score"`
	Duplicate bool    `json:"duplicate,omitempty"`
}
