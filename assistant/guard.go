package assistant

import (
	_ "embed"
	"slices"
	"strings"
)

// EmergencyCall is what an utterance says about danger to life: whom to call, at once and before anything else.
type EmergencyCall struct {
	Numbers  []string // 110 119 120 122 96110, the most urgent first
	Kind     string   // fire, gas, drowning, medical, traffic, violence, missing, self_harm, …
	Evidence string   // the words that show it, from the folded text
	Helpline bool     // somebody may want to die: name the helpline 12356 too
	Aside    bool     // perhaps a figure of speech beside a matter: name the numbers in one line, then answer the matter
}

// RefusalReason says why a request is not helped with, and what can lawfully be done instead; both are sentences for
// the citizen.
type RefusalReason struct {
	Kind      string // forgery, privacy, secret, prompt, gaming, bribe, illegal
	Reason    string
	LawfulWay string
}

//go:embed guard/emergency.txt
var emergencyRules string

//go:embed guard/refusals.txt
var refusalRules string

var (
	emergencies = mustRules("guard/emergency.txt", emergencyRules)
	refusals    = mustRules("guard/refusals.txt", refusalRules)
)

// Emergency says whether somebody's life may be in danger now, nil when not. It looks at words only, takes
// microseconds, and runs before redaction, search and everything else. It prefers a false alarm to silence, but not
// for figures of speech, things long past, stories, and questions about paperwork.
func Emergency(text string) *EmergencyCall {
	found := emergencies.read(text)
	if len(found) == 0 {
		return nil
	}
	if specific := slices.DeleteFunc(slices.Clone(found), func(f finding) bool { return f.kind == "rescue" }); len(specific) > 0 {
		found = specific
	}
	call := &EmergencyCall{Kind: strings.TrimSuffix(found[0].kind, "_act"), Evidence: found[0].evidence}
	seen := make(map[string]bool)
	for _, f := range found {
		call.Helpline = call.Helpline || strings.HasPrefix(f.kind, "self_harm")
		for _, number := range f.numbers {
			seen[number] = true
		}
	}
	call.Aside = len(found) == 1 && found[0].kind == "self_harm" && emergencies.idle(text)
	order := []string{"119", "122", "110", "120", "96110"}
	if call.Helpline {
		order = []string{"120", "110", "119", "122", "96110"}
	}
	for _, number := range order {
		if seen[number] {
			call.Numbers = append(call.Numbers, number)
		}
	}
	return call
}

// Refusal says whether a request must be refused: forged papers, other people's data, state secrets, the service's own
// instructions, cheating, bribery. nil for lawful requests, however sensitive: petitions, compensation, reporting a
// cadre or a forger, religion, ethnic status.
func Refusal(text string) *RefusalReason {
	found := refusals.read(asked(text))
	if len(found) == 0 {
		return nil
	}
	kind := found[0].kind
	answer := refusals.answers[kind]
	return &RefusalReason{Kind: kind, Reason: answer[0], LawfulWay: answer[1]}
}

// asked is what the citizen says himself: the first paragraph. What follows a blank line is a document he pasted, and
// what stands in documents is neither an instruction nor a request.
func asked(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	own, _, _ := strings.Cut(text, "\n\n")
	return own
}
