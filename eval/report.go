package eval

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode/utf8"
)

// Report is a measured suite.
type Report struct {
	Suite        string             `json:"suite"`
	Kind         string             `json:"kind"`
	Version      string             `json:"version,omitempty"`
	Cases        int                `json:"cases"`
	Metrics      map[string]Metric  `json:"metrics"`
	Floors       map[string]float64 `json:"floors,omitempty"`
	Failures     []string           `json:"failures,omitempty"` // why this may not go out; empty = it may
	Detail       []Result           `json:"cases_detail"`
	Fingerprints map[string]string  `json:"fingerprints"`
}

// Result is one case, judged.
type Result struct {
	ID    string          `json:"id"`
	Kind  string          `json:"kind,omitempty"`
	Input string          `json:"input"`
	OK    bool            `json:"ok"`
	Got   any             `json:"got"`
	Want  any             `json:"want"`
	MS    float64         `json:"ms"`
	Error string          `json:"error,omitempty"`
	Marks map[string]Mark `json:"marks,omitempty"`
}

// MarshalJSON writes a mark as a number, or as [num, den] where it weighs more or less than one case.
func (m Mark) MarshalJSON() ([]byte, error) {
	if m.Den == 1 {
		return json.Marshal(m.Num)
	}
	return json.Marshal([2]float64{m.Num, m.Den})
}

// UnmarshalJSON reads either form.
func (m *Mark) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &m.Num) == nil {
		m.Den = 1
		return nil
	}
	var pair [2]float64
	if err := json.Unmarshal(data, &pair); err != nil {
		return err
	}
	m.Num, m.Den = pair[0], pair[1]
	return nil
}

// ReadReports reads what WriteJSON wrote: one report, a list, or several one after another.
func ReadReports(r io.Reader) ([]*Report, error) {
	d := json.NewDecoder(r)
	var out []*Report
	for {
		var raw json.RawMessage
		if err := d.Decode(&raw); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("eval: read report: %w", err)
		}
		if len(raw) > 0 && raw[0] == '[' {
			var list []*Report
			if err := json.Unmarshal(raw, &list); err != nil {
				return nil, fmt.Errorf("eval: read report: %w", err)
			}
			out = append(out, list...)
			continue
		}
		one := &Report{}
		if err := json.Unmarshal(raw, one); err != nil {
			return nil, fmt.Errorf("eval: read report: %w", err)
		}
		out = append(out, one)
	}
	for _, r := range out {
		if r == nil || r.Suite == "" {
			return nil, fmt.Errorf("eval: read report: no suite is named")
		}
	}
	return out, nil
}

// WriteJSON writes reports: a single one as one object, as scripts expect it, several as a list.
func WriteJSON(w io.Writer, reports ...*Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if len(reports) == 1 {
		return e.Encode(reports[0])
	}
	return e.Encode(reports)
}

// shownFailures is how many wrong cases the text report shows; the others are in JSON and HTML.
const shownFailures = 10

// WriteText writes the table for a terminal: metrics with interval and floor, then the first wrong cases.
func (r *Report) WriteText(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s\t%s %s\t%d cases\n", r.Suite, r.Kind, r.Version, r.Cases)
	for _, name := range Names(r.Metrics) {
		m := r.Metrics[name]
		fmt.Fprintf(t, "  %s\t%s\t[%s, %s]\tn=%d", name, number(name, m.Value), number(name, m.Lo), number(name, m.Hi), m.N)
		if floor, ok := r.Floors[name]; ok {
			bound := "≥"
			if LowerIsBetter(name) {
				bound = "≤"
			}
			fmt.Fprintf(t, "\t%s %s", bound, number(name, floor))
		}
		fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("eval: write report: %w", err)
	}
	for _, f := range r.Failures {
		fmt.Fprintf(w, "  FAIL %s\n", f)
	}
	return r.writeWrong(w)
}

func (r *Report) writeWrong(w io.Writer) error {
	wrong := 0
	for _, c := range r.Detail {
		if c.OK {
			continue
		}
		if wrong++; wrong > shownFailures {
			continue
		}
		if _, err := fmt.Fprintf(w, "  - %s %s %s\n      want %s\n      got  %s\n", c.ID, c.Kind, short(c.Input, 60), short(compact(c.Want), 120), short(c.told(), 200)); err != nil {
			return fmt.Errorf("eval: write report: %w", err)
		}
	}
	if wrong > shownFailures {
		fmt.Fprintf(w, "  … and %d more\n", wrong-shownFailures)
	}
	return nil
}

// told is what came of a case, or why nothing did.
func (c Result) told() string {
	if c.Error != "" {
		return "error: " + c.Error
	}
	return compact(c.Got)
}

func compact(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSpace(b.String())
}

// short cuts a text to n runes and keeps it on one line.
func short(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	Time    string   `xml:"time,attr"`
	Failure *problem `xml:"failure,omitempty"`
	Error   *problem `xml:"error,omitempty"`
}

type problem struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes reports as JUnit XML. Floors are what a release is gated by, so each is a test; a single wrong case
// of a suite that has floors is told as passed with its floor, or else a good release would show red.
func WriteJUnit(w io.Writer, reports ...*Report) error {
	var all junitSuites
	for _, r := range reports {
		s := junitSuite{Name: r.Suite}
		total := 0.0
		for _, c := range r.Detail {
			j := junitCase{Class: r.Suite, Name: c.ID, Time: seconds(c.MS)}
			switch {
			case c.Error != "":
				j.Error = &problem{Message: clean(c.Error)}
				s.Errors++
			case !c.OK && len(r.Floors) == 0:
				j.Failure = &problem{clean(short(c.Input, 80)), clean("want " + compact(c.Want) + "\ngot " + compact(c.Got))}
				s.Failures++
			}
			total += c.MS
			s.Cases = append(s.Cases, j)
		}
		for _, f := range r.Failures {
			s.Cases = append(s.Cases, junitCase{Class: r.Suite + ".floors", Name: clean(f), Time: "0", Failure: &problem{Message: clean(f)}})
			s.Failures++
		}
		s.Tests, s.Time = len(s.Cases), seconds(total)
		all.Suites = append(all.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("eval: write junit: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(all); err != nil {
		return fmt.Errorf("eval: write junit: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func seconds(ms float64) string { return fmt.Sprintf("%.3f", ms/1000) }

// clean drops what XML 1.0 cannot hold, even escaped.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
