package petitions

import "time"

// Analysis is what was found out about one petition. Its JSON is the answer of POST /api/v1/petitions/analyze.
type Analysis struct {
	ID          string         `json:"id,omitempty"`
	Class       Class          `json:"class"`
	Purpose     Finding        `json:"purpose"`
	Route       Route          `json:"route"`
	Urgency     string         `json:"urgency"`
	UrgencyWhy  Finding        `json:"urgency_why"`
	Signals     []Signal       `json:"signals"`
	Risk        Risk           `json:"risk"`
	Help        *Help          `json:"help,omitempty"` // before anything else: someone's life may be in danger
	Places      []Place        `json:"places"`         // finest first
	Redacted    string         `json:"redacted"`       // title and text without personal data
	Departments []Department   `json:"departments"`    // best first, at most three
	Clocks      []Clock        `json:"clocks"`
	Event       Optional       `json:"event"` // shared by petitions about one matter
	Facts       Facts          `json:"facts"`
	Review      []string       `json:"review,omitempty"` // steps too unsure to stand without a person's word
	Versions    map[string]int `json:"step_versions"`
}

// Class is a place in the class list. Path runs from the first level to the third; Confidence is that of the first.
type Class struct {
	Path         []string `json:"path"`
	Confidence   float64  `json:"confidence"`
	Why          string   `json:"why,omitempty"` // the sentence that decided
	Alternatives []Guess  `json:"alternatives"`
}

// Guess is another value, with its probability.
type Guess struct {
	Value      string  `json:"value"`
	Confidence float64 `json:"confidence"`
}

// Finding is one value of a closed list. Why is the sentence or the rule behind it.
type Finding struct {
	Value        string  `json:"value"`
	Why          string  `json:"why"`
	Confidence   float64 `json:"confidence"`
	Alternatives []Guess `json:"alternatives,omitempty"`
}

// Route is the legal way of an appeal, Article 31. Item is its number there, 一 to 六.
type Route struct {
	Value        Optional `json:"value"`
	Article      string   `json:"article,omitempty"`
	Item         string   `json:"item,omitempty"`
	Why          string   `json:"why"`
	Confidence   float64  `json:"confidence"`
	Alternatives []Guess  `json:"alternatives,omitempty"`
}

// Signal is something in the text that asks for care. Weight is what it adds to the risk of the matter.
type Signal struct {
	Name       string  `json:"name"`
	Evidence   string  `json:"evidence"` // the sentence, word for word, without personal data
	Weight     float64 `json:"weight"`
	Confidence float64 `json:"confidence"`
}

// Risk weighs a matter, never a person. Score is 0 to 1; Level none, low, medium or high.
type Risk struct {
	Score   float64  `json:"score"`
	Level   string   `json:"level"`
	Factors []Factor `json:"factors"`
	Lower   []string `json:"lower,omitempty"` // what would bring the level down
}

// Factor is one reason for a risk. Value is its share of the score; Why quotes the text.
type Factor struct {
	Name  string  `json:"name"`
	Label string  `json:"label"` // the name in Chinese
	Value float64 `json:"value"`
	Why   string  `json:"why"`
}

// Help tells whom to call at once.
type Help struct {
	Kind    string   `json:"kind"` // self_harm, violence, danger
	Numbers []string `json:"numbers"`
	Text    string   `json:"text"`
}

// Place is a division the petition speaks of.
type Place struct {
	Code string `json:"code"`
	Name string `json:"name"` // with what it lies in
}

// Department is a body that may have to act. Basis is its duty; Law the clause behind it.
type Department struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit,omitempty"`
	Score float64 `json:"score"`
	Duty  string  `json:"duty_id"`
	Basis string  `json:"basis"`
	Law   string  `json:"law,omitempty"`
	Quote string  `json:"quote,omitempty"`
}

// Clock is a statutory limit that runs from a known day.
type Clock struct {
	Name    string    `json:"name"`
	Due     time.Time `json:"due"`
	Article string    `json:"article"`
	Assumed string    `json:"assumed,omitempty"` // what is taken for granted until it happens
}

// Facts are what the extract step read out of the words; nothing is inferred that the text does not say.
type Facts struct {
	Place         string         `json:"place,omitempty"` // code of the finest division that is certain
	Organisations []Organisation `json:"organisations,omitempty"`
	People        int            `json:"people,omitempty"` // most people said to be concerned or to complain
	PeopleText    string         `json:"people_text,omitempty"`
	Amounts       []Amount       `json:"amounts,omitempty"`
	Dates         []DateFact     `json:"dates,omitempty"`
	Asks          []string       `json:"asks,omitempty"` // sentences that say what is wanted
}

// Organisation is a body named in the text. Role is accused, asked (an authority applied to) or named.
type Organisation struct {
	Name string `json:"name"`
	Role string `json:"role"`
	Kind string `json:"kind,omitempty"` // company, school, hospital, office, village, estate …
	Text string `json:"text,omitempty"` // the sentence
}

// Amount is money in yuan.
type Amount struct {
	Yuan float64 `json:"yuan"`
	Text string  `json:"text"`
}

// DateFact is a date said in the text, as a day; Precision day, month or year.
type DateFact struct {
	Date      string `json:"date"`
	Precision string `json:"precision"`
	Text      string `json:"text"`
}
