package petitions

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWeigh(t *testing.T) {
	w, err := loadWeigher()
	require.NoError(t, err)
	signal := func(names ...string) []Signal {
		var out []Signal
		for _, n := range names {
			out = append(out, Signal{Name: n, Evidence: "原句"})
		}
		return out
	}
	for _, c := range []struct {
		name    string
		p       Petition
		a       Analysis
		level   string
		factors []string
	}{
		{"nothing", Petition{}, Analysis{Urgency: Normal}, "none", nil},
		{"asked before", Petition{}, Analysis{Urgency: Normal, Signals: signal(Repeat)}, "low", []string{Repeat}},
		{"the register says so", Petition{Repeat: true}, Analysis{Urgency: Normal}, "low", []string{Repeat}},
		{"told twice is one factor", Petition{Repeat: true}, Analysis{Urgency: Normal, Signals: signal(Repeat)}, "low", []string{Repeat}},
		{"many people, urgent", Petition{}, Analysis{Urgency: Urgent, Facts: Facts{People: 40}, Signals: signal(Gathering)}, "medium", []string{Gathering, "people_30", Urgent}},
		{"a life in danger", Petition{}, Analysis{Urgency: Emergency, Signals: signal(SelfHarm)}, "high", []string{SelfHarm, Emergency}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := w.weigh(&c.p, &c.a)
			require.Equal(t, c.level, r.Level, r.Score)
			var names []string
			for _, f := range r.Factors {
				names = append(names, f.Name)
				require.Positive(t, f.Value)
				require.NotEmpty(t, f.Label)
			}
			require.Equal(t, c.factors, names)
			require.Equal(t, len(c.factors) == 0, len(r.Lower) == 0, "every factor says what would lower it")
		})
	}
}

// TestMoreNeverLess: a further factor never lowers a risk, and a score stays between 0 and 1.
func TestMoreNeverLess(t *testing.T) {
	w, err := loadWeigher()
	require.NoError(t, err)
	a := Analysis{Urgency: Normal}
	last := 0.0
	for _, name := range []string{Repeat, Media, Minor, WageArrears, Gathering, SkipLevel, FoodSafety, Violence, PublicSafety, IllegalAct, SelfHarm} {
		require.Positive(t, w.weight(name), name)
		a.Signals = append(a.Signals, Signal{Name: name})
		r := w.weigh(&Petition{}, &a)
		require.GreaterOrEqual(t, r.Score, last, name)
		require.LessOrEqual(t, r.Score, 1.0)
		last = r.Score
	}
}

func TestHelp(t *testing.T) {
	w, err := loadWeigher()
	require.NoError(t, err)
	require.Nil(t, w.help(&Analysis{Urgency: Urgent, Signals: []Signal{{Name: Violence}}}))
	require.Equal(t, "violence", w.help(&Analysis{Urgency: Emergency, Signals: []Signal{{Name: Violence}}}).Kind)
	require.Equal(t, "danger", w.help(&Analysis{Urgency: Emergency}).Kind)
	h := w.help(&Analysis{Urgency: Urgent, Signals: []Signal{{Name: SelfHarm}}})
	require.Equal(t, "self_harm", h.Kind)
	require.Contains(t, h.Numbers, "12356")
}
