package petitions

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// build compiles patterns of one cue, x.
func build(t *testing.T, f cueFile) *cues {
	c, err := compile(f)
	require.NoError(t, err)
	return c
}

func TestPatterns(t *testing.T) {
	lists := map[string][]string{"who": {"村里", "镇里"}}
	for _, c := range []struct {
		name, pattern, text string
		want                []string // what stands in the text at each hit
	}{
		{"a word", "井盖", "路口的井盖丢了", []string{"井盖"}},
		{"one of several", "丢|缺", "缺井盖", []string{"缺"}},
		{"in order, near", "井盖~丢", "井盖又丢了", []string{"井盖又丢"}},
		{"too far", "井盖~丢", "井盖是去年冬天刚换上的新的可今天一早丢了", nil},
		{"farther", "井盖~~丢", "井盖是去年冬天刚换上的新的可今天一早丢了", []string{"井盖是去年冬天刚换上的新的可今天一早丢"}},
		{"close", "@who^说", "镇里都说不归他管", []string{"镇里都说"}},
		{"not close", "@who^说", "镇里的人来看过以后说", nil},
		{"wrong order", "井盖~丢", "丢的是井盖", nil},
		{"not over a full stop", "井盖~丢", "井盖很旧。钱包丢了。", nil},
		{"both clauses", "井盖 晚上", "晚上没有灯，井盖也没了", []string{"井盖"}},
		{"second clause missing", "井盖 晚上", "井盖没了", nil},
		{"without", "打 !电话", "他打我", []string{"打"}},
		{"without, but it stands there", "打 !电话", "他打了电话", nil},
		{"a numeral", "#户", "三十二户联名", []string{"三十二户"}},
		{"a numeral and a few more", "我们#户", "我们二十多户人家", []string{"我们二十多户"}},
		{"traditional and wide", "井蓋", "路口的井盖", []string{"井盖"}},
		{"masked", "跳楼", "跳楼价三折起", nil},
		{"beside a mask", "跳楼", "跳楼价的店老板要跳楼", []string{"跳楼"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := build(t, cueFile{Masks: []string{"跳楼价"}, Lists: lists, Cues: map[string][]string{"x": {c.pattern}}})
			r := x.read(c.text)
			var got []string
			for _, h := range x.find(r)["x"] {
				got = append(got, string(r.text[h.start:h.end]))
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestWrongPatterns(t *testing.T) {
	for name, p := range map[string]string{"a list nobody wrote": "@none", "empty alternative": "a||b", "only without": "!a", "open end": "a~", "nothing before": "~a"} {
		t.Run(name, func(t *testing.T) {
			_, err := compile(cueFile{Cues: map[string][]string{"x": {p}}})
			require.ErrorContains(t, err, p)
		})
	}
}

func TestQuote(t *testing.T) {
	x := build(t, cueFile{Cues: map[string][]string{"x": {"塌"}}})
	r := x.read("第一句。路面塌了一个坑，摩托车掉得下去。第三句。")
	require.Equal(t, "路面塌了一个坑，摩托车掉得下去。", r.quote(x.find(r)["x"][0]))

	long := x.read("我跟你讲我们这里那个路从去年修到今年又从今年修到现在一个人影都看不到前天下大雨路面塌了一个坑摩托车都掉得下去你们哪个来管一管再不管真的要出人命的我是住在路边的老李头你们问我都行")
	quoted := long.quote(x.find(long)["x"][0])
	require.Contains(t, quoted, "塌了一个坑")
	require.Less(t, len([]rune(quoted)), 70)
	require.Empty(t, (&reading{}).quote(hit{}))
}

func TestShippedCues(t *testing.T) {
	for _, name := range []string{"cues.json", "subjects.json"} {
		c, err := loadCues(name)
		require.NoError(t, err)
		require.NotEmpty(t, c.patterns)
	}
	c, err := loadCues("cues.json")
	require.NoError(t, err)
	var rules ruleBook
	require.NoError(t, readData("decide.json", &rules))
	known := map[string]bool{}
	for _, n := range c.names {
		known[n] = true
	}
	for _, r := range rules.Domains {
		for _, cue := range append(r.Has, r.Not...) {
			require.True(t, known[cue], "%s: %s", r.Name, cue)
		}
	}
	for _, r := range rules.Routes {
		for _, cue := range append(r.Has, r.Not...) {
			require.True(t, known[cue], "%s: %s", r.Name, cue)
		}
	}
	for _, list := range []map[string][]string{signalCues, routeCues, purposeCues} {
		for _, cues := range list {
			for _, cue := range cues {
				require.True(t, known[cue], cue)
			}
		}
	}
}
