package assistant

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
)

func day(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.Parse("2006-01-02", s)
	require.NoError(t, err)
	return d
}

func TestPrereviewNumbers(t *testing.T) {
	for id, ok := range map[string]bool{
		"11010519491231002X": true, "440524188001010014": true, "369999190001010018": true, "11010519491231002x": true,
		"369999190001010019": false, "36999919900230121X": false, "3699991900010100": false, "1101054912310": false, "": false,
		"１１０１０５１９４９１２３１００２Ｘ": true, "110105 19491231 002X": true, "11010519491231002Ｘ": true, "A1010519491231002X": false,
	} {
		require.Equal(t, ok, validID(id), id)
	}
	for no, ok := range map[string]bool{
		"6228480402564890018": true, "6210000000000000017": true, "6228 4804 0256 4890 018": true, "6228480402564890019": false,
		"622848040256": false, "62284804025648900180000": false, "622848040256489001X": false,
	} {
		require.Equal(t, ok, validCard(no), no)
	}
	require.True(t, validCredit("91350100m000100y43"))
	require.False(t, validCredit("91350100M000100Y44"))
}

func TestPrereviewDays(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-23": "2026-11-23", "2026/1/3": "2026-01-03", "2026.11.23": "2026-11-23", "2026年11月23日": "2026-11-23", "20261123": "2026-11-23",
		"2026-11-23T08:00:00Z": "2026-11-23", "２０２６年１月２日": "2026-01-02", "2024-02-29": "2024-02-29",
		"2026-02-29": "", "长期": "", "2026": "", "2026-13-01": "", "2026-00-10": "", "": "",
	} {
		d, ok := parseDay(text)
		require.Equal(t, want != "", ok, text)
		if ok {
			require.Equal(t, want, showDay(d.last), text)
		}
	}
	month, ok := parseDay("2026年2月")
	require.True(t, ok)
	require.Equal(t, "2026-02-01 2026-02-28", showDay(month.first)+" "+showDay(month.last))

	require.Equal(t, "2026-02-28", showDay(addMonths(day(t, "2025-08-31"), 6)))
	require.Equal(t, "2025-02-28", showDay(addMonths(day(t, "2024-02-29"), 12)))
	require.Equal(t, "2027-01-15", showDay(addMonths(day(t, "2026-07-15"), 6)))
	require.Equal(t, 15, fullYears(day(t, "2010-11-24"), day(t, "2026-11-23")))
	require.Equal(t, 16, fullYears(day(t, "2010-11-23"), day(t, "2026-11-23")))
	require.Equal(t, 17, fullYears(day(t, "2008-02-29"), day(t, "2026-02-28")))
}

func TestPrereviewValues(t *testing.T) {
	require.Equal(t, []string{"罗志强", "廖敏"}, persons(" 罗志强、廖　敏 "))
	require.True(t, sameValue("amount", "1,200.50元", "￥1200.5"))
	require.False(t, sameValue("amount", "1200.05", "1200.5"))
	require.True(t, sameValue("birth", "1966年11月3日", "1966-11-03"))
	require.Equal(t, "1200.5", valueText(json.Number("1200.5")))
	require.Equal(t, "甲、乙", valueText([]any{"甲", nil, "乙"}))
	require.Equal(t, "", valueText(map[string]any{"a": 1}))
	var p PrereviewPaper
	require.NoError(t, json.Unmarshal([]byte(`{"name":"身份证","fields":{"id":369999199003151214},"signed":false,"expires":null}`), &p))
	require.Equal(t, "369999199003151214", p.field("id"), "a number keeps its digits")
	require.True(t, p.unsigned(), "beside the fields counts too")
	require.True(t, p.readable())
}

// TestPrereviewSituation checks what is taken as said: words, answers, options of the tree; and what is not.
func TestPrereviewSituation(t *testing.T) {
	p := newTestPrereviewer(t)
	m := matterTrees(t)["JX-S006"]
	for situation, asked := range map[string]bool{
		`null`: false, `{}`: false, `{"type":"换领"}`: true, `{"办理类型":["到期换领"]}`: true, `{"换领":true}`: true, `{"换领":"是"}`: true, `{"a":{"b":"换领"}}`: true,
		`{"换领":false}`: false, `{"换领":"否"}`: false, `{"换领":"丢了"}`: false, `{"type":"不是换领"}`: false, `{"type":"补领"}`: false, `{"换领":null}`: false,
		`{"q1":"q1b"}`: true, `{"q1":"q1d"}`: false, `{"q2":"q2a"}`: false,
	} {
		req := PrereviewRequest{AsOf: "2026-11-23", Materials: []PrereviewPaper{{Name: "户口簿"}}}
		require.NoError(t, json.Unmarshal([]byte(situation), &req.Situation))
		res, err := p.Review(m, req)
		require.NoError(t, err)
		require.Equal(t, asked, len(res.Issues) == 1, situation)
	}
	req := PrereviewRequest{AsOf: "2026-11-23", Situation: map[string]any{"户籍": "不在就读县(区)"}, Materials: []PrereviewPaper{{Name: "户口簿"}, {Name: "不动产证"}}}
	res, err := p.Review(matterTrees(t)["JX-S075"], req)
	require.NoError(t, err)
	require.Equal(t, []wanted{{IssueMissing, "居住证"}}, found(res), "key and answer are read together")
}

