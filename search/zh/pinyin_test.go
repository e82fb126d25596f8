package zh

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPinyin(t *testing.T) {
	for in, want := range map[string]string{
		"重庆银行":     "chong qing yin hang",
		"長春市長":     "chang chun shi zhang",
		"行政审批":     "xing zheng shen pi",
		"社会保障卡":    "she hui bao zhang ka",
		"会计证":      "kuai ji zheng",
		"社会计划":     "she hui ji hua",
		"铅山县":      "yan shan xian",
		"都昌":       "du chang",
		"余干 余江":    "yu gan yu jiang",
		"我的调档函还没到": "wo de diao dang han hai mei dao",
		"还贷":       "huan dai",
		"绿色通道":     "lv se tong dao",
		"办不了":      "ban bu liao",
		"家长签字":     "jia zhang qian zi",
		"重新办理户口":   "chong xin ban li hu kou",
		"Ａ4纸ok":    "zhi",
		"":         "",
	} {
		require.Equal(t, want, strings.Join(Pinyin(in), " "), in)
	}
	require.Equal(t, "sfz", Initials("身份证"))
	require.Equal(t, "5gtc", Initials("５G 套餐"))
	require.Equal(t, "yhk", Initials("银行卡"))
	require.Equal(t, PinyinKey("身份证补办"), PinyinKey("身分正 补办"))
	require.Equal(t, "ban 5g tao can", PinyinKey("办5G套餐"))
}

func TestPolyphonesForm(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range data(polyphonesFile) {
		require.Len(t, f[1:], len([]rune(f[0])), f[0])
		require.False(t, seen[f[0]], "%s stands twice", f[0])
		require.Equal(t, Fold(f[0]), f[0])
		seen[f[0]] = true
		require.False(t, strings.ContainsAny(strings.Join(f[1:], ""), "ü"), f[0])
		for _, s := range f[1:] {
			require.True(t, known(s), "%s %s", f[0], s)
		}
	}
}

func TestSoundKey(t *testing.T) {
	for _, pair := range [][2]string{{"湖南", "福兰"}, {"身份证", "森分正"}, {"户口", "富口"}, {"牛奶", "流来"}, {"热", "勒"}} {
		require.Equal(t, SoundKey(pair[0]), SoundKey(pair[1]), pair)
	}
	require.NotEqual(t, SoundKey("驾驶证"), SoundKey("居住证"))
	require.Equal(t, "hello 5g", SoundKey("hello 5g"))
}

func TestSyllables(t *testing.T) {
	for in, want := range map[string][]string{
		"shenfenzheng": {"shen", "fen", "zheng"},
		"ShebaoKa":     {"she", "bao", "ka"},
		"xi'an":        {"xi", "an"},
		"juzhuzh":      {"ju", "zhu", "zh"},
		"lvse":         {"lv", "se"},
		"fangan":       {"fang", "an"},
		"hello":        nil,
		"sfz":          nil,
		"":             nil,
		"身份":           nil,
	} {
		require.Equal(t, want, Syllables(in), in)
	}
	require.Nil(t, Syllables(strings.Repeat("an", 40)))
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		limit, want int
	}{
		{"身份证", "身分证", 2, 1}, {"居住证", "居证住", 2, 1}, {"社保卡", "社卡", 2, 1}, {"a", "Ａ", 1, 0}, {"户口", "驾照", 1, 2},
		{"", "身份证", 3, 3}, {"", "身份证", 2, 3}, {"居住證", "居住证", 0, 0}, {"医保卡", "医报", 2, 2},
	} {
		require.Equal(t, c.want, Distance(c.a, c.b, c.limit), "%s %s", c.a, c.b)
		require.Equal(t, c.want, Distance(c.b, c.a, c.limit))
	}
}
