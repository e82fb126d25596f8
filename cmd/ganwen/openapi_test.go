package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

// TestResponsesValidate holds handlers to the document that clients read: each response has the form it promises.
func TestResponsesValidate(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(openAPI)
	require.NoError(t, err)
	base := server(t)
	answer := func(said string) string { return `{"message":"` + said + `"}` }
	for _, c := range []struct{ method, route, path, body string }{
		{"POST", "/api/v1/chat", "/api/v1/chat", answer("居民身份证丢了要补领")},
		{"POST", "/api/v1/chat", "/api/v1/chat", answer("我要开店，从头到尾要办哪些手续")},
		{"POST", "/api/v1/chat", "/api/v1/chat", answer("证丢了")},
		{"POST", "/api/v1/chat", "/api/v1/chat", answer("我家着火了快来人")},
		{"POST", "/api/v1/chat", "/api/v1/chat", answer("帮我办个假证")},
		{"POST", "/api/v1/chat", "/api/v1/chat", answer("转人工")},
		{"POST", "/api/v1/chat", "/api/v1/chat", answer("今天天气怎么样")},
		{"POST", "/api/v1/chat", "/api/v1/chat", answer("我六十五了，没有工作单位，能享受什么政策")},
		{"POST", "/api/v1/answers/{id}/rating", "/api/v1/answers/x/rating", `{"stars":5}`},
		{"POST", "/api/v1/sessions/forget", "/api/v1/sessions/forget", `{"session_id":"x"}`},
		{"GET", "/api/v1/search", "/api/v1/search?q=居住证", ""},
		{"GET", "/api/v1/search", "/api/v1/search?q=", ""},
		{"GET", "/api/v1/suggest", "/api/v1/suggest?q=juzhu", ""},
		{"GET", "/api/v1/regions", "/api/v1/regions", ""},
		{"GET", "/api/v1/matters/{code}", "/api/v1/matters/JX-S008", ""},
		{"POST", "/api/v1/matters/{code}/checklist", "/api/v1/matters/JX-S008/checklist", `{"answers":{}}`},
		{"POST", "/api/v1/matters/{code}/prereview", "/api/v1/matters/JX-S008/prereview", `{"applicant":{"name":"张伟"},"materials":[]}`},
		{"POST", "/api/v1/recommend", "/api/v1/recommend", `{"profile":{"age":82},"personalised":true}`},
		{"GET", "/api/v1/graph/nodes/{id}", "/api/v1/graph/nodes/matter:JX-S008", ""},
		{"GET", "/api/v1/graph/expand", "/api/v1/graph/expand?id=matter:JX-S008", ""},
		{"GET", "/api/v1/graph/path", "/api/v1/graph/path?from=matter:JX-S026&to=matter:JX-S001", ""},
		{"POST", "/api/v1/petitions/analyze", "/api/v1/petitions/analyze", `{"title":"欠薪","text":"工地拖欠我们三个月工资不给"}`},
		{"POST", "/api/v1/petitions/analyze", "/api/v1/petitions/analyze", `[{"title":"噪音","text":"楼下烧烤店油烟太大"}]`},
		{"POST", "/api/v1/desk/suggest", "/api/v1/desk/suggest", `{"transcript":[{"role":"caller","text":"我想问身份证丢了怎么补"}]}`},
		{"GET", "/healthz", "/healthz", ""},
		{"GET", "/readyz", "/readyz", ""},
		{"GET", "/api/v1/matters/{code}", "/api/v1/matters/NONE", ""},
	} {
		t.Run(c.method+" "+c.path+" "+c.body, func(t *testing.T) {
			item := doc.Paths.Value(c.route)
			require.NotNil(t, item, c.route)
			var status int
			var body []byte
			if c.method == http.MethodGet {
				status, body = get(t, base+strings.ReplaceAll(c.path, " ", "%20"))
			} else {
				status, body = post(t, base+c.path, "application/json", c.body)
			}
			op := item.GetOperation(c.method)
			res := op.Responses.Status(status)
			if res == nil {
				res = op.Responses.Default()
			}
			var v any
			require.NoError(t, json.Unmarshal(body, &v))
			require.NoError(t, res.Value.Content.Get("application/json").Schema.Value.VisitJSON(v), string(body))
		})
	}
}
