package kg

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func one(m *Matter) string { return (&Catalogue{Matters: []*Matter{m}}).Fingerprint() }

func TestExportsComeBackWhole(t *testing.T) {
	c := sample(t)
	for file, export := range map[string]func(*bytes.Buffer) error{
		"x.jsonl": func(b *bytes.Buffer) error { return ExportJSONL(b, c) },
		"x.csv":   func(b *bytes.Buffer) error { return ExportCSV(b, c) },
	} {
		var b bytes.Buffer
		require.NoError(t, export(&b))
		got, rep, err := Import(&b, file, "")
		require.NoError(t, err)
		require.Empty(t, rep.Rejects, file)
		require.Len(t, got.Matters, len(c.Matters))
		for i, m := range got.Matters {
			require.Equal(t, one(c.Matters[i]), one(m), "%s %s", file, m.Code)
		}
		if file == "x.jsonl" {
			require.Len(t, got.Bank, len(c.Bank)-rep.Merged)
			require.Len(t, got.Events, len(c.Events))
			require.Len(t, got.Policies, len(c.Policies))
			require.Len(t, got.Duties, len(c.Duties))
		}
	}
}

func TestImportTableOfAnOffice(t *testing.T) {
	text := "\ufeff事项名称,办理部门,法定时限,承诺时限,申请材料,是否收费,网办地址,联系电话,怪列\n" +
		"养犬登记((个人）),公安局,20(工作日),即办,1.身份证;2.犬只免疫证,不收费,https://a.cn/x?token=1&id=2,咨询电话：0791-88888888。,x\n" +
		"暂住登记,公安局,20日,,,,,,\n" +
		"网址登记,公安局,,,,,www.a.cn,,\n" +
		"电话登记,公安局,,,,,,打不通,\n" +
		",公安局,,,,,,,\n" +
		"养犬登记（个人）,公安局,20(工作日),即办,1.身份证;2.犬只免疫证,不收费,https://a.cn/x?token=1&id=2,咨询电话：0791-88888888。,x\n" +
		"养犬登记（个人）,公安局,30(工作日),,,,,,\n" +
		"多列,公安局,,,,,,,,,多\n"
	c, rep, err := Import(strings.NewReader(text), "某县.csv", "")
	require.NoError(t, err)
	require.Len(t, c.Matters, 1)
	m := c.Matters[0]
	require.Equal(t, "养犬登记（个人）", m.Name)
	require.Equal(t, []string{"身份证", "犬只免疫证"}, []string{m.Materials[0].Name, m.Materials[1].Name})
	require.Equal(t, 20, *m.LegalDays.Value)
	require.Equal(t, "即办", m.PromisedDays.Unit)
	require.False(t, *m.Fee.Charged)
	require.Equal(t, "https://a.cn/x?id=2", m.OnlineURL)
	require.Equal(t, "0791-88888888", m.Phone)
	require.Equal(t, "某县", m.Source)
	require.Equal(t, "某县.csv:2", m.At)
	require.Equal(t, 8, rep.Rows)
	require.Equal(t, 1, rep.Merged, "the same again")
	var got [][2]any
	for _, r := range rep.Rejects {
		got = append(got, [2]any{r.Row, r.Field})
		require.Equal(t, "某县.csv", r.File)
		require.NotEmpty(t, r.Mend)
	}
	require.Equal(t, [][2]any{{3, "legal_days"}, {4, "online_url"}, {5, "phone"}, {6, "code"}, {8, "code"}, {9, "-"}}, got)
	require.Contains(t, rep.Columns, Column{Heading: "怪列"})
	require.Contains(t, rep.Columns, Column{Heading: "办理部门", Field: "department"})
}

func TestImportRecordsOfAllKinds(t *testing.T) {
	text := `{"code":"A","name":"甲"}
{"code":"E","name":"事","members":[{"code":"A"}]}
{"code":"P","name":"策","delivery":"免申即享"}
{"query":"怎么办甲","code":"A"}
{"query":"着火了","kind":"emergency","expect":["119"]}
{"id":"D","body":"局","duty":"管甲"}
{"term":"阿甲","kind":"dialect"}
{"query":"怎么办甲","code":"A"}
<html><body>502 Bad Gateway</body></html>
{"code":"B","name":"乙","typ":"行政许可"}
`
	c, rep, err := Import(strings.NewReader(text), "省.jsonl", "ganwen")
	require.NoError(t, err)
	require.Equal(t, []int{1, 1, 1, 1, 1, 1, 1}, []int{len(c.Matters), len(c.Events), len(c.Policies), len(c.Bank), len(c.Others), len(c.Duties), len(c.Lexicon)})
	require.Equal(t, 1, rep.Merged)
	require.Len(t, rep.Rejects, 2)
	require.Contains(t, rep.Rejects[0].Expected, "事项数据")
	require.Equal(t, "typ", rep.Rejects[1].Field)
	require.Contains(t, rep.Rejects[1].Mend, "type")

	c, _, err = Import(strings.NewReader(`[{"code":"A","name":"甲"},{"code":"B","name":"乙"}]`), "x.json", "")
	require.NoError(t, err)
	require.Len(t, c.Matters, 2)
	for file, text := range map[string]string{"x.doc": "", "x.json": "[", "x.csv": "a,b\n1,2\n", "x.jsonl.gz": "plain"} {
		_, _, err = Import(strings.NewReader(text), file, "")
		require.Error(t, err, file)
	}
	_, _, err = Import(strings.NewReader(""), "x.jsonl", "sichuan")
	require.ErrorIs(t, err, ErrFormat)
}

