package kg

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func divisions(t testing.TB) *Regions {
	g, err := Divisions()
	require.NoError(t, err)
	return g
}

func names(rs []Region) []string {
	out := []string{}
	for _, r := range rs {
		out = append(out, r.Name)
	}
	return out
}

func TestRegionsLookup(t *testing.T) {
	g := divisions(t)
	for name, want := range map[string]string{
		"南昌":     "南昌市 南昌县",
		"南昌市":    "南昌市",
		"南昌县":    "南昌县",
		"新建":     "新建区",
		"新建县":    "新建区",
		"西湖":     "西湖区 西湖乡",
		"洪城":     "南昌市",
		"老赣州":    "章贡区",
		"八一广场":   "东湖区 西湖区",
		"南昌市西湖区": "西湖区",
		"江西省南昌市": "南昌市",
		"南昌西湖":   "西湖区",
		"三南":     "龙南市 全南县 定南县",
		"高新区":    "",
		"广州":     "广州市",
		"火星":     "",
		"吉安縣":    "吉安县",
	} {
		require.Equal(t, want, strings.Join(names(g.Lookup(name)), " "), name)
	}
}

func TestRegionsCodes(t *testing.T) {
	g := divisions(t)
	for _, code := range []string{"3601", "360100", "360100000000"} {
		r, ok := g.ByCode(code)
		require.True(t, ok)
		require.Equal(t, "南昌市", r.Name)
	}
	town := g.Lookup("九江市共青城市苏家垱乡")
	require.Len(t, town, 1, "to the town")
	require.Equal(t, []string{"共青城市", "九江市", "江西省"}, names(g.Ancestors(town[0].Code)))
	require.Equal(t, "江西省九江市共青城市苏家垱乡", g.FullName(town[0].Code))
	require.True(t, g.Covers("36", town[0].Code))
	require.True(t, g.Covers("", "x"))
	require.False(t, g.Covers("3601", town[0].Code))
	require.Empty(t, g.Ancestors("99"))
	for _, r := range g.All() {
		if r.Level != "province" {
			require.NotEmpty(t, g.Ancestors(r.Code), r)
		}
	}
}

func TestRegionsFind(t *testing.T) {
	g := divisions(t)
	type m struct {
		text, names string
		confirm     bool
	}
	for text, want := range map[string][]m{
		"我在南昌上班，户口在赣州市南康区唐江镇": {{"南昌", "南昌市 南昌县", true}, {"赣州市南康区唐江镇", "唐江镇", false}},
		"新建区长堎镇能办吗":           {{"新建区长堎", "长堎街道", false}},
		"孩子上高中怎么办":            nil,
		"在上高县读书":              {{"上高县", "上高县", false}},
		"八一广场附近":              {{"八一广场", "东湖区 西湖区", true}},
		"我家在高新区":              {{"高新区", "", true}},
		"南昌县莲塘":               {{"南昌县莲塘", "莲塘镇", false}},
		"農村新建房":               nil,
		"":                    nil,
	} {
		var got []m
		for _, f := range g.Find(text) {
			require.Equal(t, f.Text, string([]rune(text)[f.Start:f.End]))
			got = append(got, m{f.Text, strings.Join(names(f.Candidates), " "), f.Confirm})
		}
		require.Equal(t, want, got, text)
	}
}

func TestLoadRegionsRefuses(t *testing.T) {
	for _, bad := range []string{"", "code,name\n1,a", "code,name,level,parent\n36,江西,province,\n36,江西,province,\n", "code,name,level,parent\n36,江西\n"} {
		_, err := LoadRegions(strings.NewReader(bad))
		require.Error(t, err, bad)
	}
	g, err := LoadRegions(strings.NewReader("code,name,level,parent\n36,江西省,province,\n"))
	require.NoError(t, err)
	require.Error(t, g.LoadAliases(strings.NewReader("alias,codes,confirm,note\n老表,99,0,\n")))
}

func FuzzRegionsFind(f *testing.F) {
	g, err := Divisions()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("我在南昌市西湖区八一广场")
	f.Fuzz(func(t *testing.T, text string) {
		for _, m := range g.Find(text) {
			require.Less(t, m.Start, m.End)
		}
	})
}

func BenchmarkRegionsFind(b *testing.B) {
	g, err := Divisions()
	require.NoError(b, err)
	for b.Loop() {
		g.Find("我在广东打工，户口在赣州市南康区唐江镇，老婆是南昌人，孩子想在西湖区上学")
	}
}
