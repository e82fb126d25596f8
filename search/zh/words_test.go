package zh

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/yanyiwu/gojieba"
)

func texts(tokens []Token) []string {
	var out []string
	for _, w := range tokens {
		out = append(out, w.Text)
	}
	return out
}

func TestWords(t *testing.T) {
	require.NoError(t, Open())
	require.Equal(t, []string{"我", "的", "居住", "居住证", "丢", "了"}, texts(Words("我的居住证丢了。")))
	require.Equal(t, []string{"我", "的", "居住证", "丢", "了"}, texts(Cut("我的居住证丢了。")))
	require.Equal(t, []string{"居住證", "辦理"}, texts(Cut("居住證辦理")), "cut as folded, given as written")
	require.Equal(t, []string{"赣服通", "一网通办"}, texts(Cut("赣服通，一网通办")), "words.txt")
	require.Equal(t, []string{"穿", "T恤"}, texts(Cut("穿T恤")), "the dictionary's capitals")
	require.Equal(t, []string{"Ａ４", "纸"}, texts(Cut("Ａ４纸")))
	require.Empty(t, Words(""))
	require.Empty(t, Words(" ，。\x00\t"))
}

func TestWordOffsets(t *testing.T) {
	s := "我的居住证丢了，怎么补办Ａ４紙T恤\x00\xff完𠮷"
	r := []rune(s)
	for _, w := range Words(s) {
		if !strings.Contains(w.Text, "\xff") {
			require.Equal(t, string(r[w.Start:w.End]), w.Text)
		}
	}
	end := 0
	for _, w := range Cut(s) {
		require.GreaterOrEqual(t, w.Start, end)
		end = w.End
	}
	require.Equal(t, len(r), end)
}

func TestAddWordsWhileCutting(t *testing.T) {
	require.NotContains(t, texts(Cut("办理灵犀码换领")), "灵犀码换领")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				require.NotEmpty(t, Words("办理灵犀码换领和居住证"))
			}
		})
	}
	AddWords([]string{"灵犀码换领", " 灵犀碼換領 ", "", "一", "含 空格", strings.Repeat("长", 40)})
	wg.Wait()
	require.Contains(t, texts(Cut("办理灵犀码换领")), "灵犀码换领")
	require.Contains(t, texts(Cut("辦理靈犀碼換領")), "靈犀碼換領")
}

// Without a dictionary the text is still cut, into characters and runs.
func TestCutRuns(t *testing.T) {
	s := "办5G套餐, ＯＫ"
	f := Fold(s)
	require.Equal(t, []Token{{"办", 0, 1}, {"5G", 1, 3}, {"套", 3, 4}, {"餐", 4, 5}, {"ＯＫ", 7, 9}}, cutRuns(newRuler(s, f), f))
}

func TestDictionaryAbsent(t *testing.T) {
	_, _, err := dictionary(t.TempDir(), "none.utf8", filepath.Join(t.TempDir(), "none.utf8"))
	require.ErrorIs(t, err, ErrNoDictionary)
	require.True(t, errors.Is(err, os.ErrNotExist))
}

func TestBigrams(t *testing.T) {
	require.Equal(t, []string{"居住", "住证", "a4", "纸", "5g", "套餐"}, Bigrams("居住證，Ａ４紙 5G套餐。"))
	require.Empty(t, Bigrams(" ，"))
}

// TestMovedBinary runs a copy of the test binary elsewhere, without the module cache: only embedded dictionaries serve.
func TestMovedBinary(t *testing.T) {
	if os.Getenv("ZH_MOVED") != "" {
		gojieba.DICT_PATH, gojieba.HMM_PATH, gojieba.USER_DICT_PATH = "gone", "gone", "gone"
		gojieba.IDF_PATH, gojieba.STOP_WORDS_PATH = "gone", "gone"
		require.NoError(t, Open())
		require.Contains(t, texts(Cut("我的居住证丢了")), "居住证")
		left, err := filepath.Glob(filepath.Join(os.TempDir(), "ganwen-dict-*"))
		require.NoError(t, err)
		require.Empty(t, left)
		return
	}
	if _, err := dictFiles.ReadFile("dict/" + mainDict); err != nil {
		t.Skip("the dictionaries are not copied into dict/ (see dict/README.md)")
	}
	self, err := os.Executable()
	require.NoError(t, err)
	program, err := os.ReadFile(self)
	require.NoError(t, err)
	dir := t.TempDir()
	moved := filepath.Join(dir, "moved")
	require.NoError(t, os.WriteFile(moved, program, 0o700))
	run := exec.Command(moved, "-test.run", "^TestMovedBinary$", "-test.v")
	run.Dir = dir
	run.Env = []string{"ZH_MOVED=1", "TMPDIR=" + dir}
	out, err := run.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "PASS: TestMovedBinary")
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"我的居住证", "Ａ\x00\xff證", "𠮷野家", "a\u0301b", "１２.5％"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := []rune(s)
		n, end := len(r), 0
		for _, w := range Words(s) {
			require.True(t, w.Start < w.End && w.End <= n)
			require.Equal(t, string(r[w.Start:w.End]), string([]rune(w.Text)))
		}
		for _, w := range Cut(s) {
			require.True(t, end <= w.Start && w.Start < w.End && w.End <= n)
			end = w.End
		}
		Bigrams(s)
		Pinyin(s)
	})
}

func BenchmarkWords(b *testing.B) {
	if err := Open(); err != nil {
		b.Skip(err)
	}
	var lines []string
	size := 0
	for _, s := range drcd(b) {
		if size < 1<<20 {
			s = Simplify(s)
			lines = append(lines, s)
			size += len(s)
		}
	}
	for name, cut := range map[string]func(string) []Token{"search": Words, "plain": Cut} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				for _, s := range lines {
					cut(s)
				}
			}
		})
	}
	b.Run("bigrams", func(b *testing.B) {
		b.SetBytes(int64(size))
		for b.Loop() {
			for _, s := range lines {
				Bigrams(s)
			}
		}
	})
}