func guangdong(t testing.TB) (*Catalogue, *Report) {
	f, err := os.Open(filepath.Join(shared(t), "matters", "guangdong-2021.jsonl.gz"))
	require.NoError(t, err)
	defer f.Close()
	c, rep, err := Import(f, f.Name(), "guangdong")
	require.NoError(t, err)
	return c, rep
}

func TestImportGuangdong(t *testing.T) {
	c, rep := guangdong(t)
	require.Equal(t, 2262, rep.Rows)
	require.Equal(t, 2262, rep.Kept)
	require.Empty(t, rep.Rejects)
	require.Len(t, rep.Dropped, 5, "telephone numbers that are none")
	again, _ := guangdong(t)
	require.Equal(t, c.Fingerprint(), again.Fingerprint())
	require.Empty(t, Errors(Validate(c)))

	m := c.Matter("11440000006939756B2440101007000")
	require.NotNil(t, m)
	for field, want := range map[string]string{
		"name": "临时价格干预范围事项提价申报", "phone": "020-34121084", "complain_phone": "020-83134173", "legal_days": "30个工作日",
		"promised_days": "7个工作日", "address": "广州市越秀区东风中路305号5号楼808房", "materials": "提价申报申请报告", "visits": "0次",
		"catalog_code": "440101007000", "region": "44", "department": "广东省发展和改革委员会", "how": "窗口办理；网上办理；邮寄办理",
	} {
		got, _ := m.Field(field)
		require.Equal(t, want, got, field)
	}
	for _, m := range c.Matters {
		for _, f := range FieldNames() {
			text, _ := m.Field(f)
			if strings.Contains(text, "（（") || text == "无" || strings.Contains(text, "gdbsTokenId") {
				t.Errorf("%s %s: dirt left in %q", m.Code, f, text)
			}
		}
	}
}

func TestAuditGuangdong(t *testing.T) {
	c, _ := guangdong(t)
	sums := map[string]int{}
	for _, s := range Count(Audit(c, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))) {
		sums[s.Rule] = s.Count
		t.Logf("%-24s %5d  %s (%s)", s.Rule, s.Count, s.Title, s.First)
	}
	require.Equal(t, 713, sums["missing:legal_days"])
	require.Equal(t, 72, sums["same_name"])
	require.Zero(t, sums["html"])
	require.Zero(t, sums["promised_over_legal"])
}

func TestAuditFindsEachFault(t *testing.T) {
	day := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for rule, m := range map[string]*Matter{
		"missing":      {},
		"expired":      {Provenance: Provenance{EffectiveTo: "2026-11-23"}},
		"future":       {Provenance: Provenance{EffectiveFrom: "2026-11-25"}},
		"html":         {Summary: "<p>简介</p>"},
		"bad_code":     {TaskCode: "123"},
		"bad_phone":    {Phone: "020-123456"},
		"bad_url":      {OnlineURL: "www.a.cn"},
		"orphan_paper": {Materials: []Material{{ID: "m", Name: "神秘证明", Required: "always"}}},
		"dead_matter":  {},
		"vocabulary":   {Type: "许可"},
		"no_questions": {},
		"same_name":    {Name: "好（事）"},
	} {
		m.Code = "A"
		if m.Name == "" {
			m.Name = "甲"
		}
		c := &Catalogue{Matters: []*Matter{{Code: "OK", Name: "好(事)", Department: "局"}, m}}
		var mine []string
		for _, f := range Audit(c, day) {
			if f.Code == "A" {
				mine = append(mine, f.Rule)
			}
		}
		require.Contains(t, mine, rule)
	}
	good := &Matter{Code: "B", Name: "乙", Provenance: Provenance{EffectiveTo: "2026-11-24"}, Phone: "020-12333-9-1、2-1", OnlineURL: "https://a.cn/?a=1&b=2", Keywords: []string{"乙"}}
	for _, f := range Audit(&Catalogue{Matters: []*Matter{good}}, day) {
		require.Contains(t, []string{"missing", "dead_matter"}, f.Rule, "%+v", f)
	}
}

