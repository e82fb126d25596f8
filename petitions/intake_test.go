package petitions_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"

	"ganwen/petitions"
)

var clock = func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.FixedZone("CST", 8*3600)) }

func sealer(t testing.TB, fill byte) *petitions.Sealer {
	s, err := petitions.NewSealer(bytes.Repeat([]byte{fill}, petitions.KeySize))
	require.NoError(t, err)
	return s
}

func importer(t testing.TB) (*petitions.Importer, *petitions.Memory) {
	m := &petitions.Memory{}
	return &petitions.Importer{Store: m, Originals: m, Sealer: sealer(t, 1), Source: "12345", Now: clock}, m
}

const table = `某县2026年来信登记表,,,,,,
信访件编号*,信访标题,概况,诉求,信访日期,主信访人,手机,是否保密,处理意见
A1,电梯困人,锦澜湾3栋电梯又卡住了。我叫王桂香，电话13900001234,请尽快维修,2026年3月5日,王桂香,139 0000 1234,是,拟转
A2,没水,停水三天,,2026/3/6 9:05,王桂香,13900001234,,
A3,,,,2026-03-06,,,,
A4,没水,又停水,,三月六日,,,,
A5,没水,又停水,,2027-03-06,,,,
A6,没水,又停水,,2026-03-06,,,大概,
A7,没水,又停水,,2026-03-06,,,,,多了一栏
A1,电梯困人,锦澜湾3栋电梯又卡住了。我叫王桂香，电话13900001234,请尽快维修,2026年3月5日,王桂香,139 0000 1234,是,拟转
A2,换了内容,路灯不亮,,2026-03-07,,,,
`

func TestImportTable(t *testing.T) {
	im, store := importer(t)
	ctx := t.Context()
	report, err := im.File(ctx, strings.NewReader("\ufeff"+table), "来信.csv")
	require.NoError(t, err)
	require.Equal(t, 9, report.Rows)
	require.Equal(t, 2, report.Kept)
	require.Equal(t, 1, report.Repeated)
	require.Equal(t, 1, report.Redacted)
	var fields, rows []string
	for _, r := range report.Rejects {
		fields, rows = append(fields, r.Field), append(rows, fmt.Sprint(r.Row))
		require.Equal(t, "来信.csv", r.File)
		require.NotEmpty(t, r.Expected)
		require.NotEmpty(t, r.Mend)
	}
	require.Equal(t, []string{"text", "time", "time", "secret", "-", "id"}, fields)
	require.Equal(t, []string{"5", "6", "7", "8", "9", "11"}, rows)
	asideOf := map[string]string{}
	for _, c := range report.Columns {
		asideOf[c.Heading] = c.Field
	}
	require.Equal(t, "", asideOf["处理意见"], "told, not taken")
	require.Equal(t, "id", asideOf["信访件编号*"])

	r, err := store.Get(ctx, "12345", "A1")
	require.NoError(t, err)
	p := r.Petition
	require.True(t, p.Secret)
	require.Equal(t, "2026-03-05T00:00:00+08:00", p.Time.Format(time.RFC3339))
	require.NotContains(t, p.Text, "王桂香")
	require.NotContains(t, p.Text, "13900001234")
	require.NotContains(t, p.Text, "锦澜湾3栋", "where he lives")
	require.Contains(t, p.Text, "电梯又卡住了")
	require.Contains(t, p.Text, "请尽快维修")
	second, err := store.Get(ctx, "12345", "A2")
	require.NoError(t, err)
	require.Len(t, p.Person, 24)
	require.Equal(t, p.Person, second.Petition.Person, "the same telephone, written differently")

	o, err := store.Original(ctx, "12345", "A1")
	require.NoError(t, err)
	require.NotContains(t, string(o.Sealed), "13900001234")
	plain, err := im.Sealer.Open(o)
	require.NoError(t, err)
	require.Contains(t, string(plain), `"手机":"139 0000 1234"`)
	require.Contains(t, string(plain), "拟转", "the original is whole")

	again, err := im.File(ctx, strings.NewReader(table), "来信.csv")
	require.NoError(t, err)
	require.Zero(t, again.Kept)
	require.Equal(t, 3, again.Repeated)
	changed, err := im.File(ctx, strings.NewReader("编号,概况\nA2,供水恢复了\n"), "来信.csv")
	require.NoError(t, err)
	require.Equal(t, 1, changed.Changed)
}

func TestImportLines(t *testing.T) {
	im, store := importer(t)
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, err := io.WriteString(w, `{"id":1001,"user":"A0001","title":"路灯","time":"2019/1/7 11:20:01","text":"路灯不亮","against":0}
{"id":"1002","title":"路灯","text":"路灯","people":"12人","attachments":["a.jpg","b.jpg"]}
not json
{"id":"1003","text":{"a":1}}
{"id":"1004","title":"没有编号系统","text":"x","time":null}

{"title":"无编号","text":"没有编号的来件"}
{"title":"无编号","text":"没有编号的来件"}
`)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	report, err := im.File(t.Context(), &z, "C:\\导出\\messages.jsonl.gz")
	require.NoError(t, err)
	require.Equal(t, 4, report.Kept)
	require.Equal(t, 1, report.Repeated, "known by its words")
	require.Len(t, report.Rejects, 2)
	require.Equal(t, 3, report.Rejects[0].Row)
	require.Equal(t, "文字", report.Rejects[1].Expected)
	r, err := store.Get(t.Context(), "12345", "1001")
	require.NoError(t, err)
	require.Equal(t, "2019-01-07T11:20:01+08:00", r.Petition.Time.Format(time.RFC3339))
	require.NotEmpty(t, r.Petition.Person)
	r, err = store.Get(t.Context(), "12345", "1002")
	require.NoError(t, err)
	require.Equal(t, 12, r.Petition.People)
	require.Equal(t, []string{"a.jpg", "b.jpg"}, r.Petition.Attachments)

	list, err := im.File(t.Context(), strings.NewReader(`[{"id":"L1","text":"一"},{"id":"L2","text":"二"}]`), "list.json")
	require.NoError(t, err)
	require.Equal(t, 2, list.Kept)
	for name, text := range map[string]string{"a.docx": "x", "a.csv": "甲,乙\n1,2\n", "a.json": "[{", "b.jsonl.gz": "no gzip"} {
		_, err = im.File(t.Context(), strings.NewReader(text), name)
		require.ErrorIs(t, err, petitions.ErrFormat, name)
	}
}

