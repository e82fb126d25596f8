package petitions

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// ErrExtension is returned for an extension the law does not allow.
var ErrExtension = errors.New("petitions: extension not allowed")

// Limit is one statutory limit (期限): from which act it runs, for how many days of which kind, what ends, extends and
// suspends it, and the words of the law behind it.
type Limit struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Law        string      `json:"law"`
	Article    string      `json:"article"`
	Paragraph  int         `json:"paragraph,omitempty"`
	Quote      string      `json:"quote"` // the law, word for word
	Days       int         `json:"days"`
	Unit       string      `json:"unit"`  // day or workday
	Whose      string      `json:"whose"` // office: must act; petitioner, right, other: may act
	From       []string    `json:"from"`
	Until      []string    `json:"until"`
	Restart    bool        `json:"restart,omitempty"` // a later start replaces the one that runs
	Extend     int         `json:"extend,omitempty"`  // most days of extension in all, in Unit
	Pause      [][2]string `json:"pause,omitempty"`   // acts that suspend, and that end the suspension
	PauseQuote string      `json:"pause_quote,omitempty"`
	Roll       bool        `json:"roll,omitempty"`   // a last day that is not worked moves to the next that is
	After      string      `json:"after,omitempty"`  // what the law says happens when it has passed
	Reason     []string    `json:"reason,omitempty"` // acts that need a reason in writing

	Routes      []string `json:"routes,omitempty"` // only for appeals that go this way
	NotPurposes []string `json:"not_purposes,omitempty"`
	Named       bool     `json:"named,omitempty"` // not owed to someone whose name or address is unclear
	Desk        string   `json:"desk,omitempty"`  // office: of a petition office; body: of any other body
}

// Citation is the limit's place in the law: 信访工作条例第二十三条第三款.
func (l *Limit) Citation() string {
	if l.Paragraph == 0 {
		return l.Law + l.Article
	}
	return l.Law + l.Article + "第" + string([]rune("一二三四五六七八九十")[l.Paragraph-1]) + "款"
}

// Act is something that was done with a matter and moves its clocks: received, transferred, told, objected, accepted,
// decided, review_asked, …, as the limits' from, until and pause name them; or extended, with Limit, Days, Reason, By.
type Act struct {
	Kind   string    `json:"kind"`
	At     time.Time `json:"at"`
	Limit  string    `json:"limit,omitempty"`  // extended: which one
	Days   int       `json:"days,omitempty"`   // extended: by how many
	Reason string    `json:"reason,omitempty"` // extended: told to the petitioner
	By     string    `json:"by,omitempty"`     // extended: the head who approved
}

// Extended is the kind of act that lengthens a limit.
const Extended = "extended"

// Running is a limit that runs or ran for a matter.
type Running struct {
	Limit       *Limit    `json:"-"`
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Article     string    `json:"article"`
	Started     time.Time `json:"started"`
	Due         time.Time `json:"due,omitzero"`   // the end of the last day; zero while suspended
	Ended       time.Time `json:"ended,omitzero"` // when the act came that it waited for
	Extended    int       `json:"extended,omitempty"`
	Excluded    int       `json:"excluded,omitempty"` // days that did not count because it was suspended
	State       string    `json:"state"`              // running, paused, late; kept, missed once ended
	Used        float64   `json:"used"`               // share of its days gone
	Left        int       `json:"left"`               // days of its unit that remain; negative when late
	Level       string    `json:"level"`              // normal, attention, warning, alert, critical, late
	Provisional bool      `json:"provisional"`        // rests on a year whose holidays are not published yet
}

// Book holds the limits of the law and the calendar they are counted by. It is read-only and safe for concurrent use.
type Book struct {
	limits   []Limit
	levels   []level
	acts     map[string]string // kinds of acts, with their names in Chinese
	final    rule
	pending  rule
	assumed  string // what is said of a limit whose start is not registered yet
	office   string // in the name of a petition office
	calendar *Calendar
}

type level struct {
	Used  float64 `json:"used"`
	Name  string  `json:"name"`
	Label string  `json:"label"`
}

type rule struct {
	Law       string `json:"law"`
	Article   string `json:"article"`
	Paragraph int    `json:"paragraph"`
	From      string `json:"from"`
	Until     string `json:"until"`
	Quote     string `json:"quote"`
}

//go:embed data/limits.json
var limitsJSON string

// Limits returns the limits and the calendar built in.
func Limits() (*Book, error) {
	c, err := LoadCalendar(strings.NewReader(holidaysJSON))
	if err != nil {
		return nil, err
	}
	return LoadLimits(strings.NewReader(limitsJSON), c)
}