func TestTidyPhone(t *testing.T) {
	for text, want := range map[string][2]string{
		"020-34121084": {"020-34121084", ""},
		"无":            {"", ""},
		"电话：020-86350597；受理时间：周一至周五上午08：30-12:00；窗口地址：广州市越秀区5号": {"020-86350597", "周一至周五上午08：30-12:00"},
		"投诉电话:020-81838976；":                {"020-81838976", ""},
		"020-37626821（本科），020-37627439（专科）": {"020-37626821（本科），020-37627439（专科）", ""},
		"窗口咨询地址：广州市二沙岛68号。咨询电话号码：020-37591009。电子邮箱：1263532475@qq.com": {"020-37591009", ""},
		"(8620) 81218888": {"(8620) 81218888", ""},
		"020-12345-1":     {"020-12345-1", ""},
		"95598":           {"95598", ""},
	} {
		phone, hours, ok := tidyPhone(text)
		require.True(t, ok, text)
		require.Equal(t, want, [2]string{phone, hours}, text)
	}
	for _, text := range []string{"0000swjw", "020-837288891", "020-123456", "打不通"} {
		_, _, ok := tidyPhone(text)
		require.False(t, ok, text)
	}
}

func TestParseDays(t *testing.T) {
	for text, want := range map[string]string{"180(工作日)": "180个工作日", "20个工作日": "20个工作日", "90（自然日）": "90个自然日", "即办": "即办", "0(工作日)": "即办", "无": "", "": ""} {
		d, ok := parseDays(text)
		require.True(t, ok, text)
		require.Equal(t, want, d.String(), text)
	}
	for _, text := range []string{"20日", "三天", "约20个工作日", "-1(工作日)"} {
		_, ok := parseDays(text)
		require.False(t, ok, text)
	}
}

func TestDirKeepsSourcesApart(t *testing.T) {
	d := Dir(filepath.Join(t.TempDir(), "catalogue"))
	c, err := d.Load()
	require.NoError(t, err)
	require.Empty(t, c.Matters)

	first := &Catalogue{Name: "甲省", Matters: []*Matter{{Code: "A", Name: "甲"}, {Code: "B", Name: "乙"}}, Bank: []Question{{Query: "怎么办甲", Code: "A"}}}
	for range 2 { // the second time changes nothing
		refused, err := d.Put("甲省", first)
		require.NoError(t, err)
		require.Empty(t, refused)
	}
	refused, err := d.Put("乙市", &Catalogue{Matters: []*Matter{{Code: "B", Name: "别的乙"}, {Code: "C", Name: "丙"}}})
	require.NoError(t, err)
	require.Len(t, refused, 1, "B is the first one's")
	require.Equal(t, "B", refused[0].Key)

	c, err = d.Load()
	require.NoError(t, err)
	require.Equal(t, "甲省", c.Name)
	require.Len(t, c.Matters, 3)
	require.Equal(t, "乙", c.Matter("B").Name)
	require.Len(t, c.Bank, 1)
	sources, err := d.Sources()
	require.NoError(t, err)
	require.Equal(t, []string{"乙市", "甲省"}, sources)

	_, err = d.Put("甲省", &Catalogue{Matters: first.Matters[:1]})
	require.NoError(t, err)
	c, err = d.Load()
	require.NoError(t, err)
	require.Nil(t, c.Matter("B"), "a source is replaced as a whole")
	require.Empty(t, c.Bank)
	_, err = d.Put("../x", first)
	require.ErrorIs(t, err, ErrSource)
	left, err := filepath.Glob(filepath.Join(string(d), "*", ".new-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestSourceName(t *testing.T) {
	for file, want := range map[string]string{"/data/guangdong-2021.jsonl.gz": "guangdong-2021", "某县 (新).xlsx": "某县_(新)", "../../etc": "etc", "....csv": "import", "": "import"} {
		got := SourceName(file)
		require.Equal(t, want, got)
		require.Regexp(t, sourceName, got)
	}
}

func FuzzImport(f *testing.F) {
	f.Add("事项名称,承诺时限\n甲,20(工作日)\n", "x.csv")
	f.Add(`{"code":"A","name":"甲","materials":[{"id":"m1"}]}`, "x.jsonl")
	f.Add(`{"TASK_CODE":"1","TASK_NAME":"甲","material_intro":"无"}`, "guangdong")
	f.Fuzz(func(t *testing.T, text, file string) {
		format := ""
		if file == "guangdong" {
			format = file
		}
		c, rep, err := Import(strings.NewReader(text), file, format)
		if err != nil {
			return
		}
		require.Equal(t, rep.Rows, rep.Kept+rep.Merged+len(rep.Rejects))
		for _, m := range c.Matters {
			require.NotEmpty(t, m.Code)
			require.NotEmpty(t, strings.TrimSpace(m.Name))
		}
	})
}

func FuzzTidyPhone(f *testing.F) {
	f.Add("电话：020-86350597；受理时间：周一")
	f.Fuzz(func(t *testing.T, text string) {
		if phone, _, ok := tidyPhone(text); ok && phone != "" {
			require.NotEmpty(t, phonesIn(phone), text)
		}
	})
}

func BenchmarkImportGuangdong(b *testing.B) {
	for b.Loop() {
		guangdong(b)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		sample(b)
	}
}
