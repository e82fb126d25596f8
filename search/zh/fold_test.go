package zh

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":               "",
		"ＡＢc１２，（）　％":     "abc12,() %",
		"居住證辦理":          "居住证办理",
		"⼈⼤ ⻋⻔":          "人大 车门", // radicals, as PDF files have them
		"金車女":            "金车女",   // compatibility ideographs
		"①㎡℃²":           "①㎡℃²",
		"ｱ":              "ア",
		"a\xff\xfe證":     "a\uFFFD\uFFFD证",
		"𫠊𪚥":             "𫠊𪚥",
		"趙孟頫":            "赵孟𫖯", // the simplified form lies beyond the basic plane
		"İ":              "i",
		"普通文字 plain 123": "普通文字 plain 123",
	} {
		require.Equal(t, want, Fold(in), "%q", in)
		require.Equal(t, utf8.RuneCountInString(in), utf8.RuneCountInString(Fold(in)), "%q", in)
	}
}

func TestSimplifyByNeighbours(t *testing.T) {
	for in, want := range map[string]string{
		"乾隆年間的餅乾":  "乾隆年间的饼干",
		"乾坤 乾燥":    "乾坤 干燥",
		"著名作家看著":   "著名作家看着",
		"他有著名望":    "他有著名望",
		"顯著 显著 專著": "显著 显著 专著",
		"隨著作業":     "随着作业",
		"計畫 畫家":    "计划 画家",
		"答覆 覆蓋":    "答复 覆盖",
		"瞭解 瞭望":    "了解 瞭望",
		"慰藉 藉此":    "慰藉 借此",
		"祇有 神祇":    "只有 神祇",
		"提昇 王昇":    "提升 王昇",
		"矽谷 矽肺":    "硅谷 矽肺",
		"皇后 後來":    "皇后 后来",
		"頭髮 發展":    "头发 发展",
		"Ａ證，":      "Ａ证，", // width and case are Fold's
	} {
		require.Equal(t, want, Simplify(in), in)
		require.Equal(t, want, Simplify(want), "simplified text stays")
	}
}

// TestTableForm holds the file to its rules: pairs once each, phrases as long as their result, no simplified character
// of everyday use on the left, no result that is on the left itself.
func TestTableForm(t *testing.T) {
	pairs := map[rune]rune{}
	for _, fields := range data(t2sFile) {
		for _, f := range fields {
			if from, to, ok := strings.Cut(f, ">"); ok {
				require.Equal(t, utf8.RuneCountInString(from), utf8.RuneCountInString(to), f)
				require.Equal(t, to, Simplify(from), f)
				require.Equal(t, to, Simplify(to), f)
				continue
			}
			r := []rune(f)
			require.Len(t, r, 2, f)
			require.NotEqual(t, r[0], r[1], f)
			require.Zero(t, pairs[r[0]], f)
			pairs[r[0]] = r[1]
		}
	}
	require.GreaterOrEqual(t, len(pairs), 2500)
	// These stand in GB 2312 and yet are traditional, or are the other form of the same word.
	const both = "乾後夥藉徵於麽摺菸著"
	gb := simplifiedchinese.HZGB2312.NewEncoder()
	for from, to := range pairs {
		require.Zero(t, pairs[to], "%c%c", from, to)
		if _, err := gb.Bytes([]byte(string(from))); err == nil {
			require.Contains(t, both, string(from), "%c is simplified", from)
		}
	}
}

// drcd gives the texts of the traditional set: passages and questions.
func drcd(t testing.TB) []string {
	var out []string
	for _, name := range []string{"passages-dev.jsonl.gz", "queries-dev.jsonl.gz"} {
		f, err := os.Open(shared(t, "drcd", name))
		require.NoError(t, err)
		defer f.Close()
		z, err := gzip.NewReader(f)
		require.NoError(t, err)
		lines := bufio.NewScanner(z)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var x struct{ Text, Question string }
			require.NoError(t, json.Unmarshal(lines.Bytes(), &x))
			out = append(out, x.Text+x.Question)
		}
		require.NoError(t, lines.Err())
	}
	return out
}

// TestSimplifyDRCD measures the table on 460,000 characters of traditional text. A character counts as simplified if GB
// 2312 has it; what that set lacks although it is not traditional (rare characters of names) may be one in a thousand at
// most.
func TestSimplifyDRCD(t *testing.T) {
	gb := simplifiedchinese.HZGB2312.NewEncoder()
	known := map[rune]bool{}
	han, changed, other, left := 0, 0, map[rune]int{}, 0
	for _, text := range drcd(t) {
		got := []rune(Simplify(text))
		for i, r := range []rune(text) {
			if !IsHan(r) {
				continue
			}
			han++
			if got[i] != r {
				changed++
			}
			if to := t2s.rune(got[i]); to != got[i] && !t2s.hasRules(got[i]) {
				t.Errorf("%c is left of the table", got[i])
			}
			ok, seen := known[got[i]]
			if !seen {
				_, err := gb.Bytes([]byte(string(got[i])))
				ok = err == nil
				known[got[i]] = ok
			}
			if !ok {
				left++
				other[got[i]]++
			}
		}
	}
	t.Logf("%d characters, %d changed, %d outside GB 2312 (%.3f%%): %d different", han, changed, left, 100*float64(left)/float64(han), len(other))
	require.Greater(t, han, 400_000)
	require.Greater(t, float64(changed)/float64(han), 0.3)
	require.LessOrEqual(t, float64(left)/float64(han), 0.001, "%v", other)
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"ＡＢ證", "乾\xff隆", "著", "İǅ", "\xf0\x90", "有著名"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		require.Equal(t, utf8.RuneCountInString(s), utf8.RuneCountInString(once))
		require.True(t, utf8.ValidString(once))
		require.Equal(t, utf8.RuneCountInString(s), utf8.RuneCountInString(Simplify(s)))
	})
}

func BenchmarkFold(b *testing.B) {
	for name, text := range map[string]string{
		"traditional": strings.Join(drcd(b), "\n"),
		"simplified":  Simplify(strings.Join(drcd(b), "\n")),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Fold(text)
			}
		})
	}
}