// LoadLimits reads limits of another table, to be counted by a calendar.
func LoadLimits(r io.Reader, c *Calendar) (*Book, error) {
	var file struct {
		Note    string            `json:"note"`
		Assumed string            `json:"assumed"`
		Office  string            `json:"petition_office"`
		Acts    map[string]string `json:"acts"`
		Levels  []level           `json:"levels"`
		Limits  []Limit           `json:"limits"`
		Final   rule              `json:"final"`
		Pending rule              `json:"pending"`
		Units   []rule            `json:"units"`
	}
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("petitions: read limits: %w", err)
	}
	seen := map[string]bool{}
	for _, l := range file.Limits {
		switch {
		case seen[l.ID] || l.ID == "":
			return nil, fmt.Errorf("petitions: limits: %q is empty or given twice", l.ID)
		case l.Unit != "day" && l.Unit != "workday", l.Days <= 0, len(l.From) == 0, len(l.Until) == 0, l.Quote == "", l.Paragraph > 9:
			return nil, fmt.Errorf("petitions: limits: %s: unit, days, from, until, quote or paragraph is wrong", l.ID)
		}
		for _, kind := range l.acts() {
			if file.Acts[kind] == "" {
				return nil, fmt.Errorf("petitions: limits: %s: no act %q", l.ID, kind)
			}
		}
		seen[l.ID] = true
	}
	slices.SortStableFunc(file.Levels, func(a, b level) int { return cmp.Compare(b.Used, a.Used) })
	return &Book{limits: file.Limits, levels: file.Levels, acts: file.Acts, final: file.Final, pending: file.Pending,
		assumed: file.Assumed, office: file.Office, calendar: c}, nil
}

// acts are the kinds of acts that move a limit.
func (l *Limit) acts() []string {
	kinds := slices.Concat(l.From, l.Until, l.Reason)
	for _, p := range l.Pause {
		kinds = append(kinds, p[0], p[1])
	}
	return kinds
}

// ActName is what an act is called in Chinese, "" for a kind that is none.
func (b *Book) ActName(kind string) string { return b.acts[kind] }

// All returns the limits, in the order of the table. The caller must not change them.
func (b *Book) All() []Limit { return b.limits }

// Limit returns a limit by its id, nil when there is none.
func (b *Book) Limit(id string) *Limit {
	for i := range b.limits {
		if b.limits[i].ID == id {
			return &b.limits[i]
		}
	}
	return nil
}

// Run tells how every limit stands at a moment, the next due first, those that are over last. Acts may come in any order;
// what happened after now is left out, and so are extensions that Extend would refuse.
func (b *Book) Run(acts []Act, now time.Time) []Running {
	acts = upTo(acts, now)
	var out []Running
	for i := range b.limits {
		for _, run := range b.runs(&b.limits[i], acts) {
			out = append(out, b.standing(run, now))
		}
	}
	slices.SortStableFunc(out, func(x, y Running) int {
		return cmp.Or(cmp.Compare(btoi(!x.Ended.IsZero()), btoi(!y.Ended.IsZero())), cmp.Compare(btoi(x.Due.IsZero()), btoi(y.Due.IsZero())), x.Due.Compare(y.Due))
	})
	return out
}

// Extend checks an extension that someone is about to grant. The error wraps ErrExtension and says what is missing.
func (b *Book) Extend(acts []Act, ext Act) error {
	l := b.Limit(ext.Limit)
	if l == nil {
		return fmt.Errorf("%w: no limit %q", ErrExtension, ext.Limit)
	}
	runs := b.runs(l, upTo(acts, ext.At))
	for i := len(runs) - 1; i >= 0; i-- {
		if runs[i].ended == nil {
			if why := b.refusal(runs[i], ext); why != "" {
				return fmt.Errorf("%w: %s", ErrExtension, why)
			}
			return nil
		}
	}
	return fmt.Errorf("%w: %s does not run", ErrExtension, l.ID)
}

// Closed reports whether the matter is final (Article 36 paragraph 3): the same facts and reasons are not taken again.
func (b *Book) Closed(acts []Act, now time.Time) (quote string, closed bool) {
	for _, a := range upTo(acts, now) {
		if a.Kind == b.final.From {
			return b.final.Quote, true
		}
	}
	return "", false
}

// Pending reports whether the matter has been accepted and is still being decided: a higher body does not take it
// meanwhile (Article 19 paragraph 3).
func (b *Book) Pending(acts []Act, now time.Time) (quote string, pending bool) {
	for _, a := range upTo(acts, now) {
		switch a.Kind {
		case b.pending.From:
			pending = true
		case b.pending.Until:
			pending = false
		}
	}
	if !pending {
		return "", false
	}
	return b.pending.Quote, true
}

// Due is the last day of a limit that starts at a moment and is neither extended nor suspended.
func (b *Book) Due(l *Limit, from time.Time) time.Time {
	due, _ := b.due(&run{limit: l, start: from})
	return due.end()
}

func upTo(acts []Act, now time.Time) []Act {
	var out []Act
	for _, a := range acts {
		if !a.At.After(now) {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(x, y Act) int { return x.At.Compare(y.At) })
	return out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
