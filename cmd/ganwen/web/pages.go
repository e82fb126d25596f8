package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"regexp"
	"strings"
)

// Request is what the plain form asks: one turn of the conversation, carried in the address because nothing else is
// there to carry it.
type Request struct {
	Message string
	Region  string
	Session string
	Answers map[string]string // question id → option id
}

// ParseRequest reads the form of GET /?q=…&region=…&session=…&a=QUESTION:OPTION.
func ParseRequest(v url.Values) Request {
	r := Request{Message: strings.TrimSpace(v.Get("q")), Region: strings.TrimSpace(v.Get("region")), Session: v.Get("session")}
	for _, a := range v["a"] {
		if question, option, ok := strings.Cut(a, ":"); ok {
			if r.Answers == nil {
				r.Answers = map[string]string{}
			}
			r.Answers[question] = option
		}
	}
	return r
}

// Results is the page for a browser without JavaScript. Answer is the JSON of POST /api/v1/chat: the page reads the
// outside contract as any client does. Problem, a sentence for the public, is shown when there is no answer.
type Results struct {
	Request
	Answer  json.RawMessage
	Problem string
}

// RenderResults writes the results page. An Answer that is not the contract's JSON is an error and nothing is written.
func RenderResults(w io.Writer, r Results) error {
	page := resultsPage{Results: r}
	if len(r.Answer) > 0 {
		page.A = &answer{}
		if err := json.Unmarshal(r.Answer, page.A); err != nil {
			return fmt.Errorf("web: read answer: %w", err)
		}
		if page.Session == "" {
			page.Session = page.A.SessionID
		}
	}
	var out strings.Builder
	if err := results.Execute(&out, page); err != nil {
		return fmt.Errorf("web: render results: %w", err)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

type resultsPage struct {
	Results
	A *answer
}

// answer is the part of the contract's answer that the plain page shows.
type answer struct {
	SessionID string `json:"session_id"`
	Text      string `json:"text"`
	Status    string `json:"status"`
	Sample    bool   `json:"sample"`
	Matters   []struct {
		Code string `json:"code"`
		Name string `json:"name"`
	} `json:"matters"`
	Event *struct {
		Name  string `json:"name"`
		Steps []struct {
			Name     string `json:"name"`
			Optional bool   `json:"optional"`
		} `json:"steps"`
	} `json:"event"`
	Question *struct {
		ID      string `json:"id"`
		Text    string `json:"text"`
		Options []struct {
			ID   string `json:"id"`
			Text string `json:"text"`
		} `json:"options"`
	} `json:"question"`
	Checklist *struct {
		Matter    string `json:"matter"`
		Materials []struct {
			Name    string `json:"name"`
			Form    string `json:"form"`
			Copies  int    `json:"copies"`
			Waived  string `json:"waived"`
			Because string `json:"because"`
		} `json:"materials"`
		Where        string   `json:"where"`
		How          []string `json:"how"`
		Fee          string   `json:"fee"`
		LegalDays    string   `json:"legal_days"`
		PromisedDays string   `json:"promised_days"`
		Phone        string   `json:"phone"`
		OnlineURL    string   `json:"online_url"`
	} `json:"checklist"`
	Citations []struct {
		ID            string `json:"id"`
		Title         string `json:"title"`
		Quote         string `json:"quote"`
		Version       string `json:"version"`
		EffectiveFrom string `json:"effective_from"`
		URL           string `json:"url"`
	} `json:"citations"`
	Handoff *struct {
		Phone   string `json:"phone"`
		Summary string `json:"summary"`
	} `json:"handoff"`
	Emergency *struct {
		Numbers []string `json:"numbers"`
	} `json:"emergency"`
	AIGC *struct {
		Label string `json:"label"`
	} `json:"aigc"`
}

// MatterName is the name of the matter the checklist belongs to.
func (a *answer) MatterName() string {
	for _, m := range a.Matters {
		if a.Checklist != nil && m.Code == a.Checklist.Matter {
			return m.Name
		}
	}
	return ""
}

// Paragraphs are the lines of the text with each evidence mark turned into the number of its source.
func (a *answer) Paragraphs() []template.HTML {
	var out []template.HTML
	for _, line := range strings.Split(a.Text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, a.linked(line))
		}
	}
	return out
}

var mark = regexp.MustCompile(`\[(c\d+)\]`)

// linked escapes a line and links its marks; a mark that names no source disappears.
func (a *answer) linked(line string) template.HTML {
	escaped := template.HTMLEscapeString(line)
	return template.HTML(mark.ReplaceAllStringFunc(escaped, func(m string) string {
		id := m[1 : len(m)-1]
		for i, c := range a.Citations {
			if c.ID == id {
				return fmt.Sprintf(`<sup><a href="#%s">%d</a></sup>`, id, i+1)
			}
		}
		return ""
	}))
}
