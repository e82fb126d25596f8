package assistant

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"ganwen/kg"
	"ganwen/prompts"
	"ganwen/search"
)

// Errors a caller can act on.
var (
	// ErrEmpty is returned for a turn without words and without answers.
	ErrEmpty = errors.New("assistant: empty message")
	// ErrTooLong is returned for a message over MaxMessage runes.
	ErrTooLong = errors.New("assistant: message too long")
)

// MaxMessage is the most runes one turn may have.
const MaxMessage = 2000

// Reader finds what words are about: the matters and life events they may mean, with calibrated probabilities, and the
// kind of turn. Implementations are safe for concurrent use and never fail: without vectors they say so in Degraded.
type Reader interface {
	Read(ctx context.Context, text string) Reading
}

// Reading is what a Reader makes of a turn, best candidates first.
type Reading struct {
	Kind     string             // the decided kind: matter, life_event, ambiguous, out_of_scope, human, smalltalk, progress, complaint, multi
	Kinds    map[string]float64 // probability of each kind
	Matters  []Candidate
	Events   []Candidate
	Degraded []string
}

// top returns the best matter, or an empty candidate.
func (r *Reading) top() Candidate {
	if len(r.Matters) == 0 {
		return Candidate{}
	}
	return r.Matters[0]
}

// p is the probability of a matter.
func (r *Reading) p(code string) float64 {
	for _, c := range r.Matters {
		if c.Code == code {
			return c.Score
		}
	}
	return 0
}

// Judge decides a machine-readable condition on facts. A condition it cannot read is an error and counts as unknown.
type Judge func(c kg.Condition, facts kg.Facts) (kg.Verdict, error)

// Config is what an Assistant works with. Catalogue and Reader are required; each other collaborator may be nil: the
// assistant does without and says so.
type Config struct {
	Catalogue *kg.Catalogue
	Reader    Reader
	Graph     kg.Graph
	Regions   *kg.Regions
	Search    search.Searcher
	Documents bool // imported documents are in the index: they are looked at before a matter that is not named
	Judge     Judge
	Store     Store
	Log       *slog.Logger
	Now       func() time.Time
	NewID     func() string
	Producer  string // provider code for the AIGC metadata (服务提供者编码); "" = not configured
	LabelKey  []byte // key of the label's check value; nil = plain hash
}

// Assistant answers citizens from cited evidence. It is safe for concurrent use.
type Assistant struct {
	Config
	cat      *kg.Catalogue
	asker    *asker
	options  *optionReader
	regional map[string]bool // divisions that records of the catalogue name
}

