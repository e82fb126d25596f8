package assistant

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrNoSession is returned by a Store for a session it does not hold.
var ErrNoSession = errors.New("assistant: no such session")

// Session is what is remembered of one conversation. It holds redacted text only.
type Session struct {
	ID      string    `json:"id"`
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`

	Region     string                       `json:"region,omitempty"` // division code
	Matter     string                       `json:"matter,omitempty"` // the matter in focus
	Event      string                       `json:"event,omitempty"`  // the life event in focus
	Recent     []string                     `json:"recent,omitempty"` // matters in focus before, latest last
	Situation  map[string]map[string]string `json:"situation,omitempty"`
	Facts      map[string]Fact              `json:"facts,omitempty"`
	Crisis     bool                         `json:"crisis,omitempty"` // he spoke of harming himself; said once more with care
	Pending    *Pending                     `json:"pending,omitempty"`
	Asked      int                          `json:"asked,omitempty"` // questions in a row
	AskedIDs   []string                     `json:"asked_ids,omitempty"`
	Impersonal bool                         `json:"impersonal,omitempty"` // he asked that nothing of his own be used
	Turns      []Turn                       `json:"turns,omitempty"`
}

// Fact is something the citizen said of himself or his case, with the turn it came from.
type Fact struct {
	Value  string    `json:"value"`
	Source string    `json:"source"` // said · profile · answer
	At     time.Time `json:"at"`
}

// Pending is a question that has been asked and not yet answered.
type Pending struct {
	Question Question          `json:"question"`
	Kind     string            `json:"kind"` // matter · situation · event · region
	Matter   string            `json:"matter,omitempty"`
	Codes    map[string]string `json:"codes,omitempty"` // option id → matter code
	Said     string            `json:"said,omitempty"`  // the redacted need that led to it
	Again    bool              `json:"again,omitempty"` // it has been put twice
}

// Turn is one exchange, redacted.
type Turn struct {
	At       time.Time `json:"at"`
	Said     string    `json:"said"`
	AnswerID string    `json:"answer_id"`
	Text     string    `json:"text,omitempty"`
	Status   Status    `json:"status"`
	Intent   Intent    `json:"intent"`
	Matters  []string  `json:"matters,omitempty"`
}

// Rating is a citizen's verdict on one answer (好差评): Stars 5 非常满意 … 1 非常不满意.
type Rating struct {
	AnswerID string    `json:"answer_id"`
	Stars    int       `json:"stars"`
	Reasons  []string  `json:"reasons,omitempty"`
	Comment  string    `json:"comment,omitempty"` // redacted
	At       time.Time `json:"at"`
}

// Store keeps conversations and ratings. Implementations are safe for concurrent use.
type Store interface {
	// Session returns a copy, or ErrNoSession.
	Session(ctx context.Context, id string) (*Session, error)
	// SaveSession keeps s, replacing an older state.
	SaveSession(ctx context.Context, s *Session) error
	// Forget removes a session and the ratings of its answers; forgetting the absent is not an error.
	Forget(ctx context.Context, id string) error
	// Rate keeps a verdict; a second verdict on the same answer replaces the first.
	Rate(ctx context.Context, r Rating) error
	// Expire removes sessions not used since the given time and returns how many.
	Expire(ctx context.Context, before time.Time) (int, error)
}

// maxTurns bounds what a session remembers; older turns are dropped.
const maxTurns = 40

// note records a turn.
func (s *Session) note(t Turn) {
	s.Turns = append(s.Turns, t)
	if n := len(s.Turns) - maxTurns; n > 0 {
		s.Turns = append([]Turn(nil), s.Turns[n:]...)
	}
}

// focus makes code the matter in focus; the one before stays reachable for a return after a digression.
func (s *Session) focus(code string) {
	if code == "" || code == s.Matter {
		return
	}
	if s.Matter != "" {
		s.Recent = append(s.Recent, s.Matter)
		if len(s.Recent) > 8 {
			s.Recent = s.Recent[len(s.Recent)-8:]
		}
	}
	s.Matter = code
}

// answer records the option chosen for a situation question of a matter.
func (s *Session) answer(matter, question, option string) {
	if s.Situation == nil {
		s.Situation = map[string]map[string]string{}
	}
	if s.Situation[matter] == nil {
		s.Situation[matter] = map[string]string{}
	}
	s.Situation[matter][question] = option
}

// learn records a fact; a later statement replaces an earlier one.
func (s *Session) learn(name, value, source string, at time.Time) {
	if s.Facts == nil {
		s.Facts = map[string]Fact{}
	}
	s.Facts[name] = Fact{Value: value, Source: source, At: at}
}

// clone makes a deep copy, so that a store and a turn never share maps.
func (s *Session) clone() *Session {
	c := *s
	c.Recent = append([]string(nil), s.Recent...)
	c.AskedIDs = append([]string(nil), s.AskedIDs...)
	c.Turns = append([]Turn(nil), s.Turns...)
	c.Situation = make(map[string]map[string]string, len(s.Situation))
	for k, m := range s.Situation {
		n := make(map[string]string, len(m))
		for q, o := range m {
			n[q] = o
		}
		c.Situation[k] = n
	}
	c.Facts = make(map[string]Fact, len(s.Facts))
	for k, v := range s.Facts {
		c.Facts[k] = v
	}
	if s.Pending != nil {
		p := *s.Pending
		c.Pending = &p
	}
	return &c
}

// MemoryStore keeps conversations in memory: the default, and what tests use. The zero value is ready.
type MemoryStore struct {
	mu       sync.Mutex
	sessions map[string]*Session
	ratings  map[string]Rating
}

var _ Store = (*MemoryStore)(nil)

// Session implements Store.
func (m *MemoryStore) Session(_ context.Context, id string) (*Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.sessions[id]
	if !ok {
		return nil, ErrNoSession
	}
	return s.clone(), nil
}

// SaveSession implements Store.
func (m *MemoryStore) SaveSession(_ context.Context, s *Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sessions == nil {
		m.sessions = map[string]*Session{}
	}
	m.sessions[s.ID] = s.clone()
	return nil
}

// Forget implements Store.
func (m *MemoryStore) Forget(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.sessions[id]; s != nil {
		for _, t := range s.Turns {
			delete(m.ratings, t.AnswerID)
		}
	}
	delete(m.sessions, id)
	return nil
}

// Rate implements Store.
func (m *MemoryStore) Rate(_ context.Context, r Rating) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ratings == nil {
		m.ratings = map[string]Rating{}
	}
	m.ratings[r.AnswerID] = r
	return nil
}

// Expire implements Store.
func (m *MemoryStore) Expire(_ context.Context, before time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for id, s := range m.sessions {
		if s.Updated.Before(before) {
			delete(m.sessions, id)
			n++
		}
	}
	return n, nil
}
