package web

import (
	"encoding/json"
	"io/fs"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFilesServePagesWithOrWithoutABuild(t *testing.T) {
	for _, name := range []string{"index.html", "graph.html", "plain.css", "icon.svg"} {
		b, err := fs.ReadFile(Files(), name)
		require.NoError(t, err, name)
		require.NotEmpty(t, b, name)
	}
	page, err := fs.ReadFile(Files(), "index.html")
	require.NoError(t, err)
	require.Contains(t, string(page), `name="q"`, "the search form must be there before and without JavaScript")
	_, err = Files().Open("no-such-file")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// Inline scripts, inline styles and foreign hosts would be blocked by the policy, silently, in front of a citizen.
func TestPagesObeyThePolicy(t *testing.T) {
	pages := map[string]string{}
	for _, name := range []string{"index.html", "graph.html"} {
		b, err := fs.ReadFile(Files(), name)
		require.NoError(t, err)
		pages[name] = string(b)
	}
	var out strings.Builder
	require.NoError(t, RenderResults(&out, Results{Request: Request{Message: "上户口"}, Answer: sampleAnswer(t)}))
	pages["results"] = out.String()
	for name, page := range pages {
		require.NotContains(t, page, "<style", name)
		require.NotContains(t, page, "style=", name)
		require.NotContains(t, page, "onclick", name)
		require.NotContains(t, page, "//cdn", name)
		for _, part := range strings.Split(page, "<script")[1:] {
			require.Contains(t, part[:strings.Index(part, ">")], "src=", name)
		}
	}
}

func TestCacheControl(t *testing.T) {
	require.Contains(t, CacheControl("/assets/index-abc.js"), "immutable")
	require.Equal(t, "no-cache", CacheControl("index.html"))
}

func TestParseRequest(t *testing.T) {
	v, err := url.ParseQuery("q=+上户口+&region=南昌市&session=s1&a=q1:q1a&a=bad&a=q2:x:y")
	require.NoError(t, err)
	require.Equal(t, Request{Message: "上户口", Region: "南昌市", Session: "s1", Answers: map[string]string{"q1": "q1a", "q2": "x:y"}}, ParseRequest(v))
	require.Equal(t, Request{}, ParseRequest(url.Values{}))
}

func sampleAnswer(t *testing.T) json.RawMessage {
	b, err := json.Marshal(map[string]any{
		"session_id": "s9", "sample": true, "status": "asking", "text": "带 <b>出生医学证明</b>[c1]，去派出所[c9]。\n一个月内办[c2]。",
		"matters":   []any{map[string]any{"code": "JX-S001", "name": "出生登记"}},
		"question":  map[string]any{"id": "q1", "text": "领了结婚证吗？", "options": []any{map[string]any{"id": "a", "text": "领了"}}},
		"checklist": map[string]any{"matter": "JX-S001", "materials": []any{map[string]any{"name": "户口簿", "form": "原件", "waived": nil, "copies": 0}}, "fee": "", "online_url": "javascript:alert(1)"},
		"citations": []any{map[string]any{"id": "c1", "title": "材料", "quote": "出生医学证明"}, map[string]any{"id": "c2", "title": "户口登记条例", "quote": "一个月以内", "effective_to": nil}},
		"aigc":      map[string]any{"label": "本回答由人工智能生成"},
	})
	require.NoError(t, err)
	return b
}

func TestRenderResults(t *testing.T) {
	var out strings.Builder
	r := Results{Request: Request{Message: `"><script>上户口`, Region: "南昌市"}, Answer: sampleAnswer(t)}
	require.NoError(t, RenderResults(&out, r))
	page := out.String()
	require.NotContains(t, page, "<script", "what was asked must be escaped")
	require.NotContains(t, page, "<b>出生医学证明", "text is escaped")
	require.NotContains(t, page, `href="javascript:`, "only safe links")
	require.Contains(t, page, `<sup><a href="#c1">1</a></sup>`)
	require.NotContains(t, page, "c9", "a mark without a source disappears")
	require.Contains(t, page, `name="a" value="q1:a"`)
	require.Contains(t, page, `name="session" value="s9"`)
	require.Contains(t, page, "未公布收费信息")
	require.Contains(t, page, "示例数据 · 本回答由人工智能生成")
}

func TestRenderResultsWithoutAnAnswer(t *testing.T) {
	var out strings.Builder
	require.NoError(t, RenderResults(&out, Results{Request: Request{Message: "上户口"}, Problem: "连不上，请稍后再试。"}))
	require.Contains(t, out.String(), "连不上，请稍后再试。")
	require.Contains(t, out.String(), "tel:12345")

	out.Reset()
	require.Error(t, RenderResults(&out, Results{Answer: json.RawMessage(`[]`)}))
	require.Empty(t, out.String())
}