// New checks the configuration and fills in defaults.
func New(c Config) (*Assistant, error) {
	if c.Catalogue == nil || c.Reader == nil {
		return nil, errors.New("assistant: a catalogue and a reader are required")
	}
	if c.Store == nil {
		c.Store = &MemoryStore{}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.NewID == nil {
		c.NewID = newID
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	a := &Assistant{Config: c, cat: c.Catalogue, asker: newAsker(c.Catalogue), options: newOptionReader(c.Catalogue), regional: map[string]bool{}}
	for _, m := range c.Catalogue.Matters {
		a.regional[m.Region] = true
	}
	return a, nil
}

// Request is one turn of a citizen.
type Request struct {
	SessionID string
	Message   string
	Region    string            // division name or code
	Profile   map[string]any    // facts he consented to give
	Answers   map[string]string // question id → option id
	Plain     bool              // no personal facts are used
}

// Progress is told what the assistant is doing, for a citizen who waits. It may be nil.
type Progress func(step, text string)

// turn is one turn on its way through the assistant.
type turn struct {
	ctx     context.Context
	req     Request
	said    string // redacted
	bare    string // said without placeholders, for ranking
	sess    *Session
	ans     *Answer
	page    *page
	now     time.Time
	start   time.Time
	last    time.Time
	tell    Progress
	reading Reading
	fields  []string
	place   *kg.Region
	learned map[string]bool // questions of the situation tree answered in this turn
}

func (t *turn) step(name string) {
	now := time.Now()
	t.ans.Trace.Steps = append(t.ans.Trace.Steps, TraceStep{Name: name, MS: ms(now.Sub(t.last))})
	t.last = now
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Answer answers one turn. Errors: ErrEmpty, ErrTooLong, or a store that failed. The answer is complete and stored when
// it returns; what was personal in the message is in none of it.
func (a *Assistant) Answer(ctx context.Context, req Request, tell Progress) (*Answer, error) {
	message := strings.TrimSpace(req.Message)
	if message == "" && len(req.Answers) == 0 {
		return nil, ErrEmpty
	}
	if len([]rune(message)) > MaxMessage {
		return nil, fmt.Errorf("%w: at most %d characters", ErrTooLong, MaxMessage)
	}
	t := a.begin(ctx, req, tell)
	emergency := Emergency(message)
	t.step("emergency")
	redacted, _ := prompts.Redact(message)
	t.said = redacted.String()
	t.bare = withoutPlaceholders(t.said)
	t.step("redact")
	sess, err := a.session(ctx, req.SessionID, t.now)
	if err != nil {
		return nil, err
	}
	t.sess = sess
	t.ans.SessionID = sess.ID
	switch refusal := refusalUnless(emergency, t.said); {
	case emergency != nil && !emergency.Aside:
		a.answerEmergency(t, emergency)
	case emergency != nil:
		a.sayEmergency(t, emergency)
		a.absorb(t)
		a.decide(t)
	case refusal != nil:
		a.answerRefused(t, refusal)
	default:
		a.absorb(t)
		a.decide(t)
	}
	return t.ans, a.finish(t)
}

func refusalUnless(e *EmergencyCall, said string) *RefusalReason {
	if e != nil {
		return nil
	}
	return Refusal(said)
}

func (a *Assistant) begin(ctx context.Context, req Request, tell Progress) *turn {
	now := time.Now()
	ans := &Answer{AnswerID: a.NewID(), Intent: IntentGuide, Status: StatusAnswered, Matters: []Candidate{}, Citations: []Citation{},
		Degraded: []string{}, Sample: a.cat.Sample}
	ans.Trace.ID = ans.AnswerID
	if tell == nil {
		tell = func(string, string) {}
	}
	return &turn{ctx: ctx, req: req, ans: ans, page: newPage(ans), now: a.Now(), start: now, last: now, tell: tell, learned: map[string]bool{}}
}

// session returns the stored session, or a new one under the same id: a forgotten or unknown id starts afresh.
func (a *Assistant) session(ctx context.Context, id string, now time.Time) (*Session, error) {
	if id != "" {
		s, err := a.Store.Session(ctx, id)
		if err == nil {
			return s, nil
		}
		if !errors.Is(err, ErrNoSession) {
			return nil, fmt.Errorf("read session: %w", err)
		}
	}
	if id == "" || len(id) > 64 {
		id = a.NewID()
	}
	return &Session{ID: id, Created: now, Updated: now}, nil
}

// finish closes the page, labels the answer, and stores the turn, redacted.
func (a *Assistant) finish(t *turn) error {
	t.page.close()
	t.step("compose")
	ans := t.ans
	ans.Region = a.shownPlace(t)
	ans.AIGC = a.label(ans)
	ans.Trace.MS = ms(time.Since(t.start))
	if ans.Status == StatusAsking {
		t.sess.Asked++
	} else {
		t.sess.Asked = 0
	}
	var codes []string
	for i, m := range ans.Matters {
		if i < 3 {
			codes = append(codes, m.Code)
		}
	}
	t.sess.note(Turn{At: t.now, Said: t.said, AnswerID: ans.AnswerID, Text: ans.Text, Status: ans.Status, Intent: ans.Intent, Matters: codes})
	t.sess.Updated = t.now
	if ans.withheld > 0 {
		a.Log.Warn("sentences withheld for want of evidence", "answer", ans.AnswerID, "count", ans.withheld)
	}
	if err := a.Store.SaveSession(t.ctx, t.sess); err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	return nil
}

var placeholder = regexp.MustCompile(`<[A-Z_]+_\d+>`)

// withoutPlaceholders drops redaction marks, which carry no meaning for ranking.
func withoutPlaceholders(s string) string {
	return strings.TrimSpace(placeholder.ReplaceAllString(s, ""))
}

// Forget erases everything remembered of a session.
func (a *Assistant) Forget(ctx context.Context, sessionID string) error {
	return a.Store.Forget(ctx, sessionID)
}

// Rate keeps a citizen's verdict on an answer, its comment redacted.
func (a *Assistant) Rate(ctx context.Context, r Rating) error {
	if r.Stars < 1 || r.Stars > 5 {
		return fmt.Errorf("%w: stars must be 1 to 5", ErrBadRating)
	}
	red, _ := prompts.Redact(r.Comment)
	r.Comment = red.String()
	r.At = a.Now()
	return a.Store.Rate(ctx, r)
}

// ErrBadRating is returned for a rating outside 1 to 5.
var ErrBadRating = errors.New("assistant: bad rating")