// TestPrereviewPhrases checks that every sentence the engine asks for is there, and nothing is left unfilled.
func TestPrereviewPhrases(t *testing.T) {
	g := newTestPrereviewer(t).general
	asked := regexp.MustCompile(`(?:text|phrase)\("([a-z._]+)"`)
	files, err := filepath.Glob("prereview*.go")
	require.NoError(t, err)
	for _, f := range files {
		src, err := os.ReadFile(f)
		require.NoError(t, err)
		for _, m := range asked.FindAllStringSubmatch(string(src), -1) {
			if !strings.HasSuffix(m[1], ".") {
				require.Contains(t, g.Phrases, m[1], f)
			}
		}
	}
	for _, kind := range []string{"illegible", "expired", "unsigned", "id", "uscc", "no", "future", "mismatch.applicant", "mismatch.agreement", "missing", "ineligible"} {
		require.Contains(t, g.Phrases, "what."+kind)
		require.Contains(t, g.Phrases, "fix."+kind)
	}
	for _, kind := range []string{IssueMissing, IssueIllegible, IssueExpired, IssueUnsigned, IssueInvalidFormat, IssueMismatch} {
		require.NotEmpty(t, g.Basis[kind].Law, kind)
	}
}

// TestPrereviewNotice checks what a citizen reads: what, why, how, by when, for each issue.
func TestPrereviewNotice(t *testing.T) {
	p := newTestPrereviewer(t)
	matters := matterTrees(t)
	unfilled := regexp.MustCompile(`\{[a-z_]+\}`)
	for _, c := range readSuite(t, "prereview-hand.jsonl") {
		m := matters[c.Matter]
		res, err := p.Review(m, PrereviewRequest{AsOf: c.AsOf, Applicant: c.Applicant, Situation: c.Situation, Materials: c.Materials})
		require.NoError(t, err)
		require.Contains(t, res.Notice, m.Name)
		require.NotRegexp(t, unfilled, res.Notice, c.ID)
		for _, is := range res.Issues {
			for _, part := range []string{is.Message, is.HowToFix, "《" + is.Basis.Law + "》" + is.Basis.Article} {
				require.Contains(t, res.Notice, part, c.ID)
			}
		}
		require.Equal(t, len(res.Issues) > 0, strings.Contains(res.Notice, "什么时候补"), c.ID)
		require.Len(t, res.Papers, len(c.Materials))
		require.NotContains(t, res.Notice, "拒绝受理")
	}
	req := PrereviewRequest{AsOf: "2026-11-23", Applicant: PrereviewApplicant{Name: "王芳"},
		Materials: []PrereviewPaper{{Name: "身份证", Expires: "2026-12-01", Fields: map[string]any{"name": "{matter}"}}}}
	res, err := p.Review(matters["JX-S044"], req)
	require.NoError(t, err)
	require.Contains(t, res.Notice, "「{matter}」", "what looks like a placeholder is shown as it is")
	require.Contains(t, res.Notice, "有效到2026-12-01")
	req.Materials[0].Expires = "2036-12-01"
	res, err = p.Review(matters["JX-S044"], req)
	require.NoError(t, err)
	require.NotContains(t, res.Notice, "有效到", "ten years are nothing to hurry for")
}

