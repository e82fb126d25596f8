package petitions

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDefaultTaxonomy(t *testing.T) {
	x, err := DefaultTaxonomy()
	require.NoError(t, err)
	require.Len(t, x.Domains(), 15)
	second := 0
	for _, d := range x.Domains() {
		second += len(x.Second(d))
	}
	require.Equal(t, 118, second)
	require.Equal(t, 517, x.Leaves())
	require.True(t, x.Has("城乡建设", "城市建设和市政管理", "自来水供应"))
	require.False(t, x.Has("城乡建设", "自来水供应"))
	path, ok := x.Path("民政/社会救助/农村低保")
	require.True(t, ok)
	require.Equal(t, []string{"民政", "社会救助", "农村低保"}, path)
	require.Contains(t, x.Third("民政", "社会救助"), "城镇低保")
}

func TestReadTaxonomy(t *testing.T) {
	for name, c := range map[string]struct{ csv, err string }{
		"a row too short": {"a,b,c\n甲,乙\n", "wrong number of fields"},
		"an empty name":   {"a,b,c\n甲,,丙\n", "line 2"},
		"nothing":         {"a,b,c\n", "no classes"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadTaxonomy(strings.NewReader(c.csv))
			require.ErrorContains(t, err, c.err)
		})
	}
	own, err := ReadTaxonomy(strings.NewReader("a,b,c\n甲,乙,丙\n甲,乙,丁\n戊,己,庚\n"))
	require.NoError(t, err)
	require.Equal(t, []string{"甲", "戊"}, own.Domains())
	require.Equal(t, []string{"丙", "丁"}, own.Third("甲", "乙"))
}

// TestClassesOfData: every class named in the word lists and the composed rows is one of the list.
func TestClassesOfData(t *testing.T) {
	x, err := DefaultTaxonomy()
	require.NoError(t, err)
	subjects, err := loadCues("subjects.json")
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, class := range subjects.names {
		path, ok := x.Path(class)
		require.True(t, ok, class)
		seen[path[0]+"/"+path[1]] = true
	}
	for _, e := range composed(t) {
		require.True(t, x.Has(e.Label.Domain, e.Label.Path2, e.Label.Path3), "%s: %s/%s/%s", e.ID, e.Label.Domain, e.Label.Path2, e.Label.Path3)
		require.Equal(t, e.Label.Purpose == Appeal, e.Label.Route != "", e.ID)
		if e.Label.Purpose == Question || e.Label.Purpose == Advice {
			require.Equal(t, Normal, e.Label.Urgency, e.ID)
		}
	}
	for _, d := range x.Domains() {
		for _, b := range x.Second(d) {
			require.True(t, seen[d+"/"+b] || b == "其他", "no words for %s/%s", d, b)
		}
	}
}
