package kg

import (
	"errors"
	"os"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func file(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

// sample loads the catalogue that the binary embeds, read from its folder: kg may not import cmd.
func sample(t testing.TB) *Catalogue {
	c, err := Load(os.DirFS("../cmd/ganwen/demo/catalogue"))
	require.NoError(t, err)
	return c
}

func TestLoadSample(t *testing.T) {
	c := sample(t)
	require.Len(t, c.Matters, 128)
	require.Len(t, c.Events, 26)
	require.Len(t, c.Policies, 21)
	require.True(t, c.Sample)
	require.Greater(t, len(c.Bank), 10000)
	m := c.Matter("JX-S001")
	require.Equal(t, "出生登记（国内出生）", m.Name)
	require.NotEmpty(t, m.Source)
	require.Equal(t, "matters/01-household.jsonl:1", m.At)
	require.Nil(t, c.Matter("JX-S999"))
	require.Equal(t, c.Fingerprint(), sample(t).Fingerprint())
}

func TestLoadRefusesRowByRow(t *testing.T) {
	for name, x := range map[string]struct {
		line, field, mend string
		row               int
	}{
		"unknown field":   {`{"code":"A","name":"甲","materiels":[]}`, "materiels", "materials", 2},
		"wrong type":      {`{"code":"A","name":"甲","visits":"一次"}`, "visits", "null", 2},
		"nested type":     {`{"code":"A","name":"甲","materials":[{"id":"m1","name":"x","copies":"两份"}]}`, "materials.copies", "类型", 2},
		"missing name":    {`{"code":"A","name":" "}`, "name", "补上", 2},
		"broken":          {`{"code":"A",`, "-", "括号", 2},
		"second of a key": {`{"code":"OK","name":"甲"}`, "code", "matters.jsonl:1", 2},
		"two in a line":   {`{"code":"A","name":"甲"} {"code":"B","name":"乙"}`, "-", "跨行", 2},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := Load(fstest.MapFS{"matters.jsonl": file("\ufeff{\"code\":\"OK\",\"name\":\"好\"}\n" + x.line + "\n")})
			var rejects Rejects
			require.True(t, errors.As(err, &rejects), "%v", err)
			require.Len(t, rejects, 1)
			r := rejects[0]
			require.Equal(t, "matters.jsonl", r.File)
			require.Equal(t, x.row, r.Row)
			require.Equal(t, x.field, r.Field)
			require.Contains(t, r.Mend, x.mend)
			require.NotEmpty(t, r.Expected)
			require.Len(t, c.Matters, 1, "the good row is kept")
		})
	}
}

func TestLoadHeader(t *testing.T) {
	c, err := Load(fstest.MapFS{})
	require.NoError(t, err, "an empty folder is an empty catalogue")
	require.Empty(t, c.Matters)
	_, err = Load(fstest.MapFS{"catalogue.json": file(`{"nome":"x"}`)})
	require.ErrorContains(t, err, "catalogue.json:1:nome")
}

func TestMergeKeepsTheFirst(t *testing.T) {
	a := &Catalogue{Matters: []*Matter{{Code: "A", Name: "旧"}}}
	skipped := a.Merge(&Catalogue{Matters: []*Matter{{Code: "A", Name: "新"}, {Code: "B"}}})
	require.Equal(t, []string{"A"}, skipped)
	require.Equal(t, "旧", a.Matter("A").Name)
	require.NotNil(t, a.Matter("B"))
}

func FuzzLoadMatters(f *testing.F) {
	f.Add(`{"code":"A","name":"甲","materials":[{"id":"m1","name":"x"}]}`)
	f.Add("\ufeff{}\n\n[1]\n\"x\"\nnull")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Load(fstest.MapFS{"matters.jsonl": file(text)})
		if c == nil {
			t.Fatalf("a file of rows can only be refused row by row: %v", err)
		}
		for _, m := range c.Matters {
			require.NotEmpty(t, m.Code)
		}
	})
}