func TestImportLegacyTable(t *testing.T) {
	im, store := importer(t)
	old, err := simplifiedchinese.GB18030.NewEncoder().String("编号,标题,内容\n9,断电,小区停电一天\n")
	require.NoError(t, err)
	_, err = im.File(t.Context(), strings.NewReader(old), "旧.csv")
	require.ErrorIs(t, err, petitions.ErrFormat)
	im.Legacy = func(r io.Reader) io.Reader { return simplifiedchinese.GB18030.NewDecoder().Reader(r) }
	report, err := im.File(t.Context(), strings.NewReader(old), "旧.csv")
	require.NoError(t, err)
	require.Equal(t, 1, report.Kept)
	r, err := store.Get(t.Context(), "12345", "9")
	require.NoError(t, err)
	require.Equal(t, "小区停电一天", r.Petition.Text)
}

func TestNearDuplicates(t *testing.T) {
	im, _ := importer(t)
	campaign := "我们是翰林雅居二期的业主，合同约定去年年底交房，现在工地停工三个月，开发商没有任何说法，请住建局督促复工并公开监管资金。"
	rows := []string{
		`{"id":"1","text":"` + campaign + `"}`,
		`{"id":"2","text":"` + strings.Replace(campaign, "三个月", "四个月", 1) + `我是8栋的。"}`,
		`{"id":"3","text":"路口红绿灯坏了一个星期没人修，早晚高峰乱成一团，请交警来看看。"}`,
		`{"id":"4","text":"请问社保卡怎么补办？"}`,
		`{"id":"5","text":"请问社保卡怎么补办？"}`,
		`{"id":"6","text":"翰林雅居二期何时复工？塔吊三个月没动过了，想问个准信，钱还在不在监管账户。"}`,
	}
	report, err := im.File(t.Context(), strings.NewReader(strings.Join(rows, "\n")), "x.jsonl")
	require.NoError(t, err)
	require.Equal(t, 1, report.NearCount, "%v", report.Nears)
	require.Equal(t, "2", report.Nears[0].ID)
	require.Equal(t, petitions.SubjectOf("12345", "1"), report.Nears[0].Of)
	require.Greater(t, report.Nears[0].Likeness, .7)
}

func TestSealer(t *testing.T) {
	s := sealer(t, 1)
	o, err := s.Seal("12345", "A1", []byte("原文"))
	require.NoError(t, err)
	again, err := s.Seal("12345", "A1", []byte("原文"))
	require.NoError(t, err)
	require.NotEqual(t, o.Sealed, again.Sealed, "a nonce and a key of its own")
	plain, err := s.Open(o)
	require.NoError(t, err)
	require.Equal(t, "原文", string(plain))
	_, err = sealer(t, 2).Open(o)
	require.ErrorIs(t, err, petitions.ErrKey)
	moved := o
	moved.ID = "A2"
	_, err = s.Open(moved)
	require.ErrorIs(t, err, petitions.ErrKey)
	bent := o
	bent.Sealed = append(bytes.Clone(o.Sealed[:len(o.Sealed)-1]), o.Sealed[len(o.Sealed)-1]^1)
	_, err = s.Open(bent)
	require.ErrorIs(t, err, petitions.ErrKey)
	_, err = s.Open(petitions.Original{Source: "12345", ID: "A1", Sealed: []byte{1}, Key: []byte{1}})
	require.ErrorIs(t, err, petitions.ErrKey)
	_, err = s.Open(petitions.Original{Source: "12345", ID: "A1"})
	require.ErrorIs(t, err, petitions.ErrErased)
	require.Equal(t, s.Person("id 1"), s.Person("id 1"))
	require.NotEqual(t, s.Person("id 1"), sealer(t, 2).Person("id 1"))
	require.Empty(t, s.Person(""))
	_, err = petitions.NewSealer([]byte("short"))
	require.Error(t, err)
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "petitions.key")
	key, err := petitions.KeyFile(path)
	require.NoError(t, err)
	again, err := petitions.KeyFile(path)
	require.NoError(t, err)
	require.Equal(t, key, again)
	require.NoError(t, os.Chmod(path, 0o644))
	_, err = petitions.KeyFile(path)
	require.ErrorContains(t, err, "chmod 600")
	require.NoError(t, os.Chmod(path, 0o600))
	require.NoError(t, os.WriteFile(path, []byte("zz"), 0o600))
	_, err = petitions.KeyFile(path)
	require.Error(t, err)
}

func FuzzImport(f *testing.F) {
	f.Add("a.csv", table)
	f.Add("a.jsonl", `{"id":"1","text":"x"}`)
	f.Add("a.json", `[{"id":"1","text":"x"}]`)
	f.Fuzz(func(t *testing.T, name, text string) {
		m := &petitions.Memory{}
		im := &petitions.Importer{Store: m, Now: clock}
		report, err := im.File(t.Context(), strings.NewReader(text), name)
		if err != nil {
			return
		}
		require.Equal(t, report.Rows, report.Kept+report.Repeated+report.Changed+len(report.Rejects), "every row is accounted for")
	})
}
