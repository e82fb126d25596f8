package kg

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFieldTexts(t *testing.T) {
	n, no := 20, false
	m := &Matter{Code: "A", Name: "甲", Phone: "020-1", Aliases: []string{"乙", "丙"},
		LegalDays: Days{Value: &n, Unit: "工作日", Text: "自受理之日起"}, PromisedDays: Days{Unit: "即办", Text: "当场办好"}, Fee: Fee{Charged: &no},
		Materials: []Material{{Name: "户口簿", Form: "原件", Original: 1}, {Name: "结婚证", Form: "原件", Required: "situation", Waiver: "数据共享免交"}},
		Result:    Result{Name: "证", Validity: "长期"}, Visits: &n}
	for name, want := range map[string]string{
		"phone": "020-1", "aliases": "乙；丙", "legal_days": "20个工作日（自受理之日起）", "promised_days": "即办（当场办好）",
		"fee": "不收费", "materials": "户口簿（原件1份）；结婚证（原件，数据共享免交，按情形需要）", "result": "证（有效期：长期）", "visits": "20次",
	} {
		got, ok := m.Field(name)
		require.True(t, ok, name)
		require.Equal(t, want, got, name)
	}
	for _, name := range []string{"address", "hours", "steps", "nonsense", "proxy"} {
		got, ok := m.Field(name)
		require.False(t, ok, "%s: %s", name, got)
	}
	require.Equal(t, "承诺办结时限", FieldLabel("promised_days"))
	require.Equal(t, "nonsense", FieldLabel("nonsense"))
}

// Every JSON field of a matter stands in data/fields.csv and can be quoted.
func TestFieldsAreComplete(t *testing.T) {
	known := FieldNames()
	ty := reflect.TypeFor[Matter]()
	for i := range ty.NumField() {
		name, _, _ := strings.Cut(ty.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			require.Contains(t, known, name)
		}
	}
	for _, m := range sample(t).Matters {
		raw, err := json.Marshal(m)
		require.NoError(t, err)
		var set map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(raw, &set))
		for name, v := range set {
			if strings.HasPrefix(name, "fee") || strings.HasSuffix(name, "_days") || string(v) == "[]" || string(v) == `""` || string(v) == "null" {
				continue
			}
			_, ok := m.Field(name)
			require.True(t, ok, "%s %s = %s", m.Code, name, v)
		}
	}
}

func TestCodes(t *testing.T) {
	require.NoError(t, CheckHandleCode("11450000007565194H200011501500504"), "Guangxi, from the standard's own sample")
	require.NoError(t, CheckTaskCode("12441500196720244T3442199806003"))
	require.NoError(t, CheckCatalogCode("442199806003"))
	for name, err := range map[string]error{
		"check character": CheckCreditCode("12441500196720244A"),
		"letter O":        CheckCreditCode("1244150O196720244T"),
		"short":           CheckTaskCode("12441500196720244T"),
		"level 9":         CheckTaskCode("12441500196720244T9442199806003"),
		"no item":         CheckHandleCode("12441500196720244T3442199806003"),
		"lower case":      CheckCatalogCode("44219980600a"),
	} {
		require.ErrorIs(t, err, ErrCode, name)
	}
}