// TestPrereviewWithoutRules reviews a matter of another catalogue by its record.
func TestPrereviewWithoutRules(t *testing.T) {
	p := newTestPrereviewer(t)
	p.Now = func() time.Time { return day(t, "2026-11-23") }
	m := &kg.Matter{Code: "GD-1", Name: "别的事项", Materials: []kg.Material{
		{ID: "m1", Name: "身份证", AcceptedNames: []string{"居民身份证"}, Required: "always"},
		{ID: "m2", Name: "结婚证", Required: "always", Waiver: "数据共享免交"},
		{ID: "m3", Name: "委托书", Required: "situation"},
		{ID: "m4", Name: "申请表", Required: "always"}}}
	res, err := p.Review(m, PrereviewRequest{Applicant: PrereviewApplicant{Name: "王芳"}, Materials: []PrereviewPaper{
		{Name: "居民身份证", Fields: map[string]any{"name": "王方"}, Expires: "2026-11-22"}}})
	require.NoError(t, err)
	require.False(t, p.Covers("GD-1"))
	require.Equal(t, []wanted{{IssueMissing, "申请表"}, {IssueExpired, "居民身份证"}, {IssueMismatch, "居民身份证.name"}}, found(res))
}

// TestPrereviewRuleFiles pairs mistakes in a rule file with what is said of them.
func TestPrereviewRuleFiles(t *testing.T) {
	general, err := prereviewFiles.ReadFile("data/prereview/general.json")
	require.NoError(t, err)
	for line, want := range map[string]string{
		`{"matter":"a","name":"n","papers":[{"name":"x","needed":"maybe"}]}`:                                                                "neither yes nor no",
		`{"matter":"a","name":"n","papers":[{"name":"x","needed":{"if":null}}]}`:                                                            "no condition",
		`{"matter":"a","name":"n","papers":[{"name":"","needed":"yes"}]}`:                                                                   "paper 1 has no name",
		`{"matter":"a","name":"n","papers":[{"name":"x","needed":"yes","agrees":[{"field":"f","paper":"y","other":"o"}]}]}`:                 `no row "y"`,
		`{"matter":"a","name":"n","papers":[{"name":"x","needed":"yes","agrees":[{"field":"f","paper":"x","other":"o","how":"roughly"}]}]}`: "roughly",
		`{"matter":"a","name":"n","paper":[]}`:                                                                                              "unknown field",
		`{"matter":"a","name":"n","papers":[]}` + "\n" + `{"matter":"a","name":"n","papers":[]}`:                                            ":2: a has rules already",
	} {
		_, _, err := loadPrereviewRules(fstest.MapFS{"data/prereview/general.json": {Data: general}, "data/prereview/m.jsonl": {Data: []byte(line)}})
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "m.jsonl:")
	}
}

// FuzzPrereview reads whatever a client may send: no panic, and a verdict that agrees with the issues.
func FuzzPrereview(f *testing.F) {
	p := newTestPrereviewer(f)
	codes := sortedKeys(p.rules)
	f.Add(uint8(0), `{"as_of":"2026-11-23","applicant":{"name":"张伟","id_number":"11010519491231002X"},"situation":{"q1":["a",{"b":true}]},"materials":[{"name":"户口簿（首页）","fields":{"name":"甲、乙","id":1e9,"guardian":["甲"]},"issued":"2026-02","expires":null,"readable":null}]}`)
	f.Add(uint8(81), `{"materials":[{"name":"不动产权证","fields":{"owner":"、"}},{"name":"合同","fields":{"seller":"，","buyer":""}},{"name":"()","fields":null},{"name":"("}]}`)
	f.Add(uint8(68), `{"materials":[{"name":"发票","fields":{"amount":"999999999999999999999"}},{"name":"费用清单","fields":{"amount":-1}}]}`)
	f.Fuzz(func(t *testing.T, at uint8, body string) {
		var req PrereviewRequest
		if json.Unmarshal([]byte(body), &req) != nil {
			return
		}
		req.AsOf = "2026-11-23"
		code := codes[int(at)%len(codes)]
		res, err := p.Review(&kg.Matter{Code: code, Name: code}, req)
		if err != nil {
			return
		}
		if (res.Verdict == VerdictPass) != (len(res.Issues) == 0) || res.Issues == nil {
			t.Fatalf("%s with %v", res.Verdict, res.Issues)
		}
		for _, is := range res.Issues {
			if is.Target == "" || is.Message == "" || is.HowToFix == "" || is.Basis.Law == "" {
				t.Fatalf("%+v says too little", is)
			}
		}
		if _, err := json.Marshal(res); err != nil {
			t.Fatal(err)
		}
	})
}

// BenchmarkPrereview is one review of a matter with many comparisons.
func BenchmarkPrereview(b *testing.B) {
	p := newTestPrereviewer(b)
	rules := p.rules["JX-S081"]
	req := newWorld(rules, 1).request()
	m := &kg.Matter{Code: rules.Matter, Name: rules.Name}
	for b.Loop() {
		if _, err := p.Review(m, req); err != nil {
			b.Fatal(err)
		}
	}
}
